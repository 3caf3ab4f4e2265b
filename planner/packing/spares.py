"""Empty hosts that make a packing survive losses, whichever hosts are lost.

Every host in use must fit as a whole on each of as many empty hosts as may be lost or under
maintenance at the same time. No packing that survives can be cheaper than one of all VMs plus the
hosts lost, so this is close to the least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from planner.packing.model import SLACK, Floats, Problem

_MOST_COMPARED = 12


class Reserved(NamedTuple):
    """The problem without the spare hosts, and how many hosts of each kind are spare."""

    problem: Problem
    spares: Counter[int]
    cost: float


def with_spares(problem: Problem, spares: int) -> Iterator[Reserved]:
    """Yield ways to keep hosts empty: for all slots in use, and for those below each of them.

    Parameters
    ----------
    problem : Problem
        What is packed where.
    spares : int
        Hosts on which every host in use must fit.

    Yields
    ------
    Reserved
        The slots that may be used, with the hosts that are left of them.
    """
    if not spares:
        yield Reserved(problem, Counter(), 0.0)
        return
    below = _covers(problem.capacity)
    seen = set()
    for slots in [np.ones(len(problem.cost), dtype=bool), *below[:_MOST_COMPARED]]:
        if slots.tobytes() not in seen:
            seen.add(slots.tobytes())
            reserved = _reserved(problem, np.flatnonzero(slots).tolist(), below, spares)
            if reserved is not None:
                yield reserved


def _covers(capacity: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return for each slot (row) the slots that have no more of any resource."""
    room = capacity[:, None] * (1 + SLACK)
    return np.asarray((capacity <= room).all(axis=2))


def _reserved(
    problem: Problem,
    used: list[int],
    below: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    spares: int,
) -> Reserved | None:
    """Set hosts aside until every slot in use has enough of them above it; drop it otherwise."""
    limit, kept = problem.limit.copy(), Counter[int]()
    kinds = np.flatnonzero(~problem.pinned()).tolist()
    size = (problem.capacity / problem.typical()).sum(axis=1)
    used = sorted(used, key=lambda slot: -size[slot])
    while used:
        short = [
            slot
            for slot in used
            if limit[slot] > 0 and sum(kept[kind] for kind in kinds if below[kind, slot]) < spares
        ]
        if not short:
            break
        able = [kind for kind in kinds if below[kind, short[0]] and limit[kind] > 0]
        if able:
            chosen = min(able, key=lambda kind: (problem.cost[kind], size[kind]))
            kept[chosen] += 1
            limit[chosen] -= 1
        else:
            used.remove(short[0])
    used = sorted(slot for slot in used if limit[slot] > 0)
    if not used:
        return None
    cost = sum(float(problem.cost[kind]) * number for kind, number in kept.items())
    rest = problem.only(used, limit)
    return Reserved(rest, Counter({problem.slots[k].kind: n for k, n in kept.items()}), cost)
