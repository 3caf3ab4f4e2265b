"""`planner sensitivity`: swings, shares, and what turns a verdict."""

import csv
import io
import json
from functools import cache

import numpy as np
import pytest
from kit import planner

from planner.decision.cases import AlignedCases
from planner.decision.sensitivity import main_inputs
from planner.evaluation import evaluate, evaluate_fully
from planner.ranges import thing_of
from planner.report.sensitivity import sensitivity_text

TURNS = """\
scenario: turns
title: One input turns a requirement
extends: vrt-2013
requirements:
  - {text: it stays cheap, quantity: total_cost, at_most: 27000 AUD}
"""


@cache
def asked(*more):
    result = planner("sensitivity", "vrt-2013", *more, "-f", "json")
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_a_swing_is_what_the_scenario_gives_with_that_input_there(tmp_path):
    """Each end is written into a scenario of its own and computed anew."""
    found = asked("rack-1u")
    swing = next(item for item in found["swings"] if item["input"] == "site.labour_per_node")
    for end, hours in (("low", 1), ("high", 8)):
        path = tmp_path / f"{end}.yaml"
        path.write_text(
            f"scenario: x\ntitle: x\nextends: vrt-2013\nsite: {{labour_per_node: {hours} h}}\n"
        )
        again = evaluate(str(path)).value("rack-1u", "total_cost")
        assert swing[end] == pytest.approx(again, rel=1e-9)
    (fact,) = swing["facts"]
    assert (fact["low"], fact["value"], fact["high"], fact["unit"]) == (1.0, 3.0, 8.0, "h")


def test_swings_are_sorted_and_start_with_the_recommended_design():
    found = asked()
    assert (found["design"], found["quantity"], found["unit"]) == ("rack-1u", "total_cost", "AUD")
    sizes = [abs(item["high"] - item["low"]) for item in found["swings"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(item["share"] for item in found["swings"]) == pytest.approx(1.0, abs=0.1)


def test_what_a_requirement_hangs_on_is_of_the_design_itself():
    """Whatever else goes along with it by chance, here with the toss of a coin."""
    cases = AlignedCases(evaluate_fully("vrt-2013").designs)
    tossed = np.random.default_rng(1).integers(0, 2, cases.draws).astype(float)
    for name, computed in cases.designs.items():
        own = {thing_of(fact) for fact in computed.plan.facts() if fact.has_range}
        found = main_inputs(cases, name, tossed)
        assert found
        assert set(found) <= own < set(cases.things)


def test_what_two_designs_share_cancels_out_of_their_difference():
    """A shared price per kWh moves the difference by the difference of the energies only."""
    snapshot = evaluate("vrt-2013")
    found = asked("mini-itx-cluster", "--against", "mini-itx-cluster-4")
    energy = [
        snapshot.value(name, "facility_energy")
        for name in ("mini-itx-cluster", "mini-itx-cluster-4")
    ]
    swing = next(item for item in found["swings"] if item["input"] == "site.electricity_price")
    years, price_range = 5, 0.30 - 0.22
    expected = years * price_range * (energy[0] - energy[1])
    assert swing["high"] - swing["low"] == pytest.approx(expected)


def test_an_input_that_turns_the_order_is_told():
    found = asked("rack-1u", "--against", "mini-itx-cluster", "-q", "mean_power")
    assert found["value"] < 0.0
    (turn,) = [item for item in found["turns"] if "has more" in item["text"]]
    assert (turn["input"], turn["end"], turn["holds"]) == ("dell-r320.power", "high", True)
    swing = next(item for item in found["swings"] if item["input"] == "dell-r320.power")
    assert swing["high"] > 0.0
    assert {fact["name"] for fact in swing["facts"]} == {
        "dell-r320.idle_power",
        "dell-r320.peak_power",
    }


def test_an_input_that_turns_a_requirement_is_told(tmp_path):
    path = tmp_path / "turns.yaml"
    path.write_text(TURNS)
    found = json.loads(planner("sensitivity", str(path), "rack-1u", "-f", "json").out)
    turned = {item["input"] for item in found["turns"]}
    beyond = {item["input"] for item in found["swings"] if item["high"] > 27_000.0}
    assert turned == beyond
    assert turned
    assert '"rack-1u: it stays cheap" no longer holds.' in " ".join(
        planner("sensitivity", str(path), "rack-1u").out.split()
    )


def test_text_shows_the_widest_and_counts_the_others():
    text = planner("sensitivity", "vrt-2013", "rack-1u", "--top", "3").out
    assert max(map(len, text.splitlines())) <= 100
    number = len(asked("rack-1u")["swings"]) - 3
    assert f"and {number} smaller, each at most" in text
    page = planner("sensitivity", "vrt-2013", "rack-1u", "--top", "3", "-f", "md").out
    assert page.startswith("# total\\_cost of rack-1u: ")
    assert f"- and {number} smaller" in page


def test_rows_hold_every_swing():
    rows = list(csv.DictReader(io.StringIO(planner("sensitivity", "vrt-2013", "-f", "csv").out)))
    found = asked()
    assert list(dict.fromkeys(row["input"] for row in rows)) == [
        item["input"] for item in found["swings"]
    ]
    assert float(rows[0]["swing"]) == pytest.approx(10_000.0)


def test_an_unknown_result_is_told_not_varied():
    found = asked("legacy-rack", "-q", "spare_ports_1g")
    assert (found["value"], found["swings"]) == (None, [])
    text = planner("sensitivity", "vrt-2013", "legacy-rack", "-q", "spare_ports_1g").out
    assert "spare_ports_1g of legacy-rack is unknown" in text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["rack-2u"], "rack-2u: no such design; did you mean `rack-1u`?"),
        (["rack-1u", "--against", "x"], "x: no such design"),
        (["rack-1u", "-q", "vmz"], "vmz: rack-1u has no such quantity; did you mean `vms`?"),
    ],
)
def test_names_that_are_not_there_are_told(more, told):
    result = planner("sensitivity", "vrt-2013", *more)
    assert result.code == 2
    assert told in result.err


def test_the_snapshot_holds_the_tornados_of_cost_and_power(snapshot):
    found = snapshot.data["sensitivity"]
    assert {(item["design"], item["quantity"]) for item in found} == {
        (design["id"], quantity)
        for design in snapshot.designs
        for quantity in ("total_cost", "mean_power")
    }
    for item in found:
        assert len(item["swings"]) <= 12
        assert item["value"] == snapshot.value(item["design"], item["quantity"])
    mine = next(item for item in found if item["design"] == "rack-1u")
    assert mine["swings"] == asked("rack-1u")["swings"][:12]


def test_a_step_that_both_ends_take_alike_has_a_bar():
    swing = {"input": "memory", "low": 8.0, "high": 8.0, "share": None, "facts": []}
    found = {"design": "one", "against": None, "quantity": "vms", "unit": "vm", "value": 10.0,
             "draws": 0, "swings": [swing], "turns": []}  # fmt: skip
    assert f"#{'.' * 23}" in sensitivity_text(found, 12)
