"""Layouts whose node groups can lose hosts within the limits that are hard, as Ganeti asks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from planner.models.failover import left_after_losses
from planner.packing import Effort, HostKind, Plan, Unplaced, fit_into
from planner.packing.check import layout_faults
from planner.packing.model import SLACK
from planner.placing.evacuation import stranded_hosts
from planner.placing.request import Request

_NO_ROOM = "the rest is kept for the VMs of a host that fails (N+1)"


def with_failover(request: Request, effort: Effort) -> Plan:
    """Place VMs of any sizes so that each node group can lose the hosts that the policy names.

    Hosts are kept empty, one after another, until the VMs of every host in use find room on the
    others.
    """
    reserved: Counter[str] = Counter()
    while True:
        plan = _on_the_rest(request, reserved, effort)
        stranded = stranded_hosts(
            *(request.kinds, request.flavours, plan.contents),
            *(request.hard, request.node_groups, request.failover),
        )
        if not stranded:
            break
        group = stranded[0][0]
        reserved[_largest_left(request, reserved, group)] += 1
    if reserved and plan.unplaced:
        bound = math.inf if _too_few(request) else plan.cost
        return replace(plan, bound=bound)
    return plan


def _on_the_rest(request: Request, reserved: Mapping[str, int], effort: Effort) -> Plan:
    """Place on the hosts that are not kept empty, which are the last of their kind."""
    left = {kind.name: (kind.count or 0) - reserved[kind.name] for kind in request.kinds}
    rest = [replace(kind, count=left[kind.name]) for kind in request.kinds if left[kind.name]]
    empty = tuple(
        kind.host(left[kind.name] + n + 1)
        for kind in request.kinds
        for n in range(reserved[kind.name])
    )
    if not rest:
        unplaced = tuple(
            Unplaced(one.name, one.count, "memory", one.needs["memory"], 0.0, _NO_ROOM)
            for one in request.flavours
        )
        return Plan(request.kinds, request.flavours, {}, empty, unplaced, 0.0, math.inf)
    plan = fit_into(rest, request.flavours, effort=effort)
    names = {kind.host(1): one.host(1) for kind, one in _alike(rest, request.kinds)}
    contents = {names.get(host, host): counts for host, counts in plan.contents.items()}
    cost = plan.cost + sum(reserved.values())
    return replace(plan, kinds=request.kinds, contents=contents, empty_hosts=empty, cost=cost)


def _alike(rest: Sequence[HostKind], kinds: Sequence[HostKind]) -> list[tuple[HostKind, HostKind]]:
    """Kinds of which one host is left, and the same with all hosts, which names it otherwise."""
    whole = {kind.name: kind for kind in kinds}
    return [(kind, whole[kind.name]) for kind in rest if kind.count == 1]


def _largest_left(request: Request, reserved: Mapping[str, int], group: int) -> str:
    """The kind of a node group whose hosts have most, of those that are not all kept empty."""
    most = {
        key: max(one.get(key, 0.0) for one in request.hard.values()) or 1.0
        for key in ("memory", "disk")
    }
    able = [
        kind.name
        for kind in request.kinds
        if request.node_groups[kind.name] == group and reserved[kind.name] < (kind.count or 0)
    ]
    return max(
        able, key=lambda name: sum(request.hard[name].get(key, 0.0) / most[key] for key in most)
    )


def _too_few(request: Request) -> bool:
    """Whether what the node groups have without their largest hosts is less than is asked for."""
    for key in ("memory", "disk"):
        asked = sum(one.count * one.needs.get(key, 0.0) for one in request.flavours)
        room = sum(
            _left(request, group, {name: hard.get(key, 0.0) for name, hard in request.hard.items()})
            for group in set(request.node_groups.values())
        )
        if asked > room * (1 + SLACK):
            return True
    return False


def _left(request: Request, group: int, each: Mapping[str, float]) -> float:
    """What a node group has left when the hosts that have most are lost."""
    own = [kind for kind in request.kinds if request.node_groups[kind.name] == group]
    counts = np.array([float(kind.count or 0) for kind in own])
    return float(
        left_after_losses(counts, np.array([each[kind.name] for kind in own]), request.failover)
    )


def of_one_size_with_failover(request: Request) -> Plan:
    """Place VMs of one size: each node group holds min(sum s, sum h - the k largest h)."""
    (flavour,) = request.flavours
    left, contents = flavour.count, {}
    for group in sorted(set(request.node_groups.values())):
        room = int(_left(request, group, request.hard_slots))
        for kind in request.kinds:
            if request.node_groups[kind.name] == group:
                for n in range(kind.count or 0):
                    here = min(left, room, int(request.slots[kind.name]))
                    left, room = left - here, room - here
                    if here:
                        contents[kind.host(n + 1)] = {flavour.name: here}
    needs = flavour.needs["memory"]
    unplaced = (Unplaced(flavour.name, left, "memory", needs, 0.0, _NO_ROOM),) if left else ()
    _check(request, contents, left)
    bound = math.inf if left else float(len(contents))
    return Plan(request.kinds, (flavour,), contents, (), unplaced, float(len(contents)), bound)


def _check(request: Request, contents: Mapping[str, Mapping[str, int]], left: int) -> None:
    """Check the layout by the resources themselves, now and after the loss of any one host."""
    (flavour,) = request.flavours
    faults = layout_faults(request.kinds, [flavour], contents, {flavour.name: left})
    if request.failover == 1:
        policy = request.hard, request.node_groups, 1
        stranded = stranded_hosts(request.kinds, [flavour], contents, *policy)
        faults += [f"{host}: its VMs find no room if it fails" for _, host in stranded]
    if faults:
        raise RuntimeError("the layout breaks rules: " + "; ".join(faults))
