"""``planner show``."""

from __future__ import annotations

import typer

from planner.cli.common import DesignArgument, Format, FormatOption, ScenarioArgument, emit


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show", epilog="Example: planner show vrt-2013 rack-1u")(show)


def show(
    scenario: ScenarioArgument, design: DesignArgument, output: FormatOption = Format.TEXT
) -> None:
    """Show everything about one design. Its equipment, quantities, assumptions and unknowns."""
    from planner.evaluation import evaluate
    from planner.report.render import render_design

    emit(render_design(evaluate(scenario), design, output.value))
