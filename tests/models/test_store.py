"""What a host brings to a backend, and which of its domains count."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.domains import failure_domains
from planner.models.store import (
    data_fraction,
    device_capacity,
    link_rate,
    store_capacity,
    store_raw_capacity,
    store_read_rate,
    store_write_rate,
    working_fraction,
)

TB = 1e12
quick = settings(max_examples=60, deadline=None)
drives = st.lists(st.tuples(st.integers(0, 12), st.floats(0.0, 1e13)), min_size=1, max_size=4)


@pytest.mark.parametrize("total", [store_raw_capacity, store_read_rate, store_write_rate])
@quick
@given(drives)
def test_drives_add_up(total, drives):
    count, each = np.array(drives, dtype=float).T
    by_hand = sum(number * one for number, one in drives)
    assert total(count, each) == pytest.approx(by_hand, rel=1e-12)


@quick
@given(st.floats(0.0, 1e13), st.floats(0.0, 1e13))
def test_a_reserve_never_leaves_less_than_nothing(raw, reserve):
    assert store_capacity(raw, store_reserve=reserve) == max(raw - reserve, 0.0)
    assert store_capacity(raw) == raw


@quick
@given(st.integers(1, 24), st.integers(0, 30))
def test_spares_take_a_part_of_the_drives_away(drives, spares):
    left = working_fraction(np.array([float(drives)]), spares)
    assert left * drives == pytest.approx(max(drives - spares, 0))


def test_raid_and_spares_of_an_array():
    # Twelve disks of 2 TB, two of them spares, the others one RAID 6: eight hold data.
    fraction = data_fraction(working_fraction(np.array([12.0]), 2.0), 10.0, 8.0)
    raw = store_raw_capacity(np.array([12.0]), device_capacity(np.array([2 * TB])))
    assert store_capacity(raw, fraction) == pytest.approx(16 * TB)


def test_a_drive_that_two_backends_share():
    assert device_capacity(3 * TB, 0.25) + device_capacity(3 * TB, 0.75) == 3 * TB


def test_bonded_ports_are_full_rate_each():
    assert link_rate(2.0, 125e6) == 250e6


@pytest.mark.parametrize(
    ("capacity", "domains"),
    [([6, 6, 6], 3), ([6, 0, 6], 2), ([0, 0], 0), ([], 0), ([6, np.nan], np.nan)],
)
def test_domains_that_can_hold_data(capacity, domains):
    found = failure_domains(np.array(capacity, dtype=float) * TB)
    np.testing.assert_array_equal(found, domains)
