"""A part of the catalog with everything that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.report.inert import plain
from planner.report.text import wrap
from planner.units import format_quantity

if TYPE_CHECKING:
    from planner.catalog import Entry

HEADER = (
    "fact",
    "value",
    "low",
    "high",
    "unit",
    "basis",
    "bound",
    "source",
    "note",
    "where",
)


def part_rows(entry: Entry) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Header and one row a fact or property."""
    rows: list[tuple[Any, ...]] = [
        (
            name,
            fact.value,
            fact.low,
            fact.high,
            fact.unit,
            str(fact.basis),
            str(fact.bound) if fact.bound else "",
            fact.source,
            fact.note,
            str(fact.mark or ""),
        )
        for name, fact in entry.facts()
    ]
    rows += [
        (
            name,
            trait.text,
            None,
            None,
            "",
            str(trait.basis),
            "",
            trait.source,
            trait.note,
            str(trait.mark or ""),
        )
        for name, trait in entry.traits()
    ]
    return HEADER, rows


def part_text(entry: Entry) -> str:
    """The part for a terminal."""
    era = f", {entry.part.era}" if entry.part.era else ""
    lines = [plain(f"{entry.id}: {entry.part.title} ({entry.kind}{era})")]
    if entry.part.note:
        lines.append(wrap(entry.part.note, "  "))
    for name, fact in entry.facts():
        value = format_quantity(fact.value, fact.unit)
        if fact.low is not None and fact.high is not None:
            ends = (format_quantity(end, fact.unit) for end in (fact.low, fact.high))
            value += f" [{' .. '.join(ends)}]"
        bound = f" ({fact.bound} bound)" if fact.bound else ""
        lines.append(wrap(f"{name} = {value}{bound}  [{fact.basis}]", "      ", "  "))
        lines += _evidence(fact.source, fact.note)
    for name, trait in entry.traits():
        lines.append(wrap(f"{name} = {trait.text}  [{trait.basis}]", "      ", "  "))
        lines += _evidence(trait.source, trait.note)
    return "\n".join(lines) + "\n"


def _evidence(source: str, note: str) -> list[str]:
    told = "; ".join(filter(None, (source, note)))
    return [wrap(told, "      ")] if told else []
