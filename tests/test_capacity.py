"""Usable capacity, against recorded clusters, exact rational arithmetic and its own laws."""

import itertools
import json
import math
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.capacity import (
    capacity_after_losses,
    full_limit_capacity,
    nearfull_capacity,
    raw_capacity,
    self_heal_capacity,
    stranded_capacity,
    unbalanced_self_heal_capacity,
    unbalanced_usable_capacity,
    usable_capacity,
)

REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
TB = 1e12
LAWS = [usable_capacity, unbalanced_usable_capacity]
# The two laws are computed by different arithmetic; this is far above their rounding.
ROUNDING = 1e-9


def rows(kind):
    found = [case for case in CASES if case["kind"] == kind]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda case: case["id"])


def domains(inputs):
    """Capacity of each failure domain of a recorded cluster [B]."""
    level = 0 if inputs["failure_domain"] == "rack" else 1
    totals = Counter()
    for device in inputs["osds"]:
        totals[device[level]] += device[2] * TB
    return list(totals.values())


@rows("capacity_exact_law")
def test_law(case):
    inputs, expected, rel = case["inputs"], case["expected"], case["tolerance"]["rel"]
    capacity, shares, data = domains(inputs), inputs["n_chunks"], inputs["k_data"]
    assert usable_capacity(capacity, shares, data) == pytest.approx(
        expected["usable_tb"] * TB, rel=rel
    )
    devices = [size * TB for _, _, size in inputs["osds"]]
    assert raw_capacity(devices) == pytest.approx(expected["raw_tb"] * TB, rel=rel)
    stranded = expected["raw_tb"] - expected["usable_tb"] * shares / data
    assert stranded_capacity(capacity, shares) == pytest.approx(stranded * TB, rel=rel, abs=1.0)


@rows("capacity_crush_limit")
def test_crush_limit(case):
    inputs, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    limit = unbalanced_usable_capacity(domains(inputs), inputs["n_chunks"], inputs["k_data"])
    assert limit == pytest.approx(expected["usable_tb"] * TB, rel=tolerance["model_rel"])
    assert limit == pytest.approx(
        expected["real_crush_usable_tb_at_262144_pgs"] * TB, rel=tolerance["real_vs_model_rel"]
    )


@rows("capacity_with_host_reserve")
def test_host_reserve(case):
    inputs, expected, rel = case["inputs"], case["expected"], case["tolerance"]["rel"]
    capacity = np.array(inputs["domain_tb"]) * TB
    shares, data = inputs["n"], inputs["k"]
    now = usable_capacity(capacity, shares, data)
    found = {
        "usable_now_tb": now,
        "usable_now_at_nearfull_085": nearfull_capacity(now, 0.85),
        "usable_now_at_full_095": full_limit_capacity(now, 0.95),
        "usable_after_losing_largest_domain_tb": capacity_after_losses(capacity, shares, data),
        "max_data_self_heal_below_backfillfull_090": self_heal_capacity(
            capacity, shares, data, 0.9
        ),
    }
    for name, value in found.items():
        assert value == pytest.approx(expected[name] * TB, rel=rel), name


@rows("capacity_docs_example")
def test_manual_example(case):
    inputs, expected = case["inputs"], case["expected"]
    raw = raw_capacity([inputs["tb"] * TB] * inputs["osds"])
    limit = full_limit_capacity(raw, inputs["full_ratio"])
    assert raw == expected["raw_tb"] * TB
    assert limit == pytest.approx(expected["exact_tb"] * TB, rel=1e-12)
    rounding = case["tolerance"]["doc_rounding_abs"]
    assert limit == pytest.approx(expected["doc_says_tb"] * TB, abs=rounding * TB)


@rows("safe_capacity_florian")
def test_other_calculator_promises_what_cannot_heal(case):
    """Another calculator's "safe" is (total - largest) / copies: false with a copy a host."""
    nodes, copies = np.array(case["inputs"]["node_tb"]) * TB, case["inputs"]["replicas"]
    assert (nodes.sum() - nodes.max()) / copies == case["expected"]["safe_tb"] * TB
    assert usable_capacity(nodes, copies) == case["expected"]["risky_tb"] * TB
    assert self_heal_capacity(nodes, copies, 1, 1.0) == 0.0


def law_by_cuts(capacity, shares):
    """Least cut of the flow network, over every set of domains, in rational numbers."""
    sizes = [Fraction(size) for size in capacity]
    return min(
        sum(sizes[i] for i in range(len(sizes)) if i not in aside) / (shares - count)
        for count in range(min(shares, len(sizes) + 1))
        for aside in itertools.combinations(range(len(sizes)), count)
    )


def inclusion_by_orders(capacity, shares):
    """Inclusion probabilities of drawing one after another, over every order, in rationals."""
    sizes = [Fraction(size) for size in capacity]
    drawn = {frozenset(): Fraction(1)}
    for _ in range(shares):
        following = Counter()
        for chosen, probability in drawn.items():
            rest = sum(size for i, size in enumerate(sizes) if i not in chosen)
            for i, size in enumerate(sizes):
                if i not in chosen:
                    following[chosen | {i}] += probability * size / rest
        drawn = following
    return [sum(p for chosen, p in drawn.items() if i in chosen) for i in range(len(sizes))]


sizes = st.integers(1, 10**6)
clusters = st.lists(sizes, min_size=1, max_size=7)
share_counts = st.integers(1, 8)
quick = settings(max_examples=60, deadline=None)


@quick
@given(clusters, share_counts)
def test_law_is_the_least_cut(capacity, shares):
    exact = float(law_by_cuts(capacity, shares))
    assert usable_capacity(capacity, shares) == pytest.approx(exact, rel=1e-12)


@quick
@given(st.lists(sizes, min_size=1, max_size=6), st.integers(1, 6))
def test_crush_limit_by_orders(capacity, shares):
    limit = unbalanced_usable_capacity(capacity, shares)
    if shares > len(capacity):
        assert limit == 0.0
    else:
        inclusion = inclusion_by_orders(capacity, shares)
        exact = min(size / pi for size, pi in zip(capacity, inclusion, strict=True))
        assert limit == pytest.approx(float(exact), rel=1e-10)


def wrapped_placement(capacity, shares, volume):
    """Fill `shares` rows of length `volume` with the domains, one after another."""
    pieces, row, start = [], 0, Fraction(0)
    for domain, size in enumerate(capacity):
        left = min(Fraction(size), volume)
        while left > 0 and row < shares:
            length = min(left, volume - start)
            pieces.append((domain, row, start, start + length))
            left, start = left - length, start + length
            if start == volume:
                row, start = row + 1, Fraction(0)
    return pieces, row


@quick
@given(clusters, share_counts)
def test_law_is_reached_by_a_placement(capacity, shares):
    """Rows are copies, positions are objects: no domain may hold an object twice."""
    volume = law_by_cuts(capacity, shares)
    if volume == 0:
        return
    pieces, full_rows = wrapped_placement(capacity, shares, volume)
    assert full_rows == shares
    for (one, _, start, end), (other, _, begin, stop) in itertools.combinations(pieces, 2):
        assert one != other or end <= begin or stop <= start


@quick
@given(clusters, share_counts)
def test_bounds(capacity, shares):
    naive, law = sum(capacity) / shares, usable_capacity(capacity, shares)
    assert unbalanced_usable_capacity(capacity, shares) <= law * (1 + ROUNDING)
    assert law <= naive * (1 + ROUNDING)
    stranded = stranded_capacity(capacity, shares)
    assert stranded == pytest.approx(sum(max(0.0, w - law) for w in capacity), abs=1e-3)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(("domains", "shares"), [(3, 3), (4, 3), (12, 5), (1000, 3)])
def test_equal_domains_hold_the_customary_total(law, domains, shares):
    assert law([7.0] * domains, shares) == pytest.approx(7.0 * domains / shares, rel=ROUNDING)


@pytest.mark.parametrize("law", LAWS)
@quick
@given(capacity=clusters, shares=share_counts, factor=st.floats(1e-6, 1e6))
def test_homogeneous_and_symmetric(law, capacity, shares, factor):
    scaled = law(np.array(capacity[::-1]) * factor, shares)
    assert scaled == pytest.approx(factor * law(capacity, shares), rel=ROUNDING)


@pytest.mark.parametrize("law", LAWS)
@quick
@given(capacity=clusters, shares=share_counts, more=sizes)
def test_growing_a_domain_never_lowers(law, capacity, shares, more):
    grown = [capacity[0] + more, *capacity[1:]]
    assert law(grown, shares) >= law(capacity, shares) * (1 - ROUNDING)


@quick
@given(clusters, share_counts, sizes)
def test_adding_a_domain_never_lowers_the_law(capacity, shares, more):
    assert usable_capacity([*capacity, more], shares) >= usable_capacity(capacity, shares) * (
        1 - ROUNDING
    )
    before = self_heal_capacity(capacity, shares, 1, 0.9)
    assert self_heal_capacity([*capacity, more], shares, 1, 0.9) >= before * (1 - ROUNDING)


def test_adding_a_small_domain_lowers_what_crush_reaches():
    assert unbalanced_usable_capacity([6, 6, 6, 6, 1], 3) < unbalanced_usable_capacity([6] * 4, 3)


@pytest.mark.parametrize("law", LAWS)
@quick
@given(capacity=clusters, shares=share_counts)
def test_edges(law, capacity, shares):
    assert law(capacity, 1) == pytest.approx(sum(capacity), rel=ROUNDING)
    assert law(capacity, len(capacity)) == pytest.approx(min(capacity), rel=ROUNDING)
    assert law(capacity, len(capacity) + 1) == 0.0
    assert law([], shares) == 0.0
    assert law([*capacity, 0.0], shares) == pytest.approx(law(capacity, shares), rel=ROUNDING)
    assert law(capacity, shares, shares) == pytest.approx(shares * law(capacity, shares))


HEALS = [
    (self_heal_capacity, usable_capacity),
    (unbalanced_self_heal_capacity, unbalanced_usable_capacity),
]


@pytest.mark.parametrize("heal", [heal for heal, _ in HEALS])
@pytest.mark.parametrize("shares", [1, 2, 4])
def test_nothing_heals_where_every_share_holds_data(heal, shares):
    assert heal([6e12] * 6, shares, shares, 0.9) == 0.0
    assert np.isnan(heal([6e12, np.nan, 6e12], 1, 1, 0.9))


@pytest.mark.parametrize(("heal", "law"), HEALS)
@quick
@given(capacity=clusters, shares=st.integers(2, 5))
def test_the_largest_domain_is_the_worst_loss(heal, law, capacity, shares):
    each = [law(capacity[:i] + capacity[i + 1 :], shares, 1) for i in range(len(capacity))]
    headroom = heal(capacity, shares, 1, 0.9)
    assert headroom == pytest.approx(0.9 * min(each), rel=ROUNDING)
    assert headroom <= 0.9 * law(capacity, shares) * (1 + ROUNDING)


@pytest.mark.parametrize("balanced", [True, False])
@quick
@given(
    capacity=st.lists(sizes, min_size=3, max_size=6),
    shares=st.integers(1, 4),
    lost=st.integers(0, 3),
)
def test_the_largest_domains_are_the_worst_losses(balanced, capacity, shares, lost):
    law = usable_capacity if balanced else unbalanced_usable_capacity
    worst = min(
        law(list(left), shares) for left in itertools.combinations(capacity, len(capacity) - lost)
    )
    found = capacity_after_losses(capacity, shares, 1, lost, balanced)
    assert found == pytest.approx(worst, rel=ROUNDING)


def test_losing_the_smallest_domain_may_raise_what_crush_reaches():
    assert unbalanced_usable_capacity([6] * 4, 3) > unbalanced_usable_capacity([6, 6, 6, 6, 1], 3)


def test_losses_beyond_the_domains_leave_nothing():
    assert capacity_after_losses([6.0, 6.0], 1, losses=5) == 0.0


def assert_column_by_column(function, capacity, *arguments):
    """The array answer equals the answers column by column; each argument has the same columns."""
    together = function(capacity, *arguments)
    assert together.shape == capacity.shape[1:]
    for column in np.ndindex(together.shape):
        alone = function(capacity[:, *column], *(values[column] for values in arguments))
        assert together[column] == pytest.approx(alone, rel=ROUNDING)


@pytest.mark.parametrize("law", LAWS)
def test_arrays_equal_scalars(law):
    rng = np.random.default_rng(1)
    capacity = rng.integers(0, 4, (5, 6, 7)) * 1e12
    shares = rng.integers(1, 7, (6, 7))
    assert_column_by_column(law, capacity, shares, np.minimum(shares, rng.integers(1, 4, (6, 7))))


@pytest.mark.parametrize("heal", [self_heal_capacity, unbalanced_self_heal_capacity])
def test_arrays_equal_scalars_when_healing(heal):
    rng = np.random.default_rng(2)
    capacity = rng.uniform(0.0, 4.0, (6, 20))
    shares, ratio = rng.integers(1, 5, 20), rng.uniform(0.0, 1.0, 20)
    assert_column_by_column(heal, capacity, shares, np.ones(20), ratio)


@pytest.mark.parametrize("law", LAWS)
def test_shares_alone_may_be_an_array(law):
    found = law([6.0, 6.0, 6.0, 6.0], [[1, 2, 3], [4, 5, 6]])
    np.testing.assert_allclose(found, [[24.0, 12.0, 8.0], [6.0, 0.0, 0.0]], rtol=ROUNDING)


def test_many_candidates_in_one_call():
    """More columns than are integrated at once."""
    capacity = np.random.default_rng(3).uniform(1.0, 9.0, (4, 5000))
    together = unbalanced_usable_capacity(capacity, 3)
    for column in (0, 1364, 1365, 1366, 4999):
        alone = unbalanced_usable_capacity(capacity[:, column], 3)
        assert together[column] == pytest.approx(alone, rel=ROUNDING)


@pytest.mark.parametrize("spread", [1.0, 1e3, 1e6])
@pytest.mark.parametrize(("domains", "shares"), [(12, 12), (30, 12), (1000, 3), (1000, 12)])
def test_unequal_domains_stay_accurate(spread, domains, shares):
    capacity = spread ** np.linspace(0.0, 1.0, domains)
    ordered = sorted((Fraction(size) for size in capacity), reverse=True)
    law = float(min(sum(ordered[j:]) / (shares - j) for j in range(shares)))
    assert usable_capacity(capacity, shares) == pytest.approx(law, rel=1e-12)
    limit = unbalanced_usable_capacity(capacity, shares)
    assert limit == pytest.approx(limit_by_fine_rule(capacity, shares), rel=1e-10)


def limit_by_fine_rule(capacity, shares):
    """Smallest domain's w / pi by composite Gauss-Legendre quadrature on 200 intervals."""
    rates = np.sort(capacity) / np.sum(capacity)
    nodes, factors = np.polynomial.legendre.leggauss(30)
    edges = np.linspace(math.log(1e-20), math.log(60.0 / rates[0]), 201)
    half = np.diff(edges)[:, np.newaxis] / 2.0
    times = np.exp(edges[:-1, np.newaxis] + half * (nodes + 1.0)).ravel()
    rung = np.zeros((shares, times.size))
    rung[0] = 1.0
    for rate in rates[1:]:
        silent = np.exp(-rate * times)
        rung[1:] = rung[1:] * silent + rung[:-1] * (1.0 - silent)
        rung[0] *= silent
    density = times * np.exp(-rates[0] * times) * rung.sum(axis=0)
    return np.sum(capacity) / np.sum((half * factors).ravel() * density)


@pytest.mark.parametrize(
    "compute",
    [
        lambda w: raw_capacity(w),
        lambda w: usable_capacity(w, 2),
        lambda w: unbalanced_usable_capacity(w, 2),
        lambda w: stranded_capacity(w, 2),
        lambda w: self_heal_capacity(w, 2, 1, 0.9),
        lambda w: unbalanced_self_heal_capacity(w, 2, 1, 0.9),
        lambda w: capacity_after_losses(w, 2, losses=2),
    ],
)
def test_unknown_stays_unknown(compute):
    capacity = np.array([[1.0, 1.0], [math.nan, 2.0], [3.0, 3.0], [4.0, 4.0]])
    found = compute(capacity)
    assert math.isnan(found[0])
    assert np.isfinite(found[1])


@pytest.mark.parametrize("law", LAWS)
def test_unknown_shares_stay_unknown(law):
    found = law([6.0] * 4, [3.0, math.nan], [1.0, 1.0])
    assert found[0] == pytest.approx(8.0)
    assert math.isnan(found[1])
    assert math.isnan(law([6.0] * 4, 3, math.nan))


def test_unknown_ratio_stays_unknown():
    assert math.isnan(full_limit_capacity(8e12, math.nan))


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, -2.0], 2), "domain_capacity must be 0 B or more, got -2"),
        (([1.0, 2.0], 0), "shares must be a whole number of at least 1, got 0"),
        (([1.0, 2.0], 1.5), "shares must be a whole number of at least 1, got 1.5"),
        (([1.0, 2.0], 2, 0), "data_shares must be a whole number of at least 1, got 0"),
        (([1.0, 2.0], 2, 3), "data_shares must be at most the number of shares, got 3"),
    ],
)
def test_bad_arguments(law, arguments, message):
    with pytest.raises(ValueError, match=message):
        law(*arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: raw_capacity([-1.0]), "device_capacity must be 0 B or more, got -1"),
        (lambda: stranded_capacity([-1.0], 1), "domain_capacity must be 0 B or more, got -1"),
        (lambda: stranded_capacity([1.0], 0), "shares must be a whole number"),
        (lambda: full_limit_capacity(-1.0, 0.9), "usable_capacity must be 0 B or more, got -1"),
        (lambda: full_limit_capacity(1.0, 1.1), "full_ratio must be between 0 and 1, got 1.1"),
        (lambda: nearfull_capacity(1.0, -0.1), "nearfull_ratio must be between 0 and 1, got -0.1"),
        (
            lambda: self_heal_capacity([1.0], 1, 1, 95),
            "backfillfull_ratio must be between 0 and 1, got 95",
        ),
        (
            lambda: unbalanced_self_heal_capacity([1.0], 1, 1, 95),
            "backfillfull_ratio must be between 0 and 1, got 95",
        ),
        (lambda: self_heal_capacity([-1.0], 1, 1, 0.9), "domain_capacity must be 0 B or more"),
        (lambda: capacity_after_losses([1.0], 1, losses=-1), "losses must be a whole number"),
    ],
)
def test_bad_arguments_of_the_others(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_full_and_empty_ratios_are_allowed():
    assert full_limit_capacity(8e12, 1.0) == 8e12
    assert nearfull_capacity(8e12, 0.0) == 0.0
