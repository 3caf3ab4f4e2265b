"""How a scenario knows the power of its machines: readings, shapes, parts, nameplates."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from planner.calibration import calibrate
from planner.calibration.shape_prior import shipped_prior
from planner.evaluation import evaluate_fully
from planner.faults import InputError
from planner.measurements import load_readings
from planner.models.load_curves import load_curve

CASES = json.loads((Path(__file__).parent / "reference" / "power-cases.json").read_text())["cases"]
LEVELS = np.arange(11) / 10
BOARD = (
    "{intel-dq77kb: 1, intel-i3-3220t: 1, ddr3-1600-sodimm-8g: 2, intel-ssd-520-240: 1, "
    "realtek-rtl8168: 1, mini-itx-media-case: 1, mini-itx-brick: 1}"
)
SCENARIO = """
scenario: lab
title: A lab
currency: AUD
site: {{electricity_price: 0.25 AUD/kWh, years_of_use: 5 yr}}
admission: openstack-2013
workload: {{vm: {{count: 1 VM, vcpus: 1, memory: 1 GiB, disk: 10 GB, duty: 10 %}}}}
measurements: [readings.csv]
nodes:
{nodes}
designs:
  lab:
    title: The lab
    groups:
{groups}
"""


@pytest.fixture
def lab(tmp_path):
    """Evaluates a design of some node types, one group of each; returns its cells."""

    def run(nodes, readings="load,watts,reading\n0,10,own\n1,30,own\n", count=1, extra=""):
        (tmp_path / "readings.csv").write_text(readings)
        types = "\n".join(
            f"  {name}: {{parts: {BOARD}, {text}}}" if "parts" not in text else f"  {name}: {text}"
            for name, text in nodes.items()
        )
        groups = "\n".join(
            f"      {name}: {{count: {count}, node: {name}, utilisation: 50 %}}" for name in nodes
        )
        path = tmp_path / "lab.yaml"
        path.write_text(SCENARIO.format(nodes=types, groups=groups) + extra)
        return evaluate_fully(str(path)).designs["lab"]

    return run


def nominal(computed, name):
    return computed.cells()[name].nominal


def band(computed, name):
    return computed.columns.range_of(computed.cells()[name].value)


# From readings


def test_the_node_of_2013_as_the_product_knows_it():
    computed = evaluate_fully("vrt-2013").designs["mini-itx-cluster"]
    curve = computed.cells()["compute.node_load_curve"].value
    assert curve[0, 0] == pytest.approx(10.0, abs=1e-9)
    assert curve[-1, 0] == pytest.approx(30.0, abs=1e-9)
    low, high = np.quantile(computed.columns.samples(curve[5]), [0.05, 0.95])
    assert 16.0 <= low < curve[5, 0] < high <= 23.3
    assert nominal(computed, "compute.node_idle_power") == 10.0
    assert nominal(computed, "compute.node_peak_power") == 30.0


def test_the_curve_is_that_of_calibrate(lab):
    readings = "load,watts,reading\n0,10,own\n0.4,19,own\n1,30,own\n"
    computed = lab({"node": "reading: own"}, readings)
    expected = calibrate([(0.0, 10.0), (0.4, 19.0), (1.0, 30.0)]).mean
    # an exact reading is met to 1e-4 of the power
    assert nominal(computed, "node.node_load_curve") == pytest.approx(expected, abs=3e-3)


def test_the_band_is_that_of_shape_and_meter(lab):
    computed = lab({"node": "reading: own"})
    own = calibrate([(0.0, 10.0), (1.0, 30.0)])
    curve = own.with_common_error()
    samples = computed.columns.samples(computed.cells()["node.node_load_curve"].value[5])
    # 1,000 draws: the correlation of two orders by chance is about 0.03
    assert np.std(samples) == pytest.approx(float(curve.sd(0.5)), rel=0.05)


def test_readings_that_state_their_error_carry_it_themselves(lab):
    readings = "load,watts,sd_w,reading\n0,10,0.7,own\n1,30,1.0,own\n"
    computed = lab({"node": "reading: own"}, readings)
    deviation = dict(computed.cells()["node.node_curve_deviation"].inputs)
    assert not deviation["meter_error"].value.any()
    low, high = band(computed, "node.node_idle_power")[1:]
    assert (low, high) == pytest.approx((10 - 1.645 * 0.7, 10 + 1.645 * 0.7), rel=0.01)
    found = computed.columns.samples(computed.cells()["node.node_load_curve"].value[5])
    expected = calibrate([(0.0, 10.0, 0.7), (1.0, 30.0, 1.0)]).sd(0.5)
    assert np.std(found) == pytest.approx(float(expected), rel=0.05)


@pytest.mark.parametrize(
    ("rows", "basis"),
    [("0,10,own\n1,30,own\n", "calibrated"), ("0,10,own\n0.5,19,own\n1,30,own\n", "measured")],
)
def test_basis_of_the_curve(lab, rows, basis):
    computed = lab({"node": "reading: own"}, "load,watts,reading\n" + rows)
    assert computed.cells()["node.node_load_curve"].basis == basis


def test_power_at_rest_that_nobody_read_has_a_band(lab):
    computed = lab({"node": "reading: own"}, "load,watts,reading\n0.2,15,own\n0.7,24,own\n")
    value, low, high = band(computed, "node.node_idle_power")
    assert low < value < high
    assert value == pytest.approx(calibrate_quietly([(0.2, 15.0), (0.7, 24.0)]).mean[0], rel=1e-6)


def calibrate_quietly(readings):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return calibrate(readings)


def test_a_bound_that_is_not_reached_is_not_the_peak(lab):
    rows = "load,watts,bound,reading\n0,10,,own\n0.5,18,,own\n0.9,26,,own\n1,90,upper,own\n"
    computed = lab({"node": "reading: own"}, rows)
    assert 26.0 < nominal(computed, "node.node_peak_power") < 32.0


def test_power_of_another_place_than_the_wall_is_refused(lab):
    rows = "load,watts,scope,reading\n0,10,rapl,own\n1,30,rapl,own\n"
    with pytest.raises(InputError, match="was read at rapl, which is not what the machine draws"):
        lab({"node": "reading: own"}, rows)


# Adding up


@pytest.fixture
def spread_of(lab):
    """Standard deviation of the mean power of two machines."""
    readings = "load,watts,reading\n0,10,a\n1,30,a\n0,10,b\n1,30,b\n"

    def spread(first, second):
        computed = lab({"one": f"reading: {first}", "two": f"reading: {second}"}, readings)
        return np.std(computed.columns.samples(computed.cells()["mean_power"].value))

    return spread


def test_machines_of_one_type_are_off_together_and_others_in_quadrature(spread_of):
    together, apart = spread_of("a", "a"), spread_of("a", "b")
    # 1,000 draws: the correlation of two orders by chance is about 0.03
    assert together / apart == pytest.approx(np.sqrt(2.0), rel=0.04)


# Without readings


def test_a_server_of_the_catalog_has_the_shape_of_published_servers(lab):
    computed = lab({"node": "{parts: {dell-r320: 1}}"})
    idle, peak = (nominal(computed, f"node.node_{end}_power") for end in ("idle", "peak"))
    shape = (nominal(computed, "node.node_load_curve") - idle) / (peak - idle)
    assert shape == pytest.approx(shipped_prior().mean_at(float(idle / peak)))
    value, low, high = band(computed, "mean_power")
    assert low < value < high


def test_parts_give_an_estimate_whose_band_holds_the_measured_node(lab):
    computed = lab({"node": "note: unread"})
    for end, measured in (("idle", 10.0), ("peak", 30.0)):
        value, low, high = band(computed, f"node.node_{end}_power")
        assert low < measured < high
        assert high / low > 2.0, "an estimate from parts is not precise"
        assert value == pytest.approx(measured, rel=0.3)


def test_the_estimate_is_nearer_than_general_rules(lab):
    """BoaviztaAPI 2.5.0 by TDP: 20.0 W at rest and 64.7 W under full load of the 10 and 30 W."""
    computed = lab({"node": "note: unread"})
    for end, load, measured in (("idle", 0, 10.0), ("peak", 100, 30.0)):
        name = f"boavizta25_server_dq77kb_tdp_{load}"
        rule = next(case["expected"]["value"] for case in CASES if case["id"] == name)
        own = float(nominal(computed, f"node.node_{end}_power"))
        assert abs(own - measured) < abs(rule - measured) / 2


def test_an_atx_supply_costs_what_swaps_have_shown(lab):
    parts = BOARD.replace("mini-itx-brick", "atx-supply")
    brick = lab({"node": "note: brick"})
    atx = lab({"node": f"{{parts: {parts}}}"})
    added = [
        float(nominal(atx, f"node.node_{end}_power") - nominal(brick, f"node.node_{end}_power"))
        for end in ("idle", "peak")
    ]
    swap = next(case for case in CASES if case["id"] == "psu_swap_techradar")["expected"]
    assert added[0] == pytest.approx(swap["idle_w"][0] - swap["idle_w"][1], abs=1.0)
    # under load swaps gave +11 and -2 W: the part's own range is 0 to 10 W
    assert -2.0 < added[1] < swap["load_w"][0] - swap["load_w"][1]


def test_a_nameplate_is_a_wide_guess(lab):
    computed = lab({"node": "power_from: nameplate"})
    value, low, high = band(computed, "node.node_peak_power")
    assert value == pytest.approx(90.0 / 2.7)
    assert low < 90.0 / 4.7 * 1.2
    assert high > 90.0 / 1.5


def test_a_server_by_its_processor_and_year(lab):
    extra = "corrections: {dell-r320: {cpu_tdp: {value: 95 W, reason: its processor}}}\n"
    node = {"node": "{parts: {dell-r320: 1}, power_from: components}"}
    computed = lab(node, extra=extra)
    for end, measured in (("idle", 58.2), ("peak", 171.0)):
        _, low, high = band(computed, f"node.node_{end}_power")
        assert low < measured < high  # Hitachi HA8000/RS110-hHM, the nearest published server
    with pytest.raises(InputError, match=r"has no TDP of `dell-r320`.*add `corrections:"):
        lab(node)


def test_a_processor_without_tdp_is_never_guessed(lab):
    extra = "parts: {cpus: {mystery: {title: A processor, cores: 2, threads: 4}}}\n"
    parts = BOARD.replace("intel-i3-3220t", "mystery")
    with pytest.raises(InputError, match=r"lab.yaml:\d+:\d+: the catalog has no TDP of `mystery`"):
        lab({"node": f"{{parts: {parts}}}"}, extra=extra)


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ("power_from: datasheet", "is built from parts: no data sheet tells its power"),
        ("reading: owm", r"unknown reading `owm`; did you mean `own`"),
        ("power_from: reading", "unknown reading `None`"),
        ("{parts: {mini-itx-media-case: 1}}", "it has no processor to estimate by"),
        ("{parts: {intel-dq77kb: 1, intel-i3-3220t: 1}}", "has no supply of known rating"),
        ("reading: own, load_shape: linear, load_model: {name: fan}", "one load curve"),
        ("reading: own, load_model: {name: linear, exponent: 2.0}", "has no `exponent`"),
        ("reading: own, load_model: {name: interpolation}", "`interpolation` needs `levels`"),
    ],
)
def test_what_a_rung_lacks_is_said(lab, node, message):
    with pytest.raises(InputError, match=message):
        lab({"node": node})


# Formulas of others


@pytest.mark.parametrize(
    ("model", "name", "options"),
    [
        ("{name: constant}", "constant", {}),
        ("{name: square}", "square", {}),
        ("{name: cubic}", "cubic", {}),
        ("{name: square-root}", "sqrt", {}),
        ("{name: fan, exponent: 1.4}", "mse", {"exponent": 1.4}),
        ("{name: asymptotic, saturation: 0.3}", "asymptotic", {"saturation": 0.3}),
        (
            "{name: asymptotic, saturation: 0.3, dvfs: true}",
            "asymptotic",
            {"saturation": 0.3, "dvfs": True},
        ),
    ],
)
def test_formulas_by_name(lab, model, name, options):
    computed = lab({"node": f"reading: own, load_model: {model}"})
    expected = load_curve(name, 10.0, 30.0, **options)(LEVELS)
    assert nominal(computed, "node.node_load_curve") == pytest.approx(expected)
    assert float(nominal(computed, "mean_power")) == pytest.approx(float(expected[5]))


def test_a_table_of_any_number_of_levels(lab):
    model = "{name: interpolation, levels: [100, 180, 200]}"
    computed = lab({"node": f"reading: own, load_model: {model}"})
    expected = np.interp(LEVELS, [0, 0.5, 1], [10.0, 26.0, 30.0])
    assert nominal(computed, "node.node_load_curve") == pytest.approx(expected)


# What is told


def test_explain_tells_readings_prior_and_loads(run):
    text = run("explain", "vrt-2013", "mini-itx-cluster", "mean_power").stdout
    plain = " ".join(text.split())
    assert "10 W at 0% load (catalogs/measurements/vrt-2013.csv:2:1)" in plain
    assert "at most 30 W at 100% load (catalogs/measurements/vrt-2013.csv:3:1)" in plain
    assert "prior derived from SPECpower_ssj2008 results published by SPEC (spec.org)" in plain
    assert "equipment_utilisation = " in plain
    assert "max(1 W, 5 %), the rule for a meter of unstated error" in plain


def test_named_readings_of_any_table(tmp_path):
    path = tmp_path / "box.csv"
    path.write_text("load_percent,watts,sd_w,source,note\n0,10,0.5,me,cold\n50,18,,,\n")
    rows = load_readings(path, "box.csv")["box"]
    assert [row.load for row in rows] == [0.0, 0.5]
    assert str(rows[0].power.mark) == "box.csv:2:1"
    assert (rows[0].power.source, rows[0].power.note) == ("me", "cold")
    assert rows[0].power.low == pytest.approx(10 - 1.645 * 0.5)
    assert rows[1].power.name == "box at load 50 %"
