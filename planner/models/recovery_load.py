"""Re-creating the data of a lost host: how fast, how long, and what is left for clients."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, BytePerSecond, Hour, Node, Number
from planner.models.rates import rate_over_load
from planner.models.throughput import least_of


def lost_host_data(host_share: Number, nearfull_capacity: Byte, raw_used_rate: Number) -> Byte:
    """Data on the fullest host when the backend is filled up to its warning.

    Parameters
    ----------
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].
    nearfull_capacity : array_like
        User data up to the warning [B].
    raw_used_rate : array_like
        Raw bytes stored for a byte of user data [1].

    Returns
    -------
    array_like
        Data to re-create when it is lost [B].

    Examples
    --------
    >>> float(lost_host_data(np.full(4, 0.25), 5.4e12, 3.0)) / 1e12
    4.05
    """
    fullest = np.max(host_share, axis=0, initial=0.0)  # no host, no data
    fullest = np.where(np.isinf(fullest), 0.0, fullest)
    return fullest * np.asarray(nearfull_capacity) * raw_used_rate


def recovery_hosts(
    storage_hosts: Node, network_shares: Number, network_data_shares: Number = 1.0
) -> Node:
    """Hosts that take the data of a lost one: all that are left, or its replacement alone.

    Parameters
    ----------
    storage_hosts : array_like
        Hosts that hold data [node].
    network_shares, network_data_shares : array_like
        Shares of an object on different hosts, and those of them that hold data [1].

    Returns
    -------
    array_like
        Hosts [node]; none where other hosts do not have what is lost.

    Examples
    --------
    >>> recovery_hosts(np.array([3.0, 4.0]), 3.0).tolist(), float(recovery_hosts(4.0, 1.0))
    ([1.0, 3.0], 0.0)
    """
    hosts = np.asarray(storage_hosts, dtype=float)
    left = np.where(hosts > network_shares, np.maximum(hosts - 1.0, 1.0), 1.0)
    found = np.where(np.asarray(network_shares) > network_data_shares, left, 0.0)
    return np.where(np.isnan(hosts + network_shares + network_data_shares), np.nan, found)


def disk_bound_recovery_rate(
    effective_read_rate: BytePerSecond,
    effective_write_rate: BytePerSecond,
    storage_hosts: Node,
    recovery_hosts: Node,
    network_data_shares: Number = 1.0,
    journal_factor: Number = 1.0,
) -> BytePerSecond:
    """Rate at which drives read and write what is re-created.

    Parameters
    ----------
    effective_read_rate, effective_write_rate : array_like
        Rates of all drives before the loss [B/s].
    storage_hosts, recovery_hosts : array_like
        Hosts that hold data, and those that take what was lost [node].
    network_data_shares : array_like
        Shares that are read for each that is re-created [1].
    journal_factor : array_like
        Writes for each byte stored [1].

    Returns
    -------
    array_like
        Rate [B/s].

    Notes
    -----
    Where all hosts left do both, N' b / (k + j) at one rate b of drives; a replacement only
    writes, b_H / j, while the others read (H - 1) b_H / k.

    Examples
    --------
    Three survivors of four with two disks of 100 MB/s each.

    >>> float(disk_bound_recovery_rate(800e6, 800e6, 4.0, 3.0)) / 1e6
    300.0
    """
    hosts = np.maximum(np.asarray(storage_hosts, dtype=float), 1.0)
    reading = effective_read_rate / hosts * np.maximum(hosts - 1.0, 1.0)
    writing = effective_write_rate / hosts * recovery_hosts
    reads = rate_over_load(network_data_shares, reading)
    writes = rate_over_load(journal_factor, writing)
    shared = 1.0 / (reads + writes)
    apart = np.minimum(1.0 / reads, 1.0 / writes)
    return np.where(np.asarray(recovery_hosts) > 1.0, shared, apart)


def link_bound_recovery_rate(
    replication_link_rate: BytePerSecond,
    storage_hosts: Node,
    recovery_hosts: Node,
    network_data_shares: Number = 1.0,
) -> BytePerSecond:
    """Rate at which the hosts' links carry what is re-created.

    Parameters
    ----------
    replication_link_rate : array_like
        Line rate of all hosts' links to each other [B/s].
    storage_hosts, recovery_hosts : array_like
        Hosts that hold data, and those that take what was lost [node].
    network_data_shares : array_like
        Shares that are moved for each that is re-created [1].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(link_bound_recovery_rate(500e6, 4.0, 3.0)) / 1e6
    375.0
    """
    each = replication_link_rate / np.maximum(np.asarray(storage_hosts, dtype=float), 1.0)
    return rate_over_load(each * recovery_hosts, network_data_shares)


def replication_link_rate(
    effective_link_rate: BytePerSecond,
    separate_replication: Number = 0.0,
    effective_cluster_rate: BytePerSecond = 0.0,
) -> BytePerSecond:
    """Line rate of the links by which hosts send copies to each other.

    Parameters
    ----------
    effective_link_rate : array_like
        Line rate of all hosts' links to the clients' network [B/s].
    separate_replication : array_like
        1 where copies between hosts have links of their own [1].
    effective_cluster_rate : array_like
        Line rate of all hosts' links to each other [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(replication_link_rate(750e6, 1.0, 375e6))
    375000000.0
    """
    own = np.asarray(separate_replication)
    return own * effective_cluster_rate + (1.0 - own) * effective_link_rate


def recovery_rate(
    disk_bound_recovery_rate: BytePerSecond,
    link_bound_recovery_rate: BytePerSecond = np.inf,
    setting_bound_recovery_rate: BytePerSecond = np.inf,
) -> BytePerSecond:
    """Rate at which a lost host's data is re-created: the least of the bounds.

    Parameters
    ----------
    disk_bound_recovery_rate : array_like
        What the drives allow [B/s].
    link_bound_recovery_rate : array_like
        What the hosts' links allow [B/s].
    setting_bound_recovery_rate : array_like
        What the software is told not to exceed [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(recovery_rate(300e6, 375e6))
    300000000.0
    """
    return least_of(disk_bound_recovery_rate, link_bound_recovery_rate, setting_bound_recovery_rate)


def host_recovery_time(lost_host_data: Byte, recovery_rate: BytePerSecond) -> Hour:
    """Shortest time until the data of a lost host has all its shares again.

    Parameters
    ----------
    lost_host_data : array_like
        Data to re-create [B].
    recovery_rate : array_like
        Rate at which it is re-created [B/s].

    Returns
    -------
    array_like
        Time [h].

    Examples
    --------
    >>> float(host_recovery_time(4.05e12, 300e6))
    3.75
    """
    return np.asarray(lost_host_data) / recovery_rate / 3600.0


def line_rate_recovery_time(lost_host_data: Byte, link_bound_recovery_rate: BytePerSecond) -> Hour:
    """Time that the links alone would take for the data of a lost host.

    Parameters
    ----------
    lost_host_data : array_like
        Data to re-create [B].
    link_bound_recovery_rate : array_like
        What the hosts' links allow [B/s].

    Returns
    -------
    array_like
        Time [h]; systems are said to reach 0.74 of the line rate at 1 Gbit/s, 0.67 at 10 Gbit/s.

    References
    ----------
    ceph/ceph doc/install/hardware-recommendations.rst @17ae3e84df7b: 3 h a TB at 1 Gbit/s, 20 min
    at 10 Gbit/s.

    Examples
    --------
    >>> float(line_rate_recovery_time(4.05e12, 375e6))
    3.0
    """
    return np.asarray(lost_host_data) / link_bound_recovery_rate / 3600.0


def read_throughput_in_recovery(
    disk_bound_read_throughput: BytePerSecond,
    network_bound_read_throughput: BytePerSecond,
    client_bound_read_throughput: BytePerSecond,
    recovery_rate: BytePerSecond,
    setting_bound_recovery_rate: BytePerSecond,
    storage_hosts: Node,
    network_data_shares: Number = 1.0,
    journal_factor: Number = 1.0,
    separate_replication: Number = 0.0,
) -> BytePerSecond:
    """User data that clients can read while a lost host's data is re-created.

    Parameters
    ----------
    disk_bound_read_throughput, network_bound_read_throughput : array_like
        What drives and hosts' links allow before the loss [B/s].
    client_bound_read_throughput : array_like
        What clients' links allow [B/s].
    recovery_rate, setting_bound_recovery_rate : array_like
        Rate of the recovery, and the limit that is set for it [B/s].
    storage_hosts : array_like
        Hosts that hold data [node].
    network_data_shares : array_like
        Shares that are read for each that is re-created [1].
    journal_factor : array_like
        Writes for each byte stored [1].
    separate_replication : array_like
        1 where copies between hosts have links of their own [1].

    Returns
    -------
    array_like
        Throughput, never below zero [B/s].

    Notes
    -----
    What is left of drives and links of H - 1 hosts once the recovery has taken its part. Without
    a limit recovery could take everything, so that the quantity needs one.

    Examples
    --------
    >>> given = (800e6, 1000e6, 4e9, 100e6, 100e6, 4.0)
    >>> float(read_throughput_in_recovery(*given)) / 1e6
    400.0
    """
    hosts = np.maximum(np.asarray(storage_hosts, dtype=float), 1.0)
    left = (hosts - 1.0) / hosts
    taken = np.minimum(recovery_rate, setting_bound_recovery_rate)
    disks = disk_bound_read_throughput * left - taken * (network_data_shares + journal_factor)
    shared = 1.0 - np.asarray(separate_replication)
    links = network_bound_read_throughput * left - taken * network_data_shares * shared
    return np.maximum(least_of(disks, links, client_bound_read_throughput), 0.0)


def write_throughput_in_recovery(
    disk_bound_write_throughput: BytePerSecond,
    ingress_bound_write_throughput: BytePerSecond,
    egress_bound_write_throughput: BytePerSecond,
    client_bound_write_throughput: BytePerSecond,
    recovery_rate: BytePerSecond,
    setting_bound_recovery_rate: BytePerSecond,
    storage_hosts: Node,
    effective_write_rate: BytePerSecond,
    effective_link_rate: BytePerSecond,
    network_data_shares: Number = 1.0,
    journal_factor: Number = 1.0,
    separate_replication: Number = 0.0,
) -> BytePerSecond:
    """User data that clients can write while a lost host's data is re-created.

    Parameters
    ----------
    disk_bound_write_throughput, ingress_bound_write_throughput : array_like
        What the drives, and the hosts' links inwards, allow before the loss [B/s].
    egress_bound_write_throughput, client_bound_write_throughput : array_like
        What the hosts' links outwards, and the clients' links, allow before the loss [B/s].
    recovery_rate, setting_bound_recovery_rate : array_like
        Rate of the recovery, and the limit that is set for it [B/s].
    storage_hosts : array_like
        Hosts that hold data [node].
    effective_write_rate, effective_link_rate : array_like
        Write rate of all drives, line rate of all hosts' links before the loss [B/s].
    network_data_shares : array_like
        Shares that are read for each that is re-created [1].
    journal_factor : array_like
        Writes for each byte stored [1].
    separate_replication : array_like
        1 where copies between hosts have links of their own [1].

    Returns
    -------
    array_like
        Throughput, never below zero [B/s].

    Notes
    -----
    Each bound in the part that H - 1 hosts have left of their drives and links. All shares are
    counted as written, although some have no place until the recovery has ended.

    Examples
    --------
    >>> given = (133.3e6, 333.3e6, 500e6, 4e9, 100e6, 100e6, 4.0, 800e6, 1000e6, 1.0, 2.0)
    >>> round(float(write_throughput_in_recovery(*given)) / 1e6)
    50
    """
    hosts = np.maximum(np.asarray(storage_hosts, dtype=float), 1.0)
    left = (hosts - 1.0) / hosts
    taken = np.minimum(recovery_rate, setting_bound_recovery_rate)
    busy = rate_over_load(taken * (network_data_shares + journal_factor), effective_write_rate)
    shared = 1.0 - np.asarray(separate_replication)
    moved = rate_over_load(taken * network_data_shares * shared, effective_link_rate)
    return least_of(
        disk_bound_write_throughput * np.maximum(left - busy, 0.0),
        ingress_bound_write_throughput * np.maximum(left - moved, 0.0),
        egress_bound_write_throughput * np.maximum(left - moved, 0.0),
        client_bound_write_throughput,
    )
