"""Cases of the rules on switches, ports and bonds."""

from __future__ import annotations

from rule_cases.case import Case, E, I, W

BOND = {"mode": "802.3ad", "hash": "layer2", "ports": 2, "heartbeat": True}

CASES = [
    Case(
        "WLAG01",
        "bond",
        {
            "bond_flows": 20,
            "usable_bond_share": 1.0,
            "guaranteed_bond_rate": 125e6,
            "expected_bond_rate": 250e6,
        },
        [
            (
                {"bond_flows": 3, "usable_bond_share": 0.875, "expected_bond_rate": 218.75e6},
                W,
                "3 flows on 2 ports with layer2: one flow, or all on one link, get 125 MB/s",
            )
        ],
        BOND,
    ),
    Case(
        "ILAG03",
        "bond",
        {"ports": 4},
        [({"ports": number}, I, f"{number} members share") for number in (3, 5, 6, 7)],
        {"mode": "802.3ad"},
    ),
    Case(
        "WLAG04",
        "storage",
        {"iscsi_paths": 2, "bonded_ports": 2},
        [({"iscsi_paths": 1}, W, "1 login a client, and bonds of 2 ports")],
        {"iscsi": True},
    ),
    Case(
        "WLAG05",
        "bond",
        {"rate": "fast"},
        [({"rate": "slow"}, W, "drops a dead link after 90 s")],
        BOND,
    ),
    Case(
        "ILAG06",
        "bond",
        {"hash": "layer2+3"},
        [({"hash": "layer3+4"}, I, "even source ports all take one link")],
        {"mode": "802.3ad"},
        era="2013",
    ),
    Case(
        "ESW01",
        "design",
        {
            "ports_needed_1g": 20,
            "ports_available_1g": 48,
            "ports_needed_10g": 0,
            "ports_available_10g": 0,
        },
        [
            ({"ports_needed_1g": 63}, E, "63 ports of 1 Gbit/s are needed"),
            ({"ports_needed_10g": 1}, E, "1 ports of 10 Gbit/s are needed"),
            ({"ports_needed_10g": 3, "ports_available_10g": 4}, I, "3 of 4 ports of 10 Gbit/s"),
        ],
    ),
    Case(
        "WSW02",
        "switch",
        {"stack_link_losses_tolerated": 1, "spare_stack_units": 6},
        [
            ({"stack_link_losses_tolerated": 0}, W, "the stack splits"),
            ({"spare_stack_units": -1}, W, "1 unit more than the model stacks"),
        ],
        {"stack": True},
    ),
    Case(
        "WSW03",
        "switch",
        {"oversubscription": 2.4},
        [({"oversubscription": 4.8}, W, "oversubscribed 4.8 to 1")],
        {"uplinks": True},
    ),
    Case(
        "WSW04",
        "design",
        {
            "switch_units": 2,
            "hosts_losing_a_network_with_a_switch": 0,
            "single_uplink_switches": 0,
        },
        [
            (
                {"switch_units": 1, "hosts_losing_a_network_with_a_switch": 22},
                W,
                "22 hosts lose a network with the only switch",
            ),
            ({"hosts_losing_a_network_with_a_switch": 4}, W, "4 hosts lose a network with one of"),
            ({"single_uplink_switches": 1}, W, "1 switch behind a single uplink"),
            ({"single_homed": ("compute",)}, W, "one port to the storage on compute"),
        ],
    ),
    Case(
        "WSWF04",
        "storage",
        {
            "proxy_fan_out": 3,
            "proxy_bound_write_throughput": 417e6,
            "write_throughput": 100e6,
        },
        [({"proxy_bound_write_throughput": 41.7e6}, W, "leaves the proxies 3 times")],
        {"proxies": "proxy"},
    ),
]
