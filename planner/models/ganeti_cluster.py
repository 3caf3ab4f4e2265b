"""The nodes of a Ganeti cluster, and how many VMs of one size each of them takes by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from planner.models.arguments import amount, positive, share

Arrays: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Indices: TypeAlias = np.ndarray[Any, np.dtype[np.intp]]

STORAGES = ("plain", "shared", "drbd")


class Vm(NamedTuple):
    """Memory [MiB], disk on each of its nodes [MiB] and virtual processors [vcpu] of a VM."""

    memory: Any
    disk: Any
    vcpus: Any


class Settled(NamedTuple):
    """A VM that is already there, with its node and, where it is mirrored, its secondary node."""

    vm: Vm
    node: int
    secondary: int = -1


@dataclass(frozen=True)
class Cluster:
    """Nodes (first axis) with their sizes, what is still free on them, and the soft limits."""

    memory: Arrays
    disk: Arrays
    threads: Arrays
    spindles: Arrays
    free_memory: Arrays
    free_disk: Arrays
    free_spindles: Arrays
    used_cpus: Arrays
    group: Indices
    cpu_ratio: Arrays
    min_disk_ratio: Arrays
    local: bool

    def unknown(self) -> bool:
        """Return whether a size or a limit is NaN."""
        nodes = (
            self.free_memory,
            self.free_disk,
            self.threads,
            self.spindles,
            self.used_cpus,
        )
        limits = (self.cpu_ratio, self.min_disk_ratio)
        return any(bool(np.isnan(value).any()) for value in (*nodes, *limits))

    def groups(self) -> list[Indices]:
        """Return the nodes of each group."""
        order = np.argsort(self.group, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.group))[:-1])

    def with_vms(self, settled: Sequence[Settled]) -> Cluster:
        """Return the cluster with these VMs on it."""
        memory, disk = self.free_memory.copy(), self.free_disk.copy()
        spindles, cpus = self.free_spindles.copy(), self.used_cpus.copy()
        for vm, node, secondary in settled:
            memory[node] -= vm.memory
            cpus[node] += vm.vcpus
            for copy in (node, secondary) if secondary >= 0 else (node,):
                disk[copy] -= vm.disk
                spindles[copy] -= 1
        return replace(
            self,
            free_memory=memory,
            free_disk=disk,
            free_spindles=spindles,
            used_cpus=cpus,
        )

    def hard_limit(self, vm: Vm) -> Arrays:
        """VMs that each node holds with some memory, and some local disk, left over."""
        fitting = with_some_left(self.free_memory, vm.memory)
        if self.local:
            fitting = np.minimum(fitting, with_some_left(self.free_disk, vm.disk))
        return fitting

    def disk_limit(self, vm: Vm) -> Arrays:
        """Copies that the local disk and the spindles of each node admit."""
        above_minimum = self.free_disk - np.floor(self.min_disk_ratio * self.disk)
        copies = np.minimum(np.floor(above_minimum / vm.disk), np.floor(self.free_spindles))
        copies = np.minimum(with_some_left(self.free_disk, vm.disk), copies)
        return np.asarray(np.maximum(copies, 0.0))

    def cpu_limit(self, vm: Vm) -> Arrays:
        """VMs that the processors of each node admit, by the quotient that Ganeti compares."""
        fitting = np.floor((self.cpu_ratio * self.threads - self.used_cpus) / vm.vcpus)
        one_more = (self.used_cpus + (fitting + 1) * vm.vcpus) / self.threads <= self.cpu_ratio
        too_many = (self.used_cpus + fitting * vm.vcpus) / self.threads > self.cpu_ratio
        return np.asarray(np.maximum(fitting + one_more - too_many, 0.0))

    def soft_limit(self, vm: Vm) -> Arrays:
        """VMs (or, where mirrored, primaries) that each node admits."""
        fitting = np.minimum(self.hard_limit(vm), self.cpu_limit(vm))
        return np.minimum(fitting, self.disk_limit(vm)) if self.local else fitting


def with_some_left(free: Arrays, need: Any) -> Arrays:
    """Most needs of which some of the free amount is left over."""
    return np.asarray(np.maximum(np.ceil(free / need) - 1.0, 0.0))


def empty_cluster(
    node_memory: Any,
    node_disk: Any,
    node_threads: Any,
    reserved_memory: Any,
    reserved_cpus: Any,
    node_spindles: Any,
    node_group: Sequence[Any] | None,
    storage: str,
    cpu_ratio: Any,
    min_disk_ratio: Any,
    spindle_ratio: Any,
    trailing: int = 0,
) -> Cluster:
    """Return the cluster that the arguments of the public functions describe."""
    if storage not in STORAGES:
        raise ValueError(f"storage must be one of {', '.join(STORAGES)}, got {storage!r}")
    memory = np.atleast_1d(amount(node_memory, "node_memory"))
    columns = [
        memory,
        amount(node_disk, "node_disk"),
        positive(node_threads, "node_threads"),
        positive(node_spindles, "node_spindles"),
        amount(reserved_memory, "reserved_memory"),
        amount(reserved_cpus, "reserved_cpus"),
    ]
    trailing = max(trailing, *(column.ndim - 1 for column in columns))
    memory, disk, threads, spindles, reserved, used = (
        _nodes_first(column, memory.shape[0], trailing) for column in columns
    )
    spindles = spindles * amount(spindle_ratio, "spindle_ratio")
    return Cluster(
        memory,
        disk,
        threads,
        spindles,
        memory - reserved,
        disk,
        spindles,
        used,
        group_codes(node_group, memory.shape[0]),
        amount(cpu_ratio, "cpu_ratio"),
        share(min_disk_ratio, "min_disk_ratio"),
        local=storage != "shared",
    )


def _nodes_first(values: Arrays, nodes: int, trailing: int) -> Arrays:
    """Spread one value over the nodes, or put the nodes' own axis before the trailing ones."""
    if values.ndim == 0:
        values = np.broadcast_to(values, (nodes,))
    if values.shape[0] != nodes:
        raise ValueError(f"one value a node is wanted: {nodes}, got {values.shape[0]}")
    return values.reshape(nodes, *(1,) * (trailing + 1 - values.ndim), *values.shape[1:])


def group_codes(node_group: Sequence[Any] | None, nodes: int) -> Indices:
    """Return the groups as numbers from 0."""
    if node_group is None:
        return np.zeros(nodes, dtype=np.intp)
    if len(node_group) != nodes:
        raise ValueError(
            f"node_group must name a group for each of {nodes} nodes, got {len(node_group)}"
        )
    return np.asarray(np.unique(np.asarray(node_group), return_inverse=True)[1], dtype=np.intp)


def settled_vms(instances: Sequence[Sequence[float]], nodes: int, storage: str) -> list[Settled]:
    """Return the VMs that are already there, checked."""
    fields = 5 if storage == "drbd" else 4
    settled = []
    for instance in instances:
        if len(instance) != fields:
            raise ValueError(
                "an instance is (node, memory, disk, vcpus"
                + (", secondary)" if fields == 5 else ")")
                + f" on {storage} storage, got {tuple(instance)}"
            )
        places = [int(instance[0]), *(int(place) for place in instance[4:])]
        if len(set(places)) < len(places) or not all(0 <= place < nodes for place in places):
            raise ValueError(
                f"an instance must be on different nodes 0 to {nodes - 1}, got {places}"
            )
        settled.append(Settled(Vm(*instance[1:4]), *places))
    return settled
