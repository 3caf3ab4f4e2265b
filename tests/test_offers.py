"""Mirrored disks under Ganeti, and disk operations and traffic that VMs ask for."""

import json

import pytest
from kit import few_draws, planner  # noqa: F401
from test_placing import GIB, host, placement, vm

from planner.models.ganeti import ganeti_capacity

pytestmark = pytest.mark.usefixtures("few_draws")
MIB = 2.0**20

DRBD = """\
extends: vrt-2013
scenario: pairs
baseline: null
claims: null
requirements: null
admission: ganeti
workload:
  linux: null
  windows-xp-and-2000: null
  windows-server-2008-r2: null
  windows-7-desktop: {count: COUNT, vcpus: 1, memory: 2 GiB, disk: 20 GiB, duty: 10 %EXTRA}
designs:
  pairs:
    title: Nodes that mirror their disks in pairs
    groups:
      node: {count: 4, node: building-block, runs_vms: true, memory_reserve: 0 GiB,
             links: {back-end: {part: intel-dq77kb, ports: 2},
                     clients: {part: realtek-rtl8168, ports: 1}}}
    storage:
      pairs: {software: drbd, copies: 2, network: back-end,
              hosts: {node: {drive: intel-ssd-520-240}}}
  legacy-rack: null
  mini-itx-pooled: null
  mini-itx-test: null
  mini-itx-cluster: null
  mini-itx-cluster-4: null
  rack-1u: null
  rack-san: null
"""


def result(tmp_path, command, count=4, extra="", design="pairs"):
    path = tmp_path / "pairs.yaml"
    path.write_text(DRBD.replace("COUNT", str(count)).replace("EXTRA", extra))
    found = planner(command, str(path), design, "--format", "json")
    assert found.code == 0, found.err
    return json.loads(found.out)


def test_mirrored_disks_follow_the_law_of_ganeti(tmp_path):
    shown = result(tmp_path, "show")
    disk = 240e9 / MIB
    nodes = [16384] * 4, [disk] * 4, [4] * 4
    wanted = ganeti_capacity(*nodes, 2048, 20480, 1, storage="drbd")
    quantities = shown["quantities"]
    assert quantities["mirror_bound_vms"]["value"] == wanted
    assert quantities["vms"]["value"] == wanted
    assert shown["limits"]["vms"].split(" and ")[-1] in ("mirror", "failover", "storage")
    text = planner("show", str(tmp_path / "pairs.yaml"), "pairs").out
    assert "N+1 in each node group" in " ".join(text.split())
    for count in (int(wanted), int(wanted) + 1):
        placed = result(tmp_path, "place", count)
        assert (placed["verdict"] == "fits") == (count <= wanted)
        assert "not where their disks are mirrored" in placed["notes"][0]


def test_traffic_is_checked_against_links_that_carry_no_storage(tmp_path):
    """One port of 1 Gbit/s for clients: three VMs of 300 Mbit/s a node."""
    placed = result(tmp_path, "place", 12, ", network: 300 Mbit/s")
    assert placed["verdict"] == "fits"
    assert max(host["used"]["network"] for host in placed["hosts"]) <= 125e6
    over = result(tmp_path, "place", 13, ", network: 300 Mbit/s")
    assert (over["verdict"], over["placed"]) == ("does not fit", 12)
    assert over["unplaced"][0]["resource"] == "network"


def test_what_is_not_known_is_not_checked_and_said(tmp_path):
    placed = result(tmp_path, "place", 4, ", iops: 100 IOPS")
    iops = [one for one in placed["shared"] if one["name"] == "storage IOPS"]
    told = " ".join(placed["notes"])
    assert bool(iops) != ("the VMs ask for iops" in told)


def test_operations_of_local_drives_limit_a_host():
    hosts = {"node": host(2, disk=1e12) | {"iops": 500.0}}
    flavours = {"vm": vm(10) | {"iops": 100.0}}
    assert placement(hosts, flavours).verdict == "fits"
    busy = placement(hosts, {"vm": vm(11) | {"iops": 100.0}})
    assert (busy.verdict, busy.placed, busy.unplaced[0].resource) == ("does not fit", 10, "iops")


def test_operations_of_a_shared_storage_are_a_budget():
    flavours = {"vm": vm(11) | {"iops": 100.0}}
    numbers = {"vm_store_capacity": 1e13, "vm_store_iops": 1000.0}
    found = placement({"node": host(4, memory=64 * GIB)}, flavours, **numbers)
    assert (found.placed, found.unplaced[0].resource) == (10, "storage IOPS")
