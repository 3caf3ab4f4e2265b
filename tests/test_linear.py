"""Small linear programs and transport problems, against their duals and by enumeration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.linear import maximum
from planner.models.transport import unmet_rows


def test_linear_program_by_hand():
    # corners of x + 2 y <= 4, 3 x + y <= 6: the best of x + y is (1.6, 1.2)
    found = maximum([1, 1], [[1, 2], [3, 1]], [4, 6])
    assert found.point == pytest.approx([1.6, 1.2], rel=1e-12)
    assert found.prices == pytest.approx([0.4, 0.2], rel=1e-12)
    with pytest.raises(ValueError, match="bounds must be zero or positive, got -1"):
        maximum([1.0], [[1.0]], [-1.0])
    with pytest.raises(ValueError, match="grows without limit"):
        maximum([1.0, 1.0], [[1.0, -1.0]], [1.0])


programs = st.integers(1, 4).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda variables: st.tuples(
            st.lists(st.integers(-2, 5), min_size=variables, max_size=variables),
            st.lists(
                st.lists(st.integers(-2, 4), min_size=variables, max_size=variables),
                min_size=rows,
                max_size=rows,
            ),
            st.lists(st.integers(0, 9), min_size=rows, max_size=rows),
        )
    )
)


@given(programs, st.lists(st.integers(0, 9), min_size=4, max_size=4), st.booleans())
@settings(max_examples=300)
def test_point_and_prices_prove_each_other(program, most, as_rows):
    gains, matrix, bounds = (np.array(part, dtype=float) for part in program)
    upper = np.array(most[: gains.size], dtype=float)
    if as_rows:
        matrix, bounds = np.vstack([matrix, np.eye(gains.size)]), np.append(bounds, upper)
        found, above = maximum(gains, matrix, bounds), np.zeros(gains.size)
    else:
        found, above = maximum(gains, matrix, bounds, upper), upper
    point, prices = found
    assert (point >= 0).all()
    assert (prices >= 0).all()
    assert (matrix @ point <= bounds + 1e-7).all()
    assert (point <= upper + 1e-7).all()
    beyond = np.maximum(gains - prices @ matrix, 0)
    assert gains @ point == pytest.approx(bounds @ prices + above @ beyond, abs=1e-7)
    if as_rows:
        assert (beyond < 1e-7).all()


@given(st.lists(st.integers(0, 5), min_size=2, max_size=4), st.data())
@settings(max_examples=60)
def test_unmet_rows_are_a_cut(supply, data):
    count = len(supply)
    room = data.draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    pairs = data.draw(st.lists(st.integers(0, 3), min_size=count**2, max_size=count**2))
    limit = np.reshape(np.array(pairs, dtype=float), (count, count))
    rows = unmet_rows(np.array(supply, dtype=float), np.array(room, dtype=float), limit)

    def takes(chosen):
        return np.minimum(room, limit[list(chosen)].sum(axis=0)).sum()

    subsets = [[k for k in range(count) if code >> k & 1] for code in range(2**count)]
    short = max(sum(supply[k] for k in chosen) - takes(chosen) for chosen in subsets)
    assert sum(np.array(supply)[rows]) - takes(np.flatnonzero(rows)) == short
