"""How many hosts a mix of VMs needs, whether it fits given hosts, and which VM runs where.

Both questions are answered by one search, so that the answers agree: what `cheapest_hosts`
proposes, `fit_into` finds to fit, on these hosts and on more of them. Every answer comes with a
lower bound of the cost, and every layout has passed a checker that knows nothing of the search.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from planner.packing.bound import cost_bound, least_volume, relaxed
from planner.packing.check import layout_faults
from planner.packing.model import (
    SLACK,
    Flavour,
    Floats,
    HostKind,
    Problem,
    Vm,
    flavours_of,
    problem_of,
)
from planner.packing.plan import Plan, Unplaced, named_contents, reasons
from planner.packing.polish import polished
from planner.packing.search import Packing, balanced_packing, quick_packing, rounded_packing
from planner.packing.spares import Reserved, with_spares

__all__ = [
    "Effort",
    "Flavour",
    "HostKind",
    "Plan",
    "Unplaced",
    "Vm",
    "cheapest_hosts",
    "fit_into",
    "flavours_of",
]

Effort = Literal["quick", "bound", "polish"]
_POLISH_SECONDS = 10.0
_MOST_SEARCHED = 2
_MOST_COSTS = 12
_MOST_LEFT_OUT = 200
_GOOD = 0.01


def cheapest_hosts(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    losses: int = 0,
    maintenance: int = 0,
    effort: Effort = "bound",
    seconds: float = _POLISH_SECONDS,
) -> Plan:
    """Hosts of the least cost that hold all VMs.

    Parameters
    ----------
    kinds : sequence of HostKind
        Hosts to choose from. What their cost is decides what is kept small: 1 for the number of
        hosts, else price, power or space.
    flavours : sequence of Flavour
        VMs.
    losses : int
        Hosts that may fail at the same time with room for their VMs left (N+k).
    maintenance : int
        Hosts that may be empty for maintenance besides.
    effort : {"quick", "bound", "polish"}
        ``quick`` takes milliseconds, bounds the cost by totals, and may use more hosts than it
        must; ``bound`` solves a linear program over sets of VMs too, packs by its prices, and
        leaves out hosts until none can be; ``polish`` hands the best sets to an integer program
        besides, which needs SciPy.
    seconds : float
        Time limit of the integer program [s].

    Returns
    -------
    Plan
        Hosts, layout, cost and bound. VMs are left over only where they fit no host, or the hosts
        there are do not suffice.

    Raises
    ------
    ValueError
        If a number is negative, names are not unique, or VMs are pinned to a host that does not
        exist or cannot hold them.
    ImportError
        If the integer program is asked for and SciPy is not installed.

    Notes
    -----
    The time depends on the flavours and kinds, not on the number of VMs. With more than 80
    flavours, or 60 kinds of which none makes another useless, there is no linear program; with
    more than 200 flavours times kinds it is not tried whether a host can be left out.

    Hosts kept empty are such that each host in use fits on as many of them as may be lost; they
    count in the cost. The bound then rests on what must survive: hosts for all VMs, without a
    dearest one in use.

    Examples
    --------
    >>> plan = cheapest_hosts(
    ...     [HostKind("host", {"cpu": 64.0, "ram": 250.0})],
    ...     [Flavour("small", {"cpu": 2.0, "ram": 4.0}, 60), Flavour("big", {"ram": 64.0}, 4)],
    ...     losses=1,
    ... )
    >>> plan.hosts, plan.cost, plan.gap
    ({'host': 3}, 3.0, 0.0)
    """
    problem, spares = problem_of(kinds, flavours), _spares(losses, maintenance)
    found = _fewest_hosts(problem, spares, effort, seconds)
    return _checked_plan(kinds, flavours, problem, found, spares)


def fit_into(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    losses: int = 0,
    maintenance: int = 0,
    effort: Effort = "bound",
    seconds: float = _POLISH_SECONDS,
) -> Plan:
    """Whether all VMs fit the hosts there are, and where they run.

    Parameters
    ----------
    kinds : sequence of HostKind
        Hosts there are; each kind with its count.
    flavours : sequence of Flavour
        VMs.
    losses, maintenance : int
        Hosts that may fail, and be empty for maintenance, at the same time.
    effort : {"quick", "bound", "polish"}
        As for `cheapest_hosts`; ``quick`` too solves the linear program before VMs are said to be
        left over.
    seconds : float
        Time limit of the integer program [s].

    Returns
    -------
    Plan
        The layout; ``verdict`` says whether all VMs fit, and ``unplaced`` which do not and why.

    Raises
    ------
    ValueError
        As `cheapest_hosts`; and if a kind has no count.

    Notes
    -----
    First the hosts of the least cost are looked for as if there were more of them, so that what
    `cheapest_hosts` proposes without limits fits here as well, and on more hosts too. "Does not
    fit" is proved by the bound; where it is not, the search says "not found".

    Examples
    --------
    >>> hosts = [HostKind("host", {"ram": 8.0}, count=2)]
    >>> plan = fit_into(hosts, [Flavour("vm", {"ram": 3.0}, 5)])
    >>> plan.verdict, plan.unplaced[0].vms, plan.unplaced[0].available
    ('does not fit', 1, 2.0)
    """
    endless = [kind.name for kind in kinds if kind.count is None]
    if endless:
        raise ValueError(f"a count is wanted for every kind of host; none for {', '.join(endless)}")
    problem, spares = problem_of(kinds, flavours), _spares(losses, maintenance)
    endless_problem = problem._replace(limit=np.where(problem.pinned(), problem.limit, np.inf))
    found = _fewest_hosts(endless_problem, spares, effort, seconds)
    if found.packing.left.any() or (found.hosts(len(problem.slots)) > problem.limit).any():
        found = _best_way(problem, spares, effort, seconds)
    return _checked_plan(kinds, flavours, problem, found, spares)


def _spares(losses: int, maintenance: int) -> int:
    if min(losses, maintenance) < 0:
        raise ValueError(f"losses and maintenance must not be negative: {losses}, {maintenance}")
    return losses + maintenance


class _Found(NamedTuple):
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


def _checked_plan(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    problem: Problem,
    found: _Found,
    spares: int,
) -> Plan:
    """Return what was found, with names and reasons, after an independent check."""
    way, packing, bound = found
    contents, empty = named_contents(
        kinds, flavours, problem.slots, way.problem, packing, way.spares
    )
    unplaced = reasons(flavours, problem, way.problem, packing)
    over = {one.flavour: one.vms for one in unplaced}
    faults = layout_faults(kinds, flavours, contents, over, empty, spares)
    if faults:
        raise RuntimeError("the layout breaks rules: " + "; ".join(faults))
    cost = packing.cost + way.cost
    return Plan(tuple(kinds), tuple(flavours), contents, empty, unplaced, cost, bound)


def _fewest_hosts(problem: Problem, spares: int, effort: Effort, seconds: float) -> _Found:
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


def _with_one_host_less(problem: Problem, found: _Found) -> Iterator[Problem]:
    """Yield the problem with a host less than was found, of each kind where that may suffice."""
    hosts = found.hosts(len(problem.slots))
    _, cost = found.rank()
    for kind in np.argsort(-problem.cost, kind="stable").tolist():
        enough = cost - problem.cost[kind] >= found.bound * (1 - SLACK)
        if hosts[kind] and enough and not found.packing.left.any():
            limit = np.where(problem.pinned(), problem.limit, hosts)
            limit[kind] -= 1
            yield problem._replace(limit=limit)


def _best_way(problem: Problem, spares: int, effort: Effort, seconds: float) -> _Found:
    """Return the packing, and the hosts to be kept empty, of the fewest VMs left and least cost."""
    possible = np.where(np.any(problem.holders(), axis=1), problem.demand, 0)
    some = _without_dominated(problem._replace(demand=possible))
    quick = [_Found(way, quick_packing(way.problem), 0.0) for way in with_spares(some, spares)]
    found = [
        _searched(one, effort, seconds) for one in sorted(quick, key=_Found.rank)[:_MOST_SEARCHED]
    ]
    nothing = Packing([], possible, problem.sunk)
    found.append(_Found(Reserved(some, Counter(), 0.0), nothing, 0.0))
    best = min(found, key=_Found.rank)
    bound = _bound_with_spares(some, spares) if spares else found[0].bound
    if (possible < problem.demand).any() or not _survivors_suffice(some, spares):
        bound = math.inf
    left = best.packing.left + problem.demand - possible
    return _Found(best.way, best.packing._replace(left=left), bound)


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


def _searched(quick: _Found, effort: Effort, seconds: float) -> _Found:
    """Improve a packing until it meets the bound or the effort ends."""
    way, known, _ = quick
    problem, volume = way.problem, least_volume(way.problem)
    bound = problem.sunk + cost_bound(problem, volume, None)
    if not _proved(known, bound, _GOOD):
        known = min(known, balanced_packing(problem), key=Packing.rank)
    hopeless = math.isinf(bound)
    enough = effort == "quick" and (hopeless or not known.left.any())
    if enough or _proved(known, bound):
        return _Found(way, known, bound)
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
    return _Found(way, known, bound)


def _proved(packing: Packing, bound: float, tolerance: float = SLACK) -> bool:
    return not packing.left.any() and packing.cost <= bound * (1 + tolerance)
