"""``planner wiring``."""

from __future__ import annotations

import typer

from planner.cli.common import DesignArgument, Format, FormatOption, ScenarioArgument, emit


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("wiring", epilog="Example: planner wiring vrt-2013 rack-1u --format csv")(wiring)


def wiring(
    scenario: ScenarioArgument, design: DesignArgument, output: FormatOption = Format.TEXT
) -> None:
    """List every cable of a design. Each leads from a port of a host to a port of a switch."""
    from planner.evaluation import plan_of
    from planner.report.render import render_cables

    emit(render_cables(plan_of(scenario, design), output.value))
