"""``planner report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import ScenarioArgument, tell

OutOption = Annotated[
    Path, typer.Option("--out", "-o", metavar="FILE", help="The report to write: .html or .md.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", epilog="Example: planner report vrt-2013 --out report.html")(report)


def report(scenario: ScenarioArgument, out: OutOption) -> None:
    """Write one file about a scenario, to read, print and sign."""
    from planner.evaluation import evaluate_fully
    from planner.page import write_report

    write_report(evaluate_fully(scenario), out)
    tell(f"Wrote {out}")
