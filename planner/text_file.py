"""Read text files that may be hostile: regular files of bearable size, in UTF-8."""

from __future__ import annotations

import stat
from pathlib import Path

from planner.faults import InputError, Mark

MAX_BYTES = 1024 * 1024


def read_text(path: Path, name: str) -> str:
    """The text of a file.

    Raises
    ------
    InputError
        The file cannot be read, is too large, or is not UTF-8.
    """
    return decode(read_bytes(path, name), name).removeprefix("\ufeff")


def read_bytes(path: Path, name: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file of bearable size; never waits for a pipe or a device.

    Raises
    ------
    InputError
        The file cannot be read, or is too large.
    """
    mark = Mark(printable(name))
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError.at(mark, "this is a folder", "name a file")
        if not stat.S_ISREG(status.st_mode):
            raise InputError.at(mark, "this is a device or a pipe", "name a file")
        check_size(status.st_size, mark, most)
        with path.open("rb") as file:
            return file.read(most + 1)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError.at(
            mark, f"cannot be read: {reason}", "check the path and its permissions"
        ) from None


def exists(path: Path) -> bool:
    """Whether there is something at a path, as far as one may look."""
    try:
        return path.exists()
    except (OSError, ValueError):  # no permission, or a name that no file can have
        return False


def check_size(size: int, mark: Mark, most: int = MAX_BYTES) -> None:
    """Refuse what is too large: by default, to be written by a person."""
    if size > most:
        raise InputError.at(
            mark, f"the file is larger than {most} bytes", "split it into several files"
        )


def decode(raw: bytes, name: str) -> str:
    """The text of bytes in UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        raise InputError.at(
            place(name, before, len(before)),
            f"the byte 0x{raw[error.start]:02X} is not UTF-8 text",
            "save the file as UTF-8",
        ) from None


def place(name: str, text: str, position: int) -> Mark:
    """Line and column of a character."""
    start_of_line = text.rfind("\n", 0, position) + 1
    return Mark(name, text.count("\n", 0, position) + 1, position - start_of_line + 1)


def printable(name: str) -> str:
    """A file name that can be written to any output, whatever bytes it was made of."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
