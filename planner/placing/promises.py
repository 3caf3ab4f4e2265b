"""What each kind of host may promise to VMs, by the admission rule's own arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.models.density import (
    MIB,
    cpu_bound_vms,
    disk_bound_vms,
    hard_disk_vms,
    memory_bound_vms,
)
from planner.packing import HostKind
from planner.packing.model import SLACK
from planner.placing.given import Given, Rows, number
from planner.plan import VmRules

Amounts = dict[str, float]
PLACE = "place on "
DISKS = "local disks"
_OPTIONAL = ("iops", "network")


@dataclass(frozen=True)
class Promises:
    """Hosts and needs as a packing takes them.

    Parameters
    ----------
    kinds : tuple of HostKind
        Groups of hosts with what each host may promise.
    needs : mapping of str to mapping of str to float
        What a VM of each flavour needs.
    physical, hard : mapping of str to mapping of str to float
        What each host has, and what VMs may use of it when others have failed.
    slots, hard_slots : mapping of str to float
        VMs of each host, and those when others have failed, where all are of one size.
    node_groups : mapping of str to int
        Which kinds take over from each other.
    unchecked : tuple of str
        Resources that are asked for, but not known of the hosts.
    """

    kinds: tuple[HostKind, ...]
    needs: Mapping[str, Amounts]
    physical: Mapping[str, Amounts]
    hard: Mapping[str, Amounts]
    slots: Mapping[str, float]
    hard_slots: Mapping[str, float]
    node_groups: Mapping[str, int]
    unchecked: tuple[str, ...]


def promises_of(
    given: Given, hosts: Rows, flavours: Rows, rules: Mapping[str, VmRules]
) -> Promises:
    """What the hosts promise to these flavours."""
    names = _kind_names(hosts)
    rows = {names[name]: row for name, row in hosts.items() if row["host_count"] > 0}
    checked, unchecked = _resources(given, rows, flavours)
    overhead = number(given, "vm_overhead")
    disks = {DISKS: 1.0} if "disk" in checked and "most_local_disks" in given else {}
    needs = {name: _needs(row, checked, overhead) | disks for name, row in flavours.items()}
    promised = {name: _promised(given, row, checked) for name, row in rows.items()}
    physical = {name: _physical(row) for name, row in rows.items()}
    on = {name: names.get(rule.on, rule.on) for name, rule in rules.items() if rule.on}
    places = _Places.of(given, flavours, physical, promised, on)
    hard = {name: _hard(given, rows[name], one) for name, one in promised.items()}
    every = {name: {**one, **places.of_host(name)} for name, one in promised.items()}
    slots = [
        {name: _slots(given, row, flavours, hard=limit) for name, row in rows.items()}
        for limit in (False, True)
    ]
    bound = any(rule.apart or rule.on or rule.pinned for rule in rules.values())
    alone = len(flavours) == 1 and not bound and not set(_OPTIONAL) & set(checked)
    return Promises(
        kinds=tuple(
            HostKind(name, every[name], 1.0, int(rows[name]["host_count"])) for name in rows
        ),
        needs={name: {**one, **places.of_flavour(name)} for name, one in needs.items()},
        physical=physical,
        hard={name: {**one, **places.of_host(name)} for name, one in hard.items()},
        slots=slots[0] if alone else {},
        hard_slots=slots[1] if alone else {},
        node_groups={name: int(row.get("node_group", 0.0)) for name, row in rows.items()},
        unchecked=unchecked,
    )


def _kind_names(hosts: Rows) -> dict[str, str]:
    """Names of the kinds; the only host of a group must not be named like another group's."""
    several = [HostKind(name, {}, 1.0, int(row["host_count"])) for name, row in hosts.items()]
    taken = {
        one.name
        for one in several
        for other in several
        if one is not other and one.count == 1 and other.number(one.name) is not None
    }
    return {name: f"{name}.1" if name in taken else name for name in hosts}


def _resources(
    given: Given, hosts: Rows, flavours: Rows
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Resources that hosts are checked for, and those that cannot be."""
    local = any("host_disk" in row for row in hosts.values())
    asked = [
        key
        for key in _OPTIONAL
        if any(row.get(f"flavour_{key}", 0.0) > 0 for row in flavours.values())
    ]
    shared = () if local or "vm_store_capacity" not in given else ("iops",)
    known = [
        key
        for key in asked
        if hosts and all(not math.isnan(row.get(f"host_{key}", math.nan)) for row in hosts.values())
    ]
    unchecked = tuple(key for key in asked if key not in known and key not in shared)
    if "iops" in asked and shared and math.isnan(number(given, "vm_store_iops", math.nan)):
        unchecked = (*unchecked, "iops")
    disk = ("disk",) if local else ()
    return ("vcpus", "memory", *disk, *known), unchecked


def _needs(row: Mapping[str, float], checked: tuple[str, ...], overhead: float) -> Amounts:
    found = {key: row.get(f"flavour_{key}", 0.0) for key in checked}
    found["memory"] += overhead
    return found


def _physical(host: Mapping[str, float]) -> Amounts:
    names = {"vcpus": "host_threads", "memory": "host_memory", "disk": "host_disk"}
    return {key: host[name] for key, name in names.items() if name in host}


def _promised(given: Given, host: Mapping[str, float], checked: tuple[str, ...]) -> Amounts:
    strict = number(given, "strict_admission") > 0
    cpu = host["host_threads"] - host["host_thread_reserve"]
    vcpus = cpu * number(given, "cpu_overcommit") - host.get("host_vcpu_reserve", 0.0)
    memory = host["host_memory"] - host["host_memory_reserve"]
    found = {
        "vcpus": _most(vcpus, strict=False),
        "memory": _most(memory * number(given, "memory_overcommit"), strict=strict),
    }
    if "disk" in checked:
        disk = host["host_disk"] * number(given, "disk_overcommit")
        kept = math.floor(host["host_disk"] * number(given, "minimum_free_disk") / MIB) * MIB
        found["disk"] = min(_most(disk, strict=strict), _most(disk - kept, strict=False))
        if "most_local_disks" in given:
            found[DISKS] = number(given, "most_local_disks")
    return found | {key: host[f"host_{key}"] for key in checked if key in _OPTIONAL}


def _hard(given: Given, host: Mapping[str, float], promised: Amounts) -> Amounts:
    """What VMs may use of a host when others have failed."""
    found = dict(promised)
    if number(given, "cpu_binds_failover", 1.0) == 0:
        found |= {key: math.inf for key in ("vcpus", *_OPTIONAL) if key in found}
    if "disk" in found:
        disk = host["host_disk"] * number(given, "disk_overcommit")
        found["disk"] = _most(disk, strict=number(given, "strict_admission") > 0)
    if DISKS in found:
        found[DISKS] = math.inf
    return found


def _most(amount: float, *, strict: bool) -> float:
    """Most whole units that may be taken; the packing's slack must neither add nor take one."""
    most = max(math.ceil(amount) - 1.0 if strict else math.floor(amount), 0.0)
    return most if most * SLACK < 0.5 else (most + 0.5) / (1.0 + SLACK)


@dataclass(frozen=True)
class _Places:
    """Hosts on which the flavours may be that may not be on all of them, as resources."""

    names: Mapping[frozenset[str], str]
    allowed: Mapping[str, frozenset[str]]
    room: Mapping[str, float]

    @classmethod
    def of(
        cls,
        given: Given,
        flavours: Rows,
        physical: Mapping[str, Amounts],
        promised: Mapping[str, Amounts],
        on: Mapping[str, str],
    ) -> _Places:
        """Hosts that are large enough, and of the group that a flavour is bound to."""
        within = {
            "vcpus": number(given, "vm_within_threads", 1.0) > 0,
            "memory": number(given, "vm_within_memory", 1.0) > 0,
        }
        limits = [key for key, binds in within.items() if binds]
        allowed = {
            name: frozenset(
                host
                for host, total in physical.items()
                if all(row[f"flavour_{key}"] <= total[key] for key in limits)
                and on.get(name, host) == host
            )
            for name, row in flavours.items()
        }
        sets = dict.fromkeys(one for one in allowed.values() if one != frozenset(physical))
        names = {one: f"{PLACE}{' or '.join(sorted(one)) or 'any host'}" for one in sets}
        return cls(names, allowed, {host: one["vcpus"] for host, one in promised.items()})

    def of_host(self, host: str) -> Amounts:
        """What a host has: room for any number of VMs, or for none."""
        return {
            name: self.room[host] if host in allowed else 0.0
            for allowed, name in self.names.items()
        }

    def of_flavour(self, flavour: str) -> Amounts:
        """What a VM needs."""
        allowed = self.allowed[flavour]
        return {self.names[allowed]: 1.0} if allowed in self.names else {}


def _slots(given: Given, host: Mapping[str, float], flavours: Rows, *, hard: bool) -> float:
    """VMs of the only size that a host admits, by the very models of the design."""
    if len(flavours) != 1:
        return 0.0
    need = next(iter(flavours.values()))
    ratio = {key: number(given, f"{key}_overcommit") for key in ("cpu", "memory", "disk")}
    strict = number(given, "strict_admission")
    memory = host["host_memory"], host["host_memory_reserve"], ratio["memory"]
    cpu = host["host_threads"], host["host_thread_reserve"], ratio["cpu"]
    found = [
        memory_bound_vms(
            *(1.0, *memory, need["flavour_memory"], strict),
            vm_overhead=number(given, "vm_overhead"),
            vm_within_memory=number(given, "vm_within_memory", 1.0),
        )
    ]
    if not hard or number(given, "cpu_binds_failover", 1.0) > 0:
        own = host.get("host_vcpu_reserve", 0.0), number(given, "vm_within_threads", 1.0)
        found.append(cpu_bound_vms(1.0, *cpu, need["flavour_vcpus"], *own))
    if "host_disk" in host:
        disk = host["host_disk"], ratio["disk"], need["flavour_disk"]
        with np.errstate(divide="ignore", invalid="ignore"):
            found.append(hard_disk_vms(1.0, *disk, strict))
            if not hard:
                least = number(given, "minimum_free_disk")
                most = number(given, "most_local_disks", math.inf)
                found.append(disk_bound_vms(1.0, *disk, strict, least, most))
    return float(min(found))
