"""Cases of the rules on Ceph's storage and its hosts."""

from __future__ import annotations

from rule_cases.case import CEPH, GB, GIB, TB, Case, E, I, W

FILESTORE = {**CEPH, "filestore": True, "journals": True}
HOST = {"families": ("ceph",), "runs_vms": False, "votes": (), "holds_vms": True}
POOLED = {**HOST, "runs_vms": True}

CASES = [
    Case(
        "ECEP01",
        "storage",
        {"hosts_with_daemons_and_kernel_clients": 0},
        [({"hosts_with_daemons_and_kernel_clients": 16}, E, "16 hosts run the storage's daemons")],
        CEPH,
    ),
    Case(
        "WCEP12",
        "storage",
        {"journal_factor": 1, "write_throughput": 100e6},
        [({"journal_factor": 2}, W, "writes each byte 2 times; all clients together write 100 MB")],
        FILESTORE,
        era="2013",
    ),
    Case(
        "WCEP09",
        "storage",
        {"journal_ratio": 1.0},
        [({"journal_ratio": 0.4}, W, "write 40% of what")],
        FILESTORE,
        era="2013",
    ),
    Case(
        "WCEP11",
        "storage",
        {"drives_per_journal": 1, "data_per_journal": 3 * TB},
        [
            (
                {"drives_per_journal": 4, "data_per_journal": 12 * TB},
                W,
                "4 data drives fail, 12.0 TB",
            )
        ],
        FILESTORE,
        era="2013",
    ),
    Case(
        "ECEP15",
        "copies",
        {"shares": 3, "data_shares": 1, "service_shares": 2},
        [
            ({"service_shares": 1}, E, "3 copies with min_size 1"),
            ({"shares": 2, "service_shares": 1}, E, "2 copies with min_size 1"),
            ({"shares": 2}, W, "with min_size 2 clients wait"),
        ],
        CEPH,
    ),
    Case(
        "ECEP16",
        "storage",
        {
            "fill_after_domain_loss": 0.85,
            "stored_data": 9.07 * TB,
            "nearfull_ratio": 0.85,
            "full_ratio": 0.95,
        },
        [
            ({"fill_after_domain_loss": 0.9}, W, "filled to 90% after the loss of the largest"),
            ({"fill_after_domain_loss": 0.95}, W, "above nearfull 85%"),
            ({"fill_after_domain_loss": 0.97}, E, "above full 95%"),
        ],
        CEPH,
    ),
    Case(
        "WCEP18",
        "storage",
        {
            "stranded_capacity": 0,
            "raw_capacity": 50 * TB,
            "usable_capacity": 25 * TB,
            "failure_domains": 3,
            "shares": 2,
        },
        [({"stranded_capacity": 10 * TB}, W, "10.0 TB (9.09 TiB) of 50.0 TB")],
        CEPH,
    ),
    Case(
        "ICEP19",
        "storage",
        {
            "host_recovery_time": 3.0,
            "line_rate_recovery_time": 2.2,
            "lost_host_data": 1 * TB,
            "failure_domains": 4,
            "shares": 3,
        },
        [({"host_recovery_time": 12.0}, I, "re-created in 12.0 h at best; the links alone")],
        CEPH,
    ),
    Case(
        "WCEP21",
        "storage",
        {
            "planned_host_losses": 1,
            "host_losses_data_safe": 2,
            "host_losses_in_service": 1,
            "two_host_loss_blocked_fraction": 0.5,
        },
        [({"planned_host_losses": 2}, W, "data survives 2, service 1; two lost hosts stop 50%")],
        CEPH,
    ),
    Case(
        "WCEP22",
        "storage",
        {
            "drives_lost_as_planned": 2,
            "drives_out_by_themselves": 3,
            "hosts_left_as_planned": 3,
            "shares": 3,
        },
        [({"drives_lost_as_planned": 4}, I, "take 4 drives along, and Ceph marks out 3")],
        CEPH,
    ),
    Case(
        "WCEP23",
        "storage",
        {
            "drive_loss_self_heal_capacity": 6 * TB,
            "unbalanced_drive_loss_self_heal_capacity": 4.97 * TB,
            "unbalanced_self_heal_capacity": 5.4 * TB,
            "drives_of_a_host": 2,
            "failure_domains": 4,
            "shares": 3,
            "stored_data": 2 * TB,
        },
        [
            ({"balancer": False}, I, "without a balancer a failed drive heals up to 4.97 TB"),
            ({"balancer": False, "stored_data": 5 * TB}, W, "and 5.00 TB (4.55 TiB) are stored"),
            ({"stored_data": 7 * TB}, W, "a failed drive heals up to 6.00 TB"),
        ],
        CEPH,
    ),
    Case(
        "WCEP06",
        "storage",
        {"disk_link_ratio": 1.0, "least_host_link": 125e6},
        [({"disk_link_ratio": 1.6}, W, "read 1.6 times what its links of 125 MB/s")],
        CEPH,
    ),
    Case(
        "WCEP07",
        "storage",
        {"least_host_link": 1.25e9},
        [({"least_host_link": 0.25e9}, W, "1,250 MB/s (10,000 Mbit/s) are advised")],
        CEPH,
    ),
    Case(
        "WCEP07",
        "storage",
        {"least_host_link": 0.25e9},
        [({"least_host_link": 0.125e9}, W, "250 MB/s (2,000 Mbit/s) are advised")],
        CEPH,
        era="2013",
    ),
    Case(
        "WCEP02",
        "group",
        {
            "osds_on_host": 2,
            "memory_for_daemons": 10 * GB,
            "threads_for_daemons": 2,
            "daemon_memory": 8 * GB,
        },
        [
            ({"memory_for_daemons": 2 * GB}, W, "2 OSDs beside VMs take 8.00 GB"),
            ({"threads_for_daemons": 0}, W, "and 0 threads"),
        ],
        POOLED,
    ),
    Case(
        "WCEP03",
        "group",
        {
            "memory_for_daemons": 7 * GB,
            "steady_daemon_memory": 2 * GB,
            "recovery_daemon_memory": 7 * GB,
            "osds_on_host": 2,
            "monitors_on_host": 1,
        },
        [
            ({"memory_for_daemons": 6 * GB}, W, "for 2 OSDs and a monitor, which take 2.00 GB"),
            ({"memory_for_daemons": 1 * GB}, W, "and 7.00 GB (6.52 GiB) in recovery"),
        ],
        HOST,
        era="2013",
    ),
    Case(
        "ECEP04",
        "group",
        {"memory_per_osd": 4 * GIB, "osds_on_host": 4, "memory_for_daemons": 20 * GIB},
        [
            ({"memory_per_osd": 3 * GIB}, W, "3.22 GB (3.00 GiB) for each of 4 OSDs"),
            ({"memory_per_osd": 2 * GIB}, W, "4 GiB is the default target"),
            ({"memory_per_osd": 1.9 * GIB}, E, "4 GiB is the default target"),
        ],
        HOST,
    ),
    Case(
        "WCEP05",
        "group",
        {
            "node_cores": 8,
            "cores_for_daemons": 8,
            "cores_per_osd": 2,
            "threads_per_osd": 4,
            "osds_on_host": 4,
        },
        [
            ({"cores_per_osd": 1.5}, I, "two each are advised for VM disks"),
            ({"cores_per_osd": 0.5}, W, "one each is the least"),
            ({"nvme": True, "threads_per_osd": 3}, W, "3 threads each; 4 to 6 are advised"),
        ],
        HOST,
    ),
    Case(
        "WCEP05",
        "group",
        {
            "node_cores": 2,
            "cores_for_daemons": 0,
            "cores_per_osd": 0,
            "threads_per_osd": 0,
            "osds_on_host": 2,
        },
        [({"node_cores": 1}, W, "1 core; a dual core is the least")],
        HOST,
        era="2013",
    ),
    Case(
        "WCEP08",
        "group",
        {"osds_on_host": 2},
        [
            ({"system_on_osd_drive": True}, W, "the operating system shares an OSD's drive"),
            ({"shared_drives": True}, W, "OSDs share drives"),
            ({"small_disks": True, "raid": True}, W, "less than 1 TB; a RAID is below the OSDs"),
        ],
        HOST,
    ),
    Case(
        "WCEP14",
        "group",
        {"monitors_on_host": 0, "osds_on_host": 2},
        [({"monitors_on_host": 1}, W, "monitors on hosts with 2 OSDs each")],
        HOST,
    ),
    Case(
        "WCEP20",
        "group",
        {"osds_on_host": 20},
        [({"osds_on_host": 24}, W, "24 OSDs a host, above 20")],
        HOST,
    ),
]

ALWAYS = [
    Case(
        "ICEP10",
        "storage",
        {"journal_size": 1 * GB},
        [({}, I, "each journal needs 1.00 GB")],
        FILESTORE,
        era="2013",
    ),
]
