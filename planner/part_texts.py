"""The texts of the parts of a catalog file, so that each can be read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from planner.strict_yaml import Document, parse

_HEADING = "parts:"
_PART = re.compile(r"  ([A-Za-z0-9][A-Za-z0-9_-]*):")


@dataclass(frozen=True)
class PartTexts:
    """A catalog file in block style, its parts two spaces deep, as text.

    Parameters
    ----------
    name : str
        How the file is called in messages.
    head : str
        What stands above the parts.
    blocks : dict
        The text of each part by name, below as many empty lines as it has lines above it.

    Examples
    --------
    >>> texts = PartTexts.of(
    ...     "kind: cpus\\nparts:\\n  a:\\n    x: 1\\n  b:\\n    x: 2\\n", "cpus.yaml"
    ... )
    >>> part = texts.part("b")
    >>> part.data, str(part.mark(("parts", "b", "x")))
    ({'parts': {'b': {'x': 2}}}, 'cpus.yaml:6:8')
    """

    name: str
    head: str
    blocks: dict[str, str]

    @classmethod
    def of(cls, text: str, name: str) -> PartTexts:
        """The texts of a file."""
        text = text.replace("\r\n", "\n")
        head, _, below = text.partition(f"\n{_HEADING}\n")
        first = head.count("\n") + 3
        return cls(name, head, dict(_blocks(below, first)))

    @cached_property
    def above(self) -> Document:
        """What stands above the parts."""
        return parse(self.head, self.name)

    def part(self, name: str) -> Document:
        """A part by itself, each piece of it at its place in the file."""
        return parse(self.blocks[name], self.name)


def _blocks(text: str, first: int) -> Iterator[tuple[str, str]]:
    """Each part's name and text; ``first`` is the line where the parts begin."""
    lines = text.splitlines(keepends=True)
    starts = [(at, match[1]) for at, line in enumerate(lines) if (match := _PART.match(line))]
    ends = [at for at, _ in starts[1:]] + [len(lines)]
    for (start, name), end in zip(starts, ends, strict=True):
        above = "\n" * (first + start - 2)
        yield name, f"{_HEADING}\n{above}{''.join(lines[start:end])}"
