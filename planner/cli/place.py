"""``planner place``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from planner.cli.common import DesignArgument, Format, FormatOption, ScenarioArgument, emit


class EffortName(StrEnum):
    """How hard to search."""

    QUICK = "quick"
    BOUND = "bound"
    POLISH = "polish"


LossesOption = Annotated[
    int,
    typer.Option("--losses", "-k", min=0, max=100, help="Hosts that may fail at the same time."),
]
MaintenanceOption = Annotated[
    int,
    typer.Option("--maintenance", min=0, max=100, help="Hosts kept empty for maintenance besides."),
]
EffortOption = Annotated[
    EffortName,
    typer.Option(help="`polish` tries an integer program too, for which SciPy is needed."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("place", epilog="Example: planner place vrt-2013 rack-1u --losses 1")(place)


def place(
    scenario: ScenarioArgument,
    design: DesignArgument,
    losses: LossesOption = 0,
    maintenance: MaintenanceOption = 0,
    effort: EffortOption = EffortName.BOUND,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show which VM runs on which host, and what does not fit. CSV lists every VM."""
    from planner.layouts import layout
    from planner.report.layout import render_layout

    data = layout(scenario, design, losses, maintenance, effort.value)
    emit(render_layout(data, output.value))
