"""What a sheet is given: facts, rows of facts, curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.facts import Fact


@dataclass(frozen=True, kw_only=True)
class Converted(Fact):
    """Money of another currency, counted in that of the scenario.

    Parameters
    ----------
    price : Fact
        The money as it was asked.
    rate : Fact
        What one unit of its currency costs.
    """

    price: Fact
    rate: Fact


@dataclass(frozen=True)
class Row:
    """Facts along an axis: the parts of a node, the flavours of a workload."""

    unit: str
    members: tuple[tuple[str, Fact], ...]


@dataclass(frozen=True)
class Curve:
    """Numbers along an axis that rest on one piece of evidence: a shape by its load levels.

    Parameters
    ----------
    values : tuple of float
        The numbers, in the unit of the fact.
    fact : Fact
        The evidence; its value is the number in the middle.
    """

    values: tuple[float, ...]
    fact: Fact


Given = Mapping[str, Fact | Row | Curve]


def facts_of(given: Given) -> Iterator[Fact]:
    """Every fact that a sheet is given."""
    for item in given.values():
        if isinstance(item, Row):
            yield from (below for _, fact in item.members for below in _behind(fact))
        else:
            yield from _behind(item.fact if isinstance(item, Curve) else item)


def _behind(fact: Fact) -> tuple[Fact, ...]:
    return (fact.price, fact.rate) if isinstance(fact, Converted) else (fact,)
