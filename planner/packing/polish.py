"""Integer program over patterns, with HiGHS through SciPy where that is installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from planner.packing.bound import Pattern, unplaced_penalty
from planner.packing.model import SLACK, Floats, Problem, Whole
from planner.packing.search import Packing, packing_of

_MOST_PATTERNS = 4_000
_MOST_VISITS = 100_000


class Polished(NamedTuple):
    """The best packing found, and a bound of its cost where all patterns were tried."""

    packing: Packing
    bound: float


def polished(
    problem: Problem, patterns: Sequence[Pattern], known: Packing, seconds: float
) -> Polished:
    """Choose the cheapest patterns that cover the demand.

    Parameters
    ----------
    problem : Problem
        What is packed where.
    patterns : sequence of Pattern
        Patterns to choose from, beside those of the known packing. Where a problem has few
        patterns in all, all of them are used, and the answer is exact.
    known : Packing
        The packing to beat.
    seconds : float
        Time limit [s].

    Returns
    -------
    Polished
        The better of the known packing and what was found; the bound is zero unless all patterns
        were used.

    Raises
    ------
    ImportError
        If SciPy is not installed (the extra ``solver``).
    """
    try:
        from scipy.optimize import Bounds, LinearConstraint, milp
    except ImportError as error:
        raise ImportError("the integer program needs SciPy: install the extra 'solver'") from error
    complete = all_patterns(problem)
    choice = complete if complete is not None else [*patterns, *(one for one, _ in known.patterns)]
    flavours, slots = problem.needs.shape[0], len(problem.cost)
    covers = np.column_stack([*(one.counts for one in choice), *np.eye(flavours)])
    uses = np.zeros((slots, covers.shape[1]))
    uses[[one.slot for one in choice], np.arange(len(choice))] = 1.0
    costs = [problem.cost[one.slot] for one in choice] + [unplaced_penalty(problem)] * flavours
    found: Any = milp(
        costs,
        constraints=[
            LinearConstraint(covers, lb=problem.demand),
            LinearConstraint(uses, ub=problem.limit),
        ],
        integrality=np.ones(len(costs)),
        bounds=Bounds(0, np.inf),
        options={"time_limit": seconds},
    )
    bound = 0.0
    if complete is not None and found.mip_dual_bound is not None:
        bound = problem.sunk + float(found.mip_dual_bound)
    if found.x is None:
        return Polished(known, bound)
    packing = _without_surplus(problem, choice, np.round(found.x[: len(choice)]).astype(np.int64))
    return Polished(min(known, packing, key=Packing.rank), bound)


def all_patterns(problem: Problem) -> list[Pattern] | None:
    """Return every pattern to which no VM can be added, or nothing where there are many.

    Parameters
    ----------
    problem : Problem
        What is packed where.

    Returns
    -------
    list of Pattern or None
        Patterns of all slots; None beyond some thousands.
    """
    found: list[Pattern] = []
    visits = [_MOST_VISITS]
    for slot, room in enumerate(problem.capacity * (1 + SLACK)):
        nothing = np.zeros(len(problem.demand), dtype=np.int64)
        for counts in _maximal(problem.needs, problem.demand, room, nothing, 0, visits):
            found.append(Pattern(slot, counts))
            if len(found) > _MOST_PATTERNS:
                return None
        if visits[0] <= 0:
            return None
    return found


def _maximal(
    needs: Floats, demand: Whole, room: Floats, counts: Whole, flavour: int, visits: list[int]
) -> Iterator[Whole]:
    """Yield what the flavours from this one on can be added, until none of them fits any more."""
    visits[0] -= 1
    if visits[0] <= 0:
        return
    if flavour == len(demand):
        more = (needs <= room).all(axis=1) & (counts < demand)
        if counts.any() and not more.any():
            yield counts
        return
    need = needs[flavour]
    most = min([int(demand[flavour]), *(room[need > 0] // need[need > 0]).astype(int)])
    for number in range(most, -1, -1):
        chosen = counts.copy()
        chosen[flavour] = number
        yield from _maximal(needs, demand, room - number * need, chosen, flavour + 1, visits)


def _without_surplus(problem: Problem, choice: Sequence[Pattern], times: Whole) -> Packing:
    """Return the packing of the chosen patterns, with no more VMs than there are."""
    left = problem.demand.copy()
    patterns: list[tuple[Pattern, int]] = []
    for index in np.flatnonzero(times).tolist():
        slot, counts = choice[index]
        some = counts > 0
        whole = int(min((left[some] // counts[some]).min(), times[index]))
        if whole:
            patterns.append((Pattern(slot, counts), whole))
            left = left - whole * counts
        for _ in range(int(times[index]) - whole):
            part = np.minimum(counts, left)
            if part.any():
                patterns.append((Pattern(slot, part), 1))
                left = left - part
    return packing_of(problem, patterns, left)
