"""What else bounds a backend beside its drives, its hosts' links and its clients' links.

Links from drives to their controller, separate devices for the journal, links between the hosts
alone, proxies between clients and hosts. Hosts are on axis 0.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import BytePerSecond, IoPerSecond, Node, Number
from planner.models.rates import rate_over_load


def effective_sata_rate(host_sata_rate: BytePerSecond, host_share: Number) -> BytePerSecond:
    """Rate at which the links from drives to controllers carry evenly spread data.

    Parameters
    ----------
    host_sata_rate : array_like, shape (hosts, ...)
        What the links of each host's drives carry together [B/s].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].

    Returns
    -------
    array_like
        min(b_i / s_i), the sum where the hosts are equal [B/s].

    Examples
    --------
    >>> float(effective_sata_rate(np.array([1200e6, 600e6]), np.array([0.5, 0.5])))
    1200000000.0
    """
    return np.min(rate_over_load(host_sata_rate, host_share), axis=0)


def sata_bound_read_throughput(effective_sata_rate: BytePerSecond) -> BytePerSecond:
    """User data that the links from drives to controllers carry when reading.

    Parameters
    ----------
    effective_sata_rate : array_like
        What they carry [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> sata_bound_read_throughput(3600e6)
    3600000000.0
    """
    return effective_sata_rate * 1.0


def sata_bound_write_throughput(
    effective_sata_rate: BytePerSecond, write_factor: Number = 1.0
) -> BytePerSecond:
    """User data that the links from drives to controllers carry when writing.

    Parameters
    ----------
    effective_sata_rate : array_like
        What they carry [B/s].
    write_factor : array_like
        Bytes written to drives for a byte of user data [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(sata_bound_write_throughput(3600e6, 6.0))
    600000000.0
    """
    return rate_over_load(effective_sata_rate, write_factor)


def effective_journal_rate(host_journal_rate: BytePerSecond, host_share: Number) -> BytePerSecond:
    """Rate at which the hosts' journal devices together take evenly spread writes.

    Parameters
    ----------
    host_journal_rate : array_like, shape (hosts, ...)
        Write rate of each host's journal devices [B/s].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].

    Returns
    -------
    array_like
        min(b_i / s_i), the sum where the hosts are equal [B/s].

    Examples
    --------
    >>> float(effective_journal_rate(np.array([475e6, 475e6]), np.array([0.5, 0.5])))
    950000000.0
    """
    return np.min(rate_over_load(host_journal_rate, host_share), axis=0)


def journal_bound_write_throughput(
    effective_journal_rate: BytePerSecond, shares: Number, data_shares: Number = 1.0
) -> BytePerSecond:
    """User data that journals on devices of their own can take.

    Parameters
    ----------
    effective_journal_rate : array_like
        Write rate of all journal devices [B/s].
    shares, data_shares : array_like
        Shares of an object in all, and those that hold data [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Notes
    -----
    H J k / n: every share goes through a journal once.

    Examples
    --------
    >>> float(journal_bound_write_throughput(3 * 475e6, 3.0))
    475000000.0
    """
    return rate_over_load(effective_journal_rate * data_shares, shares)


def journal_bound_write_iops(
    host_journal_iops: IoPerSecond,
    host_share: Number,
    raw_used_rate: Number,
) -> IoPerSecond:
    """Random writes that journals on devices of their own can take.

    Parameters
    ----------
    host_journal_iops : array_like, shape (hosts, ...)
        Writes of each host's journal devices [IOPS].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].
    raw_used_rate : array_like
        Raw bytes stored for a byte of user data [1].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> float(journal_bound_write_iops(np.array([23e3] * 3), np.full(3, 1 / 3), 3.0))
    23000.0
    """
    return rate_over_load(
        np.min(rate_over_load(host_journal_iops, host_share), axis=0), raw_used_rate
    )


def effective_cluster_rate(host_cluster_rate: BytePerSecond, host_share: Number) -> BytePerSecond:
    """Rate at which the hosts' links to each other carry evenly spread data, per direction.

    Parameters
    ----------
    host_cluster_rate : array_like, shape (hosts, ...)
        Line rate of each host's links to the network between hosts [B/s].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].

    Returns
    -------
    array_like
        min(L_i / s_i), the sum where the hosts are equal [B/s].

    Examples
    --------
    >>> float(effective_cluster_rate(np.array([250e6, 250e6]), np.array([0.5, 0.5])))
    500000000.0
    """
    return np.min(rate_over_load(host_cluster_rate, host_share), axis=0)


def replication_bound_write_throughput(
    effective_cluster_rate: BytePerSecond,
    network_shares: Number,
    network_data_shares: Number = 1.0,
) -> BytePerSecond:
    """User data whose copies a network between the hosts alone carries.

    Parameters
    ----------
    effective_cluster_rate : array_like
        Line rate of all hosts' links to each other [B/s].
    network_shares, network_data_shares : array_like
        Shares of an object on different hosts, and those of them that hold data [1].

    Returns
    -------
    array_like
        Throughput [B/s]; infinite for a single copy.

    Notes
    -----
    H L k / (n - 1).

    Examples
    --------
    >>> float(replication_bound_write_throughput(750e6, 3.0))
    375000000.0
    """
    return rate_over_load(effective_cluster_rate * network_data_shares, network_shares - 1.0)


def replication_bound_read_throughput(
    effective_cluster_rate: BytePerSecond, network_data_shares: Number = 1.0
) -> BytePerSecond:
    """User data whose shares a network between the hosts alone lets them gather.

    Parameters
    ----------
    effective_cluster_rate : array_like
        Line rate of all hosts' links to each other [B/s].
    network_data_shares : array_like
        Data shares of an object on different hosts: 1 for copies, k for erasure coding [1].

    Returns
    -------
    array_like
        Throughput [B/s]; infinite for copies.

    Notes
    -----
    H L k / (k - 1).

    Examples
    --------
    >>> float(replication_bound_read_throughput(750e6, 4.0))
    1000000000.0
    """
    return rate_over_load(effective_cluster_rate * network_data_shares, network_data_shares - 1.0)


def proxy_bound_write_throughput(
    proxy_count: Node,
    proxy_client_rate: BytePerSecond,
    proxy_storage_rate: BytePerSecond,
    shares: Number,
    data_shares: Number = 1.0,
) -> BytePerSecond:
    """User data that proxies take in once and send out to every share's host.

    Parameters
    ----------
    proxy_count : array_like
        Proxies [node].
    proxy_client_rate, proxy_storage_rate : array_like
        Line rate of one proxy's links to the clients, and to the storage hosts [B/s].
    shares, data_shares : array_like
        Shares of an object in all, and those that hold data [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Notes
    -----
    P min(in, out k / n): a written object leaves the proxy as often as there are copies.

    Examples
    --------
    >>> round(proxy_bound_write_throughput(1.0, 1250e6, 1250e6, 3.0) / 1e6)
    417
    """
    fanned_out = rate_over_load(proxy_storage_rate * data_shares, shares)
    return proxy_count * np.minimum(proxy_client_rate, fanned_out)


def proxy_bound_read_throughput(
    proxy_count: Node, proxy_client_rate: BytePerSecond, proxy_storage_rate: BytePerSecond
) -> BytePerSecond:
    """User data that proxies take in and send out once.

    Parameters
    ----------
    proxy_count : array_like
        Proxies [node].
    proxy_client_rate, proxy_storage_rate : array_like
        Line rate of one proxy's links to the clients, and to the storage hosts [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(proxy_bound_read_throughput(2.0, 1250e6, 125e6))
    250000000.0
    """
    return proxy_count * np.minimum(proxy_client_rate, proxy_storage_rate)


def proxy_fan_out(shares: Number, data_shares: Number, sent_by_proxy: Number) -> Number:
    """Bytes that leave a proxy for a byte that a client writes.

    Parameters
    ----------
    shares, data_shares : array_like
        Shares of an object in all, and those that hold data [1].
    sent_by_proxy : array_like
        1 where a proxy sends every share [1].

    Returns
    -------
    array_like
        Factor [1]; 0 without a proxy.

    Examples
    --------
    >>> proxy_fan_out(3.0, 1.0, 1.0)
    3.0
    """
    return sent_by_proxy * shares / data_shares


def disk_link_ratio(host_read_rate: BytePerSecond, host_link_rate: BytePerSecond) -> Number:
    """Read rate of a host's drives over its links to the clients, on the worst host.

    Parameters
    ----------
    host_read_rate : array_like, shape (hosts, ...)
        Read rate of each host's drives [B/s].
    host_link_rate : array_like, shape (hosts, ...)
        Line rate of each host's links to the storage network [B/s].

    Returns
    -------
    array_like
        The greatest ratio [1]; above 1 the drives could fill more than the links.

    References
    ----------
    ceph/ceph doc/install/hardware-recommendations.rst @17ae3e84df7b: the disks of a host together
    should not exceed its network.

    Examples
    --------
    >>> float(disk_link_ratio(np.array([200e6]), np.array([125e6])))
    1.6
    """
    return np.max(rate_over_load(host_read_rate, host_link_rate), axis=0)


def least_host_link(host_link_rate: BytePerSecond) -> BytePerSecond:
    """Line rate of the storage host with the slowest links to the clients.

    Parameters
    ----------
    host_link_rate : array_like, shape (hosts, ...)
        Line rate of each host's links to the storage network [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(least_host_link(np.array([250e6, 125e6])))
    125000000.0
    """
    return np.min(host_link_rate, axis=0)


def burst_write_throughput(
    effective_write_rate: BytePerSecond,
    effective_link_rate: BytePerSecond,
    acknowledged_on_disk: Number,
    acknowledged_sent: Number,
    client_bound_write_throughput: BytePerSecond = np.inf,
    local_share: Number = 0.0,
    journal_factor: Number = 1.0,
) -> BytePerSecond:
    """User data that a pair of mirrors takes while its send buffer has room.

    Parameters
    ----------
    effective_write_rate, effective_link_rate : array_like
        Write rate of all drives, line rate of all hosts' links [B/s].
    acknowledged_on_disk, acknowledged_sent : array_like
        Copies that are on disk, and that are sent, when a write is acknowledged [1].
    client_bound_write_throughput : array_like
        What the clients' links allow [B/s].
    local_share : array_like
        Part of the data whose first copy lies on the client's own host [1].
    journal_factor : array_like
        Writes for each byte stored [1].

    Returns
    -------
    array_like
        Throughput [B/s]; what lasts is `write_throughput` with any protocol.

    References
    ----------
    DRBD 9 user's guide, replication modes A, B and C.

    Examples
    --------
    Two hosts of 100 MB/s with links of 125 MB/s: protocol A, B, C.

    >>> modes = np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 2.0])
    >>> (burst_write_throughput(200e6, 250e6, *modes) / 1e6).tolist()
    [200.0, 125.0, 100.0]
    """
    disk = rate_over_load(effective_write_rate, acknowledged_on_disk * journal_factor)
    link = rate_over_load(effective_link_rate, acknowledged_sent - local_share)
    return np.minimum(np.minimum(disk, link), client_bound_write_throughput)
