"""Which VM runs on which host, from the layout's data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from planner.report.admission import admission_line
from planner.report.inert import markdown
from planner.report.render import csv_table, markdown_table
from planner.report.tables import Heading, Table, number
from planner.report.text import table_text, wrap
from planner.units import format_quantity

HEADER = ("vm", "flavour", "host", "group", "resource lacking", "rule")
SHOWN_IN = {"B": ("GiB", 2.0**30), "B/s": ("MB/s", 1e6)}
VERDICTS = {
    "fits": "All {asked} VMs have a place.",
    "does not fit": "{placed} of {asked} VMs have a place; there is none for all.",
    "not found": "{placed} of {asked} VMs have a place; a layout with all was not found, though "
    "nothing proves that there is none.",
    "unknown": "Whether the VMs fit cannot be said: {unknown} is not known.",
}
MOST_ROWS = 60
LEGEND = (
    "Used: share of what may be promised after the host's reserve, times the overcommit ratio. "
    "Stranded: left on hosts on which no VM of any size fits any more."
)


def render_layout(data: dict[str, Any], output: str) -> str:
    """Where VMs run, in one of the formats; CSV has a row for each VM."""
    if output == "json":
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if output == "csv":
        return csv_table(HEADER, _csv_rows(data))
    lines, tables = list(_lines(data)), list(_tables(data))
    title = f"{data['design']}: {data['title']}"
    if output == "md":
        told = [f"{markdown(line)}\n" for line in lines]
        return "\n".join([f"# {markdown(title)}\n", *told, *map(markdown_table, tables)])
    parts = [wrap(title), *(wrap(line) for line in lines), ""]
    return "\n".join([*parts, *(f"{table_text(table)}\n" for table in tables), wrap(LEGEND)]) + "\n"


def _lines(data: dict[str, Any]) -> Iterator[str]:
    asked, placed = data["asked"], data["placed"]
    unknown = ", ".join(data["unknown"])
    yield VERDICTS[data["verdict"]].format(asked=asked, placed=placed, unknown=unknown)
    yield admission_line(data["admission"])
    if data["hosts_there"]:
        yield _hosts_line(data)
    if data["binds"]:
        yield f"Scarcest: {data['binds']}."
    for one in data["shared"]:
        used, room = (format_quantity(one[key], one["unit"]) for key in ("used", "capacity"))
        yield f"{one['name'].capitalize()}: {used} of {room} used."
    yield from (f"Note: {note}." for note in data["notes"])


def _hosts_line(data: dict[str, Any]) -> str:
    told = f"{data['hosts_used']} of {data['hosts_there']} hosts in use"
    spare = data["spare_hosts"]
    kept = data["losses"] + data["maintenance"]
    if spare:
        told += f", and {len(spare)} kept empty ({', '.join(spare[:6])}{', ..' * (len(spare) > 6)})"
    if kept:
        told += f", so that {data['losses']} may fail and {data['maintenance']} be in maintenance"
    if data["hosts_at_least"] is not None:
        told += f"; no layout needs fewer than {data['hosts_at_least']:,.0f}"
        told += f" (gap {100 * data['gap']:.3g} %)" if data["gap"] else ""
    return told + "."


def _tables(data: dict[str, Any]) -> Iterator[Table]:
    if data["unplaced"]:
        yield _unplaced_table(data)
    if data["hosts"]:
        yield _resource_table(data)
        yield _host_table(data)


def _unplaced_table(data: dict[str, Any]) -> Table:
    headings = (
        *(
            Heading("flavour", left=True),
            Heading("left over", "VMs"),
            Heading("lacking", left=True),
        ),
        *(Heading("a VM asks", left=True), Heading("there is", left=True)),
        Heading("because", left=True),
    )
    rows = tuple(
        (
            one["flavour"],
            f"{one['vms']:,}",
            one["resource"],
            *(_amount(one[key], one["unit"]) for key in ("asked", "available")),
            one["rule"],
        )
        for one in data["unplaced"]
    )
    return Table("VMs without a place", headings, rows)


def _amount(value: float | None, unit: str) -> str:
    return "" if value is None else format_quantity(value, unit).partition(" (")[0]


def _resource_table(data: dict[str, Any]) -> Table:
    keys = ("capacity", "used", "stranded")
    headings = (
        Heading("resource", left=True),
        *(Heading(text) for text in ("may be promised", "used", "stranded")),
        Heading("used", "%"),
    )
    rows = tuple(
        (
            one["resource"],
            *(_shown(one[key], one["unit"]) for key in keys),
            number(100 * one["used"] / one["capacity"]) if one["capacity"] else "-",
        )
        for one in data["resources"]
    )
    return Table("All hosts together", headings, rows)


def _shown(value: float | None, unit: str) -> str:
    name, size = SHOWN_IN.get(unit, (unit, 1.0))
    return "-" if value is None else f"{number(value / size, whole=True)} {name}"


def _host_table(data: dict[str, Any]) -> Table:
    """Hosts with the same VMs in one row."""
    resources = [one["resource"] for one in data["resources"]]
    headings = (
        *(Heading("hosts", left=True), Heading("of them"), Heading("VMs on each", left=True)),
        *(Heading(name, "% used") for name in resources),
    )
    alike = groupby(data["hosts"], key=lambda host: (host["group"], sorted(host["vms"].items())))
    rows = [_host_row([*hosts], resources) for _, hosts in alike]
    title = "Hosts in use"
    if len(rows) > MOST_ROWS:
        title += f", the first {MOST_ROWS} rows of {len(rows)} (JSON and CSV have all)"
    return Table(title, headings, tuple(rows[:MOST_ROWS]))


def _host_row(hosts: list[dict[str, Any]], resources: list[str]) -> tuple[str, ...]:
    first, last = hosts[0], hosts[-1]
    names = first["host"] if len(hosts) == 1 else f"{first['host']} .. {last['host']}"
    vms = ", ".join(f"{n} {name}" for name, n in first["vms"].items())
    used = (_percent(first["used"][key], first["capacity"][key]) for key in resources)
    return names, f"{len(hosts):,}", vms, *used


def _percent(used: float, capacity: float | None) -> str:
    return number(100 * used / capacity) if capacity else "-"


def _csv_rows(data: dict[str, Any]) -> Iterable[tuple[str, ...]]:
    groups = {host["host"]: host["group"] for host in data["hosts"]}
    for one in data["vms"]:
        yield one["vm"], one["flavour"], one["host"], groups[one["host"]], "", ""
    for left in data["unplaced"]:
        for _ in range(left["vms"]):
            yield "", left["flavour"], "", "", left["resource"], left["rule"]
