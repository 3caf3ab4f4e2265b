"""CRUSH's distribution of shares over domains, against exact values and its own sums."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.placement import (
    as_columns,
    draw_domain_groups,
    fullest_domain_load,
    inclusion_probabilities,
    widened,
)

CASES = json.loads((Path(__file__).parent / "reference" / "storage-cases.json").read_text())[
    "cases"
]
LIMITS = [case for case in CASES if case["kind"] == "capacity_crush_limit"]
weights = st.lists(st.floats(0.1, 100.0), min_size=1, max_size=8)
quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("case", LIMITS, ids=lambda case: case["id"])
def test_inclusion(case):
    inputs, expected = case["inputs"], case["expected"]["inclusion"]
    level = 0 if inputs["failure_domain"] == "rack" else 1
    weight = dict.fromkeys(expected, 0.0)
    for device in inputs["osds"]:
        weight[device[level]] += device[2]
    found = inclusion_probabilities(list(weight.values()), inputs["n_chunks"])
    rel = case["tolerance"]["model_rel"]
    np.testing.assert_allclose(found, list(expected.values()), rtol=rel)


@pytest.mark.parametrize("case", LIMITS, ids=lambda case: case["id"])
def test_inclusion_against_real_counts(case):
    """262144 groups placed by crushtool: each count within five standard deviations."""
    inputs, groups = case["inputs"], 262144
    level = 0 if inputs["failure_domain"] == "rack" else 1
    names = [device[level] for device in inputs["osds"]]
    order = list(dict.fromkeys(names))
    sizes = np.array([device[2] for device in inputs["osds"]], dtype=float)
    index = np.array([order.index(name) for name in names])
    due = inclusion_probabilities(np.bincount(index, sizes), inputs["n_chunks"])
    share = due[index] * sizes / np.bincount(index, sizes)[index]
    counts = np.array(case["expected"]["real_counts_262144"])
    scatter = np.sqrt(groups * share * (1.0 - share))
    np.testing.assert_array_less(np.abs(counts - groups * share), 5.0 * scatter)


@quick
@given(weights, st.integers(1, 8))
def test_inclusion_sums(weight, shares):
    found = inclusion_probabilities(weight, shares)
    if shares > len(weight):
        assert np.isnan(found).all()
        assert fullest_domain_load(weight, shares) == math.inf
    else:
        assert found.sum() == pytest.approx(shares, rel=1e-10)
        assert found.max() <= 1.0 + 1e-12
        assert (np.diff(found[np.argsort(weight)]) >= -1e-12).all()


@quick
@given(weights, st.integers(1, 8))
def test_the_smallest_domain_is_the_fullest(weight, shares):
    if shares <= len(weight):
        load = inclusion_probabilities(weight, shares) / np.array(weight)
        assert load[np.argmin(weight)] == pytest.approx(load.max(), rel=1e-10)
        assert fullest_domain_load(weight, shares) == pytest.approx(load.max(), rel=1e-10)


def test_equal_domains_are_equally_likely():
    np.testing.assert_allclose(inclusion_probabilities([5.0] * 7, 3), 3 / 7, rtol=1e-12)


def test_a_domain_without_weight_gets_nothing():
    found = inclusion_probabilities([4.0, 0.0, 2.0, 2.0], 2)
    assert found[1] == 0.0
    np.testing.assert_allclose(found[[0, 2, 3]], inclusion_probabilities([4.0, 2.0, 2.0], 2))


def test_unknown_weight():
    assert np.isnan(inclusion_probabilities([1.0, math.nan, 1.0], 2)).all()
    assert math.isnan(fullest_domain_load([1.0, math.nan, 1.0], 2))
    assert math.isnan(fullest_domain_load([1.0, 1.0], math.nan))


@pytest.mark.parametrize("function", [fullest_domain_load, inclusion_probabilities])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, -1.0], 1), "domain_weight must be 0 or more, got -1"),
        (([1.0, 1.0], 0), "shares must be a whole number of at least 1, got 0"),
    ],
)
def test_bad_arguments(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def drawn(weight, shares, groups, pools):
    rng = np.random.default_rng(4)
    return np.array(list(draw_domain_groups(weight, shares, groups, pools, rng)))


@quick
@given(weights, st.integers(1, 8), st.integers(1, 300))
def test_every_share_is_drawn_and_no_domain_twice(weight, shares, groups):
    if shares <= len(weight):
        found = drawn(weight, shares, groups, 20)
        assert (found.sum(axis=0) == shares * groups).all()
        assert found.min() >= 0
        assert found.max() <= groups


@pytest.mark.parametrize(
    ("weight", "shares"),
    [
        ([1.0] * 6, 3),
        ([6.0, 8.0, 10.0, 12.0, 14.0], 3),
        ([1.0, 1.0, 1.0, 30.0], 3),
        ([1.0, 2.0, 4.0, 8.0, 16.0, 100.0], 2),
        (list(np.linspace(1.0, 5.0, 40)), 6),
    ],
)
def test_drawn_groups_have_the_right_mean_and_variance(weight, shares):
    groups, pools = 256, 4000
    found = drawn(weight, shares, groups, pools)
    due = inclusion_probabilities(weight, shares)
    variance = groups * due * (1.0 - due)
    error = np.abs(found.mean(axis=1) - groups * due)
    np.testing.assert_array_less(error, 5.0 * np.sqrt(variance / pools) + 1e-3)
    # A sample variance of 4,000 pools scatters by 2.2 %; five times that.
    np.testing.assert_allclose(found.var(axis=1), variance, rtol=0.11, atol=0.02)


def test_equal_domains_are_drawn_with_the_exact_covariance():
    """Simple random sampling: P(both) = n (n - 1) / (m (m - 1)). Scatter of 20,000 pools: 1.4."""
    groups, shares, domains = 128, 3, 5
    found = drawn([1.0] * domains, shares, groups, 20_000)
    both = shares * (shares - 1) / (domains * (domains - 1))
    exact = groups * (both - (shares / domains) ** 2)
    covariance = np.cov(found)[~np.eye(domains, dtype=bool)]
    np.testing.assert_allclose(covariance, exact, atol=5 * 30.7 / math.sqrt(20_000))


def test_unequal_domains_are_drawn_together_nearly_as_crush_does():
    """Drawing one after another: pairs of domains in 200,000 objects."""
    weight, objects = np.array([6.0, 8.0, 10.0, 12.0, 14.0]), 200_000
    rng = np.random.default_rng(5)
    times = rng.exponential(size=(objects, weight.size)) / weight
    chosen = np.zeros(times.shape)
    np.put_along_axis(chosen, np.argsort(times, axis=1)[:, :3], 1.0, axis=1)
    groups = 128
    exact = groups * np.cov(chosen.T)
    found = np.cov(drawn(weight, 3, groups, 20_000))
    np.testing.assert_allclose(found, exact, atol=0.04 * exact.max())


def test_as_columns_and_widened():
    values, count, trailing = as_columns(np.arange(6.0).reshape(3, 2), np.ones((4, 1)))
    assert trailing == (4, 2)
    assert values.shape == (3, 8)
    assert count.shape == (8,)
    np.testing.assert_array_equal(values[1], [2.0, 3.0] * 4)
    assert widened(np.ones(3), 2).shape == (3, 1, 1)
