"""Dominance, ranking, chances and regret against what loops over small tables give."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from planner.models.decision import (
    dominance,
    first_share,
    merit,
    pareto_set,
    penalty,
    probability_better,
    regret,
    simplex_weights,
    weighted_score,
)

quick = settings(max_examples=80, deadline=None)
small = st.integers(0, 4).map(float)
shapes = st.tuples(st.integers(1, 6), st.integers(1, 4))
tables = shapes.flatmap(lambda shape: arrays(float, shape, elements=small))
gappy = shapes.flatmap(lambda shape: arrays(float, shape, elements=small | st.just(np.nan)))
amounts = st.floats(0.01, 100.0)
positive = shapes.flatmap(lambda shape: arrays(float, shape, elements=amounts))


@st.composite
def weighted(draw):
    table = draw(positive)
    size = table.shape[1]
    weight = draw(arrays(float, size, elements=st.floats(0.1, 10.0)))
    lower = draw(arrays(bool, size))
    return table, weight, lower


def beats(one, other):
    as_good = all(a >= b for a, b in zip(one, other, strict=True))
    return as_good and any(a > b for a, b in zip(one, other, strict=True))


# Dominance


@quick
@given(gappy)
def test_dominance_is_what_pairwise_comparison_finds(table):
    found = dominance(table)
    rows = range(len(table))
    assert all(found[i, j] == beats(table[i], table[j]) for i, j in product(rows, rows))
    assert [bool(member) for member in pareto_set(table)] == [
        not any(beats(other, row) for other in table) for row in table
    ]


@quick
@given(tables)
def test_dominance_is_an_order_and_leaves_someone(table):
    found = dominance(table).astype(int)
    assert not np.any(np.diag(found))
    assert not np.any(found & found.T)
    assert np.all(found >= ((found @ found) > 0))
    assert np.any(pareto_set(table))


@quick
@given(gappy)
def test_what_is_unknown_neither_dominates_nor_is_dominated(table):
    unknown = np.isnan(table).any(axis=1)
    found = dominance(table)
    assert not np.any(found[unknown])
    assert not np.any(found[:, unknown])


def test_a_bound_can_show_that_an_unknown_design_is_dominated():
    """The price of the second is unknown, but at least 300: minus the price is at most -300."""
    table = [[-250.0, 5.0], [np.nan, 5.0]]
    assert dominance(table, [[-250.0, 5.0], [-300.0, 5.0]]).tolist() == [
        [False, True],
        [False, False],
    ]
    assert not np.any(dominance(table, [[-250.0, 5.0], [-200.0, 5.0]]))


@quick
@given(st.integers(2, 4).flatmap(lambda n: arrays(float, (n, 3, 5), elements=small)))
def test_draws_are_compared_one_by_one(table):
    found = dominance(table)
    for draw in range(5):
        np.testing.assert_array_equal(found[..., draw], dominance(table[..., draw]))


def test_a_table_without_criteria_is_refused():
    with pytest.raises(ValueError, match=r"designs and criteria are needed .*got shape \(2,\)"):
        dominance([1.0, 2.0])


# Ranking


@quick
@given(weighted())
def test_scores_are_the_weighted_geometric_mean(case):
    table, weight, lower = case
    found = weighted_score(merit(table, lower), weight)
    for row, score in zip(table, found, strict=True):
        ratios = [
            min(column) / value if less else value / max(column)
            for value, column, less in zip(row, table.T, lower, strict=True)
        ]
        logs = [w * np.log(ratio) for w, ratio in zip(weight, ratios, strict=True)]
        assert score == pytest.approx(np.exp(sum(logs) / sum(weight)), rel=1e-9)


@quick
@given(weighted(), st.floats(0.1, 10.0))
def test_order_depends_neither_on_units_nor_on_other_designs(case, factor):
    table, weight, lower = case
    assume(len(table) >= 2)
    full = weighted_score(merit(table, lower), weight)
    scaled = weighted_score(merit(table * factor, lower), 3.0 * weight)
    np.testing.assert_allclose(scaled, full, rtol=1e-9)
    pair = weighted_score(merit(table[:2], lower), weight)
    assert full[0] / full[1] == pytest.approx(pair[0] / pair[1], rel=1e-9)


@quick
@given(weighted())
def test_a_dominated_design_never_scores_more(case):
    table, weight, lower = case
    score = weighted_score(merit(table, lower), weight)
    over = dominance(np.where(lower, -table, table))
    for i, j in zip(*np.nonzero(over), strict=True):
        assert score[i] > score[j] * (1.0 - 1e-12)


def test_zero_is_last_unless_it_weighs_nothing():
    ratios = merit([[0.0, 1.0], [2.0, 4.0]], [False, True])
    assert ratios.tolist() == [[0.0, 1.0], [1.0, 0.25]]
    assert weighted_score(ratios, [1.0, 1.0]).tolist() == [0.0, 0.5]
    assert weighted_score(ratios, [0.0, 1.0]).tolist() == [1.0, 0.25]


def test_bad_weights_and_values_are_refused():
    with pytest.raises(ValueError, match="some weight must be positive, got"):
        weighted_score([[1.0]], [0.0])
    with pytest.raises(ValueError, match="weight must be zero or positive"):
        weighted_score([[1.0]], [-1.0])
    with pytest.raises(ValueError, match="value must be zero or positive"):
        merit([[-1.0]], [True])
    with pytest.raises(ValueError, match="criteria and points must be 1 or more, got 0 and 5"):
        simplex_weights(0, 5)


@pytest.mark.parametrize("criteria", [1, 2, 3, 4, 5, 6])
def test_weights_fill_the_simplex_evenly(criteria):
    weights = simplex_weights(criteria)
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, rtol=1e-12)
    assert weights.min() >= 0.0
    # Each weight is Beta(1, n - 1): its mean is 1 / n, and P(w > x) = (1 - x)^(n - 1). Designs
    # that are best by one criterion each are first where that one weighs most: 1 / n.
    np.testing.assert_allclose(weights.mean(axis=1), 1.0 / criteria, atol=0.01)
    for level in (0.1, 0.3, 0.5):
        exact = 1.0 if criteria == 1 else (1.0 - level) ** (criteria - 1)
        np.testing.assert_allclose(np.mean(weights > level, axis=1), exact, atol=0.01)
    largest = first_share(weights)
    np.testing.assert_allclose(largest, 1.0 / criteria, atol=0.01)


def test_share_of_weights_of_two_criteria_is_the_crossing_point():
    """Scores 2^-w and 4^-(1 - w) cross at w = 2/3."""
    weights = simplex_weights(2)
    score = weighted_score(np.array([[0.5, 1.0], [1.0, 0.25]])[..., np.newaxis], weights)
    np.testing.assert_allclose(first_share(score), [2 / 3, 1 / 3], atol=0.001)


# Chances and regret


@quick
@given(st.integers(1, 4).flatmap(lambda n: arrays(float, (n, 7), elements=small)), st.data())
def test_first_shares_are_counted_exactly(scores, data):
    allowed = data.draw(arrays(bool, scores.shape))
    expected = [Fraction(0)] * len(scores)
    for draw in range(7):
        rows = [i for i in range(len(scores)) if allowed[i, draw]]
        best = [i for i in rows if scores[i, draw] == max(scores[j, draw] for j in rows)]
        for i in best:
            expected[i] += Fraction(1, 7 * len(best))
    np.testing.assert_allclose(first_share(scores, allowed), [float(x) for x in expected])


def test_a_design_of_unknown_score_is_never_first():
    found = first_share([[np.nan, np.nan], [1.0, 2.0], [3.0, np.nan]])
    assert found.tolist() == [0.0, 0.5, 0.5]


@quick
@given(arrays(float, (2, 9), elements=small))
def test_chances_to_be_better_are_counted_exactly(values):
    one, other = values
    pairs = list(zip(one, other, strict=True))
    wins = sum(a > b for a, b in pairs) + sum(a == b for a, b in pairs) / 2
    assert probability_better(one, other) == pytest.approx(wins / 9)
    assert probability_better(one, other) + probability_better(other, one) == pytest.approx(1.0)


def test_chances_against_the_unknown_are_not_stated():
    assert np.isnan(probability_better([1.0, 2.0], [1.0, np.nan]))


@quick
@given(arrays(float, (3, 8), elements=amounts))
def test_regret_is_the_distance_to_the_best_of_each_draw(losses):
    found = regret(losses)
    for i, draw in product(range(3), range(8)):
        assert found[i, draw] == losses[i, draw] - min(losses[j, draw] for j in range(3))
    assert np.all(found.min(axis=0) == 0.0)


def test_regret_is_unknown_where_a_loss_is():
    assert np.isnan(regret([[1.0], [np.nan]])).all()


@quick
@given(small, small, amounts, amounts)
def test_penalties_weigh_lack_and_surplus_apart(value, needed, under, over):
    expected = under * (needed - value) if value < needed else over * (value - needed)
    assert penalty(value, needed, under, over) == pytest.approx(expected)
    assert penalty(value, value, under, over) == 0.0
