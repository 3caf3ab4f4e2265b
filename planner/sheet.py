"""A spreadsheet whose cells are plain functions.

A public function of a model module whose return annotation is a unit (see
``planner.models.dimensions``) computes the quantity that bears its name; its parameters name the
quantities it needs. A sheet collects such functions, connects them by name, and refuses wiring
that cannot be right before anything is computed. It computes what is asked, and keeps for each
cell what went into it.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import FunctionType, ModuleType
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from planner.facts import Basis, Fact, weakest

BOUND = "_bound_"
CLOSE = 1e-12
"""Bounds that differ by no more than this share bind together."""


class WiringError(ValueError):
    """The functions of a sheet cannot be connected."""


@dataclass(frozen=True, eq=False)
class Cell:
    """A computed or given value that knows where it came from.

    Parameters
    ----------
    name : str
        Name of the quantity or fact.
    unit : str
        Unit of the value.
    value : ndarray
        The last axis holds the columns, nominal value first (see `planner.ranges`), or a single
        one where all are equal; axes before it belong to the entity (node group, load level).
    fact : Fact or None
        The fact behind a leaf.
    function : callable or None
        The model that computed it.
    inputs : tuple of (str, Cell)
        Arguments of ``function`` by parameter name, or the members of a stack by label.
    """

    name: str
    unit: str
    value: np.ndarray[Any, np.dtype[np.float64]]
    fact: Fact | None = None
    function: FunctionType | None = None
    inputs: tuple[tuple[str, Cell], ...] = ()

    @property
    def nominal(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The value with every input at its most likely value."""
        return np.asarray(self.value[..., 0])

    def bounds(self) -> list[tuple[str, Cell]]:
        """What each limiting resource alone would allow, when this is the least of several."""
        return [(name, cell) for name, cell in self.inputs if BOUND in name]

    @cached_property
    def binding(self) -> list[tuple[str, Cell]]:
        """The bounds that are the least for any member of a row; none where one is unknown."""
        bounds = self.bounds()
        values = [cell.nominal for _, cell in bounds]
        if not bounds or any(np.isnan(value).any() for value in values):
            return []
        table = np.stack(np.broadcast_arrays(*values)).reshape(len(bounds), -1)
        least = np.min(table, axis=0)
        with np.errstate(invalid="ignore"):
            close = (table == least) | (table - least <= CLOSE * np.abs(least))
        idle = np.all(table == 0.0, axis=0) & np.any(table != 0.0)
        binds = np.any(close & ~idle, axis=1)
        return list(itertools.compress(bounds, binds))

    @cached_property
    def basis(self) -> Basis:
        """The weakest basis among the facts that matter for it."""
        own = [] if self.fact is None else [self.fact.basis]
        return weakest([*own, *(below.basis for _, below in inputs_that_matter(self))])

    def walk(self) -> Iterator[Cell]:
        """This cell and everything below it, each once."""
        seen: set[int] = set()
        stack = [self]
        while stack:
            cell = stack.pop()
            if id(cell) not in seen:
                seen.add(id(cell))
                yield cell
                stack.extend(below for _, below in reversed(cell.inputs))


def single(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Those of the cells that hold one number, not a row of them."""
    return {name: cell for name, cell in cells.items() if cell.value.ndim == 1}


_made: WeakValueDictionary[Hashable, Cell] = WeakValueDictionary()


def made_once(kind: Hashable, inputs: Sequence[tuple[str, Cell]], make: Callable[[], Cell]) -> Cell:
    """The cell that is made in a way from some cells; one that is still in use is not made again.

    Designs that share a machine then share its cells, and a change of one fact makes only what
    depends on it anew.

    Parameters
    ----------
    kind : hashable
        What is made: the function with its choices, and how it calls its inputs.
    inputs : sequence of (str, Cell)
        What goes into it. The cell that is made has to hold these very cells.
    make : callable
        Makes it.
    """
    key = (kind, *[id(cell) for _, cell in inputs])
    found = _made.get(key)
    if found is None:
        _made[key] = found = make()
    return found


def stack(name: str, unit: str, members: Sequence[tuple[str, Cell]]) -> Cell:
    """Several cells as one, along a new axis just before the columns; nothing is a row of none.

    Raises
    ------
    WiringError
        When a member has another unit.
    """
    if not members:
        return Cell(name, unit, np.zeros((0, 1)))
    kind = (stack, name, unit, *[label for label, _ in members])
    return made_once(kind, members, lambda: _stacked(name, unit, members))


def renamed(cell: Cell, name: str, unit: str = "") -> Cell:
    """The same value under another name, perhaps seen in another unit."""
    new = replace(cell, name=name, unit=unit or cell.unit)
    held = (name, new.unit, id(cell.value), id(cell.fact), cell.function)
    return made_once((renamed, *held, *dict(cell.inputs)), cell.inputs, lambda: new)


def _stacked(name: str, unit: str, members: Sequence[tuple[str, Cell]]) -> Cell:
    for label, cell in members:
        if cell.unit != unit:
            raise WiringError(f"{name}: {label} is in {cell.unit}, but {unit} is needed")
    width = max(cell.value.shape[-1] for _, cell in members)
    value = np.stack([_widened(cell.value, width) for _, cell in members], axis=-2)
    return Cell(name, unit, value, inputs=tuple(members))


def _widened(value: np.ndarray[Any, Any], width: int) -> np.ndarray[Any, Any]:
    """The value in so many columns."""
    if value.shape[-1] == width:
        return value
    return np.broadcast_to(value, (*value.shape[:-1], width))


@dataclass(frozen=True)
class Parameter:
    """An argument of a model: its unit, and its default if it has one."""

    name: str
    unit: str
    default: float | None = None


@dataclass(frozen=True)
class Quantity:
    """A model seen as the quantity that it computes."""

    name: str
    unit: str
    function: FunctionType
    parameters: tuple[Parameter, ...]

    @property
    def summary(self) -> str:
        """First line of the model's docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]


def quantities_of(module: ModuleType) -> Iterator[Quantity]:
    """The quantities that a module's own public functions compute, in order of definition."""
    for name, function in vars(module).items():
        own = isinstance(function, FunctionType) and function.__module__ == module.__name__
        if own and not name.startswith("_"):
            hints = dict(_annotations(function))
            unit = _unit(hints.get("return"))
            if unit is not None:
                yield Quantity(name, unit, function, tuple(_parameters(function, hints)))


def _annotations(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What the names that annotate a function stand for; nothing for any other annotation."""
    for name, written in function.__annotations__.items():
        yield name, function.__globals__.get(written) if isinstance(written, str) else written


def _unit(annotation: Any) -> str | None:
    metadata = getattr(annotation, "__metadata__", ())
    return next((item for item in metadata if isinstance(item, str)), None)


def _parameters(function: FunctionType, hints: Mapping[str, Any]) -> Iterator[Parameter]:
    code, defaults = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    for name in names:
        unit = _unit(hints.get(name))
        if unit is None:
            raise WiringError(f"{function.__module__}.{function.__name__}: {name} has no unit")
        yield Parameter(name, unit, float(given[name]) if name in given else None)


@dataclass(frozen=True)
class Sheet:
    """Quantities wired by name.

    Parameters
    ----------
    name : str
        What the sheet describes: a node, a storage backend, a design.
    modules : sequence of module
        Where the models are.
    inputs : mapping of str to str
        Names and units of what is given from outside.

    Raises
    ------
    WiringError
        All at once: an input that nothing provides, a name that is provided twice, units that
        differ across a connection, a cycle.

    Examples
    --------
    >>> from planner.models import domains
    >>> Sheet("x", [domains], {"domain_capacity": "TB"})
    Traceback (most recent call last):
    planner.sheet.WiringError: x: failure_domains needs domain_capacity in B, but it is given in TB
    """

    name: str
    modules: Sequence[ModuleType]
    inputs: Mapping[str, str]
    quantities: dict[str, Quantity] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        problems = [*self._collect(), *self._check_connections()]
        if not problems:
            problems = list(self._check_cycles())
        if problems:
            raise WiringError("\n".join(f"{self.name}: {problem}" for problem in problems))

    def _collect(self) -> Iterator[str]:
        for module in self.modules:
            for quantity in quantities_of(module):
                if quantity.name in self.quantities:
                    other = self.quantities[quantity.name].function.__module__
                    yield f"{quantity.name} is defined in {other} and in {module.__name__}"
                if quantity.name in self.inputs:
                    yield f"{quantity.name} is given and is computed by {module.__name__}"
                self.quantities[quantity.name] = quantity

    def _check_connections(self) -> Iterator[str]:
        for quantity in self.quantities.values():
            for parameter in quantity.parameters:
                unit = self.unit(parameter.name)
                if unit is None and parameter.default is None:
                    yield f"{quantity.name} needs {parameter.name}, which nothing provides"
                elif unit is not None and unit != parameter.unit:
                    verb = "computed" if parameter.name in self.quantities else "given"
                    yield (
                        f"{quantity.name} needs {parameter.name} in {parameter.unit}, "
                        f"but it is {verb} in {unit}"
                    )

    def _check_cycles(self) -> Iterator[str]:
        done: set[str] = set()

        def visit(name: str, path: tuple[str, ...]) -> Iterator[str]:
            if name in path:
                yield "cycle: " + " -> ".join((*path[path.index(name) :], name))
            elif name in self.quantities and name not in done:
                for parameter in self.quantities[name].parameters:
                    yield from visit(parameter.name, (*path, name))
                done.add(name)

        for name in self.quantities:
            yield from visit(name, ())

    def unit(self, name: str) -> str | None:
        """Unit of a quantity or input; None if the sheet does not know it."""
        quantity = self.quantities.get(name)
        return quantity.unit if quantity else self.inputs.get(name)

    def evaluate(
        self, given: Mapping[str, Cell], wanted: Iterable[str] | None = None
    ) -> dict[str, Cell]:
        """Compute the wanted quantities (all by default) and what they need.

        A quantity that needs an input which is not given is left out: a design without an array
        has no controller rate. Use `Sheet.missing` to see what it lacks.
        """
        cells: dict[str, Cell | None] = {}
        with np.errstate(all="ignore"):
            for name in self.quantities if wanted is None else wanted:
                self._cell(name, given, cells)
        return {name: cell for name, cell in cells.items() if cell is not None}

    def _cell(
        self, name: str, given: Mapping[str, Cell], cells: dict[str, Cell | None]
    ) -> Cell | None:
        """What is given or computed under a name; None, noted too, where an input is missing."""
        if name in cells:
            return cells[name]
        quantity = self.quantities.get(name)
        if quantity is None:
            return given.get(name)
        inputs: list[tuple[str, Cell]] = []
        for parameter in quantity.parameters:
            cell = self._cell(parameter.name, given, cells)
            if cell is None and parameter.default is not None:
                cell = _default(parameter, quantity.function)
            if cell is None:
                cells[name] = None
                return None
            inputs.append((parameter.name, cell))
        cells[name] = made_once(quantity.function, inputs, lambda: _calculated(quantity, inputs))
        return cells[name]


def _calculated(quantity: Quantity, inputs: Sequence[tuple[str, Cell]]) -> Cell:
    value = quantity.function(**{name: cell.value for name, cell in inputs})
    columns = max((cell.value.shape[-1] for _, cell in inputs), default=1)
    value = np.asarray(value, dtype=float)
    if value.ndim == 0 or value.shape[-1] != columns:
        value = np.broadcast_to(value, (*value.shape[:-1], columns))
    return Cell(quantity.name, quantity.unit, value, None, quantity.function, tuple(inputs))


@cache
def _default(parameter: Parameter, function: FunctionType) -> Cell:
    assert parameter.default is not None
    source = f"default of {function.__module__}.{function.__name__}"
    fact = Fact(parameter.name, parameter.default, parameter.unit, Basis.GIVEN, source)
    return Cell(parameter.name, parameter.unit, np.array([parameter.default]), fact)


def limiter(cell: Cell) -> str | None:
    """What limits a quantity: the resource whose bound is the least, all of them on a tie.

    A bound is an argument named ``RESOURCE_bound_QUANTITY``. Where the least bound is itself the
    least of others, the innermost is named; where groups of hosts differ, all that bind on any.
    Several bounds at zero tell nothing.
    """
    found = cell.binding
    if not found:
        inner = [limiter(below) for _, below in cell.inputs if below.function]
        return next((name for name in inner if name), None)
    if len(found) > 1 and not np.any(found[0][1].nominal):
        return None
    names = (limiter(below) or name.partition(BOUND)[0].replace("_", " ") for name, below in found)
    return " and ".join(dict.fromkeys(names))


def inputs_that_matter(cell: Cell) -> list[tuple[str, Cell]]:
    """The inputs of a cell, leaving out bounds that do not bind."""
    binding = {name for name, _ in cell.binding}
    return [
        item for item in cell.inputs if not binding or BOUND not in item[0] or item[0] in binding
    ]
