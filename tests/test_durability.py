"""Durability models, each against its own reference."""

import json
from decimal import Decimal, getcontext
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.durability import (
    model_spread,
    nines,
    objects_lost_per_year,
    pool_loss_probability,
    read_error_probability,
)
from planner.models.markov import (
    chain_loss_probability,
    mean_time_to_data_loss,
    rate_from_probability,
)
from planner.models.published_durability import backblaze_loss, ceph_tools_pool, ceph_tools_raid

quick = settings(max_examples=60, deadline=None)
CASES = json.loads((Path(__file__).parent / "reference" / "storage-cases.json").read_text())[
    "cases"
]
YEAR = 8766.0
# The reference rows carry full double precision (40-digit arithmetic); nothing here may lose more
# than rounding, far below the 1e-6 that the rows ask for.
TIGHT = 1e-12


def rows(kind):
    found = [case for case in CASES if case["kind"] == kind]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda case: case["id"])


def chain_arguments(inputs):
    shares = inputs["N"]
    return (
        shares,
        shares - inputs["m"],
        inputs["afr_rate_per_year"],
        inputs["mttr_h"],
        inputs["repair"] == "parallel",
    )


@rows("durability_markov")
def test_markov_rows(case):
    inputs, expected = case["inputs"], case["expected"]
    mean = mean_time_to_data_loss(*chain_arguments(inputs), inputs["year_h"])
    assert mean == pytest.approx(expected["mttdl_h"], rel=TIGHT)
    assert mean / inputs["year_h"] == pytest.approx(expected["mttdl_years"], rel=TIGHT)
    loss = chain_loss_probability(*chain_arguments(inputs), inputs["year_h"], inputs["year_h"])
    assert loss == pytest.approx(expected["p_loss_1y_exact_chain"], rel=TIGHT)
    exponential = -np.expm1(-inputs["year_h"] / mean)
    # rel: the file's own; exp(-t/MTTDL) of it has the precision of the mean.
    assert exponential == pytest.approx(
        expected["p_loss_1y_exp_approx"], rel=case["tolerance"]["p_rel"]
    )


def test_markov_rows_as_one_array():
    found = [case for case in CASES if case["kind"] == "durability_markov"]
    arguments = [chain_arguments(case["inputs"]) for case in found]
    columns = [np.array(column) for column in zip(*arguments, strict=True)]
    expected = [case["expected"]["p_loss_1y_exact_chain"] for case in found]
    np.testing.assert_allclose(chain_loss_probability(*columns), expected, rtol=TIGHT)
    expected = [case["expected"]["mttdl_h"] for case in found]
    np.testing.assert_allclose(mean_time_to_data_loss(*columns), expected, rtol=TIGHT)


def decimal_loss(shares, data, rate, repair, parallel, hours):
    """The same chain by a plain Taylor series and squaring in 60-digit arithmetic."""
    getcontext().prec = 60
    failed = range(shares - data + 2)
    size = len(failed)
    per_hour, restore = Decimal(rate) / Decimal(YEAR), 1 / Decimal(repair)
    rates = [[Decimal(0)] * size for _ in failed]
    for i in failed[:-1]:
        rates[i][i + 1] = (shares - i) * per_hour
        if i:
            rates[i][i - 1] = restore * (i if parallel else 1)
        rates[i][i] = -sum(rates[i])
    halvings = 40
    step = [[entry * Decimal(hours) / 2**halvings for entry in row] for row in rates]

    def product(a, b):
        return [
            [sum((a[i][k] * b[k][j] for k in failed), Decimal(0)) for j in failed] for i in failed
        ]

    result = [[Decimal(i == j) for j in failed] for i in failed]
    term = result
    for order in range(1, 16):
        term = [[entry / order for entry in row] for row in product(term, step)]
        result = [
            [a + b for a, b in zip(*both, strict=True)] for both in zip(result, term, strict=True)
        ]
    for _ in range(halvings):
        result = product(result, result)
    return float(result[0][-1])


@pytest.mark.parametrize(
    "shares, data, rate, repair, parallel, hours",
    [
        (3, 1, 0.01, 0.5, False, 24.0),
        (6, 2, 0.001, 1.0, True, YEAR),
        (11, 8, 0.5, 720.0, True, 50 * YEAR),
        (20, 17, 0.004, 156.0, False, 10 * YEAR),
        (2, 1, 12.0, 400.0, False, 0.001),
        (5, 5, 0.02, 10.0, False, YEAR),
    ],
)
def test_loss_keeps_its_digits_far_from_the_rows(shares, data, rate, repair, parallel, hours):
    expected = decimal_loss(shares, data, rate, repair, parallel, hours)
    ours = chain_loss_probability(shares, data, rate, repair, parallel, hours)
    assert ours == pytest.approx(expected, rel=TIGHT)


sets = st.integers(1, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))
rates = st.floats(1e-3, 1.0)
repairs = st.floats(0.5, 500.0)


@quick
@given(sets, rates, repairs, st.booleans())
def test_loss_rises_with_rate_repair_time_and_period(units, rate, repair, parallel):
    loss = chain_loss_probability(*units, rate, repair, parallel)
    assert 0 < loss <= 1
    more = chain_loss_probability(*units, [rate * 1.2, rate], [repair, repair * 1.2], parallel)
    assert np.all(more >= loss * (1 - 1e-12))
    assert chain_loss_probability(*units, rate, repair, parallel, 2 * YEAR) > loss * (1 - 1e-12)
    # A chain that starts healthy has a rising failure rate: below its mean time it is lost less
    # often than at a constant rate (Barlow and Proschan); beyond the mean that need not be so.
    mean = mean_time_to_data_loss(*units, rate, repair, parallel)
    if mean > YEAR:
        assert loss <= -np.expm1(-YEAR / mean) * (1 + 1e-12)


@quick
@given(sets, rates, repairs)
def test_parallel_repair_is_never_worse(units, rate, repair):
    serial, parallel = chain_loss_probability(*units, rate, repair, [False, True])
    assert parallel <= serial * (1 + 1e-12)
    if units[0] - units[1] <= 1:
        assert parallel == pytest.approx(serial, rel=TIGHT)


def test_chain_at_the_ends():
    assert chain_loss_probability(3, 1, 0.0, 12.0) == 0.0
    assert mean_time_to_data_loss(3, 1, 0.0, 12.0) == np.inf
    assert mean_time_to_data_loss(3, 1, 0.0, np.inf) == np.inf
    assert chain_loss_probability(3, 1, 0.03, 12.0, period_hours=0.0) == 0.0
    alone = chain_loss_probability(1, 1, 0.03, 12.0)
    assert alone == pytest.approx(-np.expm1(-0.03), rel=TIGHT)
    unrepaired = chain_loss_probability(3, 1, 0.03, np.inf)
    assert unrepaired == pytest.approx((-np.expm1(-0.03)) ** 3, rel=TIGHT)


def test_rate_and_probability_are_inverse():
    probability = chain_loss_probability(1, 1, rate_from_probability([0.01, 0.3]), 1.0)
    assert probability.tolist() == pytest.approx([0.01, 0.3], rel=TIGHT)


def ceph_tools_result(inputs):
    rate = inputs["fit_per_1e9h"] * YEAR / 1e9
    bit_errors = 0.0 if inputs["nre_model"] == "ignore" else inputs["nre_per_bit"]
    if "volumes" in inputs:
        return ceph_tools_raid(
            inputs["volumes"],
            inputs["volumes"] - 2,
            rate,
            inputs["disk_bytes"],
            inputs["recovery_bytes_per_s"],
            inputs["replace_h"],
            bit_errors,
            inputs["period_h"],
        )
    return ceph_tools_pool(
        inputs["copies"],
        rate,
        inputs["disk_bytes"],
        inputs["fullness"],
        inputs["recovery_bytes_per_s"],
        inputs["pg_declustering"],
        inputs["markout_h"],
        bit_errors,
        inputs["objsize"],
        inputs["stripe"],
        inputs["period_h"],
    )


@rows("durability_ceph_tools")
def test_ceph_tools_rows(case):
    expected, tolerance = case["expected"], case["tolerance"]
    result = ceph_tools_result(case["inputs"])
    assert result.recovery_hours == pytest.approx(expected["recovery_h"], rel=1e-12)
    assert result.drive_loss == pytest.approx(expected["P_drive"], rel=tolerance["rel_P"])
    assert result.read_error_loss == pytest.approx(expected["P_nre"], rel=tolerance["rel_P"])
    assert result.object_loss == pytest.approx(
        expected["one_minus_dur"], rel=0, abs=tolerance["one_minus_dur_abs"]
    )
    if "P_drive_times_loss_fraction" in expected:
        fraction = expected["P_drive_times_loss_fraction"]
        assert result.object_loss == pytest.approx(fraction, rel=tolerance["rel_P"])


@rows("durability_backblaze")
def test_backblaze_rows(case):
    inputs, expected = case["inputs"], case["expected"]
    data = inputs["data_shards"]
    result = backblaze_loss(
        data + inputs["parity_shards"],
        data,
        inputs["annual_failure_rate"],
        24.0 * inputs["replacement_days"],
    )
    rel = case["tolerance"]["rel"]
    assert result.per_window == pytest.approx(expected["period_loss_prob"], rel=rel)
    assert result.annual == pytest.approx(expected["annual_loss"], rel=rel)
    assert result.annual == pytest.approx(expected["annual_loss_full_precision_ours"], rel=1e-9)
    assert f"--> {int(nines(result.annual))} nines" == expected["nines"]


MODEL_NAMES = {
    "markov_serial": "markov_serial",
    "markov_parallel": "markov_parallel",
    "backblaze_fixed_window": "backblaze",
    "ceph_tools_pg1": "ceph_tools",
}


@rows("durability_model_spread")
def test_model_spread_rows(case):
    inputs = case["inputs"]
    spread = model_spread(inputs["copies"], 1, inputs["afr_rate"], inputs["repair_h"])
    ours = getattr(spread, MODEL_NAMES[case["id"].split("/")[1]])
    expected = case["expected"]["p_loss_1y_one_copyset"]
    assert ours == pytest.approx(expected, rel=case["tolerance"]["rel"])
    assert spread.low <= ours <= spread.high


@quick
@given(sets, rates, repairs)
def test_every_model_rises_with_the_failure_rate(units, rate, repair):
    for values in model_spread(*units, [rate, rate * 1.5], repair):
        assert 0 <= values[0] <= values[1] * (1 + 1e-9) <= 1 + 1e-8


@quick
@given(st.integers(2, 4), rates, repairs)
def test_pool_of_one_peer_is_the_mirror_set(copies, rate, repair):
    pool = ceph_tools_pool(copies, rate, 0.0, peers=1, mark_out_hours=repair)
    mirror = ceph_tools_raid(copies, 1, rate, 0.0, 1.0, replace_hours=repair)
    assert pool.drive_loss == pytest.approx(mirror.drive_loss, rel=TIGHT)


def test_models_broadcast_over_samples():
    rate, repair = np.array([[0.01], [0.03]]), np.array([6.0, 12.0, 168.0])
    spread = model_spread([[3], [6]], [[1], [4]], rate, repair)
    assert {np.shape(values) for values in spread} == {(2, 3)}
    single = model_spread(6, 4, 0.03, 168.0)
    assert [values[1, 2] for values in spread] == pytest.approx(list(single), rel=TIGHT)
    assert np.shape(ceph_tools_pool([2, 3], rate, 3e12, bit_error_rate=1e-14).object_loss) == (2, 2)


def test_sets_without_redundancy():
    raid = ceph_tools_raid(4, 4, 0.03, 3e12, 50e6, bit_error_rate=1e-14)
    assert raid.drive_loss == pytest.approx(-np.expm1(-0.12), rel=TIGHT)
    assert raid.read_error_loss == 0.0
    single = ceph_tools_pool(1, 0.03, 3e12, bit_error_rate=1e-14, object_size=4e6)
    assert single.object_loss == single.drive_loss
    assert single.read_error_loss == 0.0


@pytest.mark.parametrize("position", range(4))
def test_unknown_stays_unknown(position):
    arguments = [
        np.array([3.0, 3.0]),
        np.array([1.0, 1.0]),
        np.array([0.03, 0.03]),
        np.full(2, 9.0),
    ]
    arguments[position][1] = np.nan
    for result in (
        mean_time_to_data_loss(*arguments),
        chain_loss_probability(*arguments),
        *model_spread(*arguments),
        model_spread(*arguments).low,
        backblaze_loss(*arguments).per_window,
    ):
        assert np.isnan(result).tolist() == [False, True]


def test_unknown_sizes_stay_unknown():
    for name in ("fullness", "recovery_rate", "peers", "mark_out_hours", "stripe"):
        assert isnan(ceph_tools_pool(3, 0.03, 3e12, **{name: np.nan}).drive_loss)
    assert isnan(ceph_tools_pool(3, 0.03, 3e12, bit_error_rate=np.nan).object_loss)
    assert isnan(ceph_tools_raid(8, np.nan, 0.03, 3e12, 20e6).drive_loss)
    assert isnan(read_error_probability(np.nan, 1e-14))
    assert isnan(pool_loss_probability(np.nan, 32))
    assert isnan(nines(np.nan))


@quick
@given(st.floats(0, 1e15), st.floats(0, 1e-12))
def test_read_errors_are_at_least_exactly_one(data, rate):
    mean = 8 * data * rate
    at_least_one = read_error_probability(data, rate)
    assert mean * np.exp(-mean) <= at_least_one * (1 + 1e-12) + 1e-300
    assert at_least_one <= min(mean, 1.0) * (1 + 1e-12)


def test_pool_bound_is_the_sum_and_at_most_one():
    assert pool_loss_probability([1e-9, 0.5], [8, 8]).tolist() == pytest.approx([8e-9, 1.0])
    assert objects_lost_per_year(1e-6, 2e6) == pytest.approx(2.0)


def test_nines_at_the_ends():
    assert nines([1.0, 0.1, 0.0]).tolist() == [0.0, 1.0, np.inf]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: chain_loss_probability(3, 4, 0.03, 12), "data_shares must be at most the number"),
        (
            lambda: chain_loss_probability(3, 1, -0.03, 12),
            "failure_rate must be finite and 0/yr or",
        ),
        (lambda: chain_loss_probability(3, 1, np.inf, 12), "failure_rate must be finite"),
        (lambda: chain_loss_probability(3, 1, 0.03, 0), "repair_hours must be above 0 h, got 0"),
        (
            lambda: chain_loss_probability(3, 1, 0.03, 9, period_hours=-1),
            "period_hours must be fin",
        ),
        (lambda: mean_time_to_data_loss(3, 0, 0.03, 12), "data_shares must be a whole number"),
        (lambda: rate_from_probability(1.0), "annual_failure_probability must be at least 0"),
        (lambda: ceph_tools_pool(0, 0.03, 3e12), "copies must be a whole number of at least 1"),
        (lambda: ceph_tools_pool(3, -1, 3e12), "failure_rate must be 0 or more, got -1"),
        (lambda: ceph_tools_pool(3, 1, 3e12, peers=0), "peers must be above 0, got 0"),
        (lambda: ceph_tools_pool(3, 1, 3e12, recovery_rate=0), "recovery_rate must be above 0"),
        (lambda: ceph_tools_raid(4, 3, 0.03, 3e12, 0), "rebuild_rate must be above 0, got 0"),
        (lambda: ceph_tools_raid(4, 5, 0.03, 3e12, 1e7), "data_shares must be at most the number"),
        (lambda: backblaze_loss(3, 1, 0.03, 0), "repair_hours must be above 0 h, got 0"),
        (lambda: backblaze_loss(3, 1, -0.03, 1), "failure_rate must be 0 or more"),
        (lambda: read_error_probability(-1, 1e-14), "bytes_read must be 0 B or more"),
        (lambda: read_error_probability(1, -1e-14), "bit_error_rate must be 0 or more"),
        (lambda: pool_loss_probability(1.5, 8), "set_loss_probability must be between 0 and 1"),
        (lambda: pool_loss_probability(0.5, -8), "copysets must be 0 or more"),
        (lambda: objects_lost_per_year(-0.5, 8), "set_loss_probability must be between 0 and 1"),
        (lambda: objects_lost_per_year(0.5, -8), "objects must be 0 or more"),
        (lambda: nines(2.0), "loss_probability must be between 0 and 1, got 2"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
