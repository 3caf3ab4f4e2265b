"""What may be the case, the same for every design: all as most likely, one thing off, or a draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from planner.compute import Cells, Computed
from planner.facts import Fact
from planner.ranges import thing_of

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
    def _cells(self) -> dict[str, Cells]:
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
    """Cases of designs that were computed each over columns of its own.

    The first case is the most likely one; then every uncertain thing of any design alone goes to
    its low and its high end; then come the draws.
    """

    @cached_property
    def facts(self) -> dict[str, dict[str, Fact]]:
        """The facts of each uncertain thing, by thing and name."""
        found: dict[str, dict[str, Fact]] = {}
        for computed in self.designs.values():
            for fact in computed.plan.facts():
                if fact.has_range:
                    found.setdefault(thing_of(fact), {})[fact.name] = fact
        return dict(sorted(found.items()))

    @cached_property
    def things(self) -> tuple[str, ...]:
        """Every uncertain thing of any design."""
        return tuple(self.facts)

    @cached_property
    def draws(self) -> int:
        """How many draws there are."""
        return max((computed.columns.draws.count for computed in self.designs.values()), default=0)

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
        found: dict[str, Values] = {}
        for computed in self.designs.values():
            draws = computed.columns.draws
            if draws.count:
                for fact in computed.plan.facts():
                    if fact.has_range:
                        found.setdefault(thing_of(fact), draws.of(fact))
        return found

    @cached_property
    def ranks(self) -> dict[str, Values]:
        """The ranks of each uncertain thing's draws around zero."""
        return {thing: centred_ranks(draws) for thing, draws in self.drawn.items()}

    def _aligned(self, computed: Computed, found: Values) -> Values:
        columns = computed.columns
        values = np.full(self.width, found[0])
        if columns.draws.count:
            rows = [self.things.index(thing) for thing in columns.varied]
            values[1 : self.first_draw].reshape(-1, 2)[rows] = columns.ends(found)
            values[self.first_draw :] = columns.samples(found)
        return values


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
