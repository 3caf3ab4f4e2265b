"""The report as Markdown, for code hosting and mail."""

from __future__ import annotations

from collections.abc import Iterator

from planner.evaluation import Evaluation
from planner.page.tables import assumptions_table, provenance_table, unknowns_table
from planner.report.bill import bill_table
from planner.report.check import check_markdown
from planner.report.inert import markdown
from planner.report.render import markdown_table, render_comparison
from planner.snapshot import Snapshot


def markdown_page(evaluation: Evaluation) -> str:
    """Comparison, recommendation, checks, parts, assumptions, and what it was made from."""
    snapshot = evaluation.snapshot
    lists = (
        assumptions_table(snapshot),
        unknowns_table(snapshot),
        provenance_table(evaluation),
    )
    return "\n".join(
        [
            render_comparison(snapshot, "md"),
            check_markdown(snapshot),
            *_bills(snapshot),
            *(markdown_table(table) for table in lists if table.rows),
        ]
    )


def _bills(snapshot: Snapshot) -> Iterator[str]:
    for design in snapshot.designs:
        yield f"# {markdown(design['id'])}: {markdown(design['title'])}\n"
        yield markdown_table(bill_table(design))
