"""Most likely values of what a design sheet is given, by row label and name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from planner.sheet import Cell

Given: TypeAlias = Mapping[str, Cell]
Rows: TypeAlias = dict[str, dict[str, float]]

_HOST = (
    *("count", "cores", "threads", "memory", "disk", "iops", "network"),
    *("memory_reserve", "thread_reserve", "vcpu_reserve"),
)
_FLAVOUR = ("count", "vcpus", "memory", "disk", "iops", "network")
_RULE = ("cpu_overcommit", "memory_overcommit", "disk_overcommit", "strict_admission")
_MAY_BE_UNKNOWN = ("host_cores", "host_iops", "host_network")


def host_rows(given: Given) -> Rows:
    """Groups of hosts."""
    return _table(given, [*(f"host_{key}" for key in _HOST), "node_group"])


def flavour_rows(given: Given) -> Rows:
    """Flavours of VMs."""
    return _table(given, [f"flavour_{key}" for key in _FLAVOUR])


def _table(given: Given, names: Iterable[str]) -> Rows:
    found: Rows = {}
    for name in names:
        for label, cell in given[name].inputs if name in given else ():
            found.setdefault(label, {})[name] = float(cell.nominal)
    return found


def number(given: Given, name: str, default: float = 0.0) -> float:
    """A number of the design."""
    return float(given[name].nominal) if name in given else default


def unknown_of(given: Given, hosts: Rows, flavours: Rows) -> tuple[str, ...]:
    """What is not known of hosts, VMs and the admission rule."""
    rows = [*hosts.values(), *flavours.values(), {name: number(given, name) for name in _RULE}]
    names = {
        name: None
        for row in rows
        for name, value in row.items()
        if math.isnan(value) and name not in _MAY_BE_UNKNOWN
    }
    found = [name.replace("_", " ") for name in names]
    if math.isnan(number(given, "vm_store_capacity")):
        found.append("capacity of the storage of the VMs' disks")
    return tuple(found)
