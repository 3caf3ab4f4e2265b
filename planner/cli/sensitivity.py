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
    app.command("sensitivity")(sensitivity)


def sensitivity(
    scenario: ScenarioArgument,
    design: Annotated[
        str | None, typer.Argument(metavar="DESIGN", help="The recommended one by default.")
    ] = None,
    quantity: Annotated[
        str, typer.Option("--quantity", "-q", help="The result that moves.")
    ] = "total_cost",
    against: Annotated[
        str | None, typer.Option("--against", help="A design to take the difference to.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="Inputs to show.")] = 12,
    samples: SamplesOption = None,
    seed: SeedOption = 0,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show which uncertain inputs move a result most, and which alone would turn a verdict."""
    from planner.decision.cases import AlignedCases
    from planner.decision.tornado import Question
    from planner.decision.tornado import sensitivity as data_of
    from planner.evaluation import evaluate_fully
    from planner.judge import Judge
    from planner.report.render import render_sensitivity

    found = evaluate_fully(scenario, samples, seed)
    ranking = found.snapshot.recommendation["ranking"]
    asked = Question(design or ranking[0]["design"], quantity, against)
    judge = Judge(found.loaded, found.designs)
    emit(render_sensitivity(data_of(AlignedCases(found.designs), judge, asked), top, output.value))
