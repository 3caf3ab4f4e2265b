"""Numbers as a snapshot holds them: rounded, with their range, in the scenario's currency."""

from __future__ import annotations

import math
from typing import Any

from planner.facts import Fact
from planner.ranges import COUNTED, Columns, Range, Values

DIGITS = 12


def rounded(value: float | None) -> float | None:
    """The value without the noise of its last bits, which may differ between machines.

    Examples
    --------
    >>> rounded(0.1 + 0.2), rounded(float("inf")), rounded(None)
    (0.3, None, None)
    """
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}")


def number_data(columns: Columns, values: Values, unit: str, currency: str) -> dict[str, Any]:
    """A result with its 90 % range and its unit."""
    return range_data(columns.range_of(values), unit, currency)


def range_data(found: Range, unit: str, currency: str) -> dict[str, Any]:
    """A number with its range and its unit."""
    if unit in COUNTED:
        found = _whole(found)
    ends = Range(*(rounded(item) for item in found))._asdict()
    return {**ends, "unit": unit.replace("money", currency)}


def unknown_data(unit: str, currency: str) -> dict[str, Any]:
    """A number of which nothing is known."""
    return {"value": None, "low": None, "high": None, "unit": unit.replace("money", currency)}


def fact_data(fact: Fact, currency: str) -> dict[str, Any]:
    """A fact with its provenance; its date where it has one."""
    found = {
        "value": fact.value,
        "low": fact.low,
        "high": fact.high,
        "unit": fact.unit.replace("money", currency),
        "basis": str(fact.basis),
        "source": fact.source,
        "note": fact.note,
        "where": str(fact.mark) if fact.mark else "",
    }
    return {**found, "date": fact.date} if fact.date else found


def _whole(found: Range) -> Range:
    """The range of a count, widened to whole numbers."""
    low = None if found.low is None else math.floor(found.low)
    high = None if found.high is None else math.ceil(found.high)
    return Range(found.value, low, high)
