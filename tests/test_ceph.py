"""Figures that Ceph prints, against live clusters and published examples."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.models.capacity import usable_capacity
from planner.models.ceph import (
    crush_weight,
    groups_per_device,
    max_avail,
    suggested_placement_groups,
    used_fraction,
)

REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
LIVE = json.loads((REFERENCE / "storage-live-cases.json").read_text())["cases"]
TB = 1e12
KIB = 1024.0


def rows(cases, kind):
    found = [case for case in cases if case["kind"] == kind]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda case: case["id"])


@rows(CASES, "ceph_df_max_avail")
def test_max_avail(case):
    inputs, expected = case["inputs"], case["expected"]["max_avail_tb"]
    found = max_avail(
        np.array(inputs["osd_size_tb"]) * TB,
        np.array(inputs["osd_used_tb"]) * TB,
        inputs["crush_weight"],
        inputs["raw_used_rate"],
        inputs["full_ratio"],
    )
    assert found == pytest.approx(expected * TB, rel=case["tolerance"]["rel"])
    assert found >= case["expected"]["really_writable_tb_with_same_512pg_map"] * TB * (1 - 1e-9)


@rows(LIVE, "live_max_avail")
def test_max_avail_of_live_clusters(case):
    """Healthy, filled, degraded, devices out; 1e-6 because Ceph reckons in 32-bit floats."""
    inputs, measured = case["inputs"], case["measured"]
    found = max_avail(
        [device["kb"] * KIB for device in inputs["osds"]],
        [device["kb_used"] * KIB for device in inputs["osds"]],
        [device["crush_weight"] for device in inputs["osds"]],
        inputs["raw_used_rate"],
        inputs["full_ratio"],
        inputs["not_degraded_share_of_copies"],
    )
    assert found == pytest.approx(measured["max_avail_bytes"], rel=1e-6)
    fraction = used_fraction(
        measured["bytes_used"],
        found,
        inputs["raw_used_rate"],
        inputs["not_degraded_share_of_copies"],
    )
    assert fraction == pytest.approx(measured["percent_used"], rel=1e-6)


@rows(CASES, "pg_count")
def test_suggested_placement_groups(case):
    inputs, expected = case["inputs"], case["expected"]
    found = suggested_placement_groups(
        inputs["osds"], inputs["size"], inputs["data_fraction"], inputs["target_pg_per_osd"]
    )
    assert found == expected["suggested"]


def test_crush_weight():
    case = next(case for case in CASES if case["id"] == "units/3TB")
    expected, rel = case["expected"], case["tolerance"]["rel"]
    found = crush_weight(case["inputs"]["tb"] * TB)
    assert found == pytest.approx(expected["crush_weight"], rel=rel)
    assert found == pytest.approx(expected["tib"], abs=0.5e-5)


devices = st.lists(st.floats(1.0, 20.0), min_size=1, max_size=8)


@given(devices, st.integers(1, 4), st.floats(0.5, 1.0))
def test_an_empty_cluster_shows_full_times_naive(size, copies, full):
    found = max_avail(size, np.zeros(len(size)), size, copies, full)
    assert found == pytest.approx(full * sum(size) / copies)
    assert found >= full * usable_capacity(size, copies) * (1 - 1e-9)


@given(devices, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_max_avail_falls_with_use(size, one, other):
    less, more = sorted((one, other))
    size = np.array(size)
    assert max_avail(size, more * size, size, 3) <= max_avail(size, less * size, size, 3)


def test_max_avail_rises_when_a_device_goes_out():
    """The trap that its users report: fewer devices, more room."""
    used = np.array([2.0, 1.0, 1.0, 1.0])
    healthy = max_avail([3.0] * 4, used, [3.0] * 4, 2)
    assert max_avail([0.0, 3.0, 3.0, 3.0], [0.0, 1.0, 1.0, 1.0], [3.0] * 4, 2) > healthy


def test_max_avail_of_a_full_device_is_zero():
    assert max_avail([3.0, 3.0], [2.9, 1.0], [1.0, 1.0], 2) == 0.0


def test_a_device_without_weight_does_not_count():
    assert max_avail([3.0, 3.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], 2) == pytest.approx(2.85)


def test_max_avail_without_a_device():
    assert max_avail([], [], [], 3) == 0.0
    assert max_avail([0.0, 0.0], [0.0, 0.0], [0.0, 0.0], 3) == 0.0


def test_max_avail_on_arrays():
    rng = np.random.default_rng(7)
    size, used, weight = rng.uniform(1, 4, (5, 1, 6)), rng.uniform(0, 1, (5, 4, 1)), np.arange(5.0)
    rate = np.array([1.5, 2, 3, 4, 5, 6])
    found = max_avail(size, used, weight, rate)
    assert found.shape == (4, 6)
    for row, column in np.ndindex(found.shape):
        alone = max_avail(size[:, 0, column], used[:, row, 0], weight, rate[column])
        assert found[row, column] == pytest.approx(alone)


@pytest.mark.parametrize("argument", range(6))
def test_max_avail_unknown(argument):
    arguments = [np.array([3.0, 3.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0]), 3.0, 0.95, 1.0]
    assert np.isfinite(max_avail(*arguments))
    arguments[argument] = arguments[argument] * np.array(math.nan)
    assert math.isnan(max_avail(*arguments))


def test_used_fraction():
    assert used_fraction(0.0, 0.0, 3) == 0.0
    assert used_fraction(5.0, 0.0, 3) == 1.0
    np.testing.assert_allclose(used_fraction([1.0, 3.0], [1.0, 0.5], 2), [1 / 3, 0.75])
    assert math.isnan(used_fraction(math.nan, 1.0, 2))


@given(st.integers(1, 5000), st.integers(1, 12), st.floats(0.0, 1.0))
def test_suggestion_is_a_power_of_two_near_the_wanted_number(disks, size, fraction):
    found = suggested_placement_groups(disks, size, fraction)
    wanted = max(100.0 * disks * fraction / size, disks / size, 1.0)
    assert math.log2(found).is_integer()
    assert 0.75 * wanted <= found < 1.5 * wanted


@pytest.mark.parametrize(("wanted", "found"), [(12, 16), (10.7, 16), (10.6, 8), (8, 8), (0.2, 1)])
def test_suggestion_rounds_up_beyond_a_quarter(wanted, found):
    assert suggested_placement_groups(1, 100, 1.0, 100.0 * wanted) == found


def test_suggestion_on_arrays():
    found = suggested_placement_groups([[6], [8]], [2, 3], 1.0)
    np.testing.assert_array_equal(found, [[256.0, 256.0], [512.0, 256.0]])
    assert math.isnan(suggested_placement_groups(6, 3, math.nan))


def test_groups_per_device():
    np.testing.assert_array_equal(groups_per_device(256, [6, 8], 3), [128.0, 96.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: max_avail([-1.0], [0.0], [1.0], 3), "device_capacity must be 0 or more, got -1"),
        (lambda: max_avail([1.0], [-1.0], [1.0], 3), "device_used must be 0 or more, got -1"),
        (lambda: max_avail([1.0], [0.0], [-1.0], 3), "device_weight must be 0 or more, got -1"),
        (lambda: max_avail([1.0], [0.0], [1.0], 0.5), "raw_used_rate must be 1 or more, got 0.5"),
        (lambda: max_avail([1.0], [0.0], [1.0], 3, 95), "full_ratio must be between 0 and 1"),
        (lambda: max_avail([1.0], [0.0], [1.0], 3, 1, 0), "intact_fraction must be above 0"),
        (lambda: max_avail([1.0], [0.0], [1.0], 3, 1, 1.1), "intact_fraction must be above 0"),
        (lambda: used_fraction(-1.0, 0.0, 3), "pool_used must be 0 B or more, got -1"),
        (lambda: used_fraction(1.0, -1.0, 3), "available must be 0 B or more, got -1"),
        (lambda: used_fraction(1.0, 1.0, 0), "raw_used_rate must be 1 or more, got 0"),
        (lambda: crush_weight(-1.0), "device_capacity must be 0 B or more, got -1"),
        (lambda: suggested_placement_groups(0, 3), "devices must be a whole number"),
        (lambda: suggested_placement_groups(6, 0), "shares must be a whole number"),
        (lambda: suggested_placement_groups(6, 3, 5), "data_fraction must be between 0 and 1"),
        (lambda: suggested_placement_groups(6, 3, 1, -1), "target_per_device must be 0 or more"),
        (lambda: groups_per_device(0, 6, 3), "placement_groups must be a whole number"),
        (lambda: groups_per_device(8, 0, 3), "devices must be a whole number"),
        (lambda: groups_per_device(8, 6, 0), "shares must be a whole number"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
