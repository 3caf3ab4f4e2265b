"""What a backend adds to its sheet: where shares can go, what Ceph prints, pools and quorums.

Figures that are no formulas of a sheet (a simulation, a placement over labelled devices) become
cells like all others: they hold the function that made them and the cells that went into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from types import FunctionType
from typing import Any

import numpy as np

from planner.facts import Basis, Fact
from planner.models import (
    balancer,
    capacity,
    ceph,
    pool_growth,
    pools,
    quorum,
    replica_sets,
)
from planner.models.ceph_pool import max_avail_excess
from planner.models.store import device_capacity
from planner.models.swift import swift_partition_power, swift_write_quorum
from planner.plan import BackendPlan, DesignPlan, PoolPlan, QuorumPlan
from planner.sheet import Cell, made_once, renamed, stack

Cells = dict[str, Cell]
Leaf = Callable[[Fact, str], Cell]

LABELS = ("device_domain",)
SHOWN = ("pool_data", "growth", "shares", "data_shares", "service_shares")


def computed(
    name: str,
    unit: str,
    function: Callable[..., Any],
    cells: Mapping[str, Cell],
    **choices: Any,
) -> Cell:
    """A library function as a cell, with the cells that went into it."""

    def make() -> Cell:
        given = {key: cell.nominal if key in LABELS else cell.value for key, cell in cells.items()}
        with np.errstate(all="ignore"):
            value = function(**given, **choices)
        return _cell(name, unit, function, cells, value)

    return made_once((name, unit, function, *choices.items()), [*cells.items()], make)


def simulated(
    name: str,
    unit: str,
    function: Callable[..., Any],
    cells: Mapping[str, Cell],
    **choices: Any,
) -> Cell:
    """A library function of plain numbers as a cell: the most likely values only, no range."""

    def make() -> Cell:
        given = {
            key: cell.nominal if cell.value.ndim > 1 else _number(cell)
            for key, cell in cells.items()
        }
        return _cell(name, unit, function, cells, function(**given, **choices))

    kind = (simulated, name, unit, function, *choices.items())
    return made_once(kind, [*cells.items()], make)


def _number(cell: Cell) -> float | int:
    value = float(cell.nominal)
    return int(value) if value.is_integer() else value


def _cell(
    name: str,
    unit: str,
    function: Callable[..., Any],
    cells: Mapping[str, Cell],
    value: Any,
) -> Cell:
    assert isinstance(function, FunctionType)
    array = np.atleast_1d(np.asarray(value, dtype=float))
    return Cell(name, unit, array, None, function, tuple(cells.items()))


@lru_cache(maxsize=64)
def _listed(name: str, unit: str, values: tuple[float, ...], source: str) -> Cell:
    """A row of numbers that follow from how the scenario lays the backend out."""
    row = np.array(values, dtype=float)[:, np.newaxis]
    return Cell(name, unit, row, Fact(name, float(row[0, 0]), unit, Basis.GIVEN, source))


# Where shares can go


def layout(plan: BackendPlan, host_capacity: Cell, leaf: Leaf) -> Cells:
    """Devices, hosts and failure domains of a backend.

    Parameters
    ----------
    plan : BackendPlan
        The backend.
    host_capacity : Cell
        What each host's drives can be filled with [B], hosts in order of the stores.
    leaf : callable
        Makes a cell of a fact.

    Returns
    -------
    dict
        `device_capacity` [B], `host_capacity` [B], `domain_capacity` [B] and `site_capacity` [B],
        the hosts or racks from which survival is seen.
    """
    hosts = _in_sets(plan, list(host_capacity.inputs))
    cells = {
        "device_capacity": stack("device_capacity", "B", list(_devices(plan, leaf))),
        "host_capacity": stack("host_capacity", "B", hosts),
    }
    sites = cells["host_capacity"]
    if plan.scheme.domain == "rack":
        sites = stack("rack_capacity", "B", list(_racks(plan, hosts)))
    domains = cells["device_capacity"] if plan.scheme.domain == "drive" else sites
    return {
        **cells,
        "site_capacity": sites,
        "domain_capacity": renamed(domains, "domain_capacity"),
    }


def _devices(plan: BackendPlan, leaf: Leaf) -> Iterator[tuple[str, Cell]]:
    for store in plan.stores:
        given = {key: leaf(fact, key) for key, fact in store.device.items()}
        device = given["drive_capacity"]
        if "drive_share" in given:
            device = computed("device_capacity", "B", device_capacity, given)
        for _ in range(store.hosts * store.drives_per_host):
            yield f"{store.group}: {store.drive}", device


def _in_sets(plan: BackendPlan, hosts: list[tuple[str, Cell]]) -> list[tuple[str, Cell]]:
    """The hosts, each with what its replica set lets it hold."""
    if not plan.scheme.in_sets:
        return hosts
    rule = {
        "replica-sets": replica_sets.replica_capacity,
        "mirrored-devices": replica_sets.mirrored_capacity,
    }[plan.scheme.placement]
    size, found = plan.scheme.shares, []
    for first in range(0, len(hosts), size):
        members = hosts[first : first + size]
        row = stack("member_capacity", "B", members)
        held = computed("replica_capacity", "B", rule, {"member_capacity": row})
        found += [(label, held) for label, _ in members]
    return found


def _racks(plan: BackendPlan, hosts: list[tuple[str, Cell]]) -> Iterator[tuple[str, Cell]]:
    racks = {store.group: str(store.rack) for store in plan.stores}
    ordered = sorted(hosts, key=lambda item: racks[item[0]])
    for rack, members in groupby(ordered, key=lambda item: racks[item[0]]):
        row = stack("device_capacity", "B", list(members))
        yield (
            rack,
            computed("rack_capacity", "B", capacity.raw_capacity, {"device_capacity": row}),
        )


def device_domains(plan: BackendPlan) -> list[int]:
    """Number of the failure domain of each device, in order of the devices."""
    racks = sorted({str(store.rack) for store in plan.stores})
    found: list[int] = []
    host = 0
    for store in plan.stores:
        for _ in range(store.hosts):
            domain = racks.index(str(store.rack)) if plan.scheme.domain == "rack" else host
            found += [domain] * store.drives_per_host
            host += 1
    return list(range(len(found))) if plan.scheme.domain == "drive" else found


# Figures of one software


def figures(plan: BackendPlan, cells: Mapping[str, Cell], leaf: Leaf) -> Cells:
    """What holds for Ceph or Swift only.

    Parameters
    ----------
    plan : BackendPlan
        The backend.
    cells : mapping
        Its cells so far, with its layout.
    leaf : callable
        Makes a cell of a fact.
    """
    devices = sum(store.hosts * store.drives_per_host for store in plan.stores)
    if not devices:
        return {}
    counted = "hosts and drives of the scenario"
    name = f"{plan.name}.devices"
    count = leaf(Fact(name, float(devices), "part", Basis.GIVEN, counted), "devices")
    if plan.scheme.crush:
        return _crush_figures(plan, cells, leaf, count)
    return _ring_figures(plan, cells, leaf, count) if plan.scheme.service_rule == "half" else {}


def _ring_figures(plan: BackendPlan, cells: Mapping[str, Cell], leaf: Leaf, count: Cell) -> Cells:
    most = (
        count if plan.scheme.most_drives is None else leaf(plan.scheme.most_drives, "most_drives")
    )
    replicas = {"replicas": cells["shares"]}
    return {
        "partition_power": computed(
            "partition_power", "1", swift_partition_power, {"most_devices": most}
        ),
        "write_quorum": computed("write_quorum", "1", swift_write_quorum, replicas),
    }


def _crush_figures(plan: BackendPlan, cells: Mapping[str, Cell], leaf: Leaf, count: Cell) -> Cells:
    found = _groups(plan, cells, leaf, count)
    placed = {
        "device_capacity": cells["device_capacity"],
        "device_domain": _listed(
            "device_domain", "1", tuple(device_domains(plan)), "hosts and racks of the scenario"
        ),
        "shares": cells["shares"],
        "data_shares": cells["data_shares"],
    }
    grouped = {**placed, "placement_groups": found["placement_groups"]}
    ratio = {"backfillfull_ratio": cells["backfillfull_ratio"]}
    for function, given in (
        (pools.expected_usable_capacity, grouped),
        (balancer.balanced_usable_capacity, grouped),
        (pools.expected_self_heal_capacity, {**grouped, **ratio}),
    ):
        found[function.__name__] = simulated(function.__name__, "B", function, given)
    for name, balanced in (
        ("drive_loss_self_heal_capacity", True),
        ("unbalanced_drive_loss_self_heal_capacity", False),
    ):
        heal = balancer.device_loss_self_heal_capacity
        found[name] = computed(name, "B", heal, {**placed, **ratio}, balanced=balanced)
    chosen = "balanced_usable_capacity" if plan.scheme.balancer else "expected_usable_capacity"
    limit = {"usable_capacity": found[chosen], "full_ratio": cells["full_ratio"]}
    found["writable_capacity"] = computed(
        "writable_capacity", "B", capacity.full_limit_capacity, limit
    )
    return {**found, **_max_avail(cells, found)}


def _groups(plan: BackendPlan, cells: Mapping[str, Cell], leaf: Leaf, count: Cell) -> Cells:
    given = {"devices": count, "shares": cells["shares"]}
    advised = computed("suggested_placement_groups", "1", ceph.suggested_placement_groups, given)
    chosen = plan.scheme.placement_groups
    used = (
        renamed(advised, "placement_groups") if chosen is None else leaf(chosen, "placement_groups")
    )
    return {
        "suggested_placement_groups": advised,
        "placement_groups": used,
        "groups_per_device": computed(
            "groups_per_device",
            "1",
            ceph.groups_per_device,
            {"placement_groups": used, **given},
        ),
    }


def _max_avail(cells: Mapping[str, Cell], found: Mapping[str, Cell]) -> Cells:
    """MAX AVAIL of the empty, healthy pool, and by how much it over-reports."""
    device = cells["device_capacity"]
    given = {
        "device_capacity": device,
        "device_used": _listed("device_used", "B", (0.0,) * len(device.value), "an empty pool"),
        "device_weight": computed(
            "device_weight", "1", ceph.crush_weight, {"device_capacity": device}
        ),
        "raw_used_rate": cells["raw_used_rate"],
        "full_ratio": cells["full_ratio"],
    }
    shown = computed("max_avail", "B", ceph.max_avail, given)
    both = {"max_avail": shown, "writable_capacity": found["writable_capacity"]}
    return {
        "max_avail": shown,
        "max_avail_excess": computed("max_avail_excess", "B", max_avail_excess, both),
    }


# Pools and quorums


def pool_cells(plan: DesignPlan, backends: Mapping[str, Cells], leaf: Leaf) -> Cells:
    """What each pool takes and leaves, as ``POOL.quantity``, and how full each backend is."""
    found: Cells = {}
    for name, cells in backends.items():
        members = [pool for pool in plan.pools if pool.backend == name]
        if members:
            found |= _pools_of(name, members, cells, leaf)
    return found


def _pools_of(name: str, members: list[PoolPlan], cells: Cells, leaf: Leaf) -> Cells:
    given = {
        pool.name: {key: leaf(fact, key) for key, fact in pool.given.items()} for pool in members
    }
    own = {pool.name: _own_cells(given[pool.name], cells) for pool in members}
    fills = stack("pool_fill", "1", [(pool.name, own[pool.name]["pool_fill"]) for pool in members])
    growth = stack("growth", "1/yr", [(pool.name, given[pool.name]["growth"]) for pool in members])
    filled = computed("pools_fill", "1", pool_growth.pools_fill, {"pool_fill": fills})
    found = {
        f"{name}.pools_fill": filled,
        f"{name}.years_to_full": computed(
            "years_to_full",
            "yr",
            pool_growth.years_to_full,
            {"pool_fill": fills, "growth": growth},
        ),
    }
    for pool in members:
        room = {"pool_capacity": own[pool.name]["pool_capacity"], "pools_fill": filled}
        own[pool.name]["pool_room"] = computed("pool_room", "B", pool_growth.pool_room, room)
        found |= {f"{pool.name}.{key}": cell for key, cell in own[pool.name].items()}
        found |= {f"{pool.name}.{key}": given[pool.name][key] for key in SHOWN}
    return found


def _own_cells(given: Cells, cells: Cells) -> Cells:
    """What a pool takes by itself."""
    shares = {key: given[key] for key in ("shares", "data_shares")}
    domains = dict(cells["usable_capacity"].inputs)["domain_capacity"]
    usable = computed(
        "usable_capacity",
        "B",
        capacity.usable_capacity,
        {"domain_capacity": domains, **shares},
    )
    limit = {"usable_capacity": usable, "nearfull_ratio": cells["nearfull_ratio"]}
    room = computed("pool_capacity", "B", capacity.nearfull_capacity, limit)
    data = given["pool_data"]
    return {
        "pool_raw_use": computed(
            "pool_raw_use", "B", pool_growth.pool_raw_use, {"pool_data": data, **shares}
        ),
        "pool_capacity": room,
        "pool_fill": computed(
            "pool_fill",
            "1",
            pool_growth.pool_fill,
            {"pool_data": data, "pool_capacity": room},
        ),
    }


def vm_store(plan: DesignPlan, cells: Cells, pool_cells: Cells) -> Cell:
    """What the VMs' disks may fill of a shared backend: up to nearfull, beside its images."""
    backend = next(item for item in plan.backends if item.name == plan.shared_store)
    room = cells["nearfull_capacity"]
    if not backend.scheme.balancer and "expected_usable_capacity" in cells:
        limit = {
            "usable_capacity": cells["expected_usable_capacity"],
            "nearfull_ratio": cells["nearfull_ratio"],
        }
        room = computed("placed_nearfull_capacity", "B", capacity.nearfull_capacity, limit)
    return _beside_images(plan, "vm_store_capacity", room, pool_cells)


def vm_store_heals(plan: DesignPlan, cells: Cells, pool_cells: Cells) -> Cell:
    """What the VMs' disks may fill with room left to heal after the loss of a host."""
    backend = next(item for item in plan.backends if item.name == plan.shared_store)
    unbalanced = not backend.scheme.balancer and "expected_self_heal_capacity" in cells
    room = cells["expected_self_heal_capacity" if unbalanced else "self_heal_capacity"]
    return _beside_images(plan, "vm_store_heal_capacity", room, pool_cells)


def _beside_images(plan: DesignPlan, name: str, room: Cell, pool_cells: Cells) -> Cell:
    """What is left of a room in the VMs' backend beside its images."""
    images = [
        (pool.name, pool_cells[f"{pool.name}.pool_fill"])
        for pool in plan.pools
        if pool.backend == plan.shared_store and pool.use == "image"
    ]
    if images:
        fills = {"pool_fill": stack("pool_fill", "1", images)}
        filled = computed("pools_fill", "1", pool_growth.pools_fill, fills)
        both = {"pool_capacity": room, "pools_fill": filled}
        room = computed(name, "B", pool_growth.pool_room, both)
    return renamed(room, name)


def quorum_cells(plans: Iterable[QuorumPlan], leaf: Leaf) -> Cells:
    """Members, majority and bearable losses of each group that votes, as ``GROUP.quantity``."""
    found: Cells = {}
    tolerated = []
    for plan in plans:
        counts = [(group, leaf(fact, "member_count")) for group, fact in plan.members.items()]
        row = {"member_count": stack("member_count", "node", counts)}
        members = computed("members", "node", quorum.votes, row)
        for key, function in (
            ("majority", quorum.majority),
            ("member_losses_tolerated", quorum.member_losses_tolerated),
        ):
            found[f"{plan.name}.{key}"] = computed(key, "node", function, {"members": members})
        found[f"{plan.name}.members"] = members
        tolerated.append((plan.name, found[f"{plan.name}.member_losses_tolerated"]))
    if tolerated:
        row = {"losses_tolerated": stack("losses_tolerated", "node", tolerated)}
        name = "host_losses_in_quorum"
        found[name] = computed(name, "node", quorum.host_losses_in_quorum, row)
    return found
