"""What was evaluated once in a process is not evaluated again: the tests share it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from planner import evaluation
from planner.evaluation import Evaluation
from planner.ranges import Draws
from planner.scenario import Source, load_scenario, shipped_scenarios

MOST = 6  # evaluations of other files; some hold a million numbers


class Evaluations:
    """Stands in for `planner.evaluation.evaluate_fully`, and remembers what it gave.

    Shipped scenarios are kept; of others, by place and content, the last few.
    """

    def __init__(self, evaluate: Callable[[Source, int | None, int], Evaluation]) -> None:
        self.evaluate = evaluate
        self.shipped: dict[Any, tuple[Evaluation, str]] = {}
        self.others: dict[Any, Evaluation] = {}

    def __call__(self, scenario: Source, samples: int | None = None, seed: int = 0) -> Evaluation:
        """Evaluate a scenario, unless it was with as many draws."""
        options = samples, seed, Draws.__init__.__defaults__[0]
        if isinstance(scenario, str) and scenario in shipped_scenarios():
            key = scenario, *options
            if key not in self.shipped:
                made = self.evaluate(scenario, samples, seed)
                self.shipped[key] = made, _digest(made)
            return self.shipped[key][0]
        loaded = load_scenario(scenario)
        read = [*map(Path, loaded.scenario.catalogs), *loaded.readings_files]
        if not all(path.is_file() for path in read):
            return self.evaluate(scenario, samples, seed)
        files = *loaded.digests.items(), *((path, path.read_bytes()) for path in read)
        key = str(scenario), *files, *options
        if key not in self.others:
            with patch.object(evaluation, "load_scenario", lambda _: loaded):
                made = self.evaluate(scenario, samples, seed)
            self.others[key] = made
            if len(self.others) > MOST:
                del self.others[next(iter(self.others))]
        return self.others[key]

    def changed(self) -> list[str]:
        """Shipped scenarios whose results are no longer what they were."""
        return [name for (name, *_), (made, was) in self.shipped.items() if _digest(made) != was]


def _digest(made: Evaluation) -> str:
    return hashlib.sha256(made.snapshot.json().encode()).hexdigest()
