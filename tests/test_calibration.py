"""Calibration of load curves, against the published tables and servers that were measured."""

import dataclasses
import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.calibration import (
    CalibrationWarning,
    LoadCurve,
    Reading,
    calibrate,
    load_shares,
    next_measurement,
)
from planner.calibration.meter_error import error_function
from planner.calibration.shape_prior import shipped_prior

CASES = json.loads((Path(__file__).parent / "reference" / "power-cases.json").read_text())["cases"]
LEVELS = np.arange(11) / 10
MEASURED = np.array(
    [case["expected"] for case in CASES if case["kind"] == "curve"]
    + [next(c["inputs"]["levels_w"] for c in CASES if c["id"] == "interp_x3550_X5675_0")]
)
NODE = [(0.0, 10.0, 0.7), (1.0, 30.0, 1.0)]


def quiet(*args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CalibrationWarning)
        return calibrate(*args, **options)


def servers(count, seed=1):
    """Synthetic servers: curves drawn from the shipped prior that do not fall, 50 to 500 W."""
    prior, random = shipped_prior(), np.random.default_rng(seed)
    found = []
    while len(found) < count:
        share = np.clip(random.normal(prior.idle_share, prior.idle_share_sd), 0.12, 0.7)
        shape = random.multivariate_normal(prior.mean_at(share), prior.covariance, method="eigh")
        if np.all(np.diff(shape) > 0):
            found.append(random.uniform(50, 500) * (share + (1 - share) * shape))
    return np.array(found)


def score(curves, loads, noise=(0.0, 0.0), seed=2, **options):
    """Mean absolute percentage error from 10 to 90 %, and how often the 90 % band holds it."""
    random = np.random.default_rng(seed)
    errors, held = [], []
    for curve in curves:
        true = np.interp(loads, LEVELS, curve)
        read = true + random.standard_normal(len(true)) * (noise[0] * true + noise[1])
        fitted = quiet(list(zip(loads, read, strict=True)), **options)
        inner = curve[1:10]
        low, high = fitted.interval(LEVELS[1:10])
        errors.append(np.abs(fitted.power(LEVELS[1:10]) / inner - 1))
        held.append((low <= inner) & (inner <= high))
    return 100 * np.mean(errors), np.mean(held)


@pytest.mark.parametrize(
    ("readings", "means", "reaches"),
    [
        (NODE, (10.0, 14.9, 19.4, 25.3, 30.0), (1.2, 2.5, 3.3, 2.8, 1.6)),
        ([*NODE, (0.5, 18.0, 0.7)], (9.9, 14.1, 18.2, 24.3, 29.8), (1.1, 1.7, 1.1, 1.7, 1.6)),
    ],
)
def test_the_node(readings, means, reaches):
    # Published for the same prior without its idle share; two samples of the same servers differ
    # by 0.3 W, which is also how closely they are to be compared.
    curve = calibrate(readings)
    loads = [0.0, 0.2, 0.5, 0.8, 1.0]
    assert curve.power(loads) == pytest.approx(means, abs=0.3)
    assert 1.645 * curve.sd(loads) == pytest.approx(reaches, abs=0.3)


def test_the_node_over_a_year():
    mean, sd = calibrate(NODE).mean_power((2.0, 5.0))
    assert mean == pytest.approx(16.1, abs=0.3)
    assert sd == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("readings", [NODE, [(0, 10), (1, 30)]])
def test_the_node_at_half_load(readings):
    low, high = calibrate(readings).interval(0.5)
    assert (round(float(low)), round(float(high))) == (16, 23)


def test_never_above_30_watts():
    curve = calibrate([Reading(0, 10), Reading(1, 30, bound="upper")])
    low, high = curve.interval([0.5, 1.0])
    assert (round(float(low[0])), round(float(high[0]))) == (16, 23)
    assert curve.power(1.0) <= 30.001
    assert curve.notes == (
        "the power at 100% load is taken to reach its upper bound of 30 W; it may lie below",
    )


def test_the_published_node_from_its_load_average():
    (case,) = [case for case in CASES if case["id"] == "blog_node"]
    inputs, expected = case["inputs"], case["expected"]
    threads = inputs["hw_threads"]
    loads = [min(1.0, point["load_avg"] / threads) for point in inputs["points"]]
    assert loads[1] == expected["u_at_load6"]
    curve = calibrate(
        [(load, point["watts"]) for load, point in zip(loads, inputs["points"], strict=True)]
    )
    # an exact reading is met to 1e-4 of the range between idle and maximum
    assert curve.power(0.0) == pytest.approx(expected["idle_w"], abs=1e-3)
    assert curve.power(1.0) == pytest.approx(expected["max_w"], abs=1e-3)
    assert curve.power(0.0) / curve.power(1.0) == pytest.approx(expected["dynamic_range"], 1e-4)


PACKAGES = [case for case in CASES if case["id"].startswith("boavizta_fit_")]


@pytest.mark.parametrize("case", PACKAGES, ids=lambda case: case["id"])
def test_processor_packages(case):
    # Processor power, not that of a server at the wall: scope rapl selects the prior for it.
    points = case["inputs"]["points_percent_w"]
    curve = quiet([Reading(load / 100, watts, scope="rapl") for load, watts in points])
    for load, watts in case["expected"]:
        assert curve.power(load / 100) == pytest.approx(watts, rel=case["tolerance"]["rel"])


def test_every_calibration_row_was_taken():
    rows = [case["id"] for case in CASES if case["kind"] == "calibrate"]
    assert sorted([case["id"] for case in PACKAGES] + ["blog_node"]) == sorted(rows)


@pytest.mark.parametrize(
    ("loads", "limit"), [([0, 1], 8.0), ([0, 0.5, 1], 3.0), ([0, 0.2, 0.5, 1], 1.4)]
)
def test_measured_servers(loads, limit):
    # Six results only: the limits are those for 162 systems, and this few scatter around them.
    error, _ = score(MEASURED, loads)
    assert error < 1.5 * limit


# Servers drawn from the prior scatter a little more than real ones, of which 63 gave 7.3, 2.5 and
# 1.3 %. The band must hold 90 % of the levels that were not read, and all that were.
@pytest.mark.parametrize(
    ("loads", "limit", "shares"),
    [
        ([0, 1], 9.0, (0.87, 0.93)),
        ([0, 0.5, 1], 3.8, (0.88, 0.95)),
        ([0, 0.2, 0.5, 1], 1.8, (0.90, 0.97)),
    ],
)
def test_servers_like_the_prior(loads, limit, shares):
    error, held = score(servers(200), loads)
    assert error < limit
    assert shares[0] < held < shares[1]


@pytest.mark.parametrize("loads", [[0, 1], [0, 0.5, 1], [0, 0.2, 0.5, 1], [0.2, 0.7]])
@pytest.mark.parametrize("noise", [(0.01, 0.2), (0.05, 1.0)])
def test_noisy_meters(loads, noise):
    _, held = score(servers(200), loads, noise, meter_error=noise)
    assert 0.86 < held < 0.95


def test_without_either_end():
    error, held = score(servers(200), [0.2, 0.7])
    # with vague ends, 162 held-out systems gave 2.8 %, and the band held 0.825 only
    assert error < 2.8
    assert 0.86 < held < 0.97


def test_a_common_error_is_not_in_the_shape():
    plain = calibrate(NODE)
    with_meter = calibrate(NODE, common_error="5 %")
    assert np.array_equal(plain.mean, with_meter.mean)
    variance = plain.sd(LEVELS) ** 2 + (0.05 * plain.power(LEVELS)) ** 2
    assert with_meter.sd(LEVELS) == pytest.approx(np.sqrt(variance))


def test_a_common_error_does_not_average_out():
    many = [(load, watts, 1.0) for load, watts in [(0.0, 100.0), (1.0, 200.0)] * 200]
    curve = calibrate(many, common_error="5 %")
    assert calibrate(many).sd(1.0) < 0.1
    assert curve.sd(1.0) == pytest.approx(10.0, abs=0.01)


def test_independent_errors_average_out():
    one, four = calibrate([(0, 100, 4), (1, 200, 4)]), calibrate([(0, 100, 4), (1, 200, 4)] * 4)
    assert four.sd(1.0) == pytest.approx(one.sd(1.0) / 2, rel=0.02)


# Published for the node with its two readings and a meter of 0.7 W; the goals are given there as
# the trace of the nine inner levels and as the sd of the mean power.
TRACE = (18.5, 13.9, 10.7, 8.7, 7.9, 8.2, 9.2, 11.7, 17.8)
ENERGY = (0.97, 0.71, 0.61, 0.66, 0.79, 0.93, 1.05, 1.19, 1.38)


def test_next_measurement_of_the_node():
    node = calibrate(NODE)
    curve = next_measurement(node, "curve", meter_error=0.7)
    assert curve.load == 0.5
    assert 9 * curve.expected_sd[1:10] ** 2 == pytest.approx(TRACE, abs=0.15)
    assert 9 * curve.present_sd**2 == pytest.approx(27.0, abs=0.15)
    energy = next_measurement(node, "energy", (2.0, 5.0), meter_error=0.7)
    assert energy.load == 0.3
    assert energy.expected_sd[1:10] == pytest.approx(ENERGY, abs=0.01)
    assert energy.present_sd == pytest.approx(1.51, abs=0.01)
    assert next_measurement(node, "peak", meter_error=0.7).load == 1.0


def test_the_second_best_place_is_20_percent():
    node = calibrate([*NODE, (0.5, 18.0, 0.7)])
    assert next_measurement(node, "energy", meter_error=0.7).load == 0.2


def test_advice_is_what_a_reading_then_brings():
    node = calibrate(NODE)
    advice = next_measurement(node, "curve", meter_error=0.7, candidates=[0.35, 0.7])
    read = calibrate([*NODE, (0.35, float(node.power(0.35)), 0.7)])
    sd = np.sqrt(np.mean(read.sd(LEVELS[1:10]) ** 2))
    assert advice.expected_sd[0] == pytest.approx(sd, rel=0.01)


def test_load_shares_of_a_beta_distribution():
    # mean and variance of beta(2, 5) are 2/7 and 0.0255; bins of 10 % add 1/1200 to the variance
    shares = load_shares((2.0, 5.0))
    assert shares.sum() == pytest.approx(1.0)
    assert shares @ LEVELS == pytest.approx(2 / 7, abs=2e-3)
    assert shares @ LEVELS**2 - (shares @ LEVELS) ** 2 == pytest.approx(0.0263, abs=5e-4)
    assert load_shares(np.eye(11)[3] * 7) == pytest.approx(np.eye(11)[3])


readings = st.lists(
    st.tuples(st.floats(0, 1), st.floats(1, 1000), st.floats(0, 100)), min_size=1, max_size=14
)


@settings(deadline=None)
@given(readings)
def test_any_readings_give_a_finite_curve(items):
    curve = quiet(items)
    low, high = curve.interval(np.linspace(0, 1, 41))
    middle = curve.power(np.linspace(0, 1, 41))
    assert np.all(np.isfinite(curve.mean))
    assert np.all(np.isfinite(curve.covariance))
    assert np.all((low <= middle) & (middle <= high))
    assert np.linalg.eigvalsh(curve.covariance).min() > -1e-9 * max(w for _, w, _ in items) ** 2


@settings(deadline=None)
@given(st.floats(1, 100), st.floats(1, 400), st.floats(0.05, 0.95), st.floats(0.1, 100))
def test_another_unit_of_power_gives_the_same_curve(idle, dynamic_range, load, scale):
    items = np.array(
        [(0, idle, 1), (load, idle + dynamic_range / 2, 1), (1, idle + dynamic_range, 1)]
    )
    scaled = quiet(items * [1, scale, scale])
    assert scaled.mean == pytest.approx(scale * quiet(items).mean, rel=1e-6)


def test_the_order_of_readings_does_not_matter():
    items = [(0.0, 50.0, 1.0), (0.4, 80.0, 2.0), (1.0, 120.0, 1.0)]
    assert calibrate(items[::-1]).mean == pytest.approx(calibrate(items).mean)


def test_more_readings_than_levels_are_reduced_without_loss():
    random = np.random.default_rng(3)
    items = [(load, 100 + 100 * load, 5.0) for load in np.linspace(0, 1, 12)]
    twice = [(load, watts, 5.0 * np.sqrt(2)) for load, watts, _ in items for _ in range(2)]
    random.shuffle(twice)
    assert calibrate(twice).mean == pytest.approx(calibrate(items).mean)
    assert calibrate(twice).covariance == pytest.approx(calibrate(items).covariance, abs=1e-9)


def test_loads_as_scalar_and_array_agree():
    curve = calibrate(NODE)
    for ask in (curve.power, curve.sd, lambda load: curve.interval(load)[1]):
        assert [ask(load) for load in (0.0, 0.37, 1.0)] == list(ask([0.0, 0.37, 1.0]))
    assert curve.power([[0.1, 0.2]]).shape == (1, 2)
    assert curve.power([-1.0, 2.0]) == pytest.approx(curve.power([0.0, 1.0]))
    assert list(curve.levels) == list(LEVELS)


def test_a_wider_confidence_is_wider():
    curve = calibrate(NODE)
    narrow, wide = curve.interval(0.5, 0.5), curve.interval(0.5, 0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    # half-width of the normal distribution
    assert wide[1] - wide[0] == pytest.approx(2 * 2.5758 * curve.sd(0.5), rel=1e-3)


def test_limits_that_do_not_bind_cut_the_band():
    free = quiet([(0, 10)])
    capped = quiet([Reading(0, 10), Reading(1, 60, bound="upper"), Reading(0.7, 12, bound="lower")])
    assert np.array_equal(free.mean, capped.mean)
    assert free.interval(1.0)[1] > 60 >= capped.interval(1.0)[1]
    assert capped.interval(0.5)[0] < 12 <= capped.interval(0.8)[0]


def test_bounds_on_both_sides():
    low = quiet([Reading(0, 10), Reading(1, 50, bound="lower")])
    assert low.power(1.0) == pytest.approx(50, abs=0.01)
    assert low.notes[0].endswith("lower bound of 50 W; it may lie above")
    both = quiet([Reading(0, 10), Reading(1, 30, bound="upper"), Reading(0.5, 15, bound="upper")])
    assert both.power(0.5) == pytest.approx(15, abs=0.05)
    assert both.power(1.0) < 30
    assert len(both.notes) == 1


def test_the_years_of_a_machine_may_narrow_its_idle_share():
    # systems of 2011 to 2014: the maximum is 37 W at 10 W idle, 16 to 47 W
    prior = dataclasses.replace(shipped_prior(), idle_share=0.27, idle_share_sd=0.066)
    curve = quiet([(0, 10)], prior=prior)
    assert curve.power(1.0) == pytest.approx(37.0, abs=0.1)
    assert curve.sd(1.0) == pytest.approx(9.0, abs=0.1)


@pytest.mark.parametrize(
    ("items", "basis"),
    [
        ([(0, 10)], "look-alike"),
        ([(0, 10), (1, 30)], "calibrated"),
        ([(0.2, 10), (0.7, 30)], "calibrated"),
        ([(0, 10), (0.5, 20), (1, 30)], "measured"),
    ],
)
def test_basis(items, basis):
    assert quiet(items).basis == basis


def test_samples_have_the_distribution_of_the_curve():
    curve = calibrate(NODE)
    drawn = curve.samples(20_000, seed=5)
    assert drawn.shape == (11, 20_000)
    assert np.all(np.diff(drawn, axis=0) >= 0)
    # four standard errors of mean and sd, and 0.1 W for the falling draws that are lifted
    assert drawn.mean(axis=1) == pytest.approx(curve.mean, abs=0.15)
    assert drawn.std(axis=1) == pytest.approx(curve.sd(LEVELS), abs=0.1)
    assert np.array_equal(drawn, curve.samples(20_000, seed=5))


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([(0, 100), (1, 90)], "the idle power of 100 W is above the maximum of 90 W"),
        (
            [(0, 50), (0.3, 120), (0.6, 110), (1, 200)],
            "the power falls with the load: 120 W at 30%, 110 W at 60%; check these readings",
        ),
        ([(0, 10), (0.5, 30), (1, 30)], "the curve falls between 80% and 90% load"),
        ([(0.3, 10), (1, 30)], "nothing is read below 30% load"),
        ([(0.6, 25), (0.9, 270)], "the curve would be below 0 W at 0% load"),
        ([(0, 10), (0.5, 20)], "nothing is read above 50% load"),
        (
            [Reading(0, 10), Reading(1, 32), Reading(1, 30, bound="upper")],
            "the readings contradict the bound of 30 W at 100% load by 1 W",
        ),
    ],
)
def test_warnings(items, message):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        curve = calibrate(items)
    assert all(one.category is CalibrationWarning for one in caught)
    assert curve.warnings == tuple(str(one.message) for one in caught)
    assert any(message in text for text in curve.warnings)
    assert curve.mean.min() >= 0


def test_a_fall_within_the_error_is_no_fall():
    assert calibrate([(0, 50, 1), (0.3, 82, 5), (0.35, 80, 5), (1, 150, 1)]).warnings == ()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calibrate([]), "there is no reading"),
        (lambda: calibrate([Reading(1, 30, bound="upper")]), "at least one reading that is not a"),
        (lambda: calibrate([(0, 1, 2, 3)]), r"a reading is \(load, watts\) or"),
        (
            lambda: calibrate([Reading(0, 10), Reading(1, 30, scope="rapl")]),
            r"several scopes \(rapl, wall\) are different quantities",
        ),
        (lambda: Reading(50, 10), "load must be within 0 .. 1, got 50; 50 % is 0.5"),
        (lambda: Reading(float("nan"), 10), "load must be within"),
        (lambda: Reading(0, 0), "a reading must be above 0 W and finite, got 0"),
        (lambda: Reading(0, float("nan")), "got nan"),
        (lambda: Reading(0, float("inf")), "got inf"),
        (lambda: Reading(0, 1, sd=-1), "deviation must be at least 0 W, got -1"),
        (lambda: Reading(0, 1, bound="max"), "bound must be 'upper' or 'lower', got 'max'"),
        (lambda: Reading(0, 1, scope="psu"), "scope must be one of .*, got 'psu'"),
        (lambda: calibrate(NODE).interval(0.5, 1.0), "confidence must be between 0 and 1, got 1"),
        (lambda: next_measurement(calibrate(NODE), "cost"), "goal must be one of .*, got 'cost'"),
        (lambda: load_shares((1.0, -1.0)), r"both above zero, or 11 shares .*got \(1.0, -1.0\)"),
        (lambda: load_shares([0.0] * 11), "11 shares of at least zero"),
        (lambda: error_function("5"), "cannot read the meter error '5'"),
        (lambda: error_function(-1.0), "must be zero or more, got -1.0"),
        (lambda: error_function((0.1, float("nan"))), "must be zero or more"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (0.7, 0.7),
        ((0.05, 1.0), 11.0),
        ("5 % + 1 W", 11.0),
        ("1 W", 1.0),
        ("5%", 10.0),
        ("max(1 W, 5 %)", 10.0),
        ("max(20 W, 5 %)", 20.0),
        (lambda watts: watts / 100, 2.0),
    ],
)
def test_meter_errors(error, expected):
    assert error_function(error)(np.array([200.0])) == pytest.approx(expected)


def test_the_shipped_prior_is_the_published_one():
    prior = shipped_prior()
    assert prior.attribution == (
        "derived from SPECpower_ssj2008 results published by SPEC (spec.org)"
    )
    assert prior.mean[[0, 5, 10]] == pytest.approx([0.0, 0.47119, 1.0])
    # "1.7 % of draws from the prior are not monotone"
    drawn = np.random.default_rng(4).multivariate_normal(
        prior.mean, prior.covariance, 20_000, method="eigh"
    )
    assert np.mean(np.any(np.diff(drawn, axis=1) < 0, axis=1)) == pytest.approx(0.017, abs=0.004)


# "O = {50 %} gives G at 10 .. 90 % and sd of g", both ends exact, as published
GAINS = (0.366, 0.570, 0.734, 0.881, 0.986, 0.897, 0.683, 0.329)
SPREAD = (0.0561, 0.0463, 0.0342, 0.0213, 0.0217, 0.0328, 0.0410, 0.0366)


def test_exact_ends_and_one_reading_between_in_closed_form():
    unread = LEVELS[[1, 2, 3, 4, 6, 7, 8, 9]]
    idle, top = 1000.0, 2000.0
    low, high = (calibrate([(0, idle), (0.5, half), (1, top)]) for half in (1470.0, 1480.0))
    gains = (high.power(unread) - low.power(unread)) / 10.0
    assert gains == pytest.approx(GAINS, abs=0.002)
    assert low.sd(unread) / (top - idle) == pytest.approx(SPREAD, abs=0.0003)


def test_a_curve_by_hand():
    # the hat of one level: half way between two of variance 4 that share 2, the variance is 3
    covariance = np.full((11, 11), 2.0) + 2.0 * np.eye(11)
    curve = LoadCurve(np.linspace(10.0, 30.0, 11), covariance)
    assert curve.power(0.25) == pytest.approx(15.0)
    assert curve.sd(0.25) == pytest.approx(np.sqrt(3.0))
    assert curve.sd([0.0, 1.0]) == pytest.approx(2.0)
