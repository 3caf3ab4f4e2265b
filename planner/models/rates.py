"""Rates of the hosts of a storage backend and of its clients, for data spread as placement does."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Array, Byte, BytePerSecond, Node, Number


def rate_over_load(rate: Array, load: Array) -> Array:
    """The rate divided by the load on it; no bound at all where there is no load."""
    load = np.asarray(load, dtype=float)
    free = load <= 0.0
    return np.where(free, np.inf, np.asarray(rate) / np.where(free, 1.0, load))


def host_share(host_capacity: Byte, usable_capacity: Byte, data_shares: Number = 1.0) -> Number:
    """Part of the stored data that lies on each host when the backend is full.

    Parameters
    ----------
    host_capacity : array_like, shape (hosts, ...)
        Capacity of each host [B].
    usable_capacity : array_like
        User data that the backend holds [B].
    data_shares : array_like
        Data shares of an object: 1 for copies, k for erasure coding [1].

    Returns
    -------
    array_like, shape (hosts, ...)
        Share of the data, adding up to 1 [1]; infinite where nothing can be stored.

    Notes
    -----
    s_i = min(w_i, V) / sum(min(w, V)), V = usable / k: a host holds no object twice.

    Examples
    --------
    >>> host_share(np.array([1.0, 1.0, 10.0]), 1.0)
    array([0.33333333, 0.33333333, 0.33333333])
    """
    held = np.minimum(host_capacity, np.asarray(usable_capacity) / data_shares)
    total = np.sum(held, axis=0)
    return np.where(total == 0.0, np.inf, held / np.where(total == 0.0, 1.0, total))


def effective_read_rate(host_read_rate: BytePerSecond, host_share: Number) -> BytePerSecond:
    """Rate at which the hosts' drives together read evenly spread data.

    Parameters
    ----------
    host_read_rate : array_like, shape (hosts, ...)
        Read rate of each host's drives [B/s].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].

    Returns
    -------
    array_like
        min(b_i / s_i), the sum where the hosts are equal [B/s].

    Examples
    --------
    >>> float(effective_read_rate(np.array([200e6, 200e6]), np.array([0.5, 0.5])))
    400000000.0
    """
    return np.min(rate_over_load(host_read_rate, host_share), axis=0)


def effective_write_rate(host_write_rate: BytePerSecond, host_share: Number) -> BytePerSecond:
    """Rate at which the hosts' drives together write evenly spread data.

    Parameters
    ----------
    host_write_rate : array_like, shape (hosts, ...)
        Write rate of each host's drives [B/s].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].

    Returns
    -------
    array_like
        min(b_i / s_i), the sum where the hosts are equal [B/s].

    Examples
    --------
    >>> float(effective_write_rate(np.array([200e6, 100e6]), np.array([0.5, 0.5])))
    200000000.0
    """
    return np.min(rate_over_load(host_write_rate, host_share), axis=0)


def effective_link_rate(host_link_rate: BytePerSecond, host_share: Number) -> BytePerSecond:
    """Rate at which the hosts' links together carry evenly spread data, per direction.

    Parameters
    ----------
    host_link_rate : array_like, shape (hosts, ...)
        Line rate of each host's links to the storage network [B/s].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].

    Returns
    -------
    array_like
        min(L_i / s_i), the sum where the hosts are equal [B/s].

    Examples
    --------
    >>> float(effective_link_rate(np.array([250e6, 250e6]), np.array([0.5, 0.5])))
    500000000.0
    """
    return np.min(rate_over_load(host_link_rate, host_share), axis=0)


def client_link_total(client_count: Node, client_link_rate: BytePerSecond) -> BytePerSecond:
    """Line rate of all clients together.

    Parameters
    ----------
    client_count : array_like, shape (groups, ...)
        Clients in each group [node].
    client_link_rate : array_like, shape (groups, ...)
        Line rate of each client's links to the storage network [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(client_link_total(np.array([16.0]), np.array([250e6])))
    4000000000.0
    """
    return np.sum(client_count * client_link_rate, axis=0)


def storage_clients(client_count: Node) -> Node:
    """Hosts that read and write the backend.

    Parameters
    ----------
    client_count : array_like, shape (groups, ...)
        Clients in each group [node].

    Returns
    -------
    array_like
        Clients [node].

    Examples
    --------
    >>> float(storage_clients(np.array([16.0])))
    16.0
    """
    return np.sum(client_count, axis=0)


def storage_hosts(host_capacity: Byte) -> Node:
    """Hosts that hold data of the backend.

    Parameters
    ----------
    host_capacity : array_like, shape (hosts, ...)
        Capacity of each host [B]; a host of none is not counted.

    Returns
    -------
    array_like
        Hosts [node].

    Examples
    --------
    >>> float(storage_hosts(np.array([6e12, 6e12, 0.0])))
    2.0
    """
    capacity = np.asarray(host_capacity, dtype=float)
    return np.sum(np.where(np.isnan(capacity), np.nan, capacity > 0.0), axis=0)


def local_share(storage_hosts: Node, clients_on_hosts: Number = 0.0) -> Number:
    """Part of the data whose first share lies on the client's own host.

    Parameters
    ----------
    storage_hosts : array_like
        Hosts that hold data [node].
    clients_on_hosts : array_like
        Part of the clients that are storage hosts [1].

    Returns
    -------
    array_like
        Share, 0 .. 1 [1].

    Examples
    --------
    >>> float(local_share(16.0, 1.0))
    0.0625
    """
    return np.asarray(clients_on_hosts) / np.maximum(storage_hosts, 1.0)


def fastest_client_link(client_link_rate: BytePerSecond) -> BytePerSecond:
    """Line rate of the best connected client.

    Parameters
    ----------
    client_link_rate : array_like, shape (groups, ...)
        Line rate of each client's links to the storage network [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(fastest_client_link(np.array([250e6, 125e6])))
    250000000.0
    """
    return np.max(client_link_rate, axis=0)
