"""Money over the years, held against plain sums year by year and against printed tables."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.models import present_worth as worth
from planner.models.break_even import break_even_electricity_price, crossing
from planner.models.cash_flow import (
    cumulative_cost,
    cumulative_present_cost,
    end_by_year,
    energy_by_year,
    net_present_cost,
    present_cost_without_energy,
    present_energy,
    present_energy_cost,
    present_replacement_by_year,
    present_replacement_cost,
    replacement_by_year,
    upkeep_by_year,
    year_end,
)
from planner.models.cost import replacement_cost, total_cost
from planner.models.saving import discounted_payback_years, payback_years

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "cost-cases.json").read_text(encoding="utf-8")
)["cases"]

quick = settings(max_examples=100, deadline=None)
money = st.floats(0.0, 1e6)
years = st.floats(0.0, 30.0)
rates = st.one_of(st.just(0.0), st.floats(1e-6, 0.5))
changes = st.floats(-0.3, 0.5)
intervals = st.floats(0.3, 40.0)


@pytest.mark.parametrize("case", REFERENCE, ids=lambda case: case["id"])
def test_printed_tables(case):
    found = getattr(worth, case["kind"])(**case["inputs"]) * case.get("times", 1)
    assert float(found) == pytest.approx(case["expected"], abs=0.5000001 * 10.0 ** -case["digits"])


# Against sums year by year


def slowly(span, rate, change=0.0):
    """Worth of one unit a year, added up in plain Python."""
    total, year = 0.0, 1
    while year <= span + 1e-9:
        total += (1 + change) ** (year - 1) / (1 + rate) ** year
        year += 1
    part = span - (year - 1)
    return total + (part * (1 + change) ** (year - 1) / (1 + rate) ** span if part > 0 else 0.0)


def due(interval, span):
    """When something is replaced."""
    times = [k * interval for k in range(1, int(span / interval) + 2)]
    return [time for time in times if time < span - 1e-7 * interval]


@quick
@given(years, rates, changes)
def test_a_series_is_the_sum_of_its_payments(span, rate, change):
    assume(abs(span - round(span)) > 1e-6 or span == round(span))
    found = float(worth.discounted_years(span, rate, change))
    assert found == pytest.approx(slowly(span, rate, change), rel=1e-9, abs=1e-9)


@quick
@given(years)
def test_without_interest_and_change_it_is_the_years(span):
    assert float(worth.discounted_years(span, 0.0)) == pytest.approx(span, rel=1e-12)


@pytest.mark.parametrize("change", [0.05, 0.05 + 1e-13, 0.05 - 1e-10, 0.05 + 1e-8])
def test_growth_near_the_interest_loses_no_digits(change):
    assert float(worth.discounted_years(10.0, 0.05, change)) == pytest.approx(10 / 1.05, rel=1e-6)


@quick
@given(years, intervals, rates)
def test_replacements_are_paid_when_they_fall_due(span, interval, rate):
    ratio = span / interval
    assume(abs(ratio - round(ratio)) > 1e-6)
    times = due(interval, span)
    assert float(worth.renewals(span, interval, span)) == len(times)
    found = float(worth.discounted_renewals(span, interval, span, rate))
    assert found == pytest.approx(sum((1 + rate) ** -time for time in times), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("interval", "times"), [(5.0, 0), (2.5, 1), (1.0, 4), (0.1, 49), (9.0, 0)])
def test_what_falls_due_at_the_end_is_not_replaced(interval, times):
    assert float(worth.renewals(5.0, interval, 5.0)) == times


@quick
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12))
def test_present_worth_without_interest_is_the_sum(flows):
    assert float(worth.present_worth(np.array(flows), 0.0)) == pytest.approx(
        math.fsum(flows), abs=1e-6
    )


# The whole design


def design(draw):
    return {
        "capital_cost": draw(money),
        "annual_energy_cost": draw(money),
        "annual_upkeep_cost": draw(money),
        "years_of_use": draw(st.one_of(st.integers(1, 20).map(float), st.floats(0.2, 20.0))),
    }


designs = st.composite(lambda draw: design(draw))()
ends = st.tuples(money, money)


def spent_by_year(
    capital_cost, annual_energy_cost, annual_upkeep_cost, years_of_use, change=0.0, end=(0.0, 0.0)
):
    return cumulative_cost(
        capital_cost,
        energy_by_year(annual_energy_cost, years_of_use, change),
        upkeep_by_year(annual_upkeep_cost, years_of_use),
        end_by_year(years_of_use, *end),
    )


def present(one, rate, change, end=(0.0, 0.0)):
    energy = present_energy_cost(one["annual_energy_cost"], one["years_of_use"], rate, change)
    rest = present_cost_without_energy(
        one["capital_cost"],
        one["annual_upkeep_cost"],
        one["years_of_use"],
        rate,
        disposal_cost=end[0],
        residual_value=end[1],
    )
    return net_present_cost(rest, energy)


@quick
@given(designs, changes, ends)
def test_net_present_cost_without_interest_is_the_total(one, change, end):
    total = total_cost(
        **one, electricity_price_change=change, disposal_cost=end[0], residual_value=end[1]
    )
    assert present(one, 0.0, change, end) == pytest.approx(total, rel=1e-9, abs=1e-3)


@quick
@given(designs, rates, changes, ends)
def test_rows_end_at_the_totals(one, rate, change, end):
    more = {"disposal_cost": end[0], "residual_value": end[1], "electricity_price_change": change}
    spent = spent_by_year(**one, change=change, end=end)
    worth_today = cumulative_present_cost(**one, **more, discount_rate=rate)
    assert len(spent) == len(year_end(one["years_of_use"]))
    assert spent[0] == worth_today[0] == one["capital_cost"]
    assert spent[-1] == pytest.approx(total_cost(**one, **more), rel=1e-9, abs=1e-3)
    assert worth_today[-1] == pytest.approx(present(one, rate, change, end), rel=1e-9, abs=1e-3)


@quick
@given(designs, rates)
def test_the_yearly_flows_discounted_are_the_net_present_cost(one, rate):
    whole = {**one, "years_of_use": float(math.ceil(one["years_of_use"]))}
    flows = np.diff(spent_by_year(**whole), prepend=0.0)
    found = worth.present_worth(flows, rate)
    assert float(found) == pytest.approx(present(whole, rate, 0.0), rel=1e-9, abs=1e-3)


@quick
@given(designs, rates, rates)
def test_more_interest_makes_later_payments_count_less(one, rate, more):
    assert present(one, rate + more, 0.0) <= present(one, rate, 0.0) + 1e-6


GROUPS = {"equipment_count": np.array([3.0, 2.0]), "equipment_new_price": np.array([100.0, 0.0])}


@quick
@given(intervals, st.floats(0.2, 20.0), rates)
def test_replacements_by_year_end_at_their_totals(interval, span, rate):
    after = {"equipment_replace_after": np.array([interval, np.inf]), "years_of_use": span}
    rows = replacement_by_year(**GROUPS, **after)
    assert rows[0] == 0.0
    assert np.all(np.diff(rows) >= 0.0)
    assert rows[-1] == pytest.approx(replacement_cost(**GROUPS, **after))
    later = present_replacement_by_year(**GROUPS, **after, discount_rate=rate)
    wanted = present_replacement_cost(**GROUPS, **after, discount_rate=rate)
    assert later[-1] == pytest.approx(wanted, rel=1e-9)
    assert np.all(later <= rows + 1e-9)


def test_rows_of_many_samples_are_those_of_each_alone():
    spans = np.array([2.5, 5.0, 1.0])
    rows = spent_by_year(1000.0, 100.0, 50.0, spans)
    assert rows.shape == (6, 3)
    for sample, span in enumerate(spans):
        alone = spent_by_year(1000.0, 100.0, 50.0, span)
        assert rows[: len(alone), sample] == pytest.approx(alone)
        assert np.all(rows[len(alone) :, sample] == alone[-1])


# Payback


@quick
@given(st.floats(1.0, 1e5), st.floats(1.0, 1e5), st.floats(1.0, 1e5))
def test_a_dearer_purchase_pays_back_later_and_a_greater_saving_sooner(extra, saved, more):
    years = float(payback_years(0.0, extra, saved, 0.0))
    assert years == pytest.approx(extra / saved)
    assert float(payback_years(0.0, extra + more, saved, 0.0)) >= years
    assert float(payback_years(0.0, extra, saved + more, 0.0)) <= years


def test_nothing_to_pay_back_and_nothing_that_pays():
    assert float(payback_years(100.0, 90.0, 0.0, 5.0)) == 0.0
    assert float(payback_years(0.0, 90.0, 5.0, 5.0)) == math.inf
    assert math.isnan(float(payback_years(0.0, math.nan, 5.0, 1.0)))
    assert math.isnan(float(payback_years(100.0, 90.0, math.nan, 1.0)))


@quick
@given(st.floats(100.0, 1e4), st.floats(100.0, 1e4), rates)
def test_discounted_payback_is_the_closed_form_of_the_textbook(extra, saved, rate):
    """n = -ln(1 - r C/A)/ln(1 + r), met here up to the straight line within a year."""
    span = 30.0
    old = cumulative_present_cost(0.0, 0.0, saved, span, rate)
    new = cumulative_present_cost(extra, 0.0, 0.0, span, rate)
    found = float(discounted_payback_years(old, new, year_end(span)))
    left = 1.0 - rate * extra / saved
    exact = (
        math.inf
        if left <= 0
        else extra / saved
        if rate == 0
        else -math.log(left) / math.log1p(rate)
    )
    if exact > span:
        assert found == math.inf
    else:
        assert math.floor(exact + 1e-9) - 1e-9 <= found <= math.ceil(exact - 1e-9) + 1e-9
        assert found >= extra / saved * (1 - 1e-9)


@quick
@given(st.lists(st.floats(-100.0, 100.0), min_size=2, max_size=12))
def test_discounted_payback_is_the_last_crossing(ahead):
    at = np.arange(len(ahead), dtype=float)
    found = float(discounted_payback_years(np.array(ahead), np.zeros(len(ahead)), at))
    behind = [year for year, value in enumerate(ahead) if value < 0]
    if not behind:
        assert found == 0.0
    elif behind[-1] == len(ahead) - 1:
        assert found == math.inf
    else:
        assert behind[-1] <= found <= behind[-1] + 1
        assert np.interp(found, at, ahead) == pytest.approx(0.0, abs=1e-6)


# Break-even


@quick
@given(money, st.floats(0.1, 1e4), money, st.floats(0.1, 1e4))
def test_lines_meet_at_their_crossing_and_swap_there(fixed, slope, other, steep):
    at = float(crossing(fixed, slope, other, steep))
    assert (at == float(crossing(other, steep, fixed, slope))) or math.isnan(at)
    if math.isnan(at):
        assume(abs(slope - steep) > 1e-9)
        assert (fixed - other) * (slope - steep) >= 0.0
        return
    one, two = fixed + slope * at, other + steep * at
    assert one == pytest.approx(two, rel=1e-6, abs=1e-6)
    before, after = ((fixed + slope * x) - (other + steep * x) for x in (at / 2, at * 2))
    assert before * after <= 0.0 or abs(before * after) < 1e-3


@quick
@given(designs, designs, rates, changes)
def test_at_the_break_even_price_of_electricity_both_cost_the_same(one, two, rate, change):
    two = {**two, "years_of_use": one["years_of_use"]}
    kwh = [one["annual_energy_cost"], two["annual_energy_cost"]]
    rest = [
        present_cost_without_energy(
            each["capital_cost"], each["annual_upkeep_cost"], each["years_of_use"], rate
        )
        for each in (one, two)
    ]
    energy = [present_energy(each, one["years_of_use"], rate, change) for each in kwh]
    price = float(break_even_electricity_price(rest[0], energy[0], rest[1], energy[1]))
    assume(not math.isnan(price))
    assume(price < 1e6)
    costs = [
        net_present_cost(own, present_energy_cost(each * price, one["years_of_use"], rate, change))
        for own, each in zip(rest, kwh, strict=True)
    ]
    assert float(costs[0]) == pytest.approx(float(costs[1]), rel=1e-6, abs=1e-3)
