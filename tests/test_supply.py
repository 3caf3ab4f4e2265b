"""Supplies, UPS, cooling, energy and circuits against published rows."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.models.circuits import (
    apparent_power,
    circuit_capacity,
    circuit_current,
    items_on_circuit,
)
from planner.models.load_curves import linear
from planner.models.supply import (
    EIGHTY_PLUS,
    EIGHTY_PLUS_LOADS,
    airflow,
    brick_efficiency,
    emissions,
    energy_drawn,
    facility_power_by_parts,
    facility_power_by_pue,
    loss_terms,
    refrigeration_tons,
    stepped_input_power,
    supply_loss,
)

CASES = json.loads((Path(__file__).parent / "reference" / "power-cases.json").read_text())["cases"]
ROWS = {case["id"]: case for case in CASES}


def rows(kind, having=None):
    chosen = [case for case in CASES if case["kind"] == kind]
    chosen = [case for case in chosen if having is None or having in case["inputs"]]
    assert chosen
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case["id"])


def near(case, key=None):
    expected = case["expected"] if key is None else case["expected"][key]
    return pytest.approx(expected, **case["tolerance"])


@rows("psu", having="eff_steps")
def test_stepped_supply(case):
    inputs = case["inputs"]
    steps = {float(load): efficiency for load, efficiency in inputs["eff_steps"].items()}
    table = list(steps), list(steps.values())
    assert stepped_input_power(inputs["dc_load_w"], inputs["rated_w"], *table) == near(case)


@rows("psu", having="nameplate_out_w")
def test_bricks(case):
    assert brick_efficiency(case["inputs"]["nameplate_out_w"]) == near(case)


def test_bricks_above_49_watts():
    assert list(brick_efficiency([49.1, 120.0])) == [0.87, 0.87]
    assert np.isnan(brick_efficiency(np.nan))


def test_eighty_plus():
    case = ROWS["eighty_plus_table"]
    assert list(EIGHTY_PLUS_LOADS) == case["inputs"]["load_points"]
    table = {
        name: {
            badge: [None if math.isnan(one) else one for one in values]
            for badge, values in badges.items()
        }
        for name, badges in EIGHTY_PLUS.items()
    }
    assert table == case["expected"]


@pytest.mark.parametrize("badges", EIGHTY_PLUS.values(), ids=EIGHTY_PLUS)
def test_terms_go_through_the_certified_points(badges):
    for efficiencies in badges.values():
        loads = np.array(EIGHTY_PLUS_LOADS[1:])
        terms = loss_terms(loads, efficiencies[1:])
        output = 500.0 * loads
        drawn = output + supply_loss(output, 500.0, *terms)
        assert output / drawn == pytest.approx(efficiencies[1:])


def test_terms_of_gold_are_a_bound_at_low_load():
    # published: a = 2.6 % of the rating, b about 0, c = 0.128; 22 W fixed on 850 W
    a, b, c = loss_terms((0.2, 0.5, 1.0), EIGHTY_PLUS["115V internal"]["gold"][1:])
    assert a == pytest.approx(0.026, abs=5e-4)
    assert b == pytest.approx(0.0, abs=5e-3)
    assert c == pytest.approx(0.128, abs=5e-4)
    bound = supply_loss(0.0, 850.0, a, b, c)
    assert bound == pytest.approx(22, abs=0.5)
    # the whole machine was measured at 22 W at rest on such a supply, and at 15 W on another
    whole = ROWS["psu_swap_techradar"]["expected"]["idle_w"]
    assert bound > whole[0] - whole[1] + ROWS["psu_swap_techradar"]["tolerance"]["abs"]


@given(st.floats(0, 100), st.floats(0, 0.05), st.floats(0, 0.2), st.floats(0, 0.2))
def test_losses_rise_with_the_output_and_with_units_that_idle(output, a, b, c):
    more = supply_loss(output + 1.0, 100.0, a, b, c)
    assert 0 <= supply_loss(output, 100.0, a, b, c) <= more
    assert supply_loss(0.0, 100.0, a, b, c, units=2) == pytest.approx(2 * 100.0 * a)


def test_a_redundant_pair_pays_the_loss_at_no_load_twice():
    one = supply_loss(50.0, 100.0, 0.05, 0.02, 0.0)
    assert supply_loss(50.0, 100.0, 0.05, 0.02, 0.0, units=2) - one == pytest.approx(5.0)


def ccf_power(inputs):
    """Mean watts of a row of Cloud Carbon Footprint over its hours, and the hours."""
    if "min_w" in inputs:
        # TRAP: a utilisation of 1.0 there means 1 %
        load = inputs["util_percent"] / 100
        return linear(inputs["min_w"], inputs["max_w"], load), inputs["vcpu_hours"]
    if "average_w" in inputs:
        return inputs["average_w"], inputs["hours"]
    if "tb_hours" in inputs:
        return inputs["wh_per_tbh"], inputs["tb_hours"]
    if "gb_hours" in inputs:
        return 1000 * inputs["kwh_per_gbh"], inputs["gb_hours"]
    return 1000 * inputs["kwh_per_gb"], inputs["gb"]


@rows("energy")
def test_energy_and_emissions(case):
    inputs = case["inputs"]
    watts, hours = ccf_power(inputs)
    drawn = energy_drawn(facility_power_by_pue(watts, inputs["pue"]), hours)
    drawn *= inputs.get("replication", 1)
    assert drawn == near(case, "kwh")
    assert emissions(drawn, 1000 * inputs["ef_t_per_kwh"]) / 1000 == near(case, "co2e_t")


@rows("energy_cost")
def test_energy_of_a_year(case):
    inputs = case["inputs"]
    drawn = energy_drawn(inputs["watts"], inputs["hours"])
    assert drawn == near(case, "kwh")
    assert drawn * inputs["price_per_kwh"] == near(case, "cost")
    assert emissions(drawn, inputs["ef_kg_per_kwh"]) == near(case, "co2e_kg")


def test_a_year_has_8760_hours():
    case = ROWS["year_hours_trap"]
    assert energy_drawn(case["inputs"]["watts"], 8760.0) == near(case, "kwh_8760")
    assert energy_drawn(case["inputs"]["watts"], 8766.0) == near(case, "kwh_julian_8766")


@rows("cooling")
def test_airflow(case):
    rise = case["inputs"]["delta_t_f"] / 1.8
    # 5118 / 21.7 = 235.85253; the row has three decimals, coarser than its stated tolerance
    expected = pytest.approx(case["expected"]["cfm"], abs=5e-4)
    assert airflow(case["inputs"]["watts"], rise) == expected


def test_refrigeration():
    case = ROWS["btu_ton"]
    assert refrigeration_tons(case["expected"]["ton_refrigeration_w"]) == pytest.approx(1, rel=1e-6)


def test_nodes_for_the_power_of_a_server_and_a_rack():
    rack = ROWS["rack_5x300"]
    case = ROWS["blog_replacement"]
    inputs, expected = case["inputs"], case["expected"]
    assert sum(rack["inputs"]["nodes"]) == rack["expected"] == inputs["old_w"]
    most, least = inputs["new_max_w"], inputs["new_idle_w"]
    assert (
        items_on_circuit(rack["inputs"]["nodes"][0], most)
        == (expected["nodes_at_max_for_one_legacy_server"])
    )
    assert items_on_circuit(inputs["old_w"], most) == expected["nodes_at_max_for_rack"]
    assert items_on_circuit(inputs["old_w"], least) == expected["idle_nodes_for_rack"]


@rows("circuit", having="continuous")
def test_continuous_load_of_a_breaker(case):
    usable = circuit_capacity(case["inputs"]["breaker_a"], 1.0, derate=1 / 1.25)
    assert usable == pytest.approx(case["expected"])


@pytest.mark.parametrize("name", ["au_cold_aisle", "au_hot_aisle"])
def test_circuit_in_a_warm_aisle(name):
    case = ROWS[name]
    inputs = case["inputs"]
    volts, thermal = inputs["volts"], inputs.get("thermal", 1.0)
    usable = circuit_capacity(inputs["breaker_a"], volts, inputs["derate"], thermal)
    assert circuit_current(usable, volts) == near(case, "amps")
    assert usable * inputs["pf"] == near(case, "watts")


def test_nodes_on_an_outlet():
    case = ROWS["au_10A_gpo"]
    inputs = case["inputs"]
    usable = circuit_capacity(inputs["breaker_a"], inputs["volts"], inputs["derate"])
    assert usable * inputs["pf"] == near(case, "usable_w")
    node = apparent_power(inputs["node_max_w"], inputs["pf"])
    assert items_on_circuit(usable, node) == near(case, "nodes")
    # published beside it: 37 nodes at a power factor of 0.61
    assert items_on_circuit(usable, apparent_power(inputs["node_max_w"], 0.61)) == 37


def test_three_phases():
    case = ROWS["three_phase"]
    inputs = case["inputs"]
    capacity = circuit_capacity(inputs["line_a"], inputs["line_v"], phases=3)
    assert capacity == near(case, "capacity_va")
    assert circuit_current(capacity, inputs["line_v"], phases=3) == pytest.approx(inputs["line_a"])


def test_current_needs_apparent_power():
    case = ROWS["pf_ampere_trap"]
    inputs = case["inputs"]
    assert circuit_current(inputs["s_va"], inputs["v"]) == near(case, "amps_from_va")
    assert circuit_current(inputs["p_w"], inputs["v"]) == near(case, "amps_from_w")
    # the plug rounds its power factor to two digits
    assert apparent_power(inputs["p_w"], inputs["pf"]) == pytest.approx(inputs["s_va"], rel=0.01)


def test_every_row_of_these_kinds_was_taken():
    circuits = {case["id"] for case in CASES if case["kind"] == "circuit"}
    assert circuits == {
        *("nec80_15A", "nec80_20A", "nec80_30A", "au_cold_aisle", "au_hot_aisle", "au_10A_gpo"),
        *("three_phase", "pf_ampere_trap"),
    }


def test_cooling_by_parts_without_cooling_and_by_pue():
    assert facility_power_by_parts(100.0, 10.0, np.inf) == 110.0
    assert facility_power_by_parts(np.array([100.0, 200.0]), 0.0, 4.0) == pytest.approx([125, 250])
    assert facility_power_by_pue([100.0, 200.0], 1.0) == pytest.approx([100, 200])


@pytest.mark.parametrize(
    "call",
    [
        lambda x: supply_loss(x, 100.0, 0.02, 0.02, 0.02),
        lambda x: stepped_input_power(x, 100.0, (0.5, 1.0), (0.8, 0.9)),
        lambda x: brick_efficiency(x),
        lambda x: facility_power_by_pue(x, 1.5),
        lambda x: facility_power_by_parts(x, 5.0, 3.0),
        lambda x: airflow(x, 10.0),
        lambda x: apparent_power(x, 0.9),
        lambda x: circuit_current(x, 230.0),
        lambda x: circuit_capacity(x, 230.0, 0.8),
        lambda x: items_on_circuit(x, 30.0),
        lambda x: energy_drawn(x, 10.0),
    ],
)
def test_arrays_agree_with_scalars_and_unknown_stays_unknown(call):
    values = [10.0, 60.0, np.nan]
    result = call(np.array(values))
    assert list(result[:2]) == [call(one) for one in values[:2]]
    assert np.isnan(result[2])
    assert np.isnan(call(np.nan))


def test_above_the_last_step_nothing_is_known():
    assert np.isnan(stepped_input_power(101.0, 100.0, (0.5, 1.0), (0.8, 0.9)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: supply_loss(-1.0, 5.0, 0, 0, 0), "rated_power positive, got -1.0 and 5.0 W"),
        (lambda: supply_loss(1.0, 0.0, 0, 0, 0), "rated_power positive, got 1.0 and 0.0 W"),
        (lambda: loss_terms((0.2, 1.0), (0.9, 0.9)), "three loads and three efficiencies"),
        (lambda: loss_terms((0.0, 0.5, 1), (0.9, 0.9, 0.9)), "loads must be above 0"),
        (lambda: loss_terms((0.2, 0.5, 1), (0.9, 1.1, 0.9)), "efficiencies within 0 .. 1"),
        (lambda: brick_efficiency(1.0), "must be above 1 W, got 1.0"),
        (lambda: facility_power_by_pue(1.0, 0.9), "pue must be 1 or more, got 0.9"),
        (lambda: facility_power_by_parts(1.0, 0.0, 0.0), "cooling_cop must be positive, got 0.0"),
        (lambda: airflow(1.0, 0.0), "temperature_rise must be positive, got 0.0"),
        (lambda: apparent_power(1.0, 0.0), "above 0 and at most 1, got 0.0"),
        (lambda: apparent_power(1.0, 1.01), "above 0 and at most 1, got 1.01"),
        (lambda: circuit_current(1.0, 230.0, phases=2), "1 or 3 phases, got 2"),
        (lambda: circuit_capacity(1.0, 230.0, 1.1), "derate and thermal .* got 1.1"),
        (lambda: circuit_capacity(1.0, 230.0, thermal=0.0), "derate and thermal .* got 0.0"),
        (lambda: items_on_circuit(1.0, 0.0), "item_apparent_power must be positive, got 0.0"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
