"""The parts that designs are built from, by name.

A catalog file holds parts of one kind; every fact in it has a basis, and a source unless it is an
assumption. The shipped catalog is all files in ``catalogs/``.
"""

from __future__ import annotations

import hashlib
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BaseModel

from planner.data_files import shipped
from planner.facts import Basis, Fact, Trait
from planner.faults import Fault, InputError, Mark
from planner.fields import FactReader, fault, read_trait
from planner.part_texts import PartTexts
from planner.parts import KINDS, Part
from planner.schema import Name, Strict, attempt, validate
from planner.strict_yaml import Document, load
from planner.text_file import decode, read_bytes
from planner.wording import did_you_mean, quoted


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise fault(f"unknown kind {quoted(kind)}", did_you_mean(kind, KINDS))
    return kind


Kind = Annotated[str, AfterValidator(_known_kind)]


class CatalogFile(Strict):
    """One file of parts of a kind."""

    kind: Kind
    """What the parts are."""
    about: str = ""
    sources: dict[Name, str] = {}
    """Documents by the short names that the facts use."""
    parts: dict[Name, Any]


@dataclass(frozen=True)
class Entry:
    """A part with its name and kind, and where it is described."""

    id: str
    kind: str
    part: Part
    mark: Mark | None = None

    def fact(self, name: str) -> Fact:
        """A fact of the part; an unknown one where the catalog has none."""
        found = getattr(self.part, name, None)
        if found is not None:
            return found  # type: ignore[no-any-return]
        reader = reader_of(type(self.part), name)
        unit = reader.unit if reader else "1"
        return Fact(f"{self.id}.{name}", None, unit, Basis.ASSUMPTION, mark=self.mark)

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Every fact that the catalog has of the part."""
        for name in type(self.part).model_fields:
            value = getattr(self.part, name, None)
            if isinstance(value, Fact):
                yield name, value
            elif isinstance(value, list):
                yield from ((f"{name}[{i}]", item) for i, item in enumerate(value))

    def traits(self) -> Iterator[tuple[str, Trait]]:
        """Every property in words that the catalog has of the part."""
        for name in type(self.part).model_fields:
            value = getattr(self.part, name, None)
            if isinstance(value, Trait):
                yield name, value


def reader_of(model: type[BaseModel], name: str) -> FactReader | None:
    """How a field of a part is read; None for a field that is not a fact."""
    info = model.model_fields.get(name)
    functions = (getattr(item, "func", None) for item in info.metadata) if info else ()
    return next((item for item in functions if isinstance(item, FactReader)), None)


def can_be_corrected(model: type[BaseModel], name: str) -> bool:
    """Whether a field of a part is a fact or a property in words."""
    info = model.model_fields.get(name)
    functions = [getattr(item, "func", None) for item in info.metadata] if info else []
    return read_trait in functions or reader_of(model, name) is not None


@dataclass(frozen=True)
class Catalog:
    """All parts by name."""

    entries: Mapping[str, Entry]
    digests: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True
    """Whether every file could be read."""

    def entry(self, name: str, mark: Mark, kinds: Iterable[str] = ()) -> Entry:
        """The part of a name.

        Raises
        ------
        InputError
            When there is no such part, or it is of another kind.
        """
        found = self.entries.get(name)
        wanted = tuple(kinds) or tuple(KINDS)
        if found is None:
            fitting = (i for i, entry in self.entries.items() if entry.kind in wanted)
            message = f"unknown part {quoted(name)}"
            raise InputError.at(mark, message, did_you_mean(name, fitting))
        if found.kind not in wanted:
            remedy = f"name one of {' or '.join(wanted)}"
            raise InputError.at(mark, f"`{name}` is one of {found.kind}", remedy)
        return found

    def with_entries(self, entries: Iterable[Entry]) -> Catalog:
        """The same catalog with more parts; a part of the same name is replaced."""
        added = {entry.id: entry for entry in entries}
        known = cast(MutableMapping[str, Entry], self.entries)
        return replace(self, entries=ChainMap(added, known)) if added else self


def read_catalog(document: Document, faults: list[Fault]) -> list[Entry]:
    """The parts of one catalog file; every fault is added to the list."""
    attempt(faults, validate, CatalogFile, document.data, document)
    kind, parts, sources = (document.data.get(key) for key in ("kind", "parts", "sources"))
    if not (isinstance(kind, str) and kind in KINDS and isinstance(parts, dict)):
        return []
    named = texts_of(sources)
    entries = read_parts(kind, parts, named, document, ("parts",), faults)
    for entry in entries if sources is None or isinstance(sources, dict) else ():
        faults += _evidence_faults(entry, named, sources or {})
    return entries


def texts_of(raw: Any) -> dict[str, str]:
    """The texts among the values of what should be a mapping of texts."""
    items = raw.items() if isinstance(raw, dict) else ()
    return {key: item for key, item in items if isinstance(item, str)}


def read_parts(
    kind: str,
    raw: Mapping[str, Any],
    sources: Mapping[str, str],
    document: Document,
    at: tuple[str | int, ...],
    faults: list[Fault],
) -> list[Entry]:
    """The parts of one kind below a place in a document.

    Every fault is added to the list; a part with faults is there by its name alone, so that
    what refers to it is not at fault too.
    """
    model = KINDS[kind]
    entries = []
    for name, data in raw.items():
        place = (*at, name)
        part = attempt(faults, validate, model, data, document, place)
        part = part or model.model_construct(title=name)
        entries.append(Entry(name, kind, _named(part, name, sources), document.key_mark(place)))
    return entries


def _named(part: Part, name: str, sources: Mapping[str, str]) -> Part:
    """The part with its facts called ``PART.FACT`` and their sources spelled out."""

    def rename(value: Any) -> Any:
        if isinstance(value, Fact | Trait):
            source = sources.get(value.source, value.source)
            return replace(value, name=f"{name}.{value.name}", source=source)
        return [rename(item) for item in value] if isinstance(value, list) else value

    changes = {key: rename(getattr(part, key)) for key in part.model_fields_set}
    return part.model_copy(update=changes)


def _evidence_faults(
    entry: Entry, sources: Mapping[str, str], names: Iterable[str]
) -> Iterator[Fault]:
    known = {*sources.values(), *names}
    things: list[tuple[str, Fact | Trait]] = [*entry.facts(), *entry.traits()]
    for name, thing in things:
        if isinstance(thing, Fact) and not thing.known:
            continue
        mark = thing.mark or Mark(entry.id)
        label = f"{entry.id}.{name.partition('[')[0]}"
        if thing.basis is Basis.GIVEN:
            yield Fault(mark, f"{label} has no basis", "write {value, basis, source}")
        elif not thing.source and thing.basis is not Basis.ASSUMPTION:
            yield Fault(mark, f"{label} has no source", "name one of the file's `sources`")
        elif thing.source and thing.source not in known:
            remedy = did_you_mean(thing.source, names)
            yield Fault(mark, f"{label}: unknown source {quoted(thing.source)}", remedy)


def catalog_files(folder: Path) -> list[Path]:
    """The catalog files of a folder, in order of name."""
    return sorted(folder.glob("*.yaml"))


def read_catalogs(paths: Iterable[Path], faults: list[Fault], root: Path | None = None) -> Catalog:
    """Catalog files as one catalog; every fault of every file is added to the list."""
    entries: dict[str, Entry] = {}
    digests: dict[str, str] = {}
    places: dict[str, Mark] = {}
    complete = True
    for path in paths:
        document = attempt(faults, load, path, _display_name(path, root))
        complete = complete and document is not None
        if document is None:
            continue
        digests[document.name] = document.sha256
        for entry in read_catalog(document, faults):
            mark = document.key_mark(("parts", entry.id))
            if entry.id in entries:
                message = f"`{entry.id}` is also defined at {places[entry.id]}"
                faults.append(Fault(mark, message, "rename one of them"))
            entries[entry.id] = entry
            places[entry.id] = mark
    return Catalog(entries, digests, complete)


def load_catalog(paths: Iterable[Path], root: Path | None = None) -> Catalog:
    """Read catalog files into one catalog.

    Raises
    ------
    InputError
        With every fault of every file; also when two files have a part of the same name.
    """
    faults: list[Fault] = []
    catalog = read_catalogs(paths, faults, root)
    if faults:
        raise InputError(faults)
    return catalog


def _display_name(path: Path, root: Path | None) -> str:
    return str(path.relative_to(root)) if root and path.is_relative_to(root) else str(path)


def parts_of_kind(catalog: Catalog, kind: str | None) -> list[Entry]:
    """The parts of a kind, or all, in order of kind and name.

    Raises
    ------
    InputError
        When there is no such kind.
    """
    if kind is not None and kind not in KINDS:
        raise InputError.at(Mark(kind), "no such kind of part", did_you_mean(kind, KINDS))
    found = (entry for entry in catalog.entries.values() if kind in (None, entry.kind))
    return sorted(found, key=lambda entry: (list(KINDS).index(entry.kind), entry.id))


def check_catalog(paths: list[Path]) -> str:
    """Read catalog files, the shipped ones if none is named, and count what is in them.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    folder = shipped("catalogs")
    catalog = load_catalog(paths or catalog_files(folder), None if paths else folder.parent)
    facts = sum(1 for entry in catalog.entries.values() for _ in entry.facts())
    files = len(catalog.digests)
    return f"{files} files, {len(catalog.entries)} parts, {facts} facts: no fault found."


class ShippedParts(Mapping[str, Entry]):
    """The parts of the files that come with the project, each read when it is asked for.

    There are many more of them than a scenario names.
    """

    def __init__(self, paths: Iterable[Path], root: Path) -> None:
        """Find the text of each part; none is parsed yet."""
        self.digests: dict[str, str] = {}
        self._texts: dict[str, PartTexts] = {}
        self._read: dict[str, Entry] = {}
        for path in paths:
            name = _display_name(path, root)
            raw = read_bytes(path, name)
            self.digests[name] = hashlib.sha256(raw).hexdigest()
            texts = PartTexts.of(decode(raw, name), name)
            self._texts |= dict.fromkeys(texts.blocks, texts)

    def __getitem__(self, name: str) -> Entry:
        """The part of a name."""
        if name not in self._read:
            texts = self._texts[name]
            document = texts.part(name)
            faults: list[Fault] = []
            data = {**texts.above.data, **document.data}
            (self._read[name],) = read_catalog(replace(document, data=data), faults)
            if faults:
                raise InputError(faults)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """The names of all parts."""
        return iter(self._texts)

    def __len__(self) -> int:
        """How many parts there are."""
        return len(self._texts)


@cache
def shipped_catalog() -> Catalog:
    """The catalog that comes with the project."""
    folder = shipped("catalogs")
    parts = ShippedParts(catalog_files(folder), folder.parent)
    return Catalog(parts, parts.digests)
