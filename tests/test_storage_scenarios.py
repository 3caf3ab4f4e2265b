"""Reference clusters written as scenarios: the whole way from text to the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit import few_draws  # noqa: F401
from test_backends import DISK, TB, evaluated, numbers, scenario
from test_failures import row, storage

from planner.failing import failures

pytestmark = pytest.mark.usefixtures("few_draws")

REFERENCE = Path(__file__).parent / "reference"


def cases(file, kind):
    """The cases of a kind."""
    return [
        case for case in json.loads((REFERENCE / file).read_text())["cases"] if case["kind"] == kind
    ]


COMBINATIONS = cases("storage-cases.json", "failure_combinatorics")
LIVE = {
    case["id"]: case
    for kind in ("live_failure", "live_heal", "live_auto_out", "live_balancer")
    for case in cases("storage-live-cases.json", kind)
}


def redundancy(shares, data):
    """Lines of a scenario."""
    if data == 1:
        return ["software: ceph-bluestore", "network: net", f"copies: {shares}"]
    lines = [f"data_shares: {data}", f"parity_shares: {shares - data}"]
    return ["software: ceph-bluestore", "network: net", *lines]


def hosts_of(cluster):
    return {"seed3_r3": 3, "seed4_r3": 4, "seed4_r2": 4, "ec42_6hosts": 6}[cluster]


@pytest.mark.parametrize("case", COMBINATIONS, ids=lambda case: case["id"])
def test_counts_of_real_maps(tmp_path, case):
    """Failed hosts and disks, counted on maps of 2,048 groups."""
    inputs, expected = case["inputs"], case["expected"]
    body = redundancy(inputs["size"], inputs["k"])
    file = scenario(tmp_path, [*body, "placement_groups: 2048"], hosts=hosts_of(inputs["cluster"]))
    report = failures(file, "it", 2)
    near = case["tolerance"]["fractions_of_pgs_abs"]
    for number, counted in expected["host_failures"].items():
        item = storage(report, "h", int(number))
        blocked = item["not_served"] - item["data_lost"]
        assert blocked == pytest.approx(counted["mean_frac_pgs_blocked"], abs=near)
        assert item["data_lost"] <= counted["max_frac_pgs_lost"] + near
        assert (item["data_lost"] == 0.0) == (counted["max_frac_pgs_lost"] == 0.0)
    found = storage(report, "s", expected["disk_sets_of"], "drives")["data_loss_probability"]
    chance = expected["disk_sets_losing_data"] / expected["disk_sets_total"]
    assert found == pytest.approx(chance, rel=1e-9)


def test_minimum_shares_are_those_of_ceph(tmp_path):
    for case in cases("storage-live-cases.json", "live_min_size"):
        pool = case["inputs"]
        if "size" not in pool:
            continue
        body = redundancy(pool["size"], pool.get("k", 1))
        found = numbers(tmp_path, body, hosts=pool["size"])
        assert found["minimum_shares"] == case["measured"]["min_size"]


@pytest.mark.parametrize(("stored", "heals"), [(0.55, True), (0.62, False)])
def test_which_fills_heal_on_a_live_cluster(tmp_path, stored, heals):
    """Four hosts of two disks, three copies, 128 groups: 55 % healed, 62 % stuck."""
    ids = {0.55: "heal/4x2 r3 55 % host out", 0.62: "toofull/4x2 r3 host out at 0.62 of law"}
    case = LIVE[ids[stored]]
    assert case["inputs"]["stored_over_law"] == stored
    assert ("toofull" in json.dumps(case["measured"]["final"])) is not heals
    law = 8 * DISK / 3
    pools = f"    pools: {{v: {{use: block, backend: s, data: {stored * law:.0f} B}}}}\n"
    body = [*redundancy(3, 1), "placement_groups: 128", "balancer: false"]
    report = failures(scenario(tmp_path, body, tail=pools), "it", 1)
    assert storage(report, "h", 1)["heals"] is heals


def test_blocked_groups_on_a_live_cluster(tmp_path):
    """69 of 128 groups blocked with two of four hosts down: within the sampling spread."""
    case = LIVE["failure/4x2/r3/hosts01_down"]
    report = failures(scenario(tmp_path, [*redundancy(3, 1), "placement_groups: 128"]), "it", 2)
    found = storage(report, "h", 2)["not_served"]
    spread = 3 * (0.5 * 0.5 / 128) ** 0.5
    assert found == pytest.approx(case["measured"]["unavailable"] / 128, abs=spread)


def test_erasure_coding_without_a_spare_host_mixes_chunks(tmp_path):
    """48 of 128 groups of a live 2+1 pool put two chunks on one host, the rest did not heal."""
    report = failures(scenario(tmp_path, redundancy(3, 2), hosts=3), "it", 1)
    item = storage(report, "h", 1)
    assert item["heals"] is False
    assert item["because"] == "2 hosts left for 3 shares; some would share a host"


def test_dead_drives_are_marked_out_as_on_a_live_cluster(tmp_path):
    case = LIVE["auto_out/6"]
    assert len(case["measured"]["out"]) == 2
    # Six hosts of one disk, two copies: two dead disks go out, a third does not.
    report = failures(scenario(tmp_path, redundancy(2, 1), disks=1, hosts=6), "it", 3)
    lost = storage(report, "h", 3)["because"]
    assert lost in ("data is lost", "marks out 2 of 3 drives")
    assert "marks out" not in storage(report, "h", 2)["because"]


def test_balanced_figure_is_near_what_the_balancer_reached(tmp_path):
    """4 x 2 disks, 128 groups: the fullest device had 49 of them."""
    case = LIVE["balancer/cb4/r3"]
    real = DISK * 128 / max(case["measured"]["after"])
    found = numbers(tmp_path, [*redundancy(3, 1), "placement_groups: 128"])
    assert found["balanced_usable_capacity"] == pytest.approx(real, rel=0.03)


def test_expected_figure_is_near_the_mean_of_real_pools(tmp_path):
    """seed4_r3: means of 50 pools at 128, 512 and 2,048 groups, of 8 TB."""
    worked = {128: 6.84, 512: 7.34, 2048: 7.66}
    for groups, mean in worked.items():
        found = numbers(tmp_path, [*redundancy(3, 1), f"placement_groups: {groups}"])
        wanted = mean / 8 * 8 * DISK / 3
        assert found["expected_usable_capacity"] == pytest.approx(wanted, rel=0.02)


# The claims of 2013


def because(snapshot, claim):
    return next(item["because"] for item in snapshot.claims if item["id"] == claim)


def test_eight_terabytes_hold_at_a_hundred_percent_only(snapshot):
    text = because(snapshot, "four-nodes-give-eight-terabytes")
    for figure in ("8.00 TB", "7.60 TB", "6.80 TB", "5.40 TB"):
        assert figure in text


def test_any_two_can_fail_for_data_not_for_service_nor_monitors(snapshot):
    text = because(snapshot, "any-two-can-fail")
    assert "host_losses_data_safe of mini-itx-cluster is 2 nodes" in text
    assert "host_losses_in_service of mini-itx-cluster is 1 node" in text
    assert "two_host_loss_blocked_fraction of mini-itx-cluster is 1, above 0" in text
    assert "two_host_loss_blocked_fraction of mini-itx-cluster-4 is 0.5, above 0" in text
    assert "monitors.member_losses_tolerated of mini-itx-cluster is 1 node" in text
    assert "self_heal_capacity of mini-itx-cluster is 0 B" in text


def test_three_copies_on_three_hosts_say_why_nothing_heals(snapshot):
    findings = snapshot.design("mini-itx-cluster")["findings"]
    message = next(item["message"] for item in findings if item["code"] == "WCEP17")
    assert "after the loss of one there is no place for its shares" in message


def test_storage_figures_can_be_explained(run):
    for quantity, model in {
        "expected_usable_capacity": "planner.models.pools.expected_usable_capacity",
        "max_avail_excess": "planner.models.ceph_pool.max_avail_excess",
        "unbalanced_drive_loss_self_heal_capacity": "device_loss_self_heal_capacity",
        "monitors.member_losses_tolerated": "planner.models.quorum.member_losses_tolerated",
        "small_write_operations": "planner.models.write_cost.small_write_operations",
    }.items():
        result = run("explain", "vrt-2013", "mini-itx-cluster-4", quantity)
        assert result.returncode == 0, result.stderr
        assert model in result.stdout
        assert "vrt-2013.yaml:" in result.stdout
        assert max(map(len, result.stdout.splitlines())) <= 100


def test_pools_can_be_explained(tmp_path, run):
    tail = "    pools: {v: {use: block, backend: s, data: 2 TB, growth: 20 %/yr}}\n"
    file = scenario(tmp_path, redundancy(3, 1), tail=tail)
    text = run("explain", file, "it", "s.years_to_full").stdout
    assert "planner.models.pool_growth.years_to_full" in text
    assert text.startswith("years_to_full = 8.29 yr")  # ln(0.85 x 32/3 / 2) / ln(1.2)
    assert "v.growth" in text


@pytest.mark.parametrize("output", ["text", "md"])
def test_show_tells_what_each_use_takes(tmp_path, run, output):
    tail = """
    pools:
      volumes: {use: block, backend: s, data: 2 TB, growth: 20 %/yr}
      images: {use: image, backend: s, data: 1 TB, copies: 2}
"""
    file = scenario(tmp_path, redundancy(3, 1), tail=tail)
    text = run("show", file, "it", "-f", output).stdout
    volumes = next(line for line in text.splitlines() if "volumes" in line)
    # 2 TB take 6 TB raw and 2 / (0.85 x 32 / 3) = 22.1 % of the storage.
    assert volumes.replace("|", " ").split()[1:5] == ["2.00", "20.0", "6.00", "22.1"]


def test_unknown_drives_leave_everything_unknown(tmp_path):
    file = Path(scenario(tmp_path, redundancy(3, 1)))
    file.write_text(file.read_text().replace("capacity: 4 TB", "capacity: unknown"))
    report = failures(str(file), "it", 1)
    item = storage(report, "h", 1)
    assert item["usable_capacity"] is None
    assert row(report, "h", 1)["vms"] is None
    import planner

    quantities = planner.evaluate(str(file)).design("it")["quantities"]
    for name in ("max_avail", "expected_usable_capacity", "balanced_usable_capacity"):
        assert quantities[name]["value"] is None


def test_failure_domains_of_drives_lose_data_with_a_host(tmp_path):
    design = evaluated(tmp_path, [*redundancy(2, 1), "failure_domain: drive"])
    assert design["quantities"]["host_losses_data_safe"]["value"] == 0.0
    file = scenario(tmp_path, [*redundancy(2, 1), "failure_domain: drive"])
    # One pair of drives in 28 lies on a given host.
    assert storage(failures(file, "it", 1), "h", 1)["data_lost"] == pytest.approx(1 / 28)
    assert design["quantities"]["raw_capacity"]["value"] == 32 * TB
