"""Energy and its price, against recorded rows."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.models.energy import annual_energy, annual_energy_cost, facility_energy
from planner.units import convert

REFERENCE = Path(__file__).parent.parent / "reference"
CASES = json.loads((REFERENCE / "power-cases.json").read_text())["cases"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["kind"] == "energy_cost"], ids=lambda case: case["id"]
)
def test_energy_and_its_price(case):
    inputs, expected, rel = case["inputs"], case["expected"], case["tolerance"]["rel"]
    energy = annual_energy(inputs["watts"], inputs["hours"])
    assert energy == pytest.approx(expected["kwh"], rel=rel)
    cost = annual_energy_cost(energy, inputs["price_per_kwh"])
    assert cost == pytest.approx(expected["cost"], rel=rel)


def test_a_year_has_8760_hours():
    case = next(case for case in CASES if case["id"] == "year_hours_trap")
    energy = annual_energy(case["inputs"]["watts"])
    assert energy == pytest.approx(case["expected"]["kwh_8760"], rel=case["tolerance"]["rel"])


@given(st.floats(0.001, 1e7), st.floats(0.0, 8760.0))
def test_energy_is_power_times_time(power, hours):
    by_units = convert(power * hours, "W*h", "kWh")
    assert annual_energy(power, hours) == pytest.approx(by_units, rel=1e-12)
    assert facility_energy(power, hours) == annual_energy(power, hours)
