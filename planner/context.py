"""What the builders of a design share: its scenario, its catalog, and where things stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from planner.catalog import Catalog, Entry
from planner.facts import Basis, Fact
from planner.faults import Fault, InputError, Mark
from planner.measurements import Readings
from planner.plan import Row
from planner.scenario import Design, Group, Link, Loaded, NodeType, Scenario
from planner.units import format_quantity
from planner.wording import did_you_mean

T = TypeVar("T")
R = TypeVar("R")

MACHINES = ("servers", "switches", "arrays")
PORTED = ("boards", "nics", "servers", "arrays")

Path = tuple[str, ...]


@dataclass(frozen=True)
class PartOf:
    """A part of a node, and how many of it the node has."""

    entry: Entry
    count: Fact


@dataclass(frozen=True)
class Context:
    """One design, and everything it refers to."""

    loaded: Loaded
    readings: Readings
    design_id: str
    _parts: dict[str, list[PartOf]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def scenario(self) -> Scenario:
        """The scenario that the design is part of."""
        return self.loaded.scenario

    @property
    def catalog(self) -> Catalog:
        """Parts by name."""
        return self.loaded.catalog

    @property
    def design(self) -> Design:
        """The design."""
        return self.scenario.designs[self.design_id]

    def mark(self, *path: str) -> Mark:
        """Place of a value of the design."""
        return self.loaded.document.mark(("designs", self.design_id, *path))

    def label(self, *path: str) -> str:
        """Name of a fact of the design."""
        return ".".join((self.design_id, *path))

    def node_type(self, name: str) -> tuple[NodeType, Path]:
        """The machine of a group, and where it is described."""
        group: Group = self.design.groups[name]
        if group.part is not None:
            return NodeType(parts={group.part: 1}), ("designs", self.design_id, "groups", name)
        node = str(group.node)
        return self.scenario.nodes[node], ("nodes", node)

    def parts(self, name: str) -> list[PartOf]:
        """The parts of a group's machine."""
        if name not in self._parts:
            self._parts[name] = self._read_parts(name)
        return self._parts[name]

    def _read_parts(self, name: str) -> list[PartOf]:
        node, at = self.node_type(name)

        def read(part: str, number: int) -> PartOf | None:
            mark = self._part_mark(at, part)
            entry = self.catalog.entry(part, mark)
            label = ".".join((*at, "parts", part))
            return PartOf(entry, stated(label, number, "part", mark)) if number else None

        faults: list[Fault] = []
        found = [part for part in collect(node.parts, read, faults) if part is not None]
        machines = [part for part in found if part.entry.kind in MACHINES]
        if sum(part.count.value or 0.0 for part in machines) > 1:
            message = f"`{at[-1]}` is one machine, but has {_told(machines)} among its parts"
            remedy = "keep one, and write the number as the `count` of a group"
            faults.append(Fault(self._part_mark(at, machines[0].entry.id), message, remedy))
        if faults:
            raise InputError(faults)
        return found

    def _part_mark(self, at: Path, part: str) -> Mark:
        document = self.loaded.document
        if at[0] == "designs":
            return document.mark((*at, "part"))
        return document.key_mark((*at, "parts", part))

    def linked_part(self, link: Link, parts: list[PartOf], mark: Mark) -> Entry:
        """The part whose ports a link uses; its port speed is known."""
        return self.linked_parts(link, parts, mark)[0][0]

    def linked_parts(self, link: Link, parts: list[PartOf], mark: Mark) -> list[tuple[Entry, int]]:
        """The parts whose ports a link uses, and how many of each; all ports are equally fast."""
        found = [(_ported(name, parts, mark), ports) for name, ports in link.members.items()]
        speeds = {entry.id: entry.fact("port_speed").value for entry, _ in found}
        if len(set(speeds.values())) > 1:
            told = " and ".join(
                f"`{name}` {format_quantity(speed, 'B/s')}" for name, speed in speeds.items()
            )
            message = f"the ports of a bond must be equally fast: {told}"
            raise InputError.at(mark, message, "bond ports of one speed")
        return found


def _ported(name: str, parts: list[PartOf], mark: Mark) -> Entry:
    found = next((part.entry for part in parts if part.entry.id == name), None)
    if found is None or found.kind not in PORTED:
        ported = [part.entry.id for part in parts if part.entry.kind in PORTED]
        message = f"`{name}` is not a part of this machine that has ports"
        raise InputError.at(mark, message, did_you_mean(name, ported))
    if not found.fact("port_speed").known:
        message = f"the catalog does not know the port speed of `{name}`"
        raise InputError.at(mark, message, "give it under `corrections`")
    return found


def _told(parts: list[PartOf]) -> str:
    return " and ".join(f"{part.count.value:g} `{part.entry.id}`" for part in parts)


def machine_of(parts: list[PartOf]) -> Entry | None:
    """The complete machine among the parts, if there is one."""
    return next((part.entry for part in parts if part.entry.kind in MACHINES), None)


def stated(name: str, value: float, unit: str, mark: Mark | None) -> Fact:
    """A decision that the scenario states."""
    source = "stated in the scenario"
    return Fact(name, float(value), unit, Basis.GIVEN, source, mark=mark)


def flag(name: str, value: bool, mark: Mark | None) -> Fact:
    """A yes or no that follows from the scenario, as 1 or 0."""
    return stated(name, float(value), "1", mark)


def row(unit: str, parts: Iterable[PartOf], fact: Callable[[PartOf], Fact]) -> Row:
    """One fact of each part."""
    return Row(unit, tuple((part.entry.id, fact(part)) for part in parts))


def collect(items: dict[str, T], read: Callable[[str, T], R], faults: list[Fault]) -> list[R]:
    """What can be read, in order; the faults of the rest are added to the list."""
    found = []
    for name, item in items.items():
        try:
            found.append(read(name, item))
        except InputError as error:
            faults += error.faults
    return found
