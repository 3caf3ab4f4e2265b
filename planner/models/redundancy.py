"""Storage back-ends side by side: what they hold, what they survive, what a write costs."""

from __future__ import annotations

import numpy as np

from planner.models.availability import host_losses_data_safe
from planner.models.capacity import usable_capacity
from planner.models.combinatorics import checked_shares, plain, require, whole
from planner.models.dimensions import Array, Byte, Number
from planner.models.raid import Redundancy


def placed_pool(domain_capacity: Byte, shares: Number, data_shares: Number = 1) -> Redundancy:
    """Pool that keeps the shares of an object in distinct failure domains, such as Ceph's.

    Parameters
    ----------
    domain_capacity : array_like
        Capacity of each failure domain [B], domains on axis 0.
    shares : array_like
        Copies, or k + m chunks of an erasure code [1].
    data_shares : array_like
        Shares that suffice to read an object [1].

    Returns
    -------
    Redundancy
        Usable capacity of a perfect balancer [B], domains that may be lost [node], write costs [1].

    Raises
    ------
    ValueError
        If a capacity is negative or 1 <= data_shares <= shares does not hold.

    Notes
    -----
    A small write costs n writes, and for an erasure code k reads before them. Journals on the
    same disk multiply the bytes written.

    References
    ----------
    S. A. Weil et al., "CRUSH", SC 2006.

    Examples
    --------
    >>> placed_pool([6e12] * 6, 6, 4).usable
    24000000000000.0
    """
    n, k = checked_shares(shares, data_shares)
    return Redundancy(
        "placed pool",
        usable_capacity(domain_capacity, n, k),
        host_losses_data_safe(domain_capacity, n, k),
        "domain",
        plain(n / k),
        plain(n + np.where(k > 1, k, 0.0)),
        "service may stop earlier than data is lost: minimum shares and monitors",
    )


def dual_controller_array(shelf: Redundancy, controllers: int = 2) -> Redundancy:
    """Array (SAN) that serves a RAID through its own controllers.

    Parameters
    ----------
    shelf : Redundancy
        The RAID behind the controllers, see `raid`.
    controllers : int
        Controllers that each reach all disks [1].

    Returns
    -------
    Redundancy
        The same figures, with the array named as what it is.

    Raises
    ------
    ValueError
        If there is no controller.

    Notes
    -----
    Losing hosts costs no data and losing all but one controller no service, at less speed and
    usually without the write cache. The array as a whole stays one failure domain.

    References
    ----------
    Structure of the array; no published formula.

    Examples
    --------
    >>> from planner.models.raid import raid
    >>> dual_controller_array(raid("6", [4e12] * 12, spares=1)).usable
    36000000000000.0
    """
    if controllers < 1:
        raise ValueError(f"controllers must be at least 1, got {controllers}")
    spare = controllers - 1
    return shelf._replace(
        kind=f"array with {controllers} controller(s), {shelf.kind}",
        note=f"any hosts and {spare} controller(s) may be lost; the array is one failure domain",
    )


def drbd_pair(
    first: Byte, second: Byte, protocol: str = "C", tie_breaker: bool = False
) -> Redundancy:
    """Two nodes that mirror a device over the network (DRBD).

    Parameters
    ----------
    first : array_like
        Size of the device on one node [B].
    second : array_like
        Size of the device on the other node [B].
    protocol : str
        "C" (written on both), "B" (received by the other) or "A" (sent to the other).
    tie_breaker : bool
        Whether a third, diskless node votes.

    Returns
    -------
    Redundancy
        Usable capacity after metadata [B], nodes that may be lost without losing a confirmed
        write [node], write costs [1].

    Raises
    ------
    ValueError
        If a size is negative or the protocol unknown.

    Notes
    -----
    min(A, B) less internal metadata, see `drbd_metadata_bytes`. Only protocol C guarantees every
    confirmed write on both disks.

    References
    ----------
    LINBIT DRBD user's guide 9, features and administration chapters.

    Examples
    --------
    >>> pair = drbd_pair(3e12, 3e12)
    >>> round(pair.usable / 1e12, 4), pair.losses_survived
    (2.9999, 1.0)
    """
    if protocol not in ("A", "B", "C"):
        raise ValueError(f"protocol must be A, B or C, got {protocol!r}")
    sizes = np.broadcast_arrays(np.asarray(first, dtype=float), np.asarray(second, dtype=float))
    smaller = usable_capacity(np.stack(sizes), 2, 1)
    usable = np.maximum(smaller - np.asarray(drbd_metadata_bytes(smaller)), 0.0)
    vote = (
        "the diskless tie-breaker lets one side go on"
        if tie_breaker
        else "without a third vote, quorum stops both sides when they lose contact"
    )
    confirmed = protocol == "C"
    loss = "" if confirmed else f"; protocol {protocol} may lose the last confirmed writes"
    return Redundancy(
        f"DRBD protocol {protocol}", plain(usable), float(confirmed), "node", 2.0, 2.0, vote + loss
    )


def drbd_metadata_bytes(device_bytes: Byte, peers: int = 1) -> Array:
    """Size of DRBD's internal metadata.

    Parameters
    ----------
    device_bytes : array_like
        Size of the replicated device [B].
    peers : int
        Nodes that it is replicated to [node].

    Returns
    -------
    float or ndarray
        Metadata [B].

    Raises
    ------
    ValueError
        If the size is negative.

    Notes
    -----
    (ceil(S / 2^18) * 8 * peers + 72) sectors of 512 B, S in sectors: one bit per 4 KiB and peer.

    References
    ----------
    LINBIT DRBD user's guide 9, internals chapter.

    Examples
    --------
    >>> round(drbd_metadata_bytes(3e12) / 1e6, 1)
    91.6
    """
    size = np.asarray(device_bytes, dtype=float)
    require(size >= 0, size, "device_bytes", "0 B or more")
    return plain(512.0 * (np.ceil(size / 512.0 / 2**18) * 8.0 * peers + 72.0))


def sheepdog(zone_capacity: Byte, copies: Number, strict: bool = False) -> Redundancy:
    """Sheepdog cluster with copies in distinct zones.

    Parameters
    ----------
    zone_capacity : array_like
        Capacity of each zone [B], zones on axis 0; by default every node is a zone.
    copies : array_like
        Copies of an object [1].
    strict : bool
        Whether the cluster was formatted to refuse writes with fewer zones than copies.

    Returns
    -------
    Redundancy
        Usable capacity [B], zones that may be lost [node], write costs [1].

    Raises
    ------
    ValueError
        If a capacity is negative or `copies` is below 1.

    Notes
    -----
    Law of distinct domains; the ring fills unequal zones unevenly, so the last part of the
    capacity is not reached. Users reported a halt with two copies on two hosts, one of them down.

    References
    ----------
    sheepdog/sheepdog @3ebe5ea7fb0a: README, sheep/request.c, dog/cluster.c.

    Examples
    --------
    >>> sheepdog([6e12] * 4, 3).usable
    8000000000000.0
    """
    n = whole(copies, "copies", 1)
    rule = (
        "strict: writes stop when fewer zones than copies are left"
        if strict
        else "with fewer zones than copies it writes one copy per zone"
    )
    usable = usable_capacity(zone_capacity, n, 1)
    survived = host_losses_data_safe(zone_capacity, n, 1)
    return Redundancy("Sheepdog", usable, survived, "zone", plain(n), plain(n), rule)


def gluster_replica(brick_capacity: Byte, replicas: int, arbiter: bool = False) -> Redundancy:
    """GlusterFS (distributed) replica volume.

    Parameters
    ----------
    brick_capacity : array_like
        Capacity of each brick [B], bricks on axis 0 in the order of the volume: consecutive bricks
        form a replica set.
    replicas : int
        Bricks in a replica set, an arbiter included [1].
    arbiter : bool
        Whether the last brick of each set holds metadata only.

    Returns
    -------
    Redundancy
        Usable capacity [B], bricks that may be lost [1], write costs [1].

    Raises
    ------
    ValueError
        If a capacity is negative or the bricks do not divide into replica sets.

    Notes
    -----
    Sum over the sets of their smallest data brick; a file lies in one set whole, so sets fill
    unevenly. Client quorum "auto" needs the majority of a set; of an even set the exact half
    suffices if it has the first brick.

    References
    ----------
    Gluster documentation, arbiter volumes and quorum options.

    Examples
    --------
    >>> gluster_replica([4e12, 4e12, 1e9, 4e12, 4e12, 1e9], 3, arbiter=True).usable
    8000000000000.0
    """
    capacity = np.asarray(brick_capacity, dtype=float)
    data = replicas - arbiter
    if data < 1 or len(capacity) % replicas or not len(capacity):
        raise ValueError(f"{len(capacity)} bricks do not divide into replica sets of {replicas}")
    sets = capacity.reshape(-1, replicas, *capacity.shape[1:])[:, :data]
    bricks = np.moveaxis(sets, 1, 0)
    usable = np.sum(usable_capacity(bricks, data, 1), axis=0)
    stops = "no brick may be down for writes" if replicas == 1 else _gluster_rule(replicas)
    name = f"GlusterFS replica {data}" + (" arbiter 1" if arbiter else "")
    return Redundancy(
        name, plain(usable), float(data - 1), "brick", float(data), float(data), stops
    )


def host_volumes(node_capacity: Byte, service: str = "Cinder LVM") -> Redundancy:
    """Volumes that live on one node each: Cinder's LVM driver, or local ephemeral disks.

    Parameters
    ----------
    node_capacity : array_like
        Capacity of each node's volume group [B], nodes on axis 0; behind a RAID its usable one.
    service : str
        What it is used for, "Cinder LVM" or "local ephemeral LVM".

    Returns
    -------
    Redundancy
        Sum of the capacities [B], no node that may be lost, write costs [1].

    Raises
    ------
    ValueError
        If a capacity is negative.

    Notes
    -----
    One share per object. A volume does not span nodes, so the largest must fit one node.

    References
    ----------
    openstack/ha-guide doc/source/storage-ha-backend.rst @4d955f38a7a7.

    Examples
    --------
    >>> volumes = host_volumes([2e12, 2e12])
    >>> volumes.usable, volumes.losses_survived
    (4000000000000.0, 0.0)
    """
    usable = usable_capacity(node_capacity, 1, 1)
    note = "no redundancy: losing a node loses its volumes; a RAID below covers disks only"
    return Redundancy(service, usable, 0.0, "node", 1.0, 1.0, note)


def _gluster_rule(replicas: int) -> str:
    """When a replica set goes on writing under client quorum "auto"."""
    if replicas % 2:
        return f"client quorum: {replicas // 2 + 1} of {replicas} bricks of a set must be up"
    return f"client quorum: more than {replicas // 2} bricks, or that many with the first, up"
