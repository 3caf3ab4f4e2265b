"""RAID, DRBD, Sheepdog, GlusterFS, Swift and node volumes against outside figures."""

import json
from itertools import combinations
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.raid import raid, raid_layout, raid_survival_probability
from planner.models.redundancy import (
    drbd_metadata_bytes,
    drbd_pair,
    dual_controller_array,
    gluster_replica,
    host_volumes,
    placed_pool,
    sheepdog,
)
from planner.models.swift import swift_partition_power, swift_ring, swift_write_quorum

quick = settings(max_examples=60, deadline=None)
REFERENCE = Path(__file__).parent / "reference"
OWN = json.loads((REFERENCE / "redundancy-cases.json").read_text())["cases"]
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]


def rows(cases, kind):
    found = [case for case in cases if case["kind"] == kind]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda case: case["id"])


@rows(OWN, "raid_usable")
def test_raid_capacity(case):
    inputs = case["inputs"]
    disks = np.array(inputs["disks_tb"]) * 1e12
    result = raid(inputs["level"], disks, inputs["spares"], inputs["groups"])
    expected = case["expected"]["usable_tb"] * 1e12
    assert result.usable == pytest.approx(expected, rel=case["tolerance"]["rel"])


@rows(OWN, "raid_survival")
def test_raid_survival(case):
    inputs = case["inputs"]
    numerator, denominator = case["expected"]["probability"]
    survival = raid_survival_probability(
        inputs["level"], inputs["disks"], inputs["failed"], inputs["groups"]
    )
    assert survival == numerator / denominator


@rows(OWN, "drbd_metadata")
def test_drbd_metadata(case):
    inputs = case["inputs"]
    size = drbd_metadata_bytes(inputs["device_bytes"], inputs["peers"])
    assert size == 512 * case["expected"]["sectors"]
    assert drbd_metadata_bytes(inputs["device_bytes"]) == size
    assert size / 1e6 == pytest.approx(
        case["expected"]["metadata_mb"], abs=case["tolerance"]["abs"]
    )


@rows(OWN, "swift_partition_power")
def test_swift_partition_power(case):
    assert swift_partition_power(case["inputs"]["most_devices"]) == case["expected"]["power"]


@rows(OWN, "gluster_bricks")
def test_gluster_sets(case):
    inputs, expected = case["inputs"], case["expected"]
    volume = gluster_replica([1.0] * inputs["bricks"], inputs["replicas"], inputs["arbiter"])
    assert volume.usable == expected["sets"]
    assert volume.losses_survived == expected["data_bricks_per_set"] - 1


@rows(CASES, "capacity_exact_law")
def test_placed_pool_and_sheepdog_follow_the_law(case):
    inputs, expected = case["inputs"], case["expected"]["usable_tb"]
    domains = list(case["expected"]["domain_tb"].values())
    shares, data = inputs["n_chunks"], inputs["k_data"]
    pool = placed_pool(domains, shares, data)
    assert pool.usable == pytest.approx(expected, rel=1e-12)
    assert pool.losses_survived == (shares - data if len(domains) >= shares else 0)
    if data == 1:
        assert sheepdog(domains, shares).usable == pytest.approx(expected, rel=1e-12)


LAYOUTS = [
    ("0", 4, 1),
    ("1", 3, 1),
    ("5", 5, 1),
    ("6", 6, 1),
    ("10", 8, 1),
    ("50", 9, 3),
    ("60", 8, 2),
]


@pytest.mark.parametrize("level, disks, groups", LAYOUTS)
def test_survival_begins_at_the_guarantee_and_falls(level, disks, groups):
    guaranteed = raid(level, [1.0] * disks, groups=groups).losses_survived
    chances = [raid_survival_probability(level, disks, f, groups) for f in range(disks + 1)]
    assert [chance == 1 for chance in chances] == [f <= guaranteed for f in range(disks + 1)]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] == 0


@pytest.mark.parametrize("level, disks, groups", LAYOUTS)
def test_survival_equals_enumeration(level, disks, groups):
    layout = raid_layout(level, disks, groups)
    for failed in range(disks + 1):
        sets = list(combinations(range(disks), failed))
        kept = sum(
            all(
                sum(disk // layout.disks == member for disk in chosen) <= layout.disks - layout.data
                for member in range(layout.sets)
            )
            for chosen in sets
        )
        assert raid_survival_probability(level, disks, failed, groups) == kept / len(sets)


@pytest.mark.parametrize("level, disks, groups", LAYOUTS)
def test_raid_capacity_uses_the_smallest_disk_and_carries_samples(level, disks, groups):
    sizes = np.linspace(4e12, 6e12, disks)[:, None] * [1.0, 2.0]
    result = raid(level, sizes, groups=groups)
    layout = raid_layout(level, disks, groups)
    assert result.usable.tolist() == pytest.approx(
        [4e12 * layout.sets * layout.data, 8e12 * layout.sets * layout.data]
    )
    assert result.write_factor == pytest.approx(disks / (layout.sets * layout.data))


def test_small_write_cost_by_level():
    costs = {level: raid(level, [1.0] * n, groups=g).small_write_ios for level, n, g in LAYOUTS}
    assert costs == {"0": 1, "1": 3, "5": 4, "6": 6, "10": 2, "50": 4, "60": 6}


def test_spares_cost_capacity_and_add_no_loss():
    plain, spared = raid("6", [4.0] * 8), raid("6", [4.0] * 9, spares=1)
    assert spared.usable == plain.usable
    assert spared.losses_survived == plain.losses_survived
    assert "1 hot spare" in spared.note


def test_array_keeps_the_figures_of_its_raid():
    shelf = raid("6", [4.0] * 8)
    array = dual_controller_array(shelf)
    assert array.usable == shelf.usable
    assert "1 controller(s) may be lost" in array.note
    assert "0 controller(s) may be lost" in dual_controller_array(shelf, 1).note


@quick
@given(st.floats(1e9, 1e14), st.floats(1e9, 1e14))
def test_drbd_holds_the_smaller_side(first, second):
    pair = drbd_pair(first, second)
    assert pair == drbd_pair(second, first)
    assert pair.usable == pytest.approx(
        min(first, second) - drbd_metadata_bytes(min(first, second)), rel=1e-12
    )


def test_drbd_promises_by_protocol_and_vote():
    assert [drbd_pair(1e12, 1e12, protocol).losses_survived for protocol in "ABC"] == [0, 0, 1]
    assert "may lose the last confirmed writes" in drbd_pair(1e12, 1e12, "A").note
    assert "quorum stops both sides" in drbd_pair(1e12, 1e12).note
    assert "one side go on" in drbd_pair(1e12, 1e12, tie_breaker=True).note


def test_write_costs_of_pools_and_mirrors():
    costs = {
        "copies": placed_pool([1.0] * 6, 3),
        "code": placed_pool([1.0] * 6, 6, 4),
        "DRBD": drbd_pair(1e12, 1e12),
        "Sheepdog": sheepdog([1.0] * 3, 3),
        "GlusterFS": gluster_replica([1.0] * 3, 3, arbiter=True),
        "Swift": swift_ring([1.0] * 3, [1, 2, 3], 3, dispersed=True),
        "node": host_volumes([1.0]),
    }
    assert {name: (c.write_factor, c.small_write_ios) for name, c in costs.items()} == {
        "copies": (3, 3),
        "code": (1.5, 10),
        "DRBD": (2, 2),
        "Sheepdog": (3, 3),
        "GlusterFS": (2, 2),
        "Swift": (3, 3),
        "node": (1, 1),
    }


def test_sheepdog_says_when_it_stops():
    assert "writes stop" in sheepdog([1.0] * 3, 3, strict=True).note
    assert "one copy per zone" in sheepdog([1.0] * 3, 3).note
    assert sheepdog([1.0] * 2, 3).losses_survived == 0


def test_gluster_volume_is_bound_by_its_sets():
    volume = gluster_replica([4.0, 6.0, 5.0, 9.0], 2)
    assert volume.usable == 9.0
    assert "or that many with the first" in volume.note
    assert "2 of 3 bricks" in gluster_replica([1.0] * 3, 3).note
    assert gluster_replica([4.0, 6.0], 1).losses_survived == 0
    sampled = gluster_replica(np.array([[4.0, 1.0], [6.0, 3.0]]), 2)
    assert sampled.usable.tolist() == [4.0, 1.0]


@quick
@given(st.lists(st.floats(0, 1e13), min_size=3, max_size=8), st.integers(1, 3), st.data())
def test_swift_dispersion_never_adds_room(devices, replicas, data):
    zones = data.draw(st.lists(st.integers(1, 4), min_size=len(devices), max_size=len(devices)))
    strict = swift_ring(devices, zones, replicas, dispersed=False)
    dispersed = swift_ring(devices, zones, replicas, dispersed=True)
    assert dispersed.usable <= strict.usable * (1 + 1e-9)
    assert (strict.unit, dispersed.unit) == ("device", "zone")
    placed = sum(capacity > 0 for capacity in devices) >= replicas
    assert strict.losses_survived == (replicas - 1 if placed else 0)


def test_swift_write_quorum_and_powers():
    assert swift_write_quorum([1, 2, 3, 5]).tolist() == [1, 1, 2, 3]
    assert swift_partition_power([1, 2, 3], [1, 1, 1]).tolist() == [0, 1, 2]


def test_node_volumes_say_that_nothing_is_redundant():
    for service in ("Cinder LVM", "local ephemeral LVM"):
        volumes = host_volumes([2e12, 3e12], service)
        assert volumes[:3] == (service, 5e12, 0.0)
        assert "no redundancy" in volumes.note


def test_unknown_stays_unknown():
    unknown = [4e12, np.nan, 4e12, 4e12]
    for result in (
        *(raid(level, unknown) for level in ("0", "1", "5", "6", "10")),
        placed_pool(unknown, 3),
        drbd_pair(np.nan, 1e12),
        sheepdog(unknown, 2),
        gluster_replica(unknown, 2),
        swift_ring(unknown, [1, 2, 3, 4], 3, dispersed=True),
        host_volumes(unknown),
    ):
        assert isnan(result.usable)
    assert isnan(swift_partition_power(np.nan))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: raid("7", [1.0] * 4), "level must be one of 0, 1, 5, 6, 10, 50, 60, got '7'"),
        (lambda: raid("5", [1.0] * 2), "RAID 5 needs at least 3 disks in a set, got 2"),
        (lambda: raid("1", [1.0]), "RAID 1 needs at least 2 disks in a set, got 1"),
        (lambda: raid("60", [1.0] * 6, groups=2), "RAID 60 needs at least 4 disks in a set, got 3"),
        (lambda: raid("10", [1.0] * 5), "RAID 10 cannot divide 5 disks into equal sets"),
        (lambda: raid("50", [1.0] * 7, groups=2), "RAID 50 cannot divide 7 disks"),
        (lambda: raid("50", [1.0] * 6, groups=0), "RAID 50 cannot divide 6 disks"),
        (lambda: raid("5", [1.0] * 6, groups=2), "groups must be 1 for RAID 5, got 2"),
        (lambda: raid("5", [1.0] * 4, spares=4), "spares must be 0 to 3, got 4"),
        (lambda: raid("5", [1.0, -1.0, 1.0]), "disk_capacity must be 0 B or more, got -1"),
        (lambda: raid_survival_probability("5", 4, 5), "failed must be 0 to 4 disks, got 5"),
        (lambda: dual_controller_array(raid("0", [1.0]), 0), "controllers must be at least 1"),
        (lambda: drbd_pair(1.0, 1.0, "D"), "protocol must be A, B or C, got 'D'"),
        (lambda: drbd_metadata_bytes(-1.0), "device_bytes must be 0 B or more, got -1"),
        (lambda: gluster_replica([1.0] * 4, 3), "4 bricks do not divide into replica sets of 3"),
        (lambda: gluster_replica([1.0], 1, arbiter=True), "1 bricks do not divide"),
        (lambda: swift_ring([1.0, 1.0], [1], 1, True), "device_zone must name 2 zones, got 1"),
        (lambda: swift_partition_power(0), "most_devices must be a whole number of at least 1"),
        (lambda: swift_write_quorum(0), "replicas must be a whole number of at least 1"),
        (lambda: sheepdog([1.0], 0), "copies must be a whole number of at least 1"),
        (lambda: host_volumes([-1.0]), "must be"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
