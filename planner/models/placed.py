"""How many VMs a design holds and runs, also after the loss of a host, and how busy it is then."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Node, Number, Thread, Vcpu, Vm


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
