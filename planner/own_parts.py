"""What a scenario adds to the shipped catalog and readings: files, parts and corrections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.catalog import (
    Catalog,
    Entry,
    can_be_corrected,
    read_catalogs,
    read_parts,
    shipped_catalog,
    texts_of,
)
from planner.facts import Fact, Trait
from planner.faults import Fault, InputError, Mark
from planner.measurements import Readings, load_readings, shipped_readings
from planner.parts import KINDS, Part
from planner.schema import attempt, validate, where_named
from planner.strict_yaml import Document
from planner.wording import did_you_mean, quoted


def own_catalog(document: Document, faults: list[Fault]) -> Catalog:
    """The shipped catalog with a scenario's own files, parts and corrections; faults are noted.

    What has not the shape of a section is left to the schema.
    """
    places = _files(document, "catalogs")
    found: list[Fault] = []
    own = read_catalogs(map(Path, places), found)
    faults += where_named(found, places)
    catalog = shipped_catalog().with_entries(own.entries.values())
    catalog = replace(catalog, complete=own.complete and _well_formed(document))
    catalog = catalog.with_entries(_own_parts(document, faults))
    return catalog.with_entries(_corrected(document, catalog, faults))


def own_readings(document: Document, faults: list[Fault]) -> Readings | None:
    """The shipped readings and the scenario's own; nothing if a file cannot be used."""
    places = _files(document, "measurements")
    found: list[Fault] = []
    readings = dict(shipped_readings())
    for name in places:
        readings |= attempt(found, load_readings, Path(name), name) or {}
    faults += where_named(found, places)
    return readings if _texts(document.data.get("measurements")) and not found else None


def _files(document: Document, key: str) -> dict[str, Mark]:
    """The files of a list, and where they are named."""
    names = document.data.get(key)
    listed = enumerate(names) if isinstance(names, list) else ()
    return {name: document.mark((key, i)) for i, name in listed if isinstance(name, str)}


def _mapping(raw: Any) -> dict[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _well_formed(document: Document) -> bool:
    """Whether the sections that bring parts have the shape of such sections."""
    parts = document.data.get("parts") or {}
    if not isinstance(parts, dict) or not _texts(document.data.get("catalogs")):
        return False
    return all(kind in KINDS and isinstance(below, dict) for kind, below in parts.items())


def _texts(raw: Any) -> bool:
    """Whether this is a list of texts, or nothing."""
    items = [] if raw is None else raw
    return isinstance(items, list) and all(isinstance(item, str) for item in items)


def _own_parts(document: Document, faults: list[Fault]) -> Iterator[Entry]:
    """The parts below ``parts: KIND: NAME:``."""
    sources = texts_of(document.data.get("sources"))
    for kind, parts in _mapping(document.data.get("parts")).items():
        if kind in KINDS:
            at = ("parts", kind)
            yield from read_parts(kind, _mapping(parts), sources, document, at, faults)


def _corrected(document: Document, catalog: Catalog, faults: list[Fault]) -> Iterator[Entry]:
    """The parts below ``corrections: NAME: FACT:``, each fact with the reason of its change."""
    for name, changes in _mapping(document.data.get("corrections")).items():
        at = ("corrections", name)
        entry = attempt(faults, catalog.entry, name, document.key_mark(at))
        part = entry and attempt(faults, _corrected_part, entry, _mapping(changes), document)
        if entry and part:
            yield replace(entry, part=part)


def _corrected_part(entry: Entry, changes: dict[str, Any], document: Document) -> Part:
    model, at = type(entry.part), ("corrections", entry.id)
    facts = [key for key in model.model_fields if can_be_corrected(model, key)]
    faults: list[Fault] = []
    for key, change in changes.items():
        path = (*at, key)
        if key not in facts:
            message = f"`{entry.id}` has no fact {quoted(key)}"
            faults.append(Fault(document.key_mark(path), message, did_you_mean(key, facts)))
        elif not _mapping(change).get("reason"):
            message = f"{entry.id}.{key}: a correction needs its `reason`"
            remedy = "write {value: ..., reason: ...}"
            faults.append(Fault(document.mark(path), message, remedy))
    required = {key for key, field in model.model_fields.items() if field.is_required()}
    data = {key: getattr(entry.part, key) for key in required}
    data |= {key: change for key, change in changes.items() if key in facts}
    part = attempt(faults, validate, model, data, document, at)
    if faults or part is None:
        raise InputError(faults)
    sources = texts_of(document.data.get("sources"))
    return entry.part.model_copy(
        update={key: _corrected_fact(entry, getattr(part, key), sources) for key in changes}
    )


def _corrected_fact(entry: Entry, fact: Fact | Trait, sources: dict[str, str]) -> Fact | Trait:
    source = sources.get(fact.source, fact.source) or "corrected here"
    return replace(fact, name=f"{entry.id}.{fact.name}", source=source)
