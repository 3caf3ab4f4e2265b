"""Power and heat of a design, against recorded rows and the order idle, mean, peak."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.node import node_load_curve
from planner.models.power import (
    equipment_mean_power,
    equipment_utilisation,
    heat,
    idle_energy_share,
    idle_power,
    marginal_power_per_vm,
    mean_power,
    peak_apparent_power,
    peak_power,
    power_per_vm,
)
from planner.units import convert

REFERENCE = Path(__file__).parent.parent / "reference"
CASES = json.loads((REFERENCE / "power-cases.json").read_text())["cases"]
BY_ID = {case["id"]: case for case in CASES}
ROUNDING = 1e-12
quick = settings(max_examples=60, deadline=None)


def test_old_rack():
    case = BY_ID["rack_5x300"]
    nodes = np.array(case["inputs"]["nodes"], dtype=float)
    assert peak_power(np.ones(len(nodes)), nodes) == case["expected"]
    assert peak_power(np.array([len(nodes)]), nodes[:1]) == case["expected"]


def test_heat_of_a_kilowatt():
    case = BY_ID["btu_ton"]
    found = heat(case["inputs"]["kw"] * 1000.0)
    assert found == pytest.approx(case["expected"]["btu_h"], rel=case["tolerance"]["rel"])


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["kind"] == "energy_cost"], ids=lambda case: case["id"]
)
def test_heat(case):
    expected = case["expected"]["btu_per_h"]
    assert heat(case["inputs"]["watts"]) == pytest.approx(expected, rel=case["tolerance"]["rel"])


def test_heat_is_the_conversion_of_the_units():
    # The constant is written with ten digits.
    assert heat(1.0) == pytest.approx(convert(1.0, "W", "BTU/h"), rel=1e-9)


@st.composite
def equipment(draw):
    """Counts, idle and peak power of some groups, and a load shape that rises."""
    groups = draw(st.integers(1, 4))
    count = draw(st.lists(st.integers(0, 40), min_size=groups, max_size=groups))
    idle = draw(st.lists(st.floats(0.0, 500.0), min_size=groups, max_size=groups))
    rise = draw(st.lists(st.floats(0.0, 500.0), min_size=groups, max_size=groups))
    steps = draw(st.lists(st.floats(0.01, 1.0), min_size=10, max_size=10))
    shape = np.concatenate([[0.0], np.cumsum(steps) / np.sum(steps)])
    return np.array(count, dtype=float), np.array(idle), np.array(idle) + rise, shape


loads = st.floats(0.0, 1.0)


@quick
@given(equipment(), loads)
def test_idle_mean_and_peak_are_in_order(found, load):
    count, idle, peak, shape = found
    curve = node_load_curve(idle, peak, shape[:, None])
    at_load = mean_power(count, equipment_mean_power(curve, np.full(len(count), load)))
    slack = ROUNDING * peak_power(count, peak)
    assert idle_power(count, idle) - slack <= at_load <= peak_power(count, peak) + slack


@quick
@given(equipment(), loads, loads)
def test_more_load_never_takes_less_power(found, one, other):
    count, idle, peak, shape = found
    curve = node_load_curve(idle, peak, shape[:, None])
    low, high = (
        mean_power(count, equipment_mean_power(curve, np.full(len(count), load)))
        for load in sorted((one, other))
    )
    assert low <= high * (1 + ROUNDING)


@quick
@given(equipment())
def test_the_ends_of_the_curve_are_idle_and_peak(found):
    count, idle, peak, shape = found
    curve = node_load_curve(idle, peak, shape[:, None])
    rest, full = (equipment_mean_power(curve, np.full(len(count), load)) for load in (0.0, 1.0))
    np.testing.assert_array_equal(rest, idle)
    np.testing.assert_allclose(full, peak, rtol=ROUNDING)


@quick
@given(equipment(), st.data())
def test_the_order_of_the_groups_does_not_matter(found, data):
    count, _, peak, _ = found
    order = data.draw(st.permutations(range(len(count))))
    total = peak_power(count, peak)
    assert peak_power(count[order], peak[order]) == pytest.approx(total, rel=ROUNDING)
    assert total == pytest.approx(sum(n * p for n, p in zip(count, peak, strict=True)), rel=1e-9)


@quick
@given(equipment(), st.floats(0.3, 1.0))
def test_apparent_power_is_never_less_than_power(found, factor):
    count, _, peak, _ = found
    factors = np.full(len(count), factor)
    apparent = peak_apparent_power(count, peak, factors)
    assert apparent >= peak_power(count, peak) * (1 - ROUNDING)
    assert apparent * factor == pytest.approx(peak_power(count, peak), rel=ROUNDING)


def test_load_comes_from_the_vms_where_there_are_any():
    runs = np.array([1.0, 0.0, 1.0])
    stated = np.array([0.9, 0.2, np.nan])
    np.testing.assert_array_equal(equipment_utilisation(runs, 0.3, stated), [0.3, 0.2, 0.3])


@quick
@given(st.floats(0.1, 1e5), st.integers(1, 1000))
def test_the_vms_share_the_power(power, vms):
    assert power_per_vm(power, vms) * vms == pytest.approx(power, rel=ROUNDING)


@quick
@given(st.floats(0.0, 1e4), st.floats(0.1, 1e4), st.integers(1, 1000))
def test_idle_and_marginal_power_make_up_the_mean(idle, rise, vms):
    mean = idle + rise
    marginal = marginal_power_per_vm(mean, idle, vms)
    assert idle + marginal * vms == pytest.approx(mean, rel=1e-9)
    assert 0.0 <= idle_energy_share(idle, mean) <= 1.0
    assert marginal <= power_per_vm(mean, vms) * (1 + ROUNDING)


def test_the_losses_of_a_ups_in_the_room_are_heat_too():
    assert heat(1000.0, 100.0) == pytest.approx(heat(1100.0), rel=ROUNDING)
