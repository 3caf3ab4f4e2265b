"""Which models make up which sheet, and what each sheet is given from outside.

A design is computed level by level: parts make a node, a host's drives make a store, the stores
make a backend, and everything together makes the design.
"""

from __future__ import annotations

from functools import cache

from planner.models import (
    assembly,
    availability,
    bonding,
    brick_class,
    busy,
    capacity,
    card_slots,
    cash_flow,
    circuit_rating,
    client_demand,
    client_throughput,
    consolidation,
    cost,
    daemons,
    density,
    domains,
    drive_places,
    energy,
    facility,
    failover,
    feeds,
    iops,
    item_cost,
    journal,
    licences,
    nameplate_class,
    network,
    node,
    ownership,
    path_bounds,
    placed,
    power,
    rates,
    recovery_load,
    running_cost,
    runway,
    saving,
    scaling_cost,
    server_class,
    space,
    spares,
    store,
    store_journal,
    stored,
    switch_load,
    switch_ports,
    throughput,
    uplinks,
    utilisation,
    workload,
    write_cost,
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

STORED_INPUTS = {
    "vm_data": "B",
    "vm_pool_fill": "1",
    "other_pool_fill": "1",
    "nearfull_capacity": "B",
    "nearfull_ratio": "1",
    "self_heal_capacity": "B",
    "backfillfull_ratio": "1",
    "drives_of_a_host": "part",
    "storage_hosts": "node",
    "planned_host_losses": "node",
}

STORE_INPUTS = {
    "drive_count": "part",
    "drive_capacity": "B",
    "drive_share": "1",
    "spare_drives": "part",
    "raid_disks": "part",
    "raid_data_disks": "part",
    "drive_read_rate": "B/s",
    "drive_write_rate": "B/s",
    "store_reserve": "B",
    "drive_link_rate": "B/s",
    "drive_read_iops": "IOPS",
    "drive_write_iops": "IOPS",
    "journal_count": "part",
    "journal_write_rate": "B/s",
    "journal_write_iops": "IOPS",
    "journal_interval": "s",
    "link_count": "port",
    "link_speed": "B/s",
    "usable_links": "port",
}

BOND_INPUTS = {
    "bond_links": "port",
    "bond_flows": "1",
    "link_speed": "B/s",
    "links_per_flow": "port",
}

REDUNDANCY = {
    "domain_capacity": "B",
    "shares": "1",
    "data_shares": "1",
}

JOURNAL_INPUTS = {
    "host_journal_rate": "B/s",
    "host_journal_iops": "IOPS",
    "host_journal_ratio": "1",
    "host_journal_size": "B",
    "host_drives_per_journal": "part",
}

PROXY_INPUTS = {
    "sent_by_proxy": "1",
    "proxy_count": "node",
    "proxy_client_rate": "B/s",
    "proxy_storage_rate": "B/s",
}

TOPOLOGY_INPUTS = {
    "client_on_switch": "1",
    "host_on_switch": "1",
    "uplink_rate": "B/s",
    "uplink_bound_read_throughput_one_client": "B/s",
    "uplink_bound_write_throughput_one_client": "B/s",
}

DEMAND_INPUTS = {
    "demanding": "1",
    "read_wanted": "B/s",
    "write_wanted": "B/s",
    "read_iops_wanted": "IOPS",
    "write_iops_wanted": "IOPS",
}

BACKEND_INPUTS = {
    **REDUNDANCY,
    "raid_disks": "part",
    "raid_data_disks": "part",
    "controllers": "part",
    "device_capacity": "B",
    "nearfull_ratio": "1",
    "backfillfull_ratio": "1",
    "full_ratio": "1",
    "journal_factor": "1",
    "network_shares": "1",
    "network_data_shares": "1",
    "host_capacity": "B",
    "host_read_rate": "B/s",
    "host_write_rate": "B/s",
    "host_link_rate": "B/s",
    "host_sata_rate": "B/s",
    "host_read_iops": "IOPS",
    "host_write_iops": "IOPS",
    "host_cluster_rate": "B/s",
    **JOURNAL_INPUTS,
    **PROXY_INPUTS,
    **TOPOLOGY_INPUTS,
    **DEMAND_INPUTS,
    "separate_replication": "1",
    "acknowledged_on_disk": "1",
    "acknowledged_sent": "1",
    "setting_bound_recovery_rate": "B/s",
    "vms_on_storage": "vm",
    "block_size": "B",
    "client_count": "node",
    "client_link_rate": "B/s",
    "clients_on_hosts": "1",
    "own_disks_only": "1",
    "controller_bound_read_throughput": "B/s",
    "controller_bound_write_throughput": "B/s",
}

SURVIVAL_INPUTS = {**REDUNDANCY, "minimum_shares": "1"}

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
def stored_sheet() -> Sheet:
    """A storage backend with the design's data on it."""
    return Sheet("stored", [stored], STORED_INPUTS)


@cache
def store_sheet() -> Sheet:
    """Drives and links that one host gives to a backend."""
    return Sheet("store", [store, store_journal], STORE_INPUTS)


@cache
def bond_sheet() -> Sheet:
    """Ports of one item on one network."""
    return Sheet("bond", [bonding], BOND_INPUTS)


@cache
def backend_sheet() -> Sheet:
    """Capacity and throughput of a storage backend."""
    modules = [domains, capacity, rates, throughput, client_throughput, path_bounds, uplinks]
    modules += [journal, iops, write_cost, recovery_load, client_demand]
    return Sheet("backend", modules, BACKEND_INPUTS)


@cache
def survival_sheet() -> Sheet:
    """Losses of whole hosts that a storage backend survives."""
    return Sheet("survival", [availability], SURVIVAL_INPUTS)


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


@cache
def busy_sheet() -> Sheet:
    """How busy the VMs keep one host of a group."""
    return Sheet("busy host", [busy], BUSY_INPUTS)


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


def sheets() -> list[Sheet]:
    """All sheets, from parts to design."""
    estimates = [estimate_sheet(method) for method in ("small", "server", "nameplate")]
    storage = [store_sheet(), bond_sheet(), host_sheet(), backend_sheet(), survival_sheet()]
    costs = [spare_sheet(), licence_sheet()]
    links = [medium_sheet(), switch_sheet()]
    whole = [stored_sheet(), design_sheet(), busy_sheet()]
    costs += [item_sheet(), scaling_sheet(), saving_sheet()]
    return [*estimates, node_sheet(), build_sheet(), *links, *storage, *whole, *costs]
