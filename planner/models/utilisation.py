"""How much of each resource the workload takes: 1 is all of it, more does not fit.

What is needed and what there is are taken as wholes; that each VM lives on one host makes a share
just below 1 hard to reach.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Node, Number, Port, RackUnit, Thread, Vcpu, Vm


def _share(need: Number, there: Number) -> Number:
    """Needed over there; nothing of nothing is no use, something of nothing infinite."""
    needed, whole = np.asarray(need, dtype=float), np.asarray(there, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((needed == 0) & (whole == 0), 0.0, np.divide(needed, whole))


def memory_utilisation(
    flavour_count: Vm,
    flavour_memory: Byte,
    host_count: Node,
    host_memory: Byte,
    host_memory_reserve: Byte,
    memory_overcommit: Number,
    vm_overhead: Byte = 0.0,
) -> Number:
    """Share of the memory that may be promised to VMs which all VMs of the workload take.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_memory : array_like, shape (flavours, ...)
        Memory of one VM [B].
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_memory : array_like, shape (groups, ...)
        Memory of one host [B].
    host_memory_reserve : array_like, shape (groups, ...)
        Kept for the host itself [B].
    memory_overcommit : array_like
        Memory that may be promised per byte of memory [1].
    vm_overhead : array_like
        Memory that a VM takes besides its own [B].

    Returns
    -------
    array_like
        Share [1]; above 1 not all VMs fit.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> float(memory_utilisation(6.0 * one, 2.0 * one, 1.0 * one, 16.0 * one, 8.0 * one, 1.5))
    1.0
    """
    needed = np.sum(flavour_count * (flavour_memory + np.asarray(vm_overhead)), axis=0)
    free = np.maximum(host_memory - np.asarray(host_memory_reserve), 0.0)
    return _share(needed, np.sum(host_count * free, axis=0) * memory_overcommit)


def vcpu_utilisation(
    flavour_count: Vm,
    flavour_vcpus: Vcpu,
    host_count: Node,
    host_threads: Thread,
    host_thread_reserve: Thread,
    cpu_overcommit: Number,
    host_vcpu_reserve: Vcpu = 0.0,
) -> Number:
    """Share of the virtual processors that may be promised which all VMs of the workload take.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_vcpus : array_like, shape (flavours, ...)
        Virtual processors of one VM [vcpu].
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_threads : array_like, shape (groups, ...)
        Hardware threads of one host [thread].
    host_thread_reserve : array_like, shape (groups, ...)
        Kept for the host itself [thread].
    cpu_overcommit : array_like
        Virtual processors that may be promised per thread [1].
    host_vcpu_reserve : array_like, shape (groups, ...)
        Virtual processors that the host itself counts for [vcpu].

    Returns
    -------
    array_like
        Share [1]; above 1 not all VMs fit. What is promised, not what is busy.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> float(vcpu_utilisation(32.0 * one, one, one, 4.0 * one, 0.0 * one, 16.0))
    0.5
    """
    promised = (host_threads - np.asarray(host_thread_reserve)) * cpu_overcommit
    each = np.maximum(promised - host_vcpu_reserve, 0.0)
    return _share(np.sum(flavour_count * flavour_vcpus, axis=0), np.sum(host_count * each, axis=0))


def thread_utilisation(workload_load: Vcpu, host_threads_total: Thread) -> Number:
    """Share of the hosts' threads that all VMs of the workload would keep busy on average.

    Parameters
    ----------
    workload_load : array_like
        Running virtual processors when all VMs run [vcpu].
    host_threads_total : array_like
        Threads of the hosts [thread].

    Returns
    -------
    array_like
        Share [1]; unlike `compute_utilisation` of all VMs, also those without a place.

    Examples
    --------
    >>> float(thread_utilisation(6.0, 4.0))
    1.5
    """
    return _share(workload_load, host_threads_total)


def storage_utilisation(
    workload_disk: Byte, vm_store_capacity: Byte, disk_overcommit: Number
) -> Number:
    """Share of the shared storage, as far as it may be filled, that the VMs' disks take.

    Parameters
    ----------
    workload_disk : array_like
        Disk of all VMs of the workload [B].
    vm_store_capacity : array_like
        Capacity of the shared storage that may be filled [B].
    disk_overcommit : array_like
        Disk that may be promised per byte of capacity [1].

    Returns
    -------
    array_like
        Share [1]; above 1 not all VMs fit.

    Examples
    --------
    >>> float(storage_utilisation(2e12, 5e12, 1.0))
    0.4
    """
    return _share(workload_disk, vm_store_capacity * disk_overcommit)


def healing_utilisation(
    workload_disk: Byte, vm_store_heal_capacity: Byte, disk_overcommit: Number
) -> Number:
    """Share that the VMs' disks take of what the shared storage heals after the loss of a host.

    Parameters
    ----------
    workload_disk : array_like
        Disk of all VMs of the workload [B].
    vm_store_heal_capacity : array_like
        What the VMs' disks may fill with room left to heal [B].
    disk_overcommit : array_like
        Disk that may be promised per byte of capacity [1].

    Returns
    -------
    array_like
        Share [1]; above 1 the storage cannot heal.

    Examples
    --------
    >>> float(healing_utilisation(2e12, 4e12, 1.0))
    0.5
    """
    return _share(workload_disk, vm_store_heal_capacity * disk_overcommit)


def local_disk_utilisation(
    workload_disk: Byte, host_count: Node, host_disk: Byte, disk_overcommit: Number
) -> Number:
    """Share of the hosts' own disks that the VMs' disks take.

    Parameters
    ----------
    workload_disk : array_like
        Disk of all VMs of the workload [B].
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_disk : array_like, shape (groups, ...)
        Local disk of one host for VMs [B].
    disk_overcommit : array_like
        Disk that may be promised per byte of disk [1].

    Returns
    -------
    array_like
        Share [1]; above 1 not all VMs fit.

    Examples
    --------
    >>> float(local_disk_utilisation(120.0, np.array([2.0]), np.array([80.0]), 1.0))
    0.75
    """
    return _share(workload_disk, np.sum(host_count * host_disk, axis=0) * disk_overcommit)


def port_utilisation_1g(ports_needed_1g: Port, ports_available_1g: Port) -> Number:
    """Share of the switches' 1 Gbit/s ports that the design plugs into.

    Parameters
    ----------
    ports_needed_1g, ports_available_1g : array_like
        Ports needed, and there [port].

    Returns
    -------
    array_like
        Share [1]; above 1 links find no port.

    Examples
    --------
    >>> float(port_utilisation_1g(63.0, 48.0))
    1.3125
    """
    return _share(ports_needed_1g, ports_available_1g)


def port_utilisation_10g(ports_needed_10g: Port, ports_available_10g: Port) -> Number:
    """Share of the switches' 10 Gbit/s ports that the design plugs into.

    Parameters
    ----------
    ports_needed_10g, ports_available_10g : array_like
        Ports needed, and there [port].

    Returns
    -------
    array_like
        Share [1]; above 1 links find no port.

    Examples
    --------
    >>> float(port_utilisation_10g(0.0, 0.0))
    0.0
    """
    return _share(ports_needed_10g, ports_available_10g)


def rack_utilisation(rack_units: RackUnit, rack_space: RackUnit) -> Number:
    """Share of the free height of the racks that the design takes.

    Parameters
    ----------
    rack_units : array_like
        Height that the design takes [U].
    rack_space : array_like
        Height that is free for the equipment [U].

    Returns
    -------
    array_like
        Share [1]; above 1 the design is too high.

    Examples
    --------
    >>> float(rack_utilisation(21.0, 42.0))
    0.5
    """
    return _share(rack_units, rack_space)
