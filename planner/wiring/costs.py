"""Sheets of costs: spares, licences, an item over the years, growth, what is saved."""

from __future__ import annotations

from functools import cache

from planner.models import licences, ownership, saving, scaling_cost, spares
from planner.sheet import Sheet

SPARE_INPUTS = {
    "holder_count": "node",
    "parts_per_item": "part",
    "spare_count": "part",
    "spare_share": "1",
    "spare_kit": "part",
    "spare_price": "money",
}

SPREAD = {
    "years_of_use": "1",
    "discount_rate": "1/yr",
    "residual_share": "1",
}
"""How costs are spread over the years."""

ITEM_INPUTS = {
    **SPREAD,
    "electricity_price_change": "1/yr",
    "node_price": "money",
    "node_new_price": "money",
    "node_warranty_cost": "money",
    "node_load_curve": "W",
    "item_utilisation": "1",
    "item_rack_units": "U",
    "is_node": "1",
    "equipment_replace_after": "1",
    "mean_power": "W",
    "annual_energy_cost": "money",
    "labour_per_node": "h",
    "labour_price": "money/h",
    "rack_unit_price": "money/U",
    "disposal_price": "money",
}

SCALING_INPUTS = {
    **SPREAD,
    "host_count": "node",
    "host_item_cost": "money",
    "other_count": "node",
    "other_item_cost": "money",
    "host_bound_vms": "vm",
    "vms": "vm",
    "workload_vms": "vm",
    "pooled_storage": "1",
    "spare_cost": "money",
    "vm_licence_costs": "money",
    "annual_host_licence_cost": "money",
    "annual_core_licence_cost": "money",
    "annual_flat_licence_cost": "money",
    "annual_hosting_cost": "money",
}

LICENCE_INPUTS = {"licensed_flavour_count": "vm", "vm_licence_price": "money"}

SAVED = {
    "facility_energy": "kWh",
    "annual_energy_cost": "money",
    "capital_cost": "money",
    "annual_running_cost": "money",
    "net_present_cost": "money",
    "cumulative_present_cost": "money",
}
"""What the saving sheet is given of a design and of the one that it replaces."""

SAVING_INPUTS = {**SAVED, **{f"baseline_{name}": unit for name, unit in SAVED.items()}}
SAVING_INPUTS["year_end"] = "1"


@cache
def spare_sheet() -> Sheet:
    """Spares of one part."""
    return Sheet("spare", [spares], SPARE_INPUTS)


@cache
def licence_sheet() -> Sheet:
    """A licence that is paid by the VM."""
    return Sheet("licence", [licences], LICENCE_INPUTS)


@cache
def item_sheet() -> Sheet:
    """What one item of a group costs over the years."""
    return Sheet("item", [ownership], ITEM_INPUTS)


@cache
def scaling_sheet() -> Sheet:
    """What of a design's cost grows with its VMs."""
    return Sheet("scaling", [scaling_cost], SCALING_INPUTS)


@cache
def saving_sheet() -> Sheet:
    """What a design saves against the one that it replaces."""
    return Sheet("saving", [saving], SAVING_INPUTS)
