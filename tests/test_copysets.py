"""Copysets and simultaneous disk failures, against counts from real Ceph maps."""

import json
from collections import Counter
from itertools import combinations
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.copysets import (
    copyset_hit_probability,
    copysets_in_use,
    disk_loss_probability,
    disk_loss_sets,
    possible_copysets,
)

quick = settings(max_examples=60, deadline=None)
CASES = json.loads((Path(__file__).parent / "reference" / "storage-cases.json").read_text())[
    "cases"
]
CLUSTERS = {
    case["id"].split("/")[1]: case["inputs"]
    for case in CASES
    if case["kind"] == "capacity_crush_pg"
}
COMBINATORICS = [case for case in CASES if case["kind"] == "failure_combinatorics"]
IN_USE = [
    case
    for case in CASES
    if case["kind"] == "failure_placement" and "out_osds" not in case["inputs"]
]


def disks_by_host(cluster):
    return list(Counter(host for _, host, _ in CLUSTERS[cluster]["osds"]).values())


@pytest.mark.parametrize("case", COMBINATORICS, ids=lambda case: case["id"])
def test_disk_sets_that_lose_data(case):
    inputs, expected = case["inputs"], case["expected"]
    disks = disks_by_host(inputs["cluster"])
    sets = disk_loss_sets(disks, expected["disk_sets_of"], inputs["size"], inputs["k"])
    assert sets == (expected["disk_sets_total"], expected["disk_sets_losing_data"])
    probability = expected["p_loss_given_that_many_simultaneous_disk_failures"]
    assert sets.probability == probability
    # The same numbers divided in another order: equal up to rounding.
    assert disk_loss_probability(
        len(disks), disks[0], expected["disk_sets_of"], inputs["size"], inputs["k"]
    ) == pytest.approx(probability, rel=1e-14)


@pytest.mark.parametrize("case", COMBINATORICS, ids=lambda case: case["id"])
def test_all_copysets_are_in_use_at_many_groups(case):
    inputs = case["inputs"]
    possible = possible_copysets(disks_by_host(inputs["cluster"]), inputs["size"])
    assert possible == case["expected"]["distinct_copysets"]
    assert copysets_in_use(possible, inputs["pg_num"]) == pytest.approx(possible, rel=1e-6)


@pytest.mark.parametrize("case", IN_USE, ids=lambda case: case["id"])
def test_copysets_counted_in_maps(case):
    inputs = case["inputs"]
    shares = CLUSTERS[inputs["cluster"]]["n_chunks"]
    possible = possible_copysets(disks_by_host(inputs["cluster"]), shares)
    assert possible == case["expected"]["value"]
    # The formula is a mean over placements; at 128 groups 0.55 of 32 sets are expected unused.
    expected_use = copysets_in_use(possible, inputs["pg_num"])
    assert expected_use == pytest.approx(case["expected"]["value"], abs=1.0)


@st.composite
def layouts(draw):
    disks = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    shares = draw(st.integers(1, len(disks)))
    data = draw(st.integers(1, shares))
    return disks, draw(st.integers(0, min(sum(disks), 6))), shares, data


@quick
@given(layouts())
def test_disk_sets_equal_enumeration(layout):
    disks, failed, shares, data = layout
    host_of = [host for host, count in enumerate(disks) for _ in range(count)]
    sets = list(combinations(range(len(host_of)), failed))
    losing = sum(len({host_of[disk] for disk in chosen}) > shares - data for chosen in sets)
    assert disk_loss_sets(disks, failed, shares, data) == (len(sets), losing)


@quick
@given(st.integers(1, 12), st.integers(1, 8), st.data())
def test_equal_hosts_two_ways(hosts, disks, data):
    shares = data.draw(st.integers(1, hosts))
    needed = data.draw(st.integers(1, shares))
    failed = data.draw(st.integers(0, min(hosts * disks, 14)))
    exact = disk_loss_sets([disks] * hosts, failed, shares, needed).probability
    broadcast = disk_loss_probability(hosts, disks, failed, shares, needed)
    # Inclusion and exclusion loses a few digits when many losses are tolerated.
    assert broadcast == pytest.approx(exact, rel=1e-9, abs=1e-12)


@quick
@given(layouts())
def test_possible_copysets_equal_enumeration(layout):
    disks, _, shares, _ = layout
    host_of = [host for host, count in enumerate(disks) for _ in range(count)]
    sets = combinations(range(len(host_of)), shares)
    distinct = sum(len({host_of[disk] for disk in chosen}) == shares for chosen in sets)
    assert possible_copysets(disks, shares) == distinct


def test_loss_is_impossible_then_certain():
    failed = np.arange(9)
    loss = disk_loss_probability(4, 2, failed, 3, 1)
    assert loss[:3].tolist() == [0.0, 0.0, 0.0]
    assert loss[5:].tolist() == [1.0, 1.0, 1.0, 1.0]
    assert np.all(np.diff(loss) >= 0)


def test_copysets_broadcast_over_shares_and_candidates():
    disks = np.array([[2, 3], [2, 3], [2, 3], [2, 0]])
    assert possible_copysets(disks, [3, 3]).tolist() == [32.0, 27.0]
    assert possible_copysets([2, 2, 2, 2], [1, 2, 3, 4, 5]).tolist() == [8, 24, 32, 16, 0]


def test_copysets_in_use_at_the_ends():
    assert copysets_in_use([0, 1, 1, 5], [8, 8, 0, 0]).tolist() == [0, 1, 0, 0]
    assert copysets_in_use(2, 2) == pytest.approx(1.5, rel=1e-12)
    assert copysets_in_use(1e9, 10) == pytest.approx(10, rel=1e-6)


def test_hit_probability_of_three_copies_equals_the_exact_count():
    exact = disk_loss_sets([2, 2, 2, 2], 3, 3, 1).probability
    assert copyset_hit_probability(32, 8, 3) == exact


def test_unknown_stays_unknown():
    assert isnan(possible_copysets([2, np.nan], 2))
    assert isnan(possible_copysets([2, 2], np.nan))
    assert isnan(copysets_in_use(np.nan, 128))
    assert np.isnan(disk_loss_probability([4, np.nan], 2, 3, 3, 1)).tolist() == [False, True]
    assert isnan(disk_loss_probability(2, 2, 3, 3, 1))
    assert isnan(disk_loss_sets([1, 1], 3, 2, 1).probability)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: disk_loss_sets([2, 2], 2, 3, 1),
            "shares must be at most the 2 domains with disks",
        ),
        (lambda: disk_loss_sets([2, -2], 2, 1, 1), "disks_per_domain must be a whole number"),
        (lambda: disk_loss_sets([2, 2], -1, 2, 1), "failed must be a whole number"),
        (
            lambda: disk_loss_probability(4, 2, 9, 3, 1),
            "failed must be at most the number of disks",
        ),
        (lambda: possible_copysets([2], 0), "shares must be a whole number of at least 1, got 0"),
        (lambda: copysets_in_use(-1, 8), "possible must be 0 or more, got -1"),
        (lambda: copysets_in_use(8, -1), "groups must be 0 or more, got -1"),
        (lambda: copyset_hit_probability(-8, 6, 3), "copysets must be 0 or more, got -8"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
