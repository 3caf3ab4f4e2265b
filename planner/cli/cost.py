"""``planner cost``."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, ScenarioArgument, emit

OneDesign = Annotated[
    str | None, typer.Argument(metavar="DESIGN", help="One design, year by year; all by default.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cost", epilog="Example: planner cost vrt-2013 rack-1u")(cost)


def cost(
    scenario: ScenarioArgument, design: OneDesign = None, output: FormatOption = Format.TEXT
) -> None:
    """Show what designs cost over their years of use.

    Also when they pay back, and where one overtakes another.
    """
    from planner.evaluation import evaluate
    from planner.report.costs import render_costs

    emit(render_costs(evaluate(scenario), design, output.value))
