"""Storage of every kind, written in a scenario and read from the snapshot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit import few_draws  # noqa: F401

import planner
from planner.faults import InputError
from planner.models.raid import raid
from planner.models.redundancy import drbd_pair, gluster_replica, host_volumes, sheepdog
from planner.models.swift import swift_ring

pytestmark = pytest.mark.usefixtures("few_draws")

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent / "reference/redundancy-cases.json").read_text())[
        "cases"
    ]
}
TB = 1e12
DISK = 4 * TB
ROUNDED = 1e-11  # snapshots hold twelve digits

HEAD = """
extends: today
scenario: others
requirements: null
claims: null
baseline: null
parts:
  drives:
    disk: {{title: 4 TB disk, capacity: 4 TB, read_rate: 100 MB/s, write_rate: 100 MB/s}}
nodes:
  store:
    title: Storage host
    parts: {{smc-as1015sv-8324p: 1, disk: {disks}}}
    load_shape: specpower-2020
designs:
  old-servers: null
  small-boxes: null
  servers-1u: null
  three-large: null
  four-large: null
  it:
    title: Under test
    vm_disks: s
    groups:
{groups}
      vm:
        count: 2
        node: server-1u
        runs_vms: true
        links: {{net: {{part: smc-as1015sv-8324p, ports: 1}}}}
    storage:
      s:
        hosts: {{{hosts}}}
{body}
"""
LINK = "links: {{net: {{part: smc-as1015sv-8324p, ports: 1}}}}"
GROUP = "      {name}: {{count: {count}, node: store, {more}" + LINK + "}}"


def scenario(tmp_path, body, disks=2, hosts=4, more="", groups=None, tail=""):
    """A file with one design whose storage `s` is as the text says."""
    groups = groups or {"h": (hosts, more)}
    text = HEAD.format(
        disks=disks,
        groups="\n".join(
            GROUP.format(name=name, count=count, more=more)
            for name, (count, more) in groups.items()
        ),
        hosts=", ".join(f"{name}: {{drive: disk}}" for name in groups),
        body="\n".join(f"        {line}" for line in body),
    )
    file = tmp_path / "others.yaml"
    file.write_text(text + tail)
    return str(file)


def evaluated(tmp_path, body, **options):
    """The snapshot's entry of that design."""
    return planner.evaluate(scenario(tmp_path, body, **options)).design("it")


def numbers(tmp_path, body, **options):
    """Value of each quantity of the storage."""
    found = evaluated(tmp_path, body, **options)["quantities"]
    return {key: item["value"] for key, item in found.items()}


def codes(design):
    return {finding["code"] for finding in design["findings"]}


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case]["kind"] == "raid_usable"])
def test_raid_as_published(tmp_path, case):
    inputs = CASES[case]["inputs"]
    level, spares, groups = inputs["level"], inputs["spares"], inputs["groups"]
    rule = f"raid: {{level: {level}, spares: {spares}, groups: {groups}}}"
    disks = len(inputs["disks_tb"])
    found = numbers(tmp_path, ["software: raid", rule], disks=disks, hosts=1)
    expected = CASES[case]["expected"]["usable_tb"]
    assert found["usable_capacity"] == pytest.approx(expected * TB, rel=ROUNDED)


@pytest.mark.parametrize(
    ("level", "disks", "groups"),
    [(0, 4, 1), (1, 2, 1), (1, 3, 1), (5, 8, 1), (6, 8, 1), (10, 8, 1), (50, 12, 2), (60, 16, 2)],
)
def test_raid_agrees_with_the_library(tmp_path, level, disks, groups):
    rule = f"raid: {{level: {level}, groups: {groups}}}"
    found = numbers(tmp_path, ["software: raid", rule], disks=disks, hosts=1)
    expected = raid(str(level), [DISK] * disks, groups=groups)
    assert found["usable_capacity"] == pytest.approx(expected.usable, rel=ROUNDED)
    assert found["drive_losses_data_safe"] == expected.losses_survived
    assert found["write_factor"] == pytest.approx(expected.write_factor, rel=ROUNDED)
    assert found["small_write_operations"] == expected.small_write_ios
    assert found["raw_capacity"] == disks * DISK
    assert found["host_losses_data_safe"] == 0.0


def test_raid_writes_at_the_rate_of_its_data_disks(tmp_path):
    found = numbers(tmp_path, ["software: raid", "raid: {level: 6}"], disks=8, hosts=1)
    assert found["disk_bound_write_throughput"] == pytest.approx(6 * 100e6)
    assert found["disk_bound_read_throughput"] == pytest.approx(8 * 100e6)


def test_raid_below_copies_bears_losses_of_both(tmp_path):
    found = numbers(tmp_path, ["software: sheepdog", "copies: 2", "raid: {level: 6}"], disks=8)
    assert found["usable_capacity"] == pytest.approx(4 * 6 * DISK / 2)
    assert found["host_losses_data_safe"] == 1.0
    assert found["drive_losses_data_safe"] == 5.0
    assert found["write_factor"] == pytest.approx(2 * 8 / 6)
    assert found["small_write_operations"] == 2 * 6.0


def test_drbd_pairs(tmp_path):
    design = evaluated(tmp_path, ["software: drbd", "copies: 2", "network: net"], hosts=2)
    found = {key: item["value"] for key, item in design["quantities"].items()}
    expected = drbd_pair(2 * DISK, 2 * DISK)
    assert found["usable_capacity"] == pytest.approx(expected.usable, rel=ROUNDED)
    assert found["usable_capacity"] < 2 * DISK
    assert found["host_losses_data_safe"] == expected.losses_survived
    assert found["host_losses_in_service"] == 1.0
    assert found["write_factor"] == expected.write_factor
    assert found["self_heal_capacity"] == 0.0
    assert "WSTO03" in codes(design)


def test_gluster_replica_sets(tmp_path):
    found = numbers(tmp_path, ["software: glusterfs", "copies: 3"], hosts=6)
    expected = gluster_replica([2 * DISK] * 6, 3)
    assert found["usable_capacity"] == pytest.approx(expected.usable, rel=ROUNDED)
    assert found["host_losses_data_safe"] == expected.losses_survived
    assert found["host_losses_in_service"] == 1.0
    assert found["self_heal_capacity"] == 0.0


def test_gluster_with_two_replicas_promises_no_service(tmp_path):
    found = numbers(tmp_path, ["software: glusterfs", "copies: 2"], hosts=4)
    assert found["host_losses_data_safe"] == 1.0
    assert found["host_losses_in_service"] == 0.0


def test_hosts_that_do_not_form_sets_are_refused(tmp_path):
    with pytest.raises(InputError, match="5 hosts do not divide into sets of 3"):
        numbers(tmp_path, ["software: glusterfs", "copies: 3"], hosts=5)


def test_sheepdog(tmp_path):
    found = numbers(tmp_path, ["software: sheepdog", "copies: 3"])
    expected = sheepdog([2 * DISK] * 4, 3)
    assert found["usable_capacity"] == pytest.approx(expected.usable, rel=ROUNDED)
    assert found["host_losses_data_safe"] == expected.losses_survived
    assert found["host_losses_in_service"] == 2.0
    strict = numbers(tmp_path, ["software: sheepdog", "copies: 3", "minimum_shares: 3"])
    assert strict["host_losses_in_service"] == 0.0


@pytest.mark.parametrize(("domain", "dispersed"), [("rack", True), ("drive", False)])
def test_swift_with_and_without_overload(tmp_path, domain, dispersed):
    body = ["software: swift", "copies: 3", f"failure_domain: {domain}"]
    groups = {"a": (1, "rack: a, "), "b": (1, "rack: b, "), "c": (2, "rack: c, ")}
    found = numbers(tmp_path, body, groups=groups)
    expected = swift_ring([DISK] * 8, [0, 0, 1, 1, 2, 2, 2, 2], 3, dispersed)
    assert found["usable_capacity"] == pytest.approx(expected.usable, rel=ROUNDED)
    assert found["usable_capacity"] == pytest.approx((2 if dispersed else 8 / 3) * DISK)
    assert found["write_factor"] == expected.write_factor
    assert found["write_quorum"] == 2.0
    assert found["host_losses_data_safe"] == (2.0 if dispersed else 0.0)


def test_swift_partition_power_is_for_the_drives_to_come(tmp_path):
    case = CASES["swift/partition_power/5000"]
    body = ["software: swift", "copies: 3", f"most_drives: {case['inputs']['most_devices']}"]
    assert numbers(tmp_path, body)["partition_power"] == case["expected"]["power"]
    assert numbers(tmp_path, body[:2])["partition_power"] == 10.0  # 8 x 100 <= 2^10


@pytest.mark.parametrize("software", ["cinder-lvm", "local-lvm"])
def test_volumes_of_one_host_have_no_redundancy_and_say_so(tmp_path, software):
    local = ["local: true"] if software == "local-lvm" else ["network: net"]
    design = evaluated(tmp_path, [f"software: {software}", "copies: 1", *local])
    expected = host_volumes([2 * DISK] * 4)
    found = {key: item["value"] for key, item in design["quantities"].items()}
    assert found["usable_capacity"] == expected.usable
    assert found["host_losses_data_safe"] == expected.losses_survived
    assert found["self_heal_capacity"] == 0.0
    finding = next(item for item in design["findings"] if item["code"] == "WSTO02")
    assert "no redundancy between machines" in finding["message"]
    assert "so is it with any drive" in finding["message"]


def test_cinder_on_a_raid_still_says_what_it_covers(tmp_path):
    design = evaluated(tmp_path, ["software: cinder-lvm", "raid: {level: 1}"])
    finding = next(item for item in design["findings"] if item["code"] == "WSTO02")
    assert "1 drives may fail, and nothing else" in finding["message"]


def test_an_array_bears_the_loss_of_a_controller(snapshot):
    assert snapshot.value("rack-san", "controller_losses_in_service") == 1.0
    assert snapshot.value("rack-san", "drive_losses_data_safe") == 2.0
    # Redundancy inside the array does not cross its ports.
    assert snapshot.value("rack-san", "ingress_bound_write_throughput") == pytest.approx(1e9)


# Racks, devices, placement groups

RACKS = {f"r{i}": (2, f"rack: rack{i}, ") for i in range(4)}


def test_copies_in_distinct_racks(tmp_path):
    """Case rack4_r3: four racks of two hosts, the limit is that of the racks."""
    body = ["software: ceph-bluestore", "copies: 3", "failure_domain: rack"]
    found = numbers(tmp_path, body, groups=RACKS)
    assert found["failure_domains"] == 4.0
    assert found["usable_capacity"] == pytest.approx(4 * 4 * DISK / 3)
    assert found["self_heal_capacity"] == pytest.approx(0.9 * 3 * 4 * DISK / 3)
    assert found["host_losses_data_safe"] == 2.0


def test_a_rack_must_be_named(tmp_path):
    body = ["software: ceph-bluestore", "copies: 3", "failure_domain: rack"]
    with pytest.raises(InputError, match="nothing tells the rack of h"):
        numbers(tmp_path, body)


def test_placement_groups_are_as_advised_unless_stated(tmp_path):
    body = ["software: ceph-bluestore", "copies: 3"]
    advised = numbers(tmp_path, body)
    assert advised["placement_groups"] == advised["suggested_placement_groups"] == 256.0
    few = numbers(tmp_path, [*body, "placement_groups: 32"])
    assert few["placement_groups"] == 32.0
    assert few["expected_usable_capacity"] < advised["expected_usable_capacity"]
    assert advised["expected_usable_capacity"] < advised["balanced_usable_capacity"]
    assert advised["balanced_usable_capacity"] < advised["usable_capacity"]


def test_max_avail_over_reports_more_without_a_balancer(tmp_path):
    body = ["software: ceph-bluestore", "copies: 3"]
    balanced, plain = numbers(tmp_path, body), numbers(tmp_path, [*body, "balancer: false"])
    assert balanced["max_avail"] == pytest.approx(0.95 * 8 * DISK / 3, rel=1e-4)
    assert 0.0 < balanced["max_avail_excess"] < plain["max_avail_excess"]
    assert plain["writable_capacity"] == pytest.approx(0.95 * plain["expected_usable_capacity"])


def test_vms_get_what_placement_leaves_them_without_a_balancer(tmp_path):
    body = ["software: ceph-bluestore", "copies: 3", "balancer: false", "network: net"]
    found = numbers(tmp_path, body)
    room = 0.85 * found["expected_usable_capacity"]
    assert found["vm_store_capacity"] == pytest.approx(room)


@pytest.mark.parametrize("software", ["raid", "local-lvm", "drbd", "sheepdog", "swift"])
def test_figures_of_ceph_are_for_ceph_only(tmp_path, software):
    rule = "raid: {level: 1}" if software == "raid" else "copies: 2"
    found = numbers(tmp_path, [f"software: {software}", rule])
    assert not {"max_avail", "placement_groups", "expected_usable_capacity"} & set(found)


# Sharing and splitting drives, pools

SPLIT = """
      t:
        software: swift
        copies: 3
        hosts: {{h: {{drive: disk, {part}}}}}
"""


@pytest.mark.parametrize(
    ("mine", "part", "usable"),
    [("drives: 1", "drives: 1", 4 * DISK / 3), ("share: 25 %", "share: 75 %", 2 * DISK)],
)
def test_two_backends_split_or_share_the_drives(tmp_path, mine, part, usable):
    body = ["software: ceph-bluestore", "copies: 3"]
    file = Path(scenario(tmp_path, body, tail=SPLIT.format(part=part)))
    file.write_text(
        file.read_text().replace("{h: {drive: disk}}", f"{{h: {{drive: disk, {mine}}}}}")
    )
    found = planner.evaluate(str(file)).design("it")["quantities"]
    whole = 8 * DISK / 3
    assert found["s.usable_capacity"]["value"] + found["t.usable_capacity"]["value"] == (
        pytest.approx(whole)
    )
    assert found["t.usable_capacity"]["value"] == pytest.approx(usable)


def test_drives_are_not_given_away_twice(tmp_path):
    body = ["software: ceph-bluestore", "copies: 3"]
    file = scenario(tmp_path, body, tail=SPLIT.format(part="share: 50 %"))
    with pytest.raises(InputError, match=r"`disk` of group `h` is given away 1\.5 times"):
        planner.evaluate(file)


POOLS = """
    pools:
      volumes: {use: block, backend: s, data: 2 TB, growth: 20 %/yr}
      images: {use: image, backend: s, data: 1 TB, copies: 2}
"""


def test_pools_share_a_backend(tmp_path):
    body = ["software: ceph-bluestore", "copies: 3", "network: net"]
    found = numbers(tmp_path, body, tail=POOLS)
    room, image_room = 0.85 * 8 * DISK / 3, 0.85 * 8 * DISK / 2
    assert found["volumes.pool_raw_use"] == 6 * TB
    assert found["images.pool_raw_use"] == 2 * TB
    filled = 2 * TB / room + 1 * TB / image_room
    assert found["s.pools_fill"] == pytest.approx(filled)
    assert found["volumes.pool_room"] == pytest.approx(room * (1 - filled))
    # 2 TB grow by a fifth a year, the images do not.
    years = found["s.years_to_full"]
    assert 2 * TB * 1.2**years / room + 1 * TB / image_room == pytest.approx(1.0)
    assert found["vm_store_capacity"] == pytest.approx(room - room / image_room * TB)


def test_pools_that_do_not_fit_are_a_finding(tmp_path):
    body = ["software: ceph-bluestore", "copies: 3"]
    design = evaluated(tmp_path, body, tail=POOLS.replace("2 TB", "20 TB"))
    assert "ESTO04" in codes(design)
    assert design["quantities"]["s.years_to_full"]["value"] == 0.0


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        (POOLS.replace("backend: s", "backend: x"), "unknown storage `x`"),
        (POOLS.replace(", copies: 2", ", data_shares: 4"), "`parity_shares` is missing"),
        ("    quorums: {monitors: {h: 5}}\n", "5 members of `monitors` on 4 hosts"),
        ("    quorums: {monitors: {x: 3}}\n", "unknown group `x`"),
        ("    quorums: {s: {h: 3}}\n", "`s` is also a storage"),
    ],
)
def test_faults_of_pools_and_quorums_have_a_place(tmp_path, tail, message):
    file = scenario(tmp_path, ["software: ceph-bluestore", "copies: 3"], tail=tail)
    with pytest.raises(InputError, match=message) as caught:
        planner.evaluate(file)
    assert caught.value.faults[0].mark.line > 0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (["software: raid", "raid: {level: 5, groups: 2}"], "groups must be 1 for RAID 5"),
        (["software: raid", "raid: {level: 6, spares: 1}"], "needs at least 4 disks"),
        (
            ["software: raid", "raid: {level: 1}", "failure_domain: drive"],
            "joins the drives of a host into one failure domain",
        ),
        (["software: drbd", "data_shares: 2", "parity_shares: 1"], "keeps whole copies"),
        (["software: ceph-bluestore"], "the redundancy is not stated"),
    ],
)
def test_faults_of_redundancy(tmp_path, body, message):
    with pytest.raises(InputError, match=message):
        numbers(tmp_path, body)


def test_quorum_of_two_is_a_finding(tmp_path):
    tail = "    quorums: {juju: {h: 2}, database: {h: 3}}\n"
    body = ["software: ceph-bluestore", "copies: 3"]
    design = evaluated(tmp_path, body, tail=tail)
    messages = [item["message"] for item in design["findings"] if item["code"] == "EQUO01"]
    assert messages == ["juju: of 2 members, 0 may be lost"]
    assert design["quantities"]["host_losses_in_quorum"]["value"] == 0.0
    assert design["quantities"]["database.member_losses_tolerated"]["value"] == 1.0
