"""Tables as CSV from outside: cells that know where they stand."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from planner.faults import InputError, Mark

MAX_BYTES = 10 * 1024 * 1024
_MOST_CELLS = 64


@dataclass(frozen=True)
class Cell:
    """One cell of a table and where it stands."""

    text: str
    mark: Mark


Cells: TypeAlias = list[Cell]


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a regular file of bearable size; never waits for a pipe or a device."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError.at(Mark(name), "this is not a regular file", "name a file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError.at(Mark(name), f"cannot be read: {reason}") from None
    if len(raw) > MAX_BYTES:
        raise InputError.at(
            Mark(name),
            f"the file is larger than {MAX_BYTES} bytes",
            "split it, or take a shorter period",
        )
    return raw


def rows_of(text: str, name: str) -> Iterator[Cells]:
    """Rows of cells; empty lines and comments are left out."""
    cell = None
    for number, line in enumerate(text.split("\n"), start=1):
        content = line.rstrip("\r")
        if not content.strip() or content.lstrip().startswith("#"):
            continue
        if cell is None:
            separator = next((one for one in ",;\t" if one in content), ",")
            cell = re.compile(rf' *+("(?:[^"]|"")*+" *+|[^{separator}"]*+)({separator}|$)')
        yield list(islice(_cells(content, cell, name, number), _MOST_CELLS))


def _cells(line: str, cell: re.Pattern[str], name: str, number: int) -> Iterator[Cell]:
    """Cells of one line."""
    position = 0
    while match := cell.match(line, position):
        text = match.group(1).strip()
        bare = text[1:-1].replace('""', '"').strip() if text.startswith('"') else text
        yield Cell(bare, Mark(name, number, match.start(1) + 1))
        position = match.end()
        if not match.group(2):
            return
    raise InputError.at(
        Mark(name, number, position + 1),
        "a quotation mark stands alone",
        "close it, or delete it",
    )
