"""A computed design as a packing problem: hosts that promise, VMs that ask."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.models.density import cpu_bound_vms, disk_bound_vms, memory_bound_vms
from planner.packing import Flavour, HostKind
from planner.packing.model import SLACK
from planner.sheet import Cell

UNITS = {"vcpus": "vcpu", "memory": "B", "disk": "B"}
"""Unit of each resource that a host may promise."""

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Request:
    """VMs that ask for a place, and hosts that offer some.

    Parameters
    ----------
    kinds : tuple of HostKind
        The groups of hosts that run VMs, each with its count and cost 1. The capacity is what may
        be promised: after the host's reserve, times the overcommit ratio, by the admission rule's
        own arithmetic.
    flavours : tuple of Flavour
        VMs of each size; flavours without a VM are left out.
    physical : mapping of str to mapping of str to float
        What one host of each kind has: ``vcpus`` (its threads), ``memory`` and ``disk`` [B].
    slots : mapping of str to float
        VMs that one host of each kind admits where all VMs are of one size; empty otherwise.
    store : float
        What the shared storage may promise to VM disks [B]; infinite where disks are local or not
        limited.
    disks : mapping of str to float
        Disk of a VM of each flavour [B].
    unknown : tuple of str
        What would have to be known to place the VMs.
    """

    kinds: tuple[HostKind, ...]
    flavours: tuple[Flavour, ...]
    physical: Mapping[str, Mapping[str, float]]
    slots: Mapping[str, float]
    store: float
    disks: Mapping[str, float]
    unknown: tuple[str, ...] = ()

    @property
    def vms(self) -> int:
        """VMs that are asked for."""
        return sum(flavour.count for flavour in self.flavours)

    def times(self, factor: float) -> Request:
        """The same with the number of VMs of each flavour multiplied and rounded up."""
        grown = (
            replace(one, count=math.ceil(one.count * factor * (1.0 - _ROUNDING)), vms=())
            for one in self.flavours
        )
        return replace(self, flavours=tuple(one for one in grown if one.count))

    def with_counts(self, counts: Mapping[str, int | None]) -> Request:
        """The same with other numbers of hosts; None stands for as many as needed."""
        kinds = tuple(replace(kind, count=counts.get(kind.name, kind.count)) for kind in self.kinds)
        return replace(self, kinds=kinds)


def request_of(given: Mapping[str, Cell]) -> Request:
    """What the packing of a design's VMs works on, all inputs at their most likely value.

    Parameters
    ----------
    given : mapping of str to Cell
        What the design's sheet was given: `planner.compute.Computed.given`.

    Returns
    -------
    Request
        Hosts and VMs. Where something needed is unknown, ``unknown`` names it.

    Notes
    -----
    A host promises (total - reserve) x ratio of each resource. Whole bytes and virtual processors
    count: where equality admits, the floor of that in floating point, as OpenStack Placement
    computes it; where some must stay free, one less than the ceiling. Where a VM may be no larger
    than a host (``max_unit`` of nova), larger ones are kept off by a resource of their own, ``place
    on ..``, of which other hosts have none.
    """
    hosts = _hosts(given)
    flavours = _flavours(given)
    unknown = _unknown([*hosts.values(), *flavours.values()])
    store = given.get("vm_store_capacity")
    room = math.inf if store is None else float(store.nominal) * _number(given, "disk_overcommit")
    if math.isnan(room):
        unknown = (*unknown, "capacity of the storage of the VMs' disks")
    if unknown:
        return Request((), (), {}, {}, math.inf, {}, unknown)
    return _request(given, hosts, flavours, room)


def _request(
    given: Mapping[str, Cell],
    hosts: Mapping[str, Mapping[str, float]],
    flavours: Mapping[str, Mapping[str, float]],
    room: float,
) -> Request:
    local = "host_disk" in given
    promised = {name: _promised(given, host) for name, host in hosts.items()}
    needs = {
        name: {key: one[f"flavour_{key}"] for key in UNITS if key != "disk" or local}
        for name, one in flavours.items()
    }
    wanted = {name: int(one["flavour_count"]) for name, one in flavours.items()}
    sizes = {name: need for name, need in needs.items() if wanted[name]}
    physical = {name: _physical(host) for name, host in hosts.items()}
    places = _places(sizes, physical, promised)
    return Request(
        kinds=tuple(
            HostKind(kind, {**promised[name], **places.of_host(name)}, 1.0, _count(hosts[name]))
            for name, kind in _kind_names(hosts).items()
        ),
        flavours=tuple(
            Flavour(name, {**sizes[name], **places.of_flavour(name)}, wanted[name])
            for name in sizes
        ),
        physical={kind: physical[name] for name, kind in _kind_names(hosts).items()},
        slots=_slots(given, hosts, _kind_names(hosts), flavours, sizes),
        store=room * (1.0 + _ROUNDING),
        disks={name: one["flavour_disk"] for name, one in flavours.items()},
    )


# What is given


def _hosts(given: Mapping[str, Cell]) -> dict[str, dict[str, float]]:
    keys = ("count", "threads", "memory", "memory_reserve", "thread_reserve", "disk")
    return _table(given, [f"host_{key}" for key in keys])


def _flavours(given: Mapping[str, Cell]) -> dict[str, dict[str, float]]:
    return _table(given, [f"flavour_{key}" for key in ("count", "vcpus", "memory", "disk")])


def _table(given: Mapping[str, Cell], names: Iterable[str]) -> dict[str, dict[str, float]]:
    """Most likely values by row label and name; a name that is not given has no column."""
    found: dict[str, dict[str, float]] = {}
    for name in names:
        for label, cell in given[name].inputs if name in given else ():
            found.setdefault(label, {})[name] = float(cell.nominal)
    return found


def _unknown(rows: Iterable[Mapping[str, float]]) -> tuple[str, ...]:
    names = dict.fromkeys(name for row in rows for name, value in row.items() if math.isnan(value))
    return tuple(name.replace("_", " ") for name in names)


def _number(given: Mapping[str, Cell], name: str) -> float:
    return float(given[name].nominal)


def _count(host: Mapping[str, float]) -> int:
    return int(host["host_count"])


def _kind_names(hosts: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """Names of the kinds; the only host of a group must not be named like another group's."""
    several = [HostKind(name, {}, 1.0, _count(host)) for name, host in hosts.items()]
    taken = {
        one.name
        for one in several
        for other in several
        if one is not other and one.count == 1 and other.number(one.name) is not None
    }
    return {name: f"{name}.1" if name in taken else name for name in hosts}


# What hosts promise


def _physical(host: Mapping[str, float]) -> dict[str, float]:
    names = {"vcpus": "host_threads", "memory": "host_memory", "disk": "host_disk"}
    return {key: host[name] for key, name in names.items() if name in host}


def _promised(given: Mapping[str, Cell], host: Mapping[str, float]) -> dict[str, float]:
    strict = _number(given, "strict_admission") > 0
    cpu = host["host_threads"] - host["host_thread_reserve"]
    memory = host["host_memory"] - host["host_memory_reserve"]
    found = {
        "vcpus": _most(cpu * _number(given, "cpu_overcommit"), strict=False),
        "memory": _most(memory * _number(given, "memory_overcommit"), strict=strict),
    }
    if "host_disk" in host:
        disk = host["host_disk"] * _number(given, "disk_overcommit")
        found["disk"] = _most(disk, strict=strict)
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

    def of_host(self, host: str) -> dict[str, float]:
        """What a host has: room for any number of VMs, or for none."""
        return {
            name: self.room[host] if host in allowed else 0.0
            for allowed, name in self.names.items()
        }

    def of_flavour(self, flavour: str) -> dict[str, float]:
        """What a VM needs."""
        allowed = self.allowed[flavour]
        return {self.names[allowed]: 1.0} if allowed in self.names else {}


def _places(
    sizes: Mapping[str, Mapping[str, float]],
    physical: Mapping[str, Mapping[str, float]],
    promised: Mapping[str, Mapping[str, float]],
) -> _Places:
    every = frozenset(physical)
    allowed = {
        name: frozenset(
            host
            for host, total in physical.items()
            if all(need[key] <= total[key] for key in ("vcpus", "memory"))
        )
        for name, need in sizes.items()
    }
    sets = dict.fromkeys(one for one in allowed.values() if one != every)
    names = {one: f"place on {' or '.join(sorted(one)) or 'any host'}" for one in sets}
    return _Places(names, allowed, {host: one["vcpus"] for host, one in promised.items()})


def _slots(
    given: Mapping[str, Cell],
    hosts: Mapping[str, Mapping[str, float]],
    kinds: Mapping[str, str],
    flavours: Mapping[str, Mapping[str, float]],
    sizes: Mapping[str, Mapping[str, float]],
) -> dict[str, float]:
    """VMs of the only size that a host of each kind admits, by the very models of the design."""
    if len(sizes) != 1:
        return {}
    need = flavours[next(iter(sizes))]
    ratio = {key: _number(given, f"{key}_overcommit") for key in ("cpu", "memory", "disk")}
    strict = _number(given, "strict_admission")

    def fitting(host: Mapping[str, float]) -> Any:
        memory = host["host_memory"], host["host_memory_reserve"], ratio["memory"]
        cpu = host["host_threads"], host["host_thread_reserve"], ratio["cpu"]
        found = [
            memory_bound_vms(1.0, *memory, need["flavour_memory"], strict),
            cpu_bound_vms(1.0, *cpu, need["flavour_vcpus"]),
        ]
        if "host_disk" in host:
            disk = host["host_disk"], ratio["disk"], need["flavour_disk"]
            with np.errstate(divide="ignore", invalid="ignore"):
                found.append(disk_bound_vms(1.0, *disk, strict))
        return min(found)

    return {kind: float(fitting(hosts[name])) for name, kind in kinds.items()}
