"""Load curves against rows of OpenDC and CloudSim, and what must hold for all of them."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.models.load_curves import (
    FORMULAS,
    asymptotic,
    curve_power,
    fan,
    interpolation,
    linear,
    load_curve,
)

CASES = json.loads((Path(__file__).parent / "reference" / "power-cases.json").read_text())["cases"]
MODELS = [case for case in CASES if case["kind"] == "power_model"]
# CloudSim counts a host at zero load as switched off; here it is idle.
TRAPS = {"cloudsim_zero_idle"}

LEVELS = [58.4, 98, 109, 118, 128, 140, 153, 170, 189, 205, 222]
SHAPES = sorted(set(FORMULAS) - {"interpolate", "constant"})
watts = st.floats(0.0, 1e4)
loads = st.floats(-0.5, 1.5)


def curve_of(inputs):
    """The curve of a reference row, as published."""
    if inputs["model"] == "interpolate":
        return load_curve("interpolate", inputs["levels_w"])
    idle = inputs.get("idle_w", inputs.get("static_fraction", 0.0) * inputs["max_w"])
    options = {}
    if inputs["model"] == "mse":
        options = {"exponent": inputs["r"]}
    if inputs["model"] == "asymptotic":
        options = {"saturation": inputs["a"], "dvfs": inputs["dvfs"], "reach_max": False}
    return load_curve(inputs["model"], idle, inputs["max_w"], **options)


@pytest.mark.parametrize("case", MODELS, ids=lambda case: case["id"])
def test_published_formulas(case):
    power = curve_of(case["inputs"])(case["inputs"]["u"])
    if case["id"] in TRAPS:
        idle = case["inputs"]["static_fraction"] * case["inputs"]["max_w"]
        assert case["expected"] == 0.0
        assert power == idle
    else:
        assert power == pytest.approx(case["expected"], abs=case["tolerance"]["abs"])


def test_every_row_was_taken():
    assert len(MODELS) == 66


def test_asymptotic_reaches_the_maximum_unless_asked_not_to():
    (case,) = [case for case in CASES if case["id"] == "opendc_asym_not_max_at_1"]
    inputs = case["inputs"]
    ends = inputs["idle_w"], inputs["max_w"], inputs["u"], inputs["a"]
    published = asymptotic(*ends, reach_max=False)
    assert published == pytest.approx(case["expected"], abs=case["tolerance"]["abs"])
    assert asymptotic(*ends) == inputs["max_w"]


@pytest.mark.parametrize("name", SHAPES)
@given(idle=watts, dynamic_range=watts, load=loads)
def test_formulas_stay_between_idle_and_maximum_and_reach_both(name, idle, dynamic_range, load):
    power = load_curve(name, idle, idle + dynamic_range)
    rounding = 1e-9 * (idle + dynamic_range)
    assert idle <= power(load) <= idle + dynamic_range + rounding
    assert power(0.0) == idle
    assert power(1.0) == pytest.approx(idle + dynamic_range)


@pytest.mark.parametrize("name", SHAPES)
@given(load=loads)
def test_load_is_clamped(name, load):
    power = load_curve(name, 10.0, 30.0)
    assert power(load) == power(min(max(load, 0.0), 1.0))


@pytest.mark.parametrize("name", SHAPES)
def test_formulas_rise_with_the_load(name):
    assert np.all(np.diff(load_curve(name, 10.0, 30.0)(np.linspace(0, 1, 101))) >= 0)


@pytest.mark.parametrize("name", [*SHAPES, "constant"])
def test_formulas_take_arrays_and_give_unknown_for_unknown(name):
    load = np.array([0.0, 0.3, np.nan, 1.0])
    power = load_curve(name, 10.0, 30.0)(load)
    assert np.isnan(power[2])
    assert [load_curve(name, 10.0, 30.0)(one) for one in load[[0, 1, 3]]] == list(power[[0, 1, 3]])
    assert np.isnan(load_curve(name, 10.0, np.nan)(0.5))


def test_constant_is_the_maximum():
    assert list(load_curve("constant", 20.0, 25.0)([0.0, 1.0])) == [25.0, 25.0]


def test_a_step_to_zero_saturation_is_idle_at_zero_load():
    assert list(asymptotic(200.0, 350.0, [0.0, 1.0], saturation=0.0)) == [200.0, 350.0]


def test_fan_never_passes_the_maximum():
    # 246.8 W of 180 W by the formula without a limit
    assert fan(32.0, 180.0, 0.9, exponent=10.0) == 180.0


def test_two_levels_are_a_straight_line():
    load = np.linspace(0, 1, 21)
    assert interpolation([100.0, 200.0], load) == pytest.approx(linear(100.0, 200.0, load))


@given(st.lists(watts, min_size=11, max_size=11), st.lists(loads, min_size=1, max_size=8))
def test_curve_agrees_with_numpy(levels, load):
    expected = np.interp(load, np.arange(11) / 10, levels)
    assert curve_power(levels, load) == pytest.approx(expected, abs=1e-9, rel=1e-9)


def test_axes_after_the_levels_are_carried_along():
    machines = np.outer(LEVELS, [1.0, 2.0, 3.0])
    load = np.array([[0.0], [0.55]])
    power = curve_power(machines, load)
    assert power.shape == (2, 3)
    assert power[1] == pytest.approx(146.5 * np.array([1.0, 2.0, 3.0]))
    assert curve_power(machines, 0.1).shape == (3,)
    assert curve_power(machines[:, :, np.newaxis], np.zeros(4)).shape == (3, 4)


def test_an_unknown_level_spoils_only_what_needs_it():
    levels = np.array(LEVELS)
    levels[6] = np.nan
    power = curve_power(levels, [0.5, 0.55, 0.6, 0.65, 0.7])
    assert list(np.isnan(power)) == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: curve_power([1.0, 2.0], 0.5), r"shape \(2,\); its first axis must hold the 11"),
        (lambda: curve_power(5.0, 0.5), r"shape \(\)"),
        (lambda: interpolation([1.0], 0.5), "two load levels or more"),
        (lambda: linear(-1.0, 5.0, 0.5), "must not be negative, got -1.0 and 5.0 W"),
        (lambda: linear(1.0, -5.0, 0.5), "must not be negative, got 1.0 and -5.0 W"),
        (lambda: fan(1.0, 5.0, 0.5, exponent=0.0), "exponent must be positive, got 0.0"),
        (lambda: asymptotic(1.0, 5.0, 0.5, saturation=-0.1), "saturation must not be negative"),
        (lambda: load_curve("liner", 1.0, 5.0), "no load curve 'liner'; did you mean 'linear'?"),
        (lambda: load_curve("x", 1.0, 5.0), "valid: constant, linear, square"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
