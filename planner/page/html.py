"""The report as one web page: no script, nothing from elsewhere, every text escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from planner.derivation import derive
from planner.evaluation import Evaluation
from planner.faults import InputError
from planner.page.tables import assumptions_table, provenance_table, unknowns_table
from planner.plots.album import album
from planner.plots.style import picture
from planner.report import derivations
from planner.report.bill import bill_table
from planner.report.check import summary_line
from planner.report.inert import plain
from planner.report.tables import LEGEND, Table, comparison, quantities_shown
from planner.report.text import policy_text
from planner.snapshot import Snapshot

TEMPLATE = Path(__file__).with_name("report.html.j2")
VERDICTS = {
    "holds": "holds",
    "holds-with-limits": "holds with limits",
    "fails": "fails",
    "unknown": "cannot be judged",
}


@dataclass(frozen=True)
class Shown:
    """A cell of a table: its text, and the anchor of its explanation if it has one."""

    text: str
    anchor: str = ""


def html_page(evaluation: Evaluation) -> str:
    """The whole report.

    Parameters
    ----------
    evaluation : Evaluation
        The scenario with everything that was computed from it.

    Returns
    -------
    str
        A page that needs nothing else, the same for the same inputs.
    """
    page: str = _template().render(**_content(evaluation))
    return page


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["plain"] = plain
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))


def _content(evaluation: Evaluation) -> dict[str, Any]:
    snapshot = evaluation.snapshot
    tables = list(_linked(snapshot))
    return {
        "scenario": snapshot.data["scenario"],
        "description": evaluation.loaded.scenario.description,
        "planner": snapshot.data["planner"],
        "recommendation": snapshot.recommendation,
        "policy": policy_text(snapshot),
        "legend": LEGEND,
        "tables": tables,
        "designs": snapshot.designs,
        "requirements": _requirements(snapshot),
        "summary": summary_line(snapshot),
        "claims": snapshot.claims,
        "verdicts": VERDICTS,
        "bills": [(design, bill_table(design)) for design in snapshot.designs],
        "assumptions": assumptions_table(snapshot),
        "unknowns": unknowns_table(snapshot),
        "provenance": provenance_table(evaluation),
        "pictures": list(_pictures(snapshot)),
        "explanations": list(_explanations(evaluation, tables)),
    }


def _linked(snapshot: Snapshot) -> Iterator[tuple[Table, list[list[Shown]]]]:
    """The tables of the comparison, each number with the anchor of its explanation."""
    for table, names in zip(comparison(snapshot), quantities_shown(snapshot), strict=True):
        rows = []
        for design, row in zip(snapshot.designs, table.rows, strict=True):
            rows.append(
                [
                    Shown(text, _anchor(design, name) if name and text != "-" else "")
                    for text, name in zip(row, names, strict=True)
                ]
            )
        yield table, rows


def _anchor(design: dict[str, Any], quantity: str) -> str:
    return f"{design['id']}.{quantity}" if quantity in design["quantities"] else ""


def _requirements(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Each requirement with its outcome in every design."""
    lists = [design["requirements"] for design in snapshot.designs]
    return [
        {"text": items[0]["text"], "outcomes": [item["met"] for item in items]}
        for items in zip(*lists, strict=True)
    ]


def _explanations(
    evaluation: Evaluation, tables: list[tuple[Table, list[list[Shown]]]]
) -> Iterator[tuple[str, list[Shown]]]:
    """The derivation of every number that is shown, once; they lead to each other."""
    cells = (cell for _, rows in tables for row in rows for cell in row)
    anchors = list(dict.fromkeys(cell.anchor for cell in cells if cell.anchor))
    for anchor in anchors:
        design, _, quantity = anchor.partition(".")
        known = evaluation.designs[design].cells()
        if quantity not in known:
            yield anchor, [Shown(f"{quantity} of {design} is not known.")]
            continue
        mine = (item.partition(".") for item in anchors)
        others = {name for owner, _, name in mine if owner == design and name in known}
        step = derive(evaluation, design, quantity)
        told = derivations.lines(step, others)
        yield anchor, [Shown(line, f"{design}.{name}" if name else "") for line, name in told]


def _pictures(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Each picture as a data address, with what it shows; none without Matplotlib."""
    chosen = snapshot.recommendation["design"] or next((d["id"] for d in snapshot.designs), None)
    for _, draw in album(snapshot, [chosen] if chosen else []):
        try:
            figure = draw()
        except InputError:
            return
        image = base64.b64encode(picture(figure, "svg")).decode("ascii")
        yield figure.get_suptitle(), f"data:image/svg+xml;base64,{image}"
