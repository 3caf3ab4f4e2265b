"""``planner cost``."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, ScenarioArgument, emit

OneDesign = Annotated[
    str | None, typer.Argument(metavar="[DESIGN]", help="One design, year by year.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cost")(cost)


def cost(
    scenario: ScenarioArgument, design: OneDesign = None, output: FormatOption = Format.TEXT
) -> None:
    """What designs cost over their years of use, when they pay, and where one overtakes another."""
    from planner.evaluation import evaluate
    from planner.report.costs import render_costs

    emit(render_costs(evaluate(scenario), design, output.value))
