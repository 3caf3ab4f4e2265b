"""The report as one web page: no script, nothing from elsewhere, every text escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from planner.derivation import derive
from planner.evaluation import Evaluation
from planner.failing import survival_of
from planner.faults import InputError
from planner.page.tables import (
    assumptions_table,
    glance_table,
    provenance_table,
    requirements_table,
    unknowns_table,
)
from planner.plots.album import album
from planner.plots.style import picture
from planner.report import derivations
from planner.report.bill import bill_notes, bill_table
from planner.report.check import counts, summary_line
from planner.report.inert import plain
from planner.report.tables import LEGEND, Table, comparison
from planner.report.text import claims_line, policy_text

TEMPLATE = Path(__file__).with_name("report.html.j2")
VERDICTS = {
    "holds": "holds",
    "holds-with-limits": "holds with limits",
    "fails": "fails",
    "unknown": "cannot be judged",
}


@dataclass(frozen=True)
class Shown:
    """A text, the anchor of its explanation if it has one, and whether it is the first with it."""

    text: str
    anchor: str = ""
    first: bool = False


@dataclass(frozen=True)
class Numbers:
    """The numbers of a page, each of which leads to its explanation."""

    evaluation: Evaluation
    anchors: dict[str, None] = field(default_factory=dict)
    """The explanations that are led to, in the order of the page."""

    def table(self, table: Table) -> list[list[Shown]]:
        """The rows of a table with one row a design."""
        designs = self.evaluation.snapshot.designs
        return [
            [
                self.shown(text, design["id"], name)
                for text, name in zip(row, table.quantities, strict=True)
            ]
            for design, row in zip(designs, table.rows, strict=True)
        ]

    def requirements(self, table: Table) -> list[list[Shown]]:
        """The rows of the requirements, each outcome with the quantity that decides it."""
        designs = self.evaluation.snapshot.designs
        checks = self.evaluation.loaded.scenario.requirements
        return [
            [
                Shown(row[0]),
                *(
                    self.shown(text, check.design or design["id"], check.quantity)
                    for design, text in zip(designs, row[1:], strict=True)
                ),
            ]
            for check, row in zip(checks, table.rows, strict=True)
        ]

    def shown(self, text: str, design: str, quantity: str | None) -> Shown:
        """A number as a text, with its anchor if it can be derived."""
        if quantity is None or text == "-":
            return Shown(text)
        anchor = f"{design}.{quantity}"
        first = anchor not in self.anchors
        self.anchors[anchor] = None
        return Shown(text, anchor, first)

    def explanations(self) -> Iterator[tuple[str, list[Shown]]]:
        """The derivation of every number that is shown, once; they lead to each other."""
        for anchor in self.anchors:
            design, _, quantity = anchor.partition(".")
            known = self.evaluation.designs[design].cells()
            if quantity in known:
                mine = (item.partition(".") for item in self.anchors)
                others = {name for owner, _, name in mine if owner == design and name in known}
                told = derivations.lines(derive(self.evaluation, design, quantity), others)
                yield (
                    anchor,
                    [Shown(line, f"{design}.{name}" if name else "") for line, name in told],
                )
            else:
                yield anchor, [Shown(f"{quantity} is not known of this design.")]


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
    snapshot, numbers = evaluation.snapshot, Numbers(evaluation)
    glance, requirements = glance_table(snapshot), requirements_table(snapshot)
    chosen = snapshot.recommendation["design"]
    return {
        "scenario": snapshot.data["scenario"],
        "description": evaluation.loaded.scenario.description,
        "planner": snapshot.data["planner"],
        "recommendation": snapshot.recommendation,
        "policy": policy_text(snapshot),
        "legend": LEGEND,
        "glance": (glance, numbers.table(glance)),
        "requirements": (requirements, numbers.requirements(requirements)),
        "tables": [(table, numbers.table(table)) for table in comparison(snapshot)],
        "designs": sorted(snapshot.designs, key=lambda design: design["id"] != chosen),
        "counts": counts,
        "summary": summary_line(snapshot),
        "claims": snapshot.claims,
        "claims_line": claims_line(snapshot),
        "verdicts": VERDICTS,
        "bill": bill_table,
        "bill_notes": bill_notes,
        "assumptions": assumptions_table(snapshot),
        "unknowns": unknowns_table(snapshot),
        "provenance": provenance_table(evaluation),
        "pictures": list(_pictures(evaluation)),
        "explanations": list(numbers.explanations()),
    }


def _pictures(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Each picture that can be drawn as a data address, with what it shows."""
    snapshot = evaluation.snapshot
    chosen = snapshot.recommendation["design"] or next((d["id"] for d in snapshot.designs), None)

    def survival(design: str) -> dict[str, Any]:
        return survival_of(evaluation.designs[design].plan)

    for _, draw in album(snapshot, [chosen] if chosen else [], survival):
        try:
            figure = draw()
        except InputError:
            continue
        image = base64.b64encode(picture(figure, "svg")).decode("ascii")
        yield figure.get_suptitle(), f"data:image/svg+xml;base64,{image}"
