"""Utilisation: shares that agree with what fits, rise with the workload and fall with the hosts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.models.density import cpu_bound_vms, memory_bound_vms
from planner.models.utilisation import (
    healing_utilisation,
    local_disk_utilisation,
    memory_utilisation,
    port_utilisation_1g,
    port_utilisation_10g,
    rack_utilisation,
    storage_utilisation,
    thread_utilisation,
    vcpu_utilisation,
)

COUNTS = st.integers(1, 200)
SIZES = st.floats(0.1, 100.0)
RATIOS = (
    port_utilisation_1g,
    port_utilisation_10g,
    rack_utilisation,
    thread_utilisation,
)


@given(COUNTS, SIZES, COUNTS, SIZES, st.floats(0.0, 50.0), st.floats(0.5, 4.0))
def test_vms_that_fit_take_no_more_than_all_memory(vms, size, hosts, memory, reserve, ratio):
    one = np.ones(1)
    host = (hosts * one, memory * one, reserve * one, ratio)
    share = float(memory_utilisation(vms * one, size * one, *host))
    fitting = float(memory_bound_vms(*host, size, vm_within_memory=0.0)[0])
    if vms <= fitting:
        assert share <= 1.0 + 1e-9
    if share > 1.0 + 1e-9:
        assert vms > fitting


@given(COUNTS, st.integers(1, 8), COUNTS, st.integers(1, 128), st.floats(0.5, 16.0))
def test_vms_that_fit_take_no_more_than_all_virtual_processors(vms, size, hosts, threads, ratio):
    one = np.ones(1)
    host = (hosts * one, threads * one, 0.0 * one, ratio)
    share = float(vcpu_utilisation(vms * one, size * one, *host))
    if vms <= float(cpu_bound_vms(*host, size, vm_within_threads=0.0)[0]):
        assert share <= 1.0 + 1e-9


def test_groups_and_flavours_add_up():
    counts, sizes = np.array([2.0, 1.0]), np.array([4.0, 8.0])
    hosts, memory = np.array([1.0, 2.0]), np.array([16.0, 8.0])
    assert memory_utilisation(counts, sizes, hosts, memory, np.zeros(2), 1.0) == 0.5
    assert memory_utilisation(counts, sizes, hosts, memory, np.zeros(2), 1.0, 4.0) == 28.0 / 32.0
    assert vcpu_utilisation(counts, sizes, hosts, memory, np.zeros(2), 1.0, 4.0) == 0.8
    assert local_disk_utilisation(8.0, hosts, memory, 0.5) == 0.5


def test_a_reserve_larger_than_the_host_takes_nothing_from_the_others():
    one, memory = np.ones(2), np.array([4.0, 16.0])
    share = memory_utilisation(np.ones(1), np.ones(1) * 8.0, one, memory, 8.0 * one, 1.0)
    assert share == 1.0


@pytest.mark.parametrize("share", RATIOS)
def test_nothing_of_nothing_is_none_and_something_of_nothing_is_infinite(share):
    found = share(np.array([0.0, 3.0, 3.0, np.nan]), np.array([0.0, 0.0, 4.0, 4.0]))
    assert np.array_equal(found, [0.0, np.inf, 0.75, np.nan], equal_nan=True)


@pytest.mark.parametrize("share", [storage_utilisation, healing_utilisation])
def test_columns_are_computed_as_single_values(share):
    need, there = np.array([1.0, 2.0, 0.0]), np.array([4.0, 0.0, 0.0])
    found = share(need, there, 0.5)
    assert list(found) == [float(share(a, b, 0.5)) for a, b in zip(need, there, strict=True)]
    assert list(found) == [0.5, np.inf, 0.0]
