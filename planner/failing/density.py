"""How many VMs still run when the largest hosts are lost, and whether those of the workload do."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from planner.compute import Computed, compute
from planner.failing.losses import Loss, without
from planner.failing.survival import state_after
from planner.placing import Request, place, request_of
from planner.plan import DesignPlan
from planner.sheet import limiter

_STORAGE = ("storage", "storage IOPS")
_ENDLESS = 1e9
"""Virtual processors of a host where their ratio is given up in a failure."""


def density(plan: DesignPlan, whole: Computed, most: int) -> list[dict[str, Any]]:
    """A row for each number of hosts lost, from none on, those that hold most VMs first.

    Parameters
    ----------
    plan : DesignPlan
        The design.
    whole : Computed
        The design with all its hosts.
    most : int
        Hosts lost at once, at most.

    Returns
    -------
    list of dict
        JSON-able. ``vms`` is what is held of VMs of the mean size; ``run`` how many VMs of the
        workload find room, each with its own size, if all may move; ``stay`` whether all of them
        do while those on other hosts stay where they are, whichever hosts are lost: None where
        no layout of that kind was found, though some may exist.
    """
    each = _each(whole)
    if not each:
        return []
    request = request_of(whole)
    first = place(request)
    rows = []
    for number in range(min(most, sum(count for count, _ in each.values())) + 1):
        lost = _largest(each, number)
        stopped = _stopped(plan, whole, lost)
        vms, limit = (0.0, stopped) if stopped else _held(plan, whole, lost)
        found = place(_surviving(request, lost)) if number else first
        running = min(found.placed, first.placed)
        lacking = Counter[str]()
        for one in found.unplaced:
            lacking[one.resource] += one.vms
        rows.append(
            {
                "lost": number,
                "of": dict(lost),
                "vms": _known(vms),
                "limit": limit,
                "asked": request.vms,
                "run": None if request.unknown else 0 if stopped else running,
                "lacking": stopped or (lacking.most_common(1)[0][0] if lacking else ""),
                "stay": False if stopped else _stay(request, number),
            }
        )
    return rows


def _each(whole: Computed) -> dict[str, tuple[int, float]]:
    """Hosts of each group that runs VMs, and VMs of the mean size that one of them holds."""
    held, counts = whole.design.get("failover_group_vms"), whole.given.get("host_count")
    if held is None or counts is None:
        return {}
    vms = held.nominal
    return {
        name: (int(cell.nominal), float(vms[index]) / max(float(cell.nominal), 1.0))
        for index, (name, cell) in enumerate(counts.inputs)
        if cell.nominal >= 1
    }


def _largest(each: Mapping[str, tuple[int, float]], number: int) -> Counter[str]:
    """The hosts that hold most, by group."""
    lost: Counter[str] = Counter()
    for name in sorted(each, key=lambda name: -_size(each[name][1])):
        count, _ = each[name]
        here = min(count, number - lost.total())
        if here:
            lost[name] = here
    return lost


def _size(vms: float) -> float:
    return -1.0 if math.isnan(vms) else vms


def _losses(plan: DesignPlan, lost: Mapping[str, int]) -> Iterator[Loss]:
    totals = {group.name: int(group.count.value or 0) for group in plan.groups}
    return (Loss("hosts", name, number, totals[name]) for name, number in lost.items())


def _stopped(plan: DesignPlan, whole: Computed, lost: Mapping[str, int]) -> str:
    """Why the shared storage of the VMs does not serve all of them any more; empty if it does."""
    backend = next((one for one in plan.backends if one.name == plan.shared_store), None)
    for loss in _losses(plan, lost):
        if backend is not None:
            state = state_after(backend, whole, loss)
            if state.data_loss_probability > 0.0:
                return "data lost"
            if state.stop_probability > 0.0 or math.isnan(state.stop_probability):
                return "blocked"
    return ""


def _held(plan: DesignPlan, whole: Computed, lost: Mapping[str, int]) -> tuple[float, str]:
    """VMs of the mean size that the hosts left hold, and what limits them."""
    admitted = whole.design["vms"]
    limit = limiter(admitted) or ""
    if not lost:
        return float(admitted.nominal), limit
    for loss in _losses(plan, lost):
        plan = without(plan, loss)
    left = compute(plan, draws=0).design
    if "failover_group_vms" not in left:
        return 0.0, "no host"
    hosts = float(left["failover_group_vms"].nominal.sum())
    if hosts >= float(admitted.nominal):
        return float(admitted.nominal), limit
    return hosts, limiter(left["failover_group_vms"]) or ""


def _surviving(request: Request, lost: Mapping[str, int]) -> Request:
    """The VMs on the hosts that are left, by the limits that hold in a failure."""
    kinds = tuple(
        replace(
            kind,
            count=max((kind.count or 0) - lost.get(kind.name.removesuffix(".1"), 0), 0),
            capacity={
                key: min(room, _ENDLESS) if math.isinf(room) else room
                for key, room in request.hard[kind.name].items()
            },
        )
        for kind in request.kinds
    )
    left = request.of_kinds(kinds)
    return replace(
        left,
        slots=left.hard_slots,
        budgets=tuple(one for one in request.budgets if one.name in _STORAGE),
        failover=0,
    )


def _stay(request: Request, number: int) -> bool | None:
    """Whether all VMs find room with the others staying where they are; None if none was found."""
    verdict = place(request, losses=number).verdict
    return {"fits": True, "does not fit": False}.get(verdict)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
