"""Links on switches: as many as can be, then apart or together as they should be.

First by hand: large bonds first, each network on the switch that has most of it. Where that is not
evidently the best, exactly, as an integer programme, if SciPy is there.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping

from planner.patching.model import Cost, Links, Placing, Spot, Switch, cost, networks

Free = dict[tuple[int, str], int]


def place(links: list[Links], switches: list[Switch]) -> Placing:
    """Place links on switches.

    Parameters
    ----------
    links : list of Links
        Classes of equal links.
    switches : list of Switch
        Single units and stacks, with the ports that are free.

    Returns
    -------
    Placing
        As few links without a port as possible; among such placings, as few links as possible of
        one host that needlessly share a switch; then as few as possible away from the switch that
        has most of their network.
    """
    counts = _by_hand(links, switches)
    least = _least_cost(links, switches)
    if cost(links, switches, counts) <= least:
        return Placing(counts, proven=True)
    if importlib.util.find_spec("scipy") is None:
        proven = cost(links, switches, counts)[0] <= least[0]
        return Placing(counts, proven=proven)
    from planner.patching.exact import best

    found = best(links, switches)
    return Placing(counts, proven=False) if found is None else Placing(found, proven=True)


def _by_hand(links: list[Links], switches: list[Switch]) -> dict[Spot, int]:
    free = {
        (s, kind): switch.free(kind) for s, switch in enumerate(switches) for kind in switch.kinds
    }
    counts: dict[Spot, int] = {}
    carried: dict[tuple[str, int], int] = {}
    for i in sorted(range(len(links)), key=lambda i: _urgency(links[i], i)):
        item = links[i]
        on: list[int] = []
        for _ in range(item.hosts):
            found = _host(item, switches, free, carried, on)
            if not found:
                break
            for (j, s, kind), number in found.items():
                free[s, kind] -= number
                counts[i, j, s, kind] = counts.get((i, j, s, kind), 0) + number
                carried[item.network, s] = carried.get((item.network, s), 0) + number
    return counts


def _urgency(item: Links, index: int) -> tuple[int, ...]:
    """Bonds before others, large before small, those with few choices first."""
    choices = len(item.switches) * max((len(kinds) for kinds, _ in item.ends), default=0)
    return (not item.together, -item.each, choices, index)


def _host(
    item: Links,
    switches: list[Switch],
    free: Free,
    carried: Mapping[tuple[str, int], int],
    on: list[int],
) -> dict[tuple[int, int, str], int]:
    """Ports for the links of one more host; ``on`` is the switch that took the last one."""
    if item.apart:
        return _spread(item, switches, free.copy())
    if not item.even and on and (found := _all_on(item, on[0], free)):
        return found
    order = sorted(
        item.switches, key=lambda s: (_attraction(item, carried, s), -_room(item, free, s), s)
    )
    for s in order:
        found = _all_on(item, s, free)
        if found:
            on[:] = [s]
            return found
    return {}


def _attraction(item: Links, carried: Mapping[tuple[str, int], int], s: int) -> int:
    """Most of the network first; where hosts are divided evenly, least of it."""
    here = carried.get((item.network, s), 0)
    return here if item.even else -here


def _room(item: Links, free: Free, s: int) -> int:
    return sum(
        free.get((s, kind), 0) for kind in {kind for kinds, _ in item.ends for kind in kinds}
    )


def _all_on(item: Links, s: int, free: Free) -> dict[tuple[int, int, str], int]:
    """All links of a host on one switch; nothing where they do not all fit."""
    found: dict[tuple[int, int, str], int] = {}
    left = {kind: free.get((s, kind), 0) for kinds, _ in item.ends for kind in kinds}
    for j, (kinds, number) in enumerate(item.ends):
        for kind in kinds:
            taken = min(number, left[kind])
            if taken:
                found[j, s, kind] = taken
                left[kind] -= taken
                number -= taken
        if number:
            return {}
    return found


def _spread(item: Links, switches: list[Switch], free: Free) -> dict[tuple[int, int, str], int]:
    """Each link where the host has fewest for the units there, then where most room is."""
    found: dict[tuple[int, int, str], int] = {}
    own = dict.fromkeys(item.switches, 0)
    for j, (kinds, number) in enumerate(item.ends):
        for _ in range(number):
            spots = [
                (own[s] // len(switches[s].units), -free[s, kind], rank, s, kind)
                for rank, kind in enumerate(kinds)
                for s in item.switches
                if free.get((s, kind), 0)
            ]
            if spots:
                *_, s, kind = min(spots)
                own[s] += 1
                free[s, kind] -= 1
                found[j, s, kind] = found.get((j, s, kind), 0) + 1
    return found


def _least_cost(links: list[Links], switches: list[Switch]) -> Cost:
    """A cost that no placing undercuts."""
    unplaced = _unplaced_at_least(links, switches)
    # With links left over it may be those that would have been away.
    whole = [] if unplaced else networks(links)
    return unplaced, 0, sum(_astray_at_least(links, switches, name) for name in whole)


def _astray_at_least(links: list[Links], switches: list[Switch], name: str) -> int:
    own = [item for item in links if item.network == name and item.gathered]
    kinds = {kind for item in own for taken, _ in item.ends for kind in taken}
    most = max((sum(map(switch.free, kinds)) for switch in switches), default=0)
    return max(sum(item.demand for item in own) - most, 0)


def _ports(kinds: set[str], switches: list[Switch]) -> int:
    return sum(switch.free(kind) for switch in switches for kind in kinds)


def _unplaced_at_least(links: list[Links], switches: list[Switch]) -> int:
    """What is asked for beyond the ports that there are, where kinds of ports are shared."""
    families: list[set[str]] = []
    for item in links:
        for kinds, _ in item.ends:
            joined = set(kinds).union(*(found for found in families if found & set(kinds)))
            families = [found for found in families if not found & joined] + [joined]
    least = 0
    for family in families:
        wanted = sum(
            item.hosts * number
            for item in links
            for kinds, number in item.ends
            if set(kinds) & family
        )
        least += max(wanted - _ports(family, switches), 0)
    homeless = [item for item in links if any(not kinds for kinds, _ in item.ends)]
    return least + sum(
        item.hosts * number for item in homeless for kinds, number in item.ends if not kinds
    )
