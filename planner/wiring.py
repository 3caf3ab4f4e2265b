"""Which models make up which sheet, and what each sheet is given from outside.

A design is computed level by level: parts make a node, a host's drives make a store, the stores
make a backend, and everything together makes the design.
"""

from __future__ import annotations

from functools import cache

from planner.models import (
    availability,
    capacity,
    cost,
    density,
    domains,
    energy,
    network,
    node,
    power,
    space,
    store,
    throughput,
)
from planner.sheet import Sheet

NODE_INPUTS = {
    "part_count": "part",
    "part_price": "money",
    "base_idle_power": "W",
    "base_peak_power": "W",
    "extra_part_count": "part",
    "extra_part_idle_power": "W",
    "extra_part_peak_power": "W",
    "load_shape": "1",
    "module_count": "part",
    "module_capacity": "B",
    "node_drive_count": "part",
    "node_drive_capacity": "B",
    "cpu_count": "part",
    "cpu_cores": "core",
    "cpu_threads": "thread",
}

STORE_INPUTS = {
    "drive_count": "part",
    "drive_capacity": "B",
    "drive_read_rate": "B/s",
    "drive_write_rate": "B/s",
    "store_reserve": "B",
    "link_count": "port",
    "link_speed": "B/s",
}

REDUNDANCY = {
    "domain_capacity": "B",
    "shares": "1",
    "data_shares": "1",
}

BACKEND_INPUTS = {
    **REDUNDANCY,
    "device_capacity": "B",
    "nearfull_ratio": "1",
    "backfillfull_ratio": "1",
    "full_ratio": "1",
    "journal_factor": "1",
    "host_capacity": "B",
    "host_read_rate": "B/s",
    "host_write_rate": "B/s",
    "host_link_rate": "B/s",
    "client_count": "node",
    "client_link_rate": "B/s",
    "clients_on_hosts": "1",
    "controller_bound_read_throughput": "B/s",
    "controller_bound_write_throughput": "B/s",
}

SURVIVAL_INPUTS = {**REDUNDANCY, "minimum_shares": "1"}

DESIGN_INPUTS = {
    "equipment_count": "node",
    "equipment_idle_power": "W",
    "equipment_peak_power": "W",
    "equipment_load_curve": "W",
    "equipment_power_factor": "1",
    "equipment_price": "money",
    "equipment_rack_units": "U",
    "equipment_ports_1g": "port",
    "equipment_ports_10g": "port",
    "is_node": "1",
    "runs_vms": "1",
    "runs_storage_daemons": "1",
    "stated_utilisation": "1",
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
    "flavour_count": "vm",
    "flavour_vcpus": "vcpu",
    "flavour_memory": "B",
    "flavour_disk": "B",
    "flavour_duty": "1",
    "cpu_overcommit": "1",
    "memory_overcommit": "1",
    "disk_overcommit": "1",
    "strict_admission": "1",
    "vm_store_capacity": "B",
    "pooled_storage": "1",
    "kernel_clients": "1",
    "host_losses_in_service": "node",
    "electricity_price": "money/kWh",
    "labour_price": "money/h",
    "labour_per_node": "h",
    "years_of_use": "1",
}


@cache
def node_sheet() -> Sheet:
    """Parts of one node, switch or array."""
    return Sheet("node", [node], NODE_INPUTS)


@cache
def store_sheet() -> Sheet:
    """Drives and links that one host gives to a backend."""
    return Sheet("store", [store], STORE_INPUTS)


@cache
def backend_sheet() -> Sheet:
    """Capacity and throughput of a storage backend."""
    return Sheet("backend", [domains, capacity, throughput], BACKEND_INPUTS)


@cache
def survival_sheet() -> Sheet:
    """Losses of whole hosts that a storage backend survives."""
    return Sheet("survival", [availability], SURVIVAL_INPUTS)


@cache
def design_sheet() -> Sheet:
    """The design as a whole."""
    modules = [density, power, energy, network, space, cost]
    return Sheet("design", modules, DESIGN_INPUTS)


def sheets() -> list[Sheet]:
    """All sheets, from parts to design."""
    return [node_sheet(), store_sheet(), backend_sheet(), survival_sheet(), design_sheet()]
