"""The equipment of a design as a snapshot holds it: role, power, and the curve behind it."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.compute import Computed
from planner.numbers import number_data, range_data, rounded
from planner.plan import GroupPlan

POWERS = {
    "idle_power": "equipment_idle_power",
    "mean_power": "equipment_mean_power",
    "peak_power": "equipment_peak_power",
}
LEVELS = 11


def equipment(computed: Computed) -> list[dict[str, Any]]:
    """Each group of equal items.

    Parameters
    ----------
    computed : Computed
        The design.

    Returns
    -------
    list of dict
        Name, title, number, role (``hosts`` of VMs, ``storage``, ``network`` or ``other``), the
        power of all its items at rest, at the mean load and under full load, and the load curve of
        one with the readings that show it.
    """
    return [_entry(computed, at, group) for at, group in enumerate(computed.plan.groups)]


def _entry(computed: Computed, at: int, group: GroupPlan) -> dict[str, Any]:
    return {
        "name": group.name,
        "title": group.title,
        "count": group.count.value,
        "role": _role(group),
        **{name: _power(computed, at, group, name) for name in POWERS},
        "load_curve": _load_curve(computed, group),
    }


def _role(group: GroupPlan) -> str:
    flags = {key: bool(group.equipment[key].value) for key in ("runs_vms", "runs_storage_daemons")}
    if flags["runs_vms"]:
        return "hosts"
    if flags["runs_storage_daemons"]:
        return "storage"
    return "network" if group.switch else "other"


def _power(computed: Computed, at: int, group: GroupPlan, name: str) -> dict[str, Any]:
    """Power of all items of a group, which is one of the rows that the design's power sums."""
    each = dict(computed.design[name].inputs)[POWERS[name]].value
    items = computed.columns.values(group.count)
    return number_data(computed.columns, items * each[at], "W", "")


def _load_curve(computed: Computed, group: GroupPlan) -> dict[str, Any]:
    """Power of one item from rest to full load, in steps of 10 %, with its range."""
    curve = computed.groups[group.name]["node_load_curve"].value
    found = [range_data(item, "W", "") for item in computed.columns.ranges_of(list(curve))]
    return {
        "load": [rounded(float(load)) for load in np.linspace(0.0, 1.0, LEVELS)],
        **{key: [item[key] for item in found] for key in ("value", "low", "high")},
        "unit": "W",
        "readings": [
            {"load": load, "power": fact.value, "bound": fact.bound and str(fact.bound)}
            for load, fact in group.readings
        ],
    }
