"""Recovery times against a published model, rules of thumb, real Ceph maps and a live cluster."""

import json
from collections import Counter
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.recovery import (
    auto_mark_out_limit,
    declustered_recovery_hours,
    lost_share_bytes,
    recovery_targets,
    recovery_time_bound,
)

quick = settings(max_examples=60, deadline=None)
REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
LIVE = json.loads((REFERENCE / "storage-live-cases.json").read_text())["cases"]
OWN = json.loads((REFERENCE / "redundancy-cases.json").read_text())["cases"]
CLUSTERS = {
    case["id"].split("/")[1]: case["inputs"]
    for case in CASES
    if case["kind"] == "capacity_crush_pg"
}


def rows(cases, kind, needs=None):
    found = [c for c in cases if c["kind"] == kind and (not needs or needs in c["inputs"])]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda case: case["id"])


@rows(CASES, "auto_mark_out_limit")
def test_auto_mark_out(case):
    inputs = case["inputs"]
    limit = auto_mark_out_limit(inputs["osds"], inputs["mon_osd_min_in_ratio"])
    assert limit == case["expected"]["max_osds_automatically_marked_out"]


@rows(LIVE, "live_auto_out")
def test_auto_mark_out_live(case):
    assert auto_mark_out_limit(case["inputs"]["osds"]) == len(case["measured"]["out"])


@quick
@given(st.integers(1, 200), st.integers(0, 20))
def test_auto_mark_out_equals_marking_one_by_one(disks, twentieths):
    remaining = disks
    while remaining and 20 * remaining >= twentieths * disks:
        remaining -= 1
    assert auto_mark_out_limit(disks, twentieths / 20) == disks - remaining


@rows(CASES, "durability_ceph_tools", needs="markout_h")
def test_declustered_recovery(case):
    inputs = case["inputs"]
    hours = declustered_recovery_hours(
        inputs["disk_bytes"] * inputs["fullness"],
        inputs["recovery_bytes_per_s"],
        inputs["pg_declustering"],
        inputs["markout_h"],
    )
    assert hours == pytest.approx(case["expected"]["recovery_h"], rel=1e-12)


@rows(OWN, "recovery_rule_of_thumb")
def test_rules_of_thumb_of_the_network(case):
    inputs = case["inputs"]
    link = inputs["link_gbit_per_s"] * 1e9 / 8
    time = recovery_time_bound(
        inputs["lost_tb"] * 1e12,
        100,
        1e9,
        link,
        link,
        network_efficiency=inputs["efficiency"],
        mark_out_hours=0.0,
    )
    assert time.total == pytest.approx(case["expected"]["hours"], rel=case["tolerance"]["rel"])


def maps_with_losses(losses):
    """Cases of real maps with one disk or one host marked out, and the counts before."""
    counts = {c["id"]: c["expected"]["counts"] for c in CASES if c["kind"] == "capacity_crush_pg"}
    found = []
    for case in CASES:
        inputs = case["inputs"]
        if case["kind"] == "failure_placement" and len(inputs.get("out_osds", [])) == losses:
            before = counts[f"crushpg/{inputs['cluster']}/{inputs['pg_num']}"]
            found.append((CLUSTERS[inputs["cluster"]], before, case["expected"]["counts"]))
    assert found
    return found


@pytest.mark.parametrize("cluster, before, after", maps_with_losses(1))
def test_targets_after_a_disk_are_the_disks_that_grow(cluster, before, after):
    disks = Counter(host for _, host, _ in cluster["osds"])
    grown = sum(now > old for now, old in zip(after, before, strict=True))
    targets = recovery_targets(len(disks), disks["h0"], cluster["n_chunks"])
    assert grown == targets.after_disk


@pytest.mark.parametrize("cluster, before, after", maps_with_losses(2))
def test_targets_after_a_host_are_the_disks_of_hosts_that_grow(cluster, before, after):
    disks = Counter(host for _, host, _ in cluster["osds"])
    growth = Counter()
    for (_, host, _), old, now in zip(cluster["osds"], before, after, strict=True):
        growth[host] += now - old
    grown = sum(disks[host] for host, more in growth.items() if more > 0)
    targets = recovery_targets(len(disks), disks["h0"], cluster["n_chunks"])
    assert grown == targets.after_host


@quick
@given(st.floats(0, 1e15), st.integers(1, 50), st.floats(1e6, 1e9), st.floats(1e6, 1e10))
def test_bound_is_the_slowest_resource_plus_the_delay(data, disks, rate, link):
    time = recovery_time_bound(data, disks, rate, link, 2 * link, 4, 2.0)
    slowest = max(time.disks, time.network_in, time.network_out)
    assert time.total == pytest.approx(time.mark_out + slowest, rel=1e-12)
    assert time.network_in == pytest.approx(2 * time.network_out, rel=1e-12)
    larger = recovery_time_bound(2 * data, disks, rate, link, 2 * link, 4, 2.0)
    assert larger.total >= time.total
    written_only = recovery_time_bound(data, disks, rate, link, 2 * link, 4, 2.0, False)
    assert time.disks == pytest.approx(3 * written_only.disks, rel=1e-12)


def test_lost_host_of_equal_hosts_holds_its_share_of_the_copies():
    lost = lost_share_bytes(8e12, [3, 4, 6], [3, 3, 6], [1, 1, 4])
    assert lost.tolist() == [8e12, 6e12, 2e12]


def test_one_host_without_copies():
    assert lost_share_bytes(8e12, 1, 1, 1) == 8e12
    assert recovery_targets(1, 1, 1) == (0.0, 0.0)
    assert recovery_targets(2, 1, 1) == (1.0, 1.0)


def test_no_target_never_recovers():
    targets = recovery_targets([2, 3, 4], 2, 3)
    assert targets.after_host.tolist() == [0.0, 0.0, 6.0]
    assert targets.after_disk.tolist() == [0.0, 1.0, 7.0]
    assert declustered_recovery_hours(1e12, 50e6, targets.after_host)[1] == np.inf
    assert recovery_time_bound(1e12, 0, 1e8, 1e9, 1e9).total == np.inf
    assert recovery_time_bound(0.0, 0, 1e8, 1e9, 1e9).total == 1 / 6


def test_unknown_stays_unknown():
    assert isnan(auto_mark_out_limit(np.nan))
    assert isnan(lost_share_bytes(np.nan, 4, 3, 1))
    assert isnan(recovery_targets(np.nan, 2, 3).after_disk)
    assert isnan(declustered_recovery_hours(1e12, np.nan, 4))
    assert isnan(recovery_time_bound(1e12, 8, 1e8, np.nan, 1e9).total)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: auto_mark_out_limit(6, 1.5), "min_in_ratio must be between 0 and 1, got 1.5"),
        (lambda: auto_mark_out_limit(6.5), "disks must be a whole number"),
        (lambda: lost_share_bytes(-1, 4, 3, 1), "stored must be 0 B or more, got -1"),
        (lambda: lost_share_bytes(1, 0, 3, 1), "hosts must be a whole number of at least 1"),
        (lambda: recovery_targets(4, 0, 3), "disks_per_host must be a whole number of at least 1"),
        (lambda: declustered_recovery_hours(-1, 1, 1), "lost_bytes must be 0 or more, got -1"),
        (lambda: declustered_recovery_hours(1, 1, -1), "peers must be 0 or more, got -1"),
        (lambda: recovery_time_bound(1, 1, 1, -1, 1), "network_in must be 0 or more, got -1"),
        (lambda: recovery_time_bound(1, 1, 1, 1, 1, 0), "data_shares must be a whole number"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
