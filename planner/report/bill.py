"""The bill of materials of a design in each of the formats."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from planner.report.inert import markdown, plain
from planner.report.render import csv_table, markdown_table
from planner.report.tables import LEGEND, Heading, Table, value_text
from planner.report.text import table_text, wrap
from planner.snapshot import Snapshot, find_design
from planner.units import format_quantity

HEADER = (
    "group",
    "part",
    "title",
    "owned",
    "spare",
    "per_item",
    "items",
    "quantity",
    "price",
    "price_low",
    "price_high",
    "total_price",
    "total_price_low",
    "total_price_high",
    "currency",
    "asked",
    "asked_currency",
    "rate",
    "rate_date",
    "basis",
    "date",
    "source",
    "note",
)


def render_bill(snapshot: Snapshot, name: str, output: str) -> str:
    """What a design is made of, and what it costs to buy.

    Raises
    ------
    InputError
        When there is no such design.
    """
    design = find_design(snapshot, name)
    lines = design["bill_of_materials"]
    if output == "json":
        total = design["quantities"]["capital_cost"]
        data = {"design": name, "bill_of_materials": lines, "capital_cost": total}
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if output == "csv":
        return csv_table(HEADER, bill_rows(lines))
    table, closing = bill_table(design), [*bill_notes(design), LEGEND]
    if output == "md":
        return "\n".join([markdown_table(table), *(f"{markdown(text)}\n" for text in closing)])
    head = plain(f"{design['id']}: {design['title']}")
    told = (wrap(text, "    " if text.startswith("[") else "", "") for text in closing)
    return "\n".join([head, "", table_text(table), "", *told]) + "\n"


def bill_table(design: dict[str, Any]) -> Table:
    """One row a part of a group; prices with their range, and the number of their source."""
    lines = design["bill_of_materials"]
    numbers = {text: n for n, text in enumerate(_sources(lines), 1)}
    currency = design["quantities"]["capital_cost"]["unit"]
    headings = (
        Heading("group", left=True),
        Heading("part", left=True),
        Heading("each"),
        Heading("in all"),
        Heading("price", currency),
        Heading("total", currency),
        Heading("source", left=True),
    )
    rows = (
        (
            "spares" if line["spare"] else line["group"],
            line["part"],
            "" if line["per_item"] is None else f"{line['per_item']:g}",
            f"{line['quantity']:g}",
            value_text(line["unit_price"], ranged=True),
            _total_text(line),
            f"[{numbers[_source(line)]}]",
        )
        for line in lines
    )
    return Table("Bill of materials", headings, tuple(rows))


def bill_notes(design: dict[str, Any]) -> list[str]:
    """What stands below the table: the total, and the sources by number."""
    sources = enumerate(_sources(design["bill_of_materials"]), 1)
    total = _total(design["quantities"]["capital_cost"])
    return [total, *(f"[{n}] {text}" for n, text in sources)]


def _total_text(line: dict[str, Any]) -> str:
    return value_text({**line["total_price"], "basis": line["unit_price"]["basis"]})


def _sources(lines: Iterable[dict[str, Any]]) -> Iterable[str]:
    return dict.fromkeys(_source(line) for line in lines)


def _source(line: dict[str, Any]) -> str:
    """Where a price comes from, and of when it is; why there is none."""
    price = line["unit_price"]
    if price["value"] is None:
        return f"price unknown: {price['note']}" if price["note"] else "price unknown"
    told = (price["source"], price["date"] and f"of {price['date']}", price["note"], _rate(price))
    return "; ".join(filter(None, told)) or f"{price['basis']}, without a source"


def _rate(price: dict[str, Any]) -> str:
    """The rate at which a price was converted, and who says so."""
    rate = price.get("rate")
    if rate is None:
        return ""
    return f"at {format_quantity(rate['value'], rate['unit'])} of {rate['date']} ({rate['source']})"


def _total(total: dict[str, Any]) -> str:
    if total["value"] is None and total["low"] is not None:
        amount = format_quantity(total["low"], total["unit"])
        return f"To buy: at least {amount}; the parts whose price is unknown come on top."
    amount = format_quantity(total["value"], total["unit"])
    if total["low"] is None:
        return f"To buy: {amount}."
    low, high = (format_quantity(total[key], total["unit"]) for key in ("low", "high"))
    return f"To buy: {amount}, 90 % range {low} to {high}."


def bill_rows(lines: Iterable[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """One row a part of a group, with its price and where that comes from."""
    return map(_row, lines)


def _row(line: dict[str, Any]) -> tuple[Any, ...]:
    price, total = line["unit_price"], line["total_price"]
    asked, rate = price.get("asked", {}), price.get("rate", {})
    numbers = ("value", "low", "high")
    return (
        *(line[key] for key in HEADER[:8]),
        *(price[key] for key in numbers),
        *(total[key] for key in numbers),
        price["unit"],
        *(asked.get(key) for key in ("value", "unit")),
        *(rate.get(key) for key in ("value", "date")),
        *(price[key] for key in ("basis", "date", "source", "note")),
    )
