"""Draws of uncertain facts, and the ranges and bounds that results get from them."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from model_tools import module

from planner.facts import Basis, Fact
from planner.models import cost
from planner.models.dimensions import Money, Number, Watt
from planner.ranges import DRAWS, Columns, Draws, Range, quantiles, spread
from planner.sheet import Cell, Sheet, stack

quick = settings(max_examples=60, deadline=None)
# The ends are draws themselves; only powers and roots of them are rounded.
ROUNDING = 1e-12


def fact(value, low=None, high=None, name="idle", unit="W"):
    return Fact(name, value, unit, Basis.ASSUMPTION, low=low, high=high)


def ends(values):
    return [float(end) for end in np.quantile(values, [0.05, 0.95], method="hazen")]


positive = st.floats(0.001, 1e6)
not_negative = st.just(0.0) | positive


@st.composite
def ranged(draw, low=not_negative):
    low, value, high = sorted((draw(low), draw(positive), draw(positive)))
    return fact(value, low, high)


def each_alone(columns, values):
    """A result with each varied thing alone at its low and at its high end, (things, 2)."""
    return columns.without_probes(values)[1 : 1 + 2 * len(columns.varied)].reshape(-1, 2)


# Draws


@quick
@given(ranged())
def test_one_draw_in_twenty_lies_beyond_either_end(found):
    low, high = ends(spread(found, DRAWS))
    assert low == pytest.approx(found.low, rel=ROUNDING)
    assert high == pytest.approx(found.high, rel=ROUNDING)


@quick
@given(ranged())
def test_the_value_is_the_median(found):
    values = spread(found, DRAWS)
    assert np.sum(values <= found.value) >= DRAWS // 2
    assert np.sum(values >= found.value) >= DRAWS // 2


@quick
@given(ranged(), st.sampled_from([10, 110, DRAWS]))
def test_every_stratum_is_drawn_from_once(found, draws):
    """A Latin hypercube: only the order differs from one fact to another."""
    other = fact(found.value, found.low, found.high, name="peak")
    one, two = spread(found, draws), spread(other, draws)
    np.testing.assert_array_equal(np.sort(one), np.sort(two))
    if found.low < found.high:
        assert not np.array_equal(one, two)


@quick
@given(ranged())
def test_what_cannot_be_negative_never_is(found):
    assert np.all(spread(found, DRAWS) >= 0.0)
    assert found.low == 0.0 or np.all(spread(found, DRAWS) > 0.0)


def test_what_can_be_negative_may_be():
    values = spread(fact(0.0, -5.0, 5.0), DRAWS)
    assert values.min() < 0.0
    assert ends(values) == pytest.approx([-5.0, 5.0])


@pytest.mark.parametrize(("low", "high"), [(80.0, None), (None, 140.0)])
def test_a_range_with_one_end_varies_to_that_side_only(low, high):
    values = spread(fact(100.0, low, high), DRAWS)
    assert np.sum(values == 100.0) == DRAWS // 2
    assert np.all(values <= 100.0) if high is None else np.all(values >= 100.0)


def test_things_are_drawn_whole_and_shares_never_above_one():
    counted = spread(fact(20.0, 15.0, 30.0, unit="vm"), DRAWS)
    np.testing.assert_array_equal(counted, np.rint(counted))
    share = spread(fact(0.9, 0.5, 1.0, unit="1"), DRAWS)
    assert share.max() == 1.0
    assert spread(fact(2.0, 1.5, 3.0, unit="1"), DRAWS).max() > 3.0


def test_different_facts_are_not_drawn_together():
    one, two = (spread(fact(100.0, 80.0, 120.0, name), DRAWS) for name in ("idle", "peak"))
    # The standard error of no correlation at all is 0.03.
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.15


def test_a_fact_is_drawn_alike_in_every_design():
    price = fact(0.25, 0.22, 0.30, "electricity price")
    here = Columns.of([price])
    there = Columns.of([fact(1.0, 0.5, 2.0, "labour"), price, fact(None, name="unknown")])
    assert here.width != there.width
    mine, theirs = here.samples(here.values(price)), there.samples(there.values(price))
    np.testing.assert_array_equal(mine, theirs)


# Columns


def test_one_column_where_nothing_varies_and_nothing_is_unknown():
    columns = Columns.of([fact(10.0)])
    assert columns.width == 1
    np.testing.assert_array_equal(columns.values(fact(10.0)), [10.0])


def test_columns_of_a_fact_with_a_range():
    found = fact(10.0, 8.0, 12.0)
    columns = Columns.of([found, fact(3.0)])
    values = columns.values(found)
    assert (columns.width, values.shape, values[0]) == (3 + DRAWS, (3 + DRAWS,), 10.0)
    np.testing.assert_array_equal(each_alone(columns, values), [[8.0, 12.0]])
    assert columns.values(fact(3.0)).shape == (1,)


def test_columns_that_probe_what_is_unknown():
    one, two = fact(None, name="one"), fact(None, name="two")
    columns = Columns.of([one, fact(3.0), two])
    np.testing.assert_array_equal(columns.values(one), [np.nan, 0.0, 1.0, 0.0])
    np.testing.assert_array_equal(columns.values(two), [np.nan, 0.0, 0.0, 1.0])
    both = Columns.of([one, fact(3.0, 2.0, 4.0, "known")])
    assert both.width == 5 + DRAWS
    assert np.all(np.isnan(both.samples(both.values(one))))


def test_each_thing_alone_goes_to_either_end():
    price, rate = fact(10.0, 8.0, 12.0, "price"), fact(5.0, 4.0, None, "rate")
    columns = Columns.of([price, rate, fact(3.0)])
    assert columns.varied == ("price", "rate")
    np.testing.assert_array_equal(
        each_alone(columns, columns.values(price)), [[8.0, 12.0], [10.0, 10.0]]
    )
    np.testing.assert_array_equal(
        each_alone(columns, columns.values(rate)), [[5.0, 5.0], [4.0, 5.0]]
    )
    np.testing.assert_array_equal(each_alone(columns, columns.values(fact(3.0))), [[3.0, 3.0]] * 2)


def test_idle_and_peak_of_one_thing_go_to_their_ends_together():
    idle = fact(10.0, 8.0, 12.0, "box.idle_power")
    peak = fact(30.0, 25.0, 40.0, "box.peak_power")
    columns = Columns.of([idle, peak])
    assert columns.varied == ("box.power",)
    total = columns.values(idle) + columns.values(peak)
    np.testing.assert_array_equal(each_alone(columns, total), [[33.0, 52.0]])


def test_without_draws_nothing_is_varied():
    assert Columns.of([fact(10.0, 8.0, 12.0)], draws=0).width == 1


@quick
@given(ranged(), st.integers(0, 2**31))
def test_a_seed_orders_the_same_values(found, seed):
    values = spread(found, 110, seed)
    np.testing.assert_array_equal(np.sort(values), np.sort(spread(found, 110)))
    np.testing.assert_array_equal(values, Draws(110, seed).of(found))


@quick
@given(ranged())
def test_ten_thousand_draws_honour_the_range(found):
    """Two draws stand 5e-4 standard deviations before and behind the end."""
    low, high = ends(spread(found, 10_000))
    wide = max(found.high / found.value, found.value / found.low if found.low else 1.0)
    tolerance = 1e-6 * (1.0 + np.log(wide)) ** 2
    # At zero, where what cannot be negative is cut off, one of the two is a step above.
    assert low == pytest.approx(
        found.low, rel=tolerance, abs=0.0 if found.low else found.value / 1e3
    )
    assert high == pytest.approx(found.high, rel=tolerance)


# Ranges of results


def of(facts, compute):
    """Range of a result of some facts."""
    columns = Columns.of(facts)
    return columns.range_of(compute(*(columns.values(item) for item in facts)))


@quick
@given(ranged())
def test_a_result_that_is_a_fact_has_the_range_of_the_fact(found):
    value, low, high = of([found], lambda values: values)
    assert value == found.value
    if found.low < found.high:
        assert low == pytest.approx(found.low, rel=ROUNDING)
        assert high == pytest.approx(found.high, rel=ROUNDING)


@quick
@given(ranged(positive), ranged(positive))
def test_the_range_contains_the_value(one, two):
    two = fact(two.value, two.low, two.high, "two")
    for compute in (np.add, np.multiply, np.minimum, np.subtract, np.divide):
        value, low, high = of([one, two], compute)
        assert low is None or low <= value <= high


@quick
@given(ranged(positive))
def test_a_falling_result_turns_the_range_round(found):
    assume(found.low < found.high)
    value, low, high = of([found], lambda values: -values)
    assert (low, value, high) == pytest.approx((-found.high, -found.value, -found.low))


def test_independent_facts_partly_cancel():
    facts = [fact(100.0, 90.0, 110.0, f"node {index}") for index in range(16)]
    value, low, high = of(facts, lambda *values: sum(values))
    assert value == 1600.0
    # Sixteen independent ranges of 10 W are one of 40 W, not of 160; lognormal sides add a little.
    assert high - value == pytest.approx(40.0, rel=0.15)
    assert value - low == pytest.approx(40.0, rel=0.15)


def test_what_does_not_depend_on_a_range_has_none():
    ranged_, fixed = fact(10.0, 8.0, 12.0), fact(3.0, name="fixed")
    columns = Columns.of([ranged_, fixed])
    assert columns.range_of(columns.values(fixed)) == Range(3.0, None, None)
    spread_out = np.broadcast_to(columns.values(fixed), (columns.width,))
    assert columns.range_of(spread_out) == Range(3.0, None, None)
    # A minimum that the range never reaches.
    assert columns.range_of(np.minimum(columns.values(ranged_), 0.5)) == Range(0.5, None, None)


def test_draws_without_a_result_leave_no_range():
    found = fact(1.0, 0.0, 2.0)
    columns = Columns.of([found])
    with np.errstate(divide="ignore"):
        assert columns.range_of(1.0 / columns.values(found)) == Range(1.0, None, None)


# What is unknown


UNKNOWN = fact(None, name="price of a switch", unit="money")
KNOWN = fact(620.0, name="price of a node", unit="money")


def test_an_unknown_price_leaves_a_sum_with_a_lower_bound():
    assert of([KNOWN, UNKNOWN], lambda known, unknown: 16 * known + unknown) == Range(
        None, 9920.0, None
    )


def test_what_falls_with_it_has_an_upper_bound():
    assert of([KNOWN, UNKNOWN], lambda known, unknown: known - unknown) == Range(None, None, 620.0)


def test_what_does_not_depend_on_it_is_known():
    assert of([KNOWN, UNKNOWN], lambda known, _: known) == Range(620.0, None, None)


@pytest.mark.parametrize(
    "compute",
    [
        pytest.param(lambda known, one, two: known + one - two, id="rises and falls"),
        pytest.param(lambda known, one, two: known / (one + two), id="infinite at zero"),
        pytest.param(lambda known, one, _: known * one * np.nan, id="never known"),
        pytest.param(lambda known, one, two: known + 0 * one * two, id="not seen to move"),
    ],
)
def test_no_bound_where_none_is_certain(compute):
    other = fact(None, name="other", unit="money")
    with np.errstate(all="ignore"):
        assert of([KNOWN, UNKNOWN, other], compute) == Range(None, None, None)


def test_bounds_beside_ranges():
    """The lower bound is that of the most likely values; the draws do not blur it."""
    found = of([fact(10.0, 5.0, 20.0), UNKNOWN], lambda known, unknown: known + unknown)
    assert found == Range(None, 10.0, None)


def test_an_unlimited_result_is_no_number():
    columns = Columns.of([KNOWN])
    assert columns.range_of(np.array([np.inf])) == Range(None, None, None)


# Through a sheet


def margin(capital_cost: Money, mean_power: Watt, share: Number = 1.0) -> Money:
    """Something that depends on cost and on nothing else."""
    return capital_cost * share + 0.0 * mean_power


def priced(prices):
    """Cost of some nodes and a margin on it, with their columns."""
    facts = [fact(*price, name=f"price {index}", unit="money") for index, price in prices.items()]
    columns = Columns.of(facts)
    row = stack(
        "equipment_price",
        "money",
        [(item.name, Cell(item.name, "money", columns.values(item), item)) for item in facts],
    )
    count = stack(
        "equipment_count",
        "node",
        [("n", Cell("n", "node", np.array([2.0]), fact(2.0, unit="node"))) for _ in facts],
    )
    home = module("cost", cost.capital_cost, margin)
    inputs = {"equipment_price": "money", "equipment_count": "node", "mean_power": "W"}
    power = Cell("mean_power", "W", np.array([5.0]), fact(5.0))
    given = {"equipment_price": row, "equipment_count": count, "mean_power": power}
    return columns, Sheet("cost", [home], inputs).evaluate(given)


def test_a_total_of_known_and_unknown_prices_is_at_least_the_known():
    columns, cells = priced({0: (100.0, 90.0, 120.0), 1: (None,), 2: (50.0,)})
    assert columns.range_of(cells["capital_cost"].value) == Range(None, 300.0, None)
    assert columns.range_of(cells["margin"].value) == Range(None, 300.0, None)


def test_a_total_of_known_prices_has_a_range():
    columns, cells = priced({0: (100.0, 90.0, 120.0), 2: (50.0,)})
    assert columns.range_of(cells["capital_cost"].value) == pytest.approx((300.0, 280.0, 340.0))


@given(
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=60),
    st.floats(0.0, 1.0),
)
def test_a_quantile_is_that_of_numpy(values, share):
    draws = np.array(values)
    expected = np.quantile(draws, share, method="hazen")
    scale = max(np.ptp(draws), abs(draws).max())
    assert quantiles(draws, [share])[0] == pytest.approx(
        expected, abs=1e-7 * scale
    )  # share is rounded
