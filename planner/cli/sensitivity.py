"""``planner sensitivity``."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.common import (
    Format,
    FormatOption,
    SamplesOption,
    ScenarioArgument,
    SeedOption,
    emit,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "sensitivity", epilog="Example: planner sensitivity vrt-2013 rack-1u --quantity mean_power"
    )(sensitivity)


def sensitivity(
    scenario: ScenarioArgument,
    design: Annotated[
        str | None, typer.Argument(metavar="DESIGN", help="One design; the recommended by default.")
    ] = None,
    quantity: Annotated[
        str | None,
        typer.Option("--quantity", "-q", help="The result that moves; the cost by default."),
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="A design to take the difference to.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="Inputs to show.")] = 12,
    samples: SamplesOption = None,
    seed: SeedOption = 0,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show which uncertain inputs move a result most.

    Also those that alone would turn a verdict.
    """
    from planner.api import sensitivity as answer
    from planner.report.render import render_sensitivity

    found = answer(scenario, design, quantity, against, samples, seed)
    emit(render_sensitivity(found, top, output.value))
