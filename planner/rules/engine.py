"""What a rule is, and how rules are held against a design.

A rule is a small function over one subject: a design, a storage, the hosts of a storage, a group
that votes. Its first parameter is the subject; the others name the quantities that it needs, as in
the sheets. Where one of them is unknown the rule is not applicable, and says which; a parameter
with a default is wanted, but not needed. The function yields what is broken, with the numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from planner.rules.view import Scope, Subject, View

Severity = Literal["error", "warning", "information"]
Era = Literal["2013", "current"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")
ERAS: tuple[Era, ...] = ("2013", "current")


@dataclass(frozen=True)
class Broken:
    """What a rule found on its subject.

    Parameters
    ----------
    message : str
        What was found, with the numbers that were compared.
    fix : str
        What would mend it here; the rule's own words by default.
    severity : {"error", "warning", "information"}, optional
        How bad it is; that of the rule by default.
    """

    message: str
    fix: str = ""
    severity: Severity | None = None


@dataclass(frozen=True)
class Number:
    """A quantity that a rule compared."""

    quantity: str
    value: float
    unit: str


@dataclass(frozen=True)
class Finding:
    """Something about a design that a buyer should know before buying.

    Parameters
    ----------
    code : str
        Stable name of the rule.
    severity : {"error", "warning", "information"}
        How bad it is.
    topic, subject : str
        What it is about; the subject is empty for the design as a whole.
    message : str
        What was found, with the numbers.
    fix : str
        What would mend it.
    source : str
        Who says so.
    numbers : tuple of Number
        The quantities that the rule looked at, by the names that `planner explain` knows.
    """

    code: str
    severity: Severity
    topic: str
    subject: str
    message: str
    fix: str
    source: str
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Skipped:
    """A rule that could not be held against a subject, and why."""

    code: str
    subject: str
    because: str


@dataclass(frozen=True)
class Passed:
    """A rule that a subject keeps."""

    code: str
    subject: str


@dataclass
class Held:
    """What came of holding rules against a design."""

    findings: list[Finding] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    not_applicable: list[Skipped] = field(default_factory=list)


Check = Callable[..., Iterable[Broken]]


@dataclass(frozen=True)
class Rule:
    """A design rule.

    Parameters
    ----------
    code : str
        Stable name: letter of the worst severity, domain, number.
    severity : {"error", "warning", "information"}
        The worst that it can reach, and what a finding has unless it says otherwise.
    topic : str
        Under which heading it is listed.
    of : Scope
        What it is held against.
    fires, fix, source : str
        When it fires, what mends it in general, and who says so.
    eras : tuple of {"2013", "current"}
        Sets of rules that it belongs to.
    check : callable
        The function.
    """

    code: str
    severity: Severity
    topic: str
    of: Scope
    fires: str
    fix: str
    source: str
    eras: tuple[Era, ...]
    check: Check

    @property
    def title(self) -> str:
        """What it checks, in one line."""
        return (inspect.getdoc(self.check) or "").partition("\n")[0].removesuffix(".")

    @property
    def why(self) -> str:
        """Why that matters; empty where the title says it."""
        return " ".join((inspect.getdoc(self.check) or "").partition("\n")[2].split())

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Quantities without which it is not applicable."""
        return tuple(name for name, default in self._parameters if default)

    @cached_property
    def wants(self) -> tuple[str, ...]:
        """Quantities that it looks at where they are known."""
        return tuple(name for name, default in self._parameters if not default)

    @cached_property
    def _parameters(self) -> list[tuple[str, bool]]:
        parameters = list(inspect.signature(self.check).parameters.values())[1:]
        return [(item.name, item.default is inspect.Parameter.empty) for item in parameters]

    def hold(self, view: View, held: Held) -> None:
        """Hold the rule against all of its subjects in a design."""
        subjects = list(self.of.subjects(view))
        if not subjects:
            held.not_applicable.append(Skipped(self.code, "", self.of.none))
        for subject in subjects:
            self._hold(view, subject, held)

    def _hold(self, view: View, subject: Subject, held: Held) -> None:
        names = (*self.needs, *self.wants)
        known = {name: view.look_up(subject, name) for name in names}
        missing = [name for name in self.needs if known[name].value is None]
        if missing:
            because = f"unknown: {', '.join(missing)}"
            held.not_applicable.append(Skipped(self.code, subject.name, because))
            return
        values = {name: item.value for name, item in known.items() if item.value is not None}
        numbers = tuple(
            Number(item.name, item.value, item.unit)
            for item in known.values()
            if item.value is not None
        )
        found = [
            Finding(
                code=self.code,
                severity=broken.severity or self.severity,
                topic=self.topic,
                subject=subject.name,
                message=broken.message,
                fix=broken.fix or self.fix,
                source=self.source,
                numbers=numbers,
            )
            for broken in self.check(subject, **values)
        ]
        held.findings += found
        if not found:
            held.passed.append(Passed(self.code, subject.name))


def rule(
    code: str,
    severity: Severity,
    topic: str,
    of: Scope,
    *,
    fires: str,
    fix: str,
    source: str,
    eras: tuple[Era, ...] = ERAS,
) -> Callable[[Check], Rule]:
    """Make a rule of a function; its docstring says what it checks, and why."""

    def made(check: Check) -> Rule:
        return Rule(code, severity, topic, of, fires, fix, source, eras, check)

    return made


def hold_all(rules: Iterable[Rule], view: View) -> Held:
    """Hold the rules of the view's era against a design."""
    held = Held()
    for one in rules:
        if view.era in one.eras:
            one.hold(view, held)
    return held


def rank(severity: Any) -> int:
    """Place of a severity, the worst first."""
    return SEVERITIES.index(severity)
