"""Free ports of the switches, and what a bond may end on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.patching import Switch
from planner.plan import Cable
from planner.switching import Kind, SwitchGroup


@dataclass
class Panel:
    """Free ports of every unit of every group of switches, by kind, in order."""

    free: dict[tuple[str, int, Kind], list[int]]

    @classmethod
    def of(cls, switches: Iterable[SwitchGroup]) -> Panel:
        """All ports of all switches."""
        return cls(
            {
                (item.name, unit, kind): list(range(1, int(fact.value or 0) + 1))
                for item in switches
                for unit in range(item.units)
                for kind, fact in item.ports.items()
            }
        )

    def last(self, name: str, unit: int, kind: Kind | None) -> int | None:
        """Take the last free port of a kind of a unit."""
        found = self.free.get((name, unit, kind)) if kind is not None else None
        return found.pop() if found else None

    def roomiest(self, item: SwitchGroup, kind: Kind | None) -> int | None:
        """The unit with most free ports of a kind, the first of several."""
        if kind is None:
            return None
        sizes = [len(self.free.get((item.name, unit, kind), ())) for unit in range(item.units)]
        return sizes.index(max(sizes)) if any(sizes) else None


@dataclass(frozen=True)
class Domain:
    """What a bond may end on: a stack, or a single switch; ``first`` is its first unit."""

    name: str
    group: SwitchGroup
    first: int
    switch: Switch

    def has(self, group: str, unit: int) -> bool:
        """Whether a unit, counted from 1, belongs to it."""
        return group == self.group.name and 0 <= unit - 1 - self.first < len(self.switch.units)

    def used(self, cables: Iterable[Cable]) -> bool:
        """Whether anything is plugged in."""
        return any(self.has(cable.switch, cable.unit) for cable in cables)

    def uplinks(self, cables: Iterable[Cable]) -> int:
        """Its links to other groups of switches."""
        return sum(
            self.has(cable.switch, cable.unit) or self.has(cable.group, cable.item)
            for cable in cables
            if cable.what == "uplink"
        )


def domains_of(item: SwitchGroup, panel: Panel) -> list[Domain]:
    """A stack as one, or each of the switches, with the ports that are still free."""
    units = [
        {kind.label: tuple(panel.free[item.name, unit, kind]) for kind in item.ports}
        for unit in range(item.units)
    ]
    if item.stacked or item.units == 1:
        return [Domain(item.name, item, 0, Switch(item.name, tuple(units)))]
    names = [f"{item.name}-{unit + 1}" for unit in range(item.units)]
    return [
        Domain(name, item, unit, Switch(name, (units[unit],))) for unit, name in enumerate(names)
    ]
