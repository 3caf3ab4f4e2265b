"""N+1 on nodes that already hold VMs of other sizes: Ganeti's allocator followed step by step.

Which VMs fit where after a node's loss depends on the order in which they are moved and on where
each of them goes. Ganeti puts a VM where the nodes become most alike, and stops where no place is
left from which every node could still be emptied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from planner.models.ganeti_cluster import (
    Arrays,
    Cluster,
    Indices,
    Settled,
    Vm,
    with_some_left,
)

Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

_LOADS = 4.0  # processor, memory, disk and network load: each VM counts once for each
_LARGE_STEP = 20
_SMALL_STEP = 10


class _State:
    """The VMs on every node, and a row for each quantity that Ganeti wants evenly spread.

    A VM is given by what it adds to the rows: memory and disk, which are free, fall; virtual
    processors, VMs and spindles, which are used, rise.
    """

    def __init__(self, cluster: Cluster, settled: Sequence[Settled]) -> None:
        nodes = cluster.memory.shape[0]
        self.cluster = cluster
        self.held: list[list[Arrays]] = [[] for _ in range(nodes)]
        for one in settled:
            self.held[one.node].insert(0, self.change(one.vm))
        counts = np.array([len(vms) for vms in self.held], dtype=float)
        rows = [cluster.free_memory, cluster.used_cpus, counts]
        sizes = [cluster.memory, cluster.threads, np.full(nodes, 1.0 / _LOADS)]
        if cluster.local:
            rows += [cluster.free_disk, cluster.spindles - cluster.free_spindles]
            sizes += [cluster.disk, cluster.spindles]
        self.rows, self.sizes = np.array(rows), np.array(sizes)
        self.least_disk = np.floor(cluster.min_disk_ratio * cluster.disk)
        self.asked = list(range(nodes))  # shared by all copies

    def copy(self) -> _State:
        """Return a state that may be changed apart from this one."""
        other = object.__new__(_State)
        other.__dict__.update(self.__dict__, rows=self.rows.copy(), held=list(self.held))
        return other

    def change(self, vm: Vm) -> Arrays:
        """Return what a VM adds to the rows of its node, as a column."""
        change = [-vm.memory, vm.vcpus, 1.0]
        change += [-vm.disk, 1.0] if self.cluster.local else []
        return np.array(change, dtype=float)[:, None]

    def put(self, vm: Arrays, node: int) -> None:
        """Put a VM on a node, as the newest."""
        self.rows[:, node] += vm[:, 0]
        self.held[node] = [vm, *self.held[node]]

    def room(self, vm: Arrays, soft: bool) -> Flags:
        """Return where the VM is admitted."""
        after = self.rows + vm
        room = np.asarray(after[0] > 0)
        if self.cluster.local:
            room &= after[3] > 0
        if soft:
            room &= after[1] / self.cluster.threads <= self.cluster.cpu_ratio
            if self.cluster.local:
                room &= (after[3] >= self.least_disk) & (after[4] <= self.cluster.spindles)
        return room

    def choices(self, vm: Arrays, admitted: Flags, compared: Indices | None = None) -> Indices:
        """Return the admitted nodes, first the one that makes the compared nodes most alike."""
        among = slice(None) if compared is None else compared
        sizes = self.sizes[:, among]
        share, change = self.rows[:, among] / sizes, vm / sizes
        count = share.shape[1]
        apart = share - share.sum(axis=1, keepdims=True) / count
        squares = (apart * apart).sum(axis=1, keepdims=True)
        squares = squares + change * (2 * apart + change * (1 - 1 / count))
        spread = np.full(admitted.shape, np.inf)
        spread[among] = np.sqrt(np.maximum(squares, 0.0) / count).sum(axis=0)
        nodes = admitted.nonzero()[0][::-1]  # of equals the later node is taken
        return nodes[spread[nodes].argsort(kind="stable")]


def stepwise_capacity(cluster: Cluster, settled: Sequence[Settled], vm: Vm) -> int:
    """Return the VMs that Ganeti's allocator adds before a node could no longer be emptied."""
    state, placed = _State(cluster, settled), 0
    step = _guess(state, vm)
    while True:
        ahead, added = _allocate(state, vm, step, safely=False)
        if _redundant(ahead):
            if not added:
                return placed
            state, placed = ahead, placed + added
            step = step if step == _SMALL_STEP else _guess(state, vm)
        elif step == _SMALL_STEP:
            return placed + _allocate(state, vm, None, safely=True)[1]
        else:
            step = _SMALL_STEP


def room_without(
    cluster: Cluster, settled: Sequence[Settled], vm: Vm, lost: int, group: Indices
) -> float:
    """Return the VMs that the group holds with a node's VMs tightly packed onto the others.

    Minus one if those VMs find no room. The largest go first, each to where it takes away least.
    """
    others = group[group != lost]
    memory, disk = cluster.free_memory[others], cluster.free_disk[others]

    def left(used_memory: float, used_disk: float) -> Arrays:
        fitting = with_some_left(memory - used_memory, vm.memory)
        if not cluster.local:
            return fitting
        return np.minimum(fitting, with_some_left(disk - used_disk, vm.disk))

    moved = [one.vm for one in settled if one.node == lost]
    for held in sorted(moved, key=lambda held: -held.memory):
        loss = left(0.0, 0.0) - left(held.memory, held.disk)
        loss[(memory <= held.memory) | (disk <= held.disk if cluster.local else False)] = np.inf
        if not np.isfinite(loss).any():
            return -1.0
        place = int(np.lexsort((memory, loss))[0])
        memory[place] -= held.memory
        disk[place] -= held.disk * cluster.local
    return float(left(0.0, 0.0).sum())


def _guess(state: _State, vm: Vm) -> int:
    """Return a number of VMs that probably fit, from the memory that is free."""
    free = float(state.rows[0].sum() - state.cluster.memory.max())
    return max(int(free // float(vm.memory)) - len(state.held), _LARGE_STEP)


def _allocate(state: _State, vm: Vm, most: int | None, safely: bool) -> tuple[_State, int]:
    """Add VMs one by one, each where every node can still be emptied if that is asked."""
    state, added, change = state.copy(), 0, state.change(vm)
    while most is None or added < most:
        for node in state.choices(change, state.room(change, soft=True)):
            ahead = state.copy() if safely else state
            ahead.put(change, int(node))
            if not safely or _redundant(ahead):
                break
        else:
            return state, added
        state, added = ahead, added + 1
    return state, added


def _redundant(state: _State) -> bool:
    """Return whether every node can be emptied onto the others of its group.

    A node that could not be emptied is asked first the next time.
    """
    for node in state.asked:
        if not _can_be_emptied(state, node):
            state.asked.remove(node)
            state.asked.insert(0, node)
            return False
    return True


def _can_be_emptied(state: _State, lost: int) -> bool:
    """Return whether the lost node's VMs find room on the others, each in its turn."""
    trial = state.copy()
    others = state.cluster.group == state.cluster.group[lost]
    group = np.flatnonzero(others)
    others[lost] = False
    local = state.cluster.local
    held = state.held[lost]
    for vm in sorted(held, key=lambda vm: float(vm[0, 0])) if local else held:
        if not local:
            trial.rows[:, lost] -= vm[:, 0]  # moved, where a local disk has to be made anew
        places = trial.choices(vm, others & trial.room(vm, soft=False), None if local else group)
        if not places.size:
            return False
        trial.rows[:, int(places[0])] += vm[:, 0]
    return True
