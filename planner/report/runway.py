"""How long the designs last: as text, CSV, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from planner.report.inert import markdown, plain
from planner.report.render import csv_table, markdown_table
from planner.report.tables import Heading, Table, number
from planner.report.text import table_text, wrap

HEADER = ("design", "kind", "name", "added", "months", "low", "high", "until", "limit")
LEGEND = (
    "Months until the demand, which grows by its rate every year, exceeds what is left after the "
    "loss of the host that has most; [90 % range]; `never` where it does not grow. A date is the "
    "month in which that is. Hosts are added where they help most."
)


def render_runway(data: dict[str, Any], output: str) -> str:
    """Months until each resource is full, and what added hosts change."""
    if output == "json":
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if output == "csv":
        return csv_table(HEADER, _rows(data))
    title = f"{data['scenario']}: how long the designs last"
    tables = [_summary(data)]
    if len(data["designs"]) == 1:
        (design,) = data["designs"]
        tables = [_resources(design), _added(data, design)]
    remarks = [line for design in data["designs"] for line in _remarks(design)]
    if output == "md":
        parts = [f"# {markdown(title)}", ""]
        parts += [markdown_table(table) for table in tables if table.rows]
        return "\n".join([*parts, *(f"- {markdown(one)}" for one in remarks), "", LEGEND, ""])
    parts = [plain(title), ""]
    parts += [table_text(table) + "\n" for table in tables if table.rows]
    parts += [wrap(line, "  ", "") for line in remarks]
    return "\n".join([*parts, *([""] if remarks else []), wrap(LEGEND)]) + "\n"


def _summary(data: dict[str, Any]) -> Table:
    heads = [
        Heading("design", left=True),
        Heading("full in", "months"),
        Heading("90 % range"),
        Heading("until"),
        Heading("limit", left=True),
        Heading("hosts to add", _horizon(data)),
    ]
    rows = [
        (
            design["id"],
            _months(design["months"]["value"]),
            _ends(design["months"]),
            design["until"] or "-",
            design["limit"],
            _to_add(data, design),
        )
        for design in data["designs"]
    ]
    return Table("Until the first resource is full", tuple(heads), tuple(rows))


def _horizon(data: dict[str, Any]) -> str:
    return "" if data["years"] is None else f"for {data['years']:g} years"


def _to_add(data: dict[str, Any], design: dict[str, Any]) -> str:
    """Hosts that bring the design to the horizon, by group."""
    if data["years"] is None or not design["added"]:
        return "-"
    enough = next((row for row in design["added"] if row["short"] == 0), None)
    if enough is None:
        return f"over {design['added'][-1]['added']}"
    return ", ".join(f"{n} {name}" for name, n in enough["groups"].items() if n) or "none"


def _resources(design: dict[str, Any]) -> Table:
    heads = [
        Heading("resource", left=True),
        *(Heading("grows by", "% a year"), Heading("full in", "months")),
        *(Heading("90 % range"), Heading("until")),
    ]
    first = design["limit"].split(" and ")
    rows = [
        (
            f"* {one['text']}" if one["name"] in first else one["text"],
            "?" if one["growth"] is None else number(100.0 * one["growth"]),
            _full_in(design, one),
            _ends(one["months"]),
            one["until"] or "-",
        )
        for one in design["resources"]
    ]
    rows += [
        (
            f"{one['text']}, with {_more(one['added'])}",
            "-",
            _months(one["months"]),
            "",
            one["until"] or "-",
        )
        for one in design["rooms"]
    ]
    return Table(f"{design['id']}: * is full first", tuple(heads), tuple(rows))


def _more(added: int | None) -> str:
    return "what is there" if not added else f"{added} host{'' if added == 1 else 's'} more"


def _added(data: dict[str, Any], design: dict[str, Any]) -> Table:
    heads = [
        Heading("hosts added", left=True),
        *(Heading("VMs, one host lost"), Heading("full in", "months"), Heading("until")),
    ]
    if data["years"] is not None:
        heads.append(Heading(f"short of {12 * data['years']:g}", "months"))
    heads += [Heading("limit", left=True), Heading("too little of", left=True)]
    rows = []
    for row in design["added"]:
        groups = ", ".join(f"{n} {name}" for name, n in row["groups"].items() if n)
        cells = [
            groups or "none",
            "?" if row["vms"] is None else number(row["vms"], whole=True),
            _months(row["months"]),
            row["until"] or "-",
        ]
        if data["years"] is not None:
            cells.append(number(row["short"]))
        rows.append((*cells, row["limit"], ", ".join(one["text"] for one in row["beyond"])))
    return Table("What added hosts change", tuple(heads), tuple(rows))


def _full_in(design: dict[str, Any], resource: dict[str, Any]) -> str:
    if resource["name"] == "healing" and design["heals"] is False:
        return "cannot"
    return _months(resource["months"]["value"])


def _months(value: float | None) -> str:
    return "never" if value is None else number(value)


def _ends(item: dict[str, Any]) -> str:
    if item["low"] is None or item["high"] is None:
        return ""
    return f"{number(item['low'])} .. {number(item['high'])}"


def _remarks(design: dict[str, Any]) -> Iterator[str]:
    if design["heals"] is False:
        yield (
            f"{design['id']}: the shared storage cannot heal after the loss of a host, however "
            "little it holds: no matter of time"
        )


def _rows(data: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for design in data["designs"]:
        name = design["id"]
        yield (name, "design", "", None, *_numbers(design), design["until"] or "", design["limit"])
        for one in design["resources"]:
            yield (name, "resource", one["name"], None, *_numbers(one), one["until"] or "", "")
        for one in design["rooms"]:
            months, end = one["months"], one["until"] or ""
            yield (name, "room", one["text"], one["added"], months, None, None, end, "")
        for row in design["added"]:
            groups = ", ".join(f"{n} {group}" for group, n in row["groups"].items() if n)
            end, months = row["until"] or "", row["months"]
            yield (name, "added", groups, row["added"], months, None, None, end, row["limit"])


def _numbers(item: dict[str, Any]) -> tuple[float | None, ...]:
    return tuple(item["months"][key] for key in ("value", "low", "high"))
