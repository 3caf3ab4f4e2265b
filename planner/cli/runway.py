"""``planner runway``."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, Progress, ScenarioArgument, emit

DesignArgument = Annotated[
    str | None, typer.Argument(metavar="DESIGN", help="One design; all by default.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("runway", epilog="Example: planner runway vrt-2013 rack-1u")(runway)


def runway(
    scenario: ScenarioArgument,
    design: DesignArgument = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show when each resource is full as the workload grows. Also what added hosts change."""
    from planner.report.runway import render_runway
    from planner.sizing import runway as lasting

    emit(render_runway(lasting(scenario, design, Progress()), output.value))
