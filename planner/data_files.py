"""Where the data files are that come with the project."""

from __future__ import annotations

from pathlib import Path


def shipped(folder: str) -> Path:
    """A folder of data that comes with the project, installed or in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / folder
    return inside if inside.is_dir() else package.parent / folder
