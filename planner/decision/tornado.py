"""The sensitivity of a result, or of the difference of two designs, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from planner.decision.cases import AlignedCases
from planner.decision.criteria import cost_of
from planner.decision.requirements import requirement_met
from planner.decision.sensitivity import Swing, tornado
from planner.faults import InputError, Mark
from planner.judge import Judge
from planner.numbers import rounded
from planner.wording import did_you_mean

Data: TypeAlias = dict[str, Any]
Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

WIDEST = 12
"""Swings of each tornado in a snapshot."""


@dataclass(frozen=True)
class Question:
    """What is asked: a quantity of a design, perhaps less that of another design."""

    design: str
    quantity: str
    against: str | None = None


def sensitivity(cases: AlignedCases, judge: Judge, question: Question) -> Data:
    """What moves a result, one uncertain input at a time and over all draws.

    Parameters
    ----------
    cases : AlignedCases
        The designs of a scenario.
    judge : Judge
        Its requirements.
    question : Question
        Which result.

    Returns
    -------
    dict
        ``swings``, the widest first: the result with each input alone at its low and at its high
        end, and its squared rank correlation with the result over the draws (``share``). Empty
        where the result is unknown. ``turns``: inputs that alone change whether a requirement is
        met, or which of the two designs has more.

    Raises
    ------
    InputError
        When there is no such design or quantity.
    """
    return _Asked(cases, judge, question).data()


def tornados(cases: AlignedCases, judge: Judge) -> list[Data]:
    """The widest swings of cost and power of every design, for a snapshot.

    Parameters
    ----------
    cases : AlignedCases
        The designs of a scenario.
    judge : Judge
        Its units.

    Returns
    -------
    list of dict
        As `sensitivity`, without the turns; ``smaller`` counts the swings that are left out.
    """
    cost = cost_of(lambda name: any(cases.has(design, name) for design in cases.names))
    asked = [
        _Asked(cases, judge, Question(design, quantity))
        for quantity in filter(None, (cost, "mean_power"))
        for design in cases.names
        if cases.has(design, quantity)
    ]
    return [
        {**found, "swings": found["swings"][:WIDEST], "smaller": len(found["swings"][WIDEST:])}
        for found in (item.swings() for item in asked)
    ]


@dataclass(frozen=True)
class _Asked:
    cases: AlignedCases
    judge: Judge
    question: Question

    def data(self) -> Data:
        found = self.swings()
        return {**found, "turns": [*self._overtakes(), *self._turns()]}

    @cached_property
    def _result(self) -> Values:
        values = self._values(self.question.design)
        if self.question.against is None:
            return values
        return values - self._values(self.question.against)

    def swings(self) -> Data:
        """The result and its swings."""
        asked, values = self.question, self._result
        return {
            "design": asked.design,
            "against": asked.against,
            "quantity": asked.quantity,
            "unit": self.judge.unit(asked.quantity, ()),
            "value": rounded(float(values[0])),
            "draws": self.cases.draws,
            "swings": [self._swing(swing) for swing in tornado(self.cases, values)],
        }

    def _values(self, design: str) -> Values:
        if design not in self.cases.names:
            raise InputError.at(
                Mark(design), "no such design", did_you_mean(design, self.cases.names)
            )
        if not self.cases.has(design, self.question.quantity):
            quantity = self.question.quantity
            known = self.cases.quantities(design)
            message = f"{design} has no such quantity"
            raise InputError.at(Mark(quantity), message, did_you_mean(quantity, known))
        return self.cases.values(design, self.question.quantity)

    def _swing(self, swing: Swing) -> Data:
        currency = self.judge.loaded.scenario.currency
        return {
            "input": swing.thing,
            "low": rounded(swing.low),
            "high": rounded(swing.high),
            "share": None if swing.share is None else round(swing.share, 4),
            "facts": [
                {
                    "name": fact.name,
                    "low": rounded(fact.value if fact.low is None else fact.low),
                    "value": rounded(fact.value),
                    "high": rounded(fact.value if fact.high is None else fact.high),
                    "unit": fact.unit.replace("money", currency),
                    "basis": str(fact.basis),
                }
                for fact in swing.facts
            ],
        }

    def _overtakes(self) -> Iterator[Data]:
        """Inputs that alone turn which of two designs has more."""
        if self.question.against is None or not np.isfinite(self._result[0]):
            return
        text = f"{self.question.design} has more {self.question.quantity}"
        yield from self._crossings(f"{text} than {self.question.against}", self._result > 0.0)

    def _turns(self) -> Iterator[Data]:
        """Inputs that alone turn whether a requirement is met."""
        items = self.judge.loaded.scenario.requirements
        for name in filter(None, (self.question.design, self.question.against)):
            for index, item in enumerate(items):
                met = requirement_met(self.judge, self.cases, index, name)
                if not np.isnan(met).any():
                    yield from self._crossings(f"{name}: {item.text or item.quantity}", met == 1.0)

    def _crossings(self, text: str, holds: Any) -> Iterator[Data]:
        ends = holds[1 : self.cases.first_draw].reshape(-1, 2)
        for thing, row in zip(self.cases.things, ends, strict=True):
            for side, end in zip(("low", "high"), row, strict=True):
                if end != holds[0]:
                    yield {"input": thing, "end": side, "text": text, "holds": bool(end)}
