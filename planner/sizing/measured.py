"""What a computed design has, at its most likely values, for as many lost hosts as are asked."""

from __future__ import annotations

import math

import numpy as np

from planner.compute import Computed
from planner.models.capacity import capacity_after_losses
from planner.models.growth import after_losses


def nominal(computed: Computed, name: str) -> float:
    """A quantity of the design; NaN where there is none."""
    cell = computed.design.get(name)
    return math.nan if cell is None else float(cell.nominal)


def row(computed: Computed, name: str) -> np.ndarray:
    """A quantity of each group of hosts at its most likely value."""
    hosts = sum(1 for group in computed.plan.groups if group.host)
    cell = computed.design.get(name) or computed.given.get(name)
    return np.full(hosts, np.nan) if cell is None else np.broadcast_to(cell.nominal, hosts)


def hosts_hold(computed: Computed, losses: int) -> float:
    """VMs of mean size that the hosts hold after the loss of those that hold most [vm]."""
    if losses == 0:
        return nominal(computed, "host_bound_vms")
    one = nominal(computed, "survivor_bound_vms")
    if losses == 1:
        return one
    left = after_losses(row(computed, "group_vms"), row(computed, "host_count"), losses)
    return min(one, float(left))


def threads_left(computed: Computed, losses: int) -> float:
    """Threads of the hosts after the loss of those that have most [thread]."""
    count = row(computed, "host_count")
    return float(after_losses(count * row(computed, "host_threads"), count, losses))


def heals(computed: Computed) -> bool:
    """Whether the storage of the VMs' disks keeps copies that can be made anew elsewhere."""
    name = computed.plan.shared_store
    scheme = next(item.scheme for item in computed.plan.backends if item.name == name)
    return scheme.shares > scheme.data_shares and not scheme.in_sets


def heal_room(computed: Computed, losses: int) -> float:
    """VM disks with which the shared storage can heal after the loss of some hosts [B]."""
    room = nominal(computed, "vm_store_heal_capacity")
    if losses <= 1 or room == 0.0:
        return room
    cells = computed.backends[str(computed.plan.shared_store)]
    domains = dict(cells["usable_capacity"].inputs)["domain_capacity"].nominal
    shares, data = (int(cells[key].nominal) for key in ("shares", "data_shares"))
    if losses >= len(domains):
        return 0.0
    left = [
        float(capacity_after_losses(domains, shares, data, losses=number)) for number in (1, losses)
    ]
    return room * left[1] / left[0]
