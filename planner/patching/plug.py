"""From how many links go to a switch to the port of every cable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.patching.model import Links, Placing, Plug, Port, Switch


class _Panel:
    """Free ports of all units of all switches."""

    def __init__(self, switches: Sequence[Switch]) -> None:
        self._free = {
            (s, unit, kind): list(numbers)
            for s, switch in enumerate(switches)
            for unit, ports in enumerate(switch.units)
            for kind, numbers in ports.items()
        }
        self._units = [range(len(switch.units)) for switch in switches]

    def take(self, s: int, kind: str, used: dict[tuple[int, int], int]) -> Port:
        """A port on the unit where the host has fewest, then on the one with most left."""
        units = [unit for unit in self._units[s] if self._free.get((s, unit, kind))]
        unit = min(units, key=lambda u: (used.get((s, u), 0), -len(self._free[s, u, kind]), u))
        used[s, unit] = used.get((s, unit), 0) + 1
        return Port(unit, kind, self._free[s, unit, kind].pop(0))


def plug(links: Sequence[Links], switches: Sequence[Switch], placing: Placing) -> list[Plug]:
    """The port of every link, in the order of the links and their hosts.

    Links of a bond spread over the units of a stack, and so do links that should survive the loss
    of a switch; single links even out what is left.
    """
    panel = _Panel(switches)
    order = sorted(range(len(links)), key=lambda i: (links[i].each == 1, not links[i].together, i))
    found = [plug for i in order for plug in _class(links, switches, placing, panel, i)]
    return sorted(found, key=lambda plug: (plug.links, plug.host, plug.end))


def _class(
    links: Sequence[Links], switches: Sequence[Switch], placing: Placing, panel: _Panel, i: int
) -> Iterator[Plug]:
    item = links[i]
    left = {spot[1:]: n for spot, n in placing.counts.items() if spot[0] == i}
    homes = [s for s in item.switches if any(found == s for _, found, _ in left)]
    for host in range(item.hosts):
        used: dict[tuple[int, int], int] = {}
        while item.together and homes and not _whole(item, left, homes[0]):
            homes.pop(0)
        open_to = homes[:1] if item.together else homes
        for j, (kinds, number) in enumerate(item.ends):
            for _ in range(number):
                spots = [(s, kind) for s in open_to for kind in kinds if left.get((j, s, kind))]
                if not spots:
                    yield Plug(i, j, host, None, None)
                    continue
                s, kind = min(spots, key=lambda spot: _preference(spot, j, left, used, switches))
                left[j, s, kind] -= 1
                yield Plug(i, j, host, s, panel.take(s, kind, used))


def _whole(item: Links, left: dict[tuple[int, int, str], int], s: int) -> bool:
    """Whether a switch still has all the links of a host."""
    return all(
        sum(left.get((j, s, kind), 0) for kind in kinds) >= number
        for j, (kinds, number) in enumerate(item.ends)
    )


def _preference(
    spot: tuple[int, str],
    end: int,
    left: dict[tuple[int, int, str], int],
    used: dict[tuple[int, int], int],
    switches: Sequence[Switch],
) -> tuple[int, int, int, str]:
    """Switches where the host has fewest links for their units, then those with most to place."""
    s, kind = spot
    own = sum(count for (other, _), count in used.items() if other == s)
    return (own // len(switches[s].units), -left[end, s, kind], s, kind)
