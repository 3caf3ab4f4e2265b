"""Upper bounds of a storage backend's sequential throughput, and what binds.

All bounds are for large, parallel, sequential work with data spread as placement spreads it. A
client writes to the host of the first share, which sends the others on (primary-copy replication);
with erasure coding it sends on every share but its own. Hosts are on axis 0.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Array, BytePerSecond, Number
from planner.models.rates import rate_over_load


def disk_bound_write_throughput(
    effective_write_rate: BytePerSecond,
    shares: Number,
    data_shares: Number = 1.0,
    journal_factor: Number = 1.0,
) -> BytePerSecond:
    """User data that the drives can write.

    Parameters
    ----------
    effective_write_rate : array_like
        Write rate of all drives [B/s].
    shares, data_shares : array_like
        Shares of an object in all, and those that hold data: n and 1 for n copies [1].
    journal_factor : array_like
        Writes for each byte stored: 2 with a journal on the same drive, else 1 [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Notes
    -----
    N b k / (n j).

    Examples
    --------
    Six drives of 100 MB/s, three copies, journal on the drive.

    >>> float(disk_bound_write_throughput(600e6, 3, 1, 2))
    100000000.0
    """
    return rate_over_load(effective_write_rate * data_shares, shares * journal_factor)


def ingress_bound_write_throughput(
    effective_link_rate: BytePerSecond,
    network_shares: Number,
    network_data_shares: Number = 1.0,
    local_share: Number = 0.0,
    separate_replication: Number = 0.0,
    sent_by_proxy: Number = 0.0,
) -> BytePerSecond:
    """User data that the storage hosts can take in, copies from their peers included.

    Parameters
    ----------
    effective_link_rate : array_like
        Line rate of all storage hosts [B/s].
    network_shares, network_data_shares : array_like
        Shares of an object on different hosts, and those of them that hold data [1].
    local_share : array_like
        Part of the data whose first share lies on the client's own host [1].
    separate_replication : array_like
        1 where copies between hosts have links of their own [1].
    sent_by_proxy : array_like
        1 where a proxy sends every share, so that hosts send none on [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Notes
    -----
    H L / ((1 - l) + (n - 1)/k); H L / (1 - l) where copies have links of their own, and H L k / n
    behind a proxy.

    Examples
    --------
    >>> float(ingress_bound_write_throughput(750e6, 3))
    250000000.0
    """
    copied = (1.0 - separate_replication) * (network_shares - 1.0) / network_data_shares
    by_hosts = (1.0 - local_share) + copied
    load = by_hosts + sent_by_proxy * (network_shares / network_data_shares - by_hosts)
    return rate_over_load(effective_link_rate, load)


def egress_bound_write_throughput(
    effective_link_rate: BytePerSecond,
    network_shares: Number,
    network_data_shares: Number = 1.0,
    local_share: Number = 0.0,
    clients_on_hosts: Number = 0.0,
    separate_replication: Number = 0.0,
    sent_by_proxy: Number = 0.0,
) -> BytePerSecond:
    """User data for which the storage hosts can send copies on to their peers.

    Parameters
    ----------
    effective_link_rate : array_like
        Line rate of all storage hosts [B/s].
    network_shares, network_data_shares : array_like
        Shares of an object on different hosts, and those of them that hold data [1].
    local_share : array_like
        Part of the data whose first share lies on the client's own host [1].
    clients_on_hosts : array_like
        Part of the clients that are storage hosts, whose own writes leave by these links [1].
    separate_replication : array_like
        1 where copies between hosts have links of their own [1].
    sent_by_proxy : array_like
        1 where a proxy sends every share, so that hosts send none on [1].

    Returns
    -------
    array_like
        Throughput [B/s]; infinite where nothing is sent on.

    Notes
    -----
    H L / ((c - l) + (n - 1)/k).

    Examples
    --------
    >>> float(egress_bound_write_throughput(750e6, 3))
    375000000.0
    """
    copied = (1.0 - separate_replication) * (network_shares - 1.0) / network_data_shares
    sent = clients_on_hosts - local_share + (1.0 - sent_by_proxy) * copied
    return rate_over_load(effective_link_rate, sent)


def client_bound_write_throughput(
    client_link_total: BytePerSecond, local_share: Number = 0.0
) -> BytePerSecond:
    """User data that all clients can send.

    Parameters
    ----------
    client_link_total : array_like
        Line rate of all clients [B/s].
    local_share : array_like
        Part of the data whose first share lies on the client's own host [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(client_bound_write_throughput(250e6))
    250000000.0
    """
    return rate_over_load(client_link_total, 1.0 - np.asarray(local_share))


def write_throughput(
    disk_bound_write_throughput: BytePerSecond,
    ingress_bound_write_throughput: BytePerSecond = np.inf,
    egress_bound_write_throughput: BytePerSecond = np.inf,
    client_bound_write_throughput: BytePerSecond = np.inf,
    controller_bound_write_throughput: BytePerSecond = np.inf,
    sata_bound_write_throughput: BytePerSecond = np.inf,
    journal_bound_write_throughput: BytePerSecond = np.inf,
    replication_bound_write_throughput: BytePerSecond = np.inf,
    proxy_bound_write_throughput: BytePerSecond = np.inf,
    uplink_bound_write_throughput: BytePerSecond = np.inf,
) -> BytePerSecond:
    """User data that all clients together can write: the least of the bounds.

    Parameters
    ----------
    disk_bound_write_throughput : array_like
        What the drives allow [B/s].
    ingress_bound_write_throughput, egress_bound_write_throughput : array_like
        What the storage hosts' links allow, in and out [B/s].
    client_bound_write_throughput : array_like
        What the clients' links allow [B/s].
    controller_bound_write_throughput : array_like
        What an array's controllers allow [B/s].
    sata_bound_write_throughput : array_like
        What the links between drives and controllers allow [B/s].
    journal_bound_write_throughput : array_like
        What separate journal devices allow [B/s].
    replication_bound_write_throughput : array_like
        What links between the hosts alone allow [B/s].
    proxy_bound_write_throughput : array_like
        What proxies between clients and hosts allow [B/s].
    uplink_bound_write_throughput : array_like
        What the links between switches allow [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(write_throughput(100e6, 250e6, 375e6, 4e9))
    100000000.0
    """
    bounds = (
        disk_bound_write_throughput,
        ingress_bound_write_throughput,
        egress_bound_write_throughput,
        client_bound_write_throughput,
        controller_bound_write_throughput,
        sata_bound_write_throughput,
        journal_bound_write_throughput,
        replication_bound_write_throughput,
        proxy_bound_write_throughput,
        uplink_bound_write_throughput,
    )
    return least_of(*bounds)


def least_of(*bounds: Array) -> Array:
    """The least of several bounds, unknown where one of them is."""
    least = np.asarray(bounds[0], dtype=float)
    for bound in bounds[1:]:
        least = np.minimum(least, bound)
    return least


def disk_bound_read_throughput(effective_read_rate: BytePerSecond) -> BytePerSecond:
    """User data that the drives can read.

    Parameters
    ----------
    effective_read_rate : array_like
        Read rate of all drives [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(disk_bound_read_throughput(600e6))
    600000000.0
    """
    return np.asarray(effective_read_rate) * 1.0


def network_bound_read_throughput(
    effective_link_rate: BytePerSecond,
    network_data_shares: Number = 1.0,
    local_share: Number = 0.0,
    separate_replication: Number = 0.0,
    sent_by_proxy: Number = 0.0,
) -> BytePerSecond:
    """User data that the storage hosts can send, shares gathered from peers included.

    Parameters
    ----------
    effective_link_rate : array_like
        Line rate of all storage hosts [B/s].
    network_data_shares : array_like
        Data shares of an object on different hosts: 1 for copies, k for erasure coding [1].
    local_share : array_like
        Part of the data that the client finds on its own host [1].
    separate_replication : array_like
        1 where traffic between hosts has links of their own [1].
    sent_by_proxy : array_like
        1 where a proxy gathers the shares [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Notes
    -----
    H L / ((1 - l) + (k - 1)/k).

    Examples
    --------
    >>> float(network_bound_read_throughput(750e6))
    750000000.0
    """
    peers = (1.0 - separate_replication) * (1.0 - sent_by_proxy)
    gathered = peers * (network_data_shares - 1.0) / network_data_shares
    return rate_over_load(effective_link_rate, (1.0 - local_share) + gathered)


def client_bound_read_throughput(
    client_link_total: BytePerSecond, local_share: Number = 0.0
) -> BytePerSecond:
    """User data that all clients can receive.

    Parameters
    ----------
    client_link_total : array_like
        Line rate of all clients [B/s].
    local_share : array_like
        Part of the data that the client finds on its own host [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(client_bound_read_throughput(250e6))
    250000000.0
    """
    return rate_over_load(client_link_total, 1.0 - np.asarray(local_share))


def read_throughput(
    disk_bound_read_throughput: BytePerSecond,
    network_bound_read_throughput: BytePerSecond = np.inf,
    client_bound_read_throughput: BytePerSecond = np.inf,
    controller_bound_read_throughput: BytePerSecond = np.inf,
    sata_bound_read_throughput: BytePerSecond = np.inf,
    replication_bound_read_throughput: BytePerSecond = np.inf,
    proxy_bound_read_throughput: BytePerSecond = np.inf,
    uplink_bound_read_throughput: BytePerSecond = np.inf,
) -> BytePerSecond:
    """User data that all clients together can read: the least of the bounds.

    Parameters
    ----------
    disk_bound_read_throughput : array_like
        What the drives allow [B/s].
    network_bound_read_throughput : array_like
        What the storage hosts' links allow [B/s].
    client_bound_read_throughput : array_like
        What the clients' links allow [B/s].
    controller_bound_read_throughput : array_like
        What an array's controllers allow [B/s].
    sata_bound_read_throughput : array_like
        What the links between drives and controllers allow [B/s].
    replication_bound_read_throughput : array_like
        What links between the hosts alone allow [B/s].
    proxy_bound_read_throughput : array_like
        What proxies between clients and hosts allow [B/s].
    uplink_bound_read_throughput : array_like
        What the links between switches allow [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(read_throughput(600e6, 750e6, 250e6))
    250000000.0
    """
    return least_of(
        disk_bound_read_throughput,
        network_bound_read_throughput,
        client_bound_read_throughput,
        controller_bound_read_throughput,
        sata_bound_read_throughput,
        replication_bound_read_throughput,
        proxy_bound_read_throughput,
        uplink_bound_read_throughput,
    )
