"""``planner schema``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from planner.cli.common import emit


class File(StrEnum):
    """A kind of file that people write."""

    SCENARIO = "scenario"
    CATALOG = "catalog"


FileArgument = Annotated[File, typer.Argument(metavar="FILE", help="`scenario` or `catalog`.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema", epilog="Example: planner schema scenario > scenario.schema.json")(schema)


def schema(file: FileArgument) -> None:
    """Print the JSON Schema of a kind of file. Editors complete and check files with it."""
    from planner.json_schema import schema_text

    emit(schema_text(file.value))
