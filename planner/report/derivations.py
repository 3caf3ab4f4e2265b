"""The derivation of a number as indented text, or as rows."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any

from planner.report.text import wrap
from planner.units import format_quantity

if TYPE_CHECKING:
    from planner.derivation import Step

HEADER = (
    "level",
    "as",
    "name",
    "value",
    "low",
    "high",
    "unit",
    "basis",
    "formula",
    "source",
    "where",
)
INDENT = "  "


def text(step: Step) -> str:
    """The derivation for a terminal, facts and their sources at the bottom."""
    return "\n".join(line for line, _ in lines(step)) + "\n"


def lines(step: Step, elsewhere: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """The derivation line by line, with the name of what a line tells of and is told elsewhere.

    Parameters
    ----------
    step : Step
        The derivation.
    elsewhere : container of str
        Quantities that have a derivation of their own: one line will do for them.
    """
    return _lines(step.name, step, 0, elsewhere)


def _lines(
    label: str, step: Step, level: int, elsewhere: Container[str]
) -> Iterator[tuple[str, str]]:
    pad = INDENT * level
    told = level > 0 and bool(step.model) and step.name in elsewhere
    head = wrap(f"{label} = {_value(step)}  [{step.basis}]", pad + INDENT * 2, pad)
    yield head, step.name if told else ""
    if not told:
        yield from ((line, "") for line in _about(step, pad + INDENT))
        for name, below in step.inputs:
            yield from _lines(name, below, level + 1, elsewhere)


def _about(step: Step, inner: str) -> Iterator[str]:
    if step.summary:
        yield wrap(step.summary, inner)
    if step.formula:
        yield wrap(f"= {step.formula}", inner + INDENT, inner)
    if step.model:
        yield wrap(f"model: {step.model}", inner)
    if step.limit:
        yield wrap(f"limited by: {step.limit}", inner)
    if step.fact is not None:
        yield from _fact(step, inner)
    if step.seen:
        yield f"{inner}(derived above)"


def _value(step: Step) -> str:
    if len(step.values) != 1:
        return _row(step)
    value = format_quantity(step.values[0], step.unit)
    if step.fact is not None and step.fact.bound is not None:
        value = f"{value} ({step.fact.bound} bound)"
    if step.low is not None and step.high is not None:
        low, high = (
            format_quantity(step.low, step.unit),
            format_quantity(step.high, step.unit),
        )
        return f"{value}, 90 % range {low} .. {high}"
    if step.values[0] is None and step.low is not None:
        return f"unknown, at least {format_quantity(step.low, step.unit)}"
    return value


def _row(step: Step) -> str:
    if not step.values:
        return "nothing"
    if step.curves > 1:
        return f"{step.curves} curves"
    shown = [format_quantity(value, step.unit) for value in step.values]
    if len(set(shown)) == 1:
        return f"{len(shown)} x {shown[0]}"
    return ", ".join(shown) if len(shown) <= 12 else ", ".join([*shown[:12], "..."])


def _fact(step: Step, pad: str) -> Iterator[str]:
    fact = step.fact
    assert fact is not None
    yield wrap(f"fact: {fact.name}", pad)
    if fact.source:
        yield wrap(f"source: {fact.source}", pad + INDENT, pad)
    if fact.date:
        yield wrap(f"date: {fact.date}", pad)
    if fact.note:
        yield wrap(f"note: {fact.note}", pad + INDENT, pad)
    if fact.mark is not None:
        yield wrap(f"at: {fact.mark}", pad)


def rows(step: Step) -> Iterator[tuple[Any, ...]]:
    """The derivation, one row a step, in the order of the text."""
    yield from _rows(step.name, step, 0)


def _rows(label: str, step: Step, level: int) -> Iterator[tuple[Any, ...]]:
    value = step.values[0] if len(step.values) == 1 else _row(step)
    source = step.fact.source if step.fact else ""
    where = str(step.fact.mark or "") if step.fact else ""
    numbers = (value, step.low, step.high)
    yield (
        level,
        label,
        step.name,
        *numbers,
        step.unit,
        step.basis,
        step.formula,
        source,
        where,
    )
    for name, below in step.inputs:
        yield from _rows(name, below, level + 1)
