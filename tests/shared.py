"""Each shipped scenario is evaluated once in a process; all tests that read it share this."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from planner.evaluation import Evaluation
from planner.ranges import Draws
from planner.scenario import Source, shipped_scenarios

Key = tuple[Source, int | None, int, int]


class Evaluations:
    """Stands in for `planner.evaluation.evaluate_fully`, and remembers what it gave."""

    def __init__(self, evaluate: Callable[[Source, int | None, int], Evaluation]) -> None:
        self.evaluate = evaluate
        self.made: dict[Key, tuple[Evaluation, str]] = {}

    def __call__(self, scenario: Source, samples: int | None = None, seed: int = 0) -> Evaluation:
        """Evaluate a scenario; a shipped one only if it was not yet, with as many draws."""
        if not isinstance(scenario, str) or scenario not in shipped_scenarios():
            return self.evaluate(scenario, samples, seed)
        key = scenario, samples, seed, Draws.__init__.__defaults__[0]
        if key not in self.made:
            made = self.evaluate(scenario, samples, seed)
            self.made[key] = made, _digest(made)
        return self.made[key][0]

    def changed(self) -> list[Key]:
        """Evaluations that are no longer what they were."""
        return [key for key, (made, digest) in self.made.items() if _digest(made) != digest]


def _digest(made: Evaluation) -> str:
    return hashlib.sha256(made.snapshot.json().encode()).hexdigest()
