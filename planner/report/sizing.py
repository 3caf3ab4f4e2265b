"""How many hosts are needed: as text, CSV, Markdown or JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from planner.report.inert import markdown, plain
from planner.report.render import csv_table, markdown_table
from planner.report.tables import Heading, Table, number
from planner.report.text import table_text, wrap

HEADER = ("design", "years", "kind", "group", "name", "value", "unit", "binds", "because")
TOTALS = {"total_cost": "in all", "net_present_cost": "worth today"}
ORDER = {"hosts": "fewest computers", "cost": "lowest cost", "power": "lowest mean power"}


def render_size(data: dict[str, Any], output: str) -> str:
    """Proposed numbers of hosts, and the constraints behind them."""
    if output == "json":
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if output == "csv":
        return csv_table(HEADER, _rows(data))
    tables = [_summary(data)]
    if len(data["designs"]) > 2:
        tables += [_side_by_side(data)]
    else:
        tables += [_constraints(data, design) for design in data["designs"]]
    remarks = [(design["id"], line) for design in data["designs"] for line in _remarks(design)]
    if output == "md":
        parts = [f"# {markdown(_title(data))}", "", markdown(_policy(data)), ""]
        parts += [markdown_table(table) for table in tables if table.rows]
        parts += [f"- {markdown(f'{name}: {line}')}" for name, line in remarks]
        return "\n".join([*parts, "", markdown(LEGEND), ""])
    parts = [plain(_title(data)), wrap(_policy(data)), ""]
    parts += [table_text(table) + "\n" for table in tables if table.rows]
    parts += [wrap(f"{name}: {line}", "  ", "") for name, line in remarks]
    return "\n".join([*parts, *([""] if remarks else []), wrap(LEGEND)]) + "\n"


LEGEND = (
    "* decides the number: one host fewer does not pass. Each row counts hosts as if it were the "
    "only constraint, all other groups being as proposed; `room for` is the most that there are "
    "ports, circuits or places for. Packing may need more hosts than memory and processors in "
    "all, because a VM lives on one host. `bound`: hosts of VMs below which no layout exists; "
    "`nodes`: all computers, those of storage too."
)


def when(years: float) -> str:
    """A time ahead in words.

    Examples
    --------
    >>> when(0.0), when(1.0), when(2.5)
    ('now', 'in 1 year', 'in 2.5 years')
    """
    return "now" if years == 0 else f"in {years:g} year{'' if years == 1 else 's'}"


def _short(years: float) -> str:
    return "now" if years == 0 else f"+{years:g} yr"


def _title(data: dict[str, Any]) -> str:
    first = data["designs"][0]["times"]
    asked = ", ".join(f"{time['vms']:,.0f} VMs {when(time['years'])}" for time in first)
    return f"{data['scenario']}: hosts for {asked}"


def _policy(data: dict[str, Any]) -> str:
    losses = data["losses"]
    kept = {0: "none may fail", 1: "any one may fail (N+1)"}.get(
        losses, f"any {losses} may fail (N+{losses})"
    )
    return (
        f"Admission {data['admission']}. Of the hosts that run VMs, {kept}. Shared storage stays "
        "below nearfull, with room to heal after the loss of a host where it keeps copies."
    )


def _summary(data: dict[str, Any]) -> Table:
    money = data["currency"]
    heads = [
        *(Heading(text, left=True) for text in ("design", "when", "proposed", "binds")),
        *(Heading("nodes"), Heading("bound"), Heading("to buy", money)),
        *(Heading(TOTALS[data["cost"]], money), Heading("mean", "W"), Heading("meets", left=True)),
    ]
    order = sorted(data["designs"], key=_rank)
    rows = [row for design in order for row in _summary_rows(design, data["cost"])]
    return Table(f"Proposals, {ORDER[data['objective']]} first", tuple(heads), tuple(rows))


def _rank(design: dict[str, Any]) -> tuple[int, float]:
    """Order of the designs: what passes first, then by what is kept small, at the last time."""
    last = design["times"][-1]
    value = last.get("value")
    failed = len(last["fails"]) if last["sized"] else 1000
    return failed, math.inf if value is None else value


def _summary_rows(design: dict[str, Any], cost: str) -> Iterator[tuple[str, ...]]:
    name = design["id"]
    for time in design["times"]:
        if time["sized"]:
            shown = (_number(time, key) for key in ("capital_cost", cost, "mean_power"))
            yield (
                name,
                _short(time["years"]),
                _proposed(time),
                _binds(time),
                _number(time, "node_total"),
                "?" if time["bound"] is None else str(time["bound"]),
                *shown,
                "all" if time["passes"] else f"all but {len(time['fails'])}",
            )
        else:
            yield (name, _short(time["years"]), "none", time["because"], *["?"] * 5, "")
        name = ""


def _proposed(time: dict[str, Any]) -> str:
    groups = (group for group in time["groups"] if group["proposed"])
    return ", ".join(f"{group['proposed']} {group['name']}" for group in groups)


def _binds(time: dict[str, Any]) -> str:
    sized = {row["group"] for row in time["constraints"]}  # what is mended besides is told below
    groups = [group for group in time["groups"] if group["name"] in sized]
    told = [_group_binds(time, group) for group in groups if group["binds"]]
    return "; ".join(dict.fromkeys(told))


def _group_binds(time: dict[str, Any], group: dict[str, Any]) -> str:
    """What decides a number; of hosts of VMs also the resource that limits them."""
    names = list(group["binds"])
    counted = any(name == "all VMs" or name.startswith("N+") for name in names)
    limiter = time["limiter"]
    if group["runs_vms"] and counted and limiter and limiter not in (*names, "storage"):
        names.insert(0, limiter)
    return ", ".join(names)


def _number(time: dict[str, Any], name: str) -> str:
    item = time["quantities"][name]
    return "?" if item["value"] is None else number(item["value"], whole=item["unit"] == "node")


# The constraints of all designs side by side


def _side_by_side(data: dict[str, Any]) -> Table:
    """For each design what each constraint alone would need, at the last time."""
    lines = [
        (design["id"], group, _by_short(design["times"][-1], group["name"]))
        for design in data["designs"]
        if design["times"][-1]["sized"]
        for group in design["times"][-1]["groups"]
        if group["proposed"] and group["binds"]
    ]
    columns = [name for name in data["constraints"] if any(name in found for _, _, found in lines)]
    heads = [Heading("design: group", left=True), Heading("there")]
    heads += [Heading(name) for name in columns] + [Heading("proposed")]
    rows = []
    for name, group, found in lines:
        numbers = (found.get(column, "-") for column in columns)
        there, proposed = (str(group[key]) for key in ("there", "proposed"))
        rows.append((f"{name}: {group['name']}", there, *numbers, proposed))
    title = f"Hosts that each constraint alone would need, {when(data['years'][-1])}"
    return Table(title, tuple(heads), tuple(rows))


def _by_short(time: dict[str, Any], group: str) -> dict[str, str]:
    rows = (row for row in time["constraints"] if row["group"] == group and not row["required"])
    return {row["short"]: _hosts(row) for row in rows if not row["at_most"]}


# The constraints of one design


def _constraints(data: dict[str, Any], design: dict[str, Any]) -> Table:
    times = [time for time in design["times"] if time["sized"]]
    heads = [Heading("constraint", left=True), Heading("hosts of", left=True)]
    heads += [Heading(when(time["years"])) for time in times]
    found: dict[tuple[str, str], dict[float, str]] = {}
    for time in times:
        for group in time["groups"]:
            key = (f"there: {group['there']}; proposed", group["name"])
            as_it_is = {other["years"]: str(group["there"]) for other in times}
            found.setdefault(key, as_it_is)[time["years"]] = str(group["proposed"])
        if time["bound"] is not None and data["losses"] >= 0:
            key = ("at least, by packing alone", "VMs")
            found.setdefault(key, {})[time["years"]] = str(time["bound"])
        for row in time["constraints"]:
            if not row["required"] or _decides(time, row):
                key = (_row_text(row), row["group"])
                found.setdefault(key, {})[time["years"]] = _hosts(row)
    rows = [
        (*key, *(cells.get(time["years"], "-") for time in times)) for key, cells in found.items()
    ]
    return Table(design["id"], tuple(heads), tuple(rows))


def _decides(time: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a requirement asks for more than everything else does."""
    own = (
        one["hosts"]
        for one in time["constraints"]
        if one["group"] == row["group"] and not one["required"] and not one["at_most"]
    )
    known = [hosts for hosts in own if hosts is not None]
    return row["hosts"] is None or row["hosts"] > max(known, default=0)


def _row_text(row: dict[str, Any]) -> str:
    return f"room for: {row['text']}" if row["at_most"] else str(row["text"])


def _hosts(row: dict[str, Any]) -> str:
    if row["hosts"] is None:
        return "none"
    return f"{row['hosts']} *" if row["binds"] else str(row["hosts"])


def _remarks(design: dict[str, Any]) -> Iterator[str]:
    """What is proposed besides hosts, and what is not met; what is true of several times once."""
    found: dict[str, list[str]] = {}
    for time in design["times"]:
        for line in _remarks_at(time):
            found.setdefault(line, []).append(when(time["years"]))
    for line, times in found.items():
        yield f"{' and '.join(times)}, {line}"


def _remarks_at(time: dict[str, Any]) -> Iterator[str]:
    if not time["sized"]:
        yield f"no number of hosts will do: {time['because']}"
        return
    for mend in time["mended"]:
        instead = f"{mend['after']} of `{mend['group']}` in place of {mend['before']}"
        yield f"{instead}, so that: {mend['text']}"
    for failed in time["fails"]:
        how = "cannot be judged" if failed["unknown"] else "not met with any number"
        yield f"{how}: {failed['text']} ({failed['because']})"


# CSV


def _rows(data: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for design in data["designs"]:
        for time in design["times"]:
            for row in _time_rows(time):
                yield (design["id"], time["years"], *row)


def _time_rows(time: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    yield ("workload", "", "vms", time["vms"], "vm", None, "")
    if not time["sized"]:
        yield ("not sized", "", "", None, "", None, time["because"])
        return
    yield ("result", "", "passes", float(time["passes"]), "1", None, "")
    yield ("bound", "", "hosts that run VMs", time["bound"], "node", None, "")
    for group in time["groups"]:
        binds = ", ".join(group["binds"])
        yield ("there", group["name"], "", group["there"], "node", None, "")
        yield ("proposed", group["name"], "", group["proposed"], "node", None, binds)
    for row in time["constraints"]:
        kind = "at most" if row["at_most"] else "at least"
        yield (kind, row["group"], row["text"], row["hosts"], "node", int(row["binds"]), "")
    for mend in time["mended"]:
        yield ("mended", mend["group"], mend["text"], mend["after"], "node", None, "")
    for failed in time["fails"]:
        kind = "unknown" if failed["unknown"] else "not met"
        yield (kind, "", failed["text"], None, "", None, failed["because"])
    for name, item in time["quantities"].items():
        yield ("quantity", "", name, item["value"], item["unit"], None, "")
