"""``planner compare``."""

from __future__ import annotations

import typer

from planner.cli.common import (
    Format,
    FormatOption,
    SamplesOption,
    ScenarioArgument,
    SeedOption,
    emit,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare", epilog="Example: planner compare vrt-2013 --samples 2000")(compare)


def compare(
    scenario: ScenarioArgument,
    samples: SamplesOption = None,
    seed: SeedOption = 0,
    output: FormatOption = Format.TEXT,
) -> None:
    """Compare the designs of a scenario and recommend one. Each gets a verdict."""
    from planner.evaluation import evaluate
    from planner.report.render import render_comparison

    emit(render_comparison(evaluate(scenario, samples, seed), output.value))
