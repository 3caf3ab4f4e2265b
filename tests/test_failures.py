"""``planner failures``: what survives, what is left, how durable the data is."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest
from test_backends import DISK, RACKS, TB, scenario
from test_compute import SCENARIO as POOLED
from test_paths import BASE

from planner.failing import failures
from planner.models.disk_sets import HostDrives, ReplicaSet, drive_loss_probability
from planner.models.published_durability import backblaze_loss

NOMINAL = 0.0005  # a "3 TB" drive holds 3,000,592,982,016 bytes


@pytest.fixture(scope="module")
def four():
    """Four storage nodes with two disks each, three copies: the seed's fourth node."""
    return failures("vrt-2013", "mini-itx-cluster-4")


@pytest.fixture(scope="module")
def three():
    """Three storage nodes."""
    return failures("vrt-2013", "mini-itx-cluster")


def row(report, of, number, kind="hosts"):
    """The row of one loss."""
    wanted = {"kind": kind, "of": of, "number": number}
    return next(item for item in report["rows"] if item["lost"] == wanted)


def storage(report, of, number, kind="hosts"):
    """What a loss does to the only backend."""
    return next(iter(row(report, of, number, kind)["storage"].values()))


# The claims of 2013, by hand from the reference


def test_four_nodes_lose_one_and_heal(four):
    item = storage(four, "storage", 1)
    assert item["data_loss_probability"] == item["not_served"] == 0.0
    assert item["heals"] is True
    assert item["heal_capacity"] == pytest.approx(5.4 * TB, rel=NOMINAL)
    assert item["usable_capacity"] == pytest.approx(6 * TB, rel=NOMINAL)


def test_four_nodes_lose_two_and_half_of_the_groups_block(four):
    item = storage(four, "storage", 2)
    assert item["data_loss_probability"] == 0.0
    assert item["not_served"] == 0.5
    assert item["heals"] is False
    assert item["because"] == "2 hosts left for 3 copies"
    assert row(four, "storage", 2)["vms"] == 0.0


def test_three_nodes_lose_two_and_all_groups_block(three):
    item = storage(three, "storage", 2)
    assert item["data_loss_probability"] == 0.0
    assert item["not_served"] == 1.0


def test_three_nodes_never_heal_the_loss_of_one(three):
    item = storage(three, "storage", 1)
    assert item["not_served"] == 0.0
    assert item["heals"] is False
    assert item["because"] == "2 hosts left for 3 copies"
    assert item["recovery_hours"] is None
    assert row(three, "storage", 1)["vms"] == row(three, "compute", 1)["vms"] + 13


def test_degraded_pools_serve_with_the_copies_that_are_left(three):
    """Two hosts hold two copies: 4 disks of 100 MB/s, two writes and two journal writes a byte."""
    item = storage(three, "storage", 1)
    assert item["write_throughput"] == pytest.approx(4 * 100e6 / (2 * 2))
    assert item["read_throughput"] == pytest.approx(4 * 100e6)
    assert item["usable_capacity"] == 0.0


def test_three_lost_nodes_lose_data(four, three):
    assert storage(four, "storage", 3)["data_loss_probability"] == pytest.approx(1.0)
    assert storage(four, "storage", 3)["data_lost"] == 0.25
    assert storage(three, "storage", 3)["data_lost"] == 1.0


def test_losing_all_hosts_that_hold_and_run_everything_leaves_nothing(tmp_path):
    path = tmp_path / "pooled.yaml"
    path.write_text(POOLED)
    report = failures(str(path), "pooled")
    assert storage(report, "plain", 3)["data_lost"] == 1.0
    assert row(report, "plain", 3)["vms"] == 0


def test_sibling_disk_takes_all_on_three_nodes(three):
    """Headroom 2.7 TB: all groups of the host land on the one other disk."""
    item = storage(three, "ceph", 1, "drives")
    assert item["heals"] is True
    assert item["heal_capacity"] == pytest.approx(2.7 * TB, rel=NOMINAL)


def test_three_failed_disks_hit_a_copyset(three, four):
    assert storage(three, "ceph", 3, "drives")["data_loss_probability"] == pytest.approx(8 / 20)
    found = storage(four, "ceph", 3, "drives")["data_loss_probability"]
    assert found == pytest.approx(32 / 56, rel=1e-3)  # 256 groups use 31.99 of 32 copysets


def test_two_failed_disks_on_two_hosts_block(four):
    item = storage(four, "ceph", 2, "drives")
    assert item["data_loss_probability"] == 0.0
    # 24 of the 28 pairs lie on two hosts.
    assert item["stop_probability"] == pytest.approx(24 / 28, rel=1e-3)


@pytest.mark.parametrize(("number", "heals"), [(1, 6.3), (2, 5.4), (3, 2.7)])
def test_failed_disks_are_divided_among_the_hosts_at_their_worst(four, number, heals):
    """Of four hosts with two disks of 3 TB; three disks leave hosts of 0, 3, 6 and 6 TB."""
    item = storage(four, "ceph", number, "drives")
    assert item["usable_capacity"] == pytest.approx(heals / 0.9 * TB, rel=NOMINAL)
    assert item["heal_capacity"] == pytest.approx(heals * TB, rel=NOMINAL)


def journalled(folder, journals, disks=4):
    """Four hosts whose disks have their journals on drives of their own."""
    text = BASE.replace("box: 1, disk: 2,", f"box: 1, disk: {disks},")
    journal = f"{{drive: disk, journal: {{drive: quick, drives: {journals}}}}}"
    path = folder / "journals.yaml"
    path.write_text(text.replace("{drive: disk}", journal), encoding="utf-8")
    return failures(str(path), "one")


def test_one_disk_a_host_is_lost_like_the_host(tmp_path):
    report = journalled(tmp_path, 1, disks=1)
    for number in (1, 2, 3):
        disks = storage(report, "ceph", number, "drives")
        assert disks["usable_capacity"] == storage(report, "store", number)["usable_capacity"]
    assert not [one for one in report["rows"] if one["lost"]["kind"] == "journals"]


def test_with_its_only_journal_a_host_is_lost(tmp_path):
    report = journalled(tmp_path, 1)
    for number in (1, 2, 3):
        journals = storage(report, "ceph", number, "journals")
        assert journals == storage(report, "store", number)


def test_a_journal_takes_its_disks_along(tmp_path):
    """Two journals a host for four disks of 3 TB: one takes two, two are on one host by 1 in 7."""
    report = journalled(tmp_path, 2)
    one, two = (storage(report, "ceph", number, "journals") for number in (1, 2))
    assert (one["data_loss_probability"], one["stop_probability"]) == (0.0, 0.0)
    assert one["usable_capacity"] == pytest.approx(14 * TB)
    assert two["data_loss_probability"] == 0.0
    assert two["stop_probability"] == pytest.approx(6 / 7)
    assert two["usable_capacity"] == pytest.approx(12 * TB)
    assert row(report, "ceph", 1, "journals")["total"] == 8


def test_monitors_lose_their_quorum_at_two_of_three(three):
    assert row(three, "management", 1)["quorums"]["monitors"] == 0.0
    assert row(three, "management", 2)["quorums"]["monitors"] == 1.0
    assert row(three, "management", 1)["quorums"]["juju"] == pytest.approx(1 / 3)
    assert row(three, "storage", 3)["quorums"]["monitors"] == 0.0


def test_monitors_on_three_of_sixteen_nodes():
    """P(two of the three are among f of 16), by the hypergeometric law."""
    report = failures("vrt-2013", "mini-itx-pooled")
    two, three = ((row(report, "node", f)["quorums"]["monitors"]) for f in (2, 3))
    assert two == pytest.approx(3 / math.comb(16, 2))
    assert three == pytest.approx((3 * 13 + 1) / math.comb(16, 3))


def test_data_that_does_not_fit_the_survivors_does_not_heal():
    report = failures("vrt-2013", "mini-itx-pooled", 1)
    item = storage(report, "node", 1)
    assert item["heals"] is False
    assert "stored, room for" in item["because"]
    assert report["stored"]["ceph"] < report["wanted"]["ceph"]
    assert report["stored"]["ceph"] > item["heal_capacity"]


def test_recovery_of_a_host_is_bound_by_disks(four):
    """D = 3 x 2.26 TB / 4 read and written twice by six disks of 100 MB/s, after five minutes."""
    lost = 3 * four["stored"]["ceph"] / 4
    item = storage(four, "storage", 1)
    hours = 300 / 3600 + lost * (1 + 2) / (6 * 100e6) / 3600
    assert item["recovery_hours"] == pytest.approx(hours)
    assert item["recovery_limit"] == "drives"
    network = lost / (3 * 250e6) / 3600
    assert item["network_busy"] == pytest.approx(network / (hours - 300 / 3600))


def test_losing_hosts_of_vms_leaves_storage_alone(four):
    item = storage(four, "compute", 3)
    assert item["touched"] is False
    assert item["heals"] is None
    assert row(four, "compute", 3)["vms"] == row(four, "storage", 1)["vms"] * 13 / 16


def test_local_disks_go_with_their_host():
    report = failures("vrt-2013", "legacy-rack", 2)
    item = storage(report, "legacy", 2)
    assert item["data_loss_probability"] == 1.0
    assert item["data_lost"] == pytest.approx(0.4)
    assert row(report, "legacy", 2)["vms"] == 39.0


def test_an_array_keeps_serving_with_one_controller():
    report = failures("vrt-2013", "rack-san", 1)
    one, both = (storage(report, "san", n, "controllers") for n in (1, 2))
    assert one["not_served"] == 0.0
    assert one["read_throughput"] == pytest.approx(400e6)
    assert both["data_loss_probability"] == 0.0
    assert both["not_served"] == 1.0
    two, three = (storage(report, "san", n, "drives") for n in (2, 3))
    assert two["data_loss_probability"] == 0.0
    assert three["data_loss_probability"] == 1.0
    assert storage(report, "array", 1)["data_lost"] == 1.0


def test_two_hosts_are_no_place_for_three_copies():
    report = failures("vrt-2013", "mini-itx-test", 1)
    item = storage(report, "", 0, "none")
    assert item["data_loss_probability"] is None
    assert item["usable_capacity"] == item["read_throughput"] == 0.0


# Other storage


def test_pairs_of_a_replica_volume(tmp_path):
    """Four bricks in two pairs: 2 of the 6 pairs of bricks are a whole set, half of the data."""
    file = scenario(tmp_path, ["software: glusterfs", "copies: 2", "network: net"])
    report = failures(file, "it", 2)
    two = storage(report, "h", 2)
    assert two["data_loss_probability"] == pytest.approx(2 / 6)
    assert two["data_lost"] == pytest.approx(1 / 6)
    one = storage(report, "h", 1)
    assert one["data_loss_probability"] == 0.0
    assert one["because"] == "waits for the host"


def test_racks_are_lost_as_a_whole(tmp_path):
    body = ["software: ceph-bluestore", "copies: 3", "failure_domain: rack", "network: net"]
    report = failures(scenario(tmp_path, body, groups=RACKS), "it", 2)
    one, two = (storage(report, "s", n, "racks") for n in (1, 2))
    assert (one["data_loss_probability"], one["not_served"]) == (0.0, 0.0)
    assert one["because"] == "a whole rack is not marked out"
    assert (two["data_loss_probability"], two["not_served"]) == (0.0, 0.5)
    assert one["usable_capacity"] == pytest.approx(3 * 4 * DISK / 3)
    # Both hosts of one rack hold at most one copy of anything.
    assert storage(report, "r0", 2)["not_served"] == 0.0


def test_a_spare_makes_a_raid_heal_by_itself(tmp_path):
    body = ["software: raid", "raid: {level: 6, spares: 1}", "network: net"]
    report = failures(scenario(tmp_path, body, disks=9, hosts=1), "it", 1)
    one, two = (storage(report, "s", n, "drives") for n in (1, 2))
    assert one["heals"] is True
    assert one["recovery_hours"] == pytest.approx(DISK / 100e6 / 3600)
    assert (two["heals"], two["because"]) == (False, "1 hot spare only")


def test_few_drives_are_marked_out_by_themselves(tmp_path):
    """Of 6 x 4 drives 7 are marked out (24 - ceil(0.75 x 24) + 1), two hosts have 8."""
    body = ["software: ceph-bluestore", "copies: 3", "network: net"]
    report = failures(scenario(tmp_path, body, disks=4, hosts=6), "it", 2)
    assert storage(report, "h", 2)["because"] == "marks out 7 of 8 drives"


def test_plain_placement_heals_less(tmp_path):
    """A failed drive of 4 x 2: 7.0 by the law, 5.526 by CRUSH with endless groups, of 8."""
    body = ["software: ceph-bluestore", "copies: 3", "network: net"]
    balanced = failures(scenario(tmp_path, body), "it", 1)
    plain = failures(scenario(tmp_path, [*body, "balancer: false"]), "it", 1)
    first, second = (storage(item, "s", 1, "drives")["heal_capacity"] for item in (balanced, plain))
    assert first == pytest.approx(0.9 * 7.0 / 8 * 8 * DISK / 3)
    assert second == pytest.approx(0.9 * 5.526 * DISK / 3, rel=0.02)


def test_too_many_failed_drives_are_refused():
    with pytest.raises(ValueError, match="at most the 2 drives, got 3"):
        drive_loss_probability([ReplicaSet([HostDrives(1, 2, 0)], 0)], 3)


# Durability


def test_durability_shows_the_spread_of_models_and_rates(four):
    item = four["durability"][0]
    rate = item["failure_rate"]
    assert (rate["low"], rate["value"], rate["high"]) == (0.01, 0.04, 0.4)
    models = {model["model"]: model["object"] for model in item["models"]}
    assert len(models) == 5
    for ends in models.values():
        assert ends["low"] < ends["value"] < ends["high"]
    expected = backblaze_loss(3, 1, 0.04, item["repair_hours"]).annual
    assert models["Backblaze, fixed windows"]["value"] == pytest.approx(expected, rel=1e-4)
    assert item["least"] == min(ends["low"] for ends in models.values())
    assert all(ends["value"] < ends["by_hand"] for ends in models.values())
    assert item["repair_hours"] < 2 < 24 < item["repair_hours_by_hand"]
    assert item["most"] / item["least"] > 1000


def test_a_pool_loses_more_often_than_an_object(four):
    item = four["durability"][0]
    for model in item["models"]:
        assert model["pool"]["value"] == pytest.approx(
            model["object"]["value"] * item["sets"], rel=1e-4
        )
        assert model["nines"]["value"] == pytest.approx(
            -math.log10(model["object"]["value"]), abs=1e-3
        )


def test_an_unknown_failure_rate_stays_unknown(tmp_path, run):
    body = ["software: ceph-bluestore", "copies: 3", "network: net"]
    file = scenario(tmp_path, body)
    item = failures(file, "it", 1)["durability"][0]
    assert item["failure_rate"]["value"] is None
    assert item["least"] is None
    assert all(value is None for model in item["models"] for value in model["object"].values())
    text = run("failures", file, "it").stdout
    text = " ".join(text.split())
    assert "Nothing is known of how often a disk fails" in text
    assert "read errors of the drive are unknown" in text


def test_replacing_late_costs_nines():
    soon, late = (
        failures("vrt-2013", "rack-san", 1, hours)["durability"][0] for hours in (6.0, 168.0)
    )
    assert soon["repair_hours"] == pytest.approx(6 + 2e12 / 110e6 / 3600, rel=1e-4)
    for one, other in zip(soon["models"], late["models"], strict=True):
        assert one["object"]["value"] < other["object"]["value"]


# The command


def test_text_fits_and_says_the_four_answers(run):
    result = run("failures", "vrt-2013", "mini-itx-cluster-4", "--most", "2")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    survives = result.stdout[: result.stdout.index("What is left")]
    two = survives[survives.index("2 of 4 storage") :].splitlines()[0]
    assert "safe" in two
    assert "all but 50 %" in two
    assert "holds" in two
    assert "no: 2 hosts" in two
    assert "3 of 4" not in survives


@pytest.mark.parametrize(
    "design",
    ["legacy-rack", "mini-itx-pooled", "mini-itx-test", "mini-itx-cluster", "rack-1u", "rack-san"],
)
def test_every_design_fits_the_terminal(run, design):
    result = run("failures", "vrt-2013", design)
    assert (result.returncode, result.stderr) == (0, "")
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_json_is_the_report_and_csv_has_one_row_a_loss(run, four):
    arguments = ("failures", "vrt-2013", "mini-itx-cluster-4")
    data = json.loads(run(*arguments, "-f", "json").stdout)
    assert data == four
    assert data["schema"] == "planner/failures/1"
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "-f", "csv").stdout)))
    assert len(rows) == len(four["rows"])
    two = next(item for item in rows if (item["of"], item["number"]) == ("storage", "2"))
    assert (two["not_served"], two["heals"]) == ("0.5", "no")


def test_markdown_has_four_tables(run):
    text = run("failures", "vrt-2013", "mini-itx-cluster-4", "-f", "md").stdout
    assert text.count("\n## ") == 4
    widths = {line.count(" | ") for line in text.splitlines() if line.startswith("| nothing")}
    assert widths == {5, 6}


def test_unknown_design_proposes_one(run):
    result = run("failures", "vrt-2013", "rack-2u")
    assert result.returncode == 2
    assert "did you mean `rack-1u`?" in result.stderr
