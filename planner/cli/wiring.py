"""``planner wiring``."""

from __future__ import annotations

import typer

from planner.cli.common import DesignArgument, Format, FormatOption, ScenarioArgument, emit


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("wiring")(wiring)


def wiring(
    scenario: ScenarioArgument, design: DesignArgument, output: FormatOption = Format.TEXT
) -> None:
    """List every cable: from which port of which host to which port of which switch."""
    from planner.evaluation import plan_of
    from planner.report.render import render_cables

    emit(render_cables(plan_of(scenario, design), output.value))
