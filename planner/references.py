"""Names in a scenario that must be names of something else, checked all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from planner.catalog import Catalog
from planner.faults import Fault, InputError, Mark
from planner.measurements import Readings
from planner.schema import MOST_FAULTS, Path, is_name
from planner.strict_yaml import Document
from planner.wording import did_you_mean, quoted

ANY = "*"
"""Every key of a mapping, every item of a list."""

PARTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("admission",): ("admission",),
    ("nodes", ANY, "parts"): (),
    ("nodes", ANY, "beyond"): (),
    ("nodes", ANY, "load_shape"): ("load-shapes",),
    ("spares",): (),
    ("designs", ANY, "groups", ANY, "part"): (),
    ("designs", ANY, "groups", ANY, "os_drive"): ("drives",),
    ("designs", ANY, "groups", ANY, "links", ANY, "part"): (),
    ("designs", ANY, "storage", ANY, "software"): ("storage-software",),
    ("designs", ANY, "storage", ANY, "hosts", ANY, "drive"): ("drives",),
    ("designs", ANY, "storage", ANY, "hosts", ANY, "journal", "drive"): ("drives",),
}
"""Where parts of the catalog are named, and of which kinds."""

CHECKS = (("requirements", ANY), ("claims", ANY, "holds_if", ANY), ("claims", ANY, "limits", ANY))
SIDES = ((), ("at_least",), ("at_most",), ("about",))

NAMES: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {
    ("designs", ANY, "groups", ANY, "node"): ("node type", ("nodes",)),
    ("designs", ANY, "storage", ANY, "hosts"): ("group", ("designs", ANY, "groups")),
    ("designs", ANY, "storage", ANY, "clients"): ("group", ("designs", ANY, "groups")),
    ("designs", ANY, "storage", ANY, "proxies"): ("group", ("designs", ANY, "groups")),
    ("designs", ANY, "vm_disks"): ("storage", ("designs", ANY, "storage")),
    ("designs", ANY, "quorums", ANY): ("group", ("designs", ANY, "groups")),
    ("designs", ANY, "pools", ANY, "backend"): ("storage", ("designs", ANY, "storage")),
    ("baseline",): ("design", ("designs",)),
    ("designs", ANY, "licences"): ("licence", ("licences",)),
    ("licences", ANY, "flavours"): ("flavour", ("workload",)),
    ("suppress", ANY, "design"): ("design", ("designs",)),
    ("penalties", ANY, "needed", "design"): ("design", ("designs",)),
    **{(*check, *side, "design"): ("design", ("designs",)) for check in CHECKS for side in SIDES},
}
"""Where things of the scenario itself are named: what they are, and where those are found."""

Named = tuple[Path, str, Mark]


def unknown_names(
    document: Document, catalog: Catalog, readings: Readings | None, designs: Collection[str] | None
) -> list[Fault]:
    """Faults of all names that are not known, or name something of another kind.

    Parameters
    ----------
    document : Document
        The scenario, of any shape: what is not a name here is left to the schema.
    catalog : Catalog
        The parts; parts are not checked where not every file of parts could be read.
    readings : mapping, optional
        Power readings by name; not checked where they could not be read.
    designs : collection of str, optional
        The designs, with those that could not be written out; not checked where there is none.
    """
    found: list[Fault] = []
    found += islice(_unknown_parts(document, catalog), MOST_FAULTS)
    found += islice(_unknown_readings(document, readings), MOST_FAULTS)
    found += islice(_unknown_others(document, designs), MOST_FAULTS)
    once: dict[tuple[Mark, str], Fault] = {}
    for fault in found:
        once.setdefault((fault.mark, fault.message), fault)
    return list(once.values())


def _unknown_parts(document: Document, catalog: Catalog) -> Iterator[Fault]:
    if not catalog.complete:
        return
    for pattern, kinds in PARTS.items():
        for _, name, mark in _named(document, pattern):
            if not is_name(name):
                continue
            try:
                catalog.entry(name, mark, kinds)
            except InputError as error:
                yield from error.faults


def _unknown_readings(document: Document, readings: Readings | None) -> Iterator[Fault]:
    if readings is not None:
        for _, name, mark in _named(document, ("nodes", ANY, "reading")):
            yield from _unknown("reading", name, mark, readings)


def _unknown_others(document: Document, designs: Collection[str] | None) -> Iterator[Fault]:
    for pattern, (what, home) in NAMES.items():
        for path, name, mark in _named(document, pattern):
            at = tuple(own if step == ANY else step for own, step in zip(path, home, strict=False))
            known = designs if home == ("designs",) else _keys(document.data, at)
            if known is not None:
                yield from _unknown(what, name, mark, known)


def _unknown(what: str, name: str, mark: Mark, known: Collection[str]) -> Iterator[Fault]:
    if name not in known and is_name(name):
        message = f"unknown {what} {quoted(name)}"
        yield Fault(mark, message, did_you_mean(name, filter(is_name, known)))


def _named(document: Document, pattern: tuple[str, ...]) -> Iterator[Named]:
    """Every name at places of a pattern: a text, the items of a list or the keys of a mapping."""
    for path, value in _matches(document.data, pattern, ()):
        if isinstance(value, str):
            yield path, value, document.mark(path)
        elif isinstance(value, list):
            items = ((i, item) for i, item in enumerate(value) if isinstance(item, str))
            yield from ((path, item, document.mark((*path, i))) for i, item in items)
        elif isinstance(value, dict):
            yield from ((path, key, document.key_mark((*path, key))) for key in value)


def _matches(value: Any, pattern: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    if not pattern:
        yield path, value
    elif pattern[0] != ANY:
        if isinstance(value, dict) and pattern[0] in value:
            yield from _matches(value[pattern[0]], pattern[1:], (*path, pattern[0]))
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in items:
            yield from _matches(item, pattern[1:], (*path, step))


def _keys(value: Any, path: Path) -> Collection[str] | None:
    """The keys of the mapping at a path; nothing where something else stands there."""
    for step in path:
        value = (value.get(step) or {}) if isinstance(value, dict) else None
    return value.keys() if isinstance(value, dict) else None
