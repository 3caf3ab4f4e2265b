"""A storage backend of a design as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.facts import Fact
from planner.plan.given import Given


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
