"""A tornado for the terminal and as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.report.inert import plain
from planner.report.tables import SHOWN_IN, Heading, Table, number
from planner.report.text import table_text, wrap
from planner.units import format_quantity

HEADER = (
    *("input", "low", "high", "unit", "swing", "share"),
    *("fact", "fact low", "fact value", "fact high", "fact unit", "basis"),
)
BAR = 24
Data = dict[str, Any]


def sensitivity_text(found: Data, top: int) -> str:
    """The widest swings with a bar each, how many are smaller, and what turns."""
    parts = [wrap(title(found)), ""]
    if found["swings"]:
        parts += [table_text(sensitivity_table(found, top, bars=True)), *smaller(found, top), ""]
    parts += [wrap(line, "  ", "") for line in closing(found)]
    return "\n".join(parts) + "\n"


def title(found: Data) -> str:
    """What was asked, and the result with everything as is most likely."""
    of = f"{found['quantity']} of {plain(found['design'])}"
    if found["against"] is not None:
        of = f"{of} less that of {plain(found['against'])}"
    if found["value"] is None:
        return f"{of} is unknown, so nothing can be said of what moves it."
    return f"{of}: {format_quantity(found['value'], found['unit'])}"


def sensitivity_table(found: Data, top: int, *, bars: bool) -> Table:
    """One row an input, the widest swing first."""
    unit, size = SHOWN_IN.get(found["unit"], (found["unit"], 1.0))
    headings = [
        Heading("input alone at its ends", left=True),
        Heading("low", unit),
        Heading("high", unit),
        Heading("of the spread", "%"),
    ]
    rows = []
    swings = found["swings"]
    ends = [found["value"], *(item[end] for item in swings for end in ("low", "high"))]
    for item in swings[:top]:
        share = "" if item["share"] is None else number(item["share"] * 100.0)
        row = [item["input"], number(item["low"] / size), number(item["high"] / size), share]
        rows.append((*row, _bar(item, min(ends), max(ends))) if bars else tuple(row))
    if bars:
        headings.append(Heading("from the lowest to the highest", left=True))
    return Table("Swings", tuple(headings), tuple(rows))


def _bar(item: Data, least: float, most: float) -> str:
    """The swing on a scale from the lowest to the highest of all."""
    width = most - least
    low, high = sorted((item["low"], item["high"]))
    first, last = (int((end - least) / width * (BAR - 1) + 0.5) for end in (low, high))
    return "." * first + "#" * (last - first + 1) + "." * (BAR - 1 - last)


def smaller(found: Data, top: int) -> list[str]:
    """How many swings are not shown, and what they move at most."""
    rest = found["swings"][top:]
    if not rest:
        return []
    swing = format_quantity(abs(rest[0]["high"] - rest[0]["low"]), found["unit"])
    return [f"and {len(rest)} smaller, each at most {swing.partition(' (')[0]} wide"]


def closing(found: Data) -> Iterator[str]:
    """What turns, and how to read the table."""
    for turn in found["turns"]:
        becomes = "then holds" if turn["holds"] else "no longer holds"
        yield f'{turn["input"]} at its {turn["end"]} end: "{turn["text"]}" {becomes}.'
    if found["value"] is not None and not found["turns"]:
        yield "No input alone, at either end of its 90 % range, turns a requirement or the order."
    if found["swings"] and found["draws"]:
        yield (
            f"Of the spread: squared rank correlation over {found['draws']:,} draws, a share of "
            "the variance where the result follows its inputs one way."
        )


def sensitivity_rows(found: Data) -> Iterator[tuple[Any, ...]]:
    """All swings, one row a fact."""
    for item in found["swings"]:
        numbers = (item["low"], item["high"], found["unit"], abs(item["high"] - item["low"]))
        for fact in item["facts"]:
            ends = (fact["low"], fact["value"], fact["high"], fact["unit"], fact["basis"])
            yield (item["input"], *numbers, item["share"], fact["name"], *ends)
