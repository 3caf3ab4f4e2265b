"""``planner quantities``."""

from __future__ import annotations

import typer

from planner.cli.common import Format, FormatOption, emit


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("quantities", epilog="Example: planner quantities --format csv")(quantities)


def quantities(output: FormatOption = Format.TEXT) -> None:
    """List every quantity with its unit, model and inputs."""
    from planner.report.render import render_wiring
    from planner.wiring import sheets

    emit(render_wiring(sheets(), output.value))
