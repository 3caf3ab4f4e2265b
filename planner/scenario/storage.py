"""Storage backends of a design, and their uses."""

from typing import Annotated, Literal

from pydantic import Field

from planner.facts import Fact
from planner.fields import measure
from planner.schema import Name, Strict


class Journal(Strict):
    """Drives of a host that take the journals of its other drives."""

    drive: Name
    drives: Annotated[int, Field(ge=1, le=100)] = 1


class Iscsi(Strict):
    """Access over iSCSI, where each login keeps to one link."""

    paths: Annotated[int, Field(ge=1, le=64)] = 1
    """Logins of each client, one on a link, that multipath I/O uses in turn."""
    active_passive: bool = False
    """Whether a volume is served by the ports of one controller only."""


class Demand(Strict):
    """What is asked of a backend at the same time."""

    each: Literal["client", "vm"] = "client"
    """Whether each client asks for it, or each VM of the workload."""
    read: Annotated[Fact | None, measure("B/s", 0, 1e13)] = None
    write: Annotated[Fact | None, measure("B/s", 0, 1e13)] = None
    read_iops: Annotated[Fact | None, measure("IOPS", 0, 1e9)] = None
    write_iops: Annotated[Fact | None, measure("IOPS", 0, 1e9)] = None


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
    journal: Journal | None = None
    """Drives that take the journals; the data drives themselves by default."""


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
    cluster_network: Name | None = None
    """Network of the hosts alone, for copies and recovery; behind proxies, that of the hosts."""
    proxies: Name | None = None
    """Group through which all clients read and write, as of Swift."""
    iscsi: Iscsi | None = None
    protocol: Literal["A", "B", "C"] | None = None
    """Of DRBD: whether a write waits for its own disk (A), for the peer's memory (B) or for the
    peer's disk (C, the default)."""
    recovery_limit: Annotated[Fact | None, measure("B/s", 1e3, 1e13)] = None
    """Rate of re-creating lost shares that the software is told not to exceed."""
    block_size: Annotated[Fact | None, measure("B", 512, 1e9)] = None
    """Data of one random operation, 4 KiB by default."""
    demand: Demand | None = None
    client: Literal["library", "kernel"] = "library"
    """Whether hosts use it by a library in user space or by a client in the kernel."""
    local: bool = False
    """Whether each host serves only itself."""
    third_vote: bool | None = None
    """Whether a third node has a vote in each DRBD pair: a diskless tie-breaker."""
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
