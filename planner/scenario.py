"""A scenario: site, workload, requirements, candidate designs, claims to check.

A scenario may extend another file, and a design may extend another design; either then holds
only what is different.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from planner.catalog import (
    KINDS,
    Catalog,
    Entry,
    Name,
    catalog_files,
    load_catalog,
    read_parts,
    reader_of,
    shipped,
    shipped_catalog,
)
from planner.facts import Fact
from planner.faults import Fault, InputError, Mark
from planner.merge import Tree, combine, document_of, merge, tree_of
from planner.schema import Strict, count, measure, validate
from planner.strict_yaml import Document, load
from planner.wording import did_you_mean

MAX_EXTENDS = 16
EXTRAS = ("parts", "corrections", "catalogs", "measurements")
PartCount = Annotated[int, Field(ge=0, le=1000)]


class Site(Strict):
    """Where the design stands, and for how long."""

    electricity_price: Annotated[Fact, measure("money/kWh", 0, 1e4)]
    years_of_use: Annotated[Fact, measure("yr", 0.1, 50)]
    labour_price: Annotated[Fact | None, measure("money/h", 0, 1e5)] = None
    """Price of an administrator's hour."""
    labour_per_node: Annotated[Fact | None, measure("h", 0, 8760)] = None
    """Hours spent on each computer in a year."""


class Flavour(Strict):
    """VMs of one size."""

    count: Annotated[Fact, count("vm", 0, 1e7)]
    vcpus: Annotated[Fact, count("vcpu", 1, 1024)]
    memory: Annotated[Fact, measure("B", 1e6, 1e14)]
    disk: Annotated[Fact, measure("B", 0, 1e16)]
    duty: Annotated[Fact, measure("1", 0, 1)]
    """Share of time that each of its virtual processors runs."""
    note: str = ""


class NodeType(Strict):
    """A machine by its parts."""

    title: str = ""
    parts: dict[Name, PartCount] = Field(min_length=1)
    reading: str | None = None
    """Name of a power reading, of this machine or of one like it."""
    reading_of: Literal["this", "look-alike"] = "this"
    beyond: dict[Name, PartCount] | None = None
    """Parts whose power comes on top: of a reading none by default, of a bare server all others."""
    load_shape: Name = "linear"
    note: str = ""


class Link(Strict):
    """Ports of a node that are plugged into a network."""

    part: Name
    ports: Annotated[int, Field(ge=1, le=1000)]


class Group(Strict):
    """Equal items of equipment."""

    count: Annotated[Fact, count("node", 0, 1e6)]
    node: Name | None = None
    """A type of the scenario's `nodes`."""
    part: Name | None = None
    """A single part of the catalog: a switch, an array, a server."""
    runs_vms: bool = False
    owned: bool = False
    """Whether it need not be bought."""
    links: dict[Name, Link] = {}
    """Networks by name."""
    utilisation: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Mean load of items that run no VMs."""
    memory_reserve: Annotated[Fact | None, measure("B", 0, 1e15)] = None
    thread_reserve: Annotated[Fact | None, measure("thread", 0, 1e4)] = None


class StoreHosts(Strict):
    """What a group of hosts brings to a backend."""

    drive: Name
    """The drives by part name."""
    reserve: Annotated[Fact | None, measure("B", 0, 1e16)] = None
    """What the operating system keeps on the same drives of each host."""


class Backend(Strict):
    """A place to store data, with its redundancy."""

    software: Name
    hosts: dict[Name, StoreHosts] = Field(min_length=1)
    """Groups of equipment that hold the data."""
    copies: Annotated[int | None, Field(ge=1, le=20)] = None
    data_shares: Annotated[int | None, Field(ge=1, le=100)] = None
    parity_shares: Annotated[int | None, Field(ge=0, le=100)] = None
    minimum_shares: Annotated[int | None, Field(ge=1, le=120)] = None
    """Shares that must be there for service; the software's usual value by default."""
    failure_domain: Literal["host", "drive"] = "host"
    hot_spares: Annotated[int, Field(ge=0, le=100)] = 0
    """Drives kept empty until another fails."""
    network: Name | None = None
    """Network between the hosts and their clients; none for local disks."""
    client: Literal["library", "kernel"] = "library"
    """Whether hosts use it by a library in user space or by a client in the kernel."""
    local: bool = False
    """Whether each host serves only itself."""
    clients: list[Name] = []
    """Groups that use it; all that run VMs by default."""


class Design(Strict):
    """One candidate."""

    title: str
    note: str = ""
    groups: dict[Name, Group] = Field(min_length=1)
    storage: dict[Name, Backend] = {}
    vm_disks: Name | None = None
    """The backend that holds the VMs' disks; the only one by default."""


class Reference(Strict):
    """A quantity of a design, times a number."""

    quantity: str
    design: Name | None = None
    times: float = 1.0


Target = str | int | float | Reference


class Check(Strict):
    """A quantity against a value or another quantity."""

    quantity: str
    design: Name | None = None
    at_least: Target | None = None
    at_most: Target | None = None
    about: Target | None = None
    within: Annotated[float, Field(gt=0, le=1)] = 0.05
    """Relative tolerance of `about`."""
    note: str = ""


class Requirement(Check):
    """Something that each design must meet."""

    text: str = ""


class Claim(Strict):
    """A statement to be judged by the models."""

    id: Name
    text: str
    holds_if: list[Check] = []
    """All must pass, or the claim fails."""
    limits: list[Check] = []
    """Where one of these does not pass, the claim holds only with limits."""
    note: str = ""


class Scenario(Strict):
    """Everything that is compared, and against what."""

    scenario: Name
    title: str
    description: str = ""
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    sources: dict[Name, str] = {}
    site: Site
    admission: Name
    """Rule by which VMs are admitted to hosts, a part of the catalog."""
    workload: dict[Name, Flavour] = Field(min_length=1)
    nodes: dict[Name, NodeType] = {}
    designs: dict[Name, Design] = Field(min_length=1)
    requirements: list[Requirement] = []
    claims: list[Claim] = []


@dataclass(frozen=True)
class Loaded:
    """A scenario with its catalog and where everything stands."""

    scenario: Scenario
    catalog: Catalog
    document: Document
    digests: dict[str, str]
    readings_files: tuple[Path, ...]


def shipped_scenarios() -> dict[str, Path]:
    """The files of the shipped scenarios by name."""
    return {file.stem: file for file in catalog_files(shipped("scenarios"))}


def find_scenario(name: str) -> Path:
    """The file of a scenario, by path or by the name of a shipped one.

    Raises
    ------
    InputError
        When there is neither.
    """
    path = Path(name)
    if path.suffix or "/" in name or path.exists():
        return path
    known = shipped_scenarios()
    if name not in known:
        remedy = did_you_mean(name, known) or "name a file"
        raise InputError.at(Mark(name), "no such file or shipped scenario", remedy)
    return known[name]


def load_scenario(name: str) -> Loaded:
    """Read a scenario and the catalog that it uses.

    Raises
    ------
    InputError
        With every fault that was found.
    """
    path = find_scenario(name)
    tree, digests = _extended(path, str(name) if Path(name) == path else path.name, ())
    digest = next(iter(digests.values()))
    document = document_of(_prepared(tree), str(path), digest)
    extra = {key: document.data.pop(key, None) for key in EXTRAS}
    faults: list[Fault] = []
    catalog = shipped_catalog()
    readings_files: list[Path] = []
    scenario: Scenario | None = None
    try:
        scenario = validate(Scenario, document.data, document)
    except InputError as error:
        faults += error.faults
    try:
        catalog = _own_catalog(extra, document)
        readings_files = _files(extra["measurements"], document, "measurements")
    except InputError as error:
        faults += error.faults
    if faults or scenario is None:
        raise InputError(faults)
    return Loaded(_with_sources(scenario), catalog, document, digests, tuple(readings_files))


def _extended(path: Path, name: str, chain: tuple[Path, ...]) -> tuple[Tree, dict[str, str]]:
    """A file laid over the files that it extends, and the digests of all, its own first."""
    document = load(path, name)
    tree = tree_of(document)
    base = tree.get("extends")
    if base is None:
        return tree, {name: document.sha256}
    if not isinstance(base.content, str):
        raise InputError.at(base.mark, "`extends` must name a scenario", "write a file name")
    chain = (*chain, path.resolve())
    base_path = _base_path(base.content, path, base.mark)
    if base_path.resolve() in chain:
        raise InputError.at(base.mark, f"`extends: {base.content}` leads back to this file")
    if len(chain) >= MAX_EXTENDS:
        raise InputError.at(base.mark, f"more than {MAX_EXTENDS} files extend each other")
    try:
        below, digests = _extended(base_path, base.content, chain)
    except InputError as error:
        if error.faults[0].mark.line == 0 and error.faults[0].mark.file == base.content:
            message = f"cannot extend `{base.content}`: {error.faults[0].message}"
            raise InputError.at(base.mark, message, error.faults[0].remedy) from None
        raise
    return merge(below, tree.without("extends")), {name: document.sha256, **digests}


def _base_path(name: str, path: Path, mark: Mark) -> Path:
    beside = path.parent / name
    if beside.is_file() or Path(name).suffix:
        return beside
    try:
        return find_scenario(name)
    except InputError as error:
        raise InputError.at(mark, error.faults[0].message, error.faults[0].remedy) from None


def _prepared(tree: Tree) -> Tree:
    """The file with every design written out in full."""
    designs = tree.get("designs")
    overrides = tree.get("overrides")
    if designs is None or not designs.is_mapping:
        return tree.without("overrides")
    faults: list[Fault] = []
    full: dict[str, Tree] = {}
    for key in designs.content:
        try:
            full[key] = _full_design(key, designs, overrides, ())
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tree.without("overrides").with_items({"designs": designs.with_items(full)})


def _full_design(name: str, designs: Tree, overrides: Tree | None, chain: tuple[str, ...]) -> Tree:
    own: Tree = designs.content[name]
    if not own.is_mapping:
        return Tree(own.content, own.mark, own.key_mark)
    full = own.without("extends", "apply")
    changes = combine([*_applied(own.get("apply"), overrides)])
    if changes is not None:
        full = merge(changes, full, apply_nulls=False)
    base = own.get("extends")
    if base is None:
        return full
    if base.content in (*chain, name):
        way = " -> ".join((*chain, name, str(base.content)))
        raise InputError.at(base.mark, f"designs extend each other in a circle: {way}")
    if not isinstance(base.content, str) or base.content not in designs.content:
        remedy = did_you_mean(str(base.content), designs.content)
        raise InputError.at(base.mark, f"unknown design `{base.content}`", remedy)
    below = _full_design(base.content, designs, overrides, (*chain, name))
    return merge(below, full)


def _applied(names: Tree | None, overrides: Tree | None) -> Iterator[Tree]:
    known = overrides.content if overrides is not None and overrides.is_mapping else {}
    if names is None:
        return
    if not isinstance(names.content, list):
        raise InputError.at(names.mark, "`apply` must be a list of overrides", "write [name]")
    for item in names.content:
        if not isinstance(item.content, str) or item.content not in known:
            remedy = did_you_mean(str(item.content), known)
            raise InputError.at(item.mark, f"unknown override `{item.content}`", remedy)
        override: Tree = known[item.content]
        yield override


def _own_catalog(extra: dict[str, Any], document: Document) -> Catalog:
    """The shipped catalog with the scenario's own files, parts and corrections."""
    more = load_catalog(_files(extra["catalogs"], document, "catalogs"))
    catalog = shipped_catalog().with_entries(more.entries.values())
    sources = document.data.get("sources")
    sources = sources if isinstance(sources, dict) else {}
    catalog = catalog.with_entries(_own_parts(extra["parts"] or {}, sources, document))
    return catalog.with_entries(_corrected(extra["corrections"] or {}, catalog, document))


def _files(raw: Any, document: Document, key: str) -> list[Path]:
    """Files that a scenario names, relative to the file in which it names them."""
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise InputError.at(document.mark((key,)), f"`{key}` must be a list of files")
    files = []
    for index, name in enumerate(raw):
        mark = document.mark((key, index))
        if not isinstance(name, str):
            raise InputError.at(mark, "expected the name of a file", "put it in quotes")
        files.append(Path(mark.file).parent / name)
    return files


def _mapping(raw: Any, document: Document, path: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise InputError.at(document.mark(path), f"`{'.'.join(path)}` must be a mapping")
    return raw


def _own_parts(raw: Any, sources: dict[str, str], document: Document) -> Iterator[Entry]:
    for kind, parts in _mapping(raw, document, ("parts",)).items():
        if kind not in KINDS:
            mark = document.key_mark(("parts", kind))
            raise InputError.at(mark, f"unknown kind `{kind}`", did_you_mean(kind, KINDS))
        at = ("parts", kind)
        yield from read_parts(
            kind, _mapping(parts, document, at), sources, document, at, evidence=False
        )


def _corrected(raw: Any, catalog: Catalog, document: Document) -> Iterator[Entry]:
    """Parts with facts replaced, by ``PART: {FACT: ...}``; each correction gives its reason."""
    for name, changes in _mapping(raw, document, ("corrections",)).items():
        at = ("corrections", name)
        entry = catalog.entry(name, document.key_mark(at))
        changed = {}
        for field_name, value in _mapping(changes, document, at).items():
            path = (*at, field_name)
            if reader_of(type(entry.part), field_name) is None:
                known = [key for key, _ in entry.facts()]
                mark = document.key_mark(path)
                remedy = did_you_mean(field_name, known)
                raise InputError.at(mark, f"`{name}` has no fact `{field_name}`", remedy)
            if not isinstance(value, dict) or not value.get("reason"):
                remedy = "write {value: ..., reason: ...}"
                raise InputError.at(document.mark(path), "a correction needs a reason", remedy)
            changed[field_name] = value
        title = {"title": entry.part.title}
        part = validate(type(entry.part), {**title, **changed}, document, at)
        facts = {
            key: replace(getattr(part, key), name=f"{name}.{key}", source="corrected here")
            for key in changed
        }
        yield Entry(name, entry.kind, entry.part.model_copy(update=facts))


def _with_sources(scenario: Scenario) -> Scenario:
    """The scenario with its facts' sources spelled out."""

    def spell(value: Any) -> Any:
        if isinstance(value, Fact):
            return replace(value, source=scenario.sources.get(value.source, value.source))
        if isinstance(value, Strict):
            keys = value.model_fields_set
            return value.model_copy(update={key: spell(getattr(value, key)) for key in keys})
        if isinstance(value, dict):
            return {key: spell(item) for key, item in value.items()}
        return value

    spelled = spell(scenario)
    assert isinstance(spelled, Scenario)
    return spelled
