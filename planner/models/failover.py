"""How many VMs the hosts admit where they must still run after hosts are lost.

Ganeti asks that each node group can lose a node (N+1), within the limits that are hard; vSphere
HA keeps slots, or a share of all resources, free. What the hosts lose is always what they hold
most of. Hosts come in groups of equal machines (axis 0), flavours of VMs likewise.
"""

from __future__ import annotations

import numpy as np

from planner.models.density import MIB
from planner.models.dimensions import Array, Byte, Core, Node, Number, Vcpu, Vm
from planner.models.ganeti import ganeti_capacity
from planner.models.vsphere import host_slots, percentage_vms

_TINY = 1e-30


def failover_group_vms(
    memory_bound_vms: Vm,
    cpu_bound_vms: Vm,
    hard_disk_vms: Vm = np.inf,
    cpu_binds_failover: Number = 1.0,
) -> Vm:
    """VMs that each group of hosts may hold when others have failed.

    Parameters
    ----------
    memory_bound_vms, cpu_bound_vms, hard_disk_vms : array_like, shape (groups, ...)
        What memory, processors and local disks alone would hold [vm].
    cpu_binds_failover : array_like
        1 where the processors' ratio holds in a failure too, 0 where it is given up (Ganeti) [1].

    Returns
    -------
    array_like, shape (groups, ...)
        VMs in each group [vm].

    References
    ----------
    Ganeti, ``Node.hs``: memory and disk are hard limits, CPU ratio and minimum free disk soft.

    Examples
    --------
    >>> group = np.array([112.0]), np.array([48.0])
    >>> [float(failover_group_vms(*group, np.inf, binds)[0]) for binds in (0.0, 1.0)]
    [112.0, 48.0]
    """
    processors = np.where(np.asarray(cpu_binds_failover) > 0, cpu_bound_vms, np.inf)
    unknown = 0.0 * np.asarray(cpu_binds_failover) + np.where(np.isnan(cpu_bound_vms), np.nan, 0.0)
    return np.minimum(np.minimum(memory_bound_vms, processors), hard_disk_vms) + unknown


def survivor_bound_vms(
    host_count: Node, group_vms: Vm, failover_group_vms: Vm, node_group: Number = 0.0
) -> Vm:
    """VMs that the hosts admit and still run after the loss of any one host.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    group_vms : array_like, shape (groups, ...)
        VMs that each group admits [vm].
    failover_group_vms : array_like, shape (groups, ...)
        VMs that each group may hold when others have failed [vm].
    node_group : array_like, shape (groups, ...)
        Number of the node group; hosts of one take over from each other [1].

    Returns
    -------
    array_like
        VMs [vm].

    Notes
    -----
    Sum over the node groups of min(sum s, sum h - max h), with s and h of each host. Whatever the
    placement, a lost host's VMs find room on the others exactly when the total is no more than
    this (VMs of one size).

    References
    ----------
    Ganeti, ``GlobalN1.hs``.

    Examples
    --------
    >>> group = np.array([112.0])
    >>> float(survivor_bound_vms(np.array([16.0]), group, group))
    105.0
    """
    return _failover(host_count, group_vms, failover_group_vms, node_group, 1.0)


def failover_bound_vms(
    host_count: Node,
    group_vms: Vm,
    failover_group_vms: Vm,
    failover_hosts: Node,
    node_group: Number = 0.0,
) -> Vm:
    """VMs that the manager admits so that any such number of hosts of a node group may be lost.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    group_vms : array_like, shape (groups, ...)
        VMs that each group admits [vm].
    failover_group_vms : array_like, shape (groups, ...)
        VMs that each group may hold when others have failed [vm].
    failover_hosts : array_like
        Hosts of each node group whose loss must be borne: 1 with N+1, 0 without [node].
    node_group : array_like, shape (groups, ...)
        Number of the node group [1].

    Returns
    -------
    array_like
        VMs [vm].

    Notes
    -----
    Sum over the node groups of min(sum s, sum h - the k largest h).

    References
    ----------
    Ganeti, ``GlobalN1.hs``, for k = 1.

    Examples
    --------
    >>> group = np.array([112.0])
    >>> [float(failover_bound_vms(np.array([16.0]), group, group, k)) for k in (0.0, 1.0, 2.0)]
    [112.0, 105.0, 98.0]
    """
    return _failover(host_count, group_vms, failover_group_vms, node_group, failover_hosts)


def _failover(
    host_count: Node, group_vms: Vm, failover_group_vms: Vm, node_group: Number, losses: Node
) -> Array:
    """VMs that each node group admits and holds after its largest hosts are lost, in total."""
    parts = (host_count, group_vms, failover_group_vms, node_group)
    count, soft, hard, numbers = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in parts))
    total = 0.0 * np.sum(count + soft + hard + numbers, axis=0)
    for number in np.unique(numbers[~np.isnan(numbers)]):
        inside = numbers == number
        admitted = np.sum(np.where(inside, soft, 0.0), axis=0)
        each = np.where(inside & (count > 0), hard / np.maximum(count, 1.0), 0.0)
        left = left_after_losses(np.where(inside, count, 0.0), each, losses)
        total = total + np.minimum(admitted, left)
    return total


def left_after_losses(host_count: Node, each: Vm, losses: Node) -> Array:
    """VMs left when so many hosts are lost, the ones with most of them first.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    each : array_like, shape (groups, ...)
        VMs of one host of each group [vm].
    losses : array_like, shape (...)
        Hosts lost [node].

    Returns
    -------
    array_like, shape (...)
        VMs [vm].

    Notes
    -----
    sum(h) - (the k largest h), the law of N+k for VMs of one size.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Slot Policy Admission Control".

    Examples
    --------
    >>> float(left_after_losses(np.array([1.0, 2.0]), np.array([4.0, 3.0]), 2.0))
    3.0
    """
    count, vms = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (host_count, each)))
    order = np.argsort(-vms, axis=0)
    count, vms = np.take_along_axis(count, order, axis=0), np.take_along_axis(vms, order, axis=0)
    before = np.cumsum(count, axis=0) - count
    lost = np.clip(np.asarray(losses) - before, 0.0, count)
    return np.sum((count - lost) * vms, axis=0)


# vSphere HA


def slot_cpu(
    flavour_count: Vm, flavour_vcpus: Vcpu, cpu_reservation: Number, least_slot_cpu: Core
) -> Core:
    """Processor of a vSphere HA slot: the largest reservation of a VM.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_vcpus : array_like, shape (flavours, ...)
        Virtual processors of one VM [vcpu].
    cpu_reservation : array_like
        Share of a core that is reserved for each virtual processor [1].
    least_slot_cpu : array_like
        Slot where no VM reserves more: 32 MHz of a core [core].

    Returns
    -------
    array_like
        Slot size [core].

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Slot Policy Admission Control".

    Examples
    --------
    >>> float(slot_cpu(np.array([20.0, 1.0]), np.array([1.0, 8.0]), 0.5, 0.01))
    4.0
    """
    return np.maximum(_largest(flavour_count, flavour_vcpus) * cpu_reservation, least_slot_cpu)


def slot_memory(
    flavour_count: Vm, flavour_memory: Byte, memory_reservation: Number, vm_overhead: Byte
) -> Byte:
    """Memory of a vSphere HA slot: the largest reservation of a VM, with its overhead.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_memory : array_like, shape (flavours, ...)
        Memory of one VM [B].
    memory_reservation : array_like
        Share of a VM's memory that is reserved for it [1].
    vm_overhead : array_like
        Memory that a VM takes besides its own [B].

    Returns
    -------
    array_like
        Slot size [B].

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Slot Policy Admission Control".

    Examples
    --------
    >>> float(slot_memory(np.array([20.0, 1.0]), np.array([2.0, 8.0]), 0.5, 0.25))
    4.25
    """
    return _largest(flavour_count, flavour_memory) * memory_reservation + vm_overhead


def _largest(count: Vm, size: Array) -> Array:
    """Largest size of which there is a VM."""
    known = 0.0 * np.sum(np.asarray(count) + size, axis=0)
    return np.max(np.where(np.asarray(count) > 0, size, 0.0), axis=0) + known


def slot_bound_vms(
    host_count: Node,
    host_cores: Core,
    host_memory: Byte,
    host_memory_reserve: Byte,
    slot_cpu: Core,
    slot_memory: Byte,
    slot_failover_hosts: Node,
) -> Vm:
    """VMs that the vSphere HA slot policy admits.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_cores : array_like, shape (groups, ...)
        Cores of one host [core].
    host_memory, host_memory_reserve : array_like, shape (groups, ...)
        Memory of one host, and what it keeps for itself [B].
    slot_cpu : array_like
        Processor of a slot [core].
    slot_memory : array_like
        Memory of a slot [B].
    slot_failover_hosts : array_like
        Host failures that the cluster tolerates [node].

    Returns
    -------
    array_like
        Slots that are left after so many failures, the hosts with most slots first [vm].

    Notes
    -----
    Reservations count, not sizes: one VM with a large reservation makes every slot large. Where
    nothing is reserved of a resource it does not limit.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Slot Policy Admission Control".

    Examples
    --------
    Hosts of 9, 9 and 6 cores and 9, 6 and 6 GB with slots of 2 and 2: 4, 3 and 3 slots.

    >>> hosts = np.ones(3), np.array([9.0, 9.0, 6.0]), np.array([9.0, 6.0, 6.0]), np.zeros(3)
    >>> [float(slot_bound_vms(*hosts, 2.0, 2.0, failures)) for failures in (0.0, 1.0, 2.0)]
    [10.0, 6.0, 3.0]
    """
    free = np.maximum(np.asarray(host_memory) - host_memory_reserve, 0.0)
    slot = [np.maximum(size, _TINY) for size in (slot_cpu, slot_memory)]
    return left_after_losses(host_count, host_slots(host_cores, free, *slot), slot_failover_hosts)


def share_bound_vms(
    host_count: Node,
    host_cores: Core,
    host_memory: Byte,
    host_memory_reserve: Byte,
    vm_vcpus: Vcpu,
    vm_memory: Byte,
    cpu_reservation: Number,
    memory_reservation: Number,
    vm_overhead: Byte,
    failover_share: Number,
) -> Vm:
    """VMs that the vSphere HA percentage policy admits.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_cores : array_like, shape (groups, ...)
        Cores of one host [core].
    host_memory, host_memory_reserve : array_like, shape (groups, ...)
        Memory of one host, and what it keeps for itself [B].
    vm_vcpus : array_like
        Virtual processors of the mean VM [vcpu].
    vm_memory : array_like
        Memory of the mean VM [B].
    cpu_reservation, memory_reservation : array_like
        Share of a core that is reserved for each virtual processor, and of a VM's memory [1].
    vm_overhead : array_like
        Memory that a VM takes besides its own [B].
    failover_share : array_like
        Share of all processors and of all memory that stays free, 0 .. 1 [1].

    Returns
    -------
    array_like
        VMs [vm].

    Notes
    -----
    A VM is admitted while (total - reserved)/total stays at the share or above. Reservations add
    up, so that the mean VM stands for a mix; the share says nothing of the largest host.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Cluster Resources Percentage Admission Control".

    Examples
    --------
    24 cores and 21 GB, a quarter kept free, VMs that reserve 2 cores and 1 GB:

    >>> share_bound_vms(np.ones(1), [24.0], [21.0], [0.0], 2.0, 1.0, 1.0, 1.0, 0.0, 0.25)
    9.0
    """
    free = np.maximum(np.asarray(host_memory) - host_memory_reserve, 0.0)
    cores = np.sum(np.asarray(host_count) * host_cores, axis=0)
    memory = np.sum(np.asarray(host_count) * free, axis=0)
    needs = vm_vcpus * cpu_reservation, vm_memory * memory_reservation + vm_overhead
    parts = np.broadcast_arrays(cores, memory, *needs, failover_share)
    total = np.maximum(np.stack(parts[:2]), _TINY)
    return percentage_vms(total, 0.0, parts[4], np.stack(parts[2:4]))


def mirrored_vms(
    host_count: Node,
    host_memory: Byte,
    host_memory_reserve: Byte,
    host_threads: Node,
    host_vcpu_reserve: Vcpu,
    mirror_disk: Byte,
    node_group: Number,
    vm_memory: Byte,
    vm_disk: Byte,
    vm_vcpus: Vcpu,
    cpu_overcommit: Number,
    minimum_free_disk: Number = 0.0,
) -> Array:
    """VMs that Ganeti places where each VM's disk is mirrored on two hosts (DRBD).

    Parameters
    ----------
    host_count : array_like, shape (groups,)
        Hosts of each group [node].
    host_memory, host_memory_reserve, mirror_disk : array_like, shape (groups,)
        Memory of one host, what it keeps for itself, and its disk for mirrored VMs [B].
    host_threads, host_vcpu_reserve : array_like, shape (groups,)
        Threads of one host [thread], and virtual processors that it counts for [vcpu].
    node_group : array_like, shape (groups,)
        Number of the node group [1].
    vm_memory, vm_disk, vm_vcpus : float
        The mean VM [B], [B] and [vcpu].
    cpu_overcommit : float
        Virtual processors per thread [1].
    minimum_free_disk : float
        Share of the disk that stays free [1].

    Returns
    -------
    float
        VMs [vm].

    Notes
    -----
    `planner.models.ganeti.ganeti_capacity` for ``drbd``, host by host.

    References
    ----------
    Ganeti 3.0.2, ``Node.hs``, ``GlobalN1.hs`` (htools).

    Examples
    --------
    >>> host = np.array([4.0]), np.array([16 * 2.0**30]), np.zeros(1), np.array([4.0]), np.ones(1)
    >>> vm = 2 * 2.0**30, 20 * 2.0**30, 1.0
    >>> mirrored_vms(*host, np.array([240 * 2.0**30]), np.zeros(1), *vm, 4.0)
    21.0
    """
    counts = np.asarray(host_count, dtype=int)
    rows = (host_memory, mirror_disk, host_threads, host_memory_reserve, host_vcpu_reserve)
    memory, disk, threads, kept, vcpus = (
        np.repeat(np.broadcast_to(np.asarray(row, dtype=float), counts.shape), counts)
        for row in rows
    )
    if not memory.size or not vm_disk > 0:
        return 0.0 if vm_disk > 0 else np.nan
    return float(
        ganeti_capacity(
            *(memory / MIB, disk / MIB, threads),
            *(float(vm_memory / MIB), float(vm_disk / MIB), float(vm_vcpus)),
            storage="drbd",
            cpu_ratio=float(cpu_overcommit),
            reserved_memory=kept / MIB,
            reserved_cpus=vcpus,
            min_disk_ratio=float(minimum_free_disk),
            node_group=np.repeat(np.broadcast_to(node_group, counts.shape), counts).tolist(),
        )
    )
