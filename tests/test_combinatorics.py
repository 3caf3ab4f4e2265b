"""Counting laws on arrays against exact integers."""

from fractions import Fraction
from math import comb, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.combinatorics import checked_shares, choose, hypergeometric, require, whole

quick = settings(max_examples=60, deadline=None)


def test_choose_is_exact_and_zero_outside():
    total, chosen = np.arange(51)[:, None], np.arange(-3, 55)
    expected = [[comb(n, k) if k >= 0 else 0 for k in chosen.tolist()] for n in range(51)]
    assert choose(total, chosen).tolist() == expected


def test_choose_of_large_numbers_keeps_its_digits():
    assert choose(10_000.0, 20.0) == pytest.approx(comb(10_000, 20), rel=1e-14)


@quick
@given(st.integers(1, 40), st.data())
def test_hypergeometric_equals_fractions(population, data):
    marked = data.draw(st.integers(0, population))
    drawn = data.draw(st.integers(0, population))
    low, high = data.draw(st.integers(0, drawn)), data.draw(st.integers(0, drawn))
    ways = sum(comb(marked, j) * comb(population - marked, drawn - j) for j in range(low, high + 1))
    expected = Fraction(ways, comb(population, drawn))
    result = hypergeometric(population, marked, drawn, low, high)
    assert result == pytest.approx(float(expected), rel=1e-13)
    assert (result == 0) == (expected == 0)
    if expected == 1:
        assert result == 1


def test_certainty_is_exact_where_rounding_would_show():
    assert hypergeometric(997, 990, 30, 23, 30) == 1.0
    assert hypergeometric(997, 7, 30, 0, 7) == 1.0
    assert hypergeometric(997, 990, 30, 0, 22) == 0.0
    assert 0.0 < hypergeometric(997, 990, 30, 24, 30) < 1.0


@pytest.mark.parametrize("position", range(5))
def test_unknown_stays_unknown(position):
    arguments = [4.0, 2.0, 3.0, 1.0, 3.0]
    arguments[position] = np.nan
    assert isnan(hypergeometric(*arguments))
    assert np.isnan(choose([np.nan, 4], [2, np.nan])).all()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: require([True, False], [3.0, 7.5], "x", "small"), "x must be small, got 7.5"),
        (lambda: whole(np.inf, "x"), "x must be a whole number of at least 0, got inf"),
        (lambda: whole(-1, "x"), "x must be a whole number of at least 0, got -1"),
        (lambda: whole(1.5, "x", 1), "x must be a whole number of at least 1, got 1.5"),
        (lambda: checked_shares(3, 0), "data_shares must be a whole number of at least 1, got 0"),
        (lambda: checked_shares(3, 4), "data_shares must be at most the number of shares, got 4"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_unknown_arguments_pass_the_checks():
    assert isnan(whole(np.nan, "x"))
    assert isnan(checked_shares(np.nan, 2)[0])
