"""What the commands share."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from typing import Annotated

import typer

from planner.faults import InputError

MOST_FAULTS = 50
SECONDS_BETWEEN_LINES = 2.0


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    MD = "md"


ScenarioArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.")
]
DesignArgument = Annotated[str, typer.Argument(metavar="DESIGN", help="A design of the scenario.")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the result.")]

SamplesOption = Annotated[
    int | None,
    typer.Option(
        "--samples", "-n", min=100, max=20_000, help="Draw what is uncertain so many times."
    ),
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, max=2**32 - 1, help="Order of the draws.")
]


def emit(text: str) -> None:
    """Print a result, which ends with a line break, as UTF-8 whatever the terminal is."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def tell(message: str, colour: str | None = None) -> None:
    """Print what was done, harmless whatever names are in it."""
    from planner.report.inert import plain

    text = plain(message).encode("utf-8", "backslashreplace").decode("utf-8")
    typer.secho(text, err=True, fg=colour)


def fail(message: str) -> None:
    """Print an error, in red on a terminal."""
    tell(message, "red" if sys.stderr.isatty() else None)


def report(error: InputError) -> None:
    """Print every fault of an input."""
    for fault in error.faults[:MOST_FAULTS]:
        fail(str(fault))
    if len(error.faults) > MOST_FAULTS:
        fail(f"and {len(error.faults) - MOST_FAULTS} more")


class Progress:
    """Tells on stderr what is being done, where it takes long: a line every two seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, line: str) -> None:
        """Tell it, unless something was told just now."""
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_LINES:
            self._last = now
            typer.echo(f".. {line}", err=True)
