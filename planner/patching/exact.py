"""The best placing as an integer programme, one aim after the other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from planner.patching.model import Links, Spot, Switch, networks

SECONDS = 5.0


class _Programme:
    """Variables with their bounds, and rows of constraints."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.rows: list[dict[int, float]] = []
        self.least: list[float] = []
        self.most: list[float] = []

    def variable(self, upper: float) -> int:
        self.upper.append(upper)
        return len(self.upper) - 1

    def row(self, terms: Mapping[int, float], least: float, most: float) -> None:
        self.rows.append(dict(terms))
        self.least.append(least)
        self.most.append(most)

    def minimise(self, terms: Mapping[int, float]) -> np.ndarray | None:
        """Whole values of the variables; nothing where none was proven best in time."""
        aim = np.zeros(len(self.upper))
        for index, factor in terms.items():
            aim[index] = factor
        entries = [(r, c, v) for r, row in enumerate(self.rows) for c, v in row.items()]
        rows, columns, values = zip(*entries, strict=True)
        matrix = csr_matrix((values, (rows, columns)), shape=(len(self.rows), len(self.upper)))
        result = milp(
            aim,
            integrality=np.ones(len(aim)),
            bounds=Bounds(0.0, np.array(self.upper)),
            constraints=LinearConstraint(matrix, np.array(self.least), np.array(self.most)),
            options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
        )
        return np.round(result.x) if result.status == 0 else None


def best(links: list[Links], switches: list[Switch]) -> dict[Spot, int] | None:
    """The placing of least cost; nothing where it was not found in time.

    Parameters
    ----------
    links, switches : list
        As for `planner.patching.place`.
    """
    programme = _Programme()
    spots = _spots(programme, links, switches)
    if not spots:
        return {}
    _whole_bonds(programme, links, spots)
    _capacity(programme, switches, spots)
    aims = [
        dict.fromkeys(spots.values(), -1.0),
        _crowded(programme, links, switches, spots),
        _kept_together(programme, links, switches, spots),
    ]
    found = None
    for aim in filter(None, aims):
        found = programme.minimise(aim)
        if found is None:
            return None
        reached = sum(factor * found[index] for index, factor in aim.items())
        programme.row(aim, -np.inf, float(reached))
    assert found is not None
    return {spot: int(found[index]) for spot, index in spots.items() if found[index]}


def _spots(programme: _Programme, links: list[Links], switches: list[Switch]) -> dict[Spot, int]:
    return {
        (i, j, s, kind): programme.variable(min(item.hosts * number, switches[s].free(kind)))
        for i, item in enumerate(links)
        for j, (kinds, number) in enumerate(item.ends)
        for s in item.switches
        for kind in kinds
        if switches[s].free(kind)
    }


def _whole_bonds(programme: _Programme, links: list[Links], spots: Mapping[Spot, int]) -> None:
    """Links of a bond are on a switch for whole hosts; no class has more links than it has."""
    for i, item in enumerate(links):
        hosts = {s: programme.variable(item.hosts) for s in item.switches if item.together}
        if hosts:
            programme.row(dict.fromkeys(hosts.values(), 1.0), 0.0, item.hosts)
        for j, (_, number) in enumerate(item.ends):
            own = {spot: index for spot, index in spots.items() if spot[:2] == (i, j)}
            for s, count in hosts.items():
                here = {index: 1.0 for spot, index in own.items() if spot[2] == s}
                programme.row({**here, count: -float(number)}, 0.0, 0.0)
            if own:
                programme.row(dict.fromkeys(own.values(), 1.0), 0.0, item.hosts * number)


def _capacity(programme: _Programme, switches: list[Switch], spots: Mapping[Spot, int]) -> None:
    for s, switch in enumerate(switches):
        for kind in switch.kinds:
            here = {index: 1.0 for spot, index in spots.items() if spot[2:] == (s, kind)}
            if here:
                programme.row(here, 0.0, switch.free(kind))


def _crowded(
    programme: _Programme, links: list[Links], switches: list[Switch], spots: Mapping[Spot, int]
) -> dict[int, float]:
    """Links of a host beyond one for each unit of a switch."""
    aim: dict[int, float] = {}
    for i, item in enumerate(links):
        for s in item.switches if item.apart else ():
            excess = programme.variable(item.demand)
            here = {index: 1.0 for spot, index in spots.items() if (spot[0], spot[2]) == (i, s)}
            limit = item.hosts * len(switches[s].units)
            programme.row({**here, excess: -1.0}, -np.inf, limit)
            aim[excess] = 1.0
    return aim


def _kept_together(
    programme: _Programme, links: list[Links], switches: list[Switch], spots: Mapping[Spot, int]
) -> dict[int, float]:
    """Links away from the one switch that counts as the home of their network."""
    aim: dict[int, float] = {}
    for name in networks(links):
        own = {i for i, item in enumerate(links) if item.network == name and item.gathered}
        total = float(sum(links[i].demand for i in own))
        homes = {s: programme.variable(1.0) for s in range(len(switches))}
        programme.row(dict.fromkeys(homes.values(), 1.0), 1.0, 1.0)
        for s, home in homes.items():
            here = {index: 1.0 for spot, index in spots.items() if spot[0] in own and spot[2] == s}
            if here:
                away = programme.variable(total)
                # away >= links here, unless this is the home
                programme.row({**here, away: -1.0, home: -total}, -np.inf, 0.0)
                aim[away] = 1.0
    return aim
