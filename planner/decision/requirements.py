"""Requirements over cases."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.checks import Reference, Requirement
from planner.decision.cases import Cases
from planner.judge import Judge

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

ROUNDING = 1e-9


def requirement_met(judge: Judge, cases: Cases, index: int, design: str) -> Values:
    """Whether a design meets a requirement, case by case.

    Parameters
    ----------
    judge : Judge
        Knows the scenario.
    cases : Cases
        Designs over cases, with all designs that the requirement names.
    index : int
        Which requirement.
    design : str
        Which design.

    Returns
    -------
    ndarray, shape (cases,)
        1 where it is met and 0 where not; NaN where a number is unknown.
    """
    item = judge.loaded.scenario.requirements[index]
    (side,) = item.sides
    design = item.design or design
    left = cases.values(design, item.quantity)
    right = _target(judge, cases, item, side, design, ("requirements", index, side))
    met = _compare(side, left, right, item.within)
    return np.where(np.isnan(left) | np.isnan(right), np.nan, met)


def named_designs(judge: Judge) -> set[str]:
    """The designs that the requirements name."""
    found: set[str] = set()
    for item in judge.loaded.scenario.requirements:
        target = getattr(item, item.sides[0])
        found |= {item.design or ""} | {getattr(target, "design", None) or ""}
    return found - {""}


def named_quantities(judge: Judge) -> set[str]:
    """The quantities that the requirements name."""
    found: set[str] = set()
    for item in judge.loaded.scenario.requirements:
        target = getattr(item, item.sides[0])
        found |= {item.quantity} | {getattr(target, "quantity", item.quantity)}
    return found


def _target(
    judge: Judge, cases: Cases, item: Requirement, side: str, design: str, at: tuple[str | int, ...]
) -> Values:
    target = getattr(item, side)
    if isinstance(target, Reference):
        return target.times * cases.values(target.design or design, target.quantity)
    return np.array(judge.number(target, judge.unit(item.quantity, at), at))


def _compare(side: str, left: Values, right: Values, within: float) -> Values:
    if side == "about":
        return np.asarray(np.abs(left - right) <= within * np.abs(right), dtype=float)
    upper, lower = (left, right) if side == "at_least" else (right, left)
    return np.asarray(upper >= lower * (1.0 - ROUNDING), dtype=float)
