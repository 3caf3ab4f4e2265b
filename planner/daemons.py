"""Daemons on the hosts of a design: what they are given, as facts and as cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from planner.context import Context, flag, stated
from planner.facts import Fact
from planner.plan import BackendPlan, Given, GroupPlan, Row, StorePlan

MONITORS = "monitors"
"""What the quorum of Ceph's monitors is called in a scenario."""


def build_daemons(
    context: Context, groups: list[GroupPlan], backends: list[BackendPlan]
) -> dict[str, Given]:
    """What the host sheet is given of each group that holds a Ceph storage, besides its node."""
    found: dict[str, Given] = {}
    for group in groups:
        stores = [
            (backend, store)
            for backend in backends
            if backend.scheme.crush
            for store in backend.stores
            if store.group == group.name
        ]
        if stores:
            found[group.name] = dict(_given(context, group, stores))
    return found


def _given(
    context: Context, group: GroupPlan, stores: list[tuple[BackendPlan, StorePlan]]
) -> Iterator[tuple[str, Fact | Row]]:
    name, mark = group.name, context.mark("groups", group.name)
    drives = {backend.name: store for backend, store in stores}
    yield "osd_count", _row("part", drives, _drive_count)
    yield "osd_capacity", _row("B", drives, lambda store: store.device["drive_capacity"])
    yield "osd_memory", _row("B", drives, lambda store: store.daemon_memory)
    votes = name in context.design.quorums.get(MONITORS, {})
    label = context.label(name, "monitors_on_host")
    yield "monitors_on_host", stated(label, float(votes), "part", mark)
    runs_vms = context.design.groups[name].runs_vms
    yield "runs_vms", flag(context.label(name, "runs_vms"), runs_vms, mark)
    for key in ("host_memory_reserve", "host_thread_reserve"):
        if key in group.host:
            yield key, group.host[key]


def _row(unit: str, stores: Mapping[str, StorePlan], fact: Callable[[StorePlan], Fact]) -> Row:
    return Row(unit, tuple((name, fact(store)) for name, store in stores.items()))


def _drive_count(store: StorePlan) -> Fact:
    row = store.given["drive_count"]
    assert isinstance(row, Row)
    return row.members[0][1]
