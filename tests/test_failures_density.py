"""VMs that still run when the largest hosts are lost."""

import json
from itertools import pairwise

import pytest
from kit import few_draws, planner, write_small  # noqa: F401
from test_policies import corrected

pytestmark = pytest.mark.usefixtures("few_draws")

MIXED = """\
extends: vrt-2013
scenario: mixed
baseline: null
claims: null
requirements: null
workload:
  linux: null
  windows-xp-and-2000: null
  windows-server-2008-r2: null
  windows-7-desktop: {count: COUNT, vcpus: 1, memory: 2 GiB, disk: 5 GB, duty: 10 %}
  large: {count: LARGE, vcpus: 1, memory: 12 GiB, disk: 5 GB, duty: 10 %}
admission: openstack-2023
designs:
  mixed:
    title: Large and small hosts with disks of their own
    vm_disks: own
    groups:
      small: {count: 4, node: building-block, runs_vms: true, memory_reserve: 0 GiB}
      large: {count: 2, node: server-1u, runs_vms: true, memory_reserve: 0 GiB}
    storage:
      own: {software: local-lvm, copies: 1, local: true,
            hosts: {small: {drive: intel-ssd-520-240}, large: {drive: intel-ssd-520-60}}}
  legacy-rack: null
  mini-itx-pooled: null
  mini-itx-test: null
  mini-itx-cluster: null
  mini-itx-cluster-4: null
  rack-1u: null
  rack-san: null
"""


def density(tmp_path, count, large=0, most=4):
    """Small hosts hold 8 VMs of 2 GiB, large ones 11 (their 60 GB disk binds)."""
    path = tmp_path / "mixed.yaml"
    path.write_text(MIXED.replace("COUNT", str(count)).replace("LARGE", str(large)))
    found = planner("failures", str(path), "mixed", "-k", str(most), "--format", "json")
    assert found.code == 0, found.err
    return json.loads(found.out)["density"]


def test_the_largest_are_lost_first_whatever_their_group(tmp_path):
    rows = density(tmp_path, 40)
    assert [row["of"] for row in rows] == [
        {}, {"large": 1}, {"large": 2}, {"large": 2, "small": 1}, {"large": 2, "small": 2},
    ]  # fmt: skip
    # 60.02 GB (binary prefixes of the maker) hold 12 disks of 5 GB: 4 x 8 + 2 x 12 less the largest
    held = [row["vms"] for row in rows]
    assert held == [held[0], held[0] - 12, held[0] - 24, held[0] - 32, held[0] - 40]
    assert held[-1] == 16
    assert [row["limit"] for row in rows[2:]] == ["memory"] * 3


def test_of_one_size_so_many_run_as_are_held(tmp_path):
    """The law of N+k: sum(h) less the k largest h."""
    for row in density(tmp_path, 40):
        assert row["run"] == min(40, row["vms"])
        assert row["stay"] is (row["vms"] >= 40)


def test_a_mix_runs_as_far_as_its_sizes_allow(tmp_path):
    rows = density(tmp_path, 10, large=5)
    assert [row["run"] for row in rows[:2]] == [15, 15]
    # of four small hosts three have a VM of 12 GiB and two of 2 GiB, the last takes four of 2 GiB
    assert rows[2]["run"] == 3 + 10
    assert rows[2]["lacking"] == "memory"
    assert rows[2]["stay"] is False
    assert all(a["run"] >= b["run"] for a, b in pairwise(rows))


def test_pooled_storage_that_stops_takes_the_vms_with_it():
    rows = json.loads(planner("failures", "vrt-2013", "rack-1u", "-f", "json").out)["density"]
    assert [(row["run"], row["limit"]) for row in rows[:3]] == [
        (96, "memory"), (96, "memory"), (0, "blocked"),
    ]  # fmt: skip


def test_it_is_printed_with_the_limiter():
    text = planner("failures", "vrt-2013", "mini-itx-cluster").out
    assert "VMs after the loss of the hosts that hold most" in text
    assert "1 compute          195  memory      96 of 96           yes" in text
    markdown = planner("failures", "vrt-2013", "mini-itx-cluster", "-f", "md").out
    assert "| 2 compute | 182 | memory | 96 of 96 |" in markdown


def test_under_vsphere_the_slots_count_before_the_loss_only(tmp_path):
    path = write_small(tmp_path, corrected("vsphere-ha-slots"))
    rows = json.loads(planner("failures", path, "cluster", "-f", "json").out)["density"]
    assert [row["run"] for row in rows[:2]] == [20, 20]
