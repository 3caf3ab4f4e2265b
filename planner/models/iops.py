"""Upper bounds of a storage backend's random operations, and what binds.

All bounds are for many small operations at once, spread over the drives as placement spreads the
data. Caches are not counted.
"""

from __future__ import annotations

import numpy as np

from planner.models.arguments import amount, positive
from planner.models.combinatorics import plain
from planner.models.dimensions import Array, Byte, BytePerSecond, IoPerSecond, Number
from planner.models.rates import rate_over_load


def effective_read_iops(host_read_iops: IoPerSecond, host_share: Number) -> IoPerSecond:
    """Random reads that the hosts' drives together do on evenly spread data.

    Parameters
    ----------
    host_read_iops : array_like, shape (hosts, ...)
        Random reads of each host's drives [IOPS].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].

    Returns
    -------
    array_like
        min(b_i / s_i), the sum where the hosts are equal [IOPS].

    Examples
    --------
    >>> float(effective_read_iops(np.array([158.0, 158.0]), np.array([0.5, 0.5])))
    316.0
    """
    return np.min(rate_over_load(host_read_iops, host_share), axis=0)


def effective_write_iops(host_write_iops: IoPerSecond, host_share: Number) -> IoPerSecond:
    """Random writes that the hosts' drives together do on evenly spread data.

    Parameters
    ----------
    host_write_iops : array_like, shape (hosts, ...)
        Random writes of each host's drives [IOPS].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].

    Returns
    -------
    array_like
        min(b_i / s_i), the sum where the hosts are equal [IOPS].

    Examples
    --------
    >>> float(effective_write_iops(np.array([158.0, 79.0]), np.array([0.5, 0.5])))
    158.0
    """
    return np.min(rate_over_load(host_write_iops, host_share), axis=0)


def disk_bound_read_iops(effective_read_iops: IoPerSecond) -> IoPerSecond:
    """Random reads that the drives can do.

    Parameters
    ----------
    effective_read_iops : array_like
        Random reads of all drives [IOPS].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> disk_bound_read_iops(474.0)
    474.0
    """
    return effective_read_iops * 1.0


def disk_bound_write_iops(
    effective_write_iops: IoPerSecond,
    small_write_operations: Number,
    journal_factor: Number = 1.0,
    iops_derating: Number = 1.0,
) -> IoPerSecond:
    """Random writes of clients that the drives can do.

    Parameters
    ----------
    effective_write_iops : array_like
        Random writes of all drives [IOPS].
    small_write_operations : array_like
        Drive operations for one write: the copies, times the penalty of a RAID below [1].
    journal_factor : array_like
        Writes for each of them: 2 with a journal on the same drive [1].
    iops_derating : array_like
        Part of a data sheet's operations that a system is counted on to reach [1].

    Returns
    -------
    array_like
        Operations [IOPS].

    Notes
    -----
    W N d / (a j). The derating of 0.7 that an article uses is its own, not a law.

    References
    ----------
    UCloud Tech, W N 0.7 / (wa M), article on besthub.dev.

    Examples
    --------
    A hundred disks of 150 operations, three copies, journal on the disk.

    >>> float(disk_bound_write_iops(15000.0, 3.0, 2.0, 0.7))
    1750.0
    """
    return rate_over_load(
        effective_write_iops * iops_derating, small_write_operations * journal_factor
    )


def link_bound_read_iops(
    network_bound_read_throughput: BytePerSecond,
    client_bound_read_throughput: BytePerSecond = np.inf,
    block_size: Byte = 4096.0,
) -> IoPerSecond:
    """Random reads that the links of hosts and clients carry.

    Parameters
    ----------
    network_bound_read_throughput : array_like
        What the storage hosts' links allow [B/s].
    client_bound_read_throughput : array_like
        What the clients' links allow [B/s].
    block_size : array_like
        Data of one operation [B].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> float(link_bound_read_iops(409.6e6))
    100000.0
    """
    rate = np.minimum(network_bound_read_throughput, client_bound_read_throughput)
    return rate / block_size


def link_bound_write_iops(
    ingress_bound_write_throughput: BytePerSecond,
    egress_bound_write_throughput: BytePerSecond = np.inf,
    client_bound_write_throughput: BytePerSecond = np.inf,
    block_size: Byte = 4096.0,
) -> IoPerSecond:
    """Random writes that the links of hosts and clients carry.

    Parameters
    ----------
    ingress_bound_write_throughput, egress_bound_write_throughput : array_like
        What the storage hosts' links allow, in and out [B/s].
    client_bound_write_throughput : array_like
        What the clients' links allow [B/s].
    block_size : array_like
        Data of one operation [B].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> float(link_bound_write_iops(409.6e6, 819.2e6))
    100000.0
    """
    rate = np.minimum(ingress_bound_write_throughput, egress_bound_write_throughput)
    return np.minimum(rate, client_bound_write_throughput) / block_size


def read_iops(
    disk_bound_read_iops: IoPerSecond, link_bound_read_iops: IoPerSecond = np.inf
) -> IoPerSecond:
    """Random reads of all clients together: the least of the bounds.

    Parameters
    ----------
    disk_bound_read_iops : array_like
        What the drives allow [IOPS].
    link_bound_read_iops : array_like
        What the links allow [IOPS].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> float(read_iops(474.0, 91552.7))
    474.0
    """
    return np.minimum(disk_bound_read_iops, link_bound_read_iops)


def write_iops(
    disk_bound_write_iops: IoPerSecond,
    link_bound_write_iops: IoPerSecond = np.inf,
    journal_bound_write_iops: IoPerSecond = np.inf,
) -> IoPerSecond:
    """Random writes of all clients together: the least of the bounds.

    Parameters
    ----------
    disk_bound_write_iops : array_like
        What the drives allow [IOPS].
    link_bound_write_iops : array_like
        What the links allow [IOPS].
    journal_bound_write_iops : array_like
        What separate journal devices allow [IOPS].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> float(write_iops(79.0, 61035.2))
    79.0
    """
    least = np.minimum(disk_bound_write_iops, link_bound_write_iops)
    return np.minimum(least, journal_bound_write_iops)


def mixed_iops(
    read_iops: IoPerSecond, write_iops: IoPerSecond, read_share: Number = 0.7
) -> IoPerSecond:
    """Random operations of a mix of reads and writes.

    Parameters
    ----------
    read_iops, write_iops : array_like
        What is reached with nothing else [IOPS].
    read_share : array_like
        Part of the operations that are reads [1].

    Returns
    -------
    array_like
        Operations [IOPS].

    Notes
    -----
    1 / (q / R + (1 - q) / W); for a RAID n b / (q + (1 - q) p). Where reads and writes are bound
    by different things, as links in the two directions, it is too low.

    Examples
    --------
    Eight disks of 100 operations as RAID 5, half of the operations reads.

    >>> float(mixed_iops(800.0, 200.0, 0.5))
    320.0
    """
    q = np.asarray(read_share)
    return read_iops * write_iops / (q * write_iops + (1.0 - q) * read_iops)


def rotating_disk_iops(seek_time: Array, rotation: Array) -> Array:
    """Random operations of a rotating disk: a seek and half a turn for each.

    Parameters
    ----------
    seek_time : array_like
        Mean time to move the heads [ms].
    rotation : array_like
        Speed [rpm].

    Returns
    -------
    float or ndarray
        Operations [IOPS].

    Raises
    ------
    ValueError
        If the disk does not turn or a seek takes less than no time.

    Notes
    -----
    1 / (seek + half a turn); without a queue in which the disk could choose the order.

    Examples
    --------
    >>> round(rotating_disk_iops(8.5, 7200))
    79
    """
    half_turn = 30.0e3 / positive(rotation, "rotation")
    return plain(1e3 / (amount(seek_time, "seek_time") + half_turn))
