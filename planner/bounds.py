"""Everything that bounds a throughput: how much each allows, and how far it is from binding."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from planner.sheet import BOUND, Cell, limiter

LISTED = (
    "read_throughput",
    "write_throughput",
    "read_throughput_one_client",
    "write_throughput_one_client",
    "read_iops",
    "write_iops",
    "recovery_rate",
    "demand_factor",
)
SAME = 1e-12


def bounds_of(cells: Mapping[str, Cell]) -> dict[str, list[dict[str, Any]]]:
    """The bounds of each throughput by its name, least first.

    Parameters
    ----------
    cells : mapping
        Quantities of a design that are single numbers.

    Returns
    -------
    dict
        Of each quantity a list of entries: `resource`, `value` and `unit`, and `headroom`, by how
        much the bound is above what is reached, as a part of it: 0 where it binds. What bounds
        nothing is left out, and so is a quantity that is zero or unknown.
    """
    found = {name: list(_entries(cell)) for name, cell in cells.items() if _listed(name, cells)}
    return {name: entries for name, entries in found.items() if len(entries) > 1}


def _listed(name: str, cells: Mapping[str, Cell]) -> bool:
    """Whether it is a throughput, and is not listed under its backend's name as well."""
    backend, _, quantity = name.rpartition(".")
    return quantity in LISTED and not (backend and cells.get(quantity) is cells[name])


def _entries(cell: Cell) -> Iterator[dict[str, Any]]:
    reached = float(cell.nominal)
    if math.isnan(reached) or reached == 0.0:
        return
    known = [(name, bound, float(bound.nominal)) for name, bound in cell.bounds()]
    for name, bound, value in sorted(known, key=lambda item: item[2]):
        if not math.isfinite(value):
            continue
        yield {
            "resource": _resource(name, bound),
            "value": float(f"{value:.12g}"),
            "unit": cell.unit,
            "headroom": float(f"{value / reached - 1.0:.6g}"),
            "binds": value <= reached * (1.0 + SAME),
        }


def _resource(name: str, bound: Cell) -> str:
    """The resource; of a bound that is itself the least of others, also which of them."""
    resource, inner = name.partition(BOUND)[0].replace("_", " "), limiter(bound)
    return f"{resource}: {inner}" if inner and inner != resource else resource
