"""Queues for processors against recorded rows and by their own laws."""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.models.contention import (
    erlang_c,
    erlang_stretch,
    finite_queue,
    overload_probability,
    processor_share,
    ready_fraction,
    saturated_stretch,
    supported_ratio,
)

CASES = json.loads((Path(__file__).parent / "reference" / "density-cases.json").read_text())

# The reference rows are computed in double precision by another program.
PRECISION = 1e-9


def test_the_node_that_was_measured_at_a_load_of_six():
    seed = CASES["seed_load"]
    share = processor_share(seed["load"], seed["T"])
    assert share == pytest.approx(seed["share"], rel=PRECISION)
    ready = ready_fraction(seed["load"], seed["T"])
    assert ready == pytest.approx(seed["ready_fraction"], rel=PRECISION)
    assert saturated_stretch(seed["load"], seed["T"]) == 1.5


@pytest.mark.parametrize(
    "row", CASES["finite_population"], ids=lambda row: f"{row['N']}-{row['c']}"
)
def test_finite_queue_rows(row):
    queue = finite_queue(row["N"], row["c"], row["duty"])
    expected = {
        "utilisation": "util",
        "throughput": "throughput",
        "load": "load",
        "response": "response",
        "stretch": "stretch",
        "overload_time": "p_wait",
    }
    for name, key in expected.items():
        assert getattr(queue, name) == pytest.approx(row[key], rel=PRECISION), name


def test_waiting_arrivals_are_not_the_time_that_threads_are_short():
    queue = finite_queue(16, 4, 0.155)
    assert queue.overload_time == pytest.approx(0.137, abs=5e-4)
    assert queue.waiting_arrivals == pytest.approx(0.224, abs=5e-4)


@pytest.mark.parametrize("row", CASES["erlang_c"], ids=lambda row: f"{row['c']}-{row['a']}")
def test_erlang_rows(row):
    assert erlang_c(row["c"], row["a"]) == pytest.approx(row["p_wait"], rel=PRECISION)
    stretch = erlang_stretch(row["c"], row["a"])
    assert stretch == pytest.approx(row["mean_stretch"], rel=PRECISION)


@pytest.mark.parametrize("row", CASES["binomial"], ids=lambda row: f"{row['n_vcpu']}-{row['u']}")
def test_binomial_rows(row):
    tail = overload_probability(row["n_vcpu"], row["T"], row["u"])
    assert tail == pytest.approx(row["p_over"], rel=PRECISION)


def test_ratio_that_a_business_trace_supports():
    assert supported_ratio(0.8, CASES["bitbrains_small"]["agg_p99"]) == pytest.approx(
        2.65, abs=5e-3
    )


counts, servers = st.integers(1, 12), st.integers(1, 8)
duties = st.fractions(0, 1, max_denominator=50).filter(lambda x: 0 < x < 1)


@given(counts, servers, duties)
def test_finite_queue_in_exact_arithmetic(vcpus, threads, duty):
    weights = [Fraction(1)]
    for n in range(1, vcpus + 1):
        weights.append(weights[-1] * (vcpus - n + 1) * duty / (1 - duty) / min(n, threads))
    total = sum(weights)
    busy = sum(min(n, threads) * w for n, w in enumerate(weights)) / total
    load = sum(n * w for n, w in enumerate(weights)) / total
    over = sum(w for n, w in enumerate(weights) if n > threads) / total
    arriving = sum((vcpus - n) * w for n, w in enumerate(weights))
    waiting = sum((vcpus - n) * w for n, w in enumerate(weights) if n >= threads)
    exact = [
        busy / threads,
        busy / duty,
        load,
        load / busy * duty,
        load / busy,
        over,
        waiting / arriving if vcpus > 1 else 0,
    ]
    assert list(finite_queue(vcpus, threads, float(duty))) == pytest.approx(
        [float(x) for x in exact], rel=1e-9, abs=1e-15
    )


@given(counts, servers, duties)
def test_binomial_tail_in_exact_arithmetic(vcpus, threads, duty):
    exact = sum(
        math.comb(vcpus, n) * duty**n * (1 - duty) ** (vcpus - n)
        for n in range(threads + 1, vcpus + 1)
    )
    found = overload_probability(vcpus, threads, float(duty))
    assert found == pytest.approx(float(exact), rel=1e-9, abs=1e-15)


@given(servers, st.fractions(0, 8, max_denominator=50))
def test_erlang_in_exact_arithmetic(threads, load):
    if load >= threads:
        assert erlang_c(threads, float(load)) == 1
        assert erlang_stretch(threads, float(load)) == math.inf
        return
    last = load**threads / math.factorial(threads) * threads / (threads - load)
    exact = last / (sum(load**k / math.factorial(k) for k in range(threads)) + last)
    assert erlang_c(threads, float(load)) == pytest.approx(float(exact), rel=1e-9)


@given(counts, servers, st.floats(0.0, 1.0))
def test_more_work_waits_longer_and_more_threads_help(vcpus, threads, duty):
    slack = 1e-9
    queue = finite_queue(vcpus, threads, duty)
    assert finite_queue(vcpus + 1, threads, duty).stretch >= queue.stretch - slack
    assert finite_queue(vcpus, threads + 1, duty).stretch <= queue.stretch + slack
    assert finite_queue(vcpus, threads, min(1.0, duty + 0.01)).load >= queue.load - slack
    assert 1 - slack <= queue.stretch <= max(1, vcpus / threads) + slack
    assert queue.load >= vcpus * duty - slack
    assert queue.utilisation <= 1 + slack
    assert queue.throughput <= vcpus + slack


def test_limits_of_the_finite_queue():
    always, never, alone = finite_queue(6, 4, 1.0), finite_queue(6, 4, 0.0), finite_queue(1, 4, 0.3)
    assert always[:3] == pytest.approx((1, 4, 6))
    assert (always.stretch, always.overload_time) == pytest.approx((1.5, 1))
    assert never.load == pytest.approx(0, abs=1e-90)
    assert never.stretch == pytest.approx(1)
    assert (alone.stretch, alone.overload_time, alone.waiting_arrivals) == pytest.approx((1, 0, 0))


def test_pooling_helps():
    small, large = finite_queue(16, 4, 0.155), finite_queue(64, 16, 0.155)
    assert large.stretch < small.stretch
    assert large.overload_time < small.overload_time


def test_arrays_equal_one_after_the_other_and_unknown_stays_unknown():
    vcpus, threads = np.array([6.0, 16, 200, math.nan]), np.array([4.0, 4, 48, 4])
    duty = np.array([[0.3], [1.0]])
    queue = finite_queue(vcpus, threads, duty)
    for i, k in np.ndindex(2, 3):
        single = finite_queue(vcpus[k], threads[k], duty[i, 0])
        assert [values[i, k] for values in queue] == pytest.approx(list(single), rel=1e-12)
    assert all(np.isnan(values[:, 3]).all() for values in queue)
    assert all(math.isnan(value) for value in finite_queue(4, 4, math.nan))
    assert np.isnan(overload_probability([4, math.nan], 2, [math.nan, 0.5])).all()
    assert math.isnan(overload_probability(4, math.nan, 0.5))
    assert np.isnan(erlang_c([math.nan, 4], [2, math.nan])).all()
    assert np.isnan(erlang_stretch([math.nan, 4], [2, math.nan])).all()
    assert math.isnan(processor_share(math.nan, 4))
    assert math.isnan(saturated_stretch(4, math.nan))
    assert processor_share(0.0, 4) == 1


def test_ten_thousand_samples_are_answered_at_once():
    rng = np.random.default_rng(1)
    queue = finite_queue(256, 64, rng.uniform(0.1, 0.3, 10_000))
    assert np.shape(queue.stretch) == (10_000,)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: processor_share(-1, 4), "load must be zero or positive, got -1"),
        (lambda: ready_fraction(1, 0), "threads must be positive, got 0"),
        (lambda: saturated_stretch(1, -4), "threads must be positive, got -4"),
        (lambda: finite_queue(0, 4, 0.5), "vcpus must be"),
        (lambda: finite_queue(4, 1.5, 0.5), "threads must be"),
        (lambda: finite_queue(4, 4, 1.5), "duty must be between 0 and 1, got 1.5"),
        (lambda: erlang_c(0, 1), "threads must be"),
        (lambda: erlang_c(4, -1), "load must be zero or positive, got -1"),
        (lambda: overload_probability(2.5, 4, 0.5), "vcpus must be"),
        (lambda: supported_ratio(0.8, 0), "busy_share must be positive, got 0"),
        (lambda: supported_ratio(1.2, 0.5), "target_utilisation must be between 0 and 1, got 1.2"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
