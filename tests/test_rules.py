"""Each rule with a design that keeps it, one that breaks it, and one that lacks what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from planner.rules import ERAS, RULES, SEVERITIES, Subject, View, hold_all, rule_of

GIB, GB, TB = 2.0**30, 1e9, 1e12


@dataclass(frozen=True)
class Case:
    """What keeps a rule, and changes that break it.

    Parameters
    ----------
    code, kind : str
        The rule, and what it is held against.
    keeps : dict
        Quantities and traits with which it is kept.
    breaks : list of (dict, str, str)
        Changes, the severity that they lead to, and words of the message.
    traits : dict
        Traits that are not at issue.
    era : str
        Set of rules.
    """

    code: str
    kind: str
    keeps: dict
    breaks: list
    traits: dict = field(default_factory=dict)
    name: str = "it"
    era: str = "current"


CEPH = {"family": "ceph", "heals": True, "balancer": True, "holds_vms": True}
FILESTORE = {**CEPH, "filestore": True, "journals": True}
HOST = {"families": ("ceph",), "runs_vms": False, "votes": (), "holds_vms": True}
POOLED = {**HOST, "runs_vms": True}
BOND = {"mode": "802.3ad", "hash": "layer2", "ports": 2, "heartbeat": True}
E, W, I = SEVERITIES  # noqa: E741

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
    Case("ESTO04", "storage", {"pools_fill": 1.0}, [({"pools_fill": 1.2}, E, "fill 120 %")]),
    Case(
        "WCEP17",
        "storage",
        {"failure_domains": 4, "shares": 3},
        [({"failure_domains": 3}, W, "3 shares on 3 failure domains")],
        CEPH,
    ),
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
        [({"node_cores": 1}, W, "1 cores; a dual core is the least")],
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
    Case("EPWR01", "design", {"feed_load": 1.0}, [({"feed_load": 1.21}, E, "needs 121% of what")]),
    Case(
        "EPWR05", "design", {"ups_load": 1.0}, [({"ups_load": 1.1}, E, "needs 110% of the power")]
    ),
    Case(
        "EPWR06",
        "design",
        {"ups_apparent_load": 1.0},
        [({"ups_apparent_load": 1.1}, E, "needs 110% of the apparent power")],
    ),
    Case(
        "EPWR07",
        "design",
        {"consolidated_load": 1.0},
        [({"consolidated_load": 1.25}, E, "would run at 125% load")],
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
    Case(
        "WLAG01",
        "bond",
        {
            "bond_flows": 20,
            "usable_bond_share": 1.0,
            "guaranteed_bond_rate": 125e6,
            "expected_bond_rate": 250e6,
            "best_bond_rate": 250e6,
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
            ({"spare_stack_units": -1}, W, "1 units more than the model stacks"),
        ],
        {"stack": True},
    ),
    Case(
        "WSW03",
        "switch",
        {"oversubscription": 2.4},
        [({"oversubscription": 4.8}, W, "oversubscribed 4.8 to 1")],
        {"stack": True},
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
            ({"single_uplink_switches": 1}, W, "1 switches behind a single uplink"),
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
ALWAYS = [
    Case(
        "ICEP10",
        "storage",
        {"journal_size": 1 * GB},
        [({}, I, "each journal needs 1.00 GB")],
        FILESTORE,
        era="2013",
    ),
    Case(
        "ISWF03",
        "storage",
        {"partition_power": 19},
        [({}, I, "part power 19")],
        {"family": "swift"},
    ),
]
IDS = [f"{case.code}-{case.era}" for case in (*CASES, *ALWAYS)]


def held(case, changes=(), without=()):
    """What came of the rule on the case's subject, with changes."""
    rule = rule_of(case.code)
    known = {**case.traits, **case.keeps, **dict(changes)}
    names = (*rule.needs, *rule.wants)
    traits = {key: item for key, item in known.items() if key not in names}
    quantities = {f"{case.name}.{key}": known[key] for key in names if key in known}
    for name in without:
        quantities[f"{case.name}.{name}"] = None
    subject = Subject(case.kind, case.name, (case.name,), {**traits, "era": case.era})
    return hold_all([rule], View(quantities, (subject,), case.era))


@pytest.mark.parametrize("case", CASES, ids=IDS[: len(CASES)])
def test_a_design_that_keeps_the_rule(case):
    outcome = held(case)
    assert not outcome.findings
    assert [(item.code, item.subject) for item in outcome.passed] == [(case.code, case.name)]
    assert not outcome.not_applicable


@pytest.mark.parametrize("case", [*CASES, *ALWAYS], ids=IDS)
def test_a_design_that_breaks_the_rule(case):
    for changes, severity, words in case.breaks:
        outcome = held(case, changes)
        assert [item.severity for item in outcome.findings] == [severity], (changes, outcome)
        (found,) = outcome.findings
        assert words in found.message
        assert (found.code, found.subject) == (case.code, case.name)
        assert found.fix
        assert found.source
        assert not outcome.passed


@pytest.mark.parametrize("case", [*CASES, *ALWAYS], ids=IDS)
def test_a_rule_that_lacks_an_input_says_which(case):
    for name in rule_of(case.code).needs:
        outcome = held(case, case.breaks[0][0], without=[name])
        assert not outcome.findings
        assert not outcome.passed
        (skipped,) = outcome.not_applicable
        assert skipped.because == f"unknown: {name}"


@pytest.mark.parametrize("case", [*CASES, *ALWAYS], ids=IDS)
def test_a_rule_without_a_subject_is_not_applicable(case):
    outcome = hold_all([rule_of(case.code)], View({}, (), case.era))
    (skipped,) = outcome.not_applicable
    assert skipped.subject == ""


@pytest.mark.parametrize("case", [*CASES, *ALWAYS], ids=IDS)
def test_a_rule_of_another_era_is_not_held(case):
    for era in set(ERAS) - set(rule_of(case.code).eras):
        outcome = hold_all([rule_of(case.code)], View({}, (Subject(case.kind, "it"),), era))
        assert outcome.findings == outcome.passed == outcome.not_applicable == []


def test_every_rule_has_a_case(root):
    here = {case.code for case in (*CASES, *ALWAYS)}
    others = [path for path in (root / "tests").glob("test_*.py") if path.name != "test_rules.py"]
    elsewhere = "".join(path.read_text(encoding="utf-8") for path in others)
    codes = {rule.code for rule in RULES}
    assert here <= codes
    # The rules on what can be built and plugged in have theirs beside those models.
    assert [code for code in sorted(codes - here) if f'"{code}"' not in elsewhere] == []


def test_rules_are_told_in_full():
    for rule in RULES:
        assert rule.title, rule.code
        assert rule.fires, rule.code
        assert rule.fix, rule.code
        assert rule.source, rule.code
        assert rule.eras, rule.code
        assert len({rule.code for rule in RULES}) == len(RULES)


def test_the_letter_of_a_code_is_its_worst_severity():
    letters = {E: "E", W: "W", I: "I"}
    # What EOST03 would call an error is EVM01; WCEP22 can be no worse than information.
    others = {"EOST03", "WCEP22"}
    for rule in RULES:
        if rule.code not in others:
            assert rule.code[0] == letters[rule.severity], rule.code


@pytest.mark.parametrize(
    ("changes", "silent"),
    [
        ({"third_vote": 1, "fenced": 0}, True),
        ({"third_vote": 0, "fenced": 1}, True),
        ({"third_vote": 0, "fenced": 0}, False),
    ],
)
def test_a_third_vote_counts_today(changes, silent):
    case = next(case for case in CASES if case.code == "WDRB01")
    assert (not held(case, changes).findings) == silent


def test_hosts_of_vms_that_keep_no_core_back_are_told_once():
    case = next(case for case in CASES if case.code == "WCEP05" and case.era == "current")
    none = {"cores_for_daemons": 0, "cores_per_osd": 0, "threads_per_osd": 0, "nvme": True}
    assert held(case, none).findings
    assert not held(case, {**none, "runs_vms": True}).findings


def test_a_third_vote_was_not_there_in_2013():
    case = Case("WDRB01", "storage", {"shares": 2, "fenced": 0, "third_vote": 1}, [], era="2013")
    case = Case(**{**vars(case), "traits": {"family": "drbd"}})
    assert held(case).findings


def test_copies_on_a_network_of_their_own_need_one_gigabit_in_2013():
    case = next(case for case in CASES if case.code == "WCEP07" and case.era == "2013")
    alone = {"least_host_link": 0.125e9, "separate_replication": 1}
    assert held(case, {"least_host_link": 0.125e9}).findings
    assert not held(case, alone).findings


def test_numbers_are_told_by_the_names_that_explain_knows():
    case = next(case for case in CASES if case.code == "WCEP17")
    (found,) = held(case, {"failure_domains": 3}).findings
    assert [(item.quantity, item.value) for item in found.numbers] == [
        ("it.failure_domains", 3),
        ("it.shares", 3),
    ]
