"""What sampling says: spread of each result, chances of requirements, who is better how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from planner.decision.cases import AlignedCases
from planner.decision.choice import Entry
from planner.decision.requirements import requirement_met
from planner.judge import Judge
from planner.models.decision import probability_better
from planner.numbers import rounded
from planner.ranges import TAIL
from planner.snapshot import QUANTITIES

Data: TypeAlias = dict[str, Any]
Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

PLACES = 6


def uncertainty(
    cases: AlignedCases, judge: Judge, entries: Mapping[str, Entry], criteria: list[Data], seed: int
) -> Data:
    """Results over the draws, as plain data.

    Parameters
    ----------
    cases : AlignedCases
        The designs of a scenario.
    judge : Judge
        Its requirements.
    entries : mapping
        The designs' entries of the snapshot.
    criteria : list of dict
        What the designs are compared by, as in the recommendation.
    seed : int
        What the order of the draws depends on.

    Returns
    -------
    dict
        5th, 50th and 95th percentile of each main quantity and criterion of each design, the
        probability that it meets each requirement and all, and for each criterion and pair of
        designs the probability that the first is better, a tie counting half. Null where a number
        is unknown in any draw.
    """
    draws = slice(cases.first_draw, None)
    names = list(dict.fromkeys((*QUANTITIES, *(item["quantity"] for item in criteria))))
    return {
        "samples": cases.draws,
        "seed": seed,
        "designs": [
            {
                "design": name,
                "quantities": _quantities(cases, entries[name], names, draws),
                **_requirements(cases, judge, entries[name], draws),
            }
            for name in cases.names
        ],
        "better": [
            {"quantity": item["quantity"], "pairs": _pairs(cases, item, draws)} for item in criteria
        ],
    }


def _quantities(cases: AlignedCases, entry: Entry, names: list[str], draws: slice) -> Data:
    found = {}
    for name in names:
        values = cases.values(entry["id"], name)[draws]
        if values.size and np.all(np.isfinite(values)):
            low, middle, high = np.quantile(values, [TAIL, 0.5, 1.0 - TAIL], method="hazen")
            found[name] = {
                "p5": rounded(float(low)),
                "p50": rounded(float(middle)),
                "p95": rounded(float(high)),
                "unit": entry["quantities"][name]["unit"],
            }
    return found


def _requirements(cases: AlignedCases, judge: Judge, entry: Entry, draws: slice) -> Data:
    texts = [item["text"] for item in entry["requirements"]]
    rows = [requirement_met(judge, cases, index, entry["id"])[draws] for index in range(len(texts))]
    every = np.all(np.array(rows) == 1.0, axis=0) if rows else np.ones(cases.draws)
    known = not any(np.isnan(row).any() for row in rows)
    return {
        "all_requirements": _probability(every) if known else None,
        "requirements": [
            {"text": text, "probability": _probability(row)}
            for text, row in zip(texts, rows, strict=True)
        ],
    }


def _pairs(cases: AlignedCases, criterion: Data, draws: slice) -> Data:
    """The probability that the first is better than the second, by both names."""
    sign = -1.0 if criterion["better"] == "lower" else 1.0
    values = {name: sign * cases.values(name, criterion["quantity"])[draws] for name in cases.names}
    return {
        one: {
            other: _round(probability_better(values[one], values[other]))
            for other in cases.names
            if other != one
        }
        for one in cases.names
    }


def _probability(values: Values) -> float | None:
    return _round(np.mean(values)) if values.size else None


def _round(value: Any) -> float | None:
    return None if np.isnan(value) else round(float(value), PLACES)
