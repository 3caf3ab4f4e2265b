"""``planner failures``: what stops with a switch, by hand."""

from __future__ import annotations

import pytest
from kit import write_small
from test_paths import BASE

from planner.evaluation import evaluate
from planner.failing import failures

SWITCH = "      switch: {count: 1, part: switch}\n"
PLACES = ("links: {net: {part: box, ports: 2}}}", "links: {net: {part: box, ports: 2}, peers")
"""Links of the ten clients, and of the four storage hosts, to the storage's network."""
MONITORS = "        hosts: {store: {drive: disk}}\n    quorums: {monitors: {compute: 3}}\n"


@pytest.fixture
def lost(tmp_path):
    """What is left without a switch of each group: the row, and the only storage."""

    def found(switches, clients="", hosts="", *changes):
        text = BASE.replace(SWITCH, switches)
        for old, on in zip(PLACES, (clients, hosts), strict=True):
            assert old in text
            text = text.replace(old, old.replace("ports: 2", f"ports: 2{on}", 1), 1)
        text = text.replace(", peers: {part: card, ports: 1}", "")
        for old, new in ((MONITORS.splitlines(True)[0], MONITORS), *changes):
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "switches.yaml"
        path.write_text(text, encoding="utf-8")
        rows = failures(str(path), "one", most=0)["rows"]
        only = [row for row in rows if row["lost"]["kind"] == "switches"]
        return {row["lost"]["of"]: (row, row["storage"]["ceph"]) for row in only}

    return found


def pair(one, other):
    """Two switches and the cables between them."""
    return (
        f"      {one}: {{count: 1, part: switch, uplinks: {{{other}: "
        f"{{ports: 4, speed: 1 Gbit/s}}}}}}\n      {other}: {{count: 1, part: switch}}\n"
    )


def test_without_the_only_switch_nothing_is_served(lost):
    row, storage = lost(SWITCH)["switch"]
    assert (row["total"], row["vms"], row["vm_limit"]) == (1, 0.0, "blocked")
    assert row["quorums"] == {"monitors": 1.0}
    assert (storage["data_loss_probability"], storage["not_served"]) == (0.0, 1.0)
    assert storage["read_throughput"] == storage["write_throughput"] == 0.0


@pytest.mark.parametrize("shape", ["mlag", "ring"])
def test_switches_that_share_bonds_stop_nothing(lost, shape):
    row, storage = lost(SWITCH.replace("count: 1", f"stack: {shape}, count: 2"))["switch"]
    assert (row["total"], row["quorums"]) == (2, {"monitors": 0.0})
    assert storage["touched"] is False
    assert storage["stop_probability"] == 0.0
    # What one link of each bond carries is not reckoned.
    assert storage["read_throughput"] is None
    assert row["vms"] > 0


def test_half_of_the_hosts_behind_each_switch(lost):
    """Two of four storage hosts and five of ten clients."""
    both = ", switch: [left, right]"
    found = lost(pair("left", "right"), both, both)
    assert set(found) == {"left", "right"}
    for row, storage in found.values():
        assert storage["not_served"] == 0.5
        assert storage["data_lost"] == 0.0
        # Three monitors among ten hosts of which five are gone: (C(5,2) C(5,1) + C(5,3)) / C(10,3).
        assert row["quorums"]["monitors"] == pytest.approx(0.5)
        assert (row["vms"], row["vm_limit"]) == (0.0, "blocked")


def test_a_switch_between_others_takes_along_what_is_behind_it(lost):
    """Clients at one end, hosts at the other, and a switch that only joins them."""
    ends = pair("near", "middle") + (
        "      far: {count: 1, part: switch, uplinks: {middle: {ports: 4, speed: 1 Gbit/s}}}\n"
    )
    found = lost(ends, ", switch: near", ", switch: far")
    for gone in ("far", "middle"):
        row, storage = found[gone]
        assert storage["not_served"] == 1.0
        assert row["quorums"]["monitors"] == 0.0
    row, storage = found["near"]
    assert (storage["not_served"], row["vms"], row["vm_limit"]) == (0.0, 0.0, "no host")
    assert row["quorums"]["monitors"] == 1.0


def test_own_disks_go_on_behind_no_switch_for_nobody(lost):
    local = (
        ("software: ceph-filestore", "software: local-lvm"),
        ("        copies: 3\n", "        copies: 1\n"),
        ("        network: net\n", "        local: true\n        clients: [store]\n"),
        ("node: compute, runs_vms: true", "node: compute"),
        ("node: store\n", "node: store\n        runs_vms: true\n"),
    )
    row, storage = lost(SWITCH, "", "", *local)["switch"]
    assert (storage["not_served"], row["vms"], row["vm_limit"]) == (0.0, 0.0, "no host")


def test_two_links_to_different_networks_keep_a_vote(lost):
    """Clients whose other link is on another switch are not lost to their quorum."""
    second = (
        "links: {net: {part: box, ports: 2, switch: left}}}",
        "links: {net: {part: box, "
        "ports: 2, switch: left}, lan: {part: box, ports: 1, switch: right}}}",
    )
    found = lost(pair("left", "right"), ", switch: left", ", switch: left", second)
    row, storage = found["left"]
    assert (row["quorums"]["monitors"], storage["not_served"]) == (0.0, 1.0)
    row, storage = found["right"]
    assert (row["quorums"]["monitors"], storage["not_served"]) == (0.0, 0.0)
    assert row["vms"] > 0


def test_all_hosts_of_a_group_with_spares_may_be_lost(tmp_path):
    """Four boxes and their kept drives: the loss of all is told too."""
    rows = failures(write_small(tmp_path), "cluster", most=4)["rows"]
    (gone,) = [row for row in rows if row["lost"] == {"kind": "hosts", "of": "box", "number": 4}]
    assert (gone["vms"], gone["storage"]["ceph"]["usable_capacity"]) == (0.0, 0.0)


def test_hosts_behind_a_switch_that_only_joins_others_count_for_it(tmp_path, lost):
    """Two pairs that share bonds, joined by one switch: without it four hosts are on their own."""
    up = "uplinks: {middle: {ports: 1, speed: 1 Gbit/s}}"
    joined = f"{{count: 2, part: switch, stack: mlag, {up}}}"
    switches = (
        f"      near: {joined}\n      far: {joined}\n      middle: {{count: 1, part: switch}}\n"
    )
    found = lost(switches, ", switch: near", ", switch: far")
    assert found["near"][1]["stop_probability"] == found["far"][1]["stop_probability"] == 0.0
    assert found["middle"][1]["not_served"] == 1.0
    design = evaluate(str(tmp_path / "switches.yaml")).designs[0]
    figures = design["quantities"]
    assert figures["hosts_losing_a_network_with_a_switch"]["value"] == 4
    assert figures["hosts_cut_off_with_a_switch"]["value"] == 4
    (told,) = [one["message"] for one in design["findings"] if one["code"] == "WSW04"]
    assert "4 hosts lose a network with one of 5 switches" in told
