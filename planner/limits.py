"""How large a scenario may be, so that no number in it can exhaust time or memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.faults import Fault, Mark
from planner.strict_yaml import Document

if TYPE_CHECKING:
    from planner.scenario import Scenario

MOST_HOSTS = 10_000
MOST_DRIVES = 100_000


@dataclass(frozen=True)
class _Hosts:
    """The hosts of one group in one backend."""

    backend: Mark
    count: Mark
    hosts: float
    drives: float


def size_faults(scenario: Scenario, document: Document) -> list[Fault]:
    """Faults of storage without a host, or with more hosts than can be computed one by one."""
    found = list(_storage_hosts(scenario, document))
    faults = [
        Fault(mark, "this storage has no host", "write the `count` of its groups")
        for mark in {each.backend for each in found}
        if not any(each.hosts for each in found if each.backend == mark)
    ]
    hosts, drives = (sum(getattr(each, key) for each in found) for key in ("hosts", "drives"))
    if hosts > MOST_HOSTS or drives > MOST_DRIVES:
        largest = max(found, key=lambda each: each.drives)
        message = f"the storage of all designs has {hosts:,.0f} hosts with {drives:,.0f} drives"
        remedy = f"write at most {MOST_HOSTS:,} and {MOST_DRIVES:,} together"
        faults.append(Fault(largest.count, message, remedy))
    return faults


def _storage_hosts(scenario: Scenario, document: Document) -> Iterator[_Hosts]:
    """Hosts of each storage; what is not known is not counted."""
    for design_name, design in scenario.designs.items():
        at = ("designs", design_name)
        for backend_name, backend in design.storage.items():
            mark = document.key_mark((*at, "storage", backend_name))
            for name, stored in backend.hosts.items():
                group = design.groups.get(name)
                if group is not None:
                    node = scenario.nodes.get(group.node or "")
                    each = node.parts.get(stored.drive, 0) if node else 1
                    hosts = group.count.value or 0.0
                    place = document.mark((*at, "groups", name, "count"))
                    yield _Hosts(mark, place, hosts, hosts * each)
