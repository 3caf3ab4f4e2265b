"""Upper bounds of a storage backend's sequential throughput, and what binds.

All bounds are for large, parallel, sequential work with data spread as placement spreads it. A
client writes to the host of the first share, which sends the others on (primary-copy replication);
with erasure coding it sends on every share but its own. Hosts are on axis 0.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import BytePerSecond, Node, Number
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

    Returns
    -------
    array_like
        Throughput [B/s].

    Notes
    -----
    H L / ((1 - l) + (n - 1)/k).

    Examples
    --------
    >>> float(ingress_bound_write_throughput(750e6, 3))
    250000000.0
    """
    return rate_over_load(
        effective_link_rate,
        (1.0 - local_share) + (network_shares - 1.0) / network_data_shares,
    )


def egress_bound_write_throughput(
    effective_link_rate: BytePerSecond,
    network_shares: Number,
    network_data_shares: Number = 1.0,
    local_share: Number = 0.0,
    clients_on_hosts: Number = 0.0,
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

    Returns
    -------
    array_like
        Throughput [B/s]; infinite for a single copy.

    Notes
    -----
    H L / ((c - l) + (n - 1)/k).

    Examples
    --------
    >>> float(egress_bound_write_throughput(750e6, 3))
    375000000.0
    """
    sent = clients_on_hosts - local_share + (network_shares - 1.0) / network_data_shares
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
    )
    return _least(*bounds)


def _least(*bounds: BytePerSecond) -> BytePerSecond:
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
    return rate_over_load(
        effective_link_rate,
        (1.0 - local_share) + (network_data_shares - 1.0) / network_data_shares,
    )


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

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(read_throughput(600e6, 750e6, 250e6))
    250000000.0
    """
    return _least(
        disk_bound_read_throughput,
        network_bound_read_throughput,
        client_bound_read_throughput,
        controller_bound_read_throughput,
    )


def read_throughput_per_client(
    read_throughput: BytePerSecond, storage_clients: Node
) -> BytePerSecond:
    """What each client reads when all of them read at once.

    Parameters
    ----------
    read_throughput : array_like
        Throughput of the backend [B/s].
    storage_clients : array_like
        Clients [node].

    Returns
    -------
    array_like
        An equal part for each [B/s].

    Examples
    --------
    Three storage nodes of 800 Mbit/s and sixteen compute nodes: 150 Mbit/s each.

    >>> float(read_throughput_per_client(3 * 800e6 / 8, 16.0)) * 8 / 1e6
    150.0
    """
    return np.asarray(read_throughput) / storage_clients


def write_throughput_per_client(
    write_throughput: BytePerSecond, storage_clients: Node
) -> BytePerSecond:
    """What each client writes when all of them write at once.

    Parameters
    ----------
    write_throughput : array_like
        Throughput of the backend [B/s].
    storage_clients : array_like
        Clients [node].

    Returns
    -------
    array_like
        An equal part for each [B/s].

    Examples
    --------
    >>> float(write_throughput_per_client(100e6, 16.0))
    6250000.0
    """
    return np.asarray(write_throughput) / storage_clients


def store_bound_read_throughput_one_client(
    disk_bound_read_throughput: BytePerSecond,
    network_bound_read_throughput: BytePerSecond = np.inf,
    controller_bound_read_throughput: BytePerSecond = np.inf,
    own_disks_only: Number = 0.0,
    storage_hosts: Node = 1.0,
) -> BytePerSecond:
    """What the storage side would deliver to a single client.

    Parameters
    ----------
    disk_bound_read_throughput : array_like
        What the drives allow [B/s].
    network_bound_read_throughput : array_like
        What the storage hosts' links allow [B/s].
    controller_bound_read_throughput : array_like
        What an array's controllers allow [B/s].
    own_disks_only : array_like
        1 where each host reads its own disks only [1].
    storage_hosts : array_like
        Hosts that hold data [node].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(store_bound_read_throughput_one_client(600e6, 750e6))
    600000000.0
    """
    together = _least(
        disk_bound_read_throughput,
        network_bound_read_throughput,
        controller_bound_read_throughput,
    )
    return together * (own_disks_only / storage_hosts + (1.0 - own_disks_only))


def client_bound_read_throughput_one_client(
    fastest_client_link: BytePerSecond, local_share: Number = 0.0
) -> BytePerSecond:
    """What the link of a single client lets it read.

    Parameters
    ----------
    fastest_client_link : array_like
        Line rate of the client [B/s].
    local_share : array_like
        Part of the data that the client finds on its own host [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(client_bound_read_throughput_one_client(250e6))
    250000000.0
    """
    return rate_over_load(fastest_client_link, 1.0 - np.asarray(local_share))


def read_throughput_one_client(
    store_bound_read_throughput_one_client: BytePerSecond,
    client_bound_read_throughput_one_client: BytePerSecond = np.inf,
) -> BytePerSecond:
    """What one client reads when all others are quiet, over many flows.

    Parameters
    ----------
    store_bound_read_throughput_one_client : array_like
        What the storage side delivers [B/s].
    client_bound_read_throughput_one_client : array_like
        What the client's link carries [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(read_throughput_one_client(600e6, 250e6))
    250000000.0
    """
    return _least(store_bound_read_throughput_one_client, client_bound_read_throughput_one_client)
