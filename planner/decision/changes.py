"""What would change the choice: inputs that alone turn it, and where they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from planner.compute import compute_all
from planner.decision.cases import AlignedCases, Cases
from planner.decision.choice import Choice
from planner.decision.requirements import named_designs, named_quantities
from planner.facts import Fact
from planner.plan import DesignPlan
from planner.ranges import Walks, along, thing_of

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Walk: TypeAlias = tuple[str, bool]

COARSE = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0, 13.0])
FINE = 64
DECIDED = re.compile(r"site\..*|workload\..*\.count")
"""Facts that are tried too where they are stated without a range."""


@dataclass(frozen=True)
class Change:
    """An input that alone turns the choice.

    Parameters
    ----------
    thing : str
        What it is.
    high : bool
        Whether it does so upwards.
    part : float
        How far from its value it does so: 1 is the end of its 90 % range.
    facts : tuple of (Fact, float)
        Its facts, each with the value at which the choice turns.
    becomes : str or None
        What is chosen instead; None where nothing is.
    fails : tuple of str
        Requirements that what was chosen then does not meet.
    """

    thing: str
    high: bool
    part: float
    facts: tuple[tuple[Fact, float], ...]
    becomes: str | None
    fails: tuple[str, ...]


def changes(choice: Choice, cases: AlignedCases, baseline: DesignPlan | None) -> list[Change]:
    """Every single input that turns the choice, the nearest turn first.

    Parameters
    ----------
    choice : Choice
        The choice over the cases.
    cases : AlignedCases
        Everything as is most likely, every thing at its ends, and draws.
    baseline : DesignPlan or None
        The design that the others are to replace.

    Returns
    -------
    list of Change
        Found by computing the designs again while the input walks up to ten times its value or
        down to a tenth.
    """
    walker = _Walker(choice, cases, baseline)
    return sorted(walker.changes(), key=lambda change: (change.part, change.thing, change.high))


@dataclass(frozen=True)
class _Walker:
    choice: Choice
    cases: AlignedCases
    baseline: DesignPlan | None

    def changes(self) -> Iterator[Change]:
        walks = [(thing, high) for thing in self.facts for high in (False, True)]
        if not walks:
            return
        ways = [COARSE[1:]] * len(walks)
        turned = self._turned(self._walked(walks, ways), len(walks))
        found = [
            (walk, COARSE[step], COARSE[step + 1])
            for walk, row in zip(walks, turned, strict=True)
            for step in np.flatnonzero(row)[:1]
        ]
        if found:
            yield from self._refined(found)

    def _refined(self, found: list[tuple[Walk, float, float]]) -> Iterator[Change]:
        """The same turns with finer steps between the last before and the first after."""
        ways = [np.linspace(start, stop, FINE + 1)[1:] for _, start, stop in found]
        walks = [walk for walk, _, _ in found]
        walked = self._walked(walks, ways)
        turned = self._turned(walked, len(walks))
        turned[:, -1] = True
        for row, ((thing, high), way) in enumerate(zip(walks, ways, strict=True)):
            step = int(np.argmax(turned[row]))
            column = 1 + row * FINE + step
            after = int(walked.winner[column])
            facts = self.facts[thing].values()
            yield Change(
                thing,
                high,
                float(way[step]),
                tuple((fact, float(along(fact, high, way)[step])) for fact in facts),
                None if after < 0 else walked.cases.names[after],
                self._lost(walked, column),
            )

    def _lost(self, walked: Choice, column: int) -> tuple[str, ...]:
        """Requirements that what was chosen no longer meets."""
        if self._before is None:
            return ()
        items = self.choice.entries[self._before]["requirements"]
        met = walked.met[walked.cases.names.index(self._before), :, column]
        return tuple(item["text"] for item, is_met in zip(items, met, strict=True) if is_met == 0.0)

    def _walked(self, walks: list[Walk], ways: list[Values]) -> Choice:
        columns = Walks(
            (), walks=tuple((*walk, way) for walk, way in zip(walks, ways, strict=True))
        )
        designs = compute_all(self._plans, columns, self.baseline, self._wanted)
        return replace(self.choice, cases=Cases(designs))

    def _turned(self, walked: Choice, walks: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether the choice is another one, (walks, steps)."""
        before = -1 if self._before is None else walked.cases.names.index(self._before)
        return np.asarray(walked.winner[1:] != before).reshape(walks, -1)

    @cached_property
    def _wanted(self) -> set[str]:
        """The quantities that the choice depends on."""
        found = {criterion.quantity for criterion in self.choice.criteria}
        return found | named_quantities(self.choice.judge) | {self.choice.cost or ""}

    @cached_property
    def _before(self) -> str | None:
        winner = int(self.choice.winner[0])
        return None if winner < 0 else self.cases.names[winner]

    @cached_property
    def _plans(self) -> dict[str, DesignPlan]:
        """Designs that may be chosen in any case, and those that requirements name."""
        able = np.any(self.choice.allowed, axis=1)
        names = {name for name, may in zip(self.cases.names, able, strict=True) if may}
        names |= named_designs(self.choice.judge)
        return {name: self.cases.designs[name].plan for name in self.cases.names if name in names}

    @cached_property
    def facts(self) -> dict[str, dict[str, Fact]]:
        """Facts that may turn the choice, by thing and name."""
        found: dict[str, dict[str, Fact]] = {}
        for plan in self._plans.values():
            for fact in plan.facts():
                if fact.has_range or (fact.value and DECIDED.fullmatch(fact.name)):
                    found.setdefault(thing_of(fact), {})[fact.name] = fact
        return dict(sorted(found.items()))
