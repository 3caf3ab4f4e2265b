"""``planner check``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, ScenarioArgument, emit


class FailOn(StrEnum):
    """What makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


FailOnOption = Annotated[
    FailOn,
    typer.Option(
        "--fail-on",
        help="Exit with 1 on findings of this severity or worse; an unmet requirement counts as "
        "an error.",
    ),
]
DesignOption = Annotated[
    str | None, typer.Option("--design", "-d", help="Check one design of the scenario only.")
]

CodeOption = Annotated[
    list[str] | None,
    typer.Option("--code", "-c", help="Hold this rule only, without requirements and claims."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "check", epilog="Example: planner check vrt-2013 --design rack-1u --fail-on warning"
    )(check)


def check(
    scenario: ScenarioArgument,
    design: DesignOption = None,
    code: CodeOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    output: FormatOption = Format.TEXT,
) -> None:
    """Check design rules, requirements and claims. Exits with 1 where a design fails."""
    from planner.evaluation import evaluate
    from planner.report.render import render_check
    from planner.rules import rule_of
    from planner.snapshot import only_codes, only_design

    snapshot = evaluate(scenario)
    if design is not None:
        snapshot = only_design(snapshot, design)
    if code:
        snapshot = only_codes(snapshot, [rule_of(one).code for one in code])
    emit(render_check(snapshot, output.value))
    if snapshot.fails(fail_on.value):
        raise typer.Exit(1)
