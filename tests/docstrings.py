"""What a model's docstring says of its parameters and its result."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

_UNIT = re.compile(r"\[([^\]]*)\]")
_SHAPE = re.compile(r"shape \(([^)]*)\)")


class Entry(NamedTuple):
    """One entry of a list of parameters or results."""

    name: str
    type: str
    text: str

    @property
    def units(self) -> list[str]:
        """Every unit in brackets."""
        return _UNIT.findall(self.text)

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of the axes before those that are carried along."""
        found = _SHAPE.search(self.type)
        named = found.group(1).split(",") if found else []
        return tuple(name.strip() for name in named if name.strip() not in ("", "..."))


@cache
def sections(function: Callable[..., Any]) -> dict[str, str]:
    """Text of each section of a numpydoc docstring."""
    parts = re.split(r"^(\w+)\n-{3,}\n", inspect.getdoc(function) or "", flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def parameters(function: Callable[..., Any]) -> list[Entry]:
    """Every described parameter, in order; names that share an entry are told apart."""
    return [
        entry._replace(name=name.strip())
        for entry in _entries(sections(function).get("Parameters", ""))
        for name in entry.name.split(",")
    ]


def result(function: Callable[..., Any]) -> Entry:
    """The described result."""
    head, _, text = sections(function).get("Returns", "").partition("\n")
    return Entry("", head, text)


def _entries(text: str) -> Iterator[Entry]:
    for block in re.split(r"\n(?=\S)", text.strip()):
        head, _, body = block.partition("\n")
        name, _, kind = head.partition(" : ")
        if name:
            yield Entry(name, kind, body)
