"""Groups of equal items of a design, and how they are linked."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from planner.facts import Fact
from planner.fields import count, fault, measure
from planner.schema import Name, Strict


def _listed(raw: Any) -> Any:
    return [raw] if isinstance(raw, str) else raw


def _shaped(raw: Any) -> Any:
    return {True: "ring", False: None}[raw] if isinstance(raw, bool) else raw


class Bond(Strict):
    """How several ports of one network are joined."""

    mode: Literal["802.3ad", "balance-xor", "balance-rr", "active-backup"] = "802.3ad"
    """As the Linux kernel calls it; 802.3ad is LACP."""
    hash: Literal["layer2", "layer2+3", "layer3+4"] = "layer2"
    """What a flow's link is chosen by: its peer, or with layer3+4 its connection."""
    rate: Literal["slow", "fast"] = "slow"
    """How soon LACP drops a dead link: after 90 s or after 3 s."""
    flows: Annotated[int | None, Field(ge=1, le=10**6)] = None
    """Flows at the same time; by default one for each host at the other end."""
    also: dict[Name, Annotated[int, Field(ge=1, le=1000)]] = {}
    """Ports of further parts in the same bond, which must be as fast."""


class Link(Strict):
    """Ports of a node that are plugged into a network; several of them are a bond."""

    part: Name
    ports: Annotated[int, Field(ge=1, le=1000)]
    bond: Bond = Bond()
    """How they are joined, where there are several."""
    switch: Annotated[list[Name], BeforeValidator(_listed), Field(max_length=50)] = []
    """Group of switches that they are plugged into, or several, evenly; needed where uplinks join
    switches."""
    management: bool = False
    """Whether these are the ports of the part's management controller."""

    @property
    def members(self) -> dict[str, int]:
        """Ports by part."""
        further = {part: count for part, count in self.bond.also.items() if part != self.part}
        own = self.ports + self.bond.also.get(self.part, 0)
        return {self.part: own, **further}


class Uplink(Strict):
    """Ports that join a switch to another, the same number at both ends."""

    ports: Annotated[int, Field(ge=1, le=1000)] = 1
    speed: Annotated[Fact, measure("B/s", 1e5, 1e13)]
    """Of each of them, in each direction."""


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
    uplinks: dict[Name, Uplink] = Field({}, max_length=20)
    """Of switches: other groups of switches that they are joined to. A group of several switches
    counts as one."""
    stack: Annotated[Literal["ring", "chain", "mlag"] | None, BeforeValidator(_shaped)] = None
    """Of switches that are one stack: its shape, with `true` for a ring. Two switches that share
    their bonds but are no stack are `mlag`."""
    utilisation: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Mean load of items that run no VMs."""
    night: Night | None = None
    memory_reserve: Annotated[Fact | None, measure("B", 0, 1e15)] = None
    """Memory that a host keeps for itself, storage daemons on it included; by default that of the
    admission rule, and what the storage's software says of its daemons."""
    thread_reserve: Annotated[Fact | None, measure("thread", 0, 1e4)] = None
    node_group: Name | None = None
    """Hosts that take over from each other under Ganeti; all of them by default."""
    replace_after: Annotated[Fact | None, measure("yr", 0.1, 100, decided=True)] = None
    """Years after which the items are replaced by new ones, each time; that of the site by default,
    unless they are owned."""
    warranty: Annotated[Fact | None, measure("1/yr", 0, 1)] = None
    """What warranty costs in a year, as a share of the price; that of the site by default, unless
    the items are owned."""
    service_price: Annotated[Fact | None, measure("money/yr", 0, 1e9)] = None
    """What a service contract for one item costs in a year."""
    rack: Name | None = None
    """Where it stands, if a storage keeps copies in distinct racks."""
    fencing: bool | None = None
    """Whether another machine can switch it off: by a BMC or a switched outlet."""
    tags: list[Name] = Field([], max_length=20)
    """By what MAAS and Juju tell it apart."""
    os_drive: Name | None = None
    """The drive that the operating system goes to."""

    @model_validator(mode="after")
    def _check_machine(self) -> Self:
        if (self.node is None) == (self.part is None):
            how = "neither" if self.node is None else "both"
            message = f"a group has one machine, and this has {how} of `node` and `part`"
            raise fault(message, "name one of the two")
        return self
