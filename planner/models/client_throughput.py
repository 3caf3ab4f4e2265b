"""What one client gets of a backend's throughput, alone and among all."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import BytePerSecond, Node, Number, Vm
from planner.models.rates import rate_over_load
from planner.models.throughput import least_of


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
    sata_bound_read_throughput: BytePerSecond = np.inf,
    replication_bound_read_throughput: BytePerSecond = np.inf,
    proxy_bound_read_throughput: BytePerSecond = np.inf,
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
    sata_bound_read_throughput : array_like
        What the links between drives and controllers allow [B/s].
    replication_bound_read_throughput : array_like
        What links between the hosts alone allow [B/s].
    proxy_bound_read_throughput : array_like
        What proxies between clients and hosts allow [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(store_bound_read_throughput_one_client(600e6, 750e6))
    600000000.0
    """
    together = least_of(
        disk_bound_read_throughput,
        network_bound_read_throughput,
        controller_bound_read_throughput,
        sata_bound_read_throughput,
        replication_bound_read_throughput,
        proxy_bound_read_throughput,
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
    uplink_bound_read_throughput_one_client: BytePerSecond = np.inf,
) -> BytePerSecond:
    """What one client reads when all others are quiet, over many flows.

    Parameters
    ----------
    store_bound_read_throughput_one_client : array_like
        What the storage side delivers [B/s].
    client_bound_read_throughput_one_client : array_like
        What the client's link carries [B/s].
    uplink_bound_read_throughput_one_client : array_like
        What the links between switches let one client read [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(read_throughput_one_client(600e6, 250e6))
    250000000.0
    """
    return least_of(
        store_bound_read_throughput_one_client,
        client_bound_read_throughput_one_client,
        uplink_bound_read_throughput_one_client,
    )


def store_bound_write_throughput_one_client(
    disk_bound_write_throughput: BytePerSecond,
    ingress_bound_write_throughput: BytePerSecond = np.inf,
    egress_bound_write_throughput: BytePerSecond = np.inf,
    controller_bound_write_throughput: BytePerSecond = np.inf,
    own_disks_only: Number = 0.0,
    storage_hosts: Node = 1.0,
    sata_bound_write_throughput: BytePerSecond = np.inf,
    journal_bound_write_throughput: BytePerSecond = np.inf,
    replication_bound_write_throughput: BytePerSecond = np.inf,
    proxy_bound_write_throughput: BytePerSecond = np.inf,
) -> BytePerSecond:
    """What the storage side would take from a single client.

    Parameters
    ----------
    disk_bound_write_throughput : array_like
        What the drives allow [B/s].
    ingress_bound_write_throughput, egress_bound_write_throughput : array_like
        What the storage hosts' links allow, in and out [B/s].
    controller_bound_write_throughput : array_like
        What an array's controllers allow [B/s].
    own_disks_only : array_like
        1 where each host writes to its own disks only [1].
    storage_hosts : array_like
        Hosts that hold data [node].
    sata_bound_write_throughput : array_like
        What the links between drives and controllers allow [B/s].
    journal_bound_write_throughput : array_like
        What separate journal devices allow [B/s].
    replication_bound_write_throughput : array_like
        What links between the hosts alone allow [B/s].
    proxy_bound_write_throughput : array_like
        What proxies between clients and hosts allow [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(store_bound_write_throughput_one_client(100e6, 250e6, 375e6))
    100000000.0
    """
    together = least_of(
        disk_bound_write_throughput,
        ingress_bound_write_throughput,
        egress_bound_write_throughput,
        controller_bound_write_throughput,
        sata_bound_write_throughput,
        journal_bound_write_throughput,
        replication_bound_write_throughput,
        proxy_bound_write_throughput,
    )
    return together * (own_disks_only / storage_hosts + (1.0 - own_disks_only))


def client_bound_write_throughput_one_client(
    fastest_client_link: BytePerSecond, local_share: Number = 0.0
) -> BytePerSecond:
    """What the link of a single client lets it write.

    Parameters
    ----------
    fastest_client_link : array_like
        Line rate of the client [B/s].
    local_share : array_like
        Part of the data whose first share lies on the client's own host [1].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(client_bound_write_throughput_one_client(250e6))
    250000000.0
    """
    return rate_over_load(fastest_client_link, 1.0 - np.asarray(local_share))


def write_throughput_one_client(
    store_bound_write_throughput_one_client: BytePerSecond,
    client_bound_write_throughput_one_client: BytePerSecond = np.inf,
    uplink_bound_write_throughput_one_client: BytePerSecond = np.inf,
) -> BytePerSecond:
    """What one client writes when all others are quiet, over many flows.

    Parameters
    ----------
    store_bound_write_throughput_one_client : array_like
        What the storage side takes [B/s].
    client_bound_write_throughput_one_client : array_like
        What the client's link carries [B/s].
    uplink_bound_write_throughput_one_client : array_like
        What the links between switches let one client write [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> float(write_throughput_one_client(100e6, 250e6))
    100000000.0
    """
    return least_of(
        store_bound_write_throughput_one_client,
        client_bound_write_throughput_one_client,
        uplink_bound_write_throughput_one_client,
    )


def read_throughput_per_vm(read_throughput: BytePerSecond, vms_on_storage: Vm) -> BytePerSecond:
    """What each VM reads when all of them read at once.

    Parameters
    ----------
    read_throughput : array_like
        Throughput of the backend [B/s].
    vms_on_storage : array_like
        VMs whose disks it holds [vm].

    Returns
    -------
    array_like
        An equal part for each [B/s].

    Examples
    --------
    >>> float(read_throughput_per_vm(600e6, 96.0))
    6250000.0
    """
    return np.asarray(read_throughput) / vms_on_storage


def write_throughput_per_vm(write_throughput: BytePerSecond, vms_on_storage: Vm) -> BytePerSecond:
    """What each VM writes when all of them write at once.

    Parameters
    ----------
    write_throughput : array_like
        Throughput of the backend [B/s].
    vms_on_storage : array_like
        VMs whose disks it holds [vm].

    Returns
    -------
    array_like
        An equal part for each [B/s].

    Examples
    --------
    >>> float(write_throughput_per_vm(96e6, 96.0))
    1000000.0
    """
    return np.asarray(write_throughput) / vms_on_storage
