"""Pools of finitely many placement groups, against pools that real CRUSH placed."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.balancer import balanced_usable_capacity, device_loss_self_heal_capacity
from planner.models.capacity import (
    self_heal_capacity,
    unbalanced_usable_capacity,
    usable_capacity,
)
from planner.models.pools import (
    expected_self_heal_capacity,
    expected_usable_capacity,
    pool_capacities,
)

REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
LIVE = json.loads((REFERENCE / "storage-live-cases.json").read_text())["cases"]
RANDOM = json.loads((REFERENCE / "crush-random-cases.json").read_text())["cases"]
TB = 1e12
FOUR_HOSTS = [0, 0, 1, 1, 2, 2, 3, 3]
POOLS_MEASURED = 50


def rows(cases, kind):
    found = [case for case in cases if case["kind"] == kind]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda case: case["id"])


def live(name):
    return next(case for case in LIVE if case["id"] == name)


def devices(inputs):
    """Capacity [B] and failure domain of the devices of a recorded cluster."""
    level = 0 if inputs["failure_domain"] == "rack" else 1
    return [d[2] * TB for d in inputs["osds"]], [d[level] for d in inputs["osds"]]


def listed(inputs):
    """The same for a cluster given as a list of hosts."""
    hosts = enumerate(inputs["hosts_tb"])
    pairs = [(size * TB, host) for host, sizes in hosts for size in sizes]
    return [size for size, _ in pairs], [host for _, host in pairs]


def placed_in_full(case):
    return not case["expected"]["pgs_with_fewer_than_n"]


RECORDED = [c for c in CASES if c["kind"] == "capacity_crush_pg" and placed_in_full(c)]


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["id"])
def test_mean_of_recorded_pools(case):
    """2 % as recorded for equal hosts; 4 % for unequal ones, twice the error of their 50 pools."""
    inputs, expected = case["inputs"], case["expected"]
    size, domain = devices(inputs)
    shares, data, groups = inputs["n_chunks"], inputs["k_data"], inputs["pg_num"]
    found = expected_usable_capacity(size, domain, shares, data, groups)
    rel = case["tolerance"]["mean_rel"] * (1.0 if len(set(size)) == 1 else 2.0)
    assert found == pytest.approx(expected["mean_usable_over_pool_ids_1_50"] * TB, rel=rel)


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["id"])
def test_scatter_of_recorded_pools(case):
    """The 5th percentile and the extremes of 50 pools, among those of 200 sets of 50 drawn ones."""
    inputs, expected = case["inputs"], case["expected"]
    size, domain = devices(inputs)
    shares, data, groups = inputs["n_chunks"], inputs["k_data"], inputs["pg_num"]
    drawn = pool_capacities(size, domain, shares, data, groups, pools=200 * POOLS_MEASURED) / TB
    sets = drawn.reshape(200, POOLS_MEASURED)
    for name, of_each_set in (
        ("p5_usable", np.quantile(sets, 0.05, axis=1)),
        ("min_usable", sets.min(axis=1)),
        ("max_usable", sets.max(axis=1)),
    ):
        low, high = of_each_set.min(), of_each_set.max()
        assert low * (1 - 1e-9) <= expected[name] <= high * (1 + 1e-9), name


@rows(CASES, "capacity_expected_imbalance")
def test_exact_mean(case):
    inputs, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    hosts, disks = inputs["hosts"], inputs["osds_per_host"]
    domain = np.repeat(np.arange(hosts), disks)
    size = [inputs["tb"] * TB] * (hosts * disks)
    found = expected_usable_capacity(size, domain, inputs["size"], 1, inputs["pg_num"])
    assert found == pytest.approx(expected["mean_usable_tb"] * TB, rel=tolerance["rel"])
    real = expected["real_crush_mean_50_pools"] * TB
    assert found == pytest.approx(real, rel=tolerance["real_vs_model_rel"])


def deviation(case):
    """Model's mean minus that of 50 real pools, in standard errors (but 0.1 % at least)."""
    inputs, expected = case["inputs"], case["expected"]
    size, domain = listed(inputs)
    shares, data, groups = inputs["shares"], inputs["data_shares"], inputs["pg_num"]
    found = expected_usable_capacity(size, domain, shares, data, groups, pools=2000) / TB
    error = expected["standard_deviation_tb"] / math.sqrt(POOLS_MEASURED)
    return (found - expected["mean_usable_tb"]) / max(error, 1e-3 * found)


def test_means_of_random_clusters():
    """158 means scatter around the model as 50 pools must: no bias, no row beyond 4.5 sigma."""
    deviations = np.array([deviation(case) for case in RANDOM])
    assert len(deviations) > 150
    assert np.abs(deviations).max() < 4.5
    assert abs(deviations.mean()) < 4.0 / math.sqrt(len(deviations))
    assert 0.8 < np.sqrt(np.mean(deviations**2)) < 1.25


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["id"])
def test_balancer(case):
    """Equal hosts: 3 %. Unequal ones: the law bounds it, rounding aside."""
    inputs, real = case["inputs"], case["expected"]["after_upmap_usable_tb"] * TB
    size, domain = devices(inputs)
    shares, data, groups = inputs["n_chunks"], inputs["k_data"], inputs["pg_num"]
    found = balanced_usable_capacity(size, domain, shares, data, groups)
    if len(set(size)) == 1 and "giant" not in case["id"]:
        assert found == pytest.approx(real, rel=0.03)
    else:
        assert found >= real * (1 - 1e-9)


@pytest.mark.parametrize("case", RANDOM, ids=lambda case: case["id"])
def test_balancer_on_random_clusters(case):
    """Tolerances as the function states them, by the groups due to the smallest device."""
    inputs, real = case["inputs"], case["expected"]["after_upmap_usable_tb"] * TB
    size, domain = listed(inputs)
    shares, groups = inputs["shares"], inputs["pg_num"]
    found = balanced_usable_capacity(size, domain, shares, inputs["data_shares"], groups)
    totals = {sum(sizes) for sizes in inputs["hosts_tb"]}
    due = shares * groups * min(size) / sum(size)
    if len(totals) > 1:
        assert found >= real * (1 - 1e-9)
    elif due >= 12.0:
        rel = 0.03 if due >= 35.0 else 0.05 if due >= 20.0 else 0.08
        assert found == pytest.approx(real, rel=rel)


@rows(LIVE, "live_balancer")
def test_live_balancer(case):
    pool, after = case["inputs"]["pool"], case["measured"]["after"]
    real = TB * pool["pg_num"] / max(after)
    domain = np.arange(len(after)) // 2
    found = balanced_usable_capacity(
        [TB] * len(after), domain, pool["size"], 1, placement_groups=pool["pg_num"]
    )
    assert found == pytest.approx(real, rel=0.03)


@rows(CASES, "capacity_after_disk_out")
def test_after_a_disk_is_out(case):
    expected, tolerance = case["expected"], case["tolerance"]["real_vs_model_rel"]
    hosts = len(expected["survivor_domain_tb"])
    size, domain = [3.0 * TB] * (2 * hosts), np.arange(2 * hosts) // 2
    found = device_loss_self_heal_capacity(size, domain, 3, balanced=False)
    headroom = expected["max_data_self_heal_below_backfillfull_090"] * TB
    assert found == pytest.approx(headroom, rel=1e-9)
    assert found == pytest.approx(0.9 * expected["real_crush_usable_tb"] * TB, rel=tolerance)
    law = device_loss_self_heal_capacity(size, domain, 3)
    assert law == pytest.approx(0.9 * expected["law_usable_tb"] * TB, rel=1e-9)


def test_live_host_loss_healed_below_and_stuck_above():
    """Four hosts of two disks, 128 groups: healed at 55 % of the law, stuck at 62 %."""
    healed, stuck = (
        live("heal/4x2 r3 55 % host out"),
        live("toofull/4x2 r3 host out at 0.62 of law"),
    )
    assert set(healed["measured"]["final"]) == {"active+clean"}
    assert stuck["measured"]["final"]["toofull"] > 0
    law = usable_capacity([2.0] * 4, 3)
    found = expected_self_heal_capacity([1.0] * 8, FOUR_HOSTS, 3, placement_groups=128) / law
    assert healed["inputs"]["stored_over_law"] < found < stuck["inputs"]["stored_over_law"]
    assert self_heal_capacity([2.0] * 4, 3, 1, 0.9) / law > stuck["inputs"]["stored_over_law"]
    survivors = pool_capacities([1.0] * 6, FOUR_HOSTS[:6], 3, placement_groups=128)
    low, high = np.quantile(0.9 * survivors / law, [0.05, 0.95])
    assert low < healed["predicted"]["S_max_over_law_from_counts"] < high


def test_live_disk_loss_healed_below_and_stuck_above():
    """Three hosts of two disks: the sibling takes everything, 45 % of the law."""
    healed, stuck = (live(f"max_avail/disk_out{fill}/3x2 r3") for fill in (0.3, 0.55))
    assert healed["inputs"]["not_degraded_share_of_copies"] == 1.0
    assert stuck["inputs"]["not_degraded_share_of_copies"] < 1.0
    law = usable_capacity([2.0] * 3, 3)
    for balanced in (True, False):
        found = device_loss_self_heal_capacity([1.0] * 6, FOUR_HOSTS[:6], 3, balanced=balanced)
        assert found / law == pytest.approx(0.45)
        assert 0.3 < found / law < 0.55


quick = settings(max_examples=40, deadline=None)
hosts = st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=4), min_size=1, max_size=6)


def as_devices(layout):
    return [s for host in layout for s in host], [i for i, host in enumerate(layout) for _ in host]


@quick
@given(hosts, st.integers(1, 6), st.sampled_from([1, 16, 128]))
def test_bounds(layout, shares, groups):
    size, domain = as_devices(layout)
    law = usable_capacity([sum(host) for host in layout], shares)
    found = pool_capacities(size, domain, shares, 1, groups, pools=50)
    assert found.shape == (50,)
    if shares > len(layout):
        assert (found == 0.0).all()
    else:
        assert found.min() > 0.0
        # Every group lies in distinct domains, so no pool beats the law.
        assert found.max() <= law * (1 + 1e-9)
    assert balanced_usable_capacity(size, domain, shares, 1, groups) <= law * (1 + 1e-9)


@quick
@given(hosts, st.integers(1, 4), st.integers(1, 4))
def test_data_shares_multiply(layout, parity, data):
    size, domain = as_devices(layout)
    shares = parity + data
    for law in (expected_usable_capacity, balanced_usable_capacity):
        copies, coded = law(size, domain, shares), law(size, domain, shares, data)
        assert coded == pytest.approx(data * copies)


def test_more_groups_come_closer_to_the_limit():
    means = [
        expected_usable_capacity([3.0] * 8, FOUR_HOSTS, 3, placement_groups=groups)
        for groups in (32, 128, 512, 2048, 32768)
    ]
    assert means == sorted(means)
    assert means[-1] == pytest.approx(8.0, rel=0.02)
    unequal = np.arange(5) * 2.0 + 6.0
    limit = unbalanced_usable_capacity(unequal, 3)
    found = expected_usable_capacity(unequal, np.arange(5), 3, placement_groups=10**7)
    assert found == pytest.approx(limit, rel=2e-3)


@pytest.mark.parametrize("disks", [1, 2, 3, 8])
@pytest.mark.parametrize("groups", [1, 7, 128])
def test_exact_mean_equals_the_drawn_one(disks, groups):
    size, domain = [2.0] * (3 * disks), np.repeat(np.arange(3), disks)
    drawn = pool_capacities(size, domain, 3, 1, groups, pools=20_000)
    error = drawn.std() / math.sqrt(drawn.size)
    found = expected_usable_capacity(size, domain, 3, 1, groups)
    assert found == pytest.approx(drawn.mean(), abs=5 * error + 1e-9)


def test_seeds():
    first, again, other = (
        pool_capacities([3.0] * 8, FOUR_HOSTS, 3, seed=seed, pools=100) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_domains_may_be_named_and_in_any_order():
    size, names = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], ["b", "a", "c", "b", "a", "c"]
    numbers, order = [1, 0, 2, 1, 0, 2], [1, 4, 0, 3, 2, 5]
    expected = pool_capacities(size, numbers, 2, pools=50)
    np.testing.assert_array_equal(pool_capacities(size, names, 2, pools=50), expected)
    sorted_by_name = pool_capacities(
        [size[i] for i in order], [names[i] for i in order], 2, pools=50
    )
    np.testing.assert_array_equal(sorted_by_name, expected)


def test_a_device_without_capacity_is_none():
    found = pool_capacities([3.0] * 8 + [0.0, 0.0], [*FOUR_HOSTS, 0, 4], 3)
    np.testing.assert_array_equal(found, pool_capacities([3.0] * 8, FOUR_HOSTS, 3))
    assert expected_usable_capacity([3.0] * 4 + [0.0], [0, 0, 1, 1, 2], 3) == 0.0
    assert balanced_usable_capacity([0.0, 0.0], [0, 1], 2) == 0.0


def test_every_device_holding_every_group_leaves_no_scatter():
    """Three hosts of one disk, three copies: balanced by necessity."""
    assert expected_usable_capacity([3.0] * 3, [0, 1, 2], 3) == pytest.approx(3.0)
    assert balanced_usable_capacity([3.0] * 3, [0, 1, 2], 3) == pytest.approx(3.0)


def test_expected_self_heal():
    size, domain = [3.0, 3.0, 2.0, 2.0, 4.0, 4.0, 1.0], [0, 0, 1, 1, 2, 2, 3]
    left = expected_usable_capacity([3.0, 3.0, 2.0, 2.0, 1.0], [0, 0, 1, 1, 3], 2, seed=3)
    found = expected_self_heal_capacity(size, domain, 2, backfillfull_ratio=0.8, seed=3)
    assert found == pytest.approx(0.8 * left)
    assert expected_self_heal_capacity([3.0] * 6, FOUR_HOSTS[:6], 3) == 0.0
    assert expected_self_heal_capacity([3.0, 3.0], [0, 0], 1) == 0.0


@pytest.mark.parametrize("balanced", [True, False])
@quick
@given(hosts, st.integers(1, 4))
def test_device_loss_is_the_worst_of_all(balanced, layout, shares):
    size, domain = as_devices(layout)
    law = usable_capacity if balanced else unbalanced_usable_capacity
    left = []
    for lost in range(len(size)):
        totals = np.bincount(domain, size)
        totals[domain[lost]] -= size[lost]
        left.append(0.9 * law(totals, shares))
    found = device_loss_self_heal_capacity(size, domain, shares, balanced=balanced)
    assert found == pytest.approx(min(left), rel=1e-9)


def test_device_loss_may_cost_more_than_a_host_loss_without_a_balancer():
    device = device_loss_self_heal_capacity([3.0] * 8, FOUR_HOSTS, 3, balanced=False)
    assert device < self_heal_capacity([6.0] * 4, 3, 1, 0.9)


@pytest.mark.parametrize("balanced", [True, False])
def test_device_loss_on_arrays(balanced):
    rng = np.random.default_rng(6)
    size, shares = rng.uniform(0.0, 4.0, (8, 5)), np.array([1, 2, 3, 4, 5])
    ratio = rng.uniform(0.5, 1.0, 5)
    found = device_loss_self_heal_capacity(size, FOUR_HOSTS, shares, 1, ratio, balanced)
    for case in range(5):
        alone = device_loss_self_heal_capacity(
            size[:, case], FOUR_HOSTS, shares[case], 1, ratio[case], balanced
        )
        assert found[case] == pytest.approx(alone, rel=1e-9)


@pytest.mark.parametrize(
    "function",
    [
        expected_usable_capacity,
        expected_self_heal_capacity,
        balanced_usable_capacity,
        device_loss_self_heal_capacity,
        lambda *arguments: pool_capacities(*arguments).max(),
    ],
)
@pytest.mark.parametrize("place", [0, 7])
def test_unknown_stays_unknown(function, place):
    size = [3.0] * 8
    size[place] = math.nan
    assert math.isnan(function(size, FOUR_HOSTS, 3))


@pytest.mark.parametrize(
    "function",
    [
        pool_capacities,
        expected_usable_capacity,
        expected_self_heal_capacity,
        balanced_usable_capacity,
        device_loss_self_heal_capacity,
    ],
)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([-1.0, 1.0], [0, 1], 2), "device_capacity must be 0 B or more, got -1"),
        (([1.0, 1.0], [0], 2), r"same devices, at least one: got shapes \(2,\) and \(1,\)"),
        (([], [], 2), r"same devices, at least one: got shapes \(0,\) and \(0,\)"),
        (([1.0, 1.0], [0, 1], 0), "shares must be a whole number of at least 1, got 0"),
        (([1.0, 1.0], [0, 1], 2, 3), "data_shares must be at most the number of shares, got 3"),
    ],
)
def test_bad_arguments(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: pool_capacities(*d, 2, 1, 0), "placement_groups must be a whole number"),
        (lambda d: expected_usable_capacity(*d, 2, 1, 0.5), "placement_groups must be a whole"),
        (lambda d: balanced_usable_capacity(*d, 2, 1, -1), "placement_groups must be a whole"),
        (lambda d: expected_self_heal_capacity(*d, 2, 1, 90), "backfillfull_ratio must be between"),
        (
            lambda d: device_loss_self_heal_capacity(*d, 2, 1, 90),
            "backfillfull_ratio must be between 0 and 1, got 90",
        ),
        (
            lambda d: pool_capacities(np.ones((2, 3)), d[1], 2),
            r"same devices, at least one: got shapes \(2, 3\)",
        ),
        (lambda d: pool_capacities(*d, 2, pools=0), "pools must be a whole number of at least 1"),
    ],
)
def test_bad_arguments_of_one(call, message):
    with pytest.raises(ValueError, match=message):
        call(([1.0, 1.0], [0, 1]))
