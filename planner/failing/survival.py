"""State of a backend right after a loss, before anything heals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.compute import Computed
from planner.failing.losses import Loss, drives_of, places_of, racks_of, units_of
from planner.models.combinatorics import hypergeometric
from planner.models.disk_sets import HostDrives, ReplicaSet, drive_loss_probability
from planner.models.placement_groups import any_group_probability, group_states
from planner.plan import BackendPlan


@dataclass(frozen=True)
class State:
    """What a loss does to a backend.

    Parameters
    ----------
    touched : bool
        Whether the loss concerns it at all.
    lost, blocked : float
        Part of the data that is lost, and that is there but not served [1]; expected over
        placements, NaN where shares have no places to begin with.
    data_loss_probability, stop_probability : float
        Probability that any data is lost, and that any is not served [1].
    """

    touched: bool
    lost: float
    blocked: float
    data_loss_probability: float
    stop_probability: float


UNTOUCHED = State(False, 0.0, 0.0, 0.0, 0.0)


def state_after(plan: BackendPlan, computed: Computed, loss: Loss) -> State:
    """The state of a backend after a loss; hosts and drives of one kind count as equal."""
    if loss.kind == "controllers":
        down = float(loss.of == plan.name and loss.number == loss.total)
        return State(loss.of == plan.name, 0.0, down, 0.0, down)
    if places_of(plan) < plan.scheme.shares:
        return State(True, *[float("nan")] * 4)
    if loss.of_drives:
        return _after_drives(plan, computed, loss) if loss.of == plan.name else UNTOUCHED
    if loss.kind == "racks":
        return after_places(plan, computed, loss.number) if loss.of == plan.name else UNTOUCHED
    here = [store for store in plan.stores if store.group == loss.of]
    if loss.kind != "hosts" or not here:
        return UNTOUCHED
    if plan.scheme.domain == "rack":
        return _within_rack(plan, computed, str(here[0].rack), loss.number)
    per_host = here[0].drives_per_host if plan.scheme.domain == "drive" else 1
    return after_places(plan, computed, loss.number * per_host)


def after_places(plan: BackendPlan, computed: Computed, down: int) -> State:
    """The law for random places down at once."""
    scheme, places = plan.scheme, places_of(plan)
    shares = (scheme.shares, scheme.data_shares, scheme.minimum_shares)
    states = group_states(places, down, *shares)
    lost, blocked = float(states.lost), float(states.blocked)
    if scheme.in_sets:
        sets = [[HostDrives(1, 1, 0)] * scheme.shares] * (places // scheme.shares)
        chances = [
            drive_loss_probability([ReplicaSet(hosts, borne) for hosts in sets], down)
            for borne in (
                scheme.shares - scheme.data_shares,
                scheme.shares - scheme.minimum_shares,
            )
        ]
        return State(True, lost, blocked, *chances)
    stopped = lost + blocked
    return State(True, lost, blocked, _any(plan, computed, lost), _any(plan, computed, stopped))


def _within_rack(plan: BackendPlan, computed: Computed, rack: str, down: int) -> State:
    """Hosts of one rack hold at most one share of an object."""
    scheme = plan.scheme
    hosts = sum(store.hosts for store in plan.stores if str(store.rack) == rack)
    touched = scheme.shares / len(racks_of(plan)) * down / hosts
    lost = touched if scheme.shares - 1 < scheme.data_shares else 0.0
    blocked = touched - lost if scheme.shares - 1 < scheme.minimum_shares else 0.0
    stopped = lost + blocked
    return State(True, lost, blocked, _any(plan, computed, lost), _any(plan, computed, stopped))


def _any(plan: BackendPlan, computed: Computed, fraction: float, possible: float = 1.0) -> float:
    """Probability that any placement group is among those hit, as their number is finite.

    ``fraction`` of the groups is expected to be hit; a group can be hit at all with the chance
    ``possible``, and then ``fraction / possible`` of them are.
    """
    cell = computed.backends[plan.name].get("placement_groups")
    if cell is None or possible == 0.0:
        return possible if fraction > 0.0 else 0.0
    part = min(fraction / possible, 1.0)
    return possible * float(np.asarray(any_group_probability(part, float(cell.nominal))))


def _after_drives(plan: BackendPlan, computed: Computed, loss: Loss) -> State:
    """Random drives failed at once, counted by the hosts and RAID sets that they break.

    Drives that share a journal fail together, as if they were one.
    """
    scheme = plan.scheme
    if loss.kind == "journals":
        if scheme.domain == "drive":
            return after_places(plan, computed, min(loss.drives, places_of(plan)))
        stores = (replace(store, drives_per_host=units_of(store, loss)) for store in plan.stores)
        plan = replace(plan, stores=tuple(stores))
    borne = scheme.shares - scheme.data_shares
    lost, stopped = (
        drive_loss_probability(_replica_sets(plan, tolerated), loss.number)
        for tolerated in (borne, scheme.shares - scheme.minimum_shares)
    )
    gone, blocked = _drive_fractions(plan, loss.number)
    gone, blocked = gone if lost else 0.0, blocked if stopped else 0.0
    chances = (
        _any(plan, computed, gone, lost),
        _any(plan, computed, gone + blocked, stopped),
    )
    return State(True, gone, blocked, *chances)


def _replica_sets(plan: BackendPlan, tolerated: int) -> list[ReplicaSet]:
    hosts = [
        _host(plan, store.drives_per_host) for store in plan.stores for _ in range(store.hosts)
    ]
    if plan.scheme.local or (plan.scheme.domain == "drive"):
        hosts = [HostDrives(1, 1, 0)] * drives_of(plan)
    size = plan.scheme.shares if plan.scheme.in_sets else len(hosts)
    return [ReplicaSet(hosts[i : i + size], tolerated) for i in range(0, len(hosts), size)]


def _host(plan: BackendPlan, drives: int) -> HostDrives:
    raid = plan.scheme.raid
    if raid is None:
        return HostDrives(1, drives, 0)
    return HostDrives(raid.sets, raid.disks, raid.disks - raid.data)


def _drive_fractions(plan: BackendPlan, failed: int) -> tuple[float, float]:
    """Expected part of the data lost and blocked; of a RAID, the part of its sets that is lost."""
    scheme = plan.scheme
    if scheme.raid is not None:
        raid, total = scheme.raid, sum(store.hosts for store in plan.stores)
        total *= scheme.raid.sets * raid.disks
        fatal = raid.disks - raid.data + 1
        lost = hypergeometric(
            np.array(float(total)),
            np.array(float(failed)),
            np.array(float(raid.disks)),
            np.array(float(fatal)),
            np.array(float(raid.disks)),
        )
        return float(np.asarray(lost)), 0.0
    shares = (scheme.shares, scheme.data_shares, scheme.minimum_shares)
    states = group_states(drives_of(plan), failed, *shares)
    return float(states.lost), float(states.blocked)
