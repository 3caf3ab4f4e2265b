"""``planner diff``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, emit


class DiffFailOn(StrEnum):
    """What makes the exit code 1."""

    CHANGED = "changed"
    WORSE = "worse"
    NEVER = "never"


OldArgument = Annotated[
    str, typer.Argument(metavar="OLD", help="A snapshot (`compare --format json`), or a scenario.")
]
NewArgument = Annotated[str, typer.Argument(metavar="NEW", help="Another, to compare with it.")]
FailOnOption = Annotated[
    DiffFailOn,
    typer.Option(
        "--fail-on",
        help="Exit with 1 if anything changed, or if something is worse: a new error or warning, "
        "a requirement that is met no more, a claim that holds less.",
    ),
]
AllOption = Annotated[bool, typer.Option("--all", help="Show every result that changed.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff", epilog="Example: planner diff agreed.json my-cloud.yaml --fail-on worse")(
        diff
    )


def diff(
    old: OldArgument,
    new: NewArgument,
    fail_on: FailOnOption = DiffFailOn.NEVER,
    everything: AllOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show what changed between two snapshots or scenarios.

    Each change is told with the input that caused it.
    """
    from planner.difference import difference, side
    from planner.report.diff import render_difference

    found = difference(side(old), side(new))
    emit(render_difference(found, output.value, everything=everything))
    if fail_on is not DiffFailOn.NEVER and found[fail_on.value]:
        raise typer.Exit(1)
