"""Estimates of power without a meter, against machines that were measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.catalog import shipped_catalog
from planner.models import brick_class, nameplate_class, server_class
from planner.models.supply import brick_efficiency

CASES = json.loads((Path(__file__).parent / "reference" / "power-cases.json").read_text())["cases"]
ROWS = {case["id"]: case for case in CASES}
CLASSES = {
    name: shipped_catalog().entries[name]
    for name in ("mini-itx-class", "server-class", "nameplate-class")
}


def terms(name):
    return np.array([fact.value for fact in getattr(CLASSES["server-class"].part, name)])


def estimate(end, tdp, chips, gigabytes, year):
    function = getattr(server_class, f"estimated_{end}_power")
    return float(function(terms(f"{end}_terms"), tdp, chips, gigabytes * 1e9, (year - 2012) / 10))


def factors(end):
    fact = CLASSES["server-class"].fact(f"{end}_factor")
    return fact.low, fact.high


# TDP and year of the results are not in the rows: processor's designation and its year of sale.
SERVERS = [
    (case["id"], 45.0, 1, 2012)
    for case in CASES
    if case["kind"] == "curve" and case["inputs"]["cpu"] == "Intel Xeon E3-1265LV2"
]


@pytest.mark.parametrize(("name", "tdp", "chips", "year"), SERVERS)
def test_published_servers_lie_in_the_band_of_their_class(name, tdp, chips, year):
    case = ROWS[name]
    for end, measured in (("idle", case["expected"][0]), ("peak", case["expected"][-1])):
        low, high = factors(end)
        found = estimate(end, tdp, chips, case["inputs"]["mem_gb"], year)
        assert low * found < measured < high * found


@pytest.mark.parametrize(
    ("end", "tdp", "chips", "gigabytes", "year", "expected"),
    # by hand from the published terms: exp(c0 + c1 ln TDP n + c2 ln GB + c3 n + c4 t + c5 t^2)
    [
        ("idle", 100.0, 1, 1.0, 2012, 14.8934),
        ("peak", 100.0, 1, 1.0, 2012, 76.8032),
        ("peak", 100.0, 1, 1.0, 2022, 50.5643),
    ],
)
def test_the_regression_by_hand(end, tdp, chips, gigabytes, year, expected):
    assert estimate(end, tdp, chips, gigabytes, year) == pytest.approx(expected, rel=1e-4)


@given(st.floats(5.0, 300.0), st.integers(1, 4), st.floats(1.0, 1000.0), st.floats(1.0, 3.0))
def test_more_of_anything_draws_more(tdp, chips, gigabytes, times):
    for end in ("idle", "peak"):
        base = estimate(end, tdp, chips, gigabytes, 2015)
        assert estimate(end, times * tdp, chips, gigabytes, 2015) >= base
        assert estimate(end, tdp, chips + 1, gigabytes, 2015) > base
        assert estimate(end, tdp, chips, times * gigabytes, 2015) >= base


# W at rest and under load of machines behind a brick or picoPSU, and TDP; None where not stated.
SMALL = [
    ("2013 plan", 35.0, 10.0, 30.0),
    ("DQ77KB with a Pentium", 55.0, 17.0, 56.0),
    ("B75IA with picoPSU", None, 15.0, 25.0),
    ("N100 board", 6.0, 6.5, 15.5),
]


def small_class(board, rise, tdp, fed_idle, fed_peak):
    rating = 90.0
    terms = (0.5 / rating, 1.0 / float(brick_efficiency(rating)) - 1.0 - 0.0116)
    count = np.ones(1)
    idle = brick_class.idle_output_power(board, count, np.array([fed_idle]))
    peak = brick_class.peak_output_power(board, rise, 1.0, tdp, count, np.array([fed_peak]))
    return (
        float(brick_class.estimated_idle_power(idle, rating, *terms)),
        float(brick_class.estimated_peak_power(peak, rating, *terms)),
    )


@pytest.mark.parametrize(("tdp", "idle", "peak"), [row[1:] for row in SMALL])
def test_the_class_of_small_boards_holds_what_it_was_calibrated_on(tdp, idle, peak):
    own = CLASSES["mini-itx-class"]
    board, rise = own.fact("board_power"), own.fact("cpu_rise")
    least = small_class(board.low, rise.low, tdp or 17.0, 1.0, 3.0)
    most = small_class(board.high, rise.high, tdp or 77.0, 4.0, 9.0)
    assert least[0] < idle < most[0]
    assert least[1] < peak < most[1]


def test_the_supply_is_a_stage_of_its_own():
    """A brick of 90 W at its mean certified efficiency of 87 %."""
    loads = np.array([0.25, 0.5, 0.75, 1.0]) * 90.0
    wall = brick_class.estimated_peak_power(loads, 90.0, 0.5 / 90.0, 1.0 / 0.87 - 1.0 - 0.011574)
    assert np.mean(wall / loads) == pytest.approx(1.0 / 0.87, rel=1e-4)


def test_ratings_are_far_above_the_draw():
    """Five small published servers: even further below their rating than the usual one."""
    own = CLASSES["nameplate-class"].fact("rating_over_peak")
    cases = [case for case in CASES if case["kind"] == "curve"]
    assert len(cases) == 5
    for case in cases:
        rating = float(case["inputs"]["psu"].removeprefix("1 x "))
        likely, most = (
            float(nameplate_class.estimated_peak_power(rating, ratio))
            for ratio in (own.value, own.low)
        )
        assert case["expected"][-1] < likely < most < rating


def test_what_swaps_of_supplies_have_shown_lies_in_the_range_of_the_part():
    atx = shipped_catalog().entries["atx-supply"]
    case = ROWS["psu_swap_toms"]
    margin = case["tolerance"]["abs"]
    idle, peak = atx.fact("idle_power"), atx.fact("peak_power")
    assert idle.low - margin <= case["expected"]["idle_delta_w"] <= idle.high + margin
    # under load one swap saved 2 W, which the part does not go down to
    assert case["expected"]["load_delta_w"] < peak.low


def test_the_processor_of_the_node_has_the_published_tdp():
    tdp = shipped_catalog().entries["intel-i3-3220t"].fact("tdp")
    assert tdp.value == ROWS["codecarbon_tdp_i3_3220T"]["expected"]


def test_estimates_of_others_miss_the_measured_node():
    """They are kept as a reference and are no targets: why the product has classes of its own."""
    threads = ROWS["ccf_ivybridge_i3_3220T"]["expected"]
    table = ROWS["ccf_uarch_Ivy_Bridge"]["expected"]
    assert threads["max_w"] == pytest.approx(4 * table["max_w_per_thread"], rel=2e-3)
    assert threads["idle_w"] < 10.0
    assert threads["max_w"] < 30.0
    rules = [case for case in CASES if case["kind"] == "server_estimate"]
    node = [case["expected"]["value"] for case in rules if "dq77kb_tdp" in case["id"]]
    by_name = [case["expected"]["value"] for case in rules if "dq77kb_nameonly" in case["id"]]
    assert min(node) > 1.9 * 10.0
    assert max(node) > 2 * 30.0
    assert max(by_name) > 10 * 30.0
