"""Most mirrored VMs (DRBD) of one size that the nodes of a group hold.

A VM runs on its primary node and is mirrored on another. Node i runs P_i VMs and mirrors x_ki VMs
of peer k. With room for C_i copies and M_ki the VM memories that it has beside what it already
keeps for peer k::

    P_k = sum_i x_ki      P_i + sum_k x_ki <= C_i      P_i <= L_i      P_i + x_ki <= M_ki

For given P the rest is a transport problem, so it is enough to search for P. Where a set K of
nodes cannot mirror its VMs, the minimum cut is a linear inequality that every P must keep
(Benders' decomposition)::

    sum_K P_k <= sum_i min(C_i - P_i, sum_(k in K, k != i) (M_ki - P_i))
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.models.ganeti_cluster import Arrays, Indices
from planner.models.linear import maximum
from planner.models.transport import Flags, unmet_rows

_TOLERANCE = 1e-6
_MOST_NODES_PROVED = 32
_MOST_PROGRAMS = 100


class Mirrors(NamedTuple):
    """Limits of the nodes of one group, counted in VMs of the size asked for."""

    copies: Arrays
    primaries: Arrays
    memories: Arrays  # (peer, node); or (node,) where nothing is mirrored yet


def mirrored_capacity(group: Mirrors) -> int:
    """Return the most VMs for which a placement exists.

    Equal nodes have a closed form. Others, up to 32, are searched by branch and bound on the
    primaries, with the linear program over the cuts as the bound. Beyond, or where that takes too
    long, a placement close to the most.
    """
    nodes = group.copies.size
    if nodes < 2:
        return 0
    if group.memories.ndim == 1 and all((limit == limit[0]).all() for limit in group):
        return int(equal_nodes_capacity(nodes, Mirrors(*(limit[0] for limit in group))))
    primaries = _filled(group, _even_spread(group))
    if nodes > _MOST_NODES_PROVED or primaries.sum() >= _most_in_total(group):
        return int(primaries.sum())
    return int(_branch_and_bound(group, primaries.sum()))


def _most_in_total(group: Mirrors) -> float:
    """Return a number of VMs that is not exceeded: each takes a primary and two copies."""
    return float(min(group.primaries.sum(), group.copies.sum() // 2))


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


def _even_spread(group: Mirrors) -> Arrays:
    """Primaries for which the copies balance in total, those that cost least memory first."""
    copies, most, memories = group
    peers = copies.size - 1
    mean = memories if memories.ndim == 1 else _off_diagonal(memories).sum(axis=0) / peers
    short_of_disk = np.clip(np.floor((peers * mean - copies) / max(peers - 1, 1)), 0.0, most)
    primaries = np.zeros_like(copies)
    for limit, cost in ((short_of_disk, 2), (most, peers + 1)):
        spare = (_mirrored(copies, mean, peers, primaries) - primaries).sum()
        primaries = _levelled(primaries, limit, np.floor(spare / cost))
    return primaries


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


def _off_diagonal(memories: Arrays) -> Arrays:
    """Return the matrix with zeros for a node's memories beside itself."""
    return np.where(np.eye(len(memories), dtype=bool), 0.0, memories)


def _overfull(group: Mirrors, primaries: Arrays) -> Flags:
    """Return nodes whose VMs cannot be mirrored, none if all can."""
    room, memories = group.copies - primaries, group.memories - primaries
    if memories.ndim == 2:
        return unmet_rows(primaries, room, np.maximum(_off_diagonal(memories), 0.0))
    worst, excess = np.zeros(room.shape, dtype=bool), _TOLERANCE
    for size in range(1, room.size + 1):
        taken = np.minimum(room, memories * size)
        lost = taken - np.minimum(room, memories * (size - 1))
        order = np.argsort(-(primaries + lost))[:size]
        if (primaries + lost)[order].sum() - taken.sum() > excess:
            excess = (primaries + lost)[order].sum() - taken.sum()
            worst = np.zeros(room.shape, dtype=bool)
            worst[order] = True
        if not lost.any():
            break
    if primaries.sum() - taken.sum() > excess:
        worst = np.ones(room.shape, dtype=bool)
    return worst


def _fits(group: Mirrors, primaries: Arrays) -> bool:
    return bool((primaries <= group.primaries).all()) and not _overfull(group, primaries).any()


def _branch_and_bound(group: Mirrors, best: float) -> float:
    """Return the greatest sum of whole primaries, at least the one that is known."""
    cuts = _Cuts(group)
    branches = [(np.zeros_like(group.primaries), group.primaries)]
    while branches and cuts.programs < _MOST_PROGRAMS:
        least, most = branches.pop()
        primaries = cuts.maximum(least, most, best + 1.0)
        if primaries is None:
            continue
        best = max(best, _filled(group, np.floor(primaries + _TOLERANCE), primaries).sum())
        fraction = np.abs(primaries - np.round(primaries))
        split = int(np.argmax(fraction))
        if fraction[split] > _TOLERANCE:
            down, up = most.copy(), least.copy()
            down[split], up[split] = (
                np.floor(primaries[split]),
                np.ceil(primaries[split]),
            )
            branches += [(least, down), (up, most)]
    return best


class _Cuts:
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
        peers = rows.sum() - rows
        memories = np.broadcast_to(self.group.memories, (rows.size, rows.size))
        kept = _off_diagonal(memories)[rows].sum(axis=0)
        by_disk = self.group.copies - primaries <= kept - peers * primaries
        self.weights = np.vstack([self.weights, rows + np.where(by_disk, 1.0, peers)])
        self.bounds = np.append(self.bounds, np.where(by_disk, self.group.copies, kept).sum())


def _filled(group: Mirrors, start: Arrays, wanted: Arrays | None = None) -> Arrays:
    """Return whole primaries near these: as large a part of them as fits, and what fits besides.

    Where primaries can be mirrored, fewer on any node can be too, so a node that cannot take one
    more never can later.
    """
    part = 1.0
    while not _fits(group, np.floor(start * part)):
        part -= 1 / 32
    primaries = np.floor(start * part)
    order = np.argsort(primaries - (primaries if wanted is None else wanted), kind="stable")
    sequence = np.tile(order, int(group.primaries.max()))
    while sequence.size and primaries.sum() < _most_in_total(group):
        added = _longest_start(group, primaries, sequence)
        primaries = primaries + np.bincount(sequence[:added], minlength=primaries.size)
        rest = sequence[added:]
        sequence = rest[~_alike(group, primaries, rest[:1])[rest]]
    return primaries


def _longest_start(group: Mirrors, primaries: Arrays, sequence: Indices) -> int:
    """Return how many nodes of the sequence can take one VM more, all of them together."""

    def fits(number: int) -> bool:
        return _fits(group, primaries + np.bincount(sequence[:number], minlength=primaries.size))

    few, many = 0, 1
    while many <= sequence.size and fits(many):
        few, many = many, 2 * many
    many = min(many, sequence.size + 1)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (middle, many) if fits(middle) else (few, middle)
    return few


def _alike(group: Mirrors, primaries: Arrays, node: Indices) -> Flags:
    """Return the nodes that cannot take one VM more if this one cannot."""
    if group.memories.ndim == 2 or not node.size:
        return np.isin(np.arange(primaries.size), node)
    own = np.stack([*group, primaries])
    return np.asarray((own == own[:, node]).all(axis=0))
