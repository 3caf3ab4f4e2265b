"""Cost: sums that are worked out by hand, and what must follow from more of anything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.cost import annual_labour_cost, capital_cost, cost_per_vm, total_cost

quick = settings(max_examples=60, deadline=None)
money = st.floats(0.0, 1e7)


def test_what_is_owned_costs_nothing_and_what_is_not_known_is_not_free():
    count = np.array([16.0, 3.0])
    assert capital_cost(count, np.array([620.0, 0.0])) == 9920.0
    assert np.isnan(capital_cost(count, np.array([620.0, np.nan])))


def test_hours_a_node_at_a_price_an_hour():
    assert annual_labour_cost(22.0, 3.0, 70.0) == 22 * 3 * 70


@quick
@given(money, money, money, st.floats(0.0, 20.0))
def test_a_longer_use_never_costs_less(capital, energy, labour, years):
    total = total_cost(capital, energy, labour, years)
    assert total >= capital
    assert total_cost(capital, energy, labour, years + 1.0) >= total
    assert total_cost(capital, energy, labour, 0.0) == capital
    # A sum of numbers up to 1e9 rounds in the last of its sixteen digits.
    assert total - capital == pytest.approx(years * (energy + labour), rel=1e-9, abs=1e-6)


@quick
@given(money, st.integers(1, 1000))
def test_the_vms_share_the_cost(total, vms):
    assert cost_per_vm(total, vms) * vms == pytest.approx(total, rel=1e-12)
