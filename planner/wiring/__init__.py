"""Which models make up which sheet, and what each sheet is given from outside.

A design is computed level by level: parts make a node, a host's drives make a store, the stores
make a backend, and everything together makes the design.
"""

from __future__ import annotations

from planner.sheet import Sheet
from planner.wiring.costs import (
    ITEM_INPUTS,
    SAVED,
    SCALING_INPUTS,
    item_sheet,
    licence_sheet,
    saving_sheet,
    scaling_sheet,
    spare_sheet,
)
from planner.wiring.design import (
    DESIGN_INPUTS,
    design_sheet,
    medium_sheet,
    switch_sheet,
)
from planner.wiring.machines import (
    bond_sheet,
    build_sheet,
    busy_sheet,
    estimate_sheet,
    host_sheet,
    node_sheet,
)
from planner.wiring.storage import (
    backend_sheet,
    store_sheet,
    stored_sheet,
    survival_sheet,
)

__all__ = [
    "DESIGN_INPUTS",
    "ITEM_INPUTS",
    "SAVED",
    "SCALING_INPUTS",
    "backend_sheet",
    "bond_sheet",
    "build_sheet",
    "busy_sheet",
    "design_sheet",
    "estimate_sheet",
    "host_sheet",
    "item_sheet",
    "licence_sheet",
    "medium_sheet",
    "node_sheet",
    "saving_sheet",
    "scaling_sheet",
    "sheets",
    "spare_sheet",
    "store_sheet",
    "stored_sheet",
    "survival_sheet",
    "switch_sheet",
]


def sheets() -> list[Sheet]:
    """All sheets, from parts to design."""
    estimates = [estimate_sheet(method) for method in ("small", "server", "nameplate")]
    storage = [store_sheet(), bond_sheet(), host_sheet(), backend_sheet(), survival_sheet()]
    costs = [spare_sheet(), licence_sheet()]
    links = [medium_sheet(), switch_sheet()]
    whole = [stored_sheet(), design_sheet(), busy_sheet()]
    costs += [item_sheet(), scaling_sheet(), saving_sheet()]
    return [*estimates, node_sheet(), build_sheet(), *links, *storage, *whole, *costs]
