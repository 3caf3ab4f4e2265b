"""Where not all VMs fit: leave out the largest, so that as many as possible have a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from planner.packing import Flavour, HostKind, Plan, Unplaced
from planner.packing.check import layout_faults
from planner.placing.budgets import fewer

MOST_FLAVOURS = 30

Pack = Callable[[Sequence[Flavour]], Plan]


def most_vms(
    kinds: Sequence[HostKind], flavours: Sequence[Flavour], plan: Plan, pack: Pack
) -> Plan:
    """A layout of more VMs than a plan that leaves some over, if there is one; else that plan.

    Parameters
    ----------
    kinds : sequence of HostKind
        Hosts.
    flavours : sequence of Flavour
        VMs that are asked for.
    plan : Plan
        Layout that leaves some of them over.
    pack : callable
        Packs VMs into the hosts.
    """
    if len(flavours) > MOST_FLAVOURS:
        return plan
    kept = {one.name: one for one in flavours}
    found: Plan | None = None
    for flavour in sorted(flavours, key=lambda one: -_size(one, kinds)):
        others = [one for one in kept.values() if one is not flavour and one.count]
        found = pack(others) if others else None
        if found is None or found.unplaced:
            kept[flavour.name] = replace(flavour, count=0, pinned={}, vms=())
            continue
        kept[flavour.name], found = _as_many(flavour, others, found, pack)
        break
    if found is None or found.unplaced:
        return plan
    left = {one.name: one.count - kept[one.name].count for one in flavours}
    if sum(left.values()) >= sum(one.vms for one in plan.unplaced):
        return plan
    if layout_faults(kinds, flavours, found.contents, left, found.empty_hosts):
        return plan
    unplaced = tuple(
        _reason(name, number, flavours, plan) for name, number in left.items() if number
    )
    return replace(found, flavours=tuple(flavours), unplaced=unplaced, bound=plan.bound)


def _size(flavour: Flavour, kinds: Sequence[HostKind]) -> float:
    """Largest share of any resource of the largest host."""
    most = {key: max(kind.capacity.get(key, 0.0) for kind in kinds) for key in flavour.needs}
    return max(need / most[key] if most[key] else 1.0 for key, need in flavour.needs.items())


def _as_many(
    flavour: Flavour, others: list[Flavour], found: Plan, pack: Pack
) -> tuple[Flavour, Plan]:
    """The most VMs of a flavour that fit beside the others."""
    fitting, too_many = 0, flavour.count
    while too_many - fitting > 1:
        number = (fitting + too_many) // 2
        plan = pack([*others, fewer(flavour, flavour.count - number)])
        if plan.unplaced:
            too_many = number
        else:
            fitting, found = number, plan
    return fewer(flavour, flavour.count - fitting), found


def _reason(name: str, vms: int, flavours: Sequence[Flavour], plan: Plan) -> Unplaced:
    known = {one.flavour: one for one in plan.unplaced}
    reason = known.get(name, plan.unplaced[0])
    needs = next(one.needs for one in flavours if one.name == name)
    return reason._replace(flavour=name, vms=vms, asked=needs.get(reason.resource, 0.0))
