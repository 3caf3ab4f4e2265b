"""Whether a backend heals by itself after a loss, how long it takes, and what that does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from planner.backends import device_domains
from planner.compute import Computed
from planner.facts import Fact
from planner.failing.losses import Loss, drives_of, places_of, racks_of, units_of
from planner.failing.survival import State
from planner.models.capacity import usable_capacity
from planner.models.pools import expected_usable_capacity
from planner.models.recovery import (
    auto_mark_out_limit,
    lost_share_bytes,
    recovery_targets,
    recovery_time_bound,
)
from planner.plan import BackendPlan
from planner.units import format_quantity

SECONDS = 3600.0

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Healing:
    """What happens by itself after a loss.

    Parameters
    ----------
    heals : bool or None
        Whether all shares are re-created; None where there is nothing to heal.
    because : str
        Why not.
    capacity : float
        User data up to which it does [B]; NaN where it does not apply.
    hours : float
        Shortest time that it takes [h]; NaN where it does not happen.
    limit : str
        What limits that: drives or network.
    network_busy : float
        Part of the links' rate that it takes meanwhile [1].
    """

    heals: bool | None
    because: str = ""
    capacity: float = math.nan
    hours: float = math.nan
    limit: str = ""
    network_busy: float = math.nan


NOTHING = Healing(None)


def healing(
    plan: BackendPlan, computed: Computed, loss: Loss, state: State, stored: float
) -> Healing:
    """Whether a backend heals after a loss."""
    if not state.touched or loss.kind in ("none", "controllers"):
        return NOTHING
    if math.isnan(state.data_loss_probability):
        return NOTHING
    if state.data_loss_probability == 1.0:
        return Healing(False, "data is lost")
    if plan.scheme.raid is not None and loss.kind == "drives":
        return _rebuild(plan, loss)
    reason = _why_not(plan, loss)
    if reason:
        return Healing(False, reason)
    room = _room(plan, computed, loss)
    if not math.isnan(stored) and stored > room:
        needed, there = format_quantity(stored, "B"), format_quantity(room, "B")
        reason = f"{needed.partition(' (')[0]} stored, room for {there.partition(' (')[0]}"
        return Healing(False, reason, room)
    data = stored if not math.isnan(stored) else room
    return _timed(plan, computed, loss, room, data)


def _rebuild(plan: BackendPlan, loss: Loss) -> Healing:
    """A RAID rebuilds onto a hot spare, at best as fast as a drive writes."""
    assert plan.scheme.raid is not None
    hours = max(rebuild_hours(store.reliability) for store in plan.stores)
    spares = plan.scheme.raid.spares
    if loss.number > spares:
        have = f"{spares} hot spare{'s' if spares > 1 else ''} only" if spares else "no hot spare"
        return Healing(False, have)
    return Healing(True, "", math.nan, hours, "drives", 0.0)


def rebuild_hours(drive: Mapping[str, Fact]) -> float:
    """Time to write a whole drive [h]; NaN where its rate is unknown."""
    capacity, rate = drive["capacity"].value, drive["write_rate"].value
    return capacity / rate / SECONDS if capacity and rate else math.nan


def _why_not(plan: BackendPlan, loss: Loss) -> str:
    """What keeps shares from being re-created elsewhere."""
    scheme = plan.scheme
    ratio = plan.given["backfillfull_ratio"]
    if isinstance(ratio, Fact) and ratio.value == 0.0:
        return f"waits for the {loss.kind.removesuffix('s')}"
    places = places_of(plan)
    gone = _places_gone(plan, loss)
    if places - gone < scheme.shares:
        what = scheme.domain if places - gone == 1 else f"{scheme.domain}s"
        kind = "copies" if scheme.data_shares == 1 else "shares"
        several = all(units_of(store, loss) > 1 for store in plan.stores)
        together = loss.of_drives and several and loss.number > 1 and scheme.domain == "host"
        where = ", if on one host" if together else ""
        mixed = scheme.crush and scheme.data_shares > 1 and scheme.domain != "drive"
        where += f"; some would share a {scheme.domain}" if mixed else ""
        return f"{places - gone} {what} left for {scheme.shares} {kind}{where}"
    if not scheme.crush:
        return ""
    if loss.kind == "racks":
        return "a whole rack is not marked out"
    dead, most = (
        _dead_drives(plan, loss),
        int(np.asarray(auto_mark_out_limit(drives_of(plan)))),
    )
    return f"marks out {most} of {dead} drives" if dead > most else ""


def _places_gone(plan: BackendPlan, loss: Loss) -> int:
    """Failure domains that are gone as a whole, in the worst case."""
    if loss.kind == "racks":
        return loss.number
    if loss.of_drives and plan.scheme.domain != "drive":
        least = min(units_of(store, loss) for store in plan.stores)
        return loss.number // least if plan.scheme.domain == "host" else 0
    if plan.scheme.domain == "drive":
        return _dead_drives(plan, loss)
    if plan.scheme.domain == "rack":
        rack = next(str(store.rack) for store in plan.stores if store.group == loss.of)
        hosts = sum(store.hosts for store in plan.stores if str(store.rack) == rack)
        return int(loss.number == hosts)
    return loss.number


def _dead_drives(plan: BackendPlan, loss: Loss) -> int:
    if loss.of_drives:
        return loss.drives
    if loss.kind == "racks":
        gone = racks_of(plan)[: loss.number]
        stores = [store for store in plan.stores if str(store.rack) in gone]
        return sum(store.hosts * store.drives_per_host for store in stores)
    return sum(
        loss.number * store.drives_per_host for store in plan.stores if store.group == loss.of
    )


def usable_after_drives(plan: BackendPlan, computed: Computed, loss: Loss) -> float:
    """User data that finds room, however the failed drives are divided among the hosts [B]."""
    return min(_by_law(plan, computed, kept) for kept in _survivors(plan, computed, loss))


def _room(plan: BackendPlan, computed: Computed, loss: Loss) -> float:
    """User data that the survivors can hold and still take part in healing [B].

    With a balancer by the law; of Ceph without one as far as placement groups fall, on average.
    """
    ratio = float(computed.backends[plan.name]["backfillfull_ratio"].nominal)
    plain = plan.scheme.crush and not plan.scheme.balancer
    left = _placed if plain else _by_law
    return ratio * min(left(plan, computed, kept) for kept in _survivors(plan, computed, loss))


def _survivors(plan: BackendPlan, computed: Computed, loss: Loss) -> Iterator[Values]:
    """Capacity of each device, zero where lost [B]: the largest domains, or drives of them.

    Drives may fail within one domain or on several; each way to divide them is tried.
    """
    sizes = _argument(computed, plan, "raw_capacity", "device_capacity")
    domains = np.array(device_domains(plan))
    totals = np.bincount(domains, weights=sizes)
    order = np.argsort(-totals, kind="stable")
    if not loss.of_drives or plan.scheme.domain == "drive":
        gone = order[: max(_places_gone(plan, loss), 1)]
        yield np.where(np.isin(domains, gone), 0.0, sizes)
        return
    for parts in _divided(loss.number, loss.number):
        left, free = sizes.copy(), list(order)
        for part in parts:
            within = (one for one in free if np.sum(domains == one) > (part - 1) * loss.each)
            found = next(within, None)
            if found is None:
                break
            free.remove(found)
            left[np.flatnonzero(domains == found)[: part * loss.each]] = 0.0
        else:
            yield left


def _divided(number: int, most: int) -> Iterator[tuple[int, ...]]:
    """Ways to write a number as a sum of others, the largest first."""
    if number == 0:
        yield ()
    for first in range(min(number, most), 0, -1):
        yield from ((first, *rest) for rest in _divided(number - first, first))


def _by_law(plan: BackendPlan, computed: Computed, devices: Values) -> float:
    """What the domains hold with a balancer, each reduced by what it lost [B]."""
    whole = _argument(computed, plan, "raw_capacity", "device_capacity")
    domains = np.array(device_domains(plan))
    part = np.bincount(domains, weights=devices) / np.bincount(domains, weights=whole)
    capacity = _argument(computed, plan, "usable_capacity", "domain_capacity") * part
    shares = (plan.scheme.shares, plan.scheme.data_shares)
    return float(np.asarray(usable_capacity(capacity, *shares)))


def _placed(plan: BackendPlan, computed: Computed, devices: Values) -> float:
    """What a pool of finitely many placement groups holds on average [B]."""
    groups = int(computed.backends[plan.name]["placement_groups"].nominal)
    shares = (plan.scheme.shares, plan.scheme.data_shares)
    kept = devices > 0.0
    if not kept.any():
        return 0.0
    domains = np.array(device_domains(plan))[kept]
    return expected_usable_capacity(devices[kept], domains, *shares, groups)


def _argument(computed: Computed, plan: BackendPlan, quantity: str, name: str) -> Values:
    """What went into a quantity of a backend."""
    return np.asarray(dict(computed.backends[plan.name][quantity].inputs)[name].nominal)


def _timed(plan: BackendPlan, computed: Computed, loss: Loss, room: float, data: float) -> Healing:
    """The recovery of what a loss takes along, as fast as drives and links allow."""
    scheme = plan.scheme
    hosts, drives = sum(store.hosts for store in plan.stores), drives_of(plan)
    dead = _dead_drives(plan, loss)
    shares = (scheme.shares, scheme.data_shares)
    lost = float(np.asarray(lost_share_bytes(data, hosts, *shares))) * dead * hosts / drives
    link = _link_rate(computed, plan) * (hosts - dead * hosts // drives)
    time = recovery_time_bound(
        lost,
        _targets(plan, loss, dead),
        min(least_rate(store.reliability) for store in plan.stores),
        link,
        link,
        scheme.data_shares,
        float(computed.backends[plan.name]["journal_factor"].nominal),
        mark_out_hours=(scheme.mark_out_delay.value or 0.0) / SECONDS,
    )
    total, delay, disks, network = (
        float(np.asarray(part)) for part in (time.total, time.mark_out, time.disks, time.network_in)
    )
    busy = network / (total - delay) if total > delay else 0.0
    return Healing(True, "", room, total, "network" if network >= disks else "drives", busy)


def _targets(plan: BackendPlan, loss: Loss, dead: int) -> float:
    """Drives that take part: only siblings where every object is on every host."""
    drives = drives_of(plan)
    if not loss.of_drives or plan.scheme.domain != "host":
        return float(drives - dead)
    hosts = places_of(plan)
    per_host = max(drives // hosts, 1)
    after = recovery_targets(hosts, per_host, plan.scheme.shares).after_disk
    return max(float(np.asarray(after)) - dead + 1.0, 1.0)


def _link_rate(computed: Computed, plan: BackendPlan) -> float:
    """Line rate of one storage host [B/s]; infinite where no network is stated."""
    cell = computed.backends[plan.name].get("effective_link_rate")
    hosts = sum(store.hosts for store in plan.stores)
    return math.inf if cell is None else float(cell.nominal) / hosts


def least_rate(drive: Mapping[str, Fact]) -> float:
    """The slower of a drive's rates [B/s]; NaN where one is unknown."""
    rates = (drive["read_rate"].value, drive["write_rate"].value)
    return min((math.nan if rate is None else rate for rate in rates), key=_nan_first)


def _nan_first(rate: float) -> float:
    return -math.inf if math.isnan(rate) else rate
