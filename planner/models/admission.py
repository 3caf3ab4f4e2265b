"""How many VMs OpenStack Placement admits, which lets a VM take the last unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from planner.models.arguments import Values, amount
from planner.models.combinatorics import plain
from planner.models.dimensions import Array

NOVA_RATIOS = {"VCPU": 4.0, "MEMORY_MB": 1.0, "DISK_GB": 1.0}
"""Initial allocation ratios of nova from 27.0 (2023.1) on."""

NOVA_26_RATIOS = {"VCPU": 16.0, "MEMORY_MB": 1.5, "DISK_GB": 1.0}
"""Allocation ratios of nova up to 26 (Zed)."""


class Inventory(NamedTuple):
    """What the hosts have of one resource class, in its own whole units.

    Every field is one number or an array of one value a host, first axis. ``max_unit`` is the
    physical total where it is not given, as nova sets it.
    """

    total: Any
    reserved: Any = 0
    ratio: Any = 1.0
    used: Any = 0
    min_unit: Any = 1
    max_unit: Any = None
    step_size: Any = 1


class PlacementCapacity(NamedTuple):
    """VMs in total, on each host, and in total by each resource class alone [vm]."""

    vms: Array
    per_host: Array
    by_class: dict[str, Array]

    @property
    def binding(self) -> tuple[str, ...]:
        """Classes that alone would allow the fewest VMs, all of them on a tie."""
        if any(np.ndim(count) for count in self.by_class.values()):
            raise ValueError("binding classes are named for one design, not for an array of them")
        least = min(self.by_class.values())
        return tuple(name for name, count in self.by_class.items() if count == least)


def placement_capacity(
    inventories: Mapping[str, Inventory], requested: Mapping[str, Any]
) -> PlacementCapacity:
    """VMs of one flavour that OpenStack Placement admits.

    Parameters
    ----------
    inventories : mapping of str to Inventory
        What the hosts have of each resource class; arrays of shape (hosts, ...).
    requested : mapping of str to array_like, shape (...)
        What a VM asks of each class, in the class's units; a class of which it asks nothing does
        not count [1].

    Returns
    -------
    PlacementCapacity
        VMs in total, on each host, and by each class alone [vm]; ``binding`` names the scarcest.

    Raises
    ------
    ValueError
        If a class is requested that the hosts do not have, or a number is negative.

    Notes
    -----
    A class admits while used + asked <= (total - reserved) ratio, in floating point and without
    rounding, as Placement computes it: 100 units at a ratio of 0.29 admit 28. A host admits the
    least of its classes. A VM that asks more than ``max_unit`` fits nowhere, whatever the ratio.
    PCPU (pinned processors) is a class apart from VCPU; that it is never overcommitted is nova's
    doing and not Placement's.

    References
    ----------
    openstack/placement, ``objects/allocation.py`` and ``objects/inventory.py``; nova 27.0, release
    note on initial allocation ratios.

    Examples
    --------
    >>> hosts = {
    ...     "VCPU": Inventory([4] * 16, ratio=NOVA_RATIOS["VCPU"]),
    ...     "MEMORY_MB": Inventory([16384] * 16, reserved=512),
    ...     "DISK_GB": Inventory([240] * 16),
    ... }
    >>> found = placement_capacity(hosts, {"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20})
    >>> found.vms, found.binding
    (112.0, ('MEMORY_MB',))
    """
    missing = sorted(set(requested) - set(inventories))
    if missing or not requested:
        raise ValueError(f"requested must name some of {sorted(inventories)}, got {missing}")
    admitted = {name: _admitted(name, inventories[name], need) for name, need in requested.items()}
    per_host = np.minimum.reduce(list(np.broadcast_arrays(*admitted.values())))
    by_class = {name: plain(count.sum(axis=0)) for name, count in admitted.items()}
    return PlacementCapacity(plain(per_host.sum(axis=0)), per_host, by_class)


def _admitted(name: str, inventory: Inventory, requested: Any) -> Values:
    """VMs that one class admits on each host."""
    limits = inventory._replace(
        max_unit=inventory.total if inventory.max_unit is None else inventory.max_unit
    )
    total, reserved, ratio, used, least, most, step = (
        amount(values, f"{name} {field}")
        for field, values in zip(Inventory._fields, limits, strict=True)
    )
    total, asked = np.atleast_1d(total), amount(requested, f"{name} requested")
    capacity = (total - reserved) * ratio
    asking = np.where(asked == 0, 1.0, asked)
    more = np.floor((capacity - used) / asking)
    more += used + (more + 1) * asking <= capacity
    more -= used + more * asking > capacity
    refused = (asked < least) | (asked > most) | (asked % step > 0)
    return np.where(asked == 0, np.inf, np.where(refused, 0.0, np.maximum(more, 0.0)))
