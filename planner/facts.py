"""Facts: a value with its unit, its range, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from planner.faults import Mark


class Basis(StrEnum):
    """How a number is known, strongest first; ``given`` is a decision, which needs no evidence."""

    GIVEN = "given"
    MEASURED = "measured"
    CALIBRATED = "calibrated"
    DATASHEET = "datasheet"
    LOOK_ALIKE = "look-alike"
    COMPONENTS = "components"
    NAMEPLATE = "nameplate"
    ASSUMPTION = "assumption"

    @property
    def rank(self) -> int:
        """Place on the ladder of evidence; 0 is the strongest."""
        return _RANKS[self]


_RANKS = {basis: rank for rank, basis in enumerate(Basis)}


def weakest(bases: Iterable[Basis]) -> Basis:
    """The weakest of the given bases; ``given`` when there is none.

    Examples
    --------
    >>> weakest([Basis.MEASURED, Basis.ASSUMPTION, Basis.DATASHEET])
    <Basis.ASSUMPTION: 'assumption'>
    """
    return max(bases, key=_RANKS.__getitem__, default=Basis.GIVEN)


class Bound(StrEnum):
    """A reading that is not the value itself but a limit to it."""

    UPPER = "upper"
    LOWER = "lower"


@dataclass(frozen=True)
class Fact:
    """A number that was not computed, and where it comes from.

    Parameters
    ----------
    name : str
        What it is, unique in a design: ``intel-i3-3220t.tdp``.
    value : float or None
        The most likely value in ``unit``; None where it is unknown.
    unit : str
        Unit of ``value``, ``low`` and ``high``.
    basis : Basis
        Rung on the ladder of evidence.
    source : str
        Document, measurement or person that says so.
    low, high : float or None
        Ends of the 90 % range.
    bound : Bound or None
        Set where the value is only a limit ("never above 30 W").
    note : str
        Conditions, caveats, or the reason of an override.
    mark : Mark or None
        Where it is written.
    date : str
        When it was so: ``2013``, ``2013-05`` or ``2013-05-27``; of a price, the day it was asked.
    """

    name: str
    value: float | None
    unit: str
    basis: Basis
    source: str = ""
    low: float | None = None
    high: float | None = None
    bound: Bound | None = None
    note: str = ""
    mark: Mark | None = None
    date: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def has_range(self) -> bool:
        """Whether the value may vary over a range."""
        return self.known and (self.low is not None or self.high is not None)


@dataclass(frozen=True)
class Trait:
    """A property in words, with its evidence: a socket, a form factor.

    Parameters
    ----------
    name : str
        What it is: ``intel-dq77kb.socket``.
    text : str
        The property.
    basis : Basis
        Rung on the ladder of evidence.
    source, note : str
        Where it comes from, and caveats.
    mark : Mark or None
        Where it is written.
    """

    name: str
    text: str
    basis: Basis
    source: str = ""
    note: str = ""
    mark: Mark | None = None
