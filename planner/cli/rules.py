"""``planner rules``."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, emit

CodeArgument = Annotated[
    str | None, typer.Argument(metavar="[CODE]", help="Tell all of one rule.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rules", epilog="Example: planner rules WCEP17")(rules)


def rules(code: CodeArgument = None, output: FormatOption = Format.TEXT) -> None:
    """List the design rules, or tell all of one."""
    from planner.report.render import render_rules
    from planner.rules import RULES, rule_of

    emit(render_rules(RULES if code is None else [rule_of(code)], output.value))
