"""How long capacity lasts: laws of the models, and the months of a scenario's designs."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

from planner.evaluation import evaluate
from planner.models.growth import after_losses, grown, hosts_runway, least_count, runway

AMOUNT = st.floats(0.1, 1e6)
RATE = st.floats(0.001, 5.0)
GROUPS = st.integers(1, 4)


# Compound-amount factors (F/P) of interest tables, printed to four decimals: any textbook of
# engineering economy has them.
@pytest.mark.parametrize(
    "rate, years, factor", [(0.10, 10, 2.5937), (0.05, 20, 2.6533), (0.20, 3, 1.7280)]
)
def test_interest_tables(rate, years, factor):
    assert grown(1.0, rate, years) == pytest.approx(factor, abs=5e-5)
    assert runway(factor, 1.0, rate) == pytest.approx(years, abs=2e-4)


@given(AMOUNT, AMOUNT, RATE)
def test_at_the_end_of_the_runway_demand_is_capacity(capacity, demand, rate):
    years = runway(capacity, demand, rate)
    assert (years == 0.0) == (demand >= capacity)
    assert grown(demand, rate, years) == pytest.approx(max(capacity, demand), rel=1e-9)


@given(AMOUNT, AMOUNT, AMOUNT, RATE, RATE)
def test_more_capacity_lasts_longer_and_faster_growth_less_long(first, more, demand, rate, faster):
    assert runway(first + more, demand, rate) >= runway(first, demand, rate)
    assert runway(first, demand, rate + faster) <= runway(first, demand, rate)


def test_what_does_not_grow_lasts_for_ever_if_it_fits():
    rates = np.array([0.0, -0.1, 0.0])
    assert runway([2.0, 2.0, 0.5], 1.0, rates).tolist() == [np.inf, np.inf, 0.0]
    assert np.isnan(runway(np.nan, 1.0, 0.1))
    assert runway(1.0, 0.0, 0.5) == np.inf


def test_arguments_that_cannot_be():
    with pytest.raises(ValueError, match="growth must be above -1, got -1"):
        runway(2.0, 1.0, -1.0)
    with pytest.raises(ValueError, match="demand must be zero or positive, got -1"):
        grown(-1.0, 0.1, 1.0)
    with pytest.raises(ValueError, match="losses must be zero or positive, got -1"):
        hosts_runway([1.0], [[1.0]], [0.1], losses=-1)


def test_hosts_without_limit_leave_the_others_what_they_have():
    years = hosts_runway([4, 2, 5], [[2.0, math.inf, 0.05]], [0.1], losses=2)
    assert years == pytest.approx(math.log(4 * 2.0 + 5 * 0.05) / math.log(1.1))


@st.composite
def clusters(draw):
    groups = draw(GROUPS)
    counts = np.array(draw(st.lists(st.integers(0, 20), min_size=groups, max_size=groups)), float)
    share = draw(
        st.lists(
            st.lists(st.floats(0.0, 3.0), min_size=groups, max_size=groups),
            min_size=3,
            max_size=3,
        )
    )
    rates = draw(st.lists(st.floats(0.01, 2.0), min_size=3, max_size=3))
    return counts, np.array(share), np.array(rates)


@given(clusters(), st.integers(0, 3))
def test_hosts_last_no_longer_than_any_of_their_resources(cluster, losses):
    counts, share, rates = cluster
    together = hosts_runway(counts, share, rates, losses)
    for each, rate in zip(share, rates, strict=True):
        alone = runway(after_losses(counts * each, counts, losses), 1.0, rate)
        assert together <= alone + 1e-9
        assert hosts_runway(counts, [each], [rate], losses) == pytest.approx(alone, abs=1e-6)


@given(clusters(), st.integers(0, 3))
def test_more_losses_leave_less_time(cluster, losses):
    assert hosts_runway(*cluster, losses + 1) <= hosts_runway(*cluster, losses)


@given(clusters(), clusters())
def test_scenarios_side_by_side_equal_one_by_one(first, second):
    if len(first[0]) == len(second[0]):
        both = [np.stack(pair, axis=-1) for pair in zip(first, second, strict=True)]
        alone = [hosts_runway(*first), hosts_runway(*second)]
        # The last bit of a logarithm may depend on how many are taken at once.
        np.testing.assert_allclose(hosts_runway(*both), alone, rtol=1e-14)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.floats(0, 100)), min_size=1, max_size=6),
    st.integers(0, 8),
)
def test_losses_take_the_largest_hosts(groups, losses):
    hosts = sorted(each for count, each in groups for _ in range(count))
    counts = [count for count, _ in groups]
    total = [count * each for count, each in groups]
    left = sum(hosts[: max(len(hosts) - losses, 0)])
    assert after_losses(total, counts, losses) == pytest.approx(left, rel=1e-9, abs=1e-9)


@given(st.integers(1, 10_000), st.integers(1, 200), st.integers(0, 3))
def test_least_count_is_the_least(demand, each, losses):
    hosts = least_count(float(demand), float(each), losses)
    assert (hosts - losses) * each >= demand > (hosts - losses - 1) * each
    assert least_count(1.0, 0.0) == np.inf


# Months of a scenario


@pytest.fixture
def small(tmp_path, request):
    request.getfixturevalue("few_draws")
    return lambda text=SMALL: evaluate(write_small(tmp_path, text))


def test_months_are_those_of_the_scarcest_resource(small):
    found = small().design("cluster")["quantities"]
    bounds = {
        name: item["value"]
        for name, item in found.items()
        if name.endswith("_bound_months_to_full")
    }
    assert found["months_to_full"]["value"] == min(bounds.values())
    assert found["months_to_full"]["unit"] == "month"
    vms, asked = found["vms_after_one_host_loss"]["value"], found["workload_vms"]["value"]
    assert bounds["memory_bound_months_to_full"] == pytest.approx(
        12 * np.log(vms / asked) / np.log(1.25)
    )


def test_no_growth_no_months(small):
    head, _, rest = SMALL.partition("growth:\n")
    found = small(head + "nodes:" + rest.partition("nodes:")[2])
    assert not [name for name in found.design("cluster")["quantities"] if "months" in name]


def test_rates_default_to_that_of_the_vms(small):
    text = SMALL.replace("  disk: 30 %/yr\n  cpu: 20 %/yr\n  memory: 25 %/yr\n", "")
    found = small(text).design("cluster")["quantities"]
    assert {found[f"{key}_growth"]["value"] for key in ("memory", "cpu", "disk")} == {0.2}
    assert found["months_to_full"]["low"] < found["months_to_full"]["value"]


def test_storage_that_cannot_heal_is_no_matter_of_time(small):
    three = SMALL.replace("        count: 4\n", "        count: 3\n")
    found = small(three).design("cluster")["quantities"]
    assert found["ceph.self_heal_capacity"]["value"] == 0.0
    assert "healing_bound_months_to_full" not in found
    assert found["storage_bound_months_to_full"]["value"] > 0.0


@pytest.mark.parametrize(
    "wrong, told",
    [
        ("growth: {}", "growth: no rate of growth is stated; write `vms: 20 %/yr`"),
        ("growth: {vms: 20 %}", "`%` measures a plain number"),
        ("growth: {vms: 20 %/yr, start: May}", "`May` is no month or day; write it like `2013-05`"),
        ("growth: {vms: 20 %/yr, start: 2013-13}", "`2013-13` is no month or day"),
        ("growth: {vms: -100 %/yr}", "out of range; write -0.9 to 100 1/yr"),
    ],
)
def test_faults_of_growth_are_told_with_their_place(tmp_path, wrong, told):
    head, _, rest = SMALL.partition("growth:\n")
    path = write_small(tmp_path, f"{head}{wrong}\nnodes:{rest.partition('nodes:')[2]}")
    result = planner("show", path, "cluster")
    line = head.count("\n") + 1
    assert result.code == 2
    assert f"small.yaml:{line}:" in result.err
    assert told in result.err


def test_months_can_be_explained(tmp_path):
    result = planner("explain", write_small(tmp_path), "cluster", "months_to_full", "-f", "json")
    assert json.loads(result.out)["unit"] == "month"
