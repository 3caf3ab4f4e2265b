"""``planner size``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, Progress, ScenarioArgument, emit


class ObjectiveName(StrEnum):
    """What is kept small."""

    HOSTS = "hosts"
    COST = "cost"
    POWER = "power"


DesignOption = Annotated[
    str | None, typer.Option("--design", "-d", help="Size one design of the scenario only.")
]
ObjectiveOption = Annotated[
    ObjectiveName,
    typer.Option(
        help="What to keep small: computers, the cost over the years of use, or the mean power."
    ),
]
YearsOption = Annotated[
    float | None,
    typer.Option(min=0, max=50, help="Years ahead; as the scenario's `growth` says by default."),
]
LossesOption = Annotated[
    int, typer.Option(min=0, max=16, help="Hosts of VMs that may fail at the same time.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("size", epilog="Example: planner size vrt-2013 --objective cost --years 3")(size)


def size(
    scenario: ScenarioArgument,
    design: DesignOption = None,
    objective: ObjectiveOption = ObjectiveName.HOSTS,
    years: YearsOption = None,
    losses: LossesOption = 1,
    output: FormatOption = Format.TEXT,
) -> None:
    """Find how many hosts each design needs, and what binds.

    Both now and after the years of growth.
    """
    from planner.report.sizing import render_size
    from planner.sizing import size as sized

    found = sized(scenario, design, objective.value, years, losses, Progress())
    emit(render_size(found, output.value))
