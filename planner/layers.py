"""Scenario files that extend each other, and designs that extend each other, written out in full.

A file holds only what is different from the file that it extends; a design, from the design that
it extends and from the overrides that it applies.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from planner.faults import Fault, InputError, Mark
from planner.fields import shown
from planner.merge import Tree, combine, merge, tree_of
from planner.schema import attempt, is_name, where_named
from planner.strict_yaml import Document, load
from planner.text_file import exists
from planner.wording import did_you_mean, quoted

MOST_FILES = 8
MOST_DESIGNS = 200
MOST_STEPS = 16
MOST_VALUES = 100_000
FILE_LISTS = ("catalogs", "measurements")
FILES = ("inventory",)

Shipped = Callable[[str], Path]
Mappings = dict[str, Tree | None]


def read_layers(document: Document, path: Path, shipped: Shipped) -> tuple[Tree, dict[str, str]]:
    """A file laid over the files that it extends, and the checksums of all, its own first.

    Parameters
    ----------
    document : Document
        The file's content.
    path : Path
        Where the file is; the files that it names are relative to its folder.
    shipped : callable
        Finds a shipped file by its name, for ``extends: NAME``.

    Raises
    ------
    InputError
        A file cannot be read, or they extend each other in a circle.
    """
    return _Layers(shipped).read(document, path, ())


@dataclass(frozen=True)
class _Layers:
    shipped: Shipped

    def read(
        self, document: Document, path: Path, above: tuple[str, ...]
    ) -> tuple[Tree, dict[str, str]]:
        tree = _anchored(tree_of(document), path.parent)
        digests = {document.name: document.sha256}
        base = tree.get("extends")
        if base is None or base.content is None:
            return tree, digests
        chain = (*above, os.path.realpath(path))
        below, more = self._base(base, path, document.name, chain)
        return merge(below, tree.without("extends")), {**digests, **more}

    def _base(
        self, base: Tree, path: Path, name: str, chain: tuple[str, ...]
    ) -> tuple[Tree, dict[str, str]]:
        """The file that is extended; a fault of the file as a whole stands where it is named."""
        if not isinstance(base.content, str):
            message = f"`extends` must name a scenario, got {shown(base.plain())}"
            raise InputError.at(base.mark, message, "write the name of one file")
        label = quoted(base.content)
        found, own_name = self._find(base.content, path, name, base.mark)
        if os.path.realpath(found) in chain:
            message = f"`extends` of {label} leads back to the file itself"
            raise InputError.at(base.mark, message, "name another file, or delete the line")
        if len(chain) >= MOST_FILES:
            message = f"more than {MOST_FILES} files extend each other"
            raise InputError.at(base.mark, message, "join some of them")
        try:
            return self.read(load(found, own_name), found, chain)
        except InputError as error:
            raise InputError(where_named(error.faults, {own_name: base.mark})) from None

    def _find(self, base: str, path: Path, name: str, mark: Mark) -> tuple[Path, str]:
        """A file beside the one that names it, or a shipped scenario; and how it is called."""
        beside = path.parent / base
        if Path(base).suffix or "/" in base or exists(beside):
            return beside, str(Path(name).parent / base)
        try:
            found = self.shipped(base)
        except InputError as error:
            fault = error.faults[0]
            raise InputError.at(mark, f"{quoted(base)}: {fault.message}", fault.remedy) from None
        return found, found.name


def _anchored(tree: Tree, folder: Path) -> Tree:
    """The tree with the files that it names relative to the folder that it stands in."""
    single = {key: _below(found, folder) for key in FILES if (found := tree.get(key)) is not None}
    tree = tree.with_items(single) if single else tree
    lists = {key: tree.get(key) for key in FILE_LISTS}
    return tree.with_items(
        {
            key: Tree([_below(item, folder) for item in found.content], found.mark, found.key_mark)
            for key, found in lists.items()
            if found is not None and isinstance(found.content, list)
        }
    )


def _below(item: Tree, folder: Path) -> Tree:
    content = str(folder / item.content) if isinstance(item.content, str) else item.content
    return Tree(content, item.mark, item.key_mark)


def in_full(tree: Tree, faults: list[Fault]) -> Tree:
    """The scenario with every design written out; faults are noted, their designs left out."""
    start = Mark(tree.mark.file, 1, 1)
    place = tree.get("designs") or Tree({}, start, start)
    overrides = _mappings(tree.get("overrides") or Tree({}, start, start), "overrides", faults)
    designs = _mappings(place, "designs", faults)
    if designs == {}:
        faults.append(Fault(place.key_mark, "there is no design", "write one below `designs:`"))
    full: dict[str, Tree] = {}
    values = 0
    known = designs or {}
    for name in known:
        design = attempt(faults, _in_full, name, known, overrides, ())
        if design is not None:
            full[name] = design
            values += sum(1 for _ in islice(design.walk(), MOST_VALUES))
        if values > MOST_VALUES:
            message = f"the designs, written out in full, hold more than {MOST_VALUES:,} values"
            raise InputError([*faults, Fault(place.key_mark, message, "let fewer extend another")])
    written = Tree(full, place.mark, place.key_mark)
    return tree.without("overrides").with_items({"designs": written})


def _mappings(tree: Tree, label: str, faults: list[Fault]) -> Mappings | None:
    """Mappings below a key by name, none for what is something else; none where the key is."""
    remedy = "write `name:` with `key: value` lines below it"
    if tree.content is None:
        return {}
    if not tree.is_mapping:
        message = f"{label}: expected a mapping, got {shown(tree.plain())}"
        faults.append(Fault(tree.mark, message, remedy))
        return None
    if len(tree.content) > MOST_DESIGNS:
        message = f"more than {MOST_DESIGNS} {label}"
        faults.append(Fault(tree.key_mark, message, "split them over several files"))
        return None
    for name, item in tree.content.items():
        if not item.is_mapping:
            message = f"{label}.{name[:64]}: expected a mapping, got {shown(item.plain())}"
            faults.append(Fault(item.mark, message, remedy))
    return {name: item if item.is_mapping else None for name, item in tree.content.items()}


def _in_full(
    name: str, designs: Mappings, overrides: Mappings | None, above: tuple[str, ...]
) -> Tree:
    """One design with all that it extends and applies.

    Overrides win over the design that is extended, or over the design itself if it extends none.
    """
    own = designs[name]
    if own is None:
        raise InputError([])  # noted when the designs were read
    changes = list(_applied(own.get("apply"), overrides))
    base = own.get("extends")
    own = own.without("extends", "apply")
    if base is None or base.content is None:
        return merge(own, combine(*changes)) if changes else own
    below = _base(base, designs, (*above, name))
    return merge(_in_full(below, designs, overrides, (*above, name)), combine(own, *changes))


def _base(base: Tree, designs: Mappings, chain: tuple[str, ...]) -> str:
    """The name of the design that another extends."""
    name = base.plain()
    if not isinstance(name, str) or name not in designs:
        message = f"expected the name of a design, got {shown(name)}"
        raise InputError.at(base.mark, message, did_you_mean(str(name), filter(is_name, designs)))
    if name in chain:
        way = " -> ".join(step[:64] for step in (*chain, name))
        message = f"designs extend each other in a circle: {way}"
        raise InputError.at(base.mark, message, "let one of them extend no other")
    if len(chain) >= MOST_STEPS:
        message = f"more than {MOST_STEPS} designs extend each other in a row"
        raise InputError.at(base.mark, message, "let some extend the first")
    return name


def _applied(names: Tree | None, overrides: Mappings | None) -> Iterator[Tree]:
    """The overrides that a design names."""
    if names is None or names.content is None or overrides is None:
        return
    if not isinstance(names.content, list):
        message = f"`apply` must be a list of overrides, got {shown(names.plain())}"
        raise InputError.at(names.mark, message, "write [name]")
    for item in names.content:
        name = item.plain()
        if not isinstance(name, str) or name not in overrides:
            message = f"expected the name of an override, got {shown(name)}"
            raise InputError.at(
                item.mark, message, did_you_mean(str(name), filter(is_name, overrides))
            )
        override = overrides[name]
        if override is not None:
            yield override
