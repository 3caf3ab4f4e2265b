"""OpenStack Swift: replicas over zones, ring size and write quorum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.models.availability import host_losses_data_safe
from planner.models.capacity import usable_capacity
from planner.models.combinatorics import plain, whole
from planner.models.dimensions import Array, Byte, Number
from planner.models.raid import Redundancy


def swift_ring(
    device_capacity: Byte, device_zone: Sequence[int], replicas: Number, dispersed: bool
) -> Redundancy:
    """OpenStack Swift with replicas.

    Parameters
    ----------
    device_capacity : array_like
        Capacity of each device [B], devices on axis 0.
    device_zone : sequence of int
        Zone of each device.
    replicas : array_like
        Replicas of an object [1].
    dispersed : bool
        Whether the ring's overload is large enough to keep replicas in distinct zones. With
        overload 0 weights are followed strictly and replicas may share a zone.

    Returns
    -------
    Redundancy
        Usable capacity [B], zones (dispersed) or devices that may be lost [1], write costs [1].

    Raises
    ------
    ValueError
        If a capacity is negative, a device has no zone, or `replicas` is below 1.

    Notes
    -----
    Law of distinct domains on zones, or on devices with overload 0. A write succeeds with half of
    the replicas, rounded up (older releases: the majority). RAID 5 or 6 below Swift and fewer than
    five zones are advised against.

    References
    ----------
    openstack/swift doc/source/overview_ring.rst @0f7f1de23391 and deployment_guide.rst.

    Examples
    --------
    Three zones of 10, 10 and 40 TB: strict weights use all, dispersion only the smallest.

    >>> tb = [10e12, 10e12, 20e12, 20e12]
    >>> swift_ring(tb, [1, 2, 3, 3], 3, dispersed=False).usable
    20000000000000.0
    >>> swift_ring(tb, [1, 2, 3, 3], 3, dispersed=True).usable
    10000000000000.0
    """
    devices, zones = np.asarray(device_capacity, dtype=float), np.asarray(device_zone)
    if zones.shape != devices.shape[:1]:
        raise ValueError(f"device_zone must name {len(devices)} zones, got {zones.size}")
    n = whole(replicas, "replicas", 1)
    member = zones == np.unique(zones)[:, None]
    domains = np.tensordot(member.astype(float), devices, axes=1) if dispersed else devices
    return Redundancy(
        "Swift",
        usable_capacity(domains, n, 1),
        host_losses_data_safe(domains, n, 1),
        "zone" if dispersed else "device",
        plain(n),
        plain(n),
        "a proxy sends every write once per replica; advised: five zones, no RAID below",
    )


def swift_partition_power(most_devices: Number, partitions_per_device: Number = 100.0) -> Array:
    """Partition power of a Swift ring that leaves room to grow.

    Parameters
    ----------
    most_devices : array_like
        Devices that the cluster may ever have [part].
    partitions_per_device : array_like
        Partitions wanted on each of them [1].

    Returns
    -------
    float or ndarray
        Exponent p of the 2^p partitions [1]. It cannot be changed later.

    Raises
    ------
    ValueError
        If there is no device or no partition.

    Notes
    -----
    Smallest p with 2^p >= devices * partitions.

    References
    ----------
    openstack/swift doc/source/deployment_guide.rst @001abfa.

    Examples
    --------
    >>> swift_partition_power(5000)
    19.0
    """
    devices = whole(most_devices, "most_devices", 1)
    partitions = whole(partitions_per_device, "partitions_per_device", 1)
    fraction, exponent = np.frexp(devices * partitions)
    power = np.where(fraction == 0.5, exponent - 1, exponent)
    return plain(np.where(np.isnan(fraction), np.nan, power))


def swift_write_quorum(replicas: Number) -> Array:
    """Replicas that must be written before Swift confirms a write.

    Parameters
    ----------
    replicas : array_like
        Replicas of an object [1].

    Returns
    -------
    float or ndarray
        Number of replicas [1].

    Raises
    ------
    ValueError
        If `replicas` is below 1.

    Notes
    -----
    ceil(R / 2); older releases floor(R / 2) + 1, the same for odd R.

    References
    ----------
    openstack/swift, quorum_size.

    Examples
    --------
    >>> swift_write_quorum([2, 3, 4]).tolist()
    [1.0, 2.0, 2.0]
    """
    return plain(np.ceil(whole(replicas, "replicas", 1) / 2))
