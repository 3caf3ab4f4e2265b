"""``planner plot``."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import ScenarioArgument, tell


class Kind(StrEnum):
    """The format of a picture."""

    PNG = "png"
    SVG = "svg"


OutOption = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write to.")]
DesignOption = Annotated[
    list[str] | None,
    typer.Option("--design", "-d", help="Draw this design's own pictures only; may be repeated."),
]
KindOption = Annotated[
    list[Kind] | None, typer.Option("--format", "-f", help="png, svg, or both if repeated.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plot", epilog="Example: planner plot vrt-2013 --out pictures --format svg")(plot)


def plot(
    scenario: ScenarioArgument,
    out: OutOption,
    design: DesignOption = None,
    kind: KindOption = None,
) -> None:
    """Draw the pictures of a scenario as PNG or SVG files.

    Power, use of resources, cost, capacity, failures and sensitivity.
    """
    from planner.evaluation import evaluate
    from planner.failing import failures
    from planner.plots.album import album, write_album
    from planner.snapshot import find_design

    snapshot = evaluate(scenario)
    designs = design or [entry["id"] for entry in snapshot.designs]
    for name in designs:
        find_design(snapshot, name)
    kinds = [item.value for item in kind or [Kind.PNG]]
    pictures = album(snapshot, designs, partial(failures, scenario))
    write_album(pictures, out, kinds, tell)
