"""Write a file beside its place and move it there, so that it is never half written."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from planner.faults import InputError, Mark


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8.

    Raises
    ------
    InputError
        When it cannot be written there; what was there before is untouched.
    """
    write_bytes(path, text.encode("utf-8"))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are not there.

    Raises
    ------
    InputError
        When it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError.at(Mark(str(folder)), reason, "name a folder that can be made") from None


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes.

    Raises
    ------
    InputError
        When they cannot be written there; what was there before is untouched.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        reason = error.strerror or str(error)
        raise InputError.at(
            Mark(str(path)), f"cannot be written: {reason}", "name a file in a folder of yours"
        ) from None
