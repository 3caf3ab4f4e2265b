"""Cases of the rules on VMs, machines, power, and groups that vote."""

from __future__ import annotations

from rule_cases.case import GB, Case, E, I, W

CASES = [
    Case(
        "EVM01",
        "design",
        {"unplaceable_vms": 0},
        [({"unplaceable_vms": 2}, E, "2 VMs of the workload have more")],
    ),
    Case(
        "EOST03",
        "design",
        {"cpu_overcommit": 4, "memory_overcommit": 1},
        [
            ({"cpu_overcommit": 16}, W, "16 virtual processors a thread and 1 bytes"),
            ({"memory_overcommit": 1.5}, W, "1.5 bytes a byte of memory"),
        ],
    ),
    Case(
        "WHA01",
        "design",
        {"placed_vms": 90, "vms_after_one_host_loss": 90},
        [({"vms_after_one_host_loss": 60}, W, "90 VMs of the workload run, and 60 after")],
        {"ganeti": False},
    ),
    Case(
        "WGAN01",
        "design",
        {"placed_vms": 90, "vms_after_one_host_loss": 90, "planned_host_losses": 1},
        [({"vms_after_one_host_loss": 89}, W, "and 89 after")],
        {"ganeti": True},
    ),
    Case(
        "ECEP13",
        "quorum",
        {"members": 5, "member_losses_tolerated": 2, "node_total": 12},
        [
            ({"members": 1, "member_losses_tolerated": 0}, E, "of 1 member, 0 may be lost"),
            ({"members": 2, "member_losses_tolerated": 0}, E, "of 2 members, 0 may be lost"),
            ({"members": 4, "member_losses_tolerated": 1}, W, "of 4 members, 1 may be lost"),
            ({"members": 3, "member_losses_tolerated": 1}, I, "of 3 members, 1 may be lost"),
        ],
        name="monitors",
    ),
    Case(
        "WOST01",
        "quorum",
        {"members": 3, "member_losses_tolerated": 1},
        [
            ({"members": 2, "member_losses_tolerated": 0}, W, "of 2 members, 0 may be lost"),
            ({"members": 4}, W, "of 4 members, 1 may be lost"),
        ],
        name="galera",
    ),
    Case(
        "EQUO01",
        "quorum",
        {"members": 3, "member_losses_tolerated": 1},
        [
            ({"members": 1, "member_losses_tolerated": 0}, W, "of 1 member, 0 may be lost"),
            ({"members": 2, "member_losses_tolerated": 0}, E, "of 2 members, 0 may be lost"),
            ({"members": 6, "member_losses_tolerated": 2}, W, "of 6 members, 2 may be lost"),
        ],
        name="pacemaker",
    ),
    Case(
        "IOST04",
        "group",
        {"node_cores": 8, "node_memory": 8 * GB},
        [
            ({"node_cores": 2}, I, "controllers of 2 cores"),
            ({"node_memory": 4 * GB}, I, "controllers of 8 cores and 4.00 GB"),
        ],
        {"votes": ("database",), "families": ()},
        era="2013",
    ),
    Case(
        "WMAA01",
        "design",
        {"node_total": 4, "cloud_machines": 3},
        [
            ({"node_total": 3}, W, "3 machines, 3 of them"),
            ({"cloud_machines": 2}, W, "4 machines, 2 of them"),
        ],
        {"juju": True},
    ),
    Case(
        "WMAA02",
        "design",
        {"untagged": (), "any_drive": ()},
        [
            ({"untagged": ("a", "b")}, W, "no `tags` on a, b"),
            ({"any_drive": ("c",)}, W, "no `os_drive` on c"),
        ],
        {"juju": True},
    ),
    Case(
        "EPWR01",
        "design",
        {"feed_load": 1.0},
        [({"feed_load": 1.21}, E, "needs 121% of what")],
        {"circuits": True},
    ),
    Case(
        "EPWR05",
        "design",
        {"ups_load": 1.0},
        [({"ups_load": 1.1}, E, "needs 110% of the power")],
        {"ups": True},
    ),
    Case(
        "EPWR06",
        "design",
        {"ups_apparent_load": 1.0},
        [({"ups_apparent_load": 1.1}, E, "needs 110% of the apparent power")],
        {"ups": True},
    ),
    Case(
        "EPWR07",
        "design",
        {"consolidated_load": 1.0},
        [({"consolidated_load": 1.25}, E, "would run at 125% load")],
        {"night": True},
    ),
    Case(
        "EBLD09",
        "group",
        {"spare_m2_slots": 0, "m2_slots_needed": 1, "m2_slots": 1},
        [({"spare_m2_slots": -1, "m2_slots_needed": 2}, E, "needs 2, and")],
        {"needs": {"spare_m2_slots": ("2 x `drive`", "`board`")}},
    ),
    Case(
        "WPWR03",
        "design",
        {"nameplate_share": 0.25, "peak_power": 1000.0},
        [({"nameplate_share": 0.6}, W, "60% of the peak of 1.00 kW rests on nameplates")],
    ),
]
