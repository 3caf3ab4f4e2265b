"""What all VMs share: the storage of their disks, and what the policy keeps of the whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from planner.models.density import storage_bound_vms
from planner.models.failover import slot_bound_vms, slot_cpu, slot_memory
from planner.packing import Flavour, Unplaced
from planner.placing.given import Given, Rows, host_rows, number

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Budget:
    """Something of which all VMs together may use so much.

    Parameters
    ----------
    name : str
        What it is.
    room : float
        How much there is.
    needs : mapping of str to float
        What a VM of each flavour takes.
    rule : str
        Why a VM that exceeds it is left out.
    """

    name: str
    room: float
    needs: Mapping[str, float]
    rule: str


def budgets_of(given: Given, flavours: Rows) -> tuple[Budget, ...]:
    """The budgets of a design."""
    return (*_storage(given, flavours), *_policy(given, flavours))


def _storage(given: Given, flavours: Rows) -> Iterator[Budget]:
    if "vm_store_capacity" in given:
        room = number(given, "vm_store_capacity") * number(given, "disk_overcommit")
        needs = {name: row["flavour_disk"] for name, row in flavours.items()}
        yield Budget("storage", room * (1.0 + _ROUNDING), needs, "the shared storage is full")
    room = number(given, "vm_store_iops", math.nan)
    if "vm_store_capacity" in given and not math.isnan(room):
        needs = {name: row.get("flavour_iops", 0.0) for name, row in flavours.items()}
        yield Budget("storage IOPS", room, needs, "the drives of the shared storage are busy")


def _policy(given: Given, flavours: Rows) -> Iterator[Budget]:
    """What Ganeti's mirrors and vSphere HA leave of all hosts together."""
    one_each = dict.fromkeys(flavours, 1.0)
    if "mirror_bound_vms" in given and len(flavours) == 1:
        room = number(given, "mirror_bound_vms")
        yield Budget("mirrored VMs", room, one_each, "Ganeti places no more mirrored VMs")
    if "slot_failover_hosts" in given and flavours:
        yield Budget("slots", _slots(given, flavours), one_each, "vSphere HA has no slot left")
    if "failover_share" in given and flavours:
        yield from _shares(given, flavours)


def _slots(given: Given, flavours: Rows) -> float:
    hosts = host_rows(given).values()
    count, cores, memory, kept = (
        np.array([row[f"host_{key}"] for row in hosts])
        for key in ("count", "cores", "memory", "memory_reserve")
    )
    wanted, vcpus, sizes = (
        np.array([row[f"flavour_{key}"] for row in flavours.values()])
        for key in ("count", "vcpus", "memory")
    )
    cpu = slot_cpu(wanted, vcpus, number(given, "cpu_reservation"), number(given, "least_slot_cpu"))
    ram = slot_memory(
        wanted, sizes, number(given, "memory_reservation"), number(given, "vm_overhead")
    )
    failures = number(given, "slot_failover_hosts")
    return float(slot_bound_vms(count, cores, memory, kept, cpu, ram, failures))


def _shares(given: Given, flavours: Rows) -> Iterator[Budget]:
    hosts = host_rows(given).values()
    left = 1.0 - number(given, "failover_share")
    cores = sum(row["host_count"] * row["host_cores"] for row in hosts)
    memory = sum(
        row["host_count"] * max(row["host_memory"] - row["host_memory_reserve"], 0.0)
        for row in hosts
    )
    cpu, ram = number(given, "cpu_reservation"), number(given, "memory_reservation")
    overhead = number(given, "vm_overhead")
    rule = "vSphere HA keeps the rest free for failover"
    needs = {name: row["flavour_vcpus"] * cpu for name, row in flavours.items()}
    yield Budget("reserved processors", cores * left, needs, rule)
    needs = {name: row["flavour_memory"] * ram + overhead for name, row in flavours.items()}
    yield Budget("reserved memory", memory * left, needs, rule)


def within(
    budgets: tuple[Budget, ...], flavours: tuple[Flavour, ...]
) -> tuple[list[Flavour], list[Unplaced]]:
    """The VMs that fit all budgets, and the others: those that need most are left out first."""
    kept = {one.name: one for one in flavours}
    left_over: list[Unplaced] = []
    for budget in budgets:
        left_over += _cut(budget, kept)
    return [one for one in kept.values() if one.count], left_over


def _cut(budget: Budget, kept: dict[str, Flavour]) -> list[Unplaced]:
    """Take VMs away until the others are within one budget."""
    excess = math.fsum(one.count * budget.needs[one.name] for one in kept.values()) - budget.room
    cut: list[tuple[str, int]] = []
    for flavour in sorted(kept.values(), key=lambda one: -budget.needs[one.name]):
        need = budget.needs[flavour.name]
        if excess > _ROUNDING * budget.room and need > 0:
            out = min(flavour.count, _fewest(budget, kept, flavour, excess))
            excess -= out * need
            kept[flavour.name] = fewer(flavour, out)
            cut.append((flavour.name, out))
    free = max(-excess, 0.0)
    return [
        Unplaced(name, out, budget.name, budget.needs[name], free, budget.rule)
        for name, out in cut
        if out
    ]


def _fewest(budget: Budget, kept: dict[str, Flavour], flavour: Flavour, excess: float) -> int:
    """VMs of a flavour to be left out; where it is the only one, what the model says."""
    need = budget.needs[flavour.name]
    if sum(one.count > 0 for one in kept.values()) == 1:
        return max(flavour.count - int(storage_bound_vms(budget.room, 1.0, need)), 0)
    return math.ceil(excess / need)


def fewer(flavour: Flavour, out: int) -> Flavour:
    """A flavour without so many of its VMs, those that are pinned last."""
    left = flavour.count - out
    pinned: dict[str, int] = {}
    for host, number_ in flavour.pinned.items():
        pinned[host] = min(number_, left - sum(pinned.values()))
    kept = {host: number_ for host, number_ in pinned.items() if number_}
    return replace(flavour, count=left, pinned=kept, vms=tuple(flavour.vms)[:left])
