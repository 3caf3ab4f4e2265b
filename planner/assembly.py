"""What the parts of a machine need of each other: sockets, slots, bays, ports and power."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from planner.catalog import Entry
from planner.connectors import (
    Slot,
    alternatives,
    board_fits,
    first_word,
    module_fits,
    read_slots,
)
from planner.context import Context, PartOf, machine_of, row
from planner.facts import Basis, Fact, Trait, weakest
from planner.fitting import (
    Places,
    edge_of,
    fast_count,
    forms_of,
    large_count,
    number_of,
    protocol_of,
    seated,
    trait_of,
)
from planner.models.card_slots import lane_rate
from planner.plan import Assembly, Row

UNTOLD = "whether the machine can be built cannot be judged without it"


def assembly_of(context: Context, name: str, parts: list[PartOf]) -> Assembly:
    """What the build sheet is given of a group's machine, and which parts it is about."""
    machine = machine_of(parts)
    if machine is not None and machine.kind == "switches":
        return Assembly({}, {})
    boards = _of_kind(parts, "boards")
    build = _Build(context, name, parts, machine or (boards[0].entry if boards else None))
    build.processors()
    build.memory()
    build.drives()
    build.cards()
    build.case()
    build.supply()
    return Assembly(build.given, build.told)


def _of_kind(parts: Iterable[PartOf], *kinds: str) -> list[PartOf]:
    return [part for part in parts if part.entry.kind in kinds]


def _told(parts: Iterable[PartOf]) -> str:
    named = [(f"{number_of(part):g} x " if number_of(part) != 1 else "", part) for part in parts]
    return " and ".join(f"{times}`{part.entry.id}`" for times, part in named)


@dataclass
class _Build:
    """A machine in the making; ``base`` is the complete machine or the board, if there is one."""

    context: Context
    name: str
    parts: list[PartOf]
    base: Entry | None
    given: dict[str, Fact | Row] = field(default_factory=dict)
    told: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def on_board(self) -> bool:
        return self.base is None or self.base.kind == "boards"

    def of_kind(self, kind: str) -> list[PartOf]:
        return _of_kind(self.parts, kind)

    # What is given

    def limit(self, name: str, field_name: str, unit: str, *entries: Entry | None) -> Fact:
        """Give a fact of the first entry that has it; else say that nothing tells it."""
        known = (entry.fact(field_name) for entry in entries if entry and _has(entry, field_name))
        found = next((fact for fact in known if fact.known), None)
        if found is None:
            owner = next((entry for entry in entries if entry is not None), None)
            label = f"{owner.id}.{field_name}" if owner else self.label(field_name)
            mark = owner.mark if owner else None
            found = Fact(label, None, unit, Basis.ASSUMPTION, note=UNTOLD, mark=mark)
        self.given[name] = found
        return found

    def label(self, name: str) -> str:
        return self.context.label(self.name, name)

    def derived(
        self, name: str, value: float | None, unit: str, evidence: Iterable[Fact | Trait | None]
    ) -> Fact:
        """Something that follows from properties of parts."""
        rests_on = [item for item in evidence if item is not None]
        sources = "; ".join(dict.fromkeys(item.source for item in rests_on if item.source))
        if value is None:
            places = (
                entry.mark for entry in (self.base, *(part.entry for part in self.parts)) if entry
            )
            place = next(places, None)
            return Fact(self.label(name), None, unit, Basis.ASSUMPTION, note=UNTOLD, mark=place)
        basis = weakest(item.basis for item in rests_on)
        note = "follows from " + ", ".join(item.name for item in rests_on)
        mark = next((item.mark for item in rests_on if item.mark), None)
        return Fact(self.label(name), value, unit, basis, sources, note=note, mark=mark)

    def misfits(
        self,
        name: str,
        parts: list[PartOf],
        fits: Mapping[str, bool | None],
        *evidence: Trait | None,
    ) -> None:
        """Give how many of the parts do not fit; unknown where that of any part is."""
        wrong = [part for part in parts if fits[part.entry.id] is False]
        unknown = not wrong and None in fits.values()
        count = None if unknown else sum(number_of(part) for part in wrong)
        self.given[name] = self.derived(name, count, "part", evidence)
        self.told[name] = (_told(wrong or parts), self.base_name())

    def base_name(self) -> str:
        return f"`{self.base.id}`" if self.base else "no board"

    # Processors and memory

    def processors(self) -> None:
        cpus = self.of_kind("cpus")
        needy = [*cpus, *self.of_kind("memory")]
        if needy and self.base is None:
            self.misfits("boardless_parts", needy, {part.entry.id: False for part in needy})
        if not cpus or self.base is None:
            return
        self.given["processor_count"] = row("part", cpus, lambda part: part.count)
        one = Fact(f"{self.base.id}.sockets", 1.0, "part", Basis.GIVEN, "a board has one socket")
        if not (_has(self.base, "sockets") and self.base.fact("sockets").known) and self.on_board:
            self.given["processor_sockets"] = one
        else:
            self.limit("processor_sockets", "sockets", "part", self.base)
        self.told["spare_processor_sockets"] = (_told(cpus), self.base_name())
        if self.on_board:
            self._processor_on_board(cpus)

    def _processor_on_board(self, cpus: list[PartOf]) -> None:
        socket = trait_of(self.base, "socket")
        wanted = {part.entry.id: trait_of(part.entry, "socket") for part in cpus}
        same = {name: _same(socket, item) for name, item in wanted.items()}
        self.misfits("socket_misfits", cpus, same, socket, *wanted.values())
        hottest = max(cpus, key=lambda part: part.entry.fact("tdp").value or 0.0)
        self.limit("processor_power", "tdp", "W", hottest.entry)
        self.limit("board_processor_power", "max_cpu_tdp", "W", self.base)
        self.told["spare_processor_power"] = (_told([hottest]), self.base_name())

    def memory(self) -> None:
        modules, base = self.of_kind("memory"), self.base
        if base is None or base.kind == "arrays":
            return
        if modules or (_has(base, "max_memory") and base.fact("max_memory").known):
            self.limit("board_bound_memory_limit", "max_memory", "B", base)
            self._processor_memory()
            self.told["spare_memory"] = (_told(modules) or self.base_name(), self.base_name())
        if not modules:
            return
        slots = self.limit("memory_slots", "memory_slots", "part", base)
        members = [(part.entry.id, part.count) for part in modules]
        sold_with = base.fact("memory_modules") if not self.on_board else None
        added = sum(map(number_of, modules))
        if sold_with is not None and (sold_with.known or added <= (slots.value or 0.0)):
            members.append((base.id, sold_with))
        self.given["slotted_module_count"] = Row("part", tuple(members))
        self.told["spare_memory_slots"] = (_told(modules), self.base_name())
        taken = trait_of(base, "memory_type")
        kinds = {part.entry.id: trait_of(part.entry, "form") for part in modules}
        fits = {
            name: module_fits(taken.text, kind.text) if taken and kind else None
            for name, kind in kinds.items()
        }
        self.misfits("memory_misfits", modules, fits, taken, *kinds.values())

    def _processor_memory(self) -> None:
        cpus = self.of_kind("cpus")
        if cpus and self.on_board:
            most = cpus[0].entry.fact("max_memory")
            value, low, high = (
                None if end is None else end * number_of(cpus[0])
                for end in (most.value, most.low, most.high)
            )
            limit = replace(most, value=value, low=low, high=high)
            self.given["processor_bound_memory_limit"] = limit

    # Drives

    def drives(self) -> None:
        drives = self.of_kind("drives")
        if not drives:
            return
        house = self.base if not self.on_board else None
        cases = [part.entry for part in self.of_kind("cases")]
        homes = [house] if house else cases
        places = Places.of(drives, self._m2_free(drives))
        if any(places.in_bay.values()):
            self.limit("drive_bays", "drive_bays", "part", *homes)
            self.rows("bay_drive_count", drives, places.in_bay)
            self.tell("spare_drive_bays", drives, places.in_bay, homes)
        large = {part.entry.id: large_count(part) for part in drives}
        if any(count is None or count for count in large.values()):
            self.limit("small_drive_bays", "small_drive_bays", "part", *homes)
            self.rows("large_drive_count", drives, large)
            self.tell("spare_large_drive_bays", drives, large, homes)
        if any(places.in_m2.values()):
            self.limit("m2_slots", "m2_slots", "part", self.base)
            self.rows("m2_drive_count", drives, places.in_m2)
            self.tell("spare_m2_slots", drives, places.in_m2, [self.base])
        if self.on_board:
            self._sata(drives)
        self._interfaces(drives)

    def _m2_free(self, drives: list[PartOf]) -> float:
        """M.2 sockets that are not taken by drives which fit nowhere else."""
        base = self.base
        sockets = base.fact("m2_slots").value if base and _has(base, "m2_slots") else None
        fixed = sum(number_of(part) for part in drives if forms_of(part) == ["M.2"])
        return max((sockets or 0.0) - fixed, 0.0)

    def rows(self, name: str, parts: list[PartOf], counts: Mapping[str, float | None]) -> None:
        """Give one count a part."""

        def of(part: PartOf) -> Fact:
            value, every = counts[part.entry.id], part.count
            if value == every.value:
                return every
            form = trait_of(part.entry, "form")
            return self.derived(f"{part.entry.id}.{name}", value, "part", [every, form])

        self.given[name] = row("part", parts, of)

    def tell(
        self,
        name: str,
        parts: list[PartOf],
        counts: Mapping[str, float | None],
        homes: Iterable[Entry | None],
    ) -> None:
        owners = [f"`{home.id}`" for home in homes if home is not None]
        needy = [part for part in parts if counts[part.entry.id] != 0.0]
        self.told[name] = (_told(needy), " and ".join(owners) or "no part")

    def _sata(self, drives: list[PartOf]) -> None:
        spoken = {part.entry.id: protocol_of(part) for part in drives}
        counts = {
            part.entry.id: None
            if spoken[part.entry.id] is None
            else number_of(part) * (spoken[part.entry.id] == "SATA" and forms_of(part) != ["mSATA"])
            for part in drives
        }
        if not any(count is None or count for count in counts.values()):
            return
        self.rows("sata_drive_count", drives, counts)
        fast = {part.entry.id: fast_count(part, counts[part.entry.id]) for part in drives}
        self.rows("fast_sata_drive_count", drives, fast)
        self.limit("board_sata_6g", "sata_6g", "port", self.base)
        self.limit("board_sata_3g", "sata_3g", "port", self.base)
        self.tell("spare_sata_ports", drives, counts, [self.base])
        self.tell("spare_fast_sata_ports", drives, fast, [self.base])

    def _interfaces(self, drives: list[PartOf]) -> None:
        taken = trait_of(self.base, "drive_interfaces")
        sockets = {"SATA"} if self.on_board else set(alternatives(taken.text)) if taken else None
        fits: dict[str, bool | None] = {}
        for part in drives:
            protocol = protocol_of(part)
            in_m2 = forms_of(part) == ["M.2"]
            known = sockets is not None and protocol is not None
            right = in_m2 or (known and protocol in (sockets or ()))
            fits[part.entry.id] = True if right else None if self.on_board or not known else False
        interfaces = [trait_of(part.entry, "interface") for part in drives]
        self.misfits("drive_interface_misfits", drives, fits, taken, *interfaces)

    # Cards, case and supply

    def cards(self) -> None:
        cards = self.of_kind("nics")
        if not cards or self.base is None or self.base.kind == "arrays":
            return
        self.given["card_count"] = row("part", cards, lambda part: part.count)
        self.told["spare_card_slots"] = (_told(cards), self.base_name())
        there, edges = (
            trait_of(self.base, "slots"),
            [trait_of(part.entry, "slot") for part in cards],
        )
        if there is None or None in edges:
            missing = self.base.id if there is None else "a card"
            found = self.derived("seated_cards", None, "part", [])
            note = f"the catalog does not tell the PCIe slots of {missing}"
            self.given["seated_cards"] = replace(found, note=note)
            return
        seats = seated(cards, read_slots(there.text))
        evidence = [there, *edges]
        taken = [(part, slot) for part, slot in seats if slot is not None]
        self.given["seated_cards"] = self.derived(
            "seated_cards", float(len(taken)), "part", evidence
        )
        if taken:
            self._seat_rows(taken, evidence)

    def _seat_rows(self, seats: list[tuple[PartOf, Slot]], evidence: list[Trait | None]) -> None:
        members: dict[str, list[tuple[str, Fact]]] = {}
        for number, (part, slot) in enumerate(seats, 1):
            card = edge_of(part)
            name = f"{part.entry.id}#{number}"
            lanes, generation = min(card.lanes, slot.lanes), min(card.generation, slot.generation)
            ports, speed = part.entry.fact("ports"), part.entry.fact("port_speed")
            known = ports.value is not None and speed.value is not None
            rate = (ports.value or 0.0) * (speed.value or 0.0) if known else None
            for key, value, unit, rests_on in (
                ("slot_lanes", float(lanes), "part", evidence),
                ("lane_rate", lane_rate(generation), "B/s", evidence),
                ("card_port_rate", rate, "B/s", [ports, speed]),
            ):
                fact = self.derived(f"{name}.{key}", value, unit, rests_on)
                members.setdefault(key, []).append((name, fact))
        units = {"slot_lanes": "part", "lane_rate": "B/s", "card_port_rate": "B/s"}
        self.given |= {key: Row(units[key], tuple(found)) for key, found in members.items()}
        self.told["spare_slot_rate"] = (_told(self.of_kind("nics")), self.base_name())

    def case(self) -> None:
        cases, boards = self.of_kind("cases"), self.of_kind("boards")
        if not cases or not boards:
            return
        holds = trait_of(cases[0].entry, "form_factor")
        forms = {part.entry.id: trait_of(part.entry, "form_factor") for part in boards}
        fits = {
            name: board_fits(holds.text, form.text) if holds and form else None
            for name, form in forms.items()
        }
        self.misfits("case_misfits", boards, fits, holds, *forms.values())
        self.told["case_misfits"] = (_told(boards), f"`{cases[0].entry.id}`")

    def supply(self) -> None:
        supplies = self.of_kind("supplies")
        entry = supplies[0].entry if supplies else self.base if not self.on_board else None
        field_name = "rating" if supplies else "supply_rating"
        added = [part for part in self.parts if part.entry is not self.base]
        known = entry is not None and _has(entry, field_name) and entry.fact(field_name).known
        if known or added:
            self.limit("supply_rating", field_name, "W", entry)
            limit = f"`{entry.id}`" if entry else "no supply"
            self.told["supply_headroom"] = ("the machine", limit)
        if supplies and supplies[0].entry.fact("efficiency_100").known:
            self.given["supply_efficiency"] = supplies[0].entry.fact("efficiency_100")
        if supplies and self.base is not None and self.on_board:
            wanted = trait_of(self.base, "supply_input")
            outputs = {part.entry.id: trait_of(part.entry, "output") for part in supplies}
            fits = {name: _same(wanted, output) for name, output in outputs.items()}
            self.misfits("supply_misfits", supplies, fits, wanted, *outputs.values())


def _has(entry: Entry | None, name: str) -> bool:
    return entry is not None and name in type(entry.part).model_fields


def _same(left: Trait | None, right: Trait | None) -> bool | None:
    if left is None or right is None:
        return None
    return first_word(left.text).casefold() == first_word(right.text).casefold()
