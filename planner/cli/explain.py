"""``planner explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.common import DesignArgument, Format, FormatOption, ScenarioArgument, emit

QuantityArgument = Annotated[
    str, typer.Argument(metavar="QUANTITY", help="A quantity of the design, as in `show`.")
]
DepthOption = Annotated[int, typer.Option(min=1, max=100, help="How many steps down to go.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain", epilog="Example: planner explain vrt-2013 rack-1u total_cost --depth 3")(
        explain
    )


def explain(
    scenario: ScenarioArgument,
    design: DesignArgument,
    quantity: QuantityArgument,
    depth: DepthOption = 100,
    output: FormatOption = Format.TEXT,
) -> None:
    """Derive a number, down to the sources of its facts."""
    from planner.derivation import derive
    from planner.evaluation import evaluate_fully
    from planner.report.render import render_derivation

    emit(render_derivation(derive(evaluate_fully(scenario), design, quantity, depth), output.value))
