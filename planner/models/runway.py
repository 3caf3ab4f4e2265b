"""Months until the resources of a design are full, as the workload grows.

Every resource counts with what is left of it after the loss of the host that has most: what fits
only while every host runs is not there.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import (
    Array,
    Byte,
    Month,
    Node,
    Number,
    PerYear,
    Thread,
    Vcpu,
    Vm,
    Year,
)
from planner.models.growth import after_losses, hosts_runway, runway

_MONTHS = 12.0


def _months(capacity: Array, demand: Array, growth: PerYear, period: Year) -> Array:
    return _MONTHS * period * runway(capacity, demand, growth * period)


def memory_bound_months_to_full(
    memory_bound_vms: Vm,
    host_count: Node,
    workload_vms: Vm,
    memory_growth: PerYear,
    growth_period: Year = 1.0,
) -> Month:
    """Months until the hosts' memory is full, one host being lost.

    Parameters
    ----------
    memory_bound_vms : array_like, shape (groups, ...)
        VMs that the memory of each group admits [vm].
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    workload_vms : array_like
        VMs that are asked for [vm].
    memory_growth : array_like
        Growth of the memory of all VMs together [1/yr].
    growth_period : array_like
        Time after which growth is added to what grows [yr].

    Returns
    -------
    array_like
        Months [month]: 0 where it is full today, infinite where nothing grows.

    Notes
    -----
    12 T ln(n_admitted / n) / ln(1 + g T), T the period, in VMs of today's mean size.

    Examples
    --------
    >>> round(memory_bound_months_to_full(np.array([208.0]), np.array([16.0]), 96.0, 0.2), 1)
    46.6
    """
    admitted = after_losses(memory_bound_vms, host_count)
    return _months(admitted, workload_vms, memory_growth, growth_period)


def cpu_bound_months_to_full(
    cpu_bound_vms: Vm,
    host_count: Node,
    workload_vms: Vm,
    cpu_growth: PerYear,
    growth_period: Year = 1.0,
) -> Month:
    """Months until no more virtual processors are admitted, one host being lost.

    Parameters
    ----------
    cpu_bound_vms : array_like, shape (groups, ...)
        VMs that the processors of each group admit [vm].
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    workload_vms : array_like
        VMs that are asked for [vm].
    cpu_growth : array_like
        Growth of the virtual processors of all VMs together [1/yr].
    growth_period : array_like
        Time after which growth is added to what grows [yr].

    Returns
    -------
    array_like
        Months [month]: 0 where it is full today, infinite where nothing grows.

    Notes
    -----
    12 T ln(n_admitted / n) / ln(1 + g T), T the period, in VMs of today's mean size.

    Examples
    --------
    >>> cpu_bound_months_to_full(np.array([64.0]), np.array([4.0]), 96.0, 0.2)
    0.0
    """
    admitted = after_losses(cpu_bound_vms, host_count)
    return _months(admitted, workload_vms, cpu_growth, growth_period)


def load_bound_months_to_full(
    host_threads: Thread,
    host_count: Node,
    workload_load: Vcpu,
    cpu_growth: PerYear,
    growth_period: Year = 1.0,
) -> Month:
    """Months until the mean load keeps every thread busy, one host being lost.

    Parameters
    ----------
    host_threads : array_like, shape (groups, ...)
        Threads of one host [thread].
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    workload_load : array_like
        Virtual processors that run on average [vcpu].
    cpu_growth : array_like
        Growth of the virtual processors of all VMs together [1/yr].
    growth_period : array_like
        Time after which growth is added to what grows [yr].

    Returns
    -------
    array_like
        Months [month]: 0 where they are busy today, infinite where nothing grows.

    Notes
    -----
    12 T ln(threads / load) / ln(1 + g T), T the period. VMs wait long before that: this is when
    they can no longer catch up.

    Examples
    --------
    >>> round(load_bound_months_to_full(np.array([4.0]), np.array([5.0]), 8.0, 1.0), 1)
    12.0
    """
    threads = after_losses(host_count * host_threads, host_count)
    return _months(threads, workload_load, cpu_growth, growth_period)


def disk_bound_months_to_full(
    disk_bound_vms: Vm,
    host_count: Node,
    workload_vms: Vm,
    disk_growth: PerYear,
    growth_period: Year = 1.0,
) -> Month:
    """Months until the hosts' own disks are full, one host being lost.

    Parameters
    ----------
    disk_bound_vms : array_like, shape (groups, ...)
        VMs that the local disks of each group admit [vm].
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    workload_vms : array_like
        VMs that are asked for [vm].
    disk_growth : array_like
        Growth of the disk of all VMs together [1/yr].
    growth_period : array_like
        Time after which growth is added to what grows [yr].

    Returns
    -------
    array_like
        Months [month]: 0 where they are full today, infinite where nothing grows.

    Notes
    -----
    12 T ln(n_admitted / n) / ln(1 + g T), T the period, in VMs of today's mean size.

    Examples
    --------
    >>> round(disk_bound_months_to_full(np.array([60.0]), np.array([3.0]), 20.0, 1.0), 1)
    12.0
    """
    admitted = after_losses(disk_bound_vms, host_count)
    return _months(admitted, workload_vms, disk_growth, growth_period)


def storage_bound_months_to_full(
    vm_store_capacity: Byte,
    disk_overcommit: Number,
    workload_disk: Byte,
    disk_growth: PerYear,
    growth_period: Year = 1.0,
) -> Month:
    """Months until the shared storage of the VMs' disks is full.

    Parameters
    ----------
    vm_store_capacity : array_like
        Capacity that the VMs' disks may fill [B].
    disk_overcommit : array_like
        Disk that may be promised per byte of capacity [1].
    workload_disk : array_like
        Disk of all VMs [B].
    disk_growth : array_like
        Growth of the disk of all VMs together [1/yr].
    growth_period : array_like
        Time after which growth is added to what grows [yr].

    Returns
    -------
    array_like
        Months [month]: 0 where it is full today, infinite where nothing grows.

    Notes
    -----
    12 T ln(C / D) / ln(1 + g T), T the period.

    Examples
    --------
    >>> round(storage_bound_months_to_full(4e12, 1.0, 2e12, 1.0), 1)
    12.0
    """
    room = vm_store_capacity * disk_overcommit
    return _months(room, workload_disk, disk_growth, growth_period)


def healing_bound_months_to_full(
    vm_store_heal_capacity: Byte,
    disk_overcommit: Number,
    workload_disk: Byte,
    disk_growth: PerYear,
    growth_period: Year = 1.0,
) -> Month:
    """Months until the shared storage no longer has room to heal after the loss of a host.

    Parameters
    ----------
    vm_store_heal_capacity : array_like
        User data with which it can heal [B]; zero where it cannot heal, however little it holds.
    disk_overcommit : array_like
        Disk that may be promised per byte of capacity [1].
    workload_disk : array_like
        Disk of all VMs [B].
    disk_growth : array_like
        Growth of the disk of all VMs together [1/yr].
    growth_period : array_like
        Time after which growth is added to what grows [yr].

    Returns
    -------
    array_like
        Months [month]: 0 where there is no room today; infinite where nothing grows, and where it
        cannot heal at all, which is no matter of time.

    Notes
    -----
    12 T ln(C / D) / ln(1 + g T), T the period.

    Examples
    --------
    >>> round(healing_bound_months_to_full(4e12, 1.0, 2e12, 1.0), 1)
    12.0
    >>> healing_bound_months_to_full(0.0, 1.0, 2e12, 1.0)
    inf
    """
    room = vm_store_heal_capacity * disk_overcommit
    room = np.where(np.asarray(room) == 0.0, np.inf, room)
    return _months(room, workload_disk, disk_growth, growth_period)


def memory_headroom(memory_bound_vms: Vm, group_vms: Vm) -> Number:
    """How many times the VMs of each group of hosts its memory alone would admit.

    Parameters
    ----------
    memory_bound_vms : array_like, shape (groups, ...)
        What the memory of each group admits [vm].
    group_vms : array_like, shape (groups, ...)
        What all its resources together admit [vm].

    Returns
    -------
    array_like, shape (groups, ...)
        1 where memory binds, more where some of it is stranded [1].

    Examples
    --------
    >>> memory_headroom(np.array([112.0]), np.array([56.0]))
    array([2.])
    """
    return _headroom(memory_bound_vms, group_vms)


def cpu_headroom(cpu_bound_vms: Vm, group_vms: Vm) -> Number:
    """How many times the VMs of each group of hosts its processors alone would admit.

    Parameters
    ----------
    cpu_bound_vms : array_like, shape (groups, ...)
        What the processors of each group admit [vm].
    group_vms : array_like, shape (groups, ...)
        What all its resources together admit [vm].

    Returns
    -------
    array_like, shape (groups, ...)
        1 where processors bind, more where some of them are stranded [1].

    Examples
    --------
    >>> cpu_headroom(np.array([112.0]), np.array([112.0]))
    array([1.])
    """
    return _headroom(cpu_bound_vms, group_vms)


def disk_headroom(group_vms: Vm, disk_bound_vms: Vm = np.inf) -> Number:
    """How many times the VMs of each group of hosts its local disks alone would admit.

    Parameters
    ----------
    group_vms : array_like, shape (groups, ...)
        What all its resources together admit [vm].
    disk_bound_vms : array_like, shape (groups, ...)
        What the local disks of each group admit [vm]; infinite where VM disks are elsewhere.

    Returns
    -------
    array_like, shape (groups, ...)
        1 where local disks bind, more where some of them are stranded [1].

    Examples
    --------
    >>> disk_headroom(np.array([30.0]), np.array([60.0]))
    array([2.])
    """
    return _headroom(disk_bound_vms, group_vms)


def _headroom(bound: Array, admitted: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(np.asarray(admitted) == 0.0, 1.0, np.divide(bound, admitted)))


def hosts_bound_months_to_full(
    group_vms: Vm,
    memory_headroom: Number,
    cpu_headroom: Number,
    disk_headroom: Number,
    host_count: Node,
    workload_vms: Vm,
    memory_growth: PerYear,
    cpu_growth: PerYear,
    disk_growth: PerYear,
    growth_period: Year = 1.0,
) -> Month:
    """Months until hosts of several kinds, each full by its own resource, are full, one lost.

    Parameters
    ----------
    group_vms : array_like, shape (groups, ...)
        VMs that each group of hosts admits [vm].
    memory_headroom, cpu_headroom, disk_headroom : array_like, shape (groups, ...)
        How many times as many the memory, processors and local disks of each group admit [1].
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    workload_vms : array_like
        VMs that are asked for [vm].
    memory_growth, cpu_growth, disk_growth : array_like
        Growth of the memory, virtual processors and disk of all VMs together [1/yr].
    growth_period : array_like
        Time after which growth is added to what grows [yr].

    Returns
    -------
    array_like
        Months [month]: 0 where they are full today; infinite where nothing grows, and where a
        single resource is full as early.

    Notes
    -----
    As `planner.models.growth.hosts_runway`. It matters where the scarcest resource differs between
    the groups: no group can lend the other what it has left.

    Examples
    --------
    Two hosts short of memory and two short of processors; either resource alone lasts 20 months.

    >>> room, one = np.array([1.0, 2.0]), np.ones(2)
    >>> needs = {"host_count": 2.0 * one, "workload_vms": 120.0, "disk_headroom": np.inf}
    >>> rates = {"memory_growth": 0.5, "cpu_growth": 0.5, "disk_growth": 0.5}
    >>> months = hosts_bound_months_to_full(120.0 * one, room, room[::-1], **needs, **rates)
    >>> round(float(months), 1)
    12.0
    """
    hosts = np.where(np.asarray(host_count) == 0.0, 1.0, host_count)
    share = group_vms / hosts / workload_vms
    if share.shape[0] <= 1:
        return np.where(np.isnan(np.sum(share, axis=0)), np.nan, np.inf)
    rooms = np.broadcast_arrays(memory_headroom, cpu_headroom, disk_headroom, share)[:3]
    share = share * np.stack(rooms)
    rates = np.broadcast_arrays(memory_growth, cpu_growth, disk_growth)
    growth = np.stack(rates) * growth_period
    single = [
        hosts_runway(host_count, share[one : one + 1], growth[one : one + 1]) for one in range(3)
    ]
    found = hosts_runway(host_count, share, growth)
    alone = np.asarray(found) >= np.min(np.stack(single), axis=0) * (1.0 - 1e-9)
    return _MONTHS * growth_period * np.where(alone, np.inf, found)


def months_to_full(
    memory_bound_months_to_full: Month,
    cpu_bound_months_to_full: Month,
    load_bound_months_to_full: Month,
    hosts_bound_months_to_full: Month,
    disk_bound_months_to_full: Month = np.inf,
    storage_bound_months_to_full: Month = np.inf,
    healing_bound_months_to_full: Month = np.inf,
) -> Month:
    """Months until the first resource of the design is full, one host being lost.

    Parameters
    ----------
    memory_bound_months_to_full, cpu_bound_months_to_full, load_bound_months_to_full : array_like
        Until the hosts' memory, virtual processors and threads are full [month].
    hosts_bound_months_to_full : array_like
        Until hosts of several kinds, each full by its own resource, are full [month].
    disk_bound_months_to_full, storage_bound_months_to_full : array_like
        Until local disks and shared storage are full [month].
    healing_bound_months_to_full : array_like
        Until the storage has no room left to heal [month].

    Returns
    -------
    array_like
        Months [month].

    Examples
    --------
    >>> float(months_to_full(46.6, 90.0, 80.0, 46.6, storage_bound_months_to_full=30.0))
    30.0
    """
    hosts = np.minimum(memory_bound_months_to_full, cpu_bound_months_to_full)
    hosts = np.minimum(hosts, np.minimum(load_bound_months_to_full, hosts_bound_months_to_full))
    storage = np.minimum(storage_bound_months_to_full, healing_bound_months_to_full)
    return np.minimum(hosts, np.minimum(storage, disk_bound_months_to_full))
