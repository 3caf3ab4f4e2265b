"""What may be the case, the same for every design: all as most likely, one thing off, or a draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from planner.compute import Computed
from planner.facts import Fact
from planner.ranges import Columns, thing_of
from planner.sheet import Cell

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Cases:
    """Cases over which designs are compared, computed over the same columns.

    Parameters
    ----------
    designs : mapping
        The designs by name.
    """

    designs: Mapping[str, Computed]

    @property
    def names(self) -> tuple[str, ...]:
        """The designs."""
        return tuple(self.designs)

    @property
    def width(self) -> int:
        """How many cases there are."""
        return next(iter(self.designs.values())).columns.width

    @cached_property
    def _cells(self) -> dict[str, Mapping[str, Cell]]:
        return {name: computed.cells() for name, computed in self.designs.items()}

    def has(self, design: str, quantity: str) -> bool:
        """Whether a design has a quantity that is a single number."""
        cell = self._cells[design].get(quantity)
        return cell is not None and cell.value.ndim == 1

    def quantities(self, design: str) -> list[str]:
        """The quantities of a design that are a single number."""
        return [name for name in self._cells[design] if self.has(design, name)]

    def values(self, design: str, quantity: str) -> Values:
        """A quantity of a design in every case; NaN where the design does not have it."""
        if not self.has(design, quantity):
            return np.full(self.width, np.nan)
        return self._aligned(self.designs[design], self._cells[design][quantity].value)

    def _aligned(self, computed: Computed, found: Values) -> Values:
        return np.broadcast_to(found, (computed.columns.width,))


@dataclass(frozen=True)
class AlignedCases(Cases):
    """Cases of designs with ranges, computed over the same columns.

    The first case is the most likely one; then every uncertain thing of any design alone goes to
    its low and its high end; then come the draws.
    """

    @cached_property
    def _columns(self) -> Columns:
        return next(iter(self.designs.values())).columns

    @cached_property
    def facts(self) -> dict[str, dict[str, Fact]]:
        """The facts of each uncertain thing, by thing and name."""
        found: dict[str, dict[str, Fact]] = {thing: {} for thing in self.things}
        for computed in self.designs.values():
            for fact in computed.plan.facts():
                if fact.has_range and (facts := found.get(thing_of(fact))) is not None:
                    facts[fact.name] = fact
        return found

    @property
    def things(self) -> tuple[str, ...]:
        """Every uncertain thing of any design."""
        return self._columns.varied

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return self._columns.draws.count

    @property
    def first_draw(self) -> int:
        """Where the draws begin."""
        return 1 + 2 * len(self.things)

    @property
    def width(self) -> int:
        """How many cases there are."""
        return self.first_draw + self.draws

    @cached_property
    def drawn(self) -> dict[str, Values]:
        """The draws of each uncertain thing, as those of one of its facts."""
        draws = self._columns.draws
        return {thing: draws.of(next(iter(facts.values()))) for thing, facts in self.facts.items()}

    @cached_property
    def ranks(self) -> dict[str, Values]:
        """The ranks of each uncertain thing's draws around zero."""
        return {thing: centred_ranks(draws) for thing, draws in self.drawn.items()}

    def _aligned(self, computed: Computed, found: Values) -> Values:
        return computed.columns.without_probes(found)


def centred_ranks(values: Values) -> Values:
    """Ranks around zero, equal for equal values.

    Examples
    --------
    >>> centred_ranks(np.array([5.0, 1.0, 5.0])).tolist()
    [0.5, -1.0, 0.5]
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = np.cumsum(count) - (count - 1) / 2.0
    return np.asarray(ranks[place] - (len(values) + 1) / 2.0)
