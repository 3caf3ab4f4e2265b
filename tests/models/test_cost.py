"""Cost: sums that are worked out by hand, and what must follow from more of anything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.cost import capital_cost, cost_per_usable_tb, cost_per_vm, total_cost
from planner.models.running_cost import annual_labour_cost, annual_vm_licence_cost
from planner.models.spares import spare_parts

quick = settings(max_examples=60, deadline=None)
money = st.floats(0.0, 1e7)


def test_what_is_owned_costs_nothing_and_what_is_not_known_is_not_free():
    count = np.array([16.0, 3.0])
    assert capital_cost(count, np.array([620.0, 0.0])) == 9920.0
    assert capital_cost(count, np.array([620.0, 0.0]), 80.0) == 10000.0
    assert np.isnan(capital_cost(count, np.array([620.0, np.nan])))


def test_hours_a_node_at_a_price_an_hour():
    assert annual_labour_cost(22.0, 3.0, 70.0) == 22 * 3 * 70


@quick
@given(money, money, money, st.floats(0.0, 20.0))
def test_a_longer_use_never_costs_less(capital, energy, upkeep, years):
    total = total_cost(capital, energy, upkeep, years)
    assert total >= capital
    assert total_cost(capital, energy, upkeep, years + 1.0) >= total
    assert total_cost(capital, energy, upkeep, 0.0) == capital
    # A sum of numbers up to 1e9 rounds in the last of its sixteen digits.
    assert total - capital == pytest.approx(years * (energy + upkeep), rel=1e-9, abs=1e-6)


@quick
@given(money, st.integers(1, 1000))
def test_the_vms_share_the_cost(total, vms):
    assert cost_per_vm(total, vms) * vms == pytest.approx(total, rel=1e-12)
    assert cost_per_usable_tb(total, vms * 1e12) == pytest.approx(cost_per_vm(total, vms))


@quick
@given(st.integers(0, 500), st.floats(0.0, 2.0), st.integers(1, 8))
def test_a_share_of_spares_is_enough_and_not_one_kit_too_many(items, share, kit):
    installed = float(items * kit)
    spares = float(spare_parts(installed, spare_share=share, spare_kit=float(kit)))
    assert spares % kit == 0.0
    assert spares >= share * installed - 1e-6
    assert spares - kit < share * installed + 1e-6


def test_vms_that_do_not_fit_need_no_licence():
    costs = np.array([360.0, 40.0])
    assert annual_vm_licence_cost(costs, 0.0, 96.0) == 0.0
    assert annual_vm_licence_cost(costs, 96.0, 96.0) == 400.0
