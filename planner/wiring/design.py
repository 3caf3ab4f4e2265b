"""Sheets of the design as a whole, and of its switches."""

from __future__ import annotations

from functools import cache

from planner.models import (
    cash_flow,
    circuit_rating,
    consolidation,
    cost,
    density,
    energy,
    facility,
    failover,
    feeds,
    network,
    placed,
    power,
    running_cost,
    runway,
    space,
    switch_load,
    switch_ports,
    utilisation,
    workload,
)
from planner.sheet import Sheet
from planner.wiring.machines import CIRCUIT_INPUTS

DESIGN_INPUTS = {
    "equipment_count": "node",
    "equipment_idle_power": "W",
    "equipment_peak_power": "W",
    "equipment_nameplate_power": "W",
    "equipment_load_curve": "W",
    "equipment_power_factor": "1",
    "equipment_price": "money",
    "equipment_rack_units": "U",
    "equipment_ports_1g": "port",
    "equipment_ports_10g": "port",
    "borrowed_ports_1g": "port",
    "borrowed_ports_10g": "port",
    "is_node": "1",
    "is_cloud_machine": "1",
    "runs_vms": "1",
    "runs_storage_daemons": "1",
    "stated_utilisation": "1",
    "nodes_off": "node",
    "hours_off": "h",
    "switch_count": "node",
    "switch_ports_1g": "port",
    "switch_ports_10g": "port",
    "host_count": "node",
    "host_cores": "core",
    "host_threads": "thread",
    "host_memory": "B",
    "host_disk": "B",
    "host_memory_reserve": "B",
    "host_thread_reserve": "thread",
    "host_vcpu_reserve": "vcpu",
    "node_group": "1",
    "flavour_count": "vm",
    "flavour_vcpus": "vcpu",
    "flavour_memory": "B",
    "flavour_disk": "B",
    "flavour_duty": "1",
    "cpu_overcommit": "1",
    "memory_overcommit": "1",
    "disk_overcommit": "1",
    "strict_admission": "1",
    "minimum_free_disk": "1",
    "most_local_disks": "part",
    "vm_overhead": "B",
    "vm_within_memory": "1",
    "vm_within_threads": "1",
    "cpu_binds_failover": "1",
    "failover_hosts": "node",
    "slot_failover_hosts": "node",
    "failover_share": "1",
    "cpu_reservation": "1",
    "memory_reservation": "1",
    "least_slot_cpu": "core",
    "mirror_bound_vms": "vm",
    "vm_store_capacity": "B",
    "vm_store_heal_capacity": "B",
    "memory_growth": "1/yr",
    "cpu_growth": "1/yr",
    "disk_growth": "1/yr",
    "pooled_storage": "1",
    "kernel_clients": "1",
    "host_losses_in_service": "node",
    "electricity_price": "money/kWh",
    "labour_price": "money/h",
    "labour_per_node": "h",
    "years_of_use": "1",
    "discount_rate": "1/yr",
    "electricity_price_change": "1/yr",
    "rack_unit_price": "money/U",
    "annual_hosting_cost": "money",
    "disposal_price": "money",
    "residual_share": "1",
    "spare_part_costs": "money",
    "host_licence_price": "money",
    "core_licence_price": "money",
    "flat_licence_price": "money",
    "vm_licence_costs": "money",
    "equipment_new_price": "money",
    "equipment_replace_after": "1",
    "equipment_warranty_cost": "money",
    "vm_disk_capacity": "B",
    "pue": "1",
    "cooling_cop": "1",
    "air_temperature_rise": "degC",
    "rack_space": "U",
    "ups_rating": "W",
    "ups_apparent_rating": "VA",
    "ups_no_load_loss": "W",
    "ups_proportional_loss": "1",
    "ups_square_loss": "1",
    "ups_battery": "kWh",
    "grid_intensity": "kg/kWh",
    "circuits_per_feed": "part",
    "circuit_feeds": "1",
    **CIRCUIT_INPUTS,
}

MEDIUM_INPUTS = {
    "linked_count": "node",
    "linked_ports": "port",
    "uplink_ends": "port",
    "stack_ends": "port",
    "switch_count": "node",
    "kind_ports": "port",
}

SWITCH_INPUTS = {
    "edge_links": "port",
    "edge_link_speed": "B/s",
    "uplinks": "port",
    "uplink_speed": "B/s",
    "stack_units": "node",
    "most_stack_units": "node",
    "stack_cut_links": "port",
    "stack_rate": "B/s",
}


@cache
def medium_sheet() -> Sheet:
    """Switch ports of one kind."""
    return Sheet("medium", [switch_ports], MEDIUM_INPUTS)


@cache
def switch_sheet() -> Sheet:
    """One switch or stack with what is plugged in."""
    return Sheet("switch", [switch_load], SWITCH_INPUTS)


@cache
def design_sheet() -> Sheet:
    """The design as a whole."""
    modules = [workload, density, placed, failover, power, energy, network, space, cost]
    modules += [facility, circuit_rating, feeds, consolidation, runway]
    modules += [running_cost, cash_flow, utilisation]
    return Sheet("design", modules, DESIGN_INPUTS)
