"""A node from its parts; every expectation is worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.node import (
    node_apparent_power,
    node_cores,
    node_curve_deviation,
    node_disk,
    node_idle_power,
    node_load_curve,
    node_memory,
    node_peak_power,
    node_price,
    node_threads,
    nodes_on_circuit,
)

quick = settings(max_examples=60, deadline=None)
parts = st.lists(st.tuples(st.integers(0, 12), st.floats(0.0, 1e4)), min_size=1, max_size=6)


@pytest.mark.parametrize("total", [node_price, node_memory, node_disk])
@quick
@given(parts)
def test_totals_add_up_over_the_parts(total, parts):
    count, each = np.array(parts, dtype=float).T
    by_hand = sum(number * one for number, one in parts)
    assert total(count, each) == pytest.approx(by_hand, rel=1e-12)
    # No part more or less than it says.
    more = count.copy()
    more[0] += 1
    assert total(more, each) - total(count, each) == pytest.approx(each[0], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("total", [node_price, node_memory, node_disk])
def test_a_node_without_such_parts_has_none(total):
    assert total(np.zeros((0, 1)), np.zeros((0, 1))) == 0.0


def test_a_price_that_is_not_known_leaves_the_total_unknown():
    assert np.isnan(node_price(np.array([1.0, 2.0]), np.array([140.0, np.nan])))


@pytest.mark.parametrize("total", [node_idle_power, node_peak_power])
@quick
@given(st.floats(1.0, 500.0), parts)
def test_parts_that_a_reading_leaves_out_come_on_top(total, base, parts):
    count, each = np.array(parts, dtype=float).T
    found = total(base, count, each)
    assert found >= base
    assert found - base == pytest.approx(np.sum(count * each), rel=1e-9, abs=1e-9)
    assert total(base, np.zeros((0,)), np.zeros((0,))) == base


@quick
@given(st.floats(1.0, 300.0), st.floats(0.0, 300.0))
def test_the_curve_starts_at_idle_and_ends_at_peak(idle, rise):
    shape = np.linspace(0.0, 1.0, 11) ** 0.7
    curve = node_load_curve(idle, idle + rise, shape)
    assert curve[0] == idle
    assert curve[-1] == pytest.approx(idle + rise, rel=1e-15)
    assert np.all(np.diff(curve) >= 0.0)


def test_a_curve_for_each_sample():
    curve = node_load_curve(
        np.array([10.0, 12.0]), np.array([30.0, 12.0]), np.linspace(0, 1, 11)[:, None]
    )
    assert curve.shape == (11, 2)
    np.testing.assert_allclose(curve[5], [20.0, 12.0])


def test_two_sockets():
    assert node_cores(2.0, 8.0) == 16.0
    assert node_threads(2.0, 16.0) == 32.0


@quick
@given(st.floats(5.0, 500.0), st.floats(0.3, 1.0), st.floats(100.0, 1e4))
def test_a_circuit_carries_whole_nodes(peak, factor, capacity):
    each = node_apparent_power(peak, factor)
    assert each >= peak
    count = nodes_on_circuit(capacity, each)
    assert count == int(count)
    assert count * each <= capacity * (1 + 1e-12)
    assert (count + 1) * each > capacity * (1 - 1e-12)


@quick
@given(st.floats(1.0, 100.0), st.floats(0.0, 300.0), st.floats(-3.0, 3.0))
def test_a_deviation_moves_the_curve_by_the_rise_of_the_node(idle, rise, score):
    deviation = np.concatenate([[0.0], np.full(9, 0.05), [0.0]])
    moved = node_curve_deviation(idle, idle + rise, deviation, score)
    shape = np.linspace(0.0, 1.0, 11)
    plain = node_load_curve(idle, idle + rise, shape)
    with_it = node_load_curve(idle, idle + rise, shape, moved)
    np.testing.assert_allclose(with_it - plain, rise * score * deviation, atol=1e-9)
    assert with_it[0] == plain[0]
