"""``planner failures``."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.common import (
    DesignArgument,
    Format,
    FormatOption,
    ScenarioArgument,
    emit,
)

MostOption = Annotated[
    int,
    typer.Option("--most", "-k", min=0, max=16, help="Hosts of a group lost at once, at most."),
]
ReplaceOption = Annotated[
    float,
    typer.Option(
        "--replace-hours",
        min=0.1,
        max=8760.0,
        help="Hours until a failed drive is replaced by hand, where nothing heals by itself.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("failures", epilog="Example: planner failures vrt-2013 mini-itx-cluster --most 2")(
        failures
    )


def failures(
    scenario: ScenarioArgument,
    design: DesignArgument,
    most: MostOption = 3,
    replace_hours: ReplaceOption = 24.0,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show what survives the loss of hosts, drives or a switch.

    Also what is left then, and how durable the data is.
    """
    from planner.failing import failures as report
    from planner.report.failures import render_failures

    emit(render_failures(report(scenario, design, most, replace_hours), output.value))
