"""When a design's money is spent, and where one design overtakes another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from planner.compute import Computed
from planner.models.break_even import break_even_electricity_price, crossing
from planner.numbers import range_data, rounded
from planner.ranges import Columns, Values

PARTS = {
    "energy": "energy_by_year",
    "upkeep": "upkeep_by_year",
    "replacement": "replacement_by_year",
    "end": "end_by_year",
}
ROWS = {"spent": "cumulative_cost", "worth_today": "cumulative_present_cost"}


def cash_flow(computed: Computed, currency: str) -> list[dict[str, Any]]:
    """The money of each year of use, the purchase first.

    Parameters
    ----------
    computed : Computed
        The design.
    currency : str
        What money is counted in.

    Returns
    -------
    list of dict
        One entry a year: `year`, and `until`, years after the purchase when it ends; `purchase`,
        `energy`, `upkeep`, `replacement` and `end` (disposal less resale) of this year; `cost`,
        their sum, and `spent`, all of it up to then; `worth_today`, the same with interest. Nothing
        where the years of use are not known.
    """
    cells, columns = computed.design, computed.columns
    if "cumulative_cost" not in cells or not math.isfinite(float(cells["years_of_use"].nominal)):
        return []
    years = math.ceil(float(cells["years_of_use"].nominal) - 1e-9)

    rows = {name: cells[key].value for name, key in ROWS.items()}
    rows |= {name: cells[key].value for name, key in PARTS.items() if key in cells}
    each = {
        name: np.diff(values, axis=0, prepend=0.0 * values[:1]) for name, values in rows.items()
    }
    found: dict[str, Iterable[Values]] = {
        "purchase": [cells["capital_cost"].value, *[np.zeros(1)] * years],
        **{name: each[name] for name in PARTS if name in each},
        "cost": each["spent"],
        **{name: rows[name] for name in ROWS},
    }
    told = {name: _told(columns, values, currency) for name, values in found.items()}
    return [
        {
            "year": year,
            "until": float(cells["year_end"].nominal[year]),
            **{name: numbers[year] for name, numbers in told.items()},
        }
        for year in range(years + 1)
    ]


def _told(columns: Columns, amounts: Iterable[Values], currency: str) -> list[dict[str, Any]]:
    """Amounts of money with their ranges.

    What no unknown number moves is known: a replacement that is not due costs nothing.
    """

    def known(values: Values) -> Values:
        probes = np.broadcast_to(values, (columns.width,))[1 : 2 + len(columns.unknown)]
        unmoved = columns.unknown and np.isnan(values[0]) and np.all(probes == probes[0])
        return probes[:1] if unmoved else values

    ranges = columns.ranges_of([known(values) for values in amounts])
    return [range_data(found, "money", currency) for found in ranges]


LINES = ("net_present_cost", "present_cost_without_energy", "present_energy")
GROWTH = ("present_cost_without_vms", "present_cost_of_a_vm")


def break_even(designs: Mapping[str, Computed], currency: str) -> list[dict[str, Any]]:
    """Where of two designs the other becomes the cheaper one, for every pair.

    Parameters
    ----------
    designs : mapping
        The designs by name.
    currency : str
        What money is counted in.

    Returns
    -------
    list of dict
        One entry a pair: `designs`; `cheaper`, the one that costs less over the years of use as it
        is worth today, none where a cost is unknown; `electricity_price` and `vms`, each with the
        `value` at which both cost the same, and the design that is `cheaper_below` and
        `cheaper_above` it. Where the costs never meet there is no value, and both name the same.
    """
    known = {name: _nominal(computed) for name, computed in designs.items()}
    return [
        {
            "designs": [one, two],
            "cheaper": _cheaper(one, two, known[one]["net_present_cost"],
                                known[two]["net_present_cost"]),
            "electricity_price": _price(one, two, known) | {"unit": f"{currency}/kWh"},
            "vms": _vms(one, two, known) | {"unit": "vm"},
        }
        for one, two in combinations(designs, 2)
    ]  # fmt: skip


def _nominal(computed: Computed) -> dict[str, float]:
    cells = computed.design
    return {
        name: float(cells[name].nominal) if name in cells else math.nan
        for name in (*LINES, *GROWTH)
    }


def _price(one: str, two: str, known: Mapping[str, dict[str, float]]) -> dict[str, Any]:
    fixed, slope = ([known[name][key] for name in (one, two)] for key in LINES[1:])
    at = float(break_even_electricity_price(fixed[0], slope[0], fixed[1], slope[1]))
    return _around(one, two, fixed, slope, at)


def _vms(one: str, two: str, known: Mapping[str, dict[str, float]]) -> dict[str, Any]:
    fixed, slope = ([known[name][key] for name in (one, two)] for key in GROWTH)
    at = float(crossing(fixed[0], slope[0], fixed[1], slope[1]))
    return _around(one, two, fixed, slope, at)


def _around(
    one: str, two: str, fixed: list[float], slope: list[float], at: float
) -> dict[str, Any]:
    """The crossing of two lines of cost, and which is the lower on either side of it."""
    if not all(map(math.isfinite, (*fixed, *slope))):
        return {"value": None, "cheaper_below": None, "cheaper_above": None}
    if math.isfinite(at):
        below, above = _cheaper(one, two, *fixed), _cheaper(one, two, *slope)
    else:
        # They never meet above zero: where one is equal the other decides.
        below = above = _cheaper(one, two, *fixed) or _cheaper(one, two, *slope)
    return {"value": rounded(at), "cheaper_below": below, "cheaper_above": above}


def _cheaper(one: str, two: str, cost: float, other: float) -> str | None:
    if not (math.isfinite(cost) and math.isfinite(other)) or cost == other:
        return None
    return one if cost < other else two
