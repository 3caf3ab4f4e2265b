"""How long the designs of a scenario last, and what added hosts change, as users see it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

from planner.evaluation import evaluate
from planner.scenario import load_scenario
from planner.sizing import runway
from planner.sizing.resize import resized
from planner.sizing.runway import until
from planner.sizing.trial import Bench

pytestmark = pytest.mark.usefixtures("few_draws")


@pytest.fixture
def small(tmp_path):
    return write_small(tmp_path)


def only(path, design="cluster"):
    (found,) = runway(path, design)["designs"]
    return found


def test_months_are_the_quantities_of_the_design(small):
    found, quantities = only(small), evaluate(small).design("cluster")["quantities"]
    assert found["months"]["value"] == quantities["months_to_full"]["value"]
    for one in found["resources"]:
        name = f"{one['name']}_bound_months_to_full"
        assert one["months"]["value"] == quantities[name]["value"]
    growth = {one["name"]: one["growth"] for one in found["resources"]}
    assert growth == {"memory": 0.25, "cpu": 0.2, "load": 0.2, "storage": 0.3, "healing": 0.3}


def test_the_date_is_the_start_and_the_months(small):
    loaded = load_scenario(small)
    assert [until(loaded, months) for months in (0.0, 7.0, 8.1, 120.0)] == [
        "2013-05",
        "2013-11",
        "2014-01",
        "2023-05",
    ]
    assert until(loaded, None) is None
    assert until(loaded, 1e6) is None


def test_without_a_start_there_are_months_and_no_dates(tmp_path):
    path = write_small(tmp_path, SMALL.replace("  start: 2013-05\n", ""))
    found = only(path)
    assert found["months"]["value"] > 0
    assert found["until"] is None
    assert {row["until"] for row in found["added"]} == {None}


def test_each_host_more_lasts_at_least_as_long_and_is_computed_anew(small):
    found = only(small)
    months = [row["months"] for row in found["added"]]
    assert months == sorted(months)
    assert months[0] == found["months"]["value"]
    for row in found["added"][:3]:
        counts = {"box": 4 + row["groups"]["box"]}
        trial = Bench(resized(load_scenario(small), "cluster", counts), "cluster").trial({})
        assert trial.number("months_to_full") == pytest.approx(row["months"], rel=1e-9)
        assert row["short"] == pytest.approx(max(36.0 - row["months"], 0.0))


def test_hosts_are_added_where_they_help(tmp_path):
    text = SMALL.replace("    count: 20\n", "    count: 200\n")
    found = only(write_small(tmp_path, text))
    assert found["added"][0]["months"] == 0.0
    last = found["added"][-1]
    assert last["short"] == 0.0
    assert all(row["short"] > 0 for row in found["added"][:-1])


def test_ports_that_run_out_are_a_resource(tmp_path):
    text = SMALL.replace("    count: 20\n", "    count: 400\n")
    found = only(write_small(tmp_path, text))
    rooms = {one["text"]: one for one in found["rooms"]}
    ports = rooms["switch ports of 1 Gbit/s"]
    # The switch has 24 ports and each box takes two: twelve boxes, eight more than there are.
    assert ports["added"] == 8
    assert [bool(row["beyond"]) for row in found["added"] if row["added"] in (8, 10)] == [
        False,
        True,
    ]


def test_full_today_names_everything_that_is_full(tmp_path):
    text = SMALL.replace("    count: 20\n", "    count: 2000\n").replace("  years: 3 yr\n", "")
    assert "memory and" in only(write_small(tmp_path, text))["limit"]


@pytest.mark.parametrize("design", [[], ["cluster"]])
def test_command(small, design):
    text = planner("runway", small, *design)
    assert text.code == 0
    assert max(map(len, text.out.splitlines())) <= 100
    data = json.loads(planner("runway", small, *design, "-f", "json").out)
    assert data["start"] == "2013-05"
    table = list(csv.DictReader(io.StringIO(planner("runway", small, *design, "-f", "csv").out)))
    months = [float(row["months"]) for row in table if row["kind"] == "design"]
    expected = [entry["months"]["value"] for entry in data["designs"]]
    assert months == pytest.approx(expected, rel=1e-9)
    assert "| cluster |" in planner("runway", small, "-f", "md").out


def test_storage_that_cannot_heal_is_told(tmp_path):
    path = write_small(tmp_path, SMALL.replace("        count: 4\n", "        count: 3\n"))
    assert "cannot heal after the loss of a host" in planner("runway", path, "cluster").out


def test_faults_are_told(small, tmp_path):
    assert "no such design; did you mean `cluster`?" in planner("runway", small, "clust").err
    head, _, rest = SMALL.partition("growth:\n")
    bare = write_small(tmp_path, head + "nodes:" + rest.partition("nodes:")[2])
    result = planner("runway", bare)
    assert result.code == 2
    assert "nothing is said of how the workload grows; write `growth: {vms: 20 %/yr}`" in result.err
