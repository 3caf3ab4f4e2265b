"""Cheap packings: a host is filled, and the pattern repeated as long as there are such VMs.

The time therefore depends on the flavours and the kinds of hosts, not on the number of VMs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from planner.packing.bound import Pattern, Relaxation, in_whole_units
from planner.packing.model import SLACK, Floats, Problem, Whole
from planner.packing.pattern import Balancer, Filler, most_valuable

_MOST_COMPARED = 12
_TOLERANCE = 1e-6

Fill: TypeAlias = Callable[[Whole, int], Whole]


class Packing(NamedTuple):
    """Patterns with the number of hosts that have them, and the VMs left over."""

    patterns: list[tuple[Pattern, int]]
    left: Whole
    cost: float

    def rank(self) -> tuple[int, float]:
        """Sort key: the fewest VMs left over, then the lowest cost."""
        return int(self.left.sum()), self.cost


def quick_packing(problem: Problem) -> Packing:
    """Fill hosts with the largest VMs first; the best of several ways to choose the next host."""
    share, size, slots = _sizes(problem)
    fill = Filler(problem.needs, problem.capacity, np.argsort(-size, kind="stable").tolist())
    packings = [_greedy(problem, fill, size, chosen) for chosen in _choices(problem, slots)]
    packings.append(_greedy(problem, fill, share.max(axis=1), slots))
    return min((downsized(problem, one) for one in packings), key=Packing.rank)


def balanced_packing(problem: Problem) -> Packing:
    """Fill hosts so that all resources run out together, for VMs of unlike shapes."""
    _, size, slots = _sizes(problem)
    fill = Balancer(problem.needs, problem.capacity, problem.demand)
    packings = [_greedy(problem, fill, size, chosen) for chosen in _choices(problem, slots)]
    return min((downsized(problem, one) for one in packings), key=Packing.rank)


def _sizes(problem: Problem) -> tuple[Floats, Floats, list[int]]:
    """Return the flavours' shares of a large host, their sizes, and the slots, the best first."""
    endless = problem.capacity[np.isinf(problem.limit)]
    typical = (endless if endless.size else problem.capacity).max(axis=0)
    typical = np.where(typical > 0, typical, 1.0)
    share = problem.needs / typical
    wanted = problem.demand @ share
    room = problem.capacity / typical @ wanted
    slots = np.lexsort((-room, problem.cost / np.maximum(room, SLACK))).tolist()
    return share, share @ wanted, slots


def _choices(problem: Problem, slots: list[int]) -> Iterator[list[int]]:
    """Return slots to pack into: all of them, and each alone of which there is no end."""
    yield slots
    for slot in slots[:_MOST_COMPARED]:
        if np.isinf(problem.limit[slot]) and len(slots) > 1:
            yield [one for one in slots if one == slot or problem.cost[one] == 0]


def _greedy(problem: Problem, fill: Fill, value: Floats, slots: Sequence[int]) -> Packing:
    """Take the host that costs least for the value it holds, as often as there are such VMs.

    Where one host holds all that is left, that is an end; cheaper hosts may still make another.
    """
    left, used = problem.demand.copy(), np.zeros(len(problem.cost))
    patterns: list[tuple[Pattern, int]] = []
    ends: list[Packing] = []
    open_slots = [slot for slot in slots if problem.limit[slot] > 0]
    while left.any() and open_slots:
        last = _cheapest_for(problem, left, problem.limit - used, open_slots)
        if last is not None:
            end = [*patterns, (Pattern(last, left), 1)]
            ends.append(packing_of(problem, end, np.zeros_like(left)))
        few = len(open_slots) <= _MOST_COMPARED
        compared = [Pattern(slot, fill(left, slot)) for slot in open_slots[: None if few else 1]]
        useless = {pattern.slot for pattern in compared if not pattern.counts.any()}
        useful = [pattern for pattern in compared if pattern.slot not in useless]
        if useful:
            best = min(useful, key=lambda one: problem.cost[one.slot] / (value @ one.counts))
            if last is not None and problem.cost[best.slot] >= problem.cost[last]:
                break
            some = best.counts > 0
            available = problem.limit[best.slot] - used[best.slot]
            times = int(min((left[some] // best.counts[some]).min(), available))
            patterns.append((best, times))
            left = left - times * best.counts
            used[best.slot] += times
        open_slots = [
            slot for slot in open_slots if slot not in useless and used[slot] < problem.limit[slot]
        ]
    else:
        ends.append(packing_of(problem, patterns, left))
    return min(ends, key=Packing.rank)


def _cheapest_for(
    problem: Problem, counts: Whole, available: Floats, slots: Sequence[int]
) -> int | None:
    """Return the cheapest slot that holds these VMs on one host, if there is one."""
    holds = np.all(counts @ problem.needs <= problem.capacity * (1 + SLACK), axis=1).tolist()
    able = [slot for slot in slots if holds[slot] and available[slot] > 0]
    return min(able, key=lambda slot: float(problem.cost[slot]), default=None)


def packing_of(problem: Problem, patterns: list[tuple[Pattern, int]], left: Whole) -> Packing:
    """Return the packing of these patterns, with what it costs."""
    cost = sum(float(problem.cost[pattern.slot]) * times for pattern, times in patterns)
    return Packing(patterns, left, problem.sunk + cost)


def downsized(problem: Problem, packing: Packing) -> Packing:
    """Put the VMs of each host on the cheapest host that holds them."""
    available = problem.limit.copy()
    for pattern, times in packing.patterns:
        available[pattern.slot] -= times
    patterns = []
    for pattern, times in packing.patterns:
        enough = [slot for slot in range(len(available)) if available[slot] >= times]
        cheapest = _cheapest_for(problem, pattern.counts, available, enough)
        if cheapest is None or problem.cost[cheapest] >= problem.cost[pattern.slot]:
            cheapest = pattern.slot
        available[pattern.slot] += times
        available[cheapest] -= times
        patterns.append((Pattern(cheapest, pattern.counts), times))
    return packing_of(problem, patterns, packing.left)


def rounded_packing(problem: Problem, relaxation: Relaxation) -> Packing:
    """Round the linear program's repeats down, and pack what is left by its prices."""
    packings = []
    for share in (1.0, 0.5):
        rest, patterns = _whole_part(problem, relaxation, share)
        patterns, left = topped_up(problem, patterns, rest.demand)
        rest = rest._replace(demand=left)
        remainders = _by_price(rest, relaxation.prices), quick_packing(rest)
        packings += [
            packing_of(problem, [*patterns, *one.patterns], one.left) for one in remainders
        ]
    return min((downsized(problem, one) for one in packings), key=Packing.rank)


def topped_up(
    problem: Problem, patterns: list[tuple[Pattern, int]], left: Whole
) -> tuple[list[tuple[Pattern, int]], Whole]:
    """Put VMs that are left over into what the patterns leave free; return both anew."""
    if not patterns or not left.any():
        return patterns, left
    loads = np.array([pattern.counts for pattern, _ in patterns]) @ problem.needs
    free = problem.capacity[[pattern.slot for pattern, _ in patterns]] - loads
    size = (problem.needs / problem.typical()).sum(axis=1)
    fill = Filler(problem.needs, free, np.argsort(-size, kind="stable").tolist())
    fuller = []
    for row, (pattern, times) in enumerate(patterns):
        while times and (more := fill(left, row)).any():
            some = more > 0
            full = int(min((left[some] // more[some]).min(), times))
            fuller.append((Pattern(pattern.slot, pattern.counts + more), full))
            left = left - full * more
            times -= full
        if times:
            fuller.append((pattern, times))
    return fuller, left


def _whole_part(
    problem: Problem, relaxation: Relaxation, share: float
) -> tuple[Problem, list[tuple[Pattern, int]]]:
    """Return the rest of the problem when repeats are rounded, up from a share on, and patterns."""
    left, available = problem.demand.copy(), problem.limit.copy()
    patterns = []
    for repeat, pattern in sorted(
        zip(relaxation.repeats, relaxation.patterns, strict=True), key=lambda one: -one[0]
    ):
        times = int(min(np.floor(repeat + 1.0 - share + _TOLERANCE), available[pattern.slot]))
        some = pattern.counts > 0
        while times > 0 and (times * pattern.counts[some] > left[some]).any():
            times -= 1
        if times:
            patterns.append((pattern, times))
            left -= times * pattern.counts
            available[pattern.slot] -= times
    return problem._replace(demand=left, limit=available, sunk=0.0), patterns


def _by_price(problem: Problem, prices: Floats) -> Packing:
    """Pack greedily, each host with the VMs that are worth most by these prices."""
    usable = in_whole_units(problem.needs, problem.capacity)
    size = (problem.needs / problem.typical()).sum(axis=1)
    value = prices + _TOLERANCE * (float(prices.max()) or 1.0) * size

    def fill(left: Whole, slot: int) -> Whole:
        return most_valuable(value, problem.needs, usable[slot], left, 1e-3, 100).counts

    return _greedy(problem, fill, value, range(len(problem.cost)))
