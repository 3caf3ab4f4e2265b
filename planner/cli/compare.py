"""``planner compare``."""

from __future__ import annotations

import typer

from planner.cli.common import Format, FormatOption, ScenarioArgument, emit


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(compare)


def compare(scenario: ScenarioArgument, output: FormatOption = Format.TEXT) -> None:
    """Compare the designs of a scenario, with one verdict a design."""
    from planner.evaluation import evaluate
    from planner.report.render import render_comparison

    emit(render_comparison(evaluate(scenario), output.value))
