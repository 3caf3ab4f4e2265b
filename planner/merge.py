"""A file or a design written as its difference from another.

Mappings merge key by key, but a fact is replaced as a whole, with its range and its source;
anything else replaces what was there; ``null`` takes a key away. Each piece keeps the place where
it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.faults import Fault, InputError, Mark
from planner.strict_yaml import Document

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Tree:
    """A value of a document with its place, and the place of its key."""

    content: Any
    mark: Mark
    key_mark: Mark

    @property
    def is_mapping(self) -> bool:
        """Whether there are keys below."""
        return isinstance(self.content, dict)

    @property
    def is_fact(self) -> bool:
        """Whether this is one value with what is known about it."""
        value = self.get("value")
        return value is not None and not value.is_mapping

    def get(self, key: str) -> Tree | None:
        """The value of a key; None without one."""
        return self.content.get(key) if self.is_mapping else None

    def keys(self, key: str) -> tuple[str, ...]:
        """The keys below a key; none where there is no mapping."""
        found = self.get(key)
        return tuple(found.content) if found is not None and found.is_mapping else ()

    def plain(self) -> Any:
        """The value without places."""
        if self.is_mapping:
            return {key: tree.plain() for key, tree in self.content.items()}
        if isinstance(self.content, list):
            return [tree.plain() for tree in self.content]
        return self.content

    def walk(self, path: Path = ()) -> Iterator[tuple[Path, Tree]]:
        """Every value below, with its path."""
        yield path, self
        if self.is_mapping:
            for key, tree in self.content.items():
                yield from tree.walk((*path, key))
        elif isinstance(self.content, list):
            for index, tree in enumerate(self.content):
                yield from tree.walk((*path, index))

    def with_items(self, changes: Mapping[str, Tree]) -> Tree:
        """The same mapping with some keys replaced."""
        return Tree({**self.content, **changes}, self.mark, self.key_mark)

    def without(self, *keys: str) -> Tree:
        """The same mapping without some keys."""
        kept = {key: tree for key, tree in self.content.items() if key not in keys}
        return Tree(kept, self.mark, self.key_mark)


def tree_of(document: Document) -> Tree:
    """A document as a tree."""

    def build(value: Any, path: Path) -> Tree:
        content = value
        if isinstance(value, dict):
            content = {key: build(item, (*path, key)) for key, item in value.items()}
        elif isinstance(value, list):
            content = [build(item, (*path, index)) for index, item in enumerate(value)]
        return Tree(content, document.mark(path), document.key_mark(path))

    return build(document.data, ())


def document_of(tree: Tree, name: str, sha256: str) -> Document:
    """A tree as a document, whose places may lie in several files."""
    marks = {path: item.mark for path, item in tree.walk() if path}
    key_marks = {path: item.key_mark for path, item in tree.walk() if path}
    return Document(name, tree.plain(), marks, key_marks, sha256)


def merge(base: Tree, difference: Tree, *, keep_nulls: bool = False) -> Tree:
    """The base with the difference laid over it; nulls may be kept for a later base.

    A ``null`` that finds nothing to take away stays, for whoever checks the result.
    """
    if not (base.is_mapping and difference.is_mapping) or difference.is_fact:
        return difference
    merged = dict(base.content)
    for key, change in difference.content.items():
        if key not in merged:
            merged[key] = change
        elif change.content is None and not keep_nulls:
            del merged[key]
        else:
            merged[key] = merge(merged[key], change, keep_nulls=keep_nulls)
    return Tree(merged, difference.mark, difference.key_mark)


def combine(first: Tree, *others: Tree) -> Tree:
    """Several differences as one.

    Raises
    ------
    InputError
        When two of them change the same value: which one wins would depend on their order.
    """
    combined = first
    for difference in others:
        faults = list(_clashes(combined, difference, ""))
        if faults:
            raise InputError(faults)
        combined = merge(combined, difference, keep_nulls=True)
    return combined


def _clashes(first: Tree, second: Tree, label: str) -> Iterator[Fault]:
    if not (first.is_mapping and second.is_mapping):
        message = f"`{label}` is also changed at {first.key_mark}"
        yield Fault(second.key_mark, message, "keep one of the two")
        return
    for key in first.content.keys() & second.content.keys():
        inner = f"{label}.{key}" if label else key
        yield from _clashes(first.content[key], second.content[key], inner)
