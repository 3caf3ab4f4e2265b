"""Whether a backend meets what each client, or each VM, asks of it at the same time."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import BytePerSecond, IoPerSecond, Number
from planner.models.rates import rate_over_load
from planner.models.throughput import least_of


def read_demand(demanding: Number, read_wanted: BytePerSecond = 0.0) -> BytePerSecond:
    """User data that all ask to read at once.

    Parameters
    ----------
    demanding : array_like
        Clients or VMs that ask [1].
    read_wanted : array_like
        What each asks to read [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> read_demand(16.0, 20e6)
    320000000.0
    """
    return demanding * read_wanted


def write_demand(demanding: Number, write_wanted: BytePerSecond = 0.0) -> BytePerSecond:
    """User data that all ask to write at once.

    Parameters
    ----------
    demanding : array_like
        Clients or VMs that ask [1].
    write_wanted : array_like
        What each asks to write [B/s].

    Returns
    -------
    array_like
        Throughput [B/s].

    Examples
    --------
    >>> write_demand(16.0, 5e6)
    80000000.0
    """
    return demanding * write_wanted


def read_iops_demand(demanding: Number, read_iops_wanted: IoPerSecond = 0.0) -> IoPerSecond:
    """Random reads that all ask for at once.

    Parameters
    ----------
    demanding : array_like
        Clients or VMs that ask [1].
    read_iops_wanted : array_like
        What each asks for [IOPS].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> read_iops_demand(96.0, 10.0)
    960.0
    """
    return demanding * read_iops_wanted


def write_iops_demand(demanding: Number, write_iops_wanted: IoPerSecond = 0.0) -> IoPerSecond:
    """Random writes that all ask for at once.

    Parameters
    ----------
    demanding : array_like
        Clients or VMs that ask [1].
    write_iops_wanted : array_like
        What each asks for [IOPS].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> write_iops_demand(96.0, 5.0)
    480.0
    """
    return demanding * write_iops_wanted


def disk_bound_demand_factor(
    read_demand: BytePerSecond,
    write_demand: BytePerSecond,
    disk_bound_read_throughput: BytePerSecond,
    disk_bound_write_throughput: BytePerSecond,
    read_iops_demand: IoPerSecond = 0.0,
    write_iops_demand: IoPerSecond = 0.0,
    disk_bound_read_iops: IoPerSecond = np.inf,
    disk_bound_write_iops: IoPerSecond = np.inf,
) -> Number:
    """How many times the drives could bear the demand.

    Parameters
    ----------
    read_demand, write_demand : array_like
        What all ask to read and write [B/s].
    disk_bound_read_throughput, disk_bound_write_throughput : array_like
        What the drives allow [B/s].
    read_iops_demand, write_iops_demand : array_like
        Random operations that all ask for [IOPS].
    disk_bound_read_iops, disk_bound_write_iops : array_like
        What the drives allow [IOPS].

    Returns
    -------
    array_like
        Factor [1]; below 1 the demand is not met.

    Notes
    -----
    1 over the time that a second of the demand takes: reads and writes share the drives.

    Examples
    --------
    >>> round(float(disk_bound_demand_factor(320e6, 80e6, 600e6, 100e6)), 6)
    0.75
    """
    busy = (
        rate_over_load(read_demand, disk_bound_read_throughput)
        + rate_over_load(write_demand, disk_bound_write_throughput)
        + rate_over_load(read_iops_demand, disk_bound_read_iops)
        + rate_over_load(write_iops_demand, disk_bound_write_iops)
    )
    return rate_over_load(1.0, busy)


def link_bound_demand_factor(
    read_demand: BytePerSecond,
    write_demand: BytePerSecond,
    network_bound_read_throughput: BytePerSecond,
    ingress_bound_write_throughput: BytePerSecond = np.inf,
    egress_bound_write_throughput: BytePerSecond = np.inf,
) -> Number:
    """How many times the storage hosts' links could bear the demand.

    Parameters
    ----------
    read_demand, write_demand : array_like
        What all ask to read and write [B/s].
    network_bound_read_throughput : array_like
        What the links let clients read [B/s].
    ingress_bound_write_throughput, egress_bound_write_throughput : array_like
        What the links let clients write, inwards and outwards [B/s].

    Returns
    -------
    array_like
        Factor [1]; below 1 the demand is not met.

    Notes
    -----
    Reads leave by the links, and so do copies of what is written; writes enter.

    Examples
    --------
    >>> float(link_bound_demand_factor(320e6, 80e6, 750e6, 250e6, 375e6)) > 1.0
    True
    """
    outwards = rate_over_load(read_demand, network_bound_read_throughput) + rate_over_load(
        write_demand, egress_bound_write_throughput
    )
    inwards = rate_over_load(write_demand, ingress_bound_write_throughput)
    return rate_over_load(1.0, np.maximum(outwards, inwards))


def client_bound_demand_factor(
    read_demand: BytePerSecond,
    write_demand: BytePerSecond,
    client_bound_read_throughput: BytePerSecond,
    client_bound_write_throughput: BytePerSecond,
) -> Number:
    """How many times the clients' links could bear the demand.

    Parameters
    ----------
    read_demand, write_demand : array_like
        What all ask to read and write [B/s].
    client_bound_read_throughput, client_bound_write_throughput : array_like
        What the clients' links allow, in and out [B/s].

    Returns
    -------
    array_like
        Factor [1]; below 1 the demand is not met.

    Examples
    --------
    >>> float(client_bound_demand_factor(320e6, 80e6, 4e9, 4e9))
    12.5
    """
    reading = rate_over_load(read_demand, client_bound_read_throughput)
    writing = rate_over_load(write_demand, client_bound_write_throughput)
    return rate_over_load(1.0, np.maximum(reading, writing))


def demand_factor(
    disk_bound_demand_factor: Number,
    link_bound_demand_factor: Number = np.inf,
    client_bound_demand_factor: Number = np.inf,
) -> Number:
    """How many times a backend could bear what is asked of it.

    Parameters
    ----------
    disk_bound_demand_factor : array_like
        How many times the drives could [1].
    link_bound_demand_factor : array_like
        How many times the storage hosts' links could [1].
    client_bound_demand_factor : array_like
        How many times the clients' links could [1].

    Returns
    -------
    array_like
        Factor [1]; below 1 the demand is not met.

    Examples
    --------
    >>> float(demand_factor(0.75, 1.5, 12.5))
    0.75
    """
    return least_of(disk_bound_demand_factor, link_bound_demand_factor, client_bound_demand_factor)
