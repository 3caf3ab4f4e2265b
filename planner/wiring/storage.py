"""Sheets of storage: drives of a host, a backend, what it survives, what is stored on it."""

from __future__ import annotations

from functools import cache

from planner.models import (
    availability,
    capacity,
    client_demand,
    client_throughput,
    domains,
    iops,
    journal,
    path_bounds,
    rates,
    recovery_load,
    store,
    store_journal,
    stored,
    throughput,
    uplinks,
    write_cost,
)
from planner.sheet import Sheet

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


@cache
def stored_sheet() -> Sheet:
    """A storage backend with the design's data on it."""
    return Sheet("stored", [stored], STORED_INPUTS)


@cache
def store_sheet() -> Sheet:
    """Drives and links that one host gives to a backend."""
    return Sheet("store", [store, store_journal], STORE_INPUTS)


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
