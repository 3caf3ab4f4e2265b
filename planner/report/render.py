"""Each result in each of the formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from planner.report import (
    cables,
    check,
    derivations,
    rules_text,
    sensitivity,
    uncertainty,
    wiring_text,
)
from planner.report.admission import admission_line
from planner.report.bounds import bound_tables
from planner.report.equipment import equipment_table
from planner.report.inert import csv_text, markdown
from planner.report.parts import part_rows, part_text
from planner.report.pools import pool_tables
from planner.report.tables import LEGEND, Heading, Table, comparison, text_table
from planner.report.text import (
    closing_lines,
    compare_text,
    policy_text,
    quantity_table,
    show_text,
    table_text,
)
from planner.snapshot import QUANTITIES, Snapshot, find_design

if TYPE_CHECKING:
    from planner.catalog import Entry
    from planner.derivation import Step
    from planner.plan import DesignPlan
    from planner.rules import Rule
    from planner.sheet import Sheet

QUANTITY_HEADER = (
    "design",
    "quantity",
    "value",
    "low",
    "high",
    "unit",
    "basis",
    "limit",
)


def render_comparison(snapshot: Snapshot, output: str) -> str:
    """The comparison of all designs."""
    if output == "json":
        return snapshot.json()
    if output == "csv" and "uncertainty" in snapshot.data:
        return csv_table(uncertainty.HEADER, uncertainty.uncertainty_rows(snapshot))
    if output == "csv":
        return csv_table(QUANTITY_HEADER, quantity_rows(snapshot.designs, set(QUANTITIES)))
    if output == "md":
        return _comparison_markdown(snapshot)
    return compare_text(snapshot)


def render_design(snapshot: Snapshot, name: str, output: str) -> str:
    """Everything about one design.

    Raises
    ------
    InputError
        When there is no such design.
    """
    design = find_design(snapshot, name)
    if output == "json":
        return _json(design)
    if output == "csv":
        return csv_table(QUANTITY_HEADER, quantity_rows([design]))
    if output == "md":
        tables = [
            markdown_table(equipment_table(design)),
            *(markdown_table(table) for table in pool_tables(design)),
            *(markdown_table(table) for table in bound_tables(design)),
            markdown_table(quantity_table(design)),
        ]
        title = f"# {markdown(design['id'])}: {markdown(design['title'])}"
        lines = [design["verdict"], admission_line(design["admission"])]
        return "\n".join([title, "", *(f"{markdown(line)}\n" for line in lines), *tables])
    return show_text(design, equipment_table(design))


def render_check(snapshot: Snapshot, output: str) -> str:
    """Findings, requirements and claims."""
    if output == "json":
        return check.check_json(snapshot)
    if output == "csv":
        return csv_table(check.HEADER, check.check_rows(snapshot))
    return check.check_markdown(snapshot) if output == "md" else check.check_text(snapshot)


def render_rules(rules: Sequence[Rule], output: str) -> str:
    """Design rules: briefly when there are several, in full when there is one."""
    rows = list(rules_text.rows(rules))
    if output == "json":
        return _json([dict(zip(rules_text.HEADER, row, strict=True)) for row in rows])
    if output == "csv":
        return csv_table(rules_text.HEADER, rows)
    return rules_text.page(rules) if output == "md" else rules_text.text(rules)


def render_sensitivity(found: dict[str, Any], top: int, output: str) -> str:
    """What moves a result."""
    if output == "json":
        return _json(found)
    if output == "csv":
        return csv_table(sensitivity.HEADER, sensitivity.sensitivity_rows(found))
    if output == "md":
        table = sensitivity.sensitivity_table(found, top, bars=False)
        lines = [f"# {markdown(sensitivity.title(found))}", "", markdown_table(table)]
        told = (*sensitivity.smaller(found, top), *sensitivity.closing(found))
        return "\n".join([*lines, *(f"- {markdown(text)}" for text in told), ""])
    return sensitivity.sensitivity_text(found, top)


def render_derivation(step: Step, output: str) -> str:
    """Where a number comes from."""
    from planner.derivation import as_data

    if output == "json":
        return _json(as_data(step))
    if output == "csv":
        return csv_table(derivations.HEADER, derivations.rows(step))
    text = derivations.text(step)
    return f"```\n{text}```\n" if output == "md" else text


def render_wiring(sheets: Iterable[Sheet], output: str) -> str:
    """Every quantity and what it needs."""
    rows = list(wiring_text.rows(sheets))
    if output == "json":
        return _json([dict(zip(wiring_text.HEADER, row, strict=True)) for row in rows])
    if output == "csv":
        return csv_table(wiring_text.HEADER, rows)
    if output == "md":
        return markdown_table(text_table("Quantities", wiring_text.HEADER, rows))
    return wiring_text.text(rows)


def render_cables(plan: DesignPlan, output: str) -> str:
    """Every cable of a design."""
    if output == "json":
        found = [dict(zip(cables.HEADER, row, strict=True)) for row in cables.rows(plan.cabling)]
        told = {"design": plan.id, "proven": plan.cabling.proven, "gaps": plan.cabling.gaps}
        return _json({**told, "cables": found})
    if output == "csv":
        return csv_table(cables.HEADER, cables.rows(plan.cabling))
    if output == "md":
        lines = [f"{markdown(line)}\n" for line in cables.summary(plan)]
        return "\n".join([markdown_table(cables.cable_table(plan)), *lines])
    return cables.text(plan)


def render_catalog(entries: Iterable[Entry], output: str) -> str:
    """A list of parts."""
    header = ("part", "kind", "title", "era")
    rows = [(entry.id, entry.kind, entry.part.title, entry.part.era) for entry in entries]
    if output == "json":
        return _json([dict(zip(header, row, strict=True)) for row in rows])
    if output == "csv":
        return csv_table(header, rows)
    table = text_table("Catalog", header, rows)
    return markdown_table(table) if output == "md" else table_text(table) + "\n"


def render_part(entry: Entry, output: str) -> str:
    """All facts of a part."""
    header, rows = part_rows(entry)
    if output == "json":
        facts = [dict(zip(header, row, strict=True)) for row in rows]
        return _json(
            {
                "part": entry.id,
                "kind": entry.kind,
                "title": entry.part.title,
                "facts": facts,
            }
        )
    if output == "csv":
        return csv_table(header, rows)
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    table = text_table(f"{entry.id}: {entry.part.title}", header, texts)
    return markdown_table(table) if output == "md" else part_text(entry)


def csv_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV: numbers as numbers, texts never as formulas, nothing for what is unknown."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return target.getvalue()


def _csv_cell(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return csv_text(str(cell))
    return f"{cell:.10g}"


def markdown_table(table: Table) -> str:
    """A table as Markdown."""
    align = ["---" if heading.left else "---:" for heading in table.headings]
    heads = _bar(markdown(_heading(heading)) for heading in table.headings)
    rows = [_bar(markdown(cell) for cell in row) for row in table.rows]
    return "\n".join([f"## {markdown(table.title)}", "", heads, _bar(align), *rows, ""])


def _heading(heading: Heading) -> str:
    return f"{heading.text} [{heading.unit}]" if heading.unit else heading.text


def _bar(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _comparison_markdown(snapshot: Snapshot) -> str:
    title = markdown(snapshot.data["scenario"]["title"])
    every = [*comparison(snapshot), *uncertainty.uncertainty_tables(snapshot)]
    tables = [markdown_table(table) for table in every]
    closing = [line for text in (LEGEND, *closing_lines(snapshot)) for line in (markdown(text), "")]
    head = [f"# {title}", "", markdown(policy_text(snapshot)), ""]
    return "\n".join(
        [*head, *tables, *closing, *recommendation_lines(snapshot), *verdict_lines(snapshot)]
    )


def recommendation_lines(snapshot: Snapshot) -> list[str]:
    """The recommendation as a section in Markdown."""
    reasons = (f"- {markdown(text)}" for text in snapshot.recommendation["reasons"])
    return ["## Recommendation", "", *reasons, ""]


def verdict_lines(snapshot: Snapshot) -> list[str]:
    """The verdicts on the designs as a section in Markdown."""
    told = (f"- {markdown(item['id'])}: {markdown(item['verdict'])}" for item in snapshot.designs)
    return ["## Verdicts", "", *told, ""]


def quantity_rows(
    designs: Iterable[dict[str, Any]], names: set[str] | None = None
) -> Iterable[tuple[Any, ...]]:
    """One row a quantity of a design: its number with range, unit, basis and limit."""
    for design in designs:
        for name, item in design["quantities"].items():
            if names is None or name in names:
                numbers = (item["value"], item["low"], item["high"])
                limit = design["limits"].get(name, "")
                yield (design["id"], name, *numbers, item["unit"], item["basis"], limit)


def _json(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
