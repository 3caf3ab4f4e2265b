"""Where the drives and cards of a machine go."""

from __future__ import annotations

from dataclasses import dataclass

from planner.catalog import Entry
from planner.connectors import Slot, alternatives, read_slots
from planner.context import PartOf
from planner.facts import Trait

OF_SATA_3G = 300e6
"""What a SATA port of 3 Gbit/s carries after its line code, in bytes a second."""


def number_of(part: PartOf) -> float:
    """How many of it the machine has."""
    return part.count.value or 0.0


def trait_of(entry: Entry | None, name: str) -> Trait | None:
    """A property in words, if the part has it."""
    return getattr(entry.part, name, None) if entry is not None else None


# Drives and their places


def forms_of(part: PartOf) -> list[str]:
    """Forms that a drive is sold in, or none where nobody tells."""
    form = trait_of(part.entry, "form")
    return alternatives(form.text) if form else []


def large_count(part: PartOf) -> float | None:
    """Drives that only a bay of 3.5 inch takes; unknown where their form is."""
    forms = forms_of(part)
    return (number_of(part) if forms == ["3.5 inch"] else 0.0) if forms else None


def protocol_of(part: PartOf) -> str | None:
    """What a drive speaks: SATA, SAS or NVMe."""
    interface = trait_of(part.entry, "interface")
    return interface.text.partition(" ")[0] if interface else None


def fast_count(part: PartOf, count: float | None) -> float | None:
    """Drives that read faster than a port of 3 Gbit/s carries."""
    rate = part.entry.fact("read_rate").value
    if count is None or (count and rate is None):
        return None
    return count if (rate or 0.0) > OF_SATA_3G else 0.0


@dataclass(frozen=True)
class Places:
    """Where each drive goes; one whose form is not known is taken to need a bay."""

    in_bay: dict[str, float | None]
    in_m2: dict[str, float | None]

    @classmethod
    def of(cls, drives: list[PartOf], m2_free: float) -> Places:
        """Places of drives, of which those that fit either take free M.2 sockets first."""
        in_bay: dict[str, float | None] = {}
        in_m2: dict[str, float | None] = {}
        for part in drives:
            forms, number = forms_of(part), number_of(part)
            elsewhere = [form for form in forms if form not in ("M.2", "mSATA")]
            m2 = number if forms == ["M.2"] else 0.0
            if "M.2" in forms and elsewhere:
                m2 = min(number, m2_free)
                m2_free -= m2
            in_m2[part.entry.id] = m2
            in_bay[part.entry.id] = 0.0 if forms and not elsewhere else number - m2
        return cls(in_bay, in_m2)


# Cards and slots


def edge_of(part: PartOf) -> Slot:
    """What a card is plugged in with."""
    trait = trait_of(part.entry, "slot")
    assert trait is not None
    return read_slots(trait.text)[0]


def seated(cards: list[PartOf], slots: list[Slot]) -> list[tuple[PartOf, Slot | None]]:
    """Each card with its slot: as many as can be seated, each as fast as the others allow.

    Cards choose in order of their width, each the slot of the least rate that still gives the
    card all of its lanes; a matching keeps as many seated as possible.
    """
    single = [part for part in cards for _ in range(int(number_of(part)))]
    single.sort(key=lambda part: -edge_of(part).width)
    holder: dict[int, int] = {}

    def seat(card: int, tried: set[int]) -> bool:
        edge = edge_of(single[card])
        for index in sorted(range(len(slots)), key=lambda i: rank(edge, slots[i], i)):
            if index in tried or not slots[index].takes(edge):
                continue
            tried.add(index)
            if index not in holder or seat(holder[index], tried):
                holder[index] = card
                return True
        return False

    for card in range(len(single)):
        seat(card, set())
    place = {card: slots[index] for index, card in holder.items()}
    return [(part, place.get(card)) for card, part in enumerate(single)]


def rank(edge: Slot, slot: Slot, index: int) -> tuple[float, ...]:
    """Lanes and generation that the card would miss, then what it would waste."""
    missed = max(edge.lanes - slot.lanes, 0)
    older = max(edge.generation - slot.generation, 0.0)
    return (missed, older, slot.width, slot.generation, index)
