"""Figures that Ceph prints or its manual advises."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.models.combinatorics import plain, require, whole
from planner.models.dimensions import Array
from planner.models.placement import widened

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

TEBIBYTE = 2.0**40
UNDERSHOOT = 0.25  # by which a power of two may fall short of the wanted number of groups


def crush_weight(device_capacity: Array) -> Array:
    """CRUSH weight that Ceph gives a device by default: its capacity in TiB.

    Parameters
    ----------
    device_capacity : array_like
        Capacity of the device [B].

    Returns
    -------
    float or ndarray
        Weight [1], to the five decimals in which a CRUSH map is printed.

    Raises
    ------
    ValueError
        If a capacity is negative.

    References
    ----------
    Ceph documentation, rados/operations/crush-map, "Weights".

    Examples
    --------
    >>> crush_weight(3e12)
    2.72848
    """
    capacity = np.asarray(device_capacity, dtype=float)
    require(capacity >= 0, capacity, "device_capacity", "0 B or more")
    return plain(np.round(capacity / TEBIBYTE, 5))


def max_avail(
    device_capacity: Array,
    device_used: Array,
    device_weight: Array,
    raw_used_rate: Array,
    full_ratio: Array = 0.95,
    intact_fraction: Array = 1.0,
) -> Array:
    """MAX AVAIL of a pool, as ``ceph df`` prints it.

    Parameters
    ----------
    device_capacity : array_like, shape (devices, ...)
        Capacity of each device under the pool's rule [B]; 0 for a device that is out.
    device_used : array_like, shape (devices, ...)
        What each device has in use, data and metadata [B].
    device_weight : array_like, shape (devices, ...)
        CRUSH weight of each device [1], also of those that are out.
    raw_used_rate : array_like, shape (...)
        Raw bytes stored for a byte of user data [1]: the copies, or (k + m) / k.
    full_ratio : array_like, shape (...)
        Fill of a device at which the cluster refuses writes [1].
    intact_fraction : array_like, shape (...)
        Object copies that exist, of those that should [1]: 1 unless the pool is degraded.

    Returns
    -------
    float or ndarray, shape (...)
        User data that Ceph says can still be written [B].

    Raises
    ------
    ValueError
        If a capacity, use or weight is negative, the rate is below 1, the full ratio is outside
        0 to 1 or the intact fraction is not above 0 and at most 1.

    Notes
    -----
    min_i max(0, full x size_i - used_i) / (w_i / sum w) / (rate x intact fraction), over the
    devices that are in. An optimistic figure: it looks at weights only, neither at failure domains
    nor at the placement groups that each device really has. And it rises when devices fail: those
    that are out leave the minimum while their weight stays in the sum, and missing copies lower
    the rate. Within 2e-7 of what live clusters of Ceph 16.2.15 printed.

    References
    ----------
    Ceph source, src/mon/PGMap.cc, ``get_rule_avail`` and ``dump_object_stat_sum``;
    src/crush/CrushWrapper.cc, ``get_rule_weight_osd_map``.

    Examples
    --------
    >>> round(max_avail([3e12] * 6, [0.0] * 6, [2.72848] * 6, raw_used_rate=3) / 1e12, 3)
    5.7
    """
    capacity, used, weight = _devices(device_capacity, device_used, device_weight)
    rate, full = _rate(raw_used_rate, intact_fraction), np.asarray(full_ratio, dtype=float)
    require((full >= 0) & (full <= 1), full, "full_ratio", "between 0 and 1")
    total = np.sum(weight, axis=0)
    due = weight / np.where(total == 0, 1.0, total)
    free = np.maximum(capacity * full - used, 0.0)
    fill = np.full(np.broadcast_shapes(free.shape, due.shape), np.inf)
    np.divide(free, due, out=fill, where=~((capacity == 0) | (weight == 0)))
    least = np.min(fill, axis=0, initial=np.inf)
    return plain(np.where(np.isinf(least), 0.0, least) / rate)


def used_fraction(
    pool_used: Array, available: Array, raw_used_rate: Array, intact_fraction: Array = 1.0
) -> Array:
    """Fill of a pool, the percentage that ``ceph df`` prints beside MAX AVAIL.

    Parameters
    ----------
    pool_used : array_like
        Raw bytes that the pool's objects occupy [B].
    available : array_like
        MAX AVAIL [B], see `max_avail`.
    raw_used_rate : array_like
        Raw bytes stored for a byte of user data [1].
    intact_fraction : array_like
        Object copies that exist, of those that should [1].

    Returns
    -------
    float or ndarray
        Fraction [1]; 0 for an empty pool that nothing can be written to.

    Raises
    ------
    ValueError
        If a number of bytes is negative, the rate is below 1 or the intact fraction is not above 0
        and at most 1.

    Notes
    -----
    used / (used + MAX AVAIL x rate x intact fraction).

    References
    ----------
    Ceph source, src/mon/PGMap.cc, ``dump_object_stat_sum``.

    Examples
    --------
    >>> used_fraction(3e12, 4e12, raw_used_rate=3)
    0.2
    """
    used, free = np.asarray(pool_used, dtype=float), np.asarray(available, dtype=float)
    require(used >= 0, used, "pool_used", "0 B or more")
    require(free >= 0, free, "available", "0 B or more")
    room = used + free * _rate(raw_used_rate, intact_fraction)
    return plain(used / np.where(room == 0, 1.0, room))


def suggested_placement_groups(
    devices: Array,
    shares: Array,
    data_fraction: Array = 1.0,
    target_per_device: Array = 100.0,
) -> Array:
    """Placement groups that Ceph's calculator suggests for a pool.

    Parameters
    ----------
    devices : array_like
        Devices under the pool's rule [1].
    shares : array_like
        Copies or chunks of an object, the pool's size [1].
    data_fraction : array_like
        Part of the cluster's data that the pool is to hold [1].
    target_per_device : array_like
        Groups wanted on a device [1].

    Returns
    -------
    float or ndarray
        A power of two [1].

    Raises
    ------
    ValueError
        If a count is not whole and positive, the fraction is outside 0 to 1 or the target is
        negative.

    Notes
    -----
    max(target x devices x fraction, devices) / size, rounded to the nearest power of two, or to
    the next one if that falls more than a quarter short; at least 1.

    References
    ----------
    Ceph documentation, rados/operations/pgcalc; a printed example, 200 devices and three copies
    to 8192 groups, in Red Hat Ceph Storage, "Storage Strategies Guide".

    Examples
    --------
    >>> suggested_placement_groups([6, 200], 3)
    array([ 256., 8192.])
    """
    disks, size = whole(devices, "devices", 1), whole(shares, "shares", 1)
    fraction = np.asarray(data_fraction, dtype=float)
    target = np.asarray(target_per_device, dtype=float)
    require((fraction >= 0) & (fraction <= 1), fraction, "data_fraction", "between 0 and 1")
    require(target >= 0, target, "target_per_device", "0 or more")
    wanted = np.maximum(np.maximum(target * disks * fraction, disks) / size, 1.0)
    _, exponent = np.frexp(wanted)
    lower = np.ldexp(0.5, exponent) + 0.0 * wanted
    return plain(np.where(lower < (1.0 - UNDERSHOOT) * wanted, 2.0 * lower, lower))


def groups_per_device(placement_groups: Array, devices: Array, shares: Array) -> Array:
    """Mean number of a pool's placement groups on a device, to be summed over the pools.

    Parameters
    ----------
    placement_groups : array_like
        Groups of the pool [1].
    devices : array_like
        Devices under the pool's rule [1].
    shares : array_like
        Copies or chunks of an object, the pool's size [1].

    Returns
    -------
    float or ndarray
        Groups on a device [1]. Ceph refuses pools beyond ``mon_max_pg_per_osd``, 250.

    Raises
    ------
    ValueError
        If a count is not whole and positive.

    References
    ----------
    Ceph documentation, rados/operations/placement-groups.

    Examples
    --------
    >>> groups_per_device(512, 8, 3)
    192.0
    """
    groups, disks = whole(placement_groups, "placement_groups", 1), whole(devices, "devices", 1)
    return plain(groups * whole(shares, "shares", 1) / disks)


def _devices(capacity: Array, used: Array, weight: Array) -> tuple[Values, Values, Values]:
    """Properties of the devices with the same number of axes, after checking them."""
    arrays = [np.asarray(values, dtype=float) for values in (capacity, used, weight)]
    names = ("device_capacity", "device_used", "device_weight")
    for values, name in zip(arrays, names, strict=True):
        require(values >= 0, values, name, "0 or more")
    further = max(values.ndim for values in arrays) - 1
    first, second, third = (widened(values, further) for values in arrays)
    return first, second, third


def _rate(raw_used_rate: Array, intact_fraction: Array) -> Values:
    """Raw bytes that a byte of user data takes now, after checking the arguments."""
    rate, intact = np.asarray(raw_used_rate, dtype=float), np.asarray(intact_fraction, dtype=float)
    require(rate >= 1, rate, "raw_used_rate", "1 or more")
    require((intact > 0) & (intact <= 1), intact, "intact_fraction", "above 0 and at most 1")
    return np.asarray(rate * intact)
