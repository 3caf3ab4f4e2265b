"""The parts that designs are built from, and what is known of them.

A catalog file holds parts of one kind; every fact in it has a basis, and a source unless it is an
assumption. The shipped catalog is all files in ``catalogs/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from planner.facts import Basis, Fact, Trait
from planner.faults import Fault, InputError, Mark
from planner.schema import (
    NAME_PATTERN,
    FactReader,
    Strict,
    count,
    measure,
    series,
    trait,
    validate,
)
from planner.strict_yaml import Document, load
from planner.wording import did_you_mean

Text = Annotated[Trait | None, trait]
Money = Annotated[Fact | None, measure("money", 0, 1e9)]
Watts = Annotated[Fact | None, measure("W", 0, 1e6)]
Bytes = Annotated[Fact | None, measure("B", 1e3, 1e18)]
Rate = Annotated[Fact | None, measure("B/s", 1e3, 1e13)]
Iops = Annotated[Fact | None, measure("IOPS", 1, 1e9)]
Share = Annotated[Fact | None, measure("1", 0, 1)]
Ratio = Annotated[Fact | None, measure("1", 0, 1000)]
Units = Annotated[Fact | None, measure("U", 0, 100)]
Cores = Annotated[Fact | None, count("core", 1, 4096)]
Threads = Annotated[Fact | None, count("thread", 1, 8192)]
Ports = Annotated[Fact | None, count("port", 0, 4096)]
Slots = Annotated[Fact | None, count("part", 0, 4096)]
Name = Annotated[str, Field(pattern=NAME_PATTERN)]


class Part(Strict):
    """Something that can be bought, or a rule that can be chosen."""

    title: str
    """Name as printed on the box."""
    era: str = ""
    """Years in which it was on sale."""
    note: str = ""
    """What a buyer should know."""
    price: Money = None
    idle_power: Watts = None
    """Power at rest: at the wall for machines, at the supply's output for parts of one."""
    peak_power: Watts = None
    """Power under full load, measured where `idle_power` is."""
    rack_units: Units = None


class Board(Part):
    """A mainboard."""

    form_factor: Text = None
    socket: Text = None
    memory_slots: Slots = None
    memory_type: Text = None
    max_memory: Bytes = None
    max_cpu_tdp: Watts = None
    sata_6g: Ports = None
    sata_3g: Ports = None
    msata: Ports = None
    expansion: Text = None
    supply_input: Text = None
    ecc: Text = None
    ports: Ports = None
    port_speed: Rate = None
    port_medium: Text = None


class Cpu(Part):
    """A processor."""

    cores: Cores = None
    threads: Threads = None
    base_clock: Annotated[Fact | None, measure("Hz", 1e6, 1e11)] = None
    tdp: Watts = None
    socket: Text = None
    max_memory: Bytes = None
    memory_channels: Slots = None
    pcie_lanes: Slots = None
    ecc: Text = None
    virtualisation: Text = None


class Memory(Part):
    """A memory module."""

    capacity: Bytes = None
    form: Text = None


class Drive(Part):
    """A disk or solid-state drive."""

    capacity: Bytes = None
    medium: Text = None
    interface: Text = None
    read_rate: Rate = None
    write_rate: Rate = None
    read_iops: Iops = None
    write_iops: Iops = None
    rotation: Annotated[Fact | None, measure("rpm", 0, 20000)] = None
    seek_time: Annotated[Fact | None, measure("ms", 0, 1000)] = None
    annual_failure_rate: Annotated[Fact | None, measure("1", 0, 1)] = None
    unrecoverable_errors: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Errors for each bit read."""
    mean_time_to_failure: Annotated[Fact | None, measure("h", 0, 1e8)] = None
    endurance: Annotated[Fact | None, measure("B", 0, 1e20)] = None
    """Data that may be written over the warranty."""
    warranty: Annotated[Fact | None, measure("yr", 0, 20)] = None


class Nic(Part):
    """A network card."""

    ports: Ports = None
    port_speed: Rate = None
    port_medium: Text = None
    slot: Text = None


class Cable(Part):
    """A cable or transceiver."""

    speed: Rate = None
    port_medium: Text = None


class Switch(Part):
    """A network switch."""

    ports_1g: Ports = None
    ports_10g: Ports = None
    ports_25g: Ports = None
    ports_40g: Ports = None
    ports_100g: Ports = None
    switching_capacity: Rate = None
    power_factor: Share = None


class Case(Part):
    """A case."""

    form_factor: Text = None
    drive_bays: Slots = None


class Supply(Part):
    """A power supply inside a case, or an external brick."""

    form: Text = None
    rating: Watts = None
    power_factor: Share = None
    efficiency_10: Share = None
    efficiency_20: Share = None
    efficiency_50: Share = None
    efficiency_100: Share = None


class Server(Part):
    """A complete machine."""

    cpu: Text = None
    cpus: Slots = None
    cores: Cores = None
    """Cores of all processors together."""
    threads: Threads = None
    """Hardware threads of all processors together."""
    memory: Bytes = None
    """Memory as sold or as tested."""
    max_memory: Bytes = None
    memory_slots: Slots = None
    drive_bays: Slots = None
    ports: Ports = None
    port_speed: Rate = None
    port_medium: Text = None
    power_factor: Share = None
    supply_rating: Watts = None
    cpu_tdp: Watts = None
    tested_as: Text = None


class StorageArray(Part):
    """An external array: controllers, ports and bays in one box."""

    drive_bays: Slots = None
    controllers: Slots = None
    ports: Ports = None
    port_speed: Rate = None
    port_medium: Text = None
    read_rate: Rate = None
    write_rate: Rate = None
    mixed_iops: Iops = None
    cache: Bytes = None
    power_factor: Share = None


class StorageSoftware(Part):
    """How a storage backend fills its devices, and what a write costs."""

    nearfull_ratio: Share = None
    backfillfull_ratio: Share = None
    full_ratio: Share = None
    journal_factor: Ratio = None
    memory_per_device: Bytes = None
    """Memory that each device's daemon takes on its host."""
    reserve_per_host: Bytes = None
    mark_out_delay: Annotated[Fact | None, measure("s", 0, 1e7)] = None
    daemons: Text = None
    service_rule: Literal["ceph", "data-shares"] = "data-shares"
    """Shares that must be there for service: Ceph's default `min_size`, or just the data."""


class Admission(Part):
    """The rule by which a cloud manager admits VMs to a host."""

    cpu_overcommit: Ratio = None
    memory_overcommit: Ratio = None
    disk_overcommit: Ratio = None
    strict: Annotated[Fact | None, count("1", 0, 1)] = None
    """1 where some memory and disk must stay free, 0 where a VM may take the last byte."""
    memory_reserve: Annotated[Fact | None, measure("B", 0, 1e15)] = None
    thread_reserve: Annotated[Fact | None, measure("thread", 0, 1e4)] = None


class LoadShape(Part):
    """How power rises between rest and full load, in steps of 10 % load."""

    shape: Annotated[list[Fact], series("1", 11, 0, 1)]


class Consolidation(Part):
    """What others have seen on a host."""

    ratio: Ratio = None


KINDS: dict[str, type[Part]] = {
    "boards": Board,
    "cpus": Cpu,
    "memory": Memory,
    "drives": Drive,
    "nics": Nic,
    "cables": Cable,
    "switches": Switch,
    "cases": Case,
    "supplies": Supply,
    "servers": Server,
    "arrays": StorageArray,
    "storage-software": StorageSoftware,
    "admission": Admission,
    "load-shapes": LoadShape,
    "consolidation": Consolidation,
}


class CatalogFile(Strict):
    """One file of parts of a kind."""

    kind: str
    """What the parts are."""
    about: str = ""
    sources: dict[Name, str] = {}
    """Documents by the short names that the facts use."""
    parts: dict[Name, Any]


@dataclass(frozen=True)
class Entry:
    """A part with its name and kind."""

    id: str
    kind: str
    part: Part

    def fact(self, name: str) -> Fact:
        """A fact of the part; an unknown one where the catalog has none."""
        found = getattr(self.part, name, None)
        if found is not None:
            return found  # type: ignore[no-any-return]
        reader = reader_of(type(self.part), name)
        return Fact(f"{self.id}.{name}", None, reader.unit if reader else "1", Basis.ASSUMPTION)

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Every fact that the catalog has of the part."""
        for name in type(self.part).model_fields:
            value = getattr(self.part, name)
            if isinstance(value, Fact):
                yield name, value
            elif isinstance(value, list):
                yield from ((f"{name}[{i}]", item) for i, item in enumerate(value))

    def traits(self) -> Iterator[tuple[str, Trait]]:
        """Every property in words that the catalog has of the part."""
        for name in type(self.part).model_fields:
            value = getattr(self.part, name)
            if isinstance(value, Trait):
                yield name, value


def reader_of(model: type[BaseModel], name: str) -> FactReader | None:
    """How a field of a part is read; None for a field that is not a fact."""
    info = model.model_fields.get(name)
    functions = (getattr(item, "func", None) for item in info.metadata) if info else ()
    return next((item for item in functions if isinstance(item, FactReader)), None)


@dataclass(frozen=True)
class Catalog:
    """All parts by name."""

    entries: Mapping[str, Entry]
    digests: Mapping[str, str] = field(default_factory=dict)

    def entry(self, name: str, mark: Mark, kinds: Iterable[str] = ()) -> Entry:
        """The part of a name.

        Raises
        ------
        InputError
            When there is no such part, or it is of another kind.
        """
        wanted = tuple(kinds)
        found = self.entries.get(name)
        if found is None:
            fitting = [i for i, entry in self.entries.items() if entry.kind in (wanted or KINDS)]
            raise InputError.at(mark, f"unknown part `{name}`", did_you_mean(name, fitting))
        if wanted and found.kind not in wanted:
            kind = " or ".join(wanted)
            raise InputError.at(mark, f"`{name}` is one of {found.kind}", f"name one of {kind}")
        return found

    def with_entries(self, entries: Iterable[Entry]) -> Catalog:
        """The same catalog with more parts; a part of the same name is replaced."""
        added = {entry.id: entry for entry in entries}
        return Catalog({**self.entries, **added}, self.digests)


def read_catalog(document: Document) -> list[Entry]:
    """The parts of one catalog file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    file = validate(CatalogFile, document.data, document)
    if file.kind not in KINDS:
        remedy = did_you_mean(file.kind, KINDS)
        raise InputError.at(document.mark(("kind",)), f"unknown kind `{file.kind}`", remedy)
    return read_parts(file.kind, file.parts, file.sources, document, ("parts",))


def read_parts(
    kind: str,
    raw: Mapping[str, Any],
    sources: Mapping[str, str],
    document: Document,
    at: tuple[str | int, ...],
    *,
    evidence: bool = True,
) -> list[Entry]:
    """The parts of one kind below a place in a document.

    Parameters
    ----------
    evidence : bool
        Whether each fact must have a basis, and a source unless it is an assumption.
    """
    entries: list[Entry] = []
    faults: list[Fault] = []
    for name, data in raw.items():
        try:
            part = validate(KINDS[kind], data, document, (*at, name))
        except InputError as error:
            faults += error.faults
            continue
        entry = Entry(name, kind, _named(part, name, sources))
        entries.append(entry)
        if evidence:
            faults += _evidence_faults(entry, sources)
    if faults:
        raise InputError(faults)
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


def _evidence_faults(entry: Entry, sources: Mapping[str, str]) -> Iterator[Fault]:
    known = set(sources.values())
    known_things: list[Fact | Trait] = [fact for _, fact in entry.facts()]
    known_things += [trait for _, trait in entry.traits()]
    for fact in known_things:
        mark = fact.mark or Mark(entry.id)
        if isinstance(fact, Fact) and not fact.known:
            continue
        if fact.basis is Basis.GIVEN:
            yield Fault(mark, f"{fact.name} has no basis", "write {value, basis, source}")
        elif not fact.source and fact.basis is not Basis.ASSUMPTION:
            yield Fault(mark, f"{fact.name} has no source", "name one of the file's `sources`")
        elif fact.source and fact.source not in known:
            remedy = did_you_mean(fact.source, sources)
            yield Fault(mark, f"{fact.name}: unknown source `{fact.source}`", remedy)


def shipped(folder: str) -> Path:
    """A folder of data that comes with the project, installed or in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / folder
    return inside if inside.is_dir() else package.parent / folder


def catalog_files(folder: Path) -> list[Path]:
    """The catalog files of a folder, in order of name."""
    return sorted(folder.glob("*.yaml"))


def load_catalog(paths: Iterable[Path], root: Path | None = None) -> Catalog:
    """Read catalog files into one catalog.

    Raises
    ------
    InputError
        With every fault of every file; also when two files have a part of the same name.
    """
    entries: dict[str, Entry] = {}
    digests: dict[str, str] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            document = load(path, _display_name(path, root))
            found = read_catalog(document)
        except InputError as error:
            faults += error.faults
            continue
        digests[document.name] = document.sha256
        for entry in found:
            if entry.id in entries:
                mark = document.key_mark(("parts", entry.id))
                faults.append(Fault(mark, f"`{entry.id}` is defined twice", "rename one of them"))
            entries[entry.id] = entry
    if faults:
        raise InputError(faults)
    return Catalog(entries, digests)


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
    catalog = load_catalog(paths) if paths else shipped_catalog()
    facts = sum(1 for entry in catalog.entries.values() for _ in entry.facts())
    files = len(catalog.digests)
    return f"{files} files, {len(catalog.entries)} parts, {facts} facts: no fault found."


@cache
def shipped_catalog() -> Catalog:
    """The catalog that comes with the project."""
    folder = shipped("catalogs")
    return load_catalog(catalog_files(folder), folder.parent)
