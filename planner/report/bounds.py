"""The table of what bounds the throughput of a design."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.report.tables import Table, text_table
from planner.units import format_quantity

HEADINGS = ("throughput", "resource", "allows", "headroom")


def bound_tables(design: dict[str, Any]) -> Iterator[Table]:
    """One row a bound, the binding one first; nothing for a design without several bounds."""
    bounds = design["bounds"]
    rows = [
        (name if first else "", item["resource"], _allowed(item), _headroom(item))
        for name, items in bounds.items()
        for first, item in zip([True, *[False] * len(items)], items, strict=False)
    ]
    if rows:
        yield text_table("What bounds the throughput", HEADINGS, rows)


def _allowed(item: dict[str, Any]) -> str:
    if item["unit"] == "1":
        return f"{item['value']:.3g} times"
    return format_quantity(item["value"], item["unit"])


def _headroom(item: dict[str, Any]) -> str:
    if item["binds"]:
        return "binds"
    return f"{100.0 * item['headroom']:,.0f} %"
