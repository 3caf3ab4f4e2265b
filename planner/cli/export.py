"""``planner export``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import ScenarioArgument, tell


class Kind(StrEnum):
    """The format of an export."""

    CSV = "csv"
    XLSX = "xlsx"


OutOption = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write to.")]
KindOption = Annotated[
    list[Kind] | None, typer.Option("--format", "-f", help="csv or xlsx; both by default.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", epilog="Example: planner export vrt-2013 --out results")(export)


def export(scenario: ScenarioArgument, out: OutOption, kind: KindOption = None) -> None:
    """Write all results as CSV tables and one Excel workbook."""
    from planner.evaluation import evaluate_fully
    from planner.export import write_export

    kinds = dict.fromkeys(item.value for item in kind or Kind)
    write_export(evaluate_fully(scenario), out, kinds, tell)
