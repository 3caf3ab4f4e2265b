"""The report as Markdown, for code hosting and mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planner.evaluation import Evaluation
from planner.page.tables import (
    assumptions_table,
    glance_table,
    provenance_table,
    requirements_table,
    unknowns_table,
)
from planner.report.bill import bill_notes, bill_table
from planner.report.check import check_sections
from planner.report.inert import markdown
from planner.report.render import markdown_table, recommendation_lines, verdict_lines
from planner.report.tables import LEGEND, Table, comparison
from planner.report.text import policy_text
from planner.snapshot import Snapshot


def markdown_page(evaluation: Evaluation) -> str:
    """Recommendation, comparison, checks, parts, assumptions, and what it was made from."""
    snapshot = evaluation.snapshot
    title = snapshot.data["scenario"]["title"]
    texts = (evaluation.loaded.scenario.description, policy_text(snapshot))
    first = (glance_table(snapshot), requirements_table(snapshot), *comparison(snapshot))
    last = (assumptions_table(snapshot), unknowns_table(snapshot), provenance_table(evaluation))
    return "\n".join(
        [
            f"# {markdown(title)}\n",
            *(f"{markdown(text)}\n" for text in texts if text),
            *recommendation_lines(snapshot),
            *_tables(first),
            f"{markdown(LEGEND)}\n",
            *verdict_lines(snapshot),
            *check_sections(snapshot),
            *_bills(snapshot),
            *_tables(last),
        ]
    )


def _tables(tables: tuple[Table, ...]) -> Iterator[str]:
    return (markdown_table(table) for table in tables if table.rows)


def _bills(snapshot: Snapshot) -> Iterator[str]:
    for design in snapshot.designs:
        table = bill_table(design)
        yield markdown_table(replace(table, title=f"{table.title} of {design['id']}"))
        yield from (f"{markdown(note)}\n" for note in bill_notes(design))
