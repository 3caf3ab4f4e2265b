"""How many VMs each resource of the hosts, and of the storage, admits.

Hosts come in groups of equal machines (axis 0). A VM lives on one host, so each resource is
divided and rounded down per host before anything is added up.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Core, Node, Number, Part, Thread, Vcpu, Vm
from planner.models.ganeti import ganeti_capacity as ganeti_capacity


def host_threads_total(host_count: Node, host_threads: Thread) -> Thread:
    """Hardware threads of all hosts that run VMs.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_threads : array_like, shape (groups, ...)
        Threads of one host [thread].

    Returns
    -------
    array_like
        Threads [thread].

    Examples
    --------
    >>> float(host_threads_total(np.array([16.0]), np.array([4.0])))
    64.0
    """
    return np.sum(host_count * host_threads, axis=0)


def host_cores_total(host_count: Node, host_cores: Core) -> Core:
    """Physical cores of all hosts that run VMs.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_cores : array_like, shape (groups, ...)
        Cores of one host [core].

    Returns
    -------
    array_like
        Cores [core].

    Examples
    --------
    >>> float(host_cores_total(np.array([16.0]), np.array([2.0])))
    32.0
    """
    return np.sum(host_count * host_cores, axis=0)


def host_memory_total(host_count: Node, host_memory: Byte) -> Byte:
    """Memory of all hosts that run VMs.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_memory : array_like, shape (groups, ...)
        Memory of one host [B].

    Returns
    -------
    array_like
        Memory [B].

    Examples
    --------
    >>> float(host_memory_total(np.array([16.0]), np.array([2.0])))
    32.0
    """
    return np.sum(host_count * host_memory, axis=0)


_ROUNDING = 1e-12
MIB = 2.0**20


def _whole(amount: Number, need: Number, strict: Number) -> Number:
    """Whole needs in an amount; where strict, some of the amount must be left over.

    The amount counts as it is, rounded down in its last bit or not: 100 threads at a ratio of 0.29
    hold 28, as in Placement. A need that is no whole number is a mean of several sizes, and is
    given a part in 1e12 for the rounding of the mean.
    """
    size, left_over = np.asarray(need, dtype=float), np.asarray(strict, dtype=float)
    slack = np.where(size == np.floor(size), 0.0, _ROUNDING)
    ratio = np.asarray(amount) / size
    to_the_last = np.floor(ratio * (1.0 + slack))
    fitting = np.where(left_over > 0, np.ceil(ratio * (1.0 - slack)) - 1.0, to_the_last)
    return np.maximum(np.where(np.isnan(left_over), np.nan, fitting), 0.0)


def memory_bound_vms(
    host_count: Node,
    host_memory: Byte,
    host_memory_reserve: Byte,
    memory_overcommit: Number,
    vm_memory: Byte,
    strict_admission: Number = 0.0,
    vm_overhead: Byte = 0.0,
    vm_within_memory: Number = 1.0,
) -> Vm:
    """VMs that the memory of each group of hosts alone would admit.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_memory : array_like, shape (groups, ...)
        Memory of one host [B].
    host_memory_reserve : array_like, shape (groups, ...)
        Kept for the host itself: kernel, hypervisor, storage daemons [B].
    memory_overcommit : array_like
        Memory that may be promised per byte of memory [1].
    vm_memory : array_like
        Memory of one VM [B].
    strict_admission : array_like
        1 where some memory must stay free (Ganeti), 0 where a VM may take the last byte
        (OpenStack Placement) [1].
    vm_overhead : array_like
        Memory that a VM takes besides its own [B].
    vm_within_memory : array_like
        1 where a VM may have no more memory than a host (``max_unit`` of nova) [1].

    Returns
    -------
    array_like, shape (groups, ...)
        VMs in each group [vm].

    Notes
    -----
    n floor((total - reserve) ratio / need) per group, in the floating point of Placement; none
    where a VM is larger than a host and may not be, whatever the ratio.

    References
    ----------
    OpenStack Placement, ``objects/allocation.py``; Ganeti, ``Node.hs``.

    Examples
    --------
    A host of 16 GiB holds eight VMs of 2 GiB where equality admits, and seven where it does not.

    >>> host = np.array([16.0])
    >>> [float(memory_bound_vms(1, host, 0.0, 1.0, 2.0, strict)[0]) for strict in (0, 1)]
    [8.0, 7.0]
    """
    available = (host_memory - host_memory_reserve) * memory_overcommit
    fitting = _whole(available, vm_memory + np.asarray(vm_overhead), strict_admission)
    larger = (np.asarray(vm_within_memory) > 0) & (vm_memory > np.asarray(host_memory))
    return host_count * np.where(larger, 0.0, fitting)


def cpu_bound_vms(
    host_count: Node,
    host_threads: Thread,
    host_thread_reserve: Thread,
    cpu_overcommit: Number,
    vm_vcpus: Vcpu,
    host_vcpu_reserve: Vcpu = 0.0,
    vm_within_threads: Number = 1.0,
) -> Vm:
    """VMs that the processors of each group of hosts alone would admit.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_threads : array_like, shape (groups, ...)
        Hardware threads of one host [thread].
    host_thread_reserve : array_like, shape (groups, ...)
        Kept for the host itself [thread].
    cpu_overcommit : array_like
        Virtual processors that may be promised per thread [1].
    vm_vcpus : array_like
        Virtual processors of one VM [vcpu].
    host_vcpu_reserve : array_like, shape (groups, ...)
        Virtual processors that the host itself counts for (Ganeti) [vcpu].
    vm_within_threads : array_like
        1 where a VM may have no more virtual processors than a host has threads (``max_unit`` of
        nova) [1].

    Returns
    -------
    array_like, shape (groups, ...)
        VMs in each group [vm].

    Notes
    -----
    n floor(((threads - reserve) ratio - its own) / vcpus) per group; none where a VM has more
    virtual processors than a host has threads and may not, whatever the ratio. An admission
    limit, not a service level: the ratio says what may be promised, not how long a VM waits.

    Examples
    --------
    >>> cpu_bound_vms(np.array([16.0]), np.array([4.0]), 0.0, 16.0, 1.0)
    array([1024.])
    """
    available = (host_threads - host_thread_reserve) * cpu_overcommit - host_vcpu_reserve
    fitting = _whole(available, vm_vcpus, 0.0)
    larger = (np.asarray(vm_within_threads) > 0) & (vm_vcpus > np.asarray(host_threads))
    return host_count * np.where(larger, 0.0, fitting)


def disk_bound_vms(
    host_count: Node,
    host_disk: Byte,
    disk_overcommit: Number,
    vm_disk: Byte,
    strict_admission: Number = 0.0,
    minimum_free_disk: Number = 0.0,
    most_local_disks: Part = np.inf,
) -> Vm:
    """VMs that the local disks of each group of hosts alone would admit.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_disk : array_like, shape (groups, ...)
        Local disk of one host for VMs [B]; infinite where VM disks are elsewhere.
    disk_overcommit : array_like
        Disk that may be promised per byte of disk [1].
    vm_disk : array_like
        Disk of one VM [B].
    strict_admission : array_like
        1 where some disk must stay free (Ganeti), 0 where a VM may take the last byte [1].
    minimum_free_disk : array_like
        Share of each host's disk that stays free while no host has failed, 0 .. 1 [1].
    most_local_disks : array_like
        VM disks that a host may carry while no host has failed [part].

    Returns
    -------
    array_like, shape (groups, ...)
        VMs in each group [vm].

    Notes
    -----
    No more than `hard_disk_vms`, with at least the minimum left, which is counted in whole MiB
    and may be met exactly, and no more disks than the spindles of the host may carry.

    References
    ----------
    Ganeti, ``Node.hs`` (``--min-disk``, spindle ratio).

    Examples
    --------
    >>> disk_bound_vms(np.array([16.0]), np.array([60.0]), 1.0, 20.0)
    array([48.])
    """
    kept = np.floor(np.asarray(host_disk) * minimum_free_disk / MIB) * MIB
    wanted = np.where(np.asarray(minimum_free_disk) > 0, kept, 0.0 * np.asarray(minimum_free_disk))
    elsewhere = np.isinf(np.asarray(host_disk, dtype=float))
    disks = np.where(elsewhere, np.inf, most_local_disks) + 0.0 * np.asarray(minimum_free_disk)
    soft = np.minimum(_whole(host_disk * disk_overcommit - wanted, vm_disk, 0.0), disks)
    return np.minimum(
        host_count * soft,
        hard_disk_vms(host_count, host_disk, disk_overcommit, vm_disk, strict_admission),
    )


def hard_disk_vms(
    host_count: Node,
    host_disk: Byte,
    disk_overcommit: Number,
    vm_disk: Byte,
    strict_admission: Number = 0.0,
) -> Vm:
    """VMs that the local disks of each group of hosts hold when others have failed.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_disk : array_like, shape (groups, ...)
        Local disk of one host for VMs [B]; infinite where VM disks are elsewhere.
    disk_overcommit : array_like
        Disk that may be promised per byte of disk [1].
    vm_disk : array_like
        Disk of one VM [B].
    strict_admission : array_like
        1 where some disk must stay free (Ganeti), 0 where a VM may take the last byte [1].

    Returns
    -------
    array_like, shape (groups, ...)
        VMs in each group [vm].

    Examples
    --------
    >>> hard_disk_vms(np.array([16.0]), np.array([60.0]), 1.0, 20.0, 1.0)
    array([32.])
    """
    return host_count * _whole(host_disk * disk_overcommit, vm_disk, strict_admission)


def group_vms(memory_bound_vms: Vm, cpu_bound_vms: Vm, disk_bound_vms: Vm = np.inf) -> Vm:
    """VMs that each group of hosts admits: the least of what its resources allow.

    Parameters
    ----------
    memory_bound_vms, cpu_bound_vms, disk_bound_vms : array_like, shape (groups, ...)
        What memory, processors and local disks alone would admit [vm].

    Returns
    -------
    array_like, shape (groups, ...)
        VMs in each group [vm].

    Examples
    --------
    >>> group_vms(np.array([112.0]), np.array([1024.0]))
    array([112.])
    """
    return np.minimum(np.minimum(memory_bound_vms, cpu_bound_vms), disk_bound_vms)


def host_bound_vms(group_vms: Vm) -> Vm:
    """VMs that the hosts alone would admit.

    Parameters
    ----------
    group_vms : array_like, shape (groups, ...)
        VMs in each group of hosts [vm].

    Returns
    -------
    array_like
        VMs [vm].

    Examples
    --------
    >>> float(host_bound_vms(np.array([112.0, 20.0])))
    132.0
    """
    return np.sum(group_vms, axis=0)


def storage_bound_vms(vm_store_capacity: Byte, disk_overcommit: Number, vm_disk: Byte) -> Vm:
    """VMs whose disks fit into the shared storage.

    Parameters
    ----------
    vm_store_capacity : array_like
        Capacity of the shared storage that may be filled [B]; infinite where VM disks are local.
    disk_overcommit : array_like
        Disk that may be promised per byte of capacity [1].
    vm_disk : array_like
        Disk of one VM [B].

    Returns
    -------
    array_like
        VMs [vm].

    Notes
    -----
    floor(vm_store_capacity x disk_overcommit / vm_disk).

    Examples
    --------
    >>> float(storage_bound_vms(5.1e12, 1.0, 40e9))
    127.0
    """
    return _whole(vm_store_capacity * disk_overcommit * (1.0 + _ROUNDING), vm_disk, 0.0)
