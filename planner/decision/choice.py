"""Who may be chosen, who is dominated, and who is best, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from planner.decision.cases import Cases
from planner.decision.criteria import Criterion
from planner.decision.requirements import requirement_met
from planner.judge import Judge
from planner.models.decision import dominance, merit, weighted_score

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Entry = Mapping[str, Any]

TIE = 1e-9


@dataclass(frozen=True)
class Standing:
    """How a design stands with everything as is most likely.

    Parameters
    ----------
    name : str
        The design.
    failed, unjudged : tuple of str
        Requirements that it does not meet, and those that cannot be judged.
    errors : tuple of str
        Codes of the rules that it breaks.
    """

    name: str
    failed: tuple[str, ...]
    unjudged: tuple[str, ...]
    errors: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry) -> Standing:
        """How a design of a snapshot stands."""
        met = [(item["text"], item["met"]) for item in entry["requirements"]]
        errors = (item["code"] for item in entry["findings"] if item["severity"] == "error")
        return cls(
            entry["id"],
            tuple(text for text, passed in met if passed is False),
            tuple(text for text, passed in met if passed is None),
            tuple(dict.fromkeys(errors)),
        )

    @property
    def qualified(self) -> bool:
        """Whether it may be chosen."""
        return not (self.failed or self.unjudged or self.errors)


@dataclass(frozen=True)
class Choice:
    """The designs over cases, as far as a choice needs them.

    Parameters
    ----------
    cases : Cases
        The designs; the first case is the most likely one unless they are walked.
    judge : Judge
        Knows the requirements.
    entries : mapping
        The designs' entries of a snapshot.
    criteria : tuple of Criterion
        What they are compared by.
    ranked : tuple of bool
        Which of the criteria make up the score.
    cost : str or None
        The cost that must be known of whatever is chosen.
    """

    cases: Cases
    judge: Judge
    entries: Mapping[str, Entry]
    criteria: tuple[Criterion, ...]
    ranked: tuple[bool, ...]
    cost: str | None

    @cached_property
    def standings(self) -> list[Standing]:
        """How each design stands."""
        return [Standing.of(self.entries[name]) for name in self.cases.names]

    @cached_property
    def met(self) -> Values:
        """Which requirements are met: (designs, requirements, cases); NaN where unknown."""
        count = len(self.judge.loaded.scenario.requirements)
        rows = [
            [requirement_met(self.judge, self.cases, index, name) for index in range(count)]
            for name in self.cases.names
        ]
        return np.array(rows, dtype=float).reshape(len(rows), count, self.cases.width)

    @cached_property
    def allowed(self) -> Flags:
        """Whether a design may be chosen: (designs, cases).

        What is unknown in a case counts as with everything as is most likely, where a bound may
        have decided; a broken rule forbids a design in every case.
        """
        judged = [
            [float(item["met"] is True) for item in self.entries[name]["requirements"]]
            for name in self.cases.names
        ]
        shape = (*self.met.shape[:2], 1)
        nominal = np.array(judged, dtype=float).reshape(shape)
        met = np.all(np.where(np.isnan(self.met), nominal, self.met) == 1.0, axis=1)
        sound = np.array([not standing.errors for standing in self.standings])
        return np.asarray(met & sound[:, np.newaxis])

    @cached_property
    def values(self) -> Values:
        """The criteria's quantities: (designs, criteria, cases)."""
        rows = [
            [self.cases.values(name, criterion.quantity) for criterion in self.criteria]
            for name in self.cases.names
        ]
        return np.array(rows, dtype=float).reshape(len(rows), -1, self.cases.width)

    @cached_property
    def dominance(self) -> Flags:
        """Which designs dominate which: (designs, designs, cases).

        A design that may not be chosen does not dominate one that may. An unknown number is taken
        for its bound where it has one, which is as good as it can be.
        """
        sign = np.array([criterion.sign for criterion in self.criteria])[:, np.newaxis]
        values = np.where(np.isfinite(self.values), self.values, np.nan)
        hoped = np.where(np.isnan(values), self._bounds[..., np.newaxis], values)
        found = dominance(sign * values, sign * hoped)
        return found & (self.allowed[:, np.newaxis] | ~self.allowed[np.newaxis])

    @cached_property
    def _bounds(self) -> Values:
        rows = [
            [
                self._bound(self.entries[name]["quantities"].get(criterion.quantity), criterion)
                for criterion in self.criteria
            ]
            for name in self.cases.names
        ]
        return np.array(rows, dtype=float).reshape(len(rows), -1)

    @staticmethod
    def _bound(item: Entry | None, criterion: Criterion) -> float:
        end = None if item is None else item["low" if criterion.lower else "high"]
        return np.nan if end is None else float(end)

    @cached_property
    def dominated(self) -> Flags:
        """Whether any other design dominates a design: (designs, cases)."""
        return np.asarray(np.any(self.dominance, axis=0))

    @cached_property
    def merits(self) -> Values:
        """How good each design is by each criterion of the score: (designs, criteria, cases)."""
        lower = np.array([criterion.lower for criterion in self.criteria])
        values = np.where(np.isfinite(self.values), self.values, np.nan)
        usable = np.where(lower[:, np.newaxis], values > 0.0, values >= 0.0)
        table = np.where(usable, values, np.nan)[:, list(self.ranked)]
        return merit(table, lower[list(self.ranked)])

    @cached_property
    def weights(self) -> Values:
        """Weights of the criteria of the score, adding up to one."""
        kept = zip(self.criteria, self.ranked, strict=True)
        found = np.array([criterion.weight for criterion, ranked in kept if ranked])
        return np.asarray(found / np.sum(found))

    @cached_property
    def score(self) -> Values:
        """Score of each design: (designs, cases); NaN where it cannot be ranked."""
        if not any(self.ranked):
            return np.full((len(self.cases.names), self.cases.width), np.nan)
        return weighted_score(self.merits, self.weights)

    @cached_property
    def candidates(self) -> Flags:
        """Whether a design could be recommended: (designs, cases)."""
        known = self.priced & ~np.isnan(self.score)
        return np.asarray(self.allowed & ~self.dominated & known)

    @cached_property
    def priced(self) -> Flags:
        """Whether the cost of a design is known: (designs, cases)."""
        if self.cost is None:
            return np.ones((len(self.cases.names), 1), dtype=bool)
        return np.isfinite([self.cases.values(name, self.cost) for name in self.cases.names])

    @cached_property
    def winner(self) -> np.ndarray[Any, np.dtype[np.intp]]:
        """The best candidate of each case by its place, the first of those that tie; -1 if none."""
        scores = np.where(self.candidates, self.score, -1.0)
        best = np.max(scores, axis=0, initial=-1.0)
        first = np.argmax(scores >= best * (1.0 - TIE), axis=0)
        return np.where(best < 0.0, -1, first)


def ranked_criteria(
    cases: Cases, criteria: tuple[Criterion, ...], names: list[str]
) -> tuple[list[bool], list[str]]:
    """Which criteria can make up a score of some designs, and why the others cannot.

    Parameters
    ----------
    cases : Cases
        Designs over cases.
    criteria : tuple of Criterion
        All criteria.
    names : list of str
        The designs among which the choice is.
    """
    told = [_obstacle(cases, criterion, names) for criterion in criteria]
    return [not text for text in told], told


def _obstacle(cases: Cases, criterion: Criterion, names: list[str]) -> str:
    if not criterion.weight:
        return "it weighs nothing"
    lacking = [name for name in names if not cases.has(name, criterion.quantity)]
    # What costs an unknown amount is not ranked, rather than ranked without its cost.
    if lacking and (not criterion.money or len(lacking) == len(names)):
        return f"{', '.join(lacking)} has no such quantity"
    for name in names:
        values = cases.values(name, criterion.quantity)
        if np.any(values < 0.0) or (criterion.lower and np.any(values == 0.0)):
            return f"it reaches zero or less for {name}, and ratios to that mean nothing"
    return ""
