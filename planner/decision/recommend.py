"""The recommendation as plain data: what to choose, why, how sure, and what would change it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from planner.decision.cases import AlignedCases
from planner.decision.changes import changes
from planner.decision.choice import Choice, Entry, ranked_criteria
from planner.decision.criteria import TOTALS, cost_of, criteria_of
from planner.decision.losses import losses
from planner.decision.reasons import reasons
from planner.decision.sensitivity import main_inputs
from planner.judge import Judge
from planner.models.decision import first_share, regret, simplex_weights, weighted_score
from planner.numbers import rounded
from planner.plan import DesignPlan

Data: TypeAlias = dict[str, Any]
Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

PLACES = 4
"""Shares are told to so many places; there are 1,010 draws or some thousands."""


def recommendation(
    cases: AlignedCases, judge: Judge, entries: Mapping[str, Entry], baseline: DesignPlan | None
) -> Data:
    """Which design to choose.

    Parameters
    ----------
    cases : AlignedCases
        The designs of a scenario.
    judge : Judge
        Its requirements.
    entries : mapping
        The designs' entries of the snapshot.
    baseline : DesignPlan or None
        The design that the others are to replace.

    Returns
    -------
    dict
        ``design`` is the best one that meets every requirement, breaks no rule, is dominated by
        no other such design and whose cost and criteria are known; null where there is none.

    Raises
    ------
    InputError
        The scenario's weights or penalties name what is not there.
    """
    return _Recommender(cases, judge, entries, baseline).data()


@dataclass(frozen=True)
class _Recommender:
    cases: AlignedCases
    judge: Judge
    entries: Mapping[str, Entry]
    baseline: DesignPlan | None

    def data(self) -> Data:
        winner = int(self.choice.winner[0])
        design = None if winner < 0 else self.cases.names[winner]
        found: Data = {
            "design": design,
            "action": self._action(design),
            "reasons": [],
            "limit": None if design is None else self.entries[design]["limits"].get("vms"),
            "draws": self.cases.draws,
            "cost": self.choice.cost,
            "equal_weights": not self.judge.loaded.scenario.weights,
            "criteria": self._criteria(),
            "ranking": self._ranking(),
            "dominated": self._dominated(),
            "at_risk": self._at_risk(),
            "would_change": self._changes(),
            "regret": self._regret(),
        }
        return {**found, "reasons": reasons(found, self.entries)}

    @cached_property
    def choice(self) -> Choice:
        criteria = criteria_of(self.judge, self._has)
        able = [
            name
            for name in self.cases.names
            if all(item["met"] for item in self.entries[name]["requirements"])
            and not any(item["severity"] == "error" for item in self.entries[name]["findings"])
        ]
        ranked, _ = ranked_criteria(self.cases, criteria, able or list(self.cases.names))
        return Choice(
            self.cases, self.judge, self.entries, criteria, tuple(ranked), cost_of(self._has)
        )

    def _has(self, quantity: str) -> bool:
        return any(self.cases.has(name, quantity) for name in self.cases.names)

    def _action(self, design: str | None) -> str | None:
        if design is None:
            return None
        groups = self.cases.designs[design].plan.groups
        return "keep" if all(group.owned for group in groups) else "buy"

    def _criteria(self) -> list[Data]:
        able = [item.name for item in self.choice.standings if item.qualified]
        names = able or list(self.cases.names)
        _, obstacles = ranked_criteria(self.cases, self.choice.criteria, names)
        return [
            {
                "quantity": criterion.quantity,
                "weight": criterion.weight,
                "better": "lower" if criterion.lower else "higher",
                "left_out": obstacle or None,
            }
            for criterion, obstacle in zip(self.choice.criteria, obstacles, strict=True)
        ]

    # Ranking

    def _ranking(self) -> list[Data]:
        choice = self.choice
        draws = slice(self.cases.first_draw, None)
        best = self._shares(choice.score[:, draws], choice.candidates[:, draws])
        loss = -self._cost()[:, draws]
        cheapest = self._shares(loss, choice.candidates[:, draws])
        rows = [
            {
                "design": standing.name,
                "qualified": standing.qualified,
                "score": rounded(float(choice.score[i, 0])),
                "merits": self._merits(i),
                "cost_known": bool(choice.priced[i, 0]),
                "failed": list(standing.failed),
                "cannot_be_judged": list(standing.unjudged),
                "errors": list(standing.errors),
                "first_in_weightings": self._first_in_weightings[i],
                "probability_qualified": self._probability_qualified(i),
                "probability_best": best[i],
                "probability_cheapest": cheapest[i],
            }
            for i, standing in enumerate(choice.standings)
        ]
        return sorted(rows, key=_by_rank)

    def _merits(self, design: int) -> Data:
        names = [
            criterion.quantity
            for criterion, ranked in zip(self.choice.criteria, self.choice.ranked, strict=True)
            if ranked
        ]
        if not names:
            return {}
        values = self.choice.merits[design, :, 0]
        return {name: rounded(float(value)) for name, value in zip(names, values, strict=True)}

    @cached_property
    def _first_in_weightings(self) -> list[float | None]:
        """Share of all weightings by which each candidate is first."""
        candidates = self.choice.candidates[:, 0]
        if not candidates.any():
            return [None] * len(candidates)
        weights = simplex_weights(len(self.choice.weights))
        score = weighted_score(self.choice.merits[candidates, :, :1], weights)
        shares = iter(first_share(score))
        return [_share(next(shares)) if able else None for able in candidates]

    def _shares(self, score: Values, allowed: Flags) -> list[float | None]:
        if not self.cases.draws:
            return [None] * len(score)
        return [_share(found) for found in first_share(score, allowed)]

    def _probability_qualified(self, design: int) -> float | None:
        """Share of the draws in which a design may be chosen; None where that is unknown."""
        draws = slice(self.cases.first_draw, None)
        if not self.cases.draws or np.isnan(self.choice.met[design, :, draws]).any():
            return None
        return _share(np.mean(self.choice.allowed[design, draws]))

    def _cost(self) -> Values:
        cost = self.choice.cost
        if cost is None:
            return np.full((len(self.cases.names), self.cases.width), np.nan)
        return np.array([self.cases.values(name, cost) for name in self.cases.names])

    # Dominance, changes, regret

    def _dominated(self) -> list[Data]:
        found = self.choice.dominance
        draws = np.any(found[..., self.cases.first_draw :], axis=0)
        return [
            {
                "design": name,
                "by": [self.cases.names[j] for j in np.flatnonzero(found[:, i, 0])],
                "probability": _share(np.mean(draws[i])) if self.cases.draws else None,
            }
            for i, name in enumerate(self.cases.names)
            if found[:, i, 0].any()
        ]

    def _changes(self) -> list[Data]:
        currency = self.judge.loaded.scenario.currency
        return [
            {
                "input": change.thing,
                "side": "above" if change.high else "below",
                "within_range": change.part <= 1.0 and change.facts[0][0].has_range,
                "facts": [
                    {
                        "name": fact.name,
                        "value": rounded(fact.value),
                        "low": rounded(fact.low),
                        "high": rounded(fact.high),
                        "turns_at": rounded(at),
                        "unit": fact.unit.replace("money", currency),
                    }
                    for fact, at in change.facts
                ],
                "becomes": change.becomes,
                "fails": list(change.fails),
            }
            for change in changes(self.choice, self.cases, self.baseline)
        ]

    def _at_risk(self) -> list[Data]:
        """Requirements that the chosen design misses in some draws, and what they hang on."""
        winner, draws = int(self.choice.winner[0]), slice(self.cases.first_draw, None)
        if winner < 0 or not self.cases.draws:
            return []
        name = self.cases.names[winner]
        items = self.entries[name]["requirements"]
        met = self.choice.met[winner, :, draws]
        return [
            {
                "text": item["text"],
                "probability": _share(np.mean(row)),
                "inputs": main_inputs(self.cases, name, row),
            }
            for item, row in zip(items, met, strict=True)
            if not np.isnan(row).any() and np.any(row == 0.0)
        ]

    def _regret(self) -> Data:
        """How much more each qualified design costs than the best of them, penalties included."""
        choice, draws = self.choice, slice(self.cases.first_draw, None)
        known = choice.allowed[:, 0] & np.all(choice.priced, axis=1)
        names = list(self.cases.names)
        loss = losses(self.cases, self.judge, names, choice.cost or TOTALS[0])[known][:, draws]
        if not self.cases.draws or not known.any():
            return {"quantity": choice.cost, "least": None, "designs": []}
        found = regret(loss)
        rows: list[Data] = [
            {
                "design": name,
                "mean": rounded(float(np.mean(row))),
                "greatest": rounded(float(np.max(row))),
            }
            for name, row in zip(itertools.compress(names, known), found, strict=True)
        ]
        winner = int(choice.winner[0])
        chosen = names[winner] if winner >= 0 else None
        least = min(rows, key=lambda row: (_or_infinite(row["greatest"]), row["design"] != chosen))
        return {"quantity": choice.cost, "least": least["design"], "designs": rows}


def _or_infinite(value: float | None) -> float:
    return np.inf if value is None else value


def _share(value: Any) -> float:
    return round(float(value), PLACES)


def _by_rank(row: Data) -> tuple[bool, float]:
    """Qualified designs first, then by score, those without a score last."""
    return not row["qualified"], -(row["score"] if row["score"] is not None else -1.0)
