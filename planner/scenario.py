"""A scenario: site, workload, requirements, candidate designs, claims to check.

A scenario may extend another file, and a design may extend another design; either then holds
only what is different.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from planner.catalog import Catalog, Kind, catalog_files
from planner.checks import Claims, Requirement
from planner.data_files import shipped
from planner.facts import Fact
from planner.faults import Fault, InputError, Mark
from planner.fields import count, fault, measure
from planner.layers import MOST_DESIGNS, in_full, read_layers
from planner.limits import size_faults
from planner.merge import document_of
from planner.own_parts import own_catalog, own_readings
from planner.references import unknown_names
from planner.schema import Name, Strict, Title, attempt, validate
from planner.strict_yaml import Document
from planner.text_file import exists
from planner.units import CURRENCIES
from planner.wording import did_you_mean, quoted

PartCount = Annotated[int, Field(ge=0, le=1000)]


class Ups(Strict):
    """A UPS that carries everything; its loss becomes heat in the room."""

    rating: Annotated[Fact, measure("W", 1, 1e8, decided=True)]
    apparent_rating: Annotated[Fact | None, measure("VA", 1, 1e8)] = None
    """Limit of the apparent power, which is separate from that of the power."""
    no_load_loss: Annotated[Fact, measure("W", 0, 1e7)]
    proportional_loss: Annotated[Fact, measure("1", 0, 1)]
    """Loss in proportion to the load."""
    square_loss: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Loss with the square of the load, at full load, over the rating."""
    battery: Annotated[Fact | None, measure("kWh", 0, 1e6)] = None
    """Energy that the battery gives at this discharge, as its maker states it."""


class Circuits(Strict):
    """The circuits that feed the equipment."""

    volts: Annotated[Fact, measure("V", 1, 1e5)]
    """Between two lines with three phases."""
    amps: Annotated[Fact, measure("A", 0.1, 1e4)]
    phases: Literal[1, 3] = 1
    derate: Annotated[Fact, measure("1", 0.01, 1)]
    """Share of the rating that a lasting load may use; the rule that says so is its source."""
    thermal: Annotated[Fact | None, measure("1", 0.01, 1)] = None
    """Further share for a warm place."""
    per_feed: Annotated[Fact | None, count("part", 1, 1e6)] = None
    """Circuits on each feed."""
    feeds: Literal[1, 2] = 1
    """2 for feeds A and B, of which each alone must carry everything."""


class Grid(Strict):
    """Where the electricity comes from."""

    intensity: Annotated[Fact, measure("kg/kWh", 0, 10)]
    """CO2 equivalent of a kWh."""
    region: str
    year: Annotated[int, Field(ge=1990, le=2100)]


class Site(Strict):
    """Where the design stands, and for how long."""

    electricity_price: Annotated[Fact, measure("money/kWh", 0, 1e4)]
    years_of_use: Annotated[Fact, measure("yr", 0.1, 50)]
    labour_price: Annotated[Fact | None, measure("money/h", 0, 1e5)] = None
    """Price of an administrator's hour."""
    labour_per_node: Annotated[Fact | None, measure("h", 0, 8760)] = None
    """Hours spent on each computer in a year."""
    pue: Annotated[Fact | None, measure("1", 1, 10)] = None
    """Power of the facility over that of the equipment; UPS and cooling are in it."""
    cooling_cop: Annotated[Fact | None, measure("1", 0.1, 100)] = None
    """Heat that the cooling removes for each watt that it draws; never together with a PUE."""
    ups: Ups | None = None
    circuits: Circuits | None = None
    grid: Grid | None = None
    air_temperature_rise: Annotated[Fact | None, measure("degC", 0.1, 100)] = None
    """How much warmer the air leaves the equipment than it enters."""


class Flavour(Strict):
    """VMs of one size."""

    count: Annotated[Fact, count("vm", 0, 1e7)]
    vcpus: Annotated[Fact, count("vcpu", 1, 1024)]
    memory: Annotated[Fact, measure("B", 1e6, 1e14)]
    disk: Annotated[Fact, measure("B", 0, 1e16)]
    duty: Annotated[Fact, measure("1", 0, 1)]
    """Share of time that each of its virtual processors runs."""
    note: str = ""


class LoadModel(Strict):
    """A formula by the name that simulators give it."""

    name: Literal[
        "constant",
        "linear",
        "square",
        "cubic",
        "sqrt",
        "square-root",
        "mse",
        "fan",
        "asymptotic",
        "interpolate",
        "interpolation",
    ]
    exponent: Annotated[float | None, Field(gt=0, le=100)] = None
    """Of `fan`, 1.4 in its paper."""
    saturation: Annotated[float | None, Field(ge=0, le=100)] = None
    """Of `asymptotic`."""
    dvfs: bool | None = None
    """Whether `asymptotic` scales the frequency."""
    levels: list[float] | None = Field(default=None, min_length=2, max_length=1001)
    """Of `interpolation`: power at equal steps of load, in any unit."""


class NodeType(Strict):
    """A machine by its parts."""

    title: Title = ""
    parts: dict[Name, PartCount] = Field(min_length=1, max_length=100)
    reading: str | None = None
    """Name of a power reading, of this machine or of one like it."""
    reading_of: Literal["this", "look-alike"] = "this"
    beyond: dict[Name, PartCount] | None = None
    """Parts whose power comes on top: of a reading none by default, of a bare server all others."""
    power_from: Literal["reading", "datasheet", "components", "nameplate"] | None = None
    """Evidence of its power; by default the strongest that there is."""
    load_shape: Name | None = None
    """A shape of the catalog; by default that of the reading, or of published servers."""
    load_model: LoadModel | None = None
    """A formula in place of the shape."""
    note: str = ""


class Link(Strict):
    """Ports of a node that are plugged into a network."""

    part: Name
    ports: Annotated[int, Field(ge=1, le=1000)]


class Night(Strict):
    """Items that are switched off every night; their load moves to the others of the group."""

    hours: Annotated[Fact, measure("h", 0, 24)]
    nodes_off: Annotated[Fact, count("node", 0, 1e6)]


class Group(Strict):
    """Equal items of equipment."""

    count: Annotated[Fact, count("node", 0, 1e6, decided=True)]
    node: Name | None = None
    """A type of the scenario's `nodes`."""
    part: Name | None = None
    """A single part of the catalog: a switch, an array, a server."""
    runs_vms: bool = False
    owned: bool = False
    """Whether it need not be bought."""
    links: dict[Name, Link] = Field({}, max_length=20)
    """Networks by name."""
    utilisation: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Mean load of items that run no VMs."""
    night: Night | None = None
    memory_reserve: Annotated[Fact | None, measure("B", 0, 1e15)] = None
    thread_reserve: Annotated[Fact | None, measure("thread", 0, 1e4)] = None
    rack: Name | None = None
    """Where it stands, if a storage keeps copies in distinct racks."""

    @model_validator(mode="after")
    def _check_machine(self) -> Self:
        if (self.node is None) == (self.part is None):
            how = "neither" if self.node is None else "both"
            message = f"a group has one machine, and this has {how} of `node` and `part`"
            raise fault(message, "name one of the two")
        return self


class StoreHosts(Strict):
    """What a group of hosts brings to a backend."""

    drive: Name
    """The drives by part name."""
    reserve: Annotated[Fact | None, measure("B", 0, 1e16)] = None
    """What the operating system keeps on the same drives of each host."""
    drives: Annotated[int | None, Field(ge=1, le=1000)] = None
    """How many of a host's drives the backend gets; all by default."""
    share: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Part of each drive that it gets, where backends share drives; all of it by default."""


class Raid(Strict):
    """How the drives of each host are joined below the backend."""

    level: Literal[0, 1, 5, 6, 10, 50, 60]
    groups: Annotated[int, Field(ge=1, le=100)] = 1
    """Sets of a RAID 50 or 60."""
    spares: Annotated[int, Field(ge=0, le=100)] = 0
    """Drives of each host kept empty until another fails."""


class Backend(Strict):
    """A place to store data, with its redundancy."""

    software: Name
    hosts: dict[Name, StoreHosts] = Field(min_length=1, max_length=50)
    """Groups of equipment that hold the data."""
    copies: Annotated[int | None, Field(ge=1, le=20)] = None
    data_shares: Annotated[int | None, Field(ge=1, le=100)] = None
    parity_shares: Annotated[int | None, Field(ge=0, le=100)] = None
    minimum_shares: Annotated[int | None, Field(ge=1, le=120)] = None
    """Shares that must be there for service; the software's usual value by default."""
    failure_domain: Literal["host", "drive", "rack"] = "host"
    """What holds no two shares of an object."""
    raid: Raid | None = None
    """RAID below; the backend itself then keeps one copy unless `copies` says otherwise."""
    placement_groups: Annotated[int | None, Field(ge=1, le=2**20)] = None
    """Placement groups of a Ceph pool; as its calculator advises by default."""
    balancer: bool = True
    """Whether Ceph's balancer evens out the placement groups."""
    most_drives: Annotated[int | None, Field(ge=1, le=10**6)] = None
    """Drives that a Swift ring may grow to; those of today by default."""
    network: Name | None = None
    """Network between the hosts and their clients; none for local disks."""
    client: Literal["library", "kernel"] = "library"
    """Whether hosts use it by a library in user space or by a client in the kernel."""
    local: bool = False
    """Whether each host serves only itself."""
    clients: list[Name] = Field([], max_length=50)
    """Groups that use it; all that run VMs by default."""


class Pool(Strict):
    """One use of a storage backend."""

    use: Literal["ephemeral", "block", "image"]
    """Disks of VMs that live and die with them, volumes, or images and objects."""
    backend: Name
    data: Annotated[Fact, measure("B", 0, 1e18)]
    """User data at the beginning."""
    growth: Annotated[Fact | None, measure("1/yr", 0, 100)] = None
    """By how much the data grows in a year, as a share of it."""
    copies: Annotated[int | None, Field(ge=1, le=20)] = None
    """Redundancy of its own; that of the backend by default."""
    data_shares: Annotated[int | None, Field(ge=1, le=100)] = None
    parity_shares: Annotated[int | None, Field(ge=0, le=100)] = None


class Design(Strict):
    """One candidate."""

    title: Title
    note: str = ""
    extends: str | None = None
    """Another design; this one then holds only what is different."""
    apply: list[str] | None = None
    """Overrides, which win over what this design extends."""
    groups: dict[Name, Group] = Field(min_length=1, max_length=50)
    storage: dict[Name, Backend] = Field({}, max_length=20)
    vm_disks: Name | None = None
    """The backend that holds the VMs' disks; the only one by default."""
    quorums: dict[Name, dict[Name, Annotated[int, Field(ge=1, le=1000)]]] = {}
    """Groups that vote (monitors, database): members by group of equipment, one on a host."""
    pools: dict[Name, Pool] = {}
    """What the storage is used for."""


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise fault(f"unknown currency {quoted(code)}", did_you_mean(code, CURRENCIES))
    return code


class Scenario(Strict):
    """Everything that is compared, and against what."""

    scenario: Name
    """Its own name."""
    title: Title
    description: str = ""
    extends: str | None = None
    """Another scenario, by file or shipped name; this one then holds only what is different."""
    currency: Annotated[str, AfterValidator(_known_currency)]
    sources: dict[Name, str] = {}
    site: Site
    admission: Name
    """Rule by which VMs are admitted to hosts, a part of the catalog."""
    workload: dict[Name, Flavour] = Field(min_length=1, max_length=200)
    nodes: dict[Name, NodeType] = Field({}, max_length=500)
    designs: dict[Name, Design] = Field({}, max_length=MOST_DESIGNS)
    overrides: dict[Name, Any] = {}
    """Changes of designs by name, for designs that `apply` them."""
    baseline: Name | None = None
    """The design that the others are to replace: energy and money are saved against it."""
    requirements: list[Requirement] = Field([], max_length=200)
    claims: Claims = []
    catalogs: list[str] = Field([], max_length=20)
    """Files of more parts."""
    parts: dict[Kind, dict[Name, Any]] = {}
    """More parts by kind and name, as in a catalog file."""
    corrections: dict[Name, dict[str, Any]] = {}
    """Facts of parts that are different here, each with its reason."""
    measurements: list[str] = Field([], max_length=20)
    """Files of power readings."""


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
    return path if path.suffix or "/" in name or exists(path) else _shipped_scenario(name)


def _shipped_scenario(name: str) -> Path:
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
    label = str(path) if path == Path(name) else path.name
    tree, digests = read_layers(path, label, _shipped_scenario)
    faults: list[Fault] = []
    written = in_full(tree, faults)
    document = document_of(written, label, digests[next(iter(digests))])
    catalog = own_catalog(document, faults)
    readings = own_readings(document, faults)
    faults += unknown_names(document, catalog, readings, tree.keys("designs") or None)
    scenario = attempt(faults, validate, Scenario, document.data, document)
    if scenario is not None:
        faults += size_faults(scenario, document)
    if faults or scenario is None:
        raise InputError(faults)
    files = tuple(map(Path, scenario.measurements))
    return Loaded(_with_sources(scenario), catalog, document, digests, files)


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
