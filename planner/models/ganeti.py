"""How many more VMs of one size a Ganeti cluster takes: the law that ``hspace`` obeys.

A VM is refused where no memory, or no local disk, would be left over (hard limits); where the
processors would be promised more often than the ratio allows, less than the minimum free disk
would be left, or a node would carry more local disks than its spindles allow (soft limits). N+1
asks that every node can be emptied onto the rest of its group within the hard limits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from planner.models.arguments import amount, positive
from planner.models.combinatorics import plain
from planner.models.dimensions import Array
from planner.models.ganeti_cluster import (
    Arrays,
    Cluster,
    Indices,
    Settled,
    Vm,
    empty_cluster,
    settled_vms,
    with_some_left,
)
from planner.models.ganeti_evacuation import room_without, stepwise_capacity
from planner.models.ganeti_mirror import (
    Mirrors,
    equal_nodes_capacity,
    mirrored_capacity,
)

_PLENTY = 1e12
_MOST_STEPS = 3e5


class GanetiLimits(NamedTuple):
    """VMs that each limit alone admits, the answer, and the names of the limits that set it."""

    memory: float
    disk: float
    cpu: float
    spindles: float
    without_failover: float
    vms: float
    binding: tuple[str, ...]


def ganeti_capacity(
    node_memory: Any,
    node_disk: Any,
    node_threads: Any,
    vm_memory: float,
    vm_disk: float,
    vm_vcpus: float,
    storage: str = "plain",
    cpu_ratio: float = 4.0,
    reserved_memory: Any = 0,
    reserved_cpus: Any = 1,
    min_disk_ratio: float = 0.0,
    node_group: Sequence[Any] | None = None,
    n_plus_one: bool = True,
    instances: Sequence[Sequence[float]] = (),
    spindle_ratio: float = 32.0,
    node_spindles: Any = 1,
    drbd_metadata: float = 128.0,
) -> float:
    """More VMs of one size that a Ganeti cluster of any nodes takes.

    Parameters
    ----------
    node_memory, node_disk : array_like, shape (nodes,)
        Memory and local disk of each node [MiB].
    node_threads : array_like, shape (nodes,)
        Hardware threads of each node [thread].
    vm_memory, vm_disk : float
        Memory and disk of the VM [MiB].
    vm_vcpus : float
        Virtual processors of the VM [vcpu].
    storage : {"plain", "shared", "drbd"}
        Disk on one node; on storage that every node reaches (``rbd`` and the like); mirrored on
        two nodes.
    cpu_ratio : float
        Virtual processors that may be promised per thread [vcpu/thread].
    reserved_memory : array_like, shape (nodes,) or scalar
        Memory that the host itself holds [MiB].
    reserved_cpus : array_like, shape (nodes,) or scalar
        Virtual processors that the host itself counts for [vcpu].
    min_disk_ratio : float
        Share of each node's disk that stays free, 0 .. 1 [1].
    node_group : sequence, shape (nodes,), optional
        Group of each node, any labels; VMs fail over within a group. Default: one group.
    n_plus_one : bool
        Whether every node must be able to fail.
    instances : sequence of (node, memory, disk, vcpus) or (node, memory, disk, vcpus, secondary)
        VMs already there, the oldest first, of the same storage: index of the node, memory [MiB],
        disk on each of its nodes [MiB], virtual processors [vcpu]; for ``drbd`` also the index of
        the secondary node.
    spindle_ratio : float
        Local disks that a node may carry per spindle [1].
    node_spindles : array_like, shape (nodes,) or scalar
        Spindles of each node [1].
    drbd_metadata : float
        Disk that a mirrored VM takes on each node besides its own [MiB].

    Returns
    -------
    int
        VMs [vm]; NaN where an argument is NaN (unknown).

    Raises
    ------
    ValueError
        If an argument is negative, the VM has no memory, vcpu or local disk, the storage is not
        known, an array does not have one value a node, or an instance is malformed.

    Notes
    -----
    With free memory F, free disk D, threads t and used virtual processors u of a node, and a VM
    of m, d and v::

        h = min(ceil(F / m), ceil(D / d)) - 1                                        hard
        s = min(h, floor((D - floor(r disk)) / d), max k: (u + k v) / t <= ratio,
                spindle_ratio spindles - local disks there)                          soft
        plain, shared:   sum s;   with N+1, per group, min(sum s, sum h - max h)

    because node i can be emptied exactly if the rest of its group holds all VMs within the hard
    limits, wherever they are. Shared storage leaves out the terms in d and the spindles.

    Where nodes already hold VMs, N+1 depends on the order in which the allocator would move them,
    so it is followed step by step. That takes some seconds where nodes times VMs reach 3e5;
    beyond, the room that a tight packing of those VMs would leave stands for it, which is not
    too low but may be more than the allocator's own moves reach. Where the cluster as it is could
    not lose a node, nothing is admitted anywhere.

    ``drbd`` is the largest number for which a placement exists: two copies on different nodes of
    a group, and on each node more free memory than the VMs of any one peer mirrored there need,
    which Ganeti asks with and without N+1. The greedy ``hspace`` reaches it or stays below. The
    search ends with a proof for all but a few clusters in ten thousand. For these, up to 32 nodes
    in a group are searched by at most 100 linear programs; beyond, the most that was found is
    returned, for which a placement exists.

    ``hspace`` counts a mirrored VM without its metadata; ``drbd_metadata=0`` does the same.

    References
    ----------
    Ganeti 3.0.2, ``Node.hs``, ``GlobalN1.hs``, ``Cluster.hs``, ``Evacuate.hs`` (htools).

    Examples
    --------
    Sixteen nodes of 16 GiB hold seven VMs of 2 GiB each, not eight, and one node may fail.

    >>> nodes = ([16384] * 16, [245760] * 16, [4] * 16)
    >>> ganeti_capacity(*nodes, 2048, 20480, 1, n_plus_one=False)
    112
    >>> ganeti_capacity(*nodes, 2048, 20480, 1)
    105
    >>> ganeti_capacity(*nodes, 2048, 20480, 1, storage="drbd")
    88
    """
    vm = _vm(vm_memory, vm_disk, vm_vcpus, storage, drbd_metadata)
    empty = empty_cluster(
        *(
            node_memory,
            node_disk,
            node_threads,
            reserved_memory,
            reserved_cpus,
            node_spindles,
        ),
        *(node_group, storage, cpu_ratio, min_disk_ratio, spindle_ratio),
    )
    settled = settled_vms(instances, empty.memory.size, storage)
    if empty.unknown() or np.isnan([*vm, *(x for one in settled for x in one.vm)]).any():
        return math.nan
    cluster = empty.with_vms(settled)
    if (cluster.free_memory < 0).any():
        return 0
    if storage == "drbd":
        return _mirrored(cluster, settled, vm)
    return _single(cluster, settled, vm, n_plus_one)


def ganeti_capacity_many(
    node_memory: Any,
    node_disk: Any,
    node_threads: Any,
    vm_memory: Any,
    vm_disk: Any,
    vm_vcpus: Any,
    storage: str = "plain",
    cpu_ratio: Any = 4.0,
    reserved_memory: Any = 0,
    reserved_cpus: Any = 1,
    min_disk_ratio: Any = 0.0,
    node_group: Sequence[Any] | None = None,
    n_plus_one: bool = True,
    spindle_ratio: Any = 32.0,
    node_spindles: Any = 1,
    drbd_metadata: Any = 128.0,
) -> Array:
    """VMs of one size that each of many empty Ganeti clusters takes, in one call.

    Parameters
    ----------
    node_memory, node_disk : array_like, shape (nodes, ...)
        Memory and local disk of each node [MiB]. The nodes' axis comes first, every other axis is
        carried along. A node of no memory stands for a place left empty.
    node_threads : array_like, shape (nodes, ...)
        Hardware threads of each node [thread].
    vm_memory, vm_disk : array_like, shape (...)
        Memory and disk of the VM [MiB].
    vm_vcpus : array_like, shape (...)
        Virtual processors of the VM [vcpu].
    storage : {"plain", "shared", "drbd"}
        As for `ganeti_capacity`; for ``drbd`` the nodes of each cluster must be equal.
    cpu_ratio : array_like, shape (...)
        Virtual processors that may be promised per thread [vcpu/thread].
    reserved_memory, reserved_cpus, node_spindles : array_like, shape (nodes, ...) or scalar
        What the host itself holds [MiB] and counts for [vcpu], and its spindles [1].
    min_disk_ratio, spindle_ratio : array_like, shape (...)
        Share of the disk that stays free, and local disks per spindle [1].
    node_group : sequence, shape (nodes,), optional
        Group of each node, the same in every cluster.
    n_plus_one : bool
        Whether every node must be able to fail.
    drbd_metadata : array_like, shape (...)
        Disk that a mirrored VM takes on each node besides its own [MiB].

    Returns
    -------
    float or ndarray, shape (...)
        VMs [vm]; NaN where an argument is NaN (unknown).

    Raises
    ------
    ValueError
        As `ganeti_capacity`; and for ``drbd`` if the nodes of a group differ.

    Notes
    -----
    The closed form of `ganeti_capacity`. For ``drbd``, with n equal nodes of c copies, p
    primaries and q VM memories, each runs the most P for which P <= p, 2 P <= c and
    n P <= (n - 1) q (the peers' VMs evenly mirrored), and some one more, as far as what is left
    over in total allows.

    References
    ----------
    Ganeti 3.0.2, ``Node.hs``, ``GlobalN1.hs`` (htools).

    Examples
    --------
    >>> memory = np.full((16, 2), [16384.0, 16385.0])
    >>> ganeti_capacity_many(memory, 245760.0, 4.0, 2048, 20480, 1, n_plus_one=False)
    array([112., 128.])
    """
    vm = _vm(vm_memory, vm_disk, vm_vcpus, storage, drbd_metadata)
    trailing = [np.ndim(x) for x in (*vm, cpu_ratio, min_disk_ratio, spindle_ratio)]
    cluster = empty_cluster(
        *(
            node_memory,
            node_disk,
            node_threads,
            reserved_memory,
            reserved_cpus,
            node_spindles,
        ),
        *(node_group, storage, cpu_ratio, min_disk_ratio, spindle_ratio, max(trailing)),
    )
    soft, hard = cluster.soft_limit(vm), cluster.hard_limit(vm)
    if storage == "drbd":
        memories = with_some_left(cluster.free_memory, vm.memory)
        return plain(_equal_nodes(cluster, cluster.disk_limit(vm), soft, memories))
    return plain(sum(_with_spare_node(soft, hard, n_plus_one, nodes) for nodes in cluster.groups()))


def ganeti_limits(
    node_memory: Any,
    node_disk: Any,
    node_threads: Any,
    vm_memory: float,
    vm_disk: float,
    vm_vcpus: float,
    **policy: Any,
) -> GanetiLimits:
    """VMs that each limit alone would admit, and which limit binds.

    Parameters
    ----------
    node_memory, node_disk, node_threads, vm_memory, vm_disk, vm_vcpus
        As for `ganeti_capacity` [MiB], [MiB], [thread], [MiB], [MiB] and [vcpu].
    **policy
        Further arguments of `ganeti_capacity`.

    Returns
    -------
    GanetiLimits
        Memory, disk, processors and spindles each alone and without N+1; all together without
        and with N+1; and the names that bind: ``"n+1"`` where it takes VMs away, and the least of
        the others, all of them on a tie.

    Raises
    ------
    ValueError
        As `ganeti_capacity`.

    References
    ----------
    Ganeti 3.0.2, ``Node.hs``, ``GlobalN1.hs`` (htools).

    Examples
    --------
    >>> ganeti_limits([16384] * 16, [245760] * 16, [4] * 16, 2048, 20480, 1).binding
    ('memory', 'n+1')
    """
    design = {
        "node_memory": node_memory,
        "node_disk": node_disk,
        "node_threads": node_threads,
        "vm_memory": vm_memory,
        "vm_disk": vm_disk,
        "vm_vcpus": vm_vcpus,
        **policy,
    }
    plenty: dict[str, dict[str, Any]] = {
        "memory": {"node_memory": np.full(np.shape(node_memory), _PLENTY)},
        "disk": {"node_disk": _PLENTY, "min_disk_ratio": 0.0},
        "cpu": {"cpu_ratio": _PLENTY},
        "spindles": {"spindle_ratio": _PLENTY},
    }
    alone = {}
    for limit in plenty:
        others = [change for name, change in plenty.items() if name != limit]
        relaxed = {**design, "n_plus_one": False}
        for change in others:
            relaxed |= change
        unlimited = policy.get("storage") == "shared" and limit in ("disk", "spindles")
        alone[limit] = math.inf if unlimited else ganeti_capacity(**relaxed)
    without_failover = ganeti_capacity(**{**design, "n_plus_one": False})
    vms = ganeti_capacity(**design)
    binding = [limit for limit, count in alone.items() if count == min(alone.values())]
    if vms < without_failover:
        binding.append("n+1")
    return GanetiLimits(**alone, without_failover=without_failover, vms=vms, binding=tuple(binding))


def _vm(memory: Any, disk: Any, vcpus: Any, storage: str, metadata: Any) -> Vm:
    """Return the size asked for, checked, with what a mirrored disk takes besides."""
    extra = amount(metadata, "drbd_metadata") if storage == "drbd" else 0.0
    return Vm(
        positive(memory, "vm_memory"),
        (amount if storage == "shared" else positive)(disk, "vm_disk") + extra,
        positive(vcpus, "vm_vcpus"),
    )


def _single(cluster: Cluster, settled: Sequence[Settled], vm: Vm, n_plus_one: bool) -> int:
    """Return the VMs of one copy each."""
    soft, hard = cluster.soft_limit(vm), cluster.hard_limit(vm)
    groups = cluster.groups()
    if not (n_plus_one and settled):
        return int(sum(_with_spare_node(soft, hard, n_plus_one, nodes) for nodes in groups))
    if all(_surely_emptied(soft, hard, settled, vm, nodes, cluster.local) for nodes in groups):
        return int(soft.sum())
    if soft.size * (soft.sum() + len(settled)) <= _MOST_STEPS:
        return stepwise_capacity(cluster, settled, vm)
    room = [
        min(room_without(cluster, settled, vm, int(node), nodes) for node in nodes)
        for nodes in groups
    ]
    if min(room) < 0:
        return 0
    return int(sum(min(soft[nodes].sum(), left) for nodes, left in zip(groups, room, strict=True)))


def _with_spare_node(soft: Arrays, hard: Arrays, n_plus_one: bool, nodes: Indices) -> Arrays:
    """VMs of a group of empty nodes, any one of which can be emptied if that is asked."""
    admitted = soft[nodes].sum(axis=0)
    if n_plus_one:
        admitted = np.minimum(admitted, hard[nodes].sum(axis=0) - hard[nodes].max(axis=0))
    return np.asarray(admitted)


def _surely_emptied(
    soft: Arrays,
    hard: Arrays,
    settled: Sequence[Settled],
    vm: Vm,
    nodes: Indices,
    local: bool,
) -> bool:
    """Return whether the group can be filled to its soft limits and still lose any node.

    A VM uses up as many of the VMs asked for as cover its memory and disk, and it fits wherever
    so many are left; some node has them left as long as all but that many less one on every
    other node are not used up.
    """
    units, largest = np.zeros(hard.size), np.ones(hard.size)
    for (memory, disk, _), node, _ in settled:
        unit = max(np.ceil(memory / vm.memory), np.ceil(disk / vm.disk) if local else 0.0)
        units[node] += unit
        largest[node] = max(largest[node], unit)
    others = hard[nodes].sum() - hard[nodes]
    stranded = max(nodes.size - 2, 0) * (largest[nodes] - 1)
    return bool((soft[nodes].sum() <= others - units[nodes] - stranded).all())


def _mirrored(cluster: Cluster, settled: Sequence[Settled], vm: Vm) -> int:
    """Return the VMs of two copies each, none if a node could not take over from a peer now."""
    nodes = cluster.memory.size
    kept = np.zeros((nodes if settled else 1, nodes))  # for the VMs of a peer (row), on a node
    for one in settled:
        kept[one.node, one.secondary] += one.vm.memory
    if (cluster.free_memory < kept.max(axis=0)).any():
        return 0
    able = cluster.free_memory > kept.max(axis=0)
    copies = np.where(able, cluster.disk_limit(vm), 0.0)
    memories = with_some_left(cluster.free_memory - kept, vm.memory)
    primaries = np.minimum(np.minimum(cluster.soft_limit(vm), copies), memories.min(axis=0))
    total = 0
    for group in cluster.groups():
        between = memories[np.ix_(group, group)] if settled else memories[0, group]
        total += mirrored_capacity(Mirrors(copies[group], primaries[group], between))
    return total


def _equal_nodes(cluster: Cluster, copies: Arrays, primaries: Arrays, memories: Arrays) -> Arrays:
    """Return the mirrored VMs of clusters whose nodes are equal within each group."""
    total = np.zeros(copies.shape[1:])
    for nodes in cluster.groups():
        present = cluster.memory[nodes] > 0
        limits = [limit[nodes] for limit in (copies, primaries, memories)]
        most = [limit.max(axis=0) for limit in limits]
        for limit, largest in zip(limits, most, strict=True):
            if (present & (limit < largest)).any():
                raise ValueError("nodes of a group must be equal for drbd; use ganeti_capacity")
        total = total + equal_nodes_capacity(present.sum(axis=0), Mirrors(*most))
    return total
