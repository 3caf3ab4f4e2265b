"""The wiring of the sheets: every quantity, its model, and what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from planner.report.text import wrap

if TYPE_CHECKING:
    from planner.sheet import Parameter, Quantity, Sheet

HEADER = ("sheet", "quantity", "unit", "model", "needs", "summary")


def rows(sheets: Iterable[Sheet]) -> Iterator[tuple[str, ...]]:
    """One row a quantity, in order of the sheets."""
    for sheet in sheets:
        for quantity in sheet.quantities.values():
            model = f"{quantity.function.__module__}.{quantity.name}"
            yield (
                sheet.name,
                quantity.name,
                quantity.unit,
                model,
                needs_text(quantity),
                quantity.summary,
            )


def needs_text(quantity: Quantity) -> str:
    """What a quantity is computed from."""
    return ", ".join(_need(parameter) for parameter in quantity.parameters)


def _need(parameter: Parameter) -> str:
    default = "" if parameter.default is None else f" = {parameter.default:g}"
    return f"{parameter.name} [{parameter.unit}]{default}"


def text(found: Iterable[tuple[str, ...]]) -> str:
    """The wiring for a terminal."""
    lines: list[str] = []
    for sheet, members in groupby(found, key=lambda row: row[0]):
        lines.append(f"{sheet} sheet")
        for _, name, unit, model, needs, summary in members:
            lines.append(wrap(f"{name} [{unit}]  {summary}", "      ", "  "))
            lines.append(wrap(f"{model}({needs})", "        ", "      "))
        lines.append("")
    return "\n".join(lines)
