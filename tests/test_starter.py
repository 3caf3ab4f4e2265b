"""A scenario of one's own: what is asked ends up in the file, and the file runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from kit import few_draws, planner  # noqa: F401

import planner as api
from planner.scenario import find_scenario
from planner.starter import QUESTIONS
from planner.strict_yaml import load

pytestmark = pytest.mark.usefixtures("few_draws")


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_answers_replace_the_workload_and_the_site():
    result = planner(
        "init", "lab.yaml", "--vms", "80", "--memory", "8 GiB", "--electricity-price",
        "0.3 USD/kWh", "--years", "3 yr",
    )  # fmt: skip
    assert result.code == 0, result.err
    data = load("lab.yaml").data
    assert data["workload"] == {
        "vm": {"count": 80, "vcpus": 2, "memory": "8 GiB", "disk": "60 GB", "duty": "10 %"}
    }
    assert data["site"]["electricity_price"] == "0.3 USD/kWh"
    assert data["site"]["labour_price"]["value"] == "60 USD/h"
    snapshot = api.evaluate("lab.yaml")
    assert snapshot.value("small-boxes", "workload_vms") == 80
    assert snapshot.value("small-boxes", "years_of_use") == 3


def test_without_an_answer_the_example_stays_as_it_is():
    assert planner("init", "lab.yaml").code == 0
    written, shipped = (load(str(file)).data for file in ("lab.yaml", find_scenario("today")))
    assert {**written, "scenario": "today"} == shipped


def test_comments_and_all_else_stay():
    assert planner("init", "lab.yaml", "--vcpus", "4").code == 0
    assert planner("init", "plain.yaml").code == 0
    lines = {name: Path(f"{name}.yaml").read_text().splitlines() for name in ("lab", "plain")}
    gone = [line for line in lines["plain"] if line not in lines["lab"]]
    assert not [line for line in gone if line.startswith("#")]
    assert any("vcpus: 4" in line for line in lines["lab"])


def test_every_default_of_the_questions_can_be_used():
    options = [text for name, item in QUESTIONS.items() for text in (f"--{name}", item.default)]
    assert planner("init", "lab.yaml", *options).code == 0
    assert planner("compare", "lab.yaml").code == 0


def test_every_answer_that_cannot_be_used_is_told_at_once_and_nothing_is_written(tmp_path):
    result = planner("init", "lab.yaml", "--vms", "-3", "--memory", "8 Gb", "--years", "5")
    assert result.code == 2
    told = [line.partition(": ")[0] for line in result.err.splitlines()]
    assert told == ["--memory", "--vms", "--years"]
    assert "`Gb` may mean bits or bytes; write `Gbit` or `GB`" in result.err
    assert not list(tmp_path.iterdir())


def test_a_price_in_another_currency_is_told():
    result = planner("init", "lab.yaml", "--electricity-price", "0.3 EUR/kWh")
    assert result.code == 2
    assert "the prices of this scenario are in USD; write it like `0.20 USD/kWh`" in result.err


def test_an_answer_cannot_break_out_of_its_place():
    result = planner("init", "lab.yaml", "--memory", "4 GiB\nclaims: []")
    assert result.code == 2
    assert result.err.startswith("--memory: ")


def test_the_example_of_today_is_decided_by_what_nobody_multiplied_out():
    snapshot = api.evaluate("today")
    met = {
        design["id"]: {item["text"]: item["met"] for item in design["requirements"]}
        for design in snapshot.designs
    }
    assert all(met["small-boxes"].values())
    assert all(met["four-large"].values())
    heal = "all VM disks fit with room to heal after the loss of a host"
    assert met["three-large"][heal] is False
    assert met["old-servers"]["all hosts together write 1 GB/s"] is False
    for name in met:
        assert None not in (snapshot.value(name, "peak_power"), snapshot.value(name, "total_cost"))


def test_a_bad_answer_is_asked_for_again():
    """On a terminal of its own: what is typed, question by question."""
    main, other = os.openpty()
    typed = ["many", "80", "", "8 Gb", "8 GB", "", "", "0.2 EUR/kWh", "0.25 USD/kWh", "4 yr"]
    os.write(main, "\n".join([*typed, ""]).encode())
    with os.fdopen(other) as terminal:
        command = [sys.executable, "-m", "planner", "init", "lab.yaml"]
        subprocess.run(command, stdin=terminal, stderr=terminal, check=True, timeout=60)
    told = os.read(main, 100_000).decode()
    os.close(main)
    assert told.count("Error: ") == 3
    assert "the prices of this scenario are in USD" in told
    data = load("lab.yaml").data
    assert data["workload"]["vm"]["count"] == 80
    assert data["workload"]["vm"]["memory"] == "8 GB"
    assert data["site"]["electricity_price"] == "0.25 USD/kWh"
    assert data["site"]["years_of_use"] == "4 yr"
