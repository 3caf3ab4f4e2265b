"""`planner compare --samples`: percentiles, chances, and what a seed does."""

import csv
import io
import json

import numpy as np
import pytest
from kit import planner

from planner.decision.cases import AlignedCases
from planner.evaluation import evaluate_fully
from planner.facts import Fact
from planner.ranges import Columns, Draws

SAMPLES, SEED = 300, 7


@pytest.fixture(scope="module")
def drawn():
    return evaluate_fully("vrt-2013", samples=SAMPLES, seed=SEED)


@pytest.fixture(scope="module")
def found(drawn):
    return drawn.snapshot.data["uncertainty"]


def samples(drawn, design, quantity):
    cases = AlignedCases(drawn.designs)
    return cases.values(design, quantity)[cases.first_draw :]


def test_percentiles_are_those_of_the_draws(drawn, found):
    for row in found["designs"]:
        for name in ("total_cost", "mean_power", "vms"):
            values = samples(drawn, row["design"], name)
            item = row["quantities"].get(name)
            expected = np.quantile(values, [0.05, 0.5, 0.95], method="hazen")
            assert [item["p5"], item["p50"], item["p95"]] == pytest.approx(list(expected))


def test_what_is_unknown_is_not_told(found):
    by_name = {row["design"]: row for row in found["designs"]}
    assert "power_per_vm" not in by_name["mini-itx-test"]["quantities"]
    assert by_name["legacy-rack"]["all_requirements"] is None
    ports = "every 1 Gbit/s port finds a switch port"
    told = {item["text"]: item["probability"] for item in by_name["legacy-rack"]["requirements"]}
    assert told[ports] is None


def test_chances_of_requirements_are_counted(drawn, found):
    row = next(row for row in found["designs"] if row["design"] == "rack-1u")
    held = samples(drawn, "rack-1u", "vms_after_one_host_loss")
    asked = samples(drawn, "rack-1u", "workload_vms")
    share = sum(a >= b for a, b in zip(held, asked, strict=True)) / SAMPLES
    told = {item["text"]: item["probability"] for item in row["requirements"]}
    assert told["all 96 VMs run after the loss of any one host"] == pytest.approx(share, abs=1e-6)
    assert 0.0 < row["all_requirements"] <= min(told.values())


def test_who_is_better_is_counted_draw_by_draw(drawn, found):
    for item in found["better"]:
        sign = -1 if item["quantity"] in ("total_cost", "mean_power") else 1
        for one, others in item["pairs"].items():
            for other, share in others.items():
                a, b = (sign * samples(drawn, name, item["quantity"]) for name in (one, other))
                pairs = zip(a, b, strict=True)
                wins = sum(1.0 if x > y else 0.5 if x == y else 0.0 for x, y in pairs)
                assert share == pytest.approx(wins / SAMPLES, abs=2e-6)


def test_inputs_keep_their_range_at_any_number_of_samples(drawn):
    """The 5th and 95th percentile of what is drawn are the stated ends."""
    draws = Draws(10_000, seed=1)
    facts: dict[str, Fact] = {}
    for computed in drawn.designs.values():
        facts |= {fact.name: fact for fact in computed.plan.facts() if fact.has_range}
    columns = Columns.of(facts.values(), draws)
    for fact in facts.values():
        low, high = np.quantile(columns.samples(columns.values(fact)), [0.05, 0.95])
        size = max(abs(fact.low or 0.0), abs(fact.high or 0.0), abs(fact.value))
        assert low == pytest.approx(fact.value if fact.low is None else fact.low, abs=2e-3 * size)
        assert high == pytest.approx(
            fact.value if fact.high is None else fact.high, abs=2e-3 * size
        )
    assert len(facts) > 30


@pytest.mark.usefixtures("anew")
def test_the_same_seed_gives_the_same_bytes_and_another_other_draws(drawn, found):
    one, other = (
        planner("compare", "vrt-2013", "-n", f"{SAMPLES}", "--seed", f"{seed}", "-f", "json").out
        for seed in (SEED, SEED + 1)
    )
    assert one.rstrip() == drawn.snapshot.json().rstrip()
    assert found["better"] != json.loads(other)["uncertainty"]["better"]


def test_without_samples_nothing_is_told_of_them(snapshot):
    assert "uncertainty" not in snapshot.data
    assert "samples" not in planner("compare", "vrt-2013").out


def test_text_csv_and_markdown_tell_the_samples():
    text, rows, page = (
        planner("compare", "vrt-2013", "-n", f"{SAMPLES}", "--seed", f"{SEED}", "-f", form).out
        for form in ("text", "csv", "md")
    )
    assert max(map(len, text.splitlines())) <= 100
    assert "Median [5 % - 95 %] of 300 samples, seed 7" in text
    assert "Probability that rack-1u is better than" in text
    assert "## Probability that the requirements are met" in page
    table = list(csv.DictReader(io.StringIO(rows)))
    better = [row for row in table if row["kind"] == "better" and row["of"] == "total_cost"]
    assert len(better) == 7 * 6
    by_pair = {(row["design"], row["against"]): float(row["probability"]) for row in better}
    for (one, other), share in by_pair.items():
        assert share + by_pair[other, one] == pytest.approx(1.0)


@pytest.mark.parametrize("number", ["5", "1000000", "many"])
def test_a_bad_number_of_samples_is_refused(number):
    result = planner("compare", "vrt-2013", "--samples", number)
    assert result.code == 2
    assert "--samples" in result.err


def test_more_samples_leave_the_most_likely_values_alone(snapshot, drawn):
    for design in snapshot.designs:
        for name, item in design["quantities"].items():
            assert drawn.snapshot.design(design["id"])["quantities"][name]["value"] == item["value"]
