"""``planner init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")]
FromOption = Annotated[str, typer.Option("--from", help="The shipped scenario to start from.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)


def init(
    file: FileArgument = Path("my-cloud.yaml"),
    source: FromOption = "starter",
    force: ForceOption = False,
) -> None:
    """Write a scenario that runs, to start from."""
    from planner.starter import write_scenario

    write_scenario(file, source, replace=force)
    typer.echo(f"Wrote {file}. Next: planner compare {file}", err=True)
