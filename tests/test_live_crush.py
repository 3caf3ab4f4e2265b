"""The placement models against the real tools, where they are installed.

Debian and Ubuntu: ``apt-get install --no-install-recommends ceph-base`` (no daemon, no cluster).
"""

import itertools
import json
import math
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from planner.models.balancer import balanced_usable_capacity
from planner.models.capacity import expected_usable_capacity
from planner.models.placement import inclusion_probabilities

TOOLS = ("crushtool", "osdmaptool")
pytestmark = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in TOOLS),
    reason="crushtool and osdmaptool (package ceph-base) are not installed",
)
CASES = json.loads((Path(__file__).parent / "reference" / "storage-cases.json").read_text())[
    "cases"
]
RECORDED_VERSION = "16.2.15"
TUNABLES = """\
tunable choose_local_tries 0
tunable choose_local_fallback_tries 0
tunable choose_total_tries 50
tunable chooseleaf_descend_once 1
tunable chooseleaf_vary_r 1
tunable chooseleaf_stable 1
tunable straw_calc_version 1
tunable allowed_bucket_algs 54
"""


def run(*command, **environment):
    """Standard output of a tool."""
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout + done.stderr


def bucket(kind, name, number, items):
    lines = [f"  item {item} weight {weight:.5f}" for item, weight in items.items()]
    return "\n".join(
        [f"{kind} {name} {{", f"  id {number}", "  alg straw2", "  hash 0", *lines, "}"]
    )


def map_text(osds, domain, mode, racks):
    """CRUSH map of devices given as [rack, host, TB]."""
    weights = [round(size * 1e12 / 2**40, 5) for _, _, size in osds]
    hosts, parents = {}, {}
    for number, (rack, host, _) in enumerate(osds):
        hosts.setdefault(host, {})[f"osd.{number}"] = weights[number]
        parents.setdefault(rack if racks else "default", {})[host] = 0.0
    ids = itertools.count(-2, -1)
    text = [bucket("host", host, next(ids), items) for host, items in hosts.items()]
    for items in parents.values():
        items.update({host: sum(hosts[host].values()) for host in items})
    if racks:
        text += [bucket("rack", rack, next(ids), items) for rack, items in parents.items()]
        top = {rack: sum(items.values()) for rack, items in parents.items()}
    else:
        top = parents["default"]
    tries = "  step set_chooseleaf_tries 5\n  step set_choose_tries 100\n"
    rule = f"""\
rule r {{
  id 0
  type replicated
  min_size 1
  max_size 20
{tries if mode == "indep" else ""}  step take default
  step chooseleaf {mode} 0 type {domain}
  step emit
}}
"""
    devices = "\n".join(f"device {number} osd.{number}" for number in range(len(osds)))
    types = "type 0 osd\ntype 1 host\ntype 3 rack\ntype 11 root"
    return "\n".join([TUNABLES, devices, types, *text, bucket("root", "default", -1, top), rule])


class RealCrush:
    """A compiled CRUSH map and what the tools make of it."""

    def __init__(self, folder, osds, domain="host", mode="firstn", racks=False):
        self.map, self.osdmap, self.osds = folder / "crush.map", folder / "osdmap", osds
        source = folder / "crush.txt"
        source.write_text(map_text(osds, domain, mode, racks))
        run("crushtool", "-c", source, "-o", self.map)

    def counts(self, shares, groups, pool=1, out=()):
        """Placement groups of each device, and how many groups lack a share."""
        marked = [word for osd in out for word in ("--weight", osd, 0)]
        command = ["crushtool", "-i", self.map, "--test", "--rule", 0, "--num-rep", shares]
        command += ["--pool-id", pool, "--min-x", 0, "--max-x", groups - 1, *marked]
        text = run(*command, "--show-utilization", "--show-bad-mappings")
        found = np.zeros(len(self.osds), dtype=int)
        for osd, count in re.findall(r"device (\d+):\s+stored : (\d+)", text):
            found[int(osd)] = int(count)
        return found, text.count("bad mapping")

    def usable(self, counts, groups, data_shares):
        """User data [TB] when the first device is full."""
        size = np.array([size for _, _, size in self.osds], dtype=float)
        used = counts > 0
        return data_shares * groups * np.min(size[used] / counts[used])

    def balanced_counts(self, shares, groups):
        """Placement groups of each device after the upmap balancer, deviation 1."""
        devices = 1 << (len(self.osds) - 1).bit_length()
        bits = (groups // devices).bit_length() - 1
        size = f"--osd-pool-default-size={shares}"
        create = ["osdmaptool", "--createsimple", devices, self.osdmap, "--pg-bits", bits]
        run(*create, "--pgp-bits", bits, "--with-default-pool", "--clobber", CEPH_ARGS=size)
        run("osdmaptool", self.osdmap, "--import-crush", self.map)
        upmap = ["--upmap", self.osdmap.with_suffix(".sh"), "--upmap-max", 100000]
        options = ["--upmap-deviation", 1, "--upmap-active", "--save"]
        run("osdmaptool", self.osdmap, "--mark-up-in", *upmap, *options)
        text = run("osdmaptool", self.osdmap, "--mark-up-in", "--test-map-pgs", "--pool", 1)
        found = np.zeros(len(self.osds), dtype=int)
        for osd, count in re.findall(r"^osd\.(\d+)\t(\d+)", text, re.MULTILINE):
            if int(osd) < found.size:
                found[int(osd)] = int(count)
        return found


def recorded_map(folder, inputs):
    racks = inputs["racks_in_tree"]
    return RealCrush(folder, inputs["osds"], inputs["failure_domain"], inputs["mode"], racks)


def same_version():
    return RECORDED_VERSION in run("osdmaptool", "--version")


RECORDED = [c for c in CASES if c["kind"] == "capacity_crush_pg" and c["inputs"]["pg_num"] == 512]
CLUSTERS = {case["id"].split("/")[1]: case["inputs"] for case in RECORDED}
FAILURES = [
    case
    for case in CASES
    if case["kind"] == "failure_placement" and case["inputs"].get("out_osds") is not None
]


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["id"])
def test_recorded_counts(case, tmp_path):
    """The map text is right: every count as recorded. Other versions may place differently."""
    if not same_version():
        pytest.skip(f"counts were recorded with {RECORDED_VERSION}")
    inputs, expected = case["inputs"], case["expected"]
    real = recorded_map(tmp_path, inputs)
    counts, short = real.counts(inputs["n_chunks"], inputs["pg_num"])
    assert counts.tolist() == expected["counts"]
    assert short == expected["pgs_with_fewer_than_n"]
    after = real.balanced_counts(inputs["n_chunks"], inputs["pg_num"])
    usable = real.usable(after, inputs["pg_num"], inputs["k_data"])
    assert usable >= 0.98 * expected["after_upmap_usable_tb"]


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case["id"])
def test_recorded_counts_after_failures(case, tmp_path):
    if not same_version():
        pytest.skip(f"counts were recorded with {RECORDED_VERSION}")
    inputs = case["inputs"]
    cluster = CLUSTERS[inputs["cluster"]]
    real = recorded_map(tmp_path, cluster)
    counts, _ = real.counts(cluster["n_chunks"], inputs["pg_num"], out=inputs["out_osds"])
    assert counts.tolist() == case["expected"]["counts"]


def random_cluster(seed, equal):
    """Devices of some hosts (more than the shares, so that all is placed), shares, data shares."""
    rng = np.random.default_rng(seed)
    shares = int(rng.integers(2, 5))
    hosts, disks, size = shares + int(rng.integers(2, 6)), int(rng.integers(1, 5)), 4.0
    osds = []
    for host in range(hosts):
        if not equal:
            disks, size = int(rng.integers(1, 5)), float(rng.choice([2.0, 3.0, 4.0, 6.0]))
        osds += [["r0", f"h{host}", size]] * disks
    return osds, shares, int(rng.integers(1, shares))


def split(osds):
    return [size for _, _, size in osds], [host for _, host, _ in osds]


@pytest.mark.parametrize("equal", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mean_of_pools(seed, equal, tmp_path):
    """16 pools of a random cluster: within four of their own standard errors of the model."""
    osds, shares, data = random_cluster(seed, equal)
    real, pools = RealCrush(tmp_path, osds), range(1, 17)
    for groups in (128, 1024):
        counts = [real.counts(shares, groups, pool) for pool in pools]
        assert sum(short for _, short in counts) < 1e-3 * groups * len(pools)
        usable = [real.usable(count, groups, data) for count, _ in counts]
        error = np.std(usable, ddof=1) / math.sqrt(len(usable)) + 1e-3 * np.mean(usable)
        model = expected_usable_capacity(*split(osds), shares, data, groups)
        assert model == pytest.approx(np.mean(usable), abs=4.0 * error)


@pytest.mark.parametrize("out", [(), (0,), (0, 1)])
@pytest.mark.parametrize("seed", [4, 5, 6])
def test_shares_of_domains(seed, out, tmp_path):
    """65536 groups, also with devices marked out: within five standard deviations."""
    osds, shares, _ = random_cluster(seed, equal=False)
    groups = 65536
    counts, short = RealCrush(tmp_path, osds).counts(shares, groups, out=out)
    assert short == 0
    size, domain = split(osds)
    size = [0.0 if number in out else value for number, value in enumerate(size)]
    _, index = np.unique(domain, return_inverse=True)
    due = inclusion_probabilities(np.bincount(index, size), shares)
    scatter = np.sqrt(groups * due * (1.0 - due))
    found = np.bincount(index, counts)
    np.testing.assert_array_less(np.abs(found - groups * due), 5.0 * scatter + 1e-6)


@pytest.mark.parametrize("seed", range(10, 16))
def test_balancer_on_equal_hosts(seed, tmp_path):
    osds, shares, data = random_cluster(seed, equal=True)
    real, groups = RealCrush(tmp_path, osds), 1024
    found = real.usable(real.balanced_counts(shares, groups), groups, data)
    model = balanced_usable_capacity(*split(osds), shares, data, groups)
    assert model == pytest.approx(found, rel=0.03)
