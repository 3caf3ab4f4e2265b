"""The VMs of a request on its hosts, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from planner.packing import Effort, Flavour, HostKind, Plan, Unplaced, fit_into
from planner.packing.check import layout_faults
from planner.placing.budgets import within
from planner.placing.failover import of_one_size_with_failover, with_failover
from planner.placing.most import most_vms
from planner.placing.promises import PLACE
from planner.placing.request import Request

Verdict = Literal["fits", "does not fit", "not found", "unknown"]


@dataclass(frozen=True)
class Placement:
    """Where the VMs of a request run, and which of them do not.

    Parameters
    ----------
    request : Request
        What was asked.
    plan : Plan or None
        Hosts with their VMs, checked; None where nothing was to be placed.
    unplaced : tuple of Unplaced
        VMs without a host, or without room for their disks in the shared storage, and why.
    verdict : {"fits", "does not fit", "not found", "unknown"}
        Whether every VM has its place. "not found" where the search left VMs over although no
        bound forbids a place for all; "unknown" where a needed number is.
    losses, maintenance : int
        Hosts that may fail, and be empty for maintenance, at the same time.
    """

    request: Request
    plan: Plan | None
    unplaced: tuple[Unplaced, ...]
    verdict: Verdict
    losses: int = 0
    maintenance: int = 0

    @property
    def placed(self) -> int:
        """VMs that have their place."""
        return self.request.vms - sum(one.vms for one in self.unplaced)

    def layout(self) -> dict[str, str]:
        """Host of each VM that has one, by name."""
        return {} if self.plan is None else self.plan.layout()


def place(
    request: Request,
    losses: int = 0,
    maintenance: int = 0,
    effort: Effort = "bound",
) -> Placement:
    """Place the VMs of a request on its hosts.

    Parameters
    ----------
    request : Request
        Hosts and VMs; every kind of host with its count.
    losses, maintenance : int
        Hosts that may fail, and be empty for maintenance, at the same time: that many are kept
        empty, on each of which the VMs of any host in use fit. Ganeti's own N+1 is always kept,
        for which the room that is left on hosts in use counts too.
    effort : {"quick", "bound", "polish"}
        As for `planner.packing.fit_into`.

    Returns
    -------
    Placement
        The layout, verified by the independent checker, and what is left over with reasons.

    Raises
    ------
    ValueError
        If a kind of host has no count, or a number of hosts is negative.

    Notes
    -----
    What all VMs share is checked apart from the hosts: where the storage of their disks is too
    small, the VMs with the largest disks are left out until the others fit, which leaves out the
    fewest. VMs of one size are placed by how many of them each host admits, so that the answer is
    that of the models: n fit exactly if n is no more than the number that the design holds, and
    with k hosts lost no more than sum(h) - (the k largest h).
    """
    if request.unknown:
        return Placement(request, None, (), "unknown", losses, maintenance)
    kept, left_over = within(request.budgets, request.flavours)
    apart = (*request.homeless, *left_over)
    if not request.kinds or not kept:
        no_host = tuple(
            Unplaced(one.name, one.count, "vcpus", one.needs["vcpus"], 0.0, "no host runs VMs")
            for one in kept
        )
        return _placement(request, None, (*apart, *no_host), losses, maintenance)
    asked = replace(request, flavours=tuple(kept))
    if request.failover and losses + maintenance <= request.failover:
        one_size = asked.slots and len(asked.flavours) == 1
        plan = of_one_size_with_failover(asked) if one_size else with_failover(asked, effort)
    else:
        plan = _packed(asked, losses, maintenance, effort)
    unplaced = tuple(_in_words(one, request) for one in plan.unplaced)
    return _placement(request, plan, (*apart, *unplaced), losses, maintenance)


def _placement(
    request: Request,
    plan: Plan | None,
    unplaced: tuple[Unplaced, ...],
    losses: int,
    maintenance: int,
) -> Placement:
    verdict: Verdict = "does not fit" if unplaced else "fits"
    if plan is not None and plan.unplaced and len(unplaced) == len(plan.unplaced):
        verdict = plan.verdict
    return Placement(request, plan, unplaced, verdict, losses, maintenance)


def _packed(request: Request, losses: int, maintenance: int, effort: Effort) -> Plan:
    if request.slots and len(request.flavours) == 1:
        return _of_one_size(request, losses, maintenance, effort)

    def pack(flavours: Sequence[Flavour], effort: Effort = "quick") -> Plan:
        return fit_into(request.kinds, flavours, losses, maintenance, effort)

    plan = pack(request.flavours, effort)
    if not plan.unplaced or losses + maintenance or effort == "quick":
        return plan
    return most_vms(request.kinds, request.flavours, plan, pack)


def _of_one_size(request: Request, losses: int, maintenance: int, effort: Effort) -> Plan:
    """Place by slots, then check the layout against the resources themselves."""
    (flavour,) = request.flavours
    kinds = [replace(kind, capacity={"vms": request.slots[kind.name]}) for kind in request.kinds]
    plan = fit_into(kinds, [replace(flavour, needs={"vms": 1.0})], losses, maintenance, effort)
    left = {one.flavour: one.vms for one in plan.unplaced}
    spares = losses + maintenance
    faults = layout_faults(request.kinds, [flavour], plan.contents, left, plan.empty_hosts, spares)
    if faults:
        raise RuntimeError("the layout breaks rules: " + "; ".join(faults))
    unplaced = tuple(_of_resource(one, flavour, request.kinds) for one in plan.unplaced)
    return replace(plan, kinds=request.kinds, flavours=(flavour,), unplaced=unplaced)


def _of_resource(unplaced: Unplaced, flavour: Flavour, kinds: Sequence[HostKind]) -> Unplaced:
    """What there is too little of for VMs of one size that are left over."""
    room = max(kinds, key=lambda kind: min(_times(kind.capacity, flavour.needs).values()))
    times = _times(room.capacity, flavour.needs)
    scarce = min(times, key=lambda key: times[key])
    asked, has = flavour.needs[scarce], room.capacity.get(scarce, 0.0)
    if times[scarce] >= 1.0:
        return Unplaced(
            flavour.name, unplaced.vms, scarce, asked, has % asked, "all hosts are full"
        )
    rule = "more than any host has"
    return Unplaced(flavour.name, unplaced.vms, scarce, asked, has, rule)


def _times(capacity: Mapping[str, float], needs: Mapping[str, float]) -> dict[str, float]:
    return {key: capacity.get(key, 0.0) / need for key, need in needs.items() if need > 0}


def _in_words(unplaced: Unplaced, request: Request) -> Unplaced:
    """The reason in the terms of the request: a place that no host has is a VM too large."""
    unplaced = unplaced._replace(available=max(unplaced.available, 0.0))
    if not unplaced.resource.startswith(PLACE):
        return unplaced
    needs = next(one.needs for one in request.flavours if one.name == unplaced.flavour)
    most = {
        key: max(total[key] for total in request.physical.values()) for key in ("vcpus", "memory")
    }
    for key, has in most.items():
        if needs[key] > has:
            rule = f"a VM may have no more {key} than a host has, whatever the ratio"
            return Unplaced(unplaced.flavour, unplaced.vms, key, needs[key], has, rule)
    rule = f"no {unplaced.resource} has room"
    scarce = max(most, key=lambda key: needs[key] / max(most[key], 1e-9))
    return Unplaced(unplaced.flavour, unplaced.vms, scarce, needs[scarce], 0.0, rule)
