"""Read a YAML file as a person means it, remember where everything stands, refuse what misleads.

Only plain data is accepted: mappings with text keys, lists, text, numbers, true/false and null.
Anchors, aliases, merge keys, tags and duplicate keys are faults, and ``NO``, ``12:30``, ``010`` or
``2024-01-01`` are text. Whatever is wrong is raised as an `InputError` that names the place.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.faults import InputError, Mark
from planner.text_file import check_size, decode, place, printable, read_bytes
from planner.yaml_builder import UNWANTED, Builder, KeyPath


@dataclass(frozen=True)
class Document:
    """The content of one file, and where each part of it stands.

    Attributes
    ----------
    name : str
        How the file is called in messages.
    data : dict
        The content: dict, list, str, int, float, bool and None only.
    marks : dict
        Place of each value by its path, such as ``("nodes", 0, "power")``.
    key_marks : dict
        Place of the key of each mapping entry, by the same path.
    sha256 : str
        Checksum of the bytes that were read.
    """

    name: str
    data: dict[str, Any]
    marks: dict[KeyPath, Mark]
    key_marks: dict[KeyPath, Mark]
    sha256: str

    def mark(self, path: KeyPath) -> Mark:
        """Place of the value at ``path``, or of the nearest known value around it."""
        places = (self.marks.get(known) for known in _outwards(path))
        return next((place for place in places if place), Mark(self.name))

    def key_mark(self, path: KeyPath) -> Mark:
        """Place of the key at ``path``; a list item, having no key, stands for itself."""
        places = (self.key_marks.get(known) or self.marks.get(known) for known in _outwards(path))
        return next((place for place in places if place), Mark(self.name))


def _outwards(path: KeyPath) -> Iterator[KeyPath]:
    """The path and everything around it, longest first, without the document as a whole."""
    return (tuple(path[:length]) for length in range(len(path), 0, -1))


def load(path: str | os.PathLike[str], name: str | None = None) -> Document:
    """Read one YAML file.

    Parameters
    ----------
    path : str or PathLike
        The file.
    name : str, optional
        How the file is called in messages; the path as given by default.

    Returns
    -------
    Document
        Content, places and checksum.

    Raises
    ------
    InputError
        The file cannot be read, or its content is refused.
    """
    name = os.fspath(path) if name is None else name
    return parse(read_bytes(Path(path), name), name)


def parse(text: bytes | str, name: str) -> Document:
    r"""Read YAML that is already in memory.

    Parameters
    ----------
    text : bytes or str
        The content of the file; bytes must be UTF-8.
    name : str
        How the file is called in messages.

    Returns
    -------
    Document
        Content, places and checksum.

    Raises
    ------
    InputError
        The content is refused; carries every fault that was found.

    Examples
    --------
    >>> document = parse("node:\n  power: 35 W\n", "site.yaml")
    >>> document.data
    {'node': {'power': '35 W'}}
    >>> str(document.mark(("node", "power")))
    'site.yaml:2:10'
    >>> parse("a: 1\na: 2\n", "site.yaml")
    Traceback (most recent call last):
    planner.faults.InputError: site.yaml:2:1: the key `a` is already on line 1; keep one of the two
    """
    name = printable(name)
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    check_size(len(raw), Mark(name))
    characters = decode(text, name) if isinstance(text, bytes) else text
    characters = characters.removeprefix("\ufeff")
    if unwanted := UNWANTED.search(characters):
        raise InputError.at(
            place(name, characters, unwanted.start()),
            f"the invisible character U+{ord(unwanted.group()):04X} does not belong in a text file",
            "delete it",
        )
    builder = Builder(name)
    return Document(
        name=name,
        data=builder.build(characters),
        marks=builder.marks,
        key_marks=builder.key_marks,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
