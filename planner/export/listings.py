"""What is exported: tables with one row a fact, numbers as numbers, units beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from planner.evaluation import Evaluation
from planner.page.tables import provenance_table
from planner.report import bill, cables, check, costs, sensitivity
from planner.report.render import QUANTITY_HEADER, quantity_rows
from planner.report.text import policy_text
from planner.snapshot import QUANTITIES, Snapshot, column_name

Row = tuple[Any, ...]
NUMBER = ("value", "low", "high", "unit")
EVIDENCE = ("source", "note", "where")
CHANCES = ("probability_qualified", "probability_best", "probability_cheapest")


@dataclass(frozen=True)
class Listing:
    """A table for programs.

    Parameters
    ----------
    name : str
        Of its file and of its sheet.
    holds : str
        What it lists.
    header : tuple of str
        Names of the columns; a unit stands in brackets, or in a column `unit` of its own.
    rows : tuple of tuple
        Texts and numbers; None where nothing is known.
    """

    name: str
    holds: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def listings(evaluation: Evaluation) -> list[Listing]:
    """Every table of an export.

    Parameters
    ----------
    evaluation : Evaluation
        The scenario with everything that was computed from it.

    Returns
    -------
    list of Listing
        Those that any scenario has, in the order of the sheets.
    """
    snapshot = evaluation.snapshot
    checks = list(check.check_rows(snapshot))
    return [
        _comparison(snapshot),
        _ranking(snapshot),
        _listing(
            "quantities",
            "every result of every design, with its 90 % range and what limits it",
            QUANTITY_HEADER,
            quantity_rows(snapshot.designs),
        ),
        _listing(
            "bill_of_materials",
            "the parts of every design, with prices",
            ("design", *bill.HEADER),
            _by_design(snapshot, lambda design: bill.bill_rows(design["bill_of_materials"])),
        ),
        _listing(
            "cash_flow",
            "the money of each year of use, by kind; the purchase is year 0",
            costs.HEADER,
            costs.cost_rows(snapshot.designs),
        ),
        _break_even(snapshot),
        _listing(
            "findings",
            "what the design rules found, accept, or cannot judge",
            check.HEADER,
            (row for row in checks if row[1] not in ("requirement", "claim")),
        ),
        _listing(
            "requirements",
            "requirements and claims, and how they came out",
            check.HEADER,
            (row for row in checks if row[1] in ("requirement", "claim")),
        ),
        _wiring(evaluation),
        _listing(
            "sensitivity",
            "what moves a result, each uncertain input alone at its ends",
            ("design", "quantity", *sensitivity.HEADER),
            _swings(snapshot),
        ),
        _listing(
            "assumptions",
            "what is assumed for a design without a source that was checked",
            ("design", "name", *NUMBER, *EVIDENCE),
            _by_design(snapshot, lambda design: _values(design["assumptions"])),
        ),
        _listing(
            "unknown",
            "what is not known of a design",
            ("design", "what"),
            _by_design(snapshot, lambda design: ((item,) for item in design["unknown"])),
        ),
        _listing(
            "inputs",
            "every fact behind the results",
            ("name", *NUMBER, "basis", *EVIDENCE),
            _inputs(snapshot),
        ),
    ]


def about(evaluation: Evaluation) -> Listing:
    """What an export is of, what was recommended, and the checksums of what it was made from."""
    snapshot = evaluation.snapshot
    scenario = snapshot.data["scenario"]
    rows = [
        ("scenario", f"{scenario['name']}: {scenario['title']}"),
        ("description", evaluation.loaded.scenario.description),
        ("currency", scenario["currency"]),
        ("policy", policy_text(snapshot)),
        *(("recommendation", text) for text in snapshot.recommendation["reasons"]),
        ("ranges", "low and high enclose 90 % of what is to be expected; empty where not known"),
        ("snapshot", snapshot.data["schema"]),
        *provenance_table(evaluation).rows,
    ]
    return _listing("about", "what these tables are", ("what", "value"), rows)


def _listing(name: str, holds: str, header: Iterable[str], rows: Iterable[Row]) -> Listing:
    return Listing(name, holds, tuple(header), tuple(tuple(row) for row in rows))


def _by_design(snapshot: Snapshot, rows_of: Any) -> Iterator[Row]:
    for design in snapshot.designs:
        for row in rows_of(design):
            yield (design["id"], *row)


def _comparison(snapshot: Snapshot) -> Listing:
    """One row a design, one column a quantity that every design has."""
    units = {name: unit.replace("money", snapshot.currency) for name, unit in QUANTITIES.items()}
    header = ("design", "title", *(column_name(name, unit) for name, unit in units.items()))
    rows = (
        (design["id"], design["title"], *(design["quantities"][name]["value"] for name in units))
        for design in snapshot.designs
    )
    return _listing("comparison", "the main results, one row a design", header, rows)


def _ranking(snapshot: Snapshot) -> Listing:
    header = ("rank", "design", "qualified", "score", "failed", "cannot_be_judged", "errors")
    rows = (
        (
            rank,
            *(item[key] for key in header[1:4]),
            *("; ".join(item[key]) for key in header[4:]),
            *(item[key] for key in CHANCES),
        )
        for rank, item in enumerate(snapshot.recommendation["ranking"], 1)
    )
    return _listing("ranking", "the designs, best first, and why", (*header, *CHANCES), rows)


def _break_even(snapshot: Snapshot) -> Listing:
    header = ("design", "other", "quantity", "value", "unit", "cheaper_below", "cheaper_above")
    rows = (
        (*pair["designs"], name, *(pair[name][key] for key in header[3:]))
        for pair in snapshot.data["break_even"]
        for name in ("electricity_price", "vms")
    )
    return _listing("break_even", "where of two designs the other becomes cheaper", header, rows)


def _wiring(evaluation: Evaluation) -> Listing:
    rows = (
        (name, *row)
        for name, computed in evaluation.designs.items()
        for row in cables.rows(computed.plan.cabling)
    )
    return _listing("wiring", "every cable of every design", ("design", *cables.HEADER), rows)


def _swings(snapshot: Snapshot) -> Iterator[Row]:
    for found in snapshot.data["sensitivity"]:
        for row in sensitivity.sensitivity_rows(found):
            yield (found["design"], found["quantity"], *row)


def _values(facts: Iterable[dict[str, Any]]) -> Iterator[Row]:
    for fact in facts:
        yield (fact["name"], *(fact[key] for key in (*NUMBER, *EVIDENCE)))


def _inputs(snapshot: Snapshot) -> Iterator[Row]:
    for name, fact in snapshot.data["inputs"].items():
        yield (name, *(fact[key] for key in (*NUMBER, "basis", *EVIDENCE)))
