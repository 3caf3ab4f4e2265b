"""Sizing rules that divide totals, as spreadsheets and vendors' sizers do.

Except for copies on unequal nodes they know no placement: they bound the hosts from below only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from planner.models.arguments import amount, positive
from planner.models.combinatorics import plain, require
from planner.models.dimensions import Array


def replicated_capacity(node_capacity: Any, copies: Any = 2, node_losses: int = 1) -> Array:
    """Data that unequal nodes hold in copies on different nodes after the largest are lost.

    Parameters
    ----------
    node_capacity : array_like, shape (nodes, ...)
        Capacity of each node [B].
    copies : array_like, shape (...)
        Copies of each piece of data: 2 or 3 (replication factor) [1].
    node_losses : int
        Largest nodes left out, so that data can be copied anew after so many losses [1].

    Returns
    -------
    float or ndarray, shape (...)
        Data, counted once [B].

    Raises
    ------
    ValueError
        If a capacity is negative, the copies are not whole and positive, or as many nodes are to
        be lost as there are.

    Notes
    -----
    Largest D with sum(min(c_i, D)) >= r D, which is the least over j = 0 .. r - 1 of the sum of
    all but the j largest c_i, divided by r - j.

    References
    ----------
    Nutanix support wiki, replication factor and N+1 usable capacity.

    Examples
    --------
    Nodes of 20, 20 and 10 TB keep 10 TB of data, not 15: one of 20 may fail, and two copies of
    the rest lie on different nodes.

    >>> replicated_capacity([20.0, 20.0, 10.0])
    10.0
    """
    capacity = -np.sort(-amount(node_capacity, "node_capacity"), axis=0)
    wanted = np.asarray(copies, dtype=float)
    require((wanted >= 1) & (wanted % 1 == 0), wanted, "copies", "whole and positive")
    if not 0 <= node_losses < capacity.shape[0]:
        raise ValueError(f"node_losses must be 0 to {capacity.shape[0] - 1}, got {node_losses}")
    kept = capacity[node_losses:]
    apart = np.arange(kept.shape[0]).reshape(-1, *[1] * (kept.ndim - 1))
    rest = kept.sum(axis=0) - np.cumsum(kept, axis=0) + kept
    shared = np.where(wanted > apart, rest / np.maximum(wanted - apart, 1.0), np.inf)
    enough = np.where(wanted > kept.shape[0], 0.0, shared.min(axis=0))
    return plain(enough + 0.0 * wanted)


def headroom_hosts(
    vcpus: Any,
    memory: Any,
    host_cores: Any,
    host_memory: Any,
    cpu_ratio: Any = 4.0,
    target: Any = 0.8,
    least: Any = 2.0,
) -> Array:
    """Hosts by totals, filled to a target share or whole with one host to spare.

    Parameters
    ----------
    vcpus, memory : array_like
        Virtual processors and memory of all VMs [vcpu] and [B].
    host_cores, host_memory : array_like
        Cores and memory of a host [core] and [B].
    cpu_ratio : array_like
        Virtual processors per core [vcpu/core].
    target : array_like
        Share to which hosts may be filled [1].
    least : array_like
        Fewest hosts that a provider sells [node].

    Returns
    -------
    float or ndarray
        Hosts [node]; a lower bound, since it divides totals.

    Raises
    ------
    ValueError
        If a host, the ratio or the target is not positive or a demand is negative.

    Notes
    -----
    max(ceil(vcpus / (cores ratio target)), ceil(memory / (host memory target)),
    ceil(vcpus / (cores ratio)) + 1, ceil(memory / host memory) + 1, least).

    References
    ----------
    KimTholstorf/rvtools-skill, ``references/sizing.md``.

    Examples
    --------
    >>> headroom_hosts(2930, 11775, 128, 2048, least=3)
    8.0
    """
    per_cpu = positive(host_cores, "host_cores") * positive(cpu_ratio, "cpu_ratio")
    share = positive(target, "target")
    hosts = np.asarray(least, dtype=float)
    for need, each in (
        (amount(vcpus, "vcpus"), per_cpu),
        (amount(memory, "memory"), positive(host_memory, "host_memory")),
    ):
        hosts = np.maximum(hosts, np.ceil(need / (each * share)))
        hosts = np.maximum(hosts, np.ceil(need / each) + 1)
    return plain(hosts)


def tiered_hosts(
    vm_count: Any,
    vm_vcpus: Any,
    vm_memory: Any,
    tier_cpu_ratio: Any,
    host_processors: Any,
    host_memory: Any,
    memory_headroom: Any = 0.2,
    growth: Any = 0.0,
    spare_hosts: Any = 1.0,
    least: Any = 2.0,
) -> Array:
    """Hosts by totals, each tier of VMs with its own processor ratio.

    Parameters
    ----------
    vm_count, vm_vcpus, vm_memory, tier_cpu_ratio : array_like, shape (tiers, ...)
        VMs of each tier [vm], virtual processors [vcpu] and memory [B] of one, and virtual
        processors per host processor [1].
    host_processors, host_memory : array_like, shape (...)
        Processors, or threads where they are counted as such, and memory of a host [1] and [B].
    memory_headroom : array_like, shape (...)
        Share of the memory that stays free [1].
    growth : array_like, shape (...)
        Growth of the demand [1].
    spare_hosts : array_like, shape (...)
        Hosts beyond the need [node].
    least : array_like, shape (...)
        Fewest hosts before the spare ones [node].

    Returns
    -------
    float or ndarray, shape (...)
        Hosts [node]; a lower bound, since it divides totals.

    Raises
    ------
    ValueError
        If a host or a ratio is not positive, a demand is negative or the headroom is not a share.

    Notes
    -----
    max(ceil(sum(n v / ratio) (1 + g) / processors), ceil(sum(n m) / (1 - headroom) (1 + g) /
    memory), least) + spare.

    References
    ----------
    ClusterSizer at 7eb86b7, which counts the threads of a host as its cores.

    Examples
    --------
    >>> tiered_hosts([15, 25], [8, 2], [32, 8], [1, 8], 80, 384, growth=0.2)
    4.0
    """
    count, ratio = (
        amount(vm_count, "vm_count"),
        positive(tier_cpu_ratio, "tier_cpu_ratio"),
    )
    free = np.asarray(memory_headroom, dtype=float)
    require((free >= 0) & (free < 1), free, "memory_headroom", "at least 0 and below 1")
    larger = 1.0 + np.asarray(growth, dtype=float)
    cpu = (count * amount(vm_vcpus, "vm_vcpus") / ratio).sum(axis=0) * larger
    memory = (count * amount(vm_memory, "vm_memory")).sum(axis=0) / (1.0 - free) * larger
    hosts = np.maximum(
        np.ceil(cpu / positive(host_processors, "host_processors")),
        np.ceil(memory / positive(host_memory, "host_memory")),
    )
    return plain(np.maximum(hosts, least) + spare_hosts)


def share_per_survivor(demand: Any, hosts: Any, per_unit: Any = 1.0, losses: Any = 1.0) -> Array:
    """What each host must have for the demand to fit those that survive.

    Parameters
    ----------
    demand : array_like
        Demand of all VMs for one resource [1].
    hosts : array_like
        Hosts, more than the losses [node].
    per_unit : array_like
        Demand that a unit of the host carries: the processor ratio, or 1 [1].
    losses : array_like
        Hosts that may be lost [node].

    Returns
    -------
    float or ndarray
        Least size of each host in whole units [1].

    Raises
    ------
    ValueError
        If no host survives, or a number is negative.

    Notes
    -----
    ceil(demand / per unit / (hosts - losses)).

    References
    ----------
    fjacquet/vcf-sizer.

    Examples
    --------
    >>> share_per_survivor(100, 5, per_unit=2), share_per_survivor(200, 5)
    (13.0, 50.0)
    """
    left = np.asarray(hosts, dtype=float) - np.asarray(losses, dtype=float)
    require(left > 0, left, "hosts less losses", "positive")
    return plain(np.ceil(amount(demand, "demand") / positive(per_unit, "per_unit") / left))


def needed_cpu_ratio(vcpus: Any, threads: Any, reserved: Any = 0.0, pinned: Any = 0.0) -> Array:
    """Overcommit ratio that a demand for virtual processors needs.

    Parameters
    ----------
    vcpus : array_like
        Virtual processors of all VMs that share processors [vcpu].
    threads : array_like
        Processors of the hosts that the ratio counts: threads or cores [thread].
    reserved, pinned : array_like
        Processors kept for the hosts, and for VMs that do not share [thread].

    Returns
    -------
    float or ndarray
        Ratio [vcpu/thread].

    Raises
    ------
    ValueError
        If no processor is left to share, or a number is negative.

    Notes
    -----
    vcpus / (threads - reserved - pinned).

    References
    ----------
    Genestack documentation, overcommit ratio calculator.

    Examples
    --------
    >>> needed_cpu_ratio(60 * 8, 72, 8), needed_cpu_ratio(60 * 8, 72, 8, 16)
    (7.5, 10.0)
    """
    left = np.asarray(threads, dtype=float) - amount(reserved, "reserved")
    left = left - amount(pinned, "pinned")
    require(left > 0, left, "threads left to share", "positive")
    return plain(amount(vcpus, "vcpus") / left)


def least_hosts(capacity: Callable[[int], float], vms: float, most: int = 10_000) -> int | None:
    """Fewest hosts on which a number of VMs fits, by any rule that says how many VMs fit.

    Parameters
    ----------
    capacity : callable
        VMs that a number of hosts takes; must not fall with more hosts.
    vms : float
        VMs wanted [vm].
    most : int
        Most hosts that are considered [node].

    Returns
    -------
    int or None
        Hosts [node]: with one less the VMs do not fit. None where even the most are too few.

    Raises
    ------
    ValueError
        If the VMs are negative or unknown.

    Notes
    -----
    Bisection on the same function that answers how many VMs fit, so the three questions agree:
    n VMs fit on H hosts if n <= vms(H), that is if hosts(n) <= H.

    References
    ----------
    Definition.

    Examples
    --------
    >>> least_hosts(lambda hosts: 7 * hosts - 7, 105)
    16
    """
    if not vms >= 0:
        raise ValueError(f"vms must be zero or positive, got {vms:g}")
    if capacity(most) < vms:
        return None
    too_few, enough = -1, most
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if capacity(middle) >= vms else (middle, enough)
    return enough
