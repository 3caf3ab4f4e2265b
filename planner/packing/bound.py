"""What no packing can cost less than, and the sets of VMs that come close to it."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from planner.models.linear import maximum
from planner.packing.model import SLACK, Floats, Problem, Whole
from planner.packing.pattern import most_valuable

_TOLERANCE = 1e-6
_MOST_ROUNDS = 60
_MOST_SLOTS = 60
_MOST_FLAVOURS = 80
_MOST_BRANCHES = 400
_MOST_BRANCHED_SLOTS = 8_000
_MOST_VISITS = 20_000
_FEWEST_KEPT = 100
_FEWEST_VISITS = 30
_MORE_VISITS = 6
_CLOSE = 1e-4
_MOST_PARTS = 2_000


class Pattern(NamedTuple):
    """VMs of each flavour that fit a host of the slot together."""

    slot: int
    counts: Whole


class Relaxation(NamedTuple):
    """Lower bound of the cost, price of a VM of each flavour, patterns and how often each repeats.

    The repeats are fractions.
    """

    bound: float
    prices: Floats
    patterns: list[Pattern]
    repeats: Floats


def in_whole_units(needs: Floats, capacity: Floats) -> Floats:
    """Round each capacity down to what multiples of the needs can use of it.

    VMs of 4, 8 and 64 GiB use 124 of 126.5 GiB at most.
    """
    usable = capacity.copy()
    for resource in range(needs.shape[1]):
        unit = _common_unit(needs[:, resource])
        if unit:
            whole = np.floor(capacity[:, resource] * (1 + SLACK) / unit)
            usable[:, resource] = np.minimum(whole * unit, capacity[:, resource])
    return usable


def _common_unit(values: Floats) -> float:
    """Return the largest number of which all values are multiples, 0 for none.

    It is looked for among the whole parts of the least value.
    """
    values = np.unique(values[values > 0])
    if not values.size:
        return 0.0
    parts = np.arange(1, _MOST_PARTS + 1)
    multiples = np.outer(parts, values / values[0])
    whole = np.abs(multiples - np.round(multiples)) <= SLACK * multiples
    found = np.flatnonzero(whole.all(axis=1))
    return float(values[0]) / int(parts[found[0]]) if found.size else 0.0


def unplaced_penalty(problem: Problem) -> float:
    """Return a cost above that of the dearest way to place every VM that can be placed at all."""
    endless = problem.holders() & np.isinf(problem.limit)
    dearest = np.where(endless, problem.cost, 0.0).max(axis=1)
    few = np.isfinite(problem.limit)
    return _dearest(problem) + float(
        problem.demand @ dearest + problem.cost[few] @ problem.limit[few]
    )


def _dearest(problem: Problem) -> float:
    return float(problem.cost.max(initial=0.0)) or 1.0


class Volume(NamedTuple):
    """Least cost of hosts with enough of every resource in total, and the hosts of each slot.

    The hosts are whole numbers unless the search for them took too long.
    """

    cost: float
    hosts: Floats


def least_volume(problem: Problem) -> Volume:
    """Return the cheapest whole hosts with enough of every resource in total.

    Branch and bound on the numbers of hosts, the most promising branch first. An infinite cost
    where all hosts together have too little.
    """
    useful = np.any(problem.holders(), axis=0)
    capacity = np.where(useful[:, None], in_whole_units(problem.needs, problem.capacity), 0.0)
    wanted, cost_unit = problem.demand @ problem.needs, _dearest(problem)
    branches: list[tuple[float, int, Floats, Floats, Floats]] = []
    limits = [(np.zeros(len(capacity)), problem.limit)]
    found = Volume(math.inf, problem.limit)
    for serial in range(min(_MOST_BRANCHES, _MOST_BRANCHED_SLOTS // len(capacity) + 1)):
        for side, (least, most) in enumerate(limits):
            hosts = _fractional_hosts(problem.cost / cost_unit, capacity, wanted, least, most)
            if hosts is not None:
                cost = float(problem.cost @ hosts)
                heapq.heappush(branches, (cost, 2 * serial + side, hosts, least, most))
        if not branches:
            return Volume(math.inf, problem.limit)
        cheapest, _, hosts, least, most = branches[0]
        found, whole = Volume(cheapest, hosts), np.round(hosts)
        kind = int(np.argmax(np.abs(hosts - whole)))
        if abs(hosts[kind] - whole[kind]) <= _TOLERANCE:
            return Volume(float(problem.cost @ whole), whole)
        heapq.heappop(branches)
        fewer, more = most.copy(), least.copy()
        fewer[kind], more[kind] = np.floor(hosts[kind]), np.ceil(hosts[kind])
        limits = [(least, fewer), (more, most)]
    return found


def cost_bound(problem: Problem, volume: Volume, relaxation: Relaxation | None) -> float:
    """Return a cost below which not all VMs can be placed; infinite where they never can.

    The larger of the linear program over patterns and of the whole numbers of hosts that have
    enough of every resource in total, rounded up to what costs can add up to.
    """
    bound = volume.cost
    if relaxation is not None:
        bound = max(bound, relaxation.bound)
        if bound >= unplaced_penalty(problem) * (1 - SLACK):
            return math.inf
    unit = _common_unit(problem.cost)
    if unit and math.isfinite(bound):
        bound = math.ceil(bound / unit - _TOLERANCE) * unit
    return bound


def _fractional_hosts(
    cost: Floats, capacity: Floats, wanted: Floats, least: Floats, most: Floats
) -> Floats | None:
    """Return the cheapest fractional hosts with enough of every resource, if there are any."""
    left = np.maximum(wanted - least @ capacity, 0.0)
    more = np.where(capacity > 0, (most - least)[:, None], 0.0) * np.where(
        capacity > 0, capacity, 1.0
    )
    if (least > most).any() or (more.sum(axis=0) < left * (1 - SLACK)).any():
        return None
    few = np.flatnonzero(np.isfinite(most))
    limited = np.zeros((len(cost), few.size))
    limited[few, np.arange(few.size)] = -1.0
    needed = left * (1 - 2 * SLACK)  # as little as the packing may take for enough
    gains = np.concatenate([needed, -(most - least)[few]])
    return least + maximum(gains, np.hstack([capacity, limited]), cost).prices


def relaxed(problem: Problem, patterns: Sequence[Pattern]) -> Relaxation | None:
    """Solve the linear program over all patterns by column generation.

    Parameters
    ----------
    problem : Problem
        What is packed where; every flavour fits an empty host of some slot.
    patterns : sequence of Pattern
        Patterns to start from.

    Returns
    -------
    Relaxation or None
        None where there are too many flavours or slots for it.

    Notes
    -----
    The program minimises the cost of hosts so that patterns cover the demand; a VM left over
    costs more than any placement. Its dual is solved, since that starts from zero: VMs have
    prices, hosts of which there are few have rents, and no pattern may be worth more than the
    host's cost and rent. The most valuable pattern of each slot is added until none is. Prices
    scaled down, and rents raised, to what the most valuable patterns allow give a bound in every
    round (Farley).

    References
    ----------
    Gilmore, Gomory, "A linear programming approach to the cutting-stock problem", Oper. Res. 9
    (1961); Farley, "A note on bounding a class of linear programming problems", Oper. Res. 38
    (1990).
    """
    cost_unit = _dearest(problem)
    problem = problem._replace(cost=problem.cost / cost_unit)
    slots, flavours = len(problem.cost), len(problem.demand)
    if slots > _MOST_SLOTS or flavours > _MOST_FLAVOURS:
        return None
    capacity = in_whole_units(problem.needs, problem.capacity)
    most_visits = int(np.clip(_MOST_VISITS / slots, 100, 1_000))
    visits, few = _FEWEST_VISITS, np.isfinite(problem.limit)
    known, bound = [*patterns, *_single_flavours(problem)], 0.0
    if not known:
        return Relaxation(0.0, np.zeros(flavours), known, np.zeros(0))
    for _ in range(_MOST_ROUNDS):
        prices, rents, repeats = _solved(problem, known)
        best = [
            most_valuable(prices, problem.needs, room, problem.demand, visits=visits)
            for room in capacity
        ]
        bound = max(bound, _farley(problem, prices, np.array([one.bound for one in best])))
        limit = (problem.cost + rents) * (1 + _TOLERANCE) + _TOLERANCE
        better = [slot for slot in range(slots) if best[slot].value > limit[slot]]
        value = problem.demand @ prices - problem.limit[few] @ rents[few]
        if bound >= value * (1 - _CLOSE) or (not better and visits == most_visits):
            break
        if not better:
            visits = min(_MORE_VISITS * visits, most_visits)
            continue
        worth = np.array(
            [one.counts @ prices - problem.cost[one.slot] - rents[one.slot] for one in known]
        )
        kept = np.argsort(-worth, kind="stable")[: max(4 * flavours, _FEWEST_KEPT)]
        known = [known[row] for row in kept] + [Pattern(slot, best[slot].counts) for slot in better]
        repeats = np.append(repeats[kept], np.zeros(len(better)))
    return Relaxation(bound * cost_unit, prices * cost_unit, known, repeats)


def _solved(problem: Problem, known: Sequence[Pattern]) -> tuple[Floats, Floats, Floats]:
    """Solve the program over the known patterns; return prices, rents and repeats."""
    flavours, few = len(problem.demand), np.flatnonzero(np.isfinite(problem.limit))
    counts = np.array([one.counts for one in known]).reshape(-1, flavours)
    slots = np.array([one.slot for one in known], dtype=np.intp)
    rows = np.hstack([counts, -1.0 * (slots[:, None] == few)])
    gains = np.concatenate([problem.demand, -problem.limit[few]])
    most = np.concatenate([np.full(flavours, unplaced_penalty(problem)), np.full(few.size, np.inf)])
    dual = maximum(gains, rows, problem.cost[slots], most)
    rents = np.zeros(len(problem.cost))
    rents[few] = dual.point[flavours:]
    return dual.point[:flavours], rents, dual.prices


def _single_flavours(problem: Problem) -> list[Pattern]:
    """Return for each flavour a host full of it, of the kind that costs least for a VM."""
    patterns = []
    holders = problem.holders()
    for flavour in np.flatnonzero(problem.demand).tolist():
        able = np.flatnonzero(holders[flavour])
        needed = problem.needs[flavour] > 0
        room = problem.capacity[able][:, needed] * (1 + SLACK)
        number = np.floor(room / problem.needs[flavour, needed]).min(axis=1)
        number = np.minimum(number, problem.demand[flavour])
        if able.size:
            endless = np.isinf(problem.limit[able])
            best = np.lexsort((problem.cost[able] / number, ~endless))[0]
            counts = np.zeros(len(problem.demand), dtype=np.int64)
            counts[flavour] = int(number[best])
            patterns.append(Pattern(int(able[best]), counts))
    return patterns


def _farley(problem: Problem, prices: Floats, worth: Floats) -> float:
    """Return the bound that prices give, when no pattern is worth more than this on each slot."""
    endless = np.isinf(problem.limit)
    if (worth[endless] > 0).any() and (problem.cost[endless][worth[endless] > 0] == 0).any():
        return 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.where(endless & (worth > 0), worth / problem.cost, 1.0)
    scale = max(1.0, float(excess.max()))
    rents = np.maximum(worth / scale - problem.cost, 0.0)
    return float(problem.demand @ prices / scale - problem.limit[~endless] @ rents[~endless])
