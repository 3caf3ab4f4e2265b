"""A design as rules see it: its quantities, and the things in it that rules are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Subject:
    """Something that a rule is held against.

    Parameters
    ----------
    kind : str
        What it is: ``design``, ``storage``, ``group``, ``quorum``, ...
    name : str
        How messages call it; empty for the design itself.
    prefixes : tuple of str
        Under which names its quantities are found, the nearest first; those of the design last.
    traits : mapping
        What the scenario says of it in words: software, kind of drive, roles.
    """

    kind: str
    name: str
    prefixes: tuple[str, ...] = ()
    traits: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.traits.get(key)


class Found(NamedTuple):
    """A quantity under its full name; the value is None where it is unknown."""

    name: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class View:
    """The quantities of a design as rules see them: plain numbers, None where unknown.

    Parameters
    ----------
    quantities : mapping of str to float or None
        By name; those of a storage, group or quorum as ``NAME.quantity``.
    subjects : tuple of Subject
        What rules are held against.
    era : str
        The set of rules.
    units : mapping of str to str
        Units of the quantities, those without are plain numbers.
    """

    quantities: Mapping[str, float | None]
    subjects: tuple[Subject, ...] = ()
    era: str = "current"
    units: Mapping[str, str] = field(default_factory=dict)

    def look_up(self, subject: Subject, quantity: str) -> Found:
        """A quantity of a subject, or else of the design."""
        names = [*(f"{prefix}.{quantity}" for prefix in subject.prefixes), quantity]
        name = next((name for name in names if name in self.quantities), names[0])
        return Found(name, self.quantities.get(name), self.units.get(name, "1"))

    def of_kind(self, kind: str) -> Iterable[Subject]:
        """The subjects of a kind."""
        return (subject for subject in self.subjects if subject.kind == kind)


@dataclass(frozen=True)
class Scope:
    """Which subjects a rule is held against.

    Parameters
    ----------
    kind : str
        Kind of the subjects.
    none : str
        Why the rule is not applicable where there are none.
    concerns : callable
        Whether a subject of the kind is concerned.
    """

    kind: str
    none: str
    concerns: Callable[[Subject], bool] = lambda _: True

    def subjects(self, view: View) -> list[Subject]:
        """The subjects of a design."""
        return [subject for subject in view.of_kind(self.kind) if self.concerns(subject)]

    def where(self, concerns: Callable[[Subject], bool], none: str) -> Scope:
        """A part of the scope."""
        return Scope(self.kind, none, lambda one: self.concerns(one) and concerns(one))
