"""Which uncertain inputs move a result, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from planner.decision.cases import AlignedCases, centred_ranks
from planner.facts import Fact
from planner.ranges import thing_of

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

NEGLIGIBLE = 1e-9
"""Of the result: a swing below it is the noise of rounding."""
MAIN = 2


@dataclass(frozen=True)
class Swing:
    """What a result does while one thing goes over its range.

    Parameters
    ----------
    thing : str
        What goes.
    facts : tuple of Fact
        Its facts.
    low, high : float
        The result with the thing at its low and at its high end, all else as is most likely.
    share : float or None
        Squared rank correlation of the thing and the result over all draws [1]: its share of the
        variance where the result follows its inputs one way; None without draws.
    """

    thing: str
    facts: tuple[Fact, ...]
    low: float
    high: float
    share: float | None

    @property
    def size(self) -> float:
        """How far the result moves."""
        return abs(self.high - self.low)


def tornado(cases: AlignedCases, values: Values) -> list[Swing]:
    """Every thing that moves a result, the widest swing first.

    Parameters
    ----------
    cases : AlignedCases
        The designs.
    values : ndarray, shape (cases,)
        A result in every case, or a difference of two.

    Returns
    -------
    list of Swing
        Empty where the result is unknown. A thing that only moves the result together with others
        has a swing of zero, and its share.
    """
    if not np.all(np.isfinite(values)):
        return []
    ends = values[1 : cases.first_draw].reshape(-1, 2)
    ends = np.where(np.abs(ends - values[0]) <= NEGLIGIBLE * abs(values[0]), values[0], ends)
    shares = variance_shares(cases, values)
    swings = [
        Swing(thing, tuple(cases.facts[thing].values()), float(low), float(high), shares.get(thing))
        for thing, (low, high) in zip(cases.things, ends, strict=True)
        if low != values[0] or high != values[0]
    ]
    return sorted(swings, key=lambda swing: (-swing.size, swing.thing))


def variance_shares(cases: AlignedCases, values: Values) -> dict[str, float]:
    """Squared rank correlation of each thing with a result over the draws, by thing."""
    drawn = values[cases.first_draw :]
    if drawn.size < 2 or not np.all(np.isfinite(drawn)):
        return {}
    result = centred_ranks(drawn)
    spread = float(result @ result)
    if spread == 0.0:
        return {}
    found = {}
    for thing, ranks in cases.ranks.items():
        size = float(ranks @ ranks)
        if size > 0.0:
            found[thing] = float(ranks @ result) ** 2 / (size * spread)
    return found


def main_inputs(cases: AlignedCases, design: str, drawn: Values) -> list[str]:
    """The uncertain things of a design that a result over the draws hangs on most."""
    values = np.concatenate([np.zeros(cases.first_draw), drawn])
    shares = variance_shares(cases, values)
    facts = cases.designs[design].plan.facts()
    own = {thing_of(fact) for fact in facts if fact.has_range} & shares.keys()
    return sorted(own, key=lambda thing: (-shares[thing], thing))[:MAIN]
