"""Sheets of machines: a node, what it is built from, what its class draws, how busy it is."""

from __future__ import annotations

from functools import cache

from planner.models import (
    assembly,
    bonding,
    brick_class,
    busy,
    card_slots,
    circuit_rating,
    daemons,
    drive_places,
    item_cost,
    nameplate_class,
    node,
    server_class,
)
from planner.sheet import Sheet

CIRCUIT_INPUTS = {
    "circuit_amps": "A",
    "circuit_volts": "V",
    "circuit_derate": "1",
    "circuit_thermal": "1",
    "circuit_phases": "1",
}

NODE_INPUTS = {
    **CIRCUIT_INPUTS,
    "node_power_factor": "1",
    "part_count": "part",
    "part_price": "money",
    "part_new_price": "money",
    "warranty_share": "1/yr",
    "service_price": "money",
    "base_idle_power": "W",
    "base_peak_power": "W",
    "nameplate_count": "part",
    "nameplate_power": "W",
    "is_nameplate_estimate": "1",
    "extra_part_count": "part",
    "extra_part_idle_power": "W",
    "extra_part_peak_power": "W",
    "load_shape": "1",
    "load_shape_sd": "1",
    "shape_score": "1",
    "meter_error": "W",
    "meter_score": "1",
    "module_count": "part",
    "module_capacity": "B",
    "node_drive_count": "part",
    "node_drive_capacity": "B",
    "cpu_count": "part",
    "cpu_cores": "core",
    "cpu_threads": "thread",
}

BUILD_INPUTS = {
    "processor_count": "part",
    "processor_sockets": "part",
    "processor_power": "W",
    "board_processor_power": "W",
    "boardless_parts": "part",
    "socket_misfits": "part",
    "slotted_module_count": "part",
    "memory_slots": "part",
    "memory_misfits": "part",
    "board_bound_memory_limit": "B",
    "processor_bound_memory_limit": "B",
    "node_memory": "B",
    "bay_drive_count": "part",
    "large_drive_count": "part",
    "m2_drive_count": "part",
    "drive_bays": "part",
    "small_drive_bays": "part",
    "m2_slots": "part",
    "sata_drive_count": "part",
    "fast_sata_drive_count": "part",
    "board_sata_6g": "port",
    "board_sata_3g": "port",
    "drive_interface_misfits": "part",
    "card_count": "part",
    "seated_cards": "part",
    "lane_rate": "B/s",
    "slot_lanes": "part",
    "card_port_rate": "B/s",
    "case_misfits": "part",
    "supply_misfits": "part",
    "supply_rating": "W",
    "supply_efficiency": "1",
    "node_peak_power": "W",
}

SMALL_INPUTS = {
    "board_power": "W",
    "cpu_rise": "1",
    "cpu_chips": "part",
    "cpu_tdp": "W",
    "fed_part_count": "part",
    "fed_part_idle_power": "W",
    "fed_part_peak_power": "W",
    "supply_rating": "W",
    "no_load_loss": "1",
    "proportional_loss": "1",
    "square_loss": "1",
}

SERVER_INPUTS = {
    "idle_terms": "1",
    "peak_terms": "1",
    "cpu_tdp": "W",
    "cpu_chips": "part",
    "memory_size": "B",
    "decades_after_2012": "1",
    "idle_factor": "1",
    "peak_factor": "1",
}

NAMEPLATE_INPUTS = {"supply_rating": "W", "rating_over_peak": "1", "idle_share": "1"}

HOST_INPUTS = {
    "osd_count": "part",
    "osd_capacity": "B",
    "osd_memory": "B",
    "monitors_on_host": "part",
    "runs_vms": "1",
    "host_memory_reserve": "B",
    "host_thread_reserve": "thread",
    "node_memory": "B",
    "node_cores": "core",
    "node_threads": "thread",
}

BOND_INPUTS = {
    "bond_links": "port",
    "bond_flows": "1",
    "link_speed": "B/s",
    "links_per_flow": "port",
}

BUSY_INPUTS = {
    "placed_vms": "vm",
    "workload_vms": "vm",
    "workload_load": "vcpu",
    "vm_vcpus": "vcpu",
    "host_threads_total": "thread",
    "node_threads": "thread",
    "node_cores": "core",
    "busy_over_mean": "1",
    "target_utilisation": "1",
}


@cache
def node_sheet() -> Sheet:
    """Parts of one node, switch or array."""
    return Sheet("node", [node, item_cost, circuit_rating], NODE_INPUTS)


@cache
def build_sheet() -> Sheet:
    """Whether a node can be built from its parts."""
    return Sheet("build", [assembly, drive_places, card_slots], BUILD_INPUTS)


@cache
def estimate_sheet(method: str) -> Sheet:
    """Power of a node that nobody measured, by the method of its class."""
    methods = {
        "small": (brick_class, SMALL_INPUTS),
        "server": (server_class, SERVER_INPUTS),
        "nameplate": (nameplate_class, NAMEPLATE_INPUTS),
    }
    module, inputs = methods[method]
    return Sheet(f"{method} estimate", [module], inputs)


@cache
def host_sheet() -> Sheet:
    """Daemons of Ceph on one host: what they have, and what they need."""
    return Sheet("host", [daemons], HOST_INPUTS)


@cache
def bond_sheet() -> Sheet:
    """Ports of one item on one network."""
    return Sheet("bond", [bonding], BOND_INPUTS)


@cache
def busy_sheet() -> Sheet:
    """How busy the VMs keep one host of a group."""
    return Sheet("busy host", [busy], BUSY_INPUTS)
