"""The ladder of evidence, and what counts as known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.facts import Basis, Bound, Fact, weakest

LADDER = [
    Basis.GIVEN,
    Basis.MEASURED,
    Basis.CALIBRATED,
    Basis.DATASHEET,
    Basis.LOOK_ALIKE,
    Basis.COMPONENTS,
    Basis.NAMEPLATE,
    Basis.ASSUMPTION,
]
bases = st.lists(st.sampled_from(LADDER))


def test_the_ladder_in_order():
    assert [basis.rank for basis in LADDER] == list(range(len(LADDER)))
    assert set(Basis) == set(LADDER)


def test_nothing_is_as_strong_as_a_decision():
    assert weakest([]) is Basis.GIVEN


@given(bases, bases)
def test_the_weakest_of_all_is_the_weakest_of_the_weakest(some, others):
    assert weakest([weakest(some), weakest(others)]) is weakest([*some, *others])
    assert all(basis.rank <= weakest(some).rank for basis in some)
    assert weakest(some) in [*some, Basis.GIVEN]


@pytest.mark.parametrize(
    ("value", "low", "high", "known", "has_range"),
    [
        (10.0, None, None, True, False),
        (10.0, 8.0, None, True, True),
        (10.0, None, 12.0, True, True),
        (10.0, 8.0, 12.0, True, True),
        (0.0, None, None, True, False),
        (None, None, None, False, False),
        (None, 8.0, 12.0, False, False),
    ],
)
def test_what_is_known_and_what_varies(value, low, high, known, has_range):
    fact = Fact("node.idle", value, "W", Basis.MEASURED, low=low, high=high)
    assert (fact.known, fact.has_range) == (known, has_range)


def test_words_of_a_file():
    assert Basis("look-alike") is Basis.LOOK_ALIKE
    assert Bound("upper") is Bound.UPPER
    with pytest.raises(ValueError, match="'guess' is not a valid Basis"):
        Basis("guess")
