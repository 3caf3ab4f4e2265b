"""Cases of the rules on any storage, and on Swift, Sheepdog, DRBD and LVM."""

from __future__ import annotations

from rule_cases.case import CEPH, Case, E, I, W

CASES = [
    Case(
        "ESTO01",
        "storage",
        {"failure_domains": 3, "shares": 3},
        [({"failure_domains": 2}, E, "3 shares of each object need as many failure domains")],
    ),
    Case(
        "WSTO02",
        "storage",
        {"shares": 2, "data_shares": 1},
        [
            ({"shares": 1}, W, "so is it with any drive"),
            ({"shares": 1, "drive_losses_data_safe": 2}, W, "2 drives may fail, and nothing else"),
        ],
    ),
    Case(
        "WSTO03",
        "storage",
        {"backfillfull_ratio": 0.9, "shares": 2, "data_shares": 1},
        [({"backfillfull_ratio": 0}, W, "nothing is copied to other hosts")],
    ),
    Case(
        "ESTO04",
        "storage",
        {"pools_fill": 1.0},
        [({"pools_fill": 1.2}, E, "fill 120 %")],
        {"pools": True},
    ),
    Case(
        "WCEP17",
        "storage",
        {"failure_domains": 4, "shares": 3},
        [({"failure_domains": 3}, W, "3 shares on 3 failure domains")],
        CEPH,
    ),
    Case(
        "WSWF01",
        "storage",
        {"shares": 3, "data_shares": 1, "failure_domains": 5},
        [
            ({"shares": 2}, W, "2 replicas in 5 zones"),
            ({"failure_domains": 2}, W, "3 replicas in 2 zones"),
        ],
        {"family": "swift"},
    ),
    Case(
        "ESWF02",
        "storage",
        {"shares": 3, "raid": 10},
        [({"raid": 5}, E, "RAID 5 below 3 replicas"), ({"raid": 6}, E, "RAID 6 below")],
        {"family": "swift"},
    ),
    Case(
        "WDRB01",
        "storage",
        {"shares": 2, "fenced": 1},
        [({"fenced": 0}, W, "2 mirrored nodes without fencing or a third vote")],
        {"family": "drbd"},
    ),
    Case(
        "ESHE01",
        "storage",
        {"failure_domains": 4, "shares": 3},
        [
            ({"failure_domains": 3}, E, "3 copies on 3 nodes: I/O halts"),
            ({"failure_domains": 2}, E, "3 copies on 2 nodes"),
        ],
        {"family": "sheepdog"},
        era="2013",
    ),
    Case(
        "EOST02",
        "storage",
        {"planned_host_losses": 0, "host_losses_data_safe": 0},
        [({"planned_host_losses": 1}, E, "planned for are 1 lost host; volumes on LVM survive 0")],
        {"family": "lvm"},
    ),
]

ALWAYS = [
    Case(
        "ISWF03",
        "storage",
        {"partition_power": 19},
        [({}, I, "part power 19")],
        {"family": "swift"},
    ),
]
