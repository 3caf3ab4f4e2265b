"""What the layout of a design's VMs says, as quantities: the most likely values only."""

from __future__ import annotations

import math
from types import FunctionType
from typing import Any

import numpy as np

from planner.placing.given import Given
from planner.placing.place import Placement, place
from planner.placing.request import Design, request_of
from planner.sheet import Cell

_ROWS = (
    *("host_count", "host_memory", "host_memory_reserve", "host_threads", "host_thread_reserve"),
    *("host_disk", "flavour_count", "flavour_memory", "flavour_vcpus", "flavour_disk"),
    *("cpu_overcommit", "memory_overcommit", "disk_overcommit", "vm_store_capacity"),
)


def placement_of(design: Design) -> Placement:
    """The VMs of a design on its hosts; a longer search only where a short one leaves some over."""
    request = request_of(design)
    quick = place(request, effort="quick")
    return quick if quick.verdict in ("fits", "unknown") else place(request)


def placement_cells(placement: Placement, given: Given) -> dict[str, Cell]:
    """Quantities of a layout, with what went into it."""
    inputs = tuple((name, given[name]) for name in _ROWS if name in given)
    unknown = placement.verdict == "unknown"
    found: dict[str, Cell] = {}
    for function in PLACED.values():
        assert isinstance(function, FunctionType)
        number = np.array([math.nan if unknown else float(function(placement))])
        found[function.__name__] = Cell(function.__name__, "vm", number, None, function, inputs)
    return found


def fitting_vms(placement: Placement) -> int:
    """VMs of the workload that a layout on the hosts holds, each with its own size.

    Parameters
    ----------
    placement : Placement
        The layout.

    Notes
    -----
    Found by packing VM by VM, the largest gaps included, with the most likely sizes; `vms` and
    `placed_vms` are the estimate for VMs of the workload's mean size, with its range.
    """
    return placement.placed


def vms_without_place(placement: Placement) -> int:
    """VMs of the workload that the layout leaves over.

    Parameters
    ----------
    placement : Placement
        The layout.

    Notes
    -----
    `planner place` says which, and why.
    """
    return sum(one.vms for one in placement.unplaced)


PLACED = {function.__name__: function for function in (fitting_vms, vms_without_place)}
"""The quantities of a layout, by name."""


def placement_summary(placement: Placement) -> dict[str, Any]:
    """Whether the VMs fit, and which have no place and why, for the snapshot."""
    return {
        "verdict": placement.verdict,
        "unplaced": [
            {"flavour": one.flavour, "vms": one.vms, "resource": one.resource, "rule": one.rule}
            for one in placement.unplaced
        ],
    }
