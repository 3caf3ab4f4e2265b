"""Losses worth asking about, and the plan of what is left after one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from planner.facts import Fact
from planner.models.quorum import quorum_loss_probability
from planner.plan import (
    BackendPlan,
    ClientPlan,
    DesignPlan,
    Given,
    GroupPlan,
    Row,
    StorePlan,
)

MOST_DRIVES = 3
CONTROLLER_RATES = (
    "controller_bound_read_throughput",
    "controller_bound_write_throughput",
)


@dataclass(frozen=True)
class Loss:
    """Things lost at once, any of their kind.

    Parameters
    ----------
    kind : {"none", "hosts", "racks", "drives", "journals", "controllers", "switches"}
        What is lost; with a journal's drive all drives that it serves.
    of : str
        The group of the hosts or switches; the backend of the others.
    number, total : int
        How many, of how many.
    each : int
        Drives that each lost journal takes along, itself not counted.
    """

    kind: Literal["none", "hosts", "racks", "drives", "journals", "controllers", "switches"]
    of: str
    number: int
    total: int
    each: int = 1

    @property
    def of_drives(self) -> bool:
        """Whether drives are lost, one by one or several with their journal."""
        return self.kind in ("drives", "journals")

    @property
    def drives(self) -> int:
        """Drives that are lost, where drives are."""
        return self.number * self.each


def losses_of(plan: DesignPlan, most: int) -> Iterator[Loss]:
    """No loss, then hosts of each group that matters, racks, drives and controllers."""
    yield Loss("none", "", 0, 0)
    for group in plan.groups:
        total = int(group.count.value or 0)
        if total and matters(plan, group):
            yield from (Loss("hosts", group.name, n, total) for n in range(1, min(most, total) + 1))
    for backend in plan.backends:
        if backend.scheme.domain == "rack":
            total = len(racks_of(backend))
            yield from (
                Loss("racks", backend.name, n, total) for n in range(1, min(most, total) + 1)
            )
        total = drives_of(backend)
        last = min(MOST_DRIVES, total)
        yield from (Loss("drives", backend.name, n, total) for n in range(1, last + 1))
        yield from _journal_losses(backend)
        total = int(backend.scheme.controllers.value or 0) if backend.scheme.controllers else 0
        yield from (Loss("controllers", backend.name, n, total) for n in range(1, total + 1))


def _journal_losses(backend: BackendPlan) -> Iterator[Loss]:
    """Drives with journals, where each serves several others."""
    numbers = [(store.drives_per_host, store.journals_per_host) for store in backend.stores]
    if backend.scheme.raid is None and numbers and all(journals for _, journals in numbers):
        each = max(math.ceil(drives / journals) for drives, journals in numbers)
        total = sum(store.hosts * store.journals_per_host for store in backend.stores)
        last = min(MOST_DRIVES, total) if each > 1 else 0
        yield from (Loss("journals", backend.name, n, total, each) for n in range(1, last + 1))


def matters(plan: DesignPlan, group: GroupPlan) -> bool:
    """Whether a group holds data, runs VMs or votes."""
    stores = (store.group for backend in plan.backends for store in backend.stores)
    voters = (name for quorum in plan.quorums for name in quorum.members)
    return bool(group.host) or group.name in {*stores, *voters}


def racks_of(backend: BackendPlan) -> list[str]:
    """The racks of a backend's hosts, the largest first."""
    sizes: dict[str, float] = {}
    for store in backend.stores:
        capacity = float(store.device["drive_capacity"].value or 0.0) * store.drives_per_host
        sizes[str(store.rack)] = sizes.get(str(store.rack), 0.0) + store.hosts * capacity
    return sorted(sizes, key=lambda rack: -sizes[rack])


def drives_of(backend: BackendPlan) -> int:
    """Number of drives, hot spares included."""
    return sum(store.hosts * store.drives_per_host for store in backend.stores)


def units_of(store: StorePlan, loss: Loss) -> int:
    """Drives of a host of which some are lost: those with data, or those with journals."""
    return store.journals_per_host if loss.kind == "journals" else store.drives_per_host


def quorum_losses(plan: DesignPlan, loss: Loss) -> dict[str, float]:
    """Probability that each voting group stops."""
    found = {}
    for quorum in plan.quorums:
        here = int(quorum.members[loss.of].value or 0) if loss.of in quorum.members else 0
        there = sum(int(fact.value or 0) for fact in quorum.members.values()) - here
        lost = loss.kind == "hosts" and here > 0
        found[quorum.name] = (
            float(quorum_loss_probability(here, loss.total, loss.number, there)) if lost else 0.0
        )
    return found


# What is left


def without(plan: DesignPlan, loss: Loss) -> DesignPlan:
    """The plan without what is lost, the largest first."""
    if loss.kind == "hosts":
        return without_hosts(plan, loss.of, loss.number)
    if loss.kind == "racks":
        backend = next(item for item in plan.backends if item.name == loss.of)
        gone = racks_of(backend)[: loss.number]
        for store in backend.stores:
            if str(store.rack) in gone:
                plan = without_hosts(plan, store.group, store.hosts)
        return plan
    if loss.of_drives:
        return _with_backend(plan, loss.of, lambda item: _without_drives(item, loss.drives))
    if loss.kind == "controllers":
        left = 1.0 - loss.number / loss.total
        return _with_backend(plan, loss.of, lambda item: _with_slower_controllers(item, left))
    return plan


def without_hosts(plan: DesignPlan, name: str, number: int) -> DesignPlan:
    """The plan with fewer hosts of a group."""
    group = next(item for item in plan.groups if item.name == name)
    old, left = group.count, int(group.count.value or 0) - number
    new = replace(old, value=float(left), low=None, high=None)
    keep = {name} if left == 0 else set[str]()
    groups = (_of_group(item, old, new) for item in plan.groups if item.name not in keep)
    backends = (_of_backend(item, old, new, keep) for item in plan.backends)
    kept = tuple(item for item in backends if item.stores)
    names = {item.name for item in kept}
    return replace(
        plan,
        groups=tuple(groups),
        backends=kept,
        quorums=(),
        spares=(),
        pools=tuple(pool for pool in plan.pools if pool.backend in names),
        shared_store=plan.shared_store if plan.shared_store in names else None,
        local_store=plan.local_store if plan.local_store in names else None,
    )


def _of_group(group: GroupPlan, old: Fact, new: Fact) -> GroupPlan:
    if group.count != old:
        return group
    return replace(
        group,
        count=new,
        equipment=_swapped(group.equipment, old, new),
        host=_swapped(group.host, old, new),
        switch=_swapped(group.switch, old, new),
    )


def _swapped(given: Mapping[str, Fact], old: Fact, new: Fact) -> dict[str, Fact]:
    return {key: new if fact == old else fact for key, fact in given.items()}


def _of_backend(backend: BackendPlan, old: Fact, new: Fact, gone: set[str]) -> BackendPlan:
    def counted(item: StorePlan | ClientPlan) -> bool:
        return item.group not in gone

    stores = [store for store in backend.stores if counted(store)]
    clients = [client for client in backend.clients if counted(client)]
    return replace(
        backend,
        stores=tuple(replace(s, count=new) if s.count == old else s for s in stores),
        clients=tuple(replace(c, count=new) if c.count == old else c for c in clients),
    )


def _with_backend(plan: DesignPlan, name: str, change: object) -> DesignPlan:
    assert callable(change)
    backends = tuple(change(item) if item.name == name else item for item in plan.backends)
    return replace(plan, backends=backends)


def _without_drives(backend: BackendPlan, number: int) -> BackendPlan:
    """One host after the other with fewer drives; a RAID holds as much as before.

    Local disks stay as they are too: the other hosts do not care.
    """
    if backend.scheme.raid is not None or backend.scheme.local:
        return backend
    first = max(
        backend.stores,
        key=lambda store: float(store.device["drive_capacity"].value or 0),
    )
    gone = min(number, first.drives_per_host)
    stores: list[StorePlan] = []
    for store in backend.stores:
        if store is not first:
            stores.append(store)
            continue
        one = replace(store.count, value=1.0, low=None, high=None)
        rest = replace(store.count, value=store.hosts - 1.0, low=None, high=None)
        left = store.drives_per_host - gone
        stores.append(replace(store, count=rest))
        if left:
            given = {**store.given, "drive_count": _fewer(store.given, left)}
            stores.append(replace(store, count=one, drives_per_host=left, given=given))
    left_over = replace(backend, stores=tuple(store for store in stores if store.hosts))
    done = gone == number or not left_over.stores
    return left_over if done else _without_drives(left_over, number - gone)


def _fewer(given: Given, left: int) -> Row:
    row = given["drive_count"]
    assert isinstance(row, Row)
    name, fact = row.members[0]
    return Row(row.unit, ((name, replace(fact, value=float(left))),))


def _with_slower_controllers(backend: BackendPlan, left: float) -> BackendPlan:
    changed = {
        key: replace(fact, value=fact.value * left, low=None, high=None)
        for key, fact in backend.given.items()
        if key in CONTROLLER_RATES and isinstance(fact, Fact) and fact.value is not None
    }
    return replace(backend, given={**backend.given, **changed})


def degraded(plan: DesignPlan) -> DesignPlan:
    """The plan with as many shares as still find places of their own, before anything heals."""
    return replace(plan, backends=tuple(_degraded_backend(item) for item in plan.backends))


def places_of(backend: BackendPlan) -> int:
    """Failure domains of a backend."""
    if backend.scheme.domain == "rack":
        return len(racks_of(backend))
    if backend.scheme.domain == "drive":
        return drives_of(backend)
    return sum(store.hosts for store in backend.stores)


def _degraded_backend(backend: BackendPlan) -> BackendPlan:
    shares, places = backend.scheme.shares, places_of(backend)
    if backend.scheme.domain == "drive" or not backend.scheme.data_shares <= places < shares:
        return backend

    def fewer(given: Given) -> Given:
        most = {
            "shares": places,
            "minimum_shares": min(places, backend.scheme.minimum_shares),
        }
        return {
            key: replace(item, value=float(most[key]))
            if key in most and isinstance(item, Fact)
            else item
            for key, item in given.items()
        }

    return replace(backend, given=fewer(backend.given), survival=fewer(backend.survival))
