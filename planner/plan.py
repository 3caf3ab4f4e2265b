"""One design as the facts that the sheets are given, each with its provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.facts import Fact


@dataclass(frozen=True, kw_only=True)
class Converted(Fact):
    """Money of another currency, counted in that of the scenario.

    Parameters
    ----------
    price : Fact
        The money as it was asked.
    rate : Fact
        What one unit of its currency costs.
    """

    price: Fact
    rate: Fact


@dataclass(frozen=True)
class Row:
    """Facts along an axis: the parts of a node, the flavours of a workload."""

    unit: str
    members: tuple[tuple[str, Fact], ...]


@dataclass(frozen=True)
class Curve:
    """Numbers along an axis that rest on one piece of evidence: a shape by its load levels.

    Parameters
    ----------
    values : tuple of float
        The numbers, in the unit of the fact.
    fact : Fact
        The evidence; its value is the number in the middle.
    """

    values: tuple[float, ...]
    fact: Fact


Given = Mapping[str, Fact | Row | Curve]


def facts_of(given: Given) -> Iterator[Fact]:
    """Every fact that a sheet is given."""
    for item in given.values():
        if isinstance(item, Row):
            yield from (below for _, fact in item.members for below in _behind(fact))
        else:
            yield from _behind(item.fact if isinstance(item, Curve) else item)


def _behind(fact: Fact) -> tuple[Fact, ...]:
    return (fact.price, fact.rate) if isinstance(fact, Converted) else (fact,)


@dataclass(frozen=True)
class Assembly:
    """Whether a machine can be built from its parts.

    Parameters
    ----------
    given : mapping
        What the build sheet is given, apart from the machine's memory and power.
    told : mapping
        For what may be short, by its quantity: the parts that need it, and the part that has it.
    """

    given: Given
    told: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class GroupPlan:
    """Equal items of equipment.

    Parameters
    ----------
    name, title : str
        How the group and its machines are called.
    count : Fact
        Items [node].
    node : mapping
        What the node sheet is given.
    equipment : mapping
        What the design sheet is given of each item.
    host : mapping
        What the design sheet is given where the items run VMs.
    switch : mapping
        What the design sheet is given where the items are switches.
    estimate_by : str
        Sheet that estimates the power where nobody measured it; empty otherwise.
    estimate : mapping
        What that sheet is given.
    bonds : mapping
        What the bond sheet is given of each network on which the items have several ports.
    titles : mapping
        Titles of its parts by name.
    owned : bool
        Whether it need not be bought.
    assembly : Assembly
        What its parts need of each other.
    readings : tuple of (float, Fact)
        Load [1] and power [W] as a meter showed them, where its power rests on readings.
    renewal : mapping
        What the design sheet is given where the items are replaced after some years.
    """

    name: str
    title: str
    count: Fact
    node: Given
    equipment: Mapping[str, Fact]
    host: Mapping[str, Fact]
    switch: Mapping[str, Fact]
    estimate_by: str = ""
    estimate: Given = field(default_factory=dict)
    bonds: Mapping[str, Given] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    owned: bool = False
    assembly: Assembly = field(default_factory=lambda: Assembly({}, {}))
    readings: tuple[tuple[float, Fact], ...] = ()
    renewal: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class StorePlan:
    """The hosts of one group in a backend.

    Parameters
    ----------
    group : str
        The group.
    count : Fact
        Hosts [node].
    given : mapping
        What the store sheet is given.
    drive : str
        The drives' part.
    drives_per_host : int
        How many of them each host gives, hot spares included.
    device : mapping
        Capacity of one drive [B], and the part of it that the backend gets, if not all.
    reliability : mapping
        The drive's failure rate and read errors, rates and capacity, by the catalog's names.
    daemon_memory : Fact
        What the software's daemon of each drive takes [B].
    rack : str or None
        Where the hosts stand.
    cluster : mapping
        What the store sheet is given of the links between the hosts alone, if there are any.
    """

    group: str
    count: Fact
    given: Given
    drive: str
    drives_per_host: int
    device: Mapping[str, Fact]
    reliability: Mapping[str, Fact]
    daemon_memory: Fact
    rack: str | None = None
    cluster: Given = field(default_factory=dict)

    @property
    def hosts(self) -> int:
        """Number of hosts."""
        return int(self.count.value or 0)

    @property
    def journals_per_host(self) -> int:
        """Drives of each host that hold journals only."""
        fact = self.given.get("journal_count")
        return int(fact.value or 0) if isinstance(fact, Fact) else 0


@dataclass(frozen=True)
class ClientPlan:
    """A group that uses a backend; ``given`` is what the store sheet is given of its links."""

    group: str
    count: Fact
    given: Given


@dataclass(frozen=True)
class Scheme:
    """How a backend places the shares of an object.

    Parameters
    ----------
    software : str
        The software's part.
    shares, data_shares, minimum_shares : int
        Shares in all, those that suffice to read, those that must be there for service.
    domain : {"host", "drive", "rack"}
        What holds no two shares of an object.
    placement : {"any-hosts", "replica-sets", "mirrored-devices"}
        Whether shares go anywhere, or hosts form fixed sets.
    service_rule : str
        How the software decides how many shares must be there for service.
    balancer : bool
        Whether a balancer evens these out.
    local : bool
        Whether each host serves only itself.
    raid : Raid or None
        RAID below, of the drives of each host.
    placement_groups, most_drives : Fact or None
        What the scenario states of them.
    mark_out_delay : Fact
        Time until it re-creates the shares of a lost device [s].
    controllers : Fact or None
        Controllers, where an array holds the data [part].
    """

    software: str
    shares: int
    data_shares: int
    minimum_shares: int
    domain: str
    placement: str
    service_rule: str
    balancer: bool
    local: bool
    raid: Raid | None
    placement_groups: Fact | None
    most_drives: Fact | None
    mark_out_delay: Fact
    controllers: Fact | None

    @property
    def crush(self) -> bool:
        """Whether it is Ceph, with placement groups placed by CRUSH."""
        return self.service_rule == "ceph" and not self.local and self.raid is None

    @property
    def in_sets(self) -> bool:
        """Whether hosts form fixed sets."""
        return self.placement != "any-hosts"


@dataclass(frozen=True)
class Raid:
    """RAID of each host's drives: its level, sets, disks of a set, those with data, hot spares."""

    level: str
    sets: int
    disks: int
    data: int
    spares: int


@dataclass(frozen=True)
class QuorumPlan:
    """A group that votes: its members by group of equipment, one on a host."""

    name: str
    members: Mapping[str, Fact]


@dataclass(frozen=True)
class PoolPlan:
    """One use of a backend: what the pool's quantities are given."""

    name: str
    use: str
    backend: str
    given: Mapping[str, Fact]


@dataclass(frozen=True)
class Topology:
    """The switches between clients and storage hosts, where there are several.

    Parameters
    ----------
    switches : tuple of str
        Groups of switches.
    hosts, clients : mapping
        Part of the links of each group on each switch.
    uplinks : mapping
        Ports and their speed between each pair of switches that are joined.
    """

    switches: tuple[str, ...]
    hosts: Mapping[str, Mapping[str, float]]
    clients: Mapping[str, Mapping[str, float]]
    uplinks: Mapping[tuple[str, str], tuple[Fact, Fact]]


@dataclass(frozen=True)
class ProxyPlan:
    """The proxies of a backend: how many, and what the store sheet is given of both their links."""

    group: str
    count: Fact
    client_side: Given
    storage_side: Given


@dataclass(frozen=True)
class BackendPlan:
    """A storage backend.

    Parameters
    ----------
    name : str
        How it is called.
    stores : tuple of StorePlan
        The hosts that hold its data.
    clients : tuple of ClientPlan
        The hosts that use it.
    given : mapping
        What the backend sheet is given, apart from what its hosts and clients bring.
    survival : mapping
        What the survival sheet is given, apart from the hosts' capacity.
    scheme : Scheme
        How its software places the shares.
    proxies : ProxyPlan or None
        What stands between its clients and hosts.
    topology : Topology or None
        The switches between them, where there are several.
    demand_of : {"client", "vm"} or None
        Who asks for its demand, if one is stated.
    networks : tuple of str
        Networks without which a host neither serves nor uses it.
    """

    name: str
    stores: tuple[StorePlan, ...]
    clients: tuple[ClientPlan, ...]
    given: Given
    survival: Given
    scheme: Scheme
    proxies: ProxyPlan | None = None
    topology: Topology | None = None
    demand_of: str | None = None
    networks: tuple[str, ...] = ()


@dataclass(frozen=True)
class VmRules:
    """Where the VMs of a flavour may be.

    Parameters
    ----------
    apart : str
        Anti-affinity group: each of the group's VMs runs on another host. Empty: none.
    on : str
        Group of hosts that they run on. Empty: any.
    pinned : mapping of str to int
        Number of VMs that run on the host of this name.
    vms : tuple of str
        Names of the VMs, those pinned first and in the order of their hosts; or none.
    """

    apart: str = ""
    on: str = ""
    pinned: Mapping[str, int] = field(default_factory=dict)
    vms: tuple[str, ...] = ()


class Cable(NamedTuple):
    """A cable, from a port of a host, array or switch to a port of a switch.

    ``what`` is link, management, uplink or stack; a unit of 0 tells that it found no port.
    ``cable`` is a part of the host that is such a cable, if it has one.
    """

    what: str
    network: str
    bond: str
    mode: str
    group: str
    item: int
    part: str
    port: str
    medium: str
    switch: str
    unit: int
    switch_port: int
    switch_medium: str
    speed: float
    cable: str


@dataclass(frozen=True)
class Cabling:
    """Which port goes to which, and what follows from it.

    Parameters
    ----------
    cables, unplaced : tuple of Cable
        Those that found their ports, and those that did not.
    proven : bool
        Whether no other plan leaves fewer without a port.
    media : mapping
        What the medium sheet is given of each kind of port.
    switches : mapping
        What the switch sheet is given of each switch or stack.
    given : mapping
        Figures of the design that follow from the cables.
    gaps : tuple of str
        Why there are none.
    """

    cables: tuple[Cable, ...] = ()
    unplaced: tuple[Cable, ...] = ()
    proven: bool = True
    media: Mapping[str, Given] = field(default_factory=dict)
    switches: Mapping[str, Given] = field(default_factory=dict)
    given: Given = field(default_factory=dict)
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class SparePlan:
    """Spares of one part.

    Parameters
    ----------
    part, title : str
        The part.
    holders : tuple of (str, Fact)
        The groups whose items have the part, and how many an item has.
    given : mapping
        What the spare sheet is given beside these.
    """

    part: str
    title: str
    holders: tuple[tuple[str, Fact], ...]
    given: Given


@dataclass(frozen=True)
class LicencePlan:
    """A licence that is paid by the VM; what the licence sheet is given."""

    name: str
    given: Given


@dataclass(frozen=True)
class DesignPlan:
    """Everything that is needed to compute a design.

    Parameters
    ----------
    id, title : str
        How it is called.
    groups : tuple of GroupPlan
        Its equipment.
    backends : tuple of BackendPlan
        Its storage.
    given : mapping
        Workload, admission rule and site, for the design sheet.
    shared_store, local_store : str or None
        The backend that holds the VMs' disks, as it is shared or local to each host.
    gaps : tuple of str
        What the scenario does not say.
    quorums : tuple of QuorumPlan
        Groups that vote.
    pools : tuple of PoolPlan
        What the storage is used for.
    daemons : mapping
        What the host sheet is given of each group that holds a Ceph storage.
    admission, policy : str
        The rule by which VMs are admitted, and whose it is.
    vm_rules : mapping of str to VmRules
        Where VMs may be, by flavour; any host for flavours that are not listed.
    cabling : Cabling
        Which port goes to which.
    spares : tuple of SparePlan
        Parts that are bought beyond those that are built in.
    licences : tuple of LicencePlan
        Licences that are paid by the VM.
    not_counted : tuple of str
        Costs that the scenario does not state.
    """

    id: str
    title: str
    groups: tuple[GroupPlan, ...]
    backends: tuple[BackendPlan, ...]
    given: Given
    shared_store: str | None
    local_store: str | None
    gaps: tuple[str, ...]
    quorums: tuple[QuorumPlan, ...] = ()
    pools: tuple[PoolPlan, ...] = ()
    daemons: Mapping[str, Given] = field(default_factory=dict)
    admission: str = ""
    policy: str = "openstack"
    vm_rules: Mapping[str, VmRules] = field(default_factory=dict)
    cabling: Cabling = field(default_factory=Cabling)
    spares: tuple[SparePlan, ...] = ()
    licences: tuple[LicencePlan, ...] = ()
    not_counted: tuple[str, ...] = ()

    def facts(self) -> list[Fact]:
        """Every fact behind the design, each once, in order of name."""
        found = {fact.name: fact for given in self._all_given() for fact in facts_of(given)}
        return [found[name] for name in sorted(found)]

    def _all_given(self) -> Iterator[Given]:
        yield self.given
        for group in self.groups:
            yield {"count": group.count}
            yield from (group.node, group.equipment, group.host, group.switch, group.estimate)
            yield group.assembly.given
            yield from group.bonds.values()
            yield group.renewal
        for backend in self.backends:
            yield from (backend.given, backend.survival)
            for store in backend.stores:
                yield from (store.given, store.cluster)
            if backend.proxies:
                yield from (backend.proxies.client_side, backend.proxies.storage_side)
                yield {"proxy_count": backend.proxies.count}
            if backend.topology:
                for ports, speed in backend.topology.uplinks.values():
                    yield {"ports": ports, "speed": speed}
            yield from (client.given for client in backend.clients)
        yield from (quorum.members for quorum in self.quorums)
        yield self.cabling.given
        yield from (*self.cabling.media.values(), *self.cabling.switches.values())
        yield from (pool.given for pool in self.pools)
        yield from self.daemons.values()
        yield from (spare.given for spare in self.spares)
        yield from ({"parts_per_item": fact} for spare in self.spares for _, fact in spare.holders)
        yield from (licence.given for licence in self.licences)
