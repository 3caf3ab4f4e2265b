"""What has to be bought, and how far a price reaches."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest
from kit import computed, few_draws, planner, write_alone, write_small  # noqa: F401

from planner.evaluation import evaluate, evaluate_fully

pytestmark = pytest.mark.usefixtures("few_draws")
SHIPPED = "vrt-2013"


def corrected(folder, part, fact, value, base=SHIPPED):
    """The shipped scenario with one fact of one part changed."""
    path = folder / "corrected.yaml"
    change = {part: {fact: {"value": value, "reason": "a what-if"}}}
    path.write_text(json.dumps({"extends": base, "corrections": change}))
    return str(path)


def bill(path, design):
    return json.loads(planner("bom", path, design, "--format", "json").out)


# The bill


@pytest.fixture(scope="module")
def shipped():
    return evaluate(SHIPPED)


def test_lines_add_up_to_the_capital_cost(shipped):
    for design in shipped.designs:
        total = sum(line["total_price"]["value"] for line in design["bill_of_materials"])
        assert total == pytest.approx(design["quantities"]["capital_cost"]["value"], rel=1e-9)


def test_a_line_is_parts_an_item_times_items_times_price(shipped):
    lines = shipped.design("mini-itx-cluster")["bill_of_materials"]
    (disks,) = [line for line in lines if line["part"] == "seagate-st3000vx000"]
    assert (disks["group"], disks["per_item"], disks["items"]) == ("storage", 2.0, 3.0)
    assert disks["quantity"] == 6.0
    price, total = disks["unit_price"], disks["total_price"]
    assert (price["value"], price["low"], price["high"], price["unit"]) == (150, 130, 180, "AUD")
    assert (total["value"], total["low"], total["high"]) == (900, 780, 1080)
    assert price["basis"] == "assumption"
    assert price["where"].startswith("catalogs/drives.yaml:")


def test_what_is_owned_is_listed_and_costs_nothing(shipped):
    lines = shipped.design("legacy-rack")["bill_of_materials"]
    assert {line["part"] for line in lines} >= {"legacy-300w", "legacy-sas-146g"}
    assert all(line["owned"] and line["total_price"]["value"] == 0 for line in lines)


def test_an_unknown_price_stays_unknown_and_the_total_is_a_lower_bound(tmp_path):
    change = {"intel-i3-3220t": {"price": {"value": "unknown", "reason": "a what-if"}}}
    path = write_alone(tmp_path, "mini-itx-cluster", {"corrections": change})
    found = bill(path, "mini-itx-cluster")
    unknown = [line for line in found["bill_of_materials"] if line["part"] == "intel-i3-3220t"]
    assert [line["group"] for line in unknown] == ["compute", "management", "storage"]
    for line in unknown:
        assert line["unit_price"]["value"] is None
        assert line["total_price"]["value"] is None
        assert line["unit_price"]["low"] is line["total_price"]["low"] is None
    assert found["capital_cost"]["value"] is None
    # 22 processors of 130 AUD are not in it.
    assert found["capital_cost"]["low"] == pytest.approx(18985 - 22 * 130)
    text = planner("bom", path, "mini-itx-cluster").out
    assert "To buy: at least 16,125 AUD; the parts whose price is unknown come on top." in text
    assert "price unknown" in text


def test_the_date_of_a_price_is_shown(tmp_path):
    dates = {"intel-dq77kb": "2013", "intel-i3-3220t": "2013-05", "mini-itx-brick": "2013-05-27"}
    change = {
        part: {"price": {"value": "145 AUD", "reason": "asked", "source": part, "date": date}}
        for part, date in dates.items()
    }
    path = write_alone(tmp_path, "mini-itx-pooled", {"corrections": change})
    lines = bill(path, "mini-itx-pooled")["bill_of_materials"]
    shown = planner("bom", path, "mini-itx-pooled").out
    explained = planner("explain", path, "mini-itx-pooled", "capital_cost").out
    for part, date in dates.items():
        (line,) = [line for line in lines if line["part"] == part]
        assert line["unit_price"]["date"] == date
        assert f"{part}; of {date}; asked" in shown
        assert f"date: {date}\n" in explained


@pytest.mark.parametrize("date", ["27.5.2013", "2013-13", "2013-02-30", "May 2013", "true"])
def test_what_is_no_date_is_told(tmp_path, date):
    path = tmp_path / "dated.yaml"
    price = f"{{value: 145 AUD, reason: asked, date: {date}}}"
    path.write_text(f"extends: {SHIPPED}\ncorrections: {{intel-dq77kb: {{price: {price}}}}}\n")
    result = planner("bom", str(path), "rack-1u")
    assert result.code == 2
    assert "expected a date" in result.err
    assert "write it like `2013-05-27` or `2013-05`" in result.err


@pytest.mark.parametrize("output", ["text", "csv", "md", "json"])
def test_every_format_holds_every_line(output):
    text = planner("bom", SHIPPED, "rack-san", "--format", output).out
    for part in ("dell-r320", "dell-md3200i", "array-disk-2t", "cisco-sg500x-24"):
        assert part in text
    if output == "text":
        assert max(map(len, text.splitlines())) <= 100
    if output == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert sum(float(row["total_price"]) for row in rows) == pytest.approx(25480)


def test_a_hostile_title_comes_out_inert(tmp_path):
    path = write_small(tmp_path)
    text = (tmp_path / "small.yaml").read_text()
    evil = text.replace("A disk of our own", '"=cmd() <b>\\u202e"').replace("\\u202e", "")
    (tmp_path / "small.yaml").write_text(evil)
    rows = list(csv.DictReader(io.StringIO(planner("bom", path, "cluster", "-f", "csv").out)))
    assert next(row["title"] for row in rows if row["part"] == "big-disk").startswith("'=cmd")


def test_an_unknown_design_is_told():
    result = planner("bom", SHIPPED, "rack-2u")
    assert result.code == 2
    assert "did you mean `rack-1u`?" in result.err


# The inputs of a snapshot


def test_the_snapshot_holds_every_fact_once(shipped):
    evaluation = evaluate_fully(SHIPPED)
    inputs = shipped.data["inputs"]
    for design in evaluation.designs.values():
        for fact in design.plan.facts():
            found = inputs[fact.name]
            assert (found["value"], found["low"], found["high"]) == (
                fact.value,
                fact.low,
                fact.high,
            )
            assert found["where"] == str(fact.mark or "")
    assert list(inputs) == sorted(inputs)
    assert inputs["site.electricity_price"]["unit"] == "AUD/kWh"


# How far a price reaches

PRICED = sorted(
    name.removesuffix(".price")
    for name in evaluate(SHIPPED).data["inputs"]
    if name.endswith(".price")
)


@pytest.fixture(scope="module")
def before():
    return evaluate_fully(SHIPPED)


@pytest.mark.parametrize("part", PRICED[::3])  # each computes every design anew
def test_a_price_moves_what_depends_on_it_and_nothing_else(tmp_path, before, part):
    fact = f"{part}.price"
    known = before.snapshot.data["inputs"][fact]
    value = 77.0 if not known["value"] else 3.0 * known["value"]
    after = computed(corrected(tmp_path, part, "price", f"{value} AUD"))
    reached = 0
    for name, design in before.designs.items():
        cells, now = design.cells(), after[name].cells()
        assert cells.keys() == now.keys()
        for quantity, cell in cells.items():
            depends = any(item.fact and item.fact.name == fact for item in cell.walk())
            old, new = cell.nominal, now[quantity].nominal
            if depends and not _endless(old):
                reached += 1
                assert (old != new).any(), f"{name}.{quantity} depends on {fact}"
            else:
                assert _same(old, new), f"{name}.{quantity} does not depend on {fact}"
    assert reached > 2


def _endless(values):
    return not values.size or all(math.isinf(value) or math.isnan(value) for value in values.flat)


def _same(one, other):
    return one.shape == other.shape and ((one == other) | ((one != one) & (other != other))).all()
