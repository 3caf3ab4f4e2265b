"""How busy VMs keep their hosts: the measured node of 2013, and laws."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import few_draws, planner  # noqa: F401

from planner.models import busy

pytestmark = pytest.mark.usefixtures("few_draws")
CASES = json.loads((Path(__file__).parent / "reference" / "density-cases.json").read_text())

NODE = """\
extends: vrt-2013
scenario: one-node
baseline: null
claims: null
requirements: null
workload:
  busy: {count: VMS, vcpus: 1, memory: 2 GiB, disk: 5 GB, duty: 100 %}
  windows-7-desktop: null
  windows-server-2008-r2: null
  windows-xp-and-2000: null
  linux: null
designs:
  one-node:
    title: One compute node
    vm_disks: own
    groups:
      compute: {count: 1, node: building-block, runs_vms: true}
    storage:
      own: {software: local-lvm, copies: 1, local: true,
            hosts: {compute: {drive: intel-ssd-520-240}}}
  legacy-rack: null
  mini-itx-pooled: null
  mini-itx-test: null
  mini-itx-cluster: null
  mini-itx-cluster-4: null
  rack-1u: null
  rack-san: null
"""


def shown(tmp_path, vms):
    path = tmp_path / "node.yaml"
    path.write_text(NODE.replace("VMS", str(vms)))
    found = planner("show", str(path), "one-node", "--format", "json")
    assert found.code == 0, found.err
    return json.loads(found.out), path


def test_the_measured_node_is_saturated_and_its_memory_binds(tmp_path):
    """Six VMs at a load of 6.0 on four threads, 16 GiB; the reference row is an observation."""
    design, path = shown(tmp_path, 6)
    seed = CASES["seed_load"]
    value = {name: item["value"] for name, item in design["quantities"].items()}
    assert value["compute.host_load"] == pytest.approx(seed["load"], rel=1e-9)
    assert value["compute.host_thread_share"] == pytest.approx(seed["share"], rel=1e-9)
    assert value["compute.host_ready_fraction"] == pytest.approx(seed["ready_fraction"], rel=1e-9)
    assert value["compute.host_stretch"] == pytest.approx(1.5, rel=1e-9)
    assert value["compute.host_load_per_core"] == pytest.approx(3.0, rel=1e-9)
    (saturated,) = [one for one in design["findings"] if one["code"] == "WVM02"]
    assert "saturated at a load of 1.5 a thread" in saturated["message"]
    assert "gets 67% of a thread and waits 33%" in saturated["message"]
    # (16 - 0.5) GiB, promised one and a half times, hold eleven VMs of 2 GiB; processors 64
    assert (value["vms"], design["limits"]["vms"]) == (11, "memory")
    text = planner("show", str(path), "one-node").out
    assert "limited by memory" in " ".join(text.split())


def test_a_quiet_host_is_not_saturated(tmp_path):
    design, _ = shown(tmp_path, 4)
    assert not [one for one in design["findings"] if one["code"] == "WVM02"]


@pytest.mark.parametrize("case", CASES["finite_population"])
def test_the_queue_of_the_reference(case):
    """1e-9: the reference is computed by the same sums in another order."""
    count, threads, duty = case["N"], case["c"], case["duty"]
    stretch = busy.host_stretch(count, count * duty, threads)
    assert float(stretch) == pytest.approx(case["stretch"], rel=1e-9)


def test_a_crowd_is_the_limit_of_a_large_host():
    """The limit of a large host meets the exact queue at the size where it takes over."""
    for duty in (0.1, 0.5, 0.9):
        threads = 300.0
        exact = busy.host_stretch(1000.0, 1000 * duty, threads)
        crowd = busy.host_stretch(1001.0, 1001 * duty, threads)
        assert float(crowd) == pytest.approx(float(exact), rel=5e-3)


loads = st.floats(0.0, 64.0)


@given(loads, st.integers(1, 32), st.integers(1, 64))
def test_stretch_never_falls_with_the_load_and_never_rises_with_threads(load, threads, vcpus):
    load = min(load, float(vcpus))
    here = float(busy.host_stretch(float(vcpus), load, threads))
    assert here >= 1.0 - 1e-9
    assert float(busy.host_stretch(float(vcpus), load, threads + 1)) <= here * (1 + 1e-9)
    if load + 0.5 <= vcpus:
        assert float(busy.host_stretch(float(vcpus), load + 0.5, threads)) >= here * (1 - 1e-9)


def test_hosts_of_any_number_at_once():
    vcpus, load = np.array([6.0, 16.0, 2000.0]), np.array([6.0, 2.48, 200.0])
    together = busy.host_stretch(vcpus, load, 4.0)
    alone = [float(busy.host_stretch(*one, 4.0)) for one in zip(vcpus, load, strict=True)]
    assert np.asarray(together).tolist() == pytest.approx(alone)


def test_the_supported_ratio_of_the_trace():
    """Bitbrains: 15.5 % on average and 30.2 % at the 99th percentile give 2.65 at 80 %."""
    ratio = busy.supported_vcpus_per_thread(0.155 * 16, 16.0, 0.302 / 0.155, 0.8)
    assert float(ratio) == pytest.approx(0.8 / 0.302)
