"""What a choice costs in the end: its cost, and the penalties for what it lacks or wastes."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.checks import Penalty, Reference
from planner.decision.cases import Cases
from planner.facts import Fact
from planner.faults import InputError
from planner.judge import Judge
from planner.models.decision import penalty
from planner.schema import Path

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


def losses(cases: Cases, judge: Judge, names: list[str], cost: str) -> Values:
    """Cost and penalties of some designs, (designs, cases).

    Raises
    ------
    InputError
        A penalty names an unknown quantity, or is in another unit or currency.
    """
    rows = []
    for name in names:
        loss = cases.values(name, cost)
        for index, item in enumerate(judge.loaded.scenario.penalties):
            loss = loss + _penalty(cases, judge, name, index, item)
        rows.append(loss)
    return np.array(rows)


def _penalty(cases: Cases, judge: Judge, name: str, index: int, item: Penalty) -> Values:
    at = ("penalties", index)
    unit = judge.unit(item.quantity, (*at, "quantity"))
    size = 1.0 if item.per is None else judge.number(item.per, unit, (*at, "per"))
    needed: Values | float
    if isinstance(item.needed, Reference):
        _same_unit(judge, item, unit, (*at, "needed", "quantity"))
        other = item.needed.design or name
        needed = item.needed.times * cases.values(other, item.needed.quantity)
    else:
        needed = judge.number(item.needed, unit, (*at, "needed"))
    under, over = (_money(judge, fact) for fact in (item.under, item.over))
    found = cases.values(name, item.quantity)
    return np.asarray(penalty(found, needed, under / size, over / size))


def _same_unit(judge: Judge, item: Penalty, unit: str, at: Path) -> None:
    assert isinstance(item.needed, Reference)
    other = judge.unit(item.needed.quantity, at)
    if other != unit:
        message = f"{item.quantity} is in {unit}, but {item.needed.quantity} is in {other}"
        raise InputError.at(
            judge.loaded.document.mark(at), message, "compare quantities of one unit"
        )


def _money(judge: Judge, fact: Fact | None) -> float:
    if fact is None or fact.value is None:
        return 0.0
    currency = judge.loaded.scenario.currency
    if fact.unit != currency:
        assert fact.mark is not None
        message = f"this is in {fact.unit}, but the scenario counts in {currency}"
        raise InputError.at(fact.mark, message, f"write it in {currency}")
    return fact.value
