"""Switches of a design: their ports by kind, and what stacks and uplinks take of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from planner.catalog import Entry
from planner.connectors import GIGABIT, MEDIA, medium_of, read_takes
from planner.context import Context, machine_of
from planner.facts import Fact, Trait
from planner.faults import InputError, Mark
from planner.wording import did_you_mean

FIELDS = {
    "1000BASE-T": "ports_1000base_t",
    "2.5GBASE-T": "ports_2500base_t",
    "10GBASE-T": "ports_10gbase_t",
    "SFP": "ports_sfp",
    "SFP+": "ports_sfp_plus",
    "SFP28": "ports_sfp28",
    "QSFP+": "ports_qsfp_plus",
    "QSFP28": "ports_qsfp28",
}
BY_SPEED = {1.0: "ports_1g", 10.0: "ports_10g", 25.0: "ports_25g", 40.0: "ports_40g"}
BY_SPEED[100.0] = "ports_100g"
SPEEDS = sorted({*MEDIA.values(), *BY_SPEED})


class Kind(NamedTuple):
    """A kind of switch port: its medium, empty where nobody tells it, and what else it takes."""

    medium: str
    gigabits: float
    takes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its name; ports of one medium that take different links are two kinds."""
        return f"{self.name} takes {' or '.join(self.takes)}" if self.takes else self.name

    @property
    def name(self) -> str:
        """Its medium, or its speed where that is all that is known."""
        return self.medium or f"{self.gigabits:g} Gbit/s"

    @property
    def key(self) -> str:
        """Under which its quantities are found.

        Examples
        --------
        >>> Kind("SFP+", 10.0).key, Kind("2.5GBASE-T", 2.5).key, Kind("", 10.0).key
        ('sfp-plus', '2500base-t', '10g')
        """
        field = FIELDS.get(self.medium, "")
        return field.removeprefix("ports_").replace("_", "-") or f"{self.gigabits:g}g"

    @property
    def speed(self) -> float:
        """In bytes a second."""
        return self.gigabits * GIGABIT

    @property
    def counted(self) -> str:
        """As what its ports are counted: `1g`, `10g`, or neither."""
        return {1.0: "1g", 10.0: "10g"}.get(self.gigabits, "")

    def accepts(self, other: Kind) -> bool:
        """Whether a link of another kind fits; by its speed where a medium is not known."""
        if not self.medium or not other.medium:
            return self.gigabits == other.gigabits
        return other.medium == self.medium or other.medium in self.takes


KINDS = {
    kind.name: kind
    for kind in (
        *(Kind(medium, gigabits) for medium, gigabits in MEDIA.items()),
        *(Kind("", gigabits) for gigabits in SPEEDS),
    )
}
"""All kinds of switch ports, by name."""


@dataclass(frozen=True)
class SwitchGroup:
    """Equal switches of a design.

    Parameters
    ----------
    name : str
        Their group.
    entry : Entry
        The catalog's part.
    count : Fact
        How many they are [node].
    shape : {"", "ring", "chain", "mlag"}
        How they are stacked, if they are; of two that only share their bonds, `mlag`.
    ports : dict
        Ports of one switch by kind [port].
    """

    name: str
    entry: Entry
    count: Fact
    shape: str
    ports: dict[Kind, Fact]

    @property
    def units(self) -> int:
        """Number of switches."""
        return int(self.count.value or 0)

    @property
    def known(self) -> bool:
        """Whether the catalog tells all ports."""
        return bool(self.ports) and all(fact.known for fact in self.ports.values())

    @property
    def stacked(self) -> bool:
        """Whether there is a stack."""
        return bool(self.shape) and self.units > 1

    @property
    def stack_cables(self) -> list[tuple[int, int]]:
        """Which units the links of the stack join."""
        if not self.stacked:
            return []
        chain = [(unit, unit + 1) for unit in range(self.units - 1)]
        return chain if self.shape == "chain" else [*chain, (self.units - 1, 0)]

    @property
    def stack_kind(self) -> Kind | None:
        """Kind of the ports that a stack takes: the stated one, else the fastest there is."""
        stated = _trait(self.entry, "stack_medium") if self.shape != "mlag" else None
        kinds = sorted(self.ports, key=lambda kind: kind.gigabits)
        if stated is not None:
            kinds = [kind for kind in kinds if kind.medium == medium_of(stated.text)]
        return kinds[-1] if kinds else None

    def stack_ports(self) -> list[int]:
        """Ordinary ports that each unit gives to the stack."""
        if not self.stacked:
            return [0] * self.units
        stated = self.entry.fact("stack_ports").value
        if stated is not None and self.shape != "mlag":
            return [int(stated)] * self.units
        if self.shape == "chain":
            return [1, *[2] * (self.units - 2), 1]
        return [2] * self.units


class Uplink(NamedTuple):
    """Cables between two groups of switches."""

    near: str
    far: str
    cables: int
    speed: Fact
    mark: Mark


def switch_groups(context: Context) -> dict[str, SwitchGroup]:
    """The switches of a design.

    Raises
    ------
    InputError
        A stack of what is no switch, or a pair that is none.
    """
    found = {}
    for name, group in context.design.groups.items():
        machine = machine_of(context.parts(name))
        switch = machine is not None and machine.kind == "switches"
        mark = context.mark("groups", name, "stack")
        if group.stack and not switch:
            message = f"group `{name}` is no switch and cannot be stacked"
            raise InputError.at(mark, message, "delete `stack`")
        if group.stack == "mlag" and group.count.value != 2:
            message = f"`{name}` has {group.count.value:g} switches, and `mlag` joins two"
            raise InputError.at(mark, message, "use two, or a ring or chain")
        if switch and machine is not None:
            ports = dict(_ports(machine))
            found[name] = SwitchGroup(name, machine, group.count, group.stack or "", ports)
    return found


def _trait(entry: Entry, name: str) -> Trait | None:
    return getattr(entry.part, name, None)


def _ports(entry: Entry) -> Iterator[tuple[Kind, Fact]]:
    """Ports of one switch: of each medium that is told, else of each speed."""
    stated = _trait(entry, "takes")
    takes = read_takes(stated.text) if stated else {}
    told = {medium: entry.fact(name) for medium, name in FIELDS.items()}
    speeds = {MEDIA[medium] for medium, fact in told.items() if fact.known}
    for medium, fact in told.items():
        if fact.known:
            yield Kind(medium, MEDIA[medium], takes.get(medium, ())), fact
    for speed, name in BY_SPEED.items():
        fact = entry.fact(name)
        if speed not in speeds and ((fact.known and fact.value) or fact.note):
            yield Kind("", speed), fact


def link_counted(speed: float) -> str:
    """As what a link of a speed [B/s] is counted: `1g`, `10g`, or neither where it is faster.

    Examples
    --------
    >>> link_counted(125e6), link_counted(312.5e6), link_counted(3125e6)
    ('1g', '10g', '')
    """
    return "1g" if speed <= GIGABIT else "10g" if speed <= 10.0 * GIGABIT else ""


def kind_of_port(entry: Entry, *, management: bool = False) -> Kind:
    """The kind of port that a part has."""
    medium = None if management else _trait(entry, "port_medium")
    if medium is not None:
        name = medium_of(medium.text)
        return Kind(name, MEDIA[name])
    if management:
        return Kind("1000BASE-T", 1.0)
    speed = (entry.fact("port_speed").value or 0.0) / GIGABIT
    return Kind("", next((step for step in SPEEDS if step >= speed), SPEEDS[-1]))


# Uplinks and stacks


def uplinks(context: Context, switches: dict[str, SwitchGroup]) -> list[Uplink]:
    """Cables between switches, each pair stated at one end.

    Raises
    ------
    InputError
        An end that is no switch, or a pair that is stated twice.
    """
    found: dict[tuple[str, str], Uplink] = {}
    for name, group in context.design.groups.items():
        for other, stated in group.uplinks.items():
            mark = context.mark("groups", name, "uplinks", other)
            if name not in switches:
                message = f"group `{name}` is no switch"
                raise InputError.at(mark, message, "give uplinks to switches only")
            if other not in switches or other == name:
                remedy = did_you_mean(other, [item for item in switches if item != name])
                raise InputError.at(mark, f"`{other}` is no other group of switches", remedy)
            if (other, name) in found:
                message = f"the uplink between `{other}` and `{name}` is there twice"
                raise InputError.at(mark, message, "state it at one end")
            cables = stated.ports * switches[name].units
            found[name, other] = Uplink(name, other, cables, stated.speed, mark)
    return list(found.values())


def uplink_kind(switch: SwitchGroup, speed: Fact) -> Kind | None:
    """The kind of port that an uplink of a speed takes, if the switch has one."""
    wanted = (speed.value or 0.0) / GIGABIT
    fitting = [kind for kind in switch.ports if kind.gigabits >= wanted]
    return min(fitting, key=lambda kind: kind.gigabits, default=None)


def ports_taken(context: Context, name: str) -> dict[Kind, float]:
    """Ports of all switches of a group that stacks and uplinks take, by kind."""
    switches = switch_groups(context)
    own = switches[name]
    taken: dict[Kind, float] = {}
    if own.stack_kind is not None:
        taken[own.stack_kind] = float(sum(own.stack_ports()))
    for uplink in uplinks(context, switches):
        kind = uplink_kind(own, uplink.speed) if name in (uplink.near, uplink.far) else None
        if kind is not None:
            taken[kind] = taken.get(kind, 0.0) + uplink.cables
    return {kind: number for kind, number in taken.items() if number}
