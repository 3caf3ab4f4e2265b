"""The search for hosts and layout: several ways to keep hosts empty, better packings, bounds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from planner.packing.bound import cost_bound, least_volume, relaxed
from planner.packing.model import SLACK, Floats, Problem
from planner.packing.polish import polished
from planner.packing.search import Packing, balanced_packing, quick_packing, rounded_packing
from planner.packing.spares import Reserved, with_spares

Effort = Literal["quick", "bound", "polish"]
_MOST_SEARCHED = 2
_MOST_COSTS = 12
_MOST_LEFT_OUT = 200
_GOOD = 0.01


class Found(NamedTuple):
    """Hosts kept empty, the packing of the others, and a bound of the cost of all."""

    way: Reserved
    packing: Packing
    bound: float

    def rank(self) -> tuple[int, float]:
        """Sort key: the fewest VMs left over, then the lowest cost."""
        return int(self.packing.left.sum()), self.packing.cost + self.way.cost

    def hosts(self, slots: int) -> Floats:
        """Hosts of each slot of the whole problem; kinds come first and in order."""
        counts = np.zeros(slots)
        for (slot, _), times in self.packing.patterns:
            kind, host, _ = self.way.problem.slots[slot]
            counts[kind] += 0 if host else times
        for kind, spare in self.way.spares.items():
            counts[kind] += spare
        return counts


def fewest_hosts(problem: Problem, spares: int, effort: Effort, seconds: float) -> Found:
    """Return hosts of which, unless the search is quick, none can be left out in the same way."""
    found = _best_way(problem, spares, effort, seconds)
    large = len(problem.demand) * len(problem.cost) > _MOST_LEFT_OUT
    fewer = None if large or effort == "quick" else found
    while fewer is not None:
        found = fewer
        searches = (
            _best_way(less, spares, effort, seconds) for less in _with_one_host_less(problem, found)
        )
        fewer = next((one for one in searches if not one.packing.left.any()), None)
        fewer = fewer and fewer._replace(bound=found.bound)
    return found


def within_limits(problem: Problem, spares: int, effort: Effort, seconds: float) -> Found:
    """Return hosts within the limits, first looked for as if there were more of them."""
    endless = problem._replace(limit=np.where(problem.pinned(), problem.limit, np.inf))
    found = fewest_hosts(endless, spares, effort, seconds)
    if found.packing.left.any() or (found.hosts(len(problem.slots)) > problem.limit).any():
        found = _best_way(problem, spares, effort, seconds)
    return found


def _with_one_host_less(problem: Problem, found: Found) -> Iterator[Problem]:
    """Yield the problem with a host less than was found, of each kind where that may suffice."""
    hosts = found.hosts(len(problem.slots))
    _, cost = found.rank()
    for kind in np.argsort(-problem.cost, kind="stable").tolist():
        enough = cost - problem.cost[kind] >= found.bound * (1 - SLACK)
        if hosts[kind] and enough and not found.packing.left.any():
            limit = np.where(problem.pinned(), problem.limit, hosts)
            limit[kind] -= 1
            yield problem._replace(limit=limit)


def _best_way(problem: Problem, spares: int, effort: Effort, seconds: float) -> Found:
    """Return the packing, and the hosts to be kept empty, of the fewest VMs left and least cost."""
    possible = np.where(np.any(problem.holders(), axis=1), problem.demand, 0)
    some = _without_dominated(problem._replace(demand=possible))
    quick = [Found(way, quick_packing(way.problem), 0.0) for way in with_spares(some, spares)]
    found = [
        _searched(one, effort, seconds) for one in sorted(quick, key=Found.rank)[:_MOST_SEARCHED]
    ]
    nothing = Packing([], possible, problem.sunk)
    found.append(Found(Reserved(some, Counter(), 0.0), nothing, 0.0))
    best = min(found, key=Found.rank)
    bound = _bound_with_spares(some, spares) if spares else found[0].bound
    if (possible < problem.demand).any() or not _survivors_suffice(some, spares):
        bound = math.inf
    left = best.packing.left + problem.demand - possible
    return Found(best.way, best.packing._replace(left=left), bound)


def _without_dominated(problem: Problem) -> Problem:
    """Leave out kinds of which another, without end, has as much of everything for no more."""
    kept: list[int] = []
    for slot in np.argsort(problem.cost, kind="stable").tolist():
        better = [
            one
            for one in kept
            if np.isinf(problem.limit[one])
            and np.all(problem.capacity[one] * (1 + SLACK) >= problem.capacity[slot])
        ]
        if problem.slots[slot].pinned_host or not better:
            kept.append(slot)
    return problem.only(sorted(kept))


def _bound_with_spares(problem: Problem, spares: int) -> float:
    """Return a bound of the cost where any so many hosts may be lost.

    Whichever is the dearest kind in use, the hosts that survive its loss hold all VMs, and the
    others lost cost as much as the cheapest kind at least.
    """
    if not problem.demand.any():
        return problem.sunk
    costs = problem.cost[~problem.pinned()]
    if np.unique(costs).size > _MOST_COSTS:
        every = cost_bound(problem, least_volume(problem), None)
        return problem.sunk + every + spares * float(costs.min())
    bounds = []
    for dearest in np.unique(costs):
        part = problem.only(np.flatnonzero(problem.cost <= dearest).tolist())
        if not part.demand[~np.any(part.holders(), axis=1)].any():
            lost = dearest + (spares - 1) * costs.min()
            bounds.append(cost_bound(part, least_volume(part), None) + float(lost))
    return problem.sunk + min(bounds, default=math.inf)


def _survivors_suffice(problem: Problem, spares: int) -> bool:
    """Return whether there is enough of every resource without the hosts that have most of it."""
    if not np.isfinite(problem.limit).all():
        return True
    each = np.repeat(problem.capacity, problem.limit.astype(int), axis=0)
    rest = np.sort(each, axis=0)[: max(len(each) - spares, 0)].sum(axis=0)
    return bool((problem.demand @ problem.needs <= rest * (1 + SLACK)).all())


def _searched(quick: Found, effort: Effort, seconds: float) -> Found:
    """Improve a packing until it meets the bound or the effort ends."""
    way, known, _ = quick
    problem, volume = way.problem, least_volume(way.problem)
    bound = problem.sunk + cost_bound(problem, volume, None)
    if not _proved(known, bound, _GOOD):
        known = min(known, balanced_packing(problem), key=Packing.rank)
    hopeless = math.isinf(bound)
    enough = effort == "quick" and (hopeless or not known.left.any())
    if enough or _proved(known, bound):
        return Found(way, known, bound)
    relaxation = relaxed(problem, [pattern for pattern, _ in known.patterns])
    if relaxation is not None:
        bound = problem.sunk + cost_bound(problem, volume, relaxation)
        known = min(known, rounded_packing(problem, relaxation), key=Packing.rank)
        if not _proved(known, bound) and relaxation.bound <= volume.cost < np.inf:
            fewer = problem._replace(limit=np.ceil(volume.hosts - SLACK))
            refined = relaxed(fewer, relaxation.patterns)
            if refined is not None:
                known = min(known, rounded_packing(fewer, refined), key=Packing.rank)
    if effort == "polish" and not _proved(known, bound):
        patterns = relaxation.patterns if relaxation is not None else []
        known, exact = polished(problem, patterns, known, seconds)
        bound = max(bound, exact)
    return Found(way, known, bound)


def _proved(packing: Packing, bound: float, tolerance: float = SLACK) -> bool:
    return not packing.left.any() and packing.cost <= bound * (1 + tolerance)
