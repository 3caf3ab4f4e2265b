"""Where a number comes from, down to the facts; made from what was computed."""

from __future__ import annotations

import ast
import inspect
import math
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

from planner.compute import Computed
from planner.evaluation import Evaluation
from planner.facts import Fact
from planner.faults import InputError, Mark
from planner.ranges import Range
from planner.sheet import Cell, limiter
from planner.wording import did_you_mean


@dataclass(frozen=True)
class Step:
    """A quantity or a fact with what it was made from.

    Parameters
    ----------
    name, unit : str
        What it is, and the unit of the values.
    values : tuple of float
        One number, or one for each member of a row.
    low, high : float or None
        The 90 % range of a single number.
    basis : str
        The weakest basis below.
    summary, model, formula : str
        What the model computes, its full name, and its formula; empty for facts and rows.
    limit : str
        What limits it.
    fact : Fact or None
        The fact at the bottom.
    inputs : tuple of (str, Step)
        What it was made from; equal members of a row are told once, with their number.
    seen : bool
        Whether its inputs were left out because they were told before.
    curves : int
        How many rows the values are, where each member of a row is a row itself.
    """

    name: str
    unit: str
    values: tuple[float | None, ...]
    low: float | None
    high: float | None
    basis: str
    summary: str
    model: str
    formula: str
    limit: str
    fact: Fact | None
    inputs: tuple[tuple[str, Step], ...]
    seen: bool
    curves: int


def derive(evaluation: Evaluation, design: str, quantity: str, depth: int = 100) -> Step:
    """The derivation of a quantity of a design.

    Parameters
    ----------
    evaluation : Evaluation
        A scenario with what was computed from it.
    design, quantity : str
        Which number.
    depth : int
        How many steps down to go.

    Raises
    ------
    InputError
        When there is no such design or quantity.
    """
    if design not in evaluation.designs:
        remedy = did_you_mean(design, evaluation.designs)
        raise InputError.at(Mark(design), "no such design", remedy)
    computed = evaluation.designs[design]
    cells = computed.cells()
    if quantity not in cells:
        remedy = did_you_mean(quantity, cells)
        raise InputError.at(Mark(quantity), f"{design} has no such quantity", remedy)
    currency = evaluation.loaded.scenario.currency
    return _Teller(computed, currency).step(cells[quantity], depth)


@dataclass(frozen=True)
class _Teller:
    computed: Computed
    currency: str
    told: set[int] = field(default_factory=set)

    def step(self, cell: Cell, depth: int) -> Step:
        function: FunctionType | None = cell.__dict__["function"]
        seen = id(cell) in self.told and bool(cell.inputs)
        self.told.add(id(cell))
        inputs: tuple[tuple[str, Step], ...] = ()
        if depth > 1 and not seen:
            inputs = tuple(self._inputs(cell, depth - 1))
        values = np.atleast_1d(cell.nominal).ravel()
        single = cell.value.ndim == 1
        found = self._range(cell) if single else None
        return Step(
            name=cell.name,
            unit=cell.unit.replace("money", self.currency),
            values=tuple(None if np.isnan(value) else float(value) for value in values),
            low=found.low if found else None,
            high=found.high if found else None,
            basis=str(cell.basis),
            summary=_summary(function),
            model=f"{function.__module__}.{function.__name__}" if function else "",
            formula=formula_of(function) if function else "",
            limit=(limiter(cell) or "") if cell.bounds() else "",
            fact=cell.fact,
            inputs=inputs,
            seen=seen,
            curves=cell.nominal.shape[-1] if cell.nominal.ndim > 1 else 1,
        )

    def _range(self, cell: Cell) -> Range:
        if cell.fact is not None and cell.fact.known:
            return Range(cell.fact.value, cell.fact.low, cell.fact.high)
        return self.computed.columns.range_of(cell.value)

    def _inputs(self, cell: Cell, depth: int) -> Iterator[tuple[str, Step]]:
        for label, number, below in _runs(cell):
            yield (f"{label} (x {number})" if number > 1 else label), self.step(below, depth)


def _runs(cell: Cell) -> Iterator[tuple[str, int, Cell]]:
    """The inputs; consecutive members of a row that are the same thing are one, with a number."""
    previous: tuple[str, int, Cell] | None = None
    for label, below in cell.inputs:
        if previous and previous[0] == label and _same(previous[2], below):
            previous = (label, previous[1] + 1, below)
            continue
        if previous:
            yield previous
        previous = (label, 1, below)
    if previous:
        yield previous


def _same(one: Cell, other: Cell) -> bool:
    if one.fact is not None or other.fact is not None:
        return one.fact == other.fact
    return one is other or (one.function is other.function and one.inputs == other.inputs)


def _summary(function: FunctionType | None) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0] if function else ""


@cache
def formula_of(function: FunctionType) -> str:
    """What a model computes: as its code says where that is short, else as its notes say.

    Examples
    --------
    >>> from planner.models import energy, running_cost
    >>> formula_of(energy.annual_energy)
    'mean_power * hours_per_year / 1000.0'
    >>> formula_of(running_cost.annual_upkeep_cost).partition(", with ")[2]
    'place = annual_space_cost + annual_hosting_cost'
    """
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(definition, ast.FunctionDef)
    body = definition.body[1:]
    names = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name)}
    names -= set(inspect.signature(function).parameters)
    helped = any(isinstance(function.__globals__.get(name), FunctionType) for name in names)
    single = len(body) == 1 and isinstance(body[0], ast.Return)
    if not single or helped or _looks_inside(body[0]):
        return notes_of(function) or _code(body)
    return _code(body)


def _code(body: list[ast.stmt]) -> str:
    """A result as its code says, with the steps before it; empty where that is no formula."""
    *before, last = (_Bare().visit(step) for step in body)
    steps = [step for step in before if isinstance(step, ast.Assign)]
    if not isinstance(last, ast.Return) or steps != before:
        return ""
    told = "; ".join(map(ast.unparse, steps))
    text = ast.unparse(last).removeprefix("return ") + (f", with {told}" if told else "")
    return text.replace("np.", "")


class _Bare(ast.NodeTransformer):
    """Takes away what only checks or converts a number, and the names given for messages."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.func) in ("amount", "plain", "np.asarray", "np.atleast_1d"):
            return node.args[0]
        args = [item for item in node.args if not isinstance(getattr(item, "value", 0), str)]
        node.func = ast.Name(ast.unparse(node.func).lstrip("_"))
        return ast.Call(node.func, args, node.keywords)


def _looks_inside(code: ast.AST) -> bool:
    """Whether code reads a member of anything but NumPy: its names are then not the quantities'."""
    return any(
        isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[0] != "np"
        for node in ast.walk(code)
    )


def notes_of(function: FunctionType) -> str:
    """The notes of a model's docstring, its equation and its limits, as one paragraph.

    Examples
    --------
    >>> from planner.models.placed import full_load_share
    >>> notes_of(full_load_share)
    'min(1, T / L), the processor-sharing limit for L processes that always run.'
    """
    return section_of(function, "Notes")


def section_of(function: FunctionType, heading: str) -> str:
    """A section of a docstring as one paragraph; empty where there is none."""
    text = inspect.getdoc(function) or ""
    pattern = rf"^{heading}\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)"
    section = re.search(pattern, text, re.DOTALL | re.MULTILINE)
    return " ".join(section.group(1).split()) if section else ""


def as_data(step: Step) -> dict[str, Any]:
    """A derivation as JSON-able data; what has no limit is null and says so."""
    values = [None if value == math.inf else value for value in step.values]
    data: dict[str, Any] = {
        "name": step.name,
        "unit": step.unit,
        "value": values[0] if len(values) == 1 else values,
        "low": step.low,
        "high": step.high,
        "basis": step.basis,
    }
    if math.inf in step.values:
        data["unlimited"] = True
    for key in ("summary", "model", "formula", "limit"):
        if getattr(step, key):
            data[key] = getattr(step, key)
    if step.fact is not None:
        data["source"] = step.fact.source
        data["note"] = step.fact.note
        if step.fact.date:
            data["date"] = step.fact.date
        data["bound"] = str(step.fact.bound) if step.fact.bound else None
        data["where"] = str(step.fact.mark) if step.fact.mark else ""
    if step.inputs:
        data["inputs"] = [{"as": label, **as_data(below)} for label, below in step.inputs]
    if step.seen:
        data["told_above"] = True
    return data
