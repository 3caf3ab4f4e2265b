"""How many VMs the hosts hold, and which resource binds.

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


def vms(
    host_bound_vms: Vm,
    storage_bound_vms: Vm = np.inf,
    failover_bound_vms: Vm = np.inf,
    slot_bound_vms: Vm = np.inf,
    share_bound_vms: Vm = np.inf,
    mirror_bound_vms: Vm = np.inf,
) -> Vm:
    """VMs of the workload's mean size that the design holds by the scenario's admission policy.

    Parameters
    ----------
    host_bound_vms : array_like
        What the hosts alone would admit [vm].
    storage_bound_vms : array_like
        What the shared storage alone would hold [vm].
    failover_bound_vms : array_like
        What Ganeti's N+1 leaves [vm].
    slot_bound_vms, share_bound_vms : array_like
        What the slots, or the share kept free, of vSphere HA leave [vm].
    mirror_bound_vms : array_like
        What Ganeti places where each VM's disk is mirrored on two hosts [vm].

    Returns
    -------
    array_like
        VMs [vm].

    Notes
    -----
    VMs of one size, the mean of the workload; a mix of sizes leaves gaps and may hold fewer.

    Examples
    --------
    >>> float(vms(112.0, 127.0))
    112.0
    """
    policy = np.minimum(np.minimum(slot_bound_vms, share_bound_vms), mirror_bound_vms)
    hosts = np.minimum(host_bound_vms, failover_bound_vms)
    return np.minimum(np.minimum(hosts, storage_bound_vms), policy)


def vms_after_one_host_loss(
    survivor_bound_vms: Vm,
    storage_bound_vms: Vm = np.inf,
    pooled_storage: Number = 0.0,
    host_losses_in_service: Node = np.inf,
    slot_bound_vms: Vm = np.inf,
    share_bound_vms: Vm = np.inf,
    mirror_bound_vms: Vm = np.inf,
) -> Vm:
    """VMs that run after any one host that runs VMs is lost.

    Parameters
    ----------
    survivor_bound_vms : array_like
        What the surviving hosts admit [vm].
    storage_bound_vms : array_like
        What the shared storage holds [vm].
    pooled_storage : array_like
        1 where the hosts that run VMs also hold the shared storage [1].
    host_losses_in_service : array_like
        Storage hosts that may be lost with the storage still serving [node].
    slot_bound_vms, share_bound_vms, mirror_bound_vms : array_like
        What the policy admits before the loss [vm].

    Returns
    -------
    array_like
        VMs [vm]; none where the lost host takes the storage out of service.

    Notes
    -----
    The least of what the survivors admit, what the storage holds, and what the slots, the share
    and the mirrors of the policy admit before; nothing where the storage stops with a host.

    Examples
    --------
    >>> float(vms_after_one_host_loss(105.0, pooled_storage=1.0, host_losses_in_service=1.0))
    105.0
    >>> float(vms_after_one_host_loss(105.0, pooled_storage=1.0, host_losses_in_service=0.0))
    0.0
    """
    serving = np.where((np.asarray(pooled_storage) > 0) & (host_losses_in_service < 1.0), 0.0, 1.0)
    known = np.where(np.isnan(host_losses_in_service), np.nan, 1.0)
    policy = np.minimum(np.minimum(slot_bound_vms, share_bound_vms), mirror_bound_vms)
    running = np.minimum(np.minimum(survivor_bound_vms, storage_bound_vms), policy)
    return running * serving * known


def unplaceable_vms(
    flavour_count: Vm,
    flavour_memory: Byte,
    flavour_vcpus: Vcpu,
    host_memory: Byte,
    host_memory_reserve: Byte,
    memory_overcommit: Number,
    host_threads: Thread,
    host_thread_reserve: Thread,
    cpu_overcommit: Number,
    host_vcpu_reserve: Vcpu = 0.0,
    vm_within_memory: Number = 1.0,
    vm_within_threads: Number = 1.0,
) -> Vm:
    """VMs of the workload that are larger than every host.

    Parameters
    ----------
    flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour [vm].
    flavour_memory : array_like, shape (flavours, ...)
        Memory of one VM [B].
    flavour_vcpus : array_like, shape (flavours, ...)
        Virtual processors of one VM [vcpu].
    host_memory : array_like, shape (groups, ...)
        Memory of one host [B].
    host_memory_reserve : array_like, shape (groups, ...)
        Kept for the host itself [B].
    memory_overcommit : array_like
        Memory that may be promised per byte of memory [1].
    host_threads : array_like, shape (groups, ...)
        Hardware threads of one host [thread].
    host_thread_reserve : array_like, shape (groups, ...)
        Threads kept for the host itself [thread].
    cpu_overcommit : array_like
        Virtual processors that may be promised per thread [1].
    host_vcpu_reserve : array_like, shape (groups, ...)
        Virtual processors that the host itself counts for [vcpu].
    vm_within_memory, vm_within_threads : array_like
        1 where a VM may have no more memory, and virtual processors, than a host has memory and
        threads (``max_unit`` of nova) [1].

    Returns
    -------
    array_like
        VMs that fit on no host even if it is empty [vm].

    Notes
    -----
    No VM may have more memory or virtual processors than the host may promise.

    Examples
    --------
    One VM of 200 GiB, and hosts of 96 GiB.

    >>> needs = np.array([200.0, 4.0]), np.array([8.0, 2.0])
    >>> memory, threads = (np.array([96.0]), 0.0, 1.5), (np.array([32.0]), 0.0, 4.0)
    >>> float(unplaceable_vms(np.array([1.0, 20.0]), *needs, *memory, *threads))
    1.0
    """
    memory = np.asarray(host_memory, dtype=float)
    threads = np.asarray(host_threads, dtype=float)
    most = np.where(np.asarray(vm_within_memory) > 0, memory, np.inf)
    promised = np.minimum(most, (memory - host_memory_reserve) * memory_overcommit)
    most = np.where(np.asarray(vm_within_threads) > 0, threads, np.inf)
    offered = (threads - host_thread_reserve) * cpu_overcommit - host_vcpu_reserve
    processors = np.minimum(most, offered)
    needed = np.asarray(flavour_memory, dtype=float)[:, None]
    vcpus = np.asarray(flavour_vcpus, dtype=float)[:, None]
    fits = (needed <= promised) & (vcpus <= processors)
    known = np.where(
        np.isnan(np.sum(promised + processors + memory + threads, axis=0)), np.nan, 0.0
    )
    known = known + 0.0 * np.sum(needed + vcpus, axis=(0, 1))
    return np.sum(flavour_count * ~np.any(fits, axis=1), axis=0) + known


def placed_vms(vms: Vm, workload_vms: Vm, unplaceable_vms: Vm = 0.0) -> Vm:
    """VMs of the workload that the design really runs.

    Parameters
    ----------
    vms : array_like
        VMs that fit [vm].
    workload_vms : array_like
        VMs that are asked for [vm].
    unplaceable_vms : array_like
        VMs of these that are larger than every host [vm].

    Returns
    -------
    array_like
        The lesser of what fits and what may be placed at all [vm].

    Examples
    --------
    >>> float(placed_vms(112.0, 96.0))
    96.0
    """
    return np.minimum(vms, workload_vms - unplaceable_vms)


def compute_utilisation(
    workload_load: Vcpu, placed_vms: Vm, workload_vms: Vm, host_threads_total: Thread
) -> Number:
    """Share of the hosts' threads that is busy on average with the VMs placed.

    Parameters
    ----------
    workload_load : array_like
        Running virtual processors when all VMs of the workload run [vcpu].
    placed_vms, workload_vms : array_like
        VMs placed and asked for [vm].
    host_threads_total : array_like
        Threads of the hosts [thread].

    Returns
    -------
    array_like
        Utilisation, 0 .. 1 [1].

    Notes
    -----
    min(1, L placed / asked / threads). The workload is taken as spread evenly; a thread counts
    as a processor, which is generous where two share a core.

    Examples
    --------
    >>> float(compute_utilisation(6.0, 6.0, 6.0, 4.0))
    1.0
    """
    return np.minimum(1.0, workload_load * placed_vms / workload_vms / host_threads_total)


def full_load_share(host_threads_total: Thread, placed_vms: Vm, vm_vcpus: Vcpu) -> Number:
    """Part of a thread that each virtual processor gets when all of them run at once.

    Parameters
    ----------
    host_threads_total : array_like
        Threads of the hosts [thread].
    placed_vms : array_like
        VMs that run [vm].
    vm_vcpus : array_like
        Virtual processors of the mean VM [vcpu].

    Returns
    -------
    array_like
        Share, at most 1 [1]; below 1 the VMs slow each other down.

    Notes
    -----
    min(1, T / L), the processor-sharing limit for L processes that always run.

    Examples
    --------
    Six VMs that always run on four threads, a load average of 6.0: two thirds of full speed.

    >>> round(float(full_load_share(4.0, 6.0, 1.0)), 3)
    0.667
    """
    return np.minimum(1.0, host_threads_total / (placed_vms * vm_vcpus))
