"""From the machines to the bill: UPS, cooling or PUE, circuits, emissions, savings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import planner
from planner.models import consolidation, energy, facility, power

CASES = json.loads((Path(__file__).parent / "reference" / "power-cases.json").read_text())["cases"]
ROWS = {case["id"]: case for case in CASES}
SCENARIO = """
scenario: rack
title: A rack
currency: AUD
site:
  electricity_price: 0.25 AUD/kWh
  years_of_use: 5 yr
{site}
admission: openstack-2013
workload: {{vm: {{count: 6 VMs, vcpus: 1, memory: 1 GiB, disk: 10 GB, duty: 0.5}}}}
parts:
  servers:
    box: {{title: Box, cores: 4, threads: 4, memory: 16 GiB, idle_power: {idle}, peak_power: {peak},
          power_factor: {factor}, rack_units: 1 U, price: 100 AUD}}
nodes:
  box: {{parts: {{box: 1}}, load_shape: linear}}
designs:
  old: {{title: Old, groups: {{box: {{count: 5, node: box, utilisation: 50 %{group}}}}}}}
  new: {{title: New, groups: {{box: {{count: 2, node: box, utilisation: 50 %{group}}}}}}}
{extra}
"""


@pytest.fixture
def rack(tmp_path):
    """The snapshot of five boxes, and of two, at a site."""

    def evaluate(site="", extra="", idle="100 W", peak="300 W", factor=0.9, group=""):
        path = tmp_path / "rack.yaml"
        own = "\n".join(f"  {line}" for line in site.splitlines())
        path.write_text(
            SCENARIO.format(site=own, extra=extra, idle=idle, peak=peak, factor=factor, group=group)
        )
        return planner.evaluate(str(path))

    return evaluate


UPS = "{rating: 2000 W, no_load_loss: 40 W, proportional_loss: 5 %, battery: 500 Wh}"


def test_a_bare_site_pays_for_what_the_machines_draw(rack):
    found = rack()
    assert found.value("old", "mean_power") == pytest.approx(1000.0)
    assert found.value("old", "facility_energy") == found.value("old", "annual_energy") == 8760.0
    assert found.value("old", "annual_energy_cost") == pytest.approx(2190.0)


def test_a_pue_raises_the_bill_and_not_the_machines(rack):
    found = rack("pue: 1.6")
    assert found.value("old", "annual_energy") == pytest.approx(8760.0)
    assert found.value("old", "facility_energy") == pytest.approx(1.6 * 8760.0)
    assert found.value("old", "annual_energy_cost") == pytest.approx(1.6 * 2190.0)


def test_ups_and_cooling_each_count_once(rack):
    found = rack(f"cooling_cop: 4\nups: {UPS}")
    loss = 40.0 + 0.05 * 1000.0
    assert found.value("old", "ups_loss") == pytest.approx(loss)
    assert found.value("old", "cooling_power") == pytest.approx((1000.0 + loss) / 4.0)
    assert found.value("old", "facility_power") == pytest.approx((1000.0 + loss) * 1.25)
    assert found.value("old", "facility_energy") == pytest.approx((1000.0 + loss) * 1.25 * 8.76)
    peak_loss = 40.0 + 0.05 * 1500.0
    assert found.value("old", "heat") == pytest.approx((1500.0 + peak_loss) * 3.412141633)
    assert found.value("old", "ups_runtime") == pytest.approx(500.0 / (1000.0 + loss))
    assert found.value("old", "ups_load") == pytest.approx(0.75)


@pytest.mark.parametrize("other", [f"ups: {UPS}", "cooling_cop: 3"])
def test_nothing_is_counted_beside_a_pue(run, rack, tmp_path, other):
    with pytest.raises(ValueError, match="a PUE has UPS and cooling in it"):
        rack(f"pue: 1.5\n{other}")
    result = run("compare", str(tmp_path / "rack.yaml"))
    assert result.returncode == 2
    assert result.stderr.count("that would count twice; state either `pue` or") == 1


WATTS = st.floats(1.0, 1e5)
SHARES = st.floats(0.0, 0.5)


@given(WATTS, st.floats(0.0, 100.0), SHARES, SHARES, st.floats(1.0, 10.0), st.floats(0.05, 1.0))
def test_power_energy_and_heat_stay_consistent(watts, a, b, c, cop, price):
    rating = 2e5
    loss = facility.ups_loss(watts, rating, a, b, c)
    cooling = facility.cooling_power(watts, cop, loss)
    total = facility.facility_power(watts, loss, cooling)
    drawn = energy.facility_energy(total)
    assert drawn * 1000.0 / 8760.0 == pytest.approx(total)
    assert energy.annual_energy_cost(drawn, price) == pytest.approx(price * drawn)
    # all that the room draws becomes heat there, and the cooling removes just that
    heat = power.heat_power(watts, facility.ups_peak_loss(watts, rating, a, b, c))
    assert heat == pytest.approx(cop * cooling)
    assert power.heat(heat) == pytest.approx(heat * 3.412141633)


@pytest.mark.parametrize("watts", [10, 20, 30, 300, 1500])
def test_published_rows_of_energy_price_and_emissions(watts):
    case = ROWS[f"energy_{watts}W"]
    inputs, expected = case["inputs"], case["expected"]
    drawn = energy.facility_energy(facility.facility_power(float(inputs["watts"])))
    found = {
        "kwh": drawn,
        "cost": energy.annual_energy_cost(drawn, inputs["price_per_kwh"]),
        "co2e_kg": facility.annual_emissions(drawn, inputs["ef_kg_per_kwh"]),
        "btu_per_h": power.heat(float(inputs["watts"])),
    }
    assert found == pytest.approx(expected, rel=case["tolerance"]["rel"])


def test_air_in_metric_units_is_the_published_flow():
    case = ROWS["cfm"]
    rise = case["inputs"]["delta_t_f"] / 1.8
    flow = facility.airflow(float(case["inputs"]["watts"]), air_temperature_rise=rise)
    # a cubic foot a minute is 1.69901 m3/h; the heat capacity of air has four digits
    assert flow / 1.69901 == pytest.approx(case["expected"]["cfm"], rel=2e-4)


CIRCUITS = """circuits:
  volts: 230 V
  amps: 10 A
  derate: {value: 80 %, basis: assumption, source: a network operators' list}
  per_feed: 1
  feeds: 2"""


@pytest.mark.parametrize(("factor", "nodes"), [(1.0, 61), (0.61, 37)])
def test_nodes_on_a_circuit_are_counted_in_volt_amperes(rack, factor, nodes):
    case = ROWS["au_10A_gpo"]
    found = rack(CIRCUITS, idle="10 W", peak="30 W", factor=factor)
    assert found.value("old", "circuit_capacity") == case["expected"]["usable_w"]
    assert found.value("old", "box.nodes_on_circuit") == nodes
    assert found.value("old", "circuits_needed") == 2


def test_each_feed_carries_everything_alone(rack):
    found = rack(CIRCUITS, peak="400 W")
    assert found.value("old", "feed_load") == pytest.approx(5 * 400.0 / 0.9 / 1840.0)
    (finding,) = (item for item in found.design("old")["findings"] if item["code"] == "EPWR01")
    assert "121% of what one feed may carry" in finding["message"]
    assert not [item for item in found.design("new")["findings"] if item["code"] == "EPWR01"]


def test_three_phases(rack):
    found = rack(CIRCUITS.replace("230 V", "400 V").replace("10 A", "16 A\n  phases: 3"))
    expected = 0.8 * ROWS["three_phase"]["expected"]["capacity_va"]
    assert found.value("old", "circuit_capacity") == pytest.approx(expected)


def test_a_derating_and_a_factor_name_who_says_so(rack):
    with pytest.raises(ValueError, match="a derating differs between jurisdictions"):
        rack(
            CIRCUITS.replace(
                "{value: 80 %, basis: assumption, source: a network operators' list}", "0.8"
            )
        )
    with pytest.raises(ValueError, match="an emission factor needs its source"):
        rack("grid: {intensity: 0.8 kg/kWh, region: Queensland, year: 2013}")


def test_emissions_name_region_and_year(run, rack, tmp_path):
    fact = "{value: 0.8 kg/kWh, basis: datasheet, source: Clean Energy Regulator}"
    found = rack(f"grid: {{intensity: {fact}, region: Queensland, year: 2022}}")
    assert found.value("old", "annual_emissions") == pytest.approx(0.8 * 8760.0)
    text = run("explain", str(tmp_path / "rack.yaml"), "old", "annual_emissions").stdout
    assert "source: Clean Energy Regulator" in text
    assert "Queensland, 2022" in text


# What is saved


def test_every_design_is_held_against_the_one_it_replaces(rack):
    found = rack("pue: 1.5", extra="baseline: old")
    assert found.value("new", "annual_energy_saving") == pytest.approx(1.5 * 3 / 5 * 8760.0)
    assert found.value("new", "annual_energy_cost_saving") == pytest.approx(1.5 * 3 / 5 * 2190.0)
    assert "annual_energy_saving" not in found.design("old")["quantities"]


def test_what_both_share_cancels_out_of_a_saving(rack):
    found = rack(extra="baseline: old", peak="{value: 300 W, low: 200 W, high: 400 W}")
    old, saved = (
        found.design(name)["quantities"][key]
        for name, key in (("old", "facility_energy"), ("new", "annual_energy_saving"))
    )
    assert saved["high"] - saved["low"] == pytest.approx(0.6 * (old["high"] - old["low"]), rel=1e-6)


def test_an_unknown_baseline_is_refused(rack):
    with pytest.raises(ValueError, match=r"unknown design `odl`; did you mean `old`"):
        rack(extra="baseline: odl")


def test_a_saving_is_derived_down_to_the_old_design(run):
    text = run("explain", "vrt-2013", "mini-itx-cluster", "annual_energy_saving").stdout
    assert "= baseline_facility_energy - facility_energy" in text
    assert "legacy-300w.peak_power" in text
    assert "vrt-node at load 0" in text


def test_nodes_off_at_night_save_their_power_at_rest(rack):
    found = rack(group=", night: {hours: 8 h, nodes_off: 1}")
    # a straight line: the load costs the same wherever it runs, up to full load
    assert found.value("old", "consolidation_saving") == pytest.approx(100.0 * 8 * 365 / 1000)
    assert found.value("old", "consolidation_cost_saving") == pytest.approx(292.0 * 0.25)
    assert found.value("old", "consolidated_load") == pytest.approx(0.5 * 5 / 4)


def test_too_many_nodes_off_are_found(rack):
    found = rack(group=", night: {hours: 8 h, nodes_off: 3}")
    (finding,) = (item for item in found.design("old")["findings"] if item["code"] == "EPWR07")
    assert "125% load" in finding["message"]


@given(st.integers(1, 20), st.floats(0.0, 1.0), st.data())
def test_consolidation_saves_on_any_curve_that_rises_and_starts_above_zero(count, load, data):
    off = data.draw(st.integers(0, count - 1))
    idle, rise = data.draw(st.floats(1.0, 300.0)), data.draw(st.floats(0.0, 300.0))
    load = min(load, (count - off) / count)
    curve = idle + rise * np.linspace(0.0, 1.0, 11)[:, np.newaxis]
    groups = (np.array([float(value)]) for value in (count, load, off, 8.0))
    items, utilisation, nodes_off, hours = groups
    saved = consolidation.consolidation_saving(items, curve, utilisation, nodes_off, hours)
    assert float(saved) == pytest.approx(off * idle * 8.0 * 0.365, rel=1e-9, abs=1e-9)


def test_power_of_a_vm_marginal_and_full():
    case = ROWS["blog_node"]
    idle, full = (point["watts"] for point in case["inputs"]["points"])
    vms = case["inputs"]["points"][1]["vms"]
    marginal = power.marginal_power_per_vm(float(full), float(idle), float(vms))
    assert marginal == pytest.approx(case["expected"]["marginal_w_per_vm_if_linear"])
    assert power.power_per_vm(full, vms) == case["expected"]["all_in_w_per_vm"]


def test_tables_of_the_site_appear_where_it_has_them(run, rack, tmp_path):
    rack(f"ups: {UPS}\n{CIRCUITS}", extra="baseline: old")
    text = run("compare", str(tmp_path / "rack.yaml")).stdout
    assert "Circuits and UPS" in text
    assert "on battery" in text
    assert max(map(len, text.splitlines())) <= 100
    assert "Circuits and UPS" not in run("compare", "vrt-2013").stdout
