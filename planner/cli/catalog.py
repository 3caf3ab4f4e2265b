"""``planner catalog``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, emit

app = typer.Typer(
    help="List, show and check the parts that designs are built from.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

KindOption = Annotated[str | None, typer.Option("--kind", "-k", help="Parts of one kind only.")]
PartArgument = Annotated[str, typer.Argument(metavar="PART", help="A part of the catalog.")]
FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]...", help="Catalog files; the shipped ones by default."),
]


@app.command("list", epilog="Example: planner catalog list --kind drives")
def list_parts(kind: KindOption = None, output: FormatOption = Format.TEXT) -> None:
    """List the parts of the shipped catalog."""
    from planner.catalog import parts_of_kind, shipped_catalog
    from planner.report.render import render_catalog

    emit(render_catalog(parts_of_kind(shipped_catalog(), kind), output.value))


@app.command("show", epilog="Example: planner catalog show dell-r320")
def show_part(part: PartArgument, output: FormatOption = Format.TEXT) -> None:
    """Show every fact of a part with its range, its basis and its source."""
    from planner.catalog import shipped_catalog
    from planner.faults import Mark
    from planner.report.render import render_part

    emit(render_part(shipped_catalog().entry(part, Mark(part)), output.value))


@app.command("check", epilog="Example: planner catalog check our-drives.yaml")
def check_files(files: FilesArgument = None) -> None:
    """Check catalog files; every fault is shown with its place."""
    from planner.catalog import check_catalog

    emit(check_catalog(files or []) + "\n")
