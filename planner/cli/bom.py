"""``planner bom``."""

from __future__ import annotations

import typer

from planner.cli.common import DesignArgument, Format, FormatOption, ScenarioArgument, emit


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bom", epilog="Example: planner bom vrt-2013 rack-1u --format csv")(bom)


def bom(
    scenario: ScenarioArgument, design: DesignArgument, output: FormatOption = Format.TEXT
) -> None:
    """List the parts of a design with prices and their sources."""
    from planner.evaluation import evaluate
    from planner.report.bill import render_bill

    emit(render_bill(evaluate(scenario), design, output.value))
