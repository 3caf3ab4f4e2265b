"""Results for a terminal, at most 100 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from planner.report.admission import admission_line
from planner.report.bounds import bound_tables
from planner.report.inert import plain
from planner.report.pools import pool_tables
from planner.report.tables import LEGEND, Heading, Table, comparison, text_table
from planner.report.uncertainty import uncertainty_tables
from planner.snapshot import Snapshot
from planner.units import format_quantity

WIDTH = 100
GAP = 2
MARKS = {"holds": "+", "holds-with-limits": "~", "fails": "x", "unknown": "?"}
MET = {True: "+", False: "x", None: "?"}


def wrap(text: str, indent: str = "", first: str | None = None) -> str:
    """A paragraph within the width."""
    start = indent if first is None else first
    return textwrap.fill(
        plain(text),
        WIDTH,
        initial_indent=start,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def table_text(table: Table) -> str:
    """A table within the width: texts flush left and broken where needed, numbers flush right."""
    heads = [_stacked(heading) for heading in table.headings]
    depth = max(len(lines) for lines in heads)
    heads = [[""] * (depth - len(lines)) + lines for lines in heads]
    rows = [tuple(plain(cell) for cell in row) for row in table.rows]
    left = [heading.left for heading in table.headings]
    widths = _widths(heads, rows, left)
    lines = [_line([head[level] for head in heads], widths, left) for level in range(depth)]
    rule = "-" * (sum(widths) + GAP * (len(widths) - 1))
    body = [line for row in rows for line in _row_lines(row, widths, left)]
    return "\n".join([plain(table.title), *lines, rule, *body])


def _stacked(heading: Heading) -> list[str]:
    words = [heading.text] if heading.left else textwrap.wrap(heading.text, 12)
    return [*words, heading.unit] if heading.unit else words


def _widths(heads: list[list[str]], rows: list[tuple[str, ...]], left: list[bool]) -> list[int]:
    """Widths of the columns; the widest texts give way until the table fits."""
    widths = [
        max(len(cell) for cell in (*head, *(row[index] for row in rows)))
        for index, head in enumerate(heads)
    ]
    narrowest = [
        max(_longest_word(row[index]) for row in (*rows, tuple(head[-1] for head in heads)))
        for index in range(len(heads))
    ]
    while sum(widths) + GAP * (len(widths) - 1) > WIDTH:
        room = [
            width - least if text else 0
            for width, least, text in zip(widths, narrowest, left, strict=True)
        ]
        widest = max(range(len(widths)), key=lambda index: room[index])
        if room[widest] <= 0:
            break
        widths[widest] -= 1
    return widths


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _row_lines(row: tuple[str, ...], widths: list[int], left: list[bool]) -> Iterator[str]:
    cells = [
        textwrap.wrap(cell, width, break_on_hyphens=False) or [""] if flush else [cell]
        for cell, width, flush in zip(row, widths, left, strict=True)
    ]
    for level in range(max(len(lines) for lines in cells)):
        yield _line(
            [lines[level] if level < len(lines) else "" for lines in cells],
            widths,
            left,
        )


def _line(cells: Iterable[str], widths: list[int], left: list[bool]) -> str:
    padded = [
        cell.ljust(width) if flush else cell.rjust(width)
        for cell, width, flush in zip(cells, widths, left, strict=True)
    ]
    return (" " * GAP).join(padded).rstrip()


def compare_text(snapshot: Snapshot) -> str:
    """The comparison of all designs, with a verdict on each."""
    scenario = snapshot.data["scenario"]
    parts = [
        f"{plain(scenario['name'])}: {plain(scenario['title'])}",
        wrap(policy_text(snapshot)),
        "",
    ]
    parts += [table_text(table) + "\n" for table in comparison(snapshot)]
    parts += [table_text(table) + "\n" for table in uncertainty_tables(snapshot)]
    parts += [wrap(line) for line in (LEGEND, *closing_lines(snapshot))]
    parts += ["", "Recommendation"]
    parts += [wrap(line, "  ", "") for line in snapshot.recommendation["reasons"]]
    parts += ["", "Verdicts"]
    parts += [wrap(f"{design['id']}: {design['verdict']}", "  ", "") for design in snapshot.designs]
    return "\n".join(parts) + "\n"


def policy_text(snapshot: Snapshot) -> str:
    """The admission rule and its ratios."""
    if not snapshot.designs:
        return ""
    return f"{admission_line(snapshot.designs[0]['admission'])} A year has 8,760 h."


def closing_lines(snapshot: Snapshot) -> list[str]:
    """How much is assumed and unknown, and how the claims came out."""
    assumed = {item["name"] for design in snapshot.designs for item in design["assumptions"]}
    unknown = {item for design in snapshot.designs for item in design["unknown"]}
    told = (
        f"{len(assumed)} assumptions and {len(unknown)} unknowns: `planner show SCENARIO DESIGN` "
        "lists them, `planner check SCENARIO` judges requirements and claims, `planner explain "
        "SCENARIO DESIGN QUANTITY` derives any number."
    )
    return [told, claims_line(snapshot)] if snapshot.claims else [told]


def claims_line(snapshot: Snapshot) -> str:
    """How the claims came out."""
    counts = dict.fromkeys(MARKS, 0)
    for claim in snapshot.claims:
        counts[claim["verdict"]] += 1
    words = {"holds": "hold", "holds-with-limits": "hold with limits", "fails": "fail"}
    told = [f"{n} {words.get(key, 'cannot be judged')}" for key, n in counts.items() if n]
    return f"Claims: {', '.join(told)}."


def _finding(finding: dict[str, Any]) -> str:
    return (
        f"{finding['severity']} {finding['code']}: {finding['message']}; {finding['fix']} "
        f"(source: {finding['source']})"
    )


def show_text(design: dict[str, Any], equipment: Table) -> str:
    """Everything about one design."""
    parts = [plain(f"{design['id']}: {design['title']}"), wrap(design["verdict"])]
    parts += [wrap(admission_line(design["admission"])), ""]
    parts += [table_text(equipment), ""]
    parts += [f"{table_text(table)}\n" for table in (*pool_tables(design), *bound_tables(design))]
    parts += [table_text(quantity_table(design)), ""]
    parts += [wrap(_finding(item), "    ", "! ") for item in design["findings"]]
    parts += [
        wrap(f"{item['text']}: {item['because']}", "    ", f"{MET[item['met']]} ")
        for item in design["requirements"]
    ]
    parts += ["", f"Assumptions ({len(design['assumptions'])})"]
    parts += [wrap(fact_text(item), "    ", "  ") for item in design["assumptions"]]
    parts += ["", f"Unknown ({len(design['unknown'])})"]
    parts += [wrap(item, "    ", "  ") for item in design["unknown"]]
    return "\n".join(parts) + "\n"


def quantity_table(design: dict[str, Any]) -> Table:
    """All quantities of a design with range, basis and limit; each once."""
    quantities = design["quantities"]
    rows = [
        (
            name,
            shown(item),
            range_text(item),
            item["basis"] or "",
            design["limits"].get(name, ""),
        )
        for name, item in quantities.items()
        if quantities.get(name.partition(".")[2]) != item
    ]
    headings = ("quantity", "value", "90 % range", "basis", "limit")
    return text_table("Quantities", headings, rows)


def shown(item: dict[str, Any]) -> str:
    """A number of a snapshot with its unit."""
    if item["value"] is None and item["low"] is not None:
        return f"at least {format_quantity(item['low'], item['unit'])}"
    if item["value"] is None and item["high"] is not None:
        return f"at most {format_quantity(item['high'], item['unit'])}"
    return format_quantity(item["value"], item["unit"])


def range_text(item: dict[str, Any]) -> str:
    """The 90 % range of a number of a snapshot."""
    if item["value"] is None or item["low"] is None or item["high"] is None:
        return ""
    low, high = (
        format_quantity(item[key], item["unit"]).partition(" (")[0] for key in ("low", "high")
    )
    return f"{low} .. {high}"


def fact_text(item: dict[str, Any]) -> str:
    """A fact with its range, its source and its place."""
    text = f"{item['name']} = {format_quantity(item['value'], item['unit'])}"
    if item["low"] is not None and item["high"] is not None:
        text += f" [{range_text(item)}]"
    for key, label in (("source", "source"), ("note", "note"), ("where", "at")):
        if item[key]:
            text += f"; {label}: {item[key]}"
    return text
