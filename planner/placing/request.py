"""A computed design as a packing problem: hosts that promise, VMs that ask."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from planner.packing import Flavour, HostKind, Unplaced
from planner.placing.budgets import Budget, budgets_of
from planner.placing.given import Given, Rows, flavour_rows, host_rows, unknown_of
from planner.placing.pins import homes
from planner.placing.promises import Promises, promises_of
from planner.plan import DesignPlan, VmRules

UNITS = {
    "vcpus": "vcpu",
    "memory": "B",
    "disk": "B",
    "iops": "IOPS",
    "network": "B/s",
    "local disks": "part",
    "storage": "B",
    "storage IOPS": "IOPS",
    "slots": "vm",
    "reserved processors": "core",
    "reserved memory": "B",
    "mirrored VMs": "vm",
}
"""Unit of each resource that hosts, storage or the admission policy may promise."""

T = TypeVar("T")

_ROUNDING = 1e-12


class Design(Protocol):
    """A computed design, as far as its VMs are concerned."""

    @property
    def plan(self) -> DesignPlan:
        """What it was computed from."""

    @property
    def given(self) -> Given:
        """What its design sheet was given."""


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
    slots, hard_slots : mapping of str to float
        VMs that one host of each kind admits, and may hold when others have failed, where all VMs
        are of one size; empty otherwise.
    budgets : tuple of Budget
        What all VMs share: the storage of their disks, what the policy keeps free of the whole.
    hard : mapping of str to mapping of str to float
        What VMs may use of a host of each kind when others have failed.
    node_groups : mapping of str to int
        Which kinds take over from each other.
    failover : int
        Hosts of each node group whose loss the policy wants to be borne (Ganeti's N+1).
    homeless : tuple of Unplaced
        VMs that are bound to a host or group where they cannot be.
    unknown : tuple of str
        What would have to be known to place the VMs.
    notes : tuple of str
        What the answer leaves out.
    """

    kinds: tuple[HostKind, ...]
    flavours: tuple[Flavour, ...]
    physical: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    slots: Mapping[str, float] = field(default_factory=dict)
    hard_slots: Mapping[str, float] = field(default_factory=dict)
    budgets: tuple[Budget, ...] = ()
    hard: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    node_groups: Mapping[str, int] = field(default_factory=dict)
    failover: int = 0
    homeless: tuple[Unplaced, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def vms(self) -> int:
        """VMs that are asked for."""
        return sum(one.count for one in self.flavours) + sum(one.vms for one in self.homeless)

    def times(self, factor: float) -> Request:
        """The same with the number of VMs of each flavour multiplied and rounded up."""
        grown = (
            replace(one, count=math.ceil(one.count * factor * (1.0 - _ROUNDING)), vms=())
            for one in self.flavours
        )
        return replace(self, flavours=tuple(one for one in grown if one.count))

    def with_counts(self, counts: Mapping[str, int | None]) -> Request:
        """The same with other numbers of hosts; None stands for as many as needed."""
        changed = (replace(kind, count=counts.get(kind.name, kind.count)) for kind in self.kinds)
        return self.of_kinds(tuple(changed))

    def of_kinds(self, kinds: tuple[HostKind, ...]) -> Request:
        """The same with these kinds in place of its own, in the same order.

        The only host that is left of a kind is called like the kind; where another kind's host
        has that name it gets one of its own.
        """
        names = {
            old.name: f"{old.name}.1" if _is_taken(new, kinds) else old.name
            for old, new in zip(self.kinds, kinds, strict=True)
        }

        def renamed(table: Mapping[str, T]) -> dict[str, T]:
            return {names[name]: item for name, item in table.items()}

        return replace(
            self,
            kinds=tuple(replace(kind, name=names[kind.name]) for kind in kinds),
            physical=renamed(self.physical),
            slots=renamed(self.slots),
            hard_slots=renamed(self.hard_slots),
            hard=renamed(self.hard),
            node_groups=renamed(self.node_groups),
        )


def _is_taken(kind: HostKind, kinds: tuple[HostKind, ...]) -> bool:
    """Whether the only host of a kind is named like a host of another kind."""
    return kind.count == 1 and any(
        other is not kind and other.number(kind.name) is not None for other in kinds
    )


def request_of(design: Design) -> Request:
    """What the packing of a design's VMs works on, all inputs at their most likely value.

    Parameters
    ----------
    design : planner.compute.Computed
        The design.

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
    given = design.given
    hosts, flavours = host_rows(given), flavour_rows(given)
    unknown = unknown_of(given, hosts, flavours)
    if unknown:
        return Request((), (), unknown=unknown)
    return _request(given, hosts, flavours, design.plan.vm_rules)


def _request(given: Given, hosts: Rows, flavours: Rows, rules: Mapping[str, VmRules]) -> Request:
    wanted = {name: row for name, row in flavours.items() if row["flavour_count"] > 0}
    promises = promises_of(given, hosts, wanted, rules)
    kinds = promises.kinds
    sizes, homeless = homes(kinds, wanted, promises.needs, rules)
    failover = int(given["failover_hosts"].nominal) if "failover_hosts" in given else 0
    return Request(
        kinds=kinds,
        flavours=tuple(sizes),
        physical=promises.physical,
        slots=promises.slots,
        hard_slots=promises.hard_slots,
        budgets=budgets_of(given, wanted),
        hard=promises.hard,
        node_groups=promises.node_groups,
        failover=failover,
        homeless=tuple(homeless),
        notes=tuple(_notes(given, promises)),
    )


_MIRRORS = (
    "the layout says where VMs run, not where their disks are mirrored: whether each mirror finds "
    "room, and memory if its primary fails, is not checked for it; let Ganeti choose the secondary "
    "nodes (`hail`, `hbal`) and hold this against `vms`"
)


def _notes(given: Given, promises: Promises) -> list[str]:
    notes = [
        f"the VMs ask for {key}, but what the hosts offer is not known: not checked"
        for key in promises.unchecked
    ]
    if "mirror_bound_vms" in given:
        notes.append(_MIRRORS)
    return notes
