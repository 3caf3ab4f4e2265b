"""What sampling says, as tables and rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.report.tables import SHOWN_IN, Heading, Table, number
from planner.snapshot import Snapshot

HEADER = ("kind", "design", "of", "against", "p5", "p50", "p95", "unit", "probability")
ABREAST = 3
"""Quantities with their range that fit beside each other."""


def uncertainty_tables(snapshot: Snapshot) -> list[Table]:
    """Percentiles by criterion, chances of the requirements, and who is better how often."""
    found = snapshot.data.get("uncertainty")
    if found is None:
        return []
    names = [item["quantity"] for item in snapshot.recommendation["criteria"]]
    parts = [names[first : first + ABREAST] for first in range(0, len(names), ABREAST)]
    spreads = [_percentiles(found, part) for part in parts]
    return [*spreads, _chances(found), *_better(snapshot, found)]


def _percentiles(found: dict[str, Any], names: list[str]) -> Table:
    headings = [Heading("design", left=True)]
    for name in names:
        units = (row["quantities"].get(name, {}).get("unit") for row in found["designs"])
        unit = next((unit for unit in units if unit), "")
        headings.append(Heading(name.replace("_", " "), SHOWN_IN.get(unit, (unit,))[0]))
    rows = [
        (row["design"], *(_spread(row["quantities"].get(name)) for name in names))
        for row in found["designs"]
    ]
    title = f"Median [5 % - 95 %] of {found['samples']:,} samples, seed {found['seed']}"
    return Table(title, tuple(headings), tuple(rows))


def _spread(item: dict[str, Any] | None) -> str:
    if item is None:
        return "?"
    size = SHOWN_IN.get(item["unit"], ("", 1.0))[1]
    low, middle, high = (number(item[key] / size, whole=True) for key in ("p5", "p50", "p95"))
    return middle if low == high else f"{middle} [{low}-{high}]"


def _chances(found: dict[str, Any]) -> Table:
    headings = (
        Heading("design", left=True),
        Heading("all met", "%"),
        Heading("least sure", "%"),
        Heading("requirement", left=True),
    )
    rows = []
    for row in found["designs"]:
        known = [item for item in row["requirements"] if item["probability"] is not None]
        least = min(known, key=lambda item: item["probability"], default=None)
        share = "?" if least is None else _percent(least["probability"])
        text = "" if least is None else least["text"]
        rows.append((row["design"], _percent(row["all_requirements"]), share, text))
    return Table("Probability that the requirements are met", headings, tuple(rows))


def _better(snapshot: Snapshot, found: dict[str, Any]) -> Iterator[Table]:
    """How often one design, the recommended or the best ranked, is better than each other."""
    ranking = snapshot.recommendation["ranking"]
    names = [row["design"] for row in ranking]
    first = snapshot.recommendation["design"] or names[0]
    others = [design["id"] for design in snapshot.designs if design["id"] != first]
    if not others:
        return
    headings = [Heading("design", left=True)]
    headings += [Heading(item["quantity"].replace("_", " "), "%") for item in found["better"]]
    rows = [
        (other, *(_percent(item["pairs"][first][other]) for item in found["better"]))
        for other in others
    ]
    yield Table(f"Probability that {first} is better than", tuple(headings), tuple(rows))


def _percent(share: float | None) -> str:
    """A probability; what is not certain is not told as if it were."""
    if share is None:
        return "?"
    if 0.0 < share < 1.0:
        return f"{min(max(share * 100.0, 0.1), 99.9):.1f}"
    return f"{share * 100.0:.0f}"


def uncertainty_rows(snapshot: Snapshot) -> Iterator[tuple[Any, ...]]:
    """Everything that sampling says, one row a number."""
    found = snapshot.data["uncertainty"]
    nothing = (None, None, None, "")
    for row in found["designs"]:
        for name, item in row["quantities"].items():
            numbers = (item["p5"], item["p50"], item["p95"], item["unit"])
            yield ("quantity", row["design"], name, "", *numbers, None)
        yield ("all requirements", row["design"], "", "", *nothing, row["all_requirements"])
        for item in row["requirements"]:
            yield (
                "requirement",
                row["design"],
                item["text"],
                "",
                *nothing,
                item["probability"],
            )
    for item in found["better"]:
        for one, others in item["pairs"].items():
            for other, share in others.items():
                yield ("better", one, item["quantity"], other, *nothing, share)
