"""Links that want ports, and switches that have some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Links:
    """Equal links of equal hosts to one network.

    Parameters
    ----------
    group, network : str
        Whose links they are, and to what.
    hosts : int
        How many hosts have them.
    ends : tuple of (tuple of str, int)
        For each part with ports: the kinds of switch ports that its links fit, best first, and
        how many links it has on one host.
    together : bool
        Whether all links of a host must end on one switch, as those of a bond must.
    switches : tuple of int
        Which switches carry the network.
    even : bool
        Whether the hosts are to be divided evenly among these, rather than kept together.
    """

    group: str
    network: str
    hosts: int
    ends: tuple[tuple[tuple[str, ...], int], ...]
    together: bool
    switches: tuple[int, ...]
    even: bool = False

    @property
    def each(self) -> int:
        """Links of one host."""
        return sum(number for _, number in self.ends)

    @property
    def demand(self) -> int:
        """Links of all hosts."""
        return self.hosts * self.each

    @property
    def apart(self) -> bool:
        """Whether the links of a host are better on several switches, should one fail."""
        return not self.together and self.each > 1

    @property
    def gathered(self) -> bool:
        """Whether they are better on the switch that has most of their network."""
        return not self.apart and not self.even


class Port(NamedTuple):
    """A port of a unit: its kind, and its number among those of its kind."""

    unit: int
    kind: str
    number: int


@dataclass(frozen=True)
class Switch:
    """A single unit, or a stack: the numbers of the free ports of each unit, by kind."""

    name: str
    units: tuple[Mapping[str, tuple[int, ...]], ...]

    def free(self, kind: str) -> int:
        """Free ports of a kind on all units."""
        return sum(len(unit.get(kind, ())) for unit in self.units)

    @property
    def kinds(self) -> list[str]:
        """Kinds of ports that it has."""
        return sorted({kind for unit in self.units for kind in unit})


Spot = tuple[int, int, int, str]
"""Index of the links, of their end, of the switch, and the kind of its ports."""


@dataclass(frozen=True)
class Placing:
    """How many links of each class go where.

    Parameters
    ----------
    counts : mapping
        Links by class, end, switch and kind of port.
    proven : bool
        Whether no other placing leaves fewer links without a port.
    """

    counts: Mapping[Spot, int]
    proven: bool

    @property
    def placed(self) -> int:
        """Links with a port."""
        return sum(self.counts.values())

    def on(self, links: int, switch: int) -> int:
        """Links of a class on a switch."""
        return sum(n for (i, _, s, _), n in self.counts.items() if (i, s) == (links, switch))


class Plug(NamedTuple):
    """One link of one host, and its port; none where it found none."""

    links: int
    end: int
    host: int
    switch: int | None
    port: Port | None


Cost = tuple[int, int, int]


def cost(links: list[Links], switches: list[Switch], counts: Mapping[Spot, int]) -> Cost:
    """Links without a port, links that needlessly share a switch, links far from their network."""
    on = {(i, s): 0 for i in range(len(links)) for s in range(len(switches))}
    for (i, _, s, _), number in counts.items():
        on[i, s] += number
    crowded = sum(
        max(on[i, s] - item.hosts * len(switch.units), 0)
        for i, item in enumerate(links)
        if item.apart
        for s, switch in enumerate(switches)
    )
    unplaced = sum(item.demand for item in links) - sum(on.values())
    return unplaced, crowded, sum(_astray(links, on, name) for name in networks(links))


def networks(links: Iterable[Links]) -> list[str]:
    """Networks whose links are better kept on one switch, in order."""
    return list(dict.fromkeys(item.network for item in links if item.gathered))


def _astray(links: list[Links], on: Mapping[tuple[int, int], int], name: str) -> int:
    """Links of a network that are not on the switch that has most of it."""
    by_switch: dict[int, int] = {}
    for (i, s), number in on.items():
        if links[i].network == name and links[i].gathered:
            by_switch[s] = by_switch.get(s, 0) + number
    return sum(by_switch.values()) - max(by_switch.values(), default=0)
