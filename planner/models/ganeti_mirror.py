"""Most mirrored VMs (DRBD) of one size that the nodes of a group hold.

A VM runs on its primary node and is mirrored on another. Node i runs P_i VMs and mirrors x_ki VMs
of peer k. With room for C_i copies and M_ki the VM memories that it has beside what it already
keeps for peer k::

    P_k = sum_i x_ki      P_i + sum_k x_ki <= C_i      P_i <= L_i      P_i + x_ki <= M_ki

For given P the rest is a transport problem, so it is enough to search for P. Where a set K of
nodes cannot mirror its VMs, the minimum cut is an inequality that every P must keep::

    sum_K P_k <= sum_i min(C_i - P_i, sum_(k in K, k != i) (M_ki - P_i))

Its left side rises, and its right side falls, by more with each VM that a node runs: a VM more
has a cost. The cheapest VMs show how many the inequality admits. Those that are cheapest by
several inequalities, each with a price that rises while it is broken, are mostly a solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from planner.models.ganeti_cluster import Arrays
from planner.models.linear import maximum
from planner.models.transport import Flags, unmet_rows

_TOLERANCE = 1e-6
_MOST_ROUNDS = 40
_DEARER = 1.3
_MOST_NODES_PROVED = 32
_MOST_PROGRAMS = 100


class Mirrors(NamedTuple):
    """Limits of the nodes of one group, counted in VMs of the size asked for."""

    copies: Arrays
    primaries: Arrays
    memories: Arrays  # (peer, node); or (node,) where nothing is mirrored yet


def mirrored_capacity(group: Mirrors) -> int:
    """Return the most VMs for which a placement exists.

    Equal nodes have a closed form. Others are searched by prices; where that leaves a gap to what
    the inequalities admit, up to 32 nodes by branch and bound on the primaries, with the linear
    program over the cuts as the bound.
    """
    nodes = group.copies.size
    if nodes < 2:
        return 0
    if group.memories.ndim == 1 and all((limit == limit[0]).all() for limit in group):
        return int(equal_nodes_capacity(nodes, Mirrors(*(limit[0] for limit in group))))
    found, bound = _by_prices(group)
    if found < bound and nodes <= _MOST_NODES_PROVED:
        found = _branch_and_bound(group, found, bound)
    return int(found)


def equal_nodes_capacity(nodes: Any, each: Mirrors) -> Arrays:
    """Return the most VMs on a number of equal nodes that are empty, for arrays of any shape."""
    copies, primaries, memories = each
    most = np.minimum(np.minimum(primaries, copies), memories)
    peers = np.maximum(np.asarray(nodes) - 1, 1)
    even = np.minimum(np.floor(np.minimum(copies / 2, peers * memories / (peers + 1))), most)
    spare = _mirrored(copies, memories, peers, even) - even
    after = _mirrored(copies, memories, peers, even + 1) - even - 1
    more = np.where(even < most, np.floor(nodes * spare / (spare - after)), 0.0)
    return np.where(np.asarray(nodes) > 1, nodes * even + more, 0.0 * most)


def _mirrored(copies: Arrays, memories: Arrays, peers: Any, primaries: Arrays) -> Arrays:
    """Copies of its peers' VMs that a node takes beside its own VMs."""
    return np.asarray(np.minimum(copies - primaries, peers * (memories - primaries)))


def _overfull(group: Mirrors, primaries: Arrays) -> Flags:
    """Return nodes whose VMs cannot be mirrored, those that lack most; none if all can."""
    room, memories = group.copies - primaries, group.memories - primaries
    if memories.ndim == 2:
        return unmet_rows(primaries, room, np.maximum(_off_diagonal(memories), 0.0))
    added = _taken_by_one_more(room, memories)
    taken = np.cumsum(added)
    most_lost = np.minimum(
        np.cumsum(-np.sort(-np.minimum(group.copies, group.memories))),
        np.cumsum(-np.sort(-primaries)) + added,
    )
    worst, excess = np.zeros(room.shape, dtype=bool), _TOLERANCE
    for place in np.argsort(taken - most_lost):
        if most_lost[place] - taken[place] <= excess:
            break
        lost = primaries + np.clip(room - place * memories, 0.0, memories)
        order = np.argsort(-lost)[: place + 1]
        if lost[order].sum() - taken[place] > excess:
            excess = lost[order].sum() - taken[place]
            worst = np.zeros(room.shape, dtype=bool)
            worst[order] = True
    return worst


def _taken_by_one_more(room: Arrays, memories: Arrays) -> Arrays:
    """Copies that all nodes take of 1, 2, .. peers: what the last of these peers adds.

    A node takes as many as it has memories for from each peer while it has room.
    """
    nodes = room.size
    whole = np.clip(room // np.where(memories > 0, memories, np.inf), 0, nodes).astype(np.intp)
    ending = np.bincount(whole, memories, nodes + 1)
    rest = np.bincount(whole, np.minimum(room - whole * memories, memories), nodes + 1)
    return np.asarray(np.cumsum(ending[::-1])[::-1][1:] + rest[:-1])


def _off_diagonal(memories: Arrays) -> Arrays:
    """Return the matrix with zeros for a node's memories beside itself."""
    return np.where(np.eye(len(memories), dtype=bool), 0.0, memories)


def _memories_for(group: Mirrors, rows: Flags) -> Arrays:
    """Return the VM memories that each node has for these peers, before it runs any VM."""
    if group.memories.ndim == 1:
        return np.asarray((rows.sum() - rows) * group.memories)
    return np.asarray(_off_diagonal(group.memories)[rows].sum(axis=0))


@dataclass(frozen=True)
class _Cut:
    """What each further VM on a node costs the inequality of some nodes, and what it can spend.

    A node's first VMs cost disk only, then one costs some memory, and all others cost memory.
    """

    rows: Flags
    by_disk: Arrays
    disk_cost: Arrays
    mixed_cost: Arrays
    memory_cost: Arrays
    budget: float

    @classmethod
    def of(cls, group: Mirrors, rows: Flags) -> _Cut:
        """Return the cut of these nodes."""
        peers, memories = rows.sum() - rows, _memories_for(group, rows)
        last = np.floor((memories - group.copies) / np.maximum(peers - 1, 1))
        last = np.where(peers > 1, last, np.where(memories < group.copies, -1.0, np.inf))
        by_disk: Arrays = np.clip(last, 0.0, group.primaries)

        def spare(primaries: Arrays) -> Arrays:
            mirrored = np.minimum(group.copies - primaries, memories - peers * primaries)
            return mirrored - rows * primaries

        mixed: Arrays = np.where(last < 0, peers + rows, spare(by_disk) - spare(by_disk + 1))
        disk_cost: Arrays = np.where(rows, 2.0, 1.0)
        return cls(rows, by_disk, disk_cost, mixed, peers + rows, spare(0.0 * by_disk).sum())

    def costs(self, primaries: Arrays) -> Arrays:
        """Return what one VM more costs beside so many."""
        beyond = np.where(primaries > self.by_disk, self.memory_cost, self.mixed_cost)
        return np.where(primaries < self.by_disk, self.disk_cost, beyond)

    def most(self, group: Mirrors) -> float:
        """Return the most VMs that the inequality admits."""
        numbers, costs = _steps(group, [self], [1.0])
        order = np.argsort(costs, axis=None)
        numbers, costs = numbers.ravel()[order], costs.ravel()[order]
        spent = np.cumsum(numbers * costs)
        paid = int(np.searchsorted(spent, self.budget + _TOLERANCE, side="right"))
        if paid == order.size:
            return float(numbers.sum())
        left = self.budget - spent[paid] + numbers[paid] * costs[paid]
        return float(numbers[:paid].sum() + np.floor(left / costs[paid] + _TOLERANCE))


def _steps(group: Mirrors, cuts: Sequence[_Cut], prices: Sequence[float]) -> tuple[Arrays, Arrays]:
    """Return how many VMs at what cost each node can run, cheapest first (steps, nodes)."""
    ends = [np.minimum(cut.by_disk + more, group.primaries) for cut in cuts for more in (0, 1)]
    stops: Arrays = np.sort([*ends, group.primaries], axis=0)
    starts = np.vstack([np.zeros_like(group.primaries), stops[:-1]])
    costs = sum(price * cut.costs(starts) for cut, price in zip(cuts, prices, strict=True))
    return stops - starts, np.asarray(costs)


def _cheapest(
    group: Mirrors, cuts: Sequence[_Cut], prices: Sequence[float], number: float
) -> Arrays:
    """Return the primaries of so many VMs that cost least, of equal ones on the emptiest nodes."""
    numbers, costs = _steps(group, cuts, prices)
    order = np.argsort(costs, axis=None)
    last = order[np.searchsorted(np.cumsum(numbers.ravel()[order]), number)]
    above = costs - costs.ravel()[last]
    cheaper = (numbers * (above < -_TOLERANCE)).sum(axis=0)
    equal = (numbers * (abs(above) <= _TOLERANCE)).sum(axis=0)
    return _levelled(cheaper, cheaper + equal, number - cheaper.sum())


def _levelled(values: Arrays, limit: Arrays, number: float) -> Arrays:
    """Raise the lowest values by a number in total, none beyond its limit."""
    low, high = float(values.min()), float(limit.max())
    while high - low > 1:
        middle = np.floor((low + high) / 2)
        raised = np.maximum(np.minimum(limit, middle), values)
        low, high = (middle, high) if (raised - values).sum() <= number else (low, middle)
    raised = np.maximum(np.minimum(limit, low), values)
    open_ = np.flatnonzero((raised < limit) & (raised <= low))
    raised[open_[: int(number - (raised - values).sum())]] += 1
    return raised


def _by_prices(group: Mirrors) -> tuple[float, float]:
    """Return a number of VMs that can be placed, and one that no placement exceeds.

    Every inequality that the cheapest VMs break joins the others, or its price rises.
    """
    largest = np.argmax(np.minimum(group.copies, np.atleast_2d(group.memories).max(axis=0)))
    alone = np.arange(group.copies.size) == largest
    cuts, prices = [_Cut.of(group, np.ones_like(alone))], [1.0]
    bound = min(cuts[0].most(group), _Cut.of(group, alone).most(group))
    for _ in range(_MOST_ROUNDS):
        rows = _overfull(group, _cheapest(group, cuts, prices, bound))
        if not rows.any():
            return bound, bound
        known = [index for index, cut in enumerate(cuts) if (cut.rows == rows).all()]
        for index in known:
            prices[index] *= _DEARER
        if not known:
            cuts.append(_Cut.of(group, rows))
            prices.append(rows.size / rows.sum() / 4)
            bound = min(bound, cuts[-1].most(group))
    few, many = 0.0, bound
    while many - few > 1:
        middle = np.floor((few + many) / 2)
        fits = not _overfull(group, _cheapest(group, cuts, prices, middle)).any()
        few, many = (middle, many) if fits else (few, middle)
    return few, bound


def _branch_and_bound(group: Mirrors, best: float, bound: float) -> float:
    """Return the greatest sum of whole primaries, at least the one that is known."""
    cuts = _LinearCuts(group)
    branches = [(np.zeros_like(group.primaries), group.primaries)]
    while branches and best < bound and cuts.programs < _MOST_PROGRAMS:
        least, most = branches.pop()
        primaries = cuts.maximum(least, most, best + 1.0)
        if primaries is None:
            continue
        fraction = np.abs(primaries - np.round(primaries))
        split = int(np.argmax(fraction))
        if fraction[split] <= _TOLERANCE:
            best = float(np.round(primaries).sum())
            continue
        down, up = most.copy(), least.copy()
        down[split], up[split] = np.floor(primaries[split]), np.ceil(primaries[split])
        branches += [(least, down), (up, most)]
    return best


class _LinearCuts:
    """The inequalities found so far, which hold for every primaries that can be mirrored."""

    def __init__(self, group: Mirrors) -> None:
        self.group = group
        self.weights = np.empty((0, group.copies.size))
        self.bounds = np.empty(0)
        self.programs = 0

    def maximum(self, least: Arrays, most: Arrays, wanted: float) -> Arrays | None:
        """Return the fractional primaries of the greatest sum, if it is as great as wanted."""
        while self.programs < _MOST_PROGRAMS:
            self.programs += 1
            spare = self.bounds - self.weights @ least
            if (spare < -_TOLERANCE).any() or (least > most).any():
                return None
            gains, bounds = np.ones(least.size), np.maximum(spare, 0.0)
            above = maximum(gains, self.weights, bounds, most - least).point
            primaries = least + above
            if primaries.sum() < wanted - _TOLERANCE:
                return None
            rows = _overfull(self.group, primaries)
            if not rows.any():
                return primaries
            self._add(primaries, rows)
        return None

    def _add(self, primaries: Arrays, rows: Flags) -> None:
        """Add the inequality that these primaries break by the copies of these nodes."""
        peers, kept = rows.sum() - rows, _memories_for(self.group, rows)
        by_disk = self.group.copies - primaries <= kept - peers * primaries
        self.weights = np.vstack([self.weights, rows + np.where(by_disk, 1.0, peers)])
        self.bounds = np.append(self.bounds, np.where(by_disk, self.group.copies, kept).sum())
