"""Failures that data and service survive, against counts from real Ceph maps and clusters."""

import json
from collections import Counter
from itertools import combinations
from math import isnan, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.availability import (
    host_losses_data_safe,
    host_losses_in_service,
    two_host_loss_blocked_fraction,
    two_host_loss_lost_fraction,
)
from planner.models.placement_groups import (
    any_group_probability,
    default_minimum_shares,
    group_states,
    placeable_shares,
    verdict,
)

quick = settings(max_examples=60, deadline=None)
REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
LIVE = json.loads((REFERENCE / "storage-live-cases.json").read_text())["cases"]
CLUSTERS = {
    case["id"].split("/")[1]: case["inputs"]
    for case in CASES
    if case["kind"] == "capacity_crush_pg"
}
# Four standard deviations: about one false alarm in 16,000 for a count that scatters as it should.
SIGMAS = 4.0


def of_kind(cases, kind):
    rows = [case for case in cases if case["kind"] == kind]
    assert rows
    return pytest.mark.parametrize("case", rows, ids=lambda case: case["id"])


def disks_by_host(cluster):
    return Counter(host for _, host, _ in CLUSTERS[cluster]["osds"])


def pool_shares(name):
    """Shares and data shares of a pool called r3 or ec22."""
    if name.startswith("r"):
        return int(name[1:]), 1
    data, parity = int(name[2]), int(name[3])
    return data + parity, data


@of_kind(CASES, "failure_combinatorics")
def test_states_after_host_failures(case):
    inputs, expected = case["inputs"], case["expected"]
    hosts = len(disks_by_host(inputs["cluster"]))
    tolerance = case["tolerance"]["fractions_of_pgs_abs"]
    for down, seen in expected["host_failures"].items():
        states = group_states(hosts, int(down), inputs["size"], inputs["k"], inputs["min_size"])
        assert states.blocked == pytest.approx(seen["mean_frac_pgs_blocked"], abs=1e-3)
        assert seen["min_blocked"] - tolerance <= states.blocked <= seen["max_blocked"] + tolerance
        assert states.lost == pytest.approx(seen["max_frac_pgs_lost"], abs=tolerance)
        for blocked_or_lost, figure in (("blocked", "max_blocked"), ("lost", "max_frac_pgs_lost")):
            if seen[figure] in (0.0, 1.0):
                assert getattr(states, blocked_or_lost) == seen[figure]


@of_kind(CASES, "failure_combinatorics")
def test_quantities_agree_with_maps(case):
    inputs, seen = case["inputs"], case["expected"]["host_failures"]
    domains = [6e12] * len(disks_by_host(inputs["cluster"]))
    size, k, minimum = inputs["size"], inputs["k"], inputs["min_size"]
    in_service = host_losses_in_service(domains, size, k, minimum)
    data_safe = host_losses_data_safe(domains, size, k)
    for down, states in seen.items():
        assert (states["max_frac_pgs_lost"] == 0) == (int(down) <= data_safe)
        stopped = states["max_blocked"] + states["max_frac_pgs_lost"]
        assert (stopped == 0) == (int(down) <= in_service)
    tolerance = case["tolerance"]["fractions_of_pgs_abs"]
    blocked = two_host_loss_blocked_fraction(domains, size, k, minimum)
    lost = two_host_loss_lost_fraction(domains, size, k)
    assert blocked == pytest.approx(seen["2"]["mean_frac_pgs_blocked"], abs=tolerance)
    assert lost == pytest.approx(seen["2"]["max_frac_pgs_lost"], abs=tolerance)


@of_kind([case for case in CASES if "out_osds" in case["inputs"]], "failure_placement")
def test_shares_placed_after_failures(case):
    inputs, expected = case["inputs"], case["expected"]
    osds = CLUSTERS[inputs["cluster"]]["osds"]
    capacity = dict.fromkeys(disks_by_host(inputs["cluster"]), 0.0)
    for number, (_, host, size) in enumerate(osds):
        capacity[host] += 0.0 if number in inputs["out_osds"] else size
    shares = CLUSTERS[inputs["cluster"]]["n_chunks"]
    held = placeable_shares(list(capacity.values()), shares)
    assert {str(int(held)): inputs["pg_num"]} == expected["pg_size_histogram"]
    assert (inputs["pg_num"] if held == shares else 0) == expected["healthy_pgs"]


@of_kind(LIVE, "live_failure")
def test_states_of_live_clusters(case):
    inputs, seen = case["inputs"], case["measured"]
    hosts = int(inputs["cluster"].split("x")[0])
    shares, data = pool_shares(inputs["pool"])
    minimum = default_minimum_shares(shares, data)
    states = group_states(hosts, len(inputs["killed_hosts"]), shares, data, minimum)
    groups = inputs["pg_num"]
    for fraction, count in (
        (states.lost + states.blocked, seen["unavailable"]),
        (1.0 - states.whole, seen["undersized"]),
        (states.lost, seen["down_or_stale"]),
    ):
        spread = SIGMAS * sqrt(groups * fraction * (1.0 - min(fraction, 1.0)))
        assert abs(count - groups * fraction) <= spread + 1e-9


@of_kind(LIVE, "live_client")
def test_blocked_part_of_live_writes(case):
    inputs, seen = case["inputs"], case["measured"]
    hosts = int(inputs["cluster"].split("x")[0])
    blocked = group_states(hosts, 2, 3, 1, 2).blocked
    spread = SIGMAS * sqrt(blocked * (1 - blocked) / inputs["objects"])
    # The writes hit 128 groups, so their placement scatters too.
    spread += SIGMAS * sqrt(blocked * (1 - blocked) / 128)
    assert abs(1 - seen["written"] / seen["submitted"] - blocked) <= spread


@of_kind(CASES, "min_size_default")
def test_default_minimum(case):
    inputs = case["inputs"]
    copies = inputs["type"] == "replicated"
    shares = inputs["size"] if copies else inputs["k"] + inputs["m"]
    data = 1 if copies else inputs["k"]
    assert default_minimum_shares(shares, data) == case["expected"]["min_size"]


@of_kind(LIVE, "live_min_size")
def test_default_minimum_of_live_pools(case):
    pool = case["inputs"]["pool"]
    data, parity = (1, int(pool[1:]) - 1) if pool[0] == "r" else map(int, pool.split("+"))
    assert default_minimum_shares(data + parity, data) == case["measured"]["min_size"]


def test_minimum_of_unprotected_code_is_all_data():
    assert default_minimum_shares(4, 4) == 4


@st.composite
def pools(draw):
    shares = draw(st.integers(1, 12))
    data = draw(st.integers(1, shares))
    minimum = draw(st.integers(data, shares))
    hosts = draw(st.integers(shares, 30))
    return hosts, draw(st.integers(0, hosts)), shares, data, minimum


@quick
@given(pools())
def test_states_are_a_partition_and_match_the_guarantees(pool):
    hosts, down, shares, data, minimum = pool
    states = group_states(*pool)
    assert all(0 <= part <= 1 for part in states)
    assert sum(states) == pytest.approx(1, abs=1e-12)
    domains = [1.0] * hosts
    assert (states.lost == 0) == (down <= host_losses_data_safe(domains, shares, data))
    served = states.blocked + states.lost == 0
    assert served == (down <= host_losses_in_service(domains, shares, data, minimum))


@quick
@given(pools())
def test_more_hosts_down_never_help(pool):
    hosts, down, shares, data, minimum = pool
    now = group_states(*pool)
    worse = group_states(hosts, min(down + 1, hosts), shares, data, minimum)
    assert worse.lost >= now.lost - 1e-12
    assert worse.whole <= now.whole + 1e-12


@quick
@given(st.lists(pools(), min_size=1, max_size=6))
def test_arrays_give_what_scalars_give(many):
    columns = [np.array(column) for column in zip(*many, strict=True)]
    together = np.array(group_states(*columns))
    assert together.T.tolist() == [list(group_states(*pool)) for pool in many]


def test_states_equal_a_count_of_placements():
    placements = [set(chosen) for chosen in combinations(range(7), 5)]
    missing = Counter(len(chosen & {0, 1, 2}) for chosen in placements)
    total = len(placements)
    states = group_states(7, 3, 5, 3, 4)
    assert states.degraded == missing[1] / total
    assert states.blocked == missing[2] / total
    assert states.lost == missing[3] / total


@pytest.mark.parametrize("shares, survived", [(3, [2.0, 0.0, 2.0]), ([3, 2, 2], [2.0, 1.0, 1.0])])
def test_candidates_run_along_the_last_axis(shares, survived):
    domains = np.array([[6e12, 6e12, 1e12], [6e12, 6e12, 1e12], [6e12, 0.0, 1e12]])
    assert host_losses_data_safe(domains, shares, 1).tolist() == survived


def test_a_single_share_needs_a_single_domain():
    assert placeable_shares([0.0, 6e12], 1) == 1
    assert host_losses_data_safe([6e12], 1, 1) == 0


def test_too_few_domains_guarantee_nothing():
    assert host_losses_data_safe([6e12, 6e12, 0.0], 3, 1) == 0
    assert host_losses_in_service([6e12, 6e12, 0.0], 3, 1, 2) == 0
    assert isnan(two_host_loss_blocked_fraction([6e12, 6e12], 3, 1, 2))
    assert isnan(two_host_loss_lost_fraction([], 1, 1))


def test_single_host_is_lost_whole():
    assert two_host_loss_lost_fraction([6e12], 1, 1) == 1.0


def test_unknown_capacity_stays_unknown():
    domains = np.array([[6e12, 6e12], [6e12, np.nan], [6e12, 6e12]])
    for result in (
        host_losses_data_safe(domains, 3, 1),
        host_losses_in_service(domains, 3, 1, 2),
        two_host_loss_blocked_fraction(domains, 3, 1, 2),
        two_host_loss_lost_fraction(domains, 3, 1),
        placeable_shares(domains, 3),
    ):
        assert np.isnan(result).tolist() == [False, True]
    assert isnan(host_losses_data_safe([6e12] * 3, np.nan, 1))
    assert all(isnan(part) for part in group_states(np.nan, 2, 3, 1, 2))
    assert isnan(default_minimum_shares(np.nan, 1))


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: host_losses_data_safe([-1.0], 1, 1),
            "domain_capacity must be 0 B or more, got -1",
        ),
        (lambda: host_losses_data_safe([1.0], 0, 1), "shares must be a whole number of at least 1"),
        (lambda: host_losses_data_safe([1.0], 2.5, 1), "whole number of at least 1, got 2.5"),
        (lambda: host_losses_data_safe([1.0], 2, 3), "data_shares must be at most the number of"),
        (lambda: host_losses_in_service([1.0], 3, 2, 1), "between data_shares and shares, got 1"),
        (lambda: host_losses_in_service([1.0], 3, 2, 4), "between data_shares and shares, got 4"),
        (lambda: group_states(3, 4, 3, 1, 2), "hosts_down must be at most the number of hosts"),
        (lambda: group_states(3.5, 1, 3, 1, 2), "hosts must be a whole number"),
        (lambda: any_group_probability(1.5, 8), "fraction must be between 0 and 1, got 1.5"),
        (lambda: any_group_probability(0.5, -1), "groups must be 0 or more, got -1"),
        (lambda: verdict(-0.5), "probability must be between 0 and 1, got -0.5"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_verdict_words():
    words = [verdict(p).outcome for p in (0.0, 1e-300, 1.0, float("nan"))]
    assert words == ["never", "possible", "always", "unknown"]


def test_any_group_probability_at_the_ends():
    result = any_group_probability([0.0, 1.0, 1.0, 0.5, np.nan], [128, 128, 0, 1, 128])
    assert result[:4].tolist() == [0.0, 1.0, 0.0, 0.5]
    assert isnan(result[4])
