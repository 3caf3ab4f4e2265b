"""VMs that fit: two schedulers that were run, their arithmetic, and what cannot be otherwise."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_tools import result

from planner.models.density import (
    cpu_bound_vms,
    disk_bound_vms,
    group_vms,
    memory_bound_vms,
    storage_bound_vms,
)
from planner.models.failover import survivor_bound_vms
from planner.models.placed import (
    compute_utilisation,
    full_load_share,
    placed_vms,
    vms_after_one_host_loss,
)
from planner.models.workload import vm_disk, vm_memory, vm_vcpus
from planner.wiring import design_sheet

REFERENCE = Path(__file__).parent.parent / "reference"
CASES = json.loads((REFERENCE / "density-cases.json").read_text())
HSPACE = json.loads((REFERENCE / "density-hspace-cases.json").read_text())
MIB = 2.0**20
GIB = 2.0**30
quick = settings(max_examples=40, deadline=None)

ONE_VM = {"flavour_count": [1.0], "flavour_vcpus": [1.0]}
NODES_OF_2013 = {
    **ONE_VM,
    "host_count": [16.0],
    "host_threads": [4.0],
    "host_memory": [16384 * MIB],
    "host_thread_reserve": [0.0],
    "flavour_memory": [2048 * MIB],
    "flavour_disk": [20 * GIB],
    "disk_overcommit": 1.0,
}


def vms(wanted="vms", **given):
    return float(result(design_sheet(), wanted, **{"strict_admission": 0.0} | given))


# OpenStack Placement


# Placement 16.0.0, microversion 1.39, was run with these: ratios for processors and memory, disk
# [GiB], reserved memory [MiB], VMs admitted on all 16 nodes.
@pytest.mark.parametrize(
    ("cpu", "memory", "disk", "reserved", "admitted"),
    [
        (16.0, 1.5, 240, 512, 176),
        (16.0, 1.5, 60, 512, 48),
        (4.0, 1.0, 240, 512, 112),
        (4.0, 1.0, 60, 512, 48),
        (4.0, 1.0, 240, 0, 128),
    ],
)
def test_placement_on_sixteen_nodes(cpu, memory, disk, reserved, admitted):
    design = NODES_OF_2013 | {
        "cpu_overcommit": cpu,
        "memory_overcommit": memory,
        "host_disk": [disk * GIB],
        "host_memory_reserve": [reserved * MIB],
    }
    assert vms(**design) == admitted


@pytest.mark.parametrize(
    ("ratios", "count"), [("initial_ratios_new", "count_new"), ("initial_ratios_old", "count_old")]
)
def test_placement_on_one_node(ratios, count):
    case = CASES["placement_capacity"]
    node, flavour = case["example"]["node"], case["example"]["flavor"]
    admitted = vms(
        flavour_count=[1.0],
        flavour_vcpus=[flavour["vcpu"]],
        flavour_memory=[flavour["ram_mb"] * MIB],
        flavour_disk=[flavour["disk_gb"] * GIB],
        host_count=[1.0],
        host_threads=[node["threads"]],
        host_memory=[node["ram_mb"] * MIB],
        host_disk=[node["disk_gb"] * GIB],
        host_memory_reserve=[node["reserved_mb"] * MIB],
        host_thread_reserve=[0.0],
        cpu_overcommit=case[ratios]["VCPU"],
        memory_overcommit=case[ratios]["MEMORY_MB"],
        disk_overcommit=case[ratios]["DISK_GB"],
    )
    assert admitted == case["example"][count]


def test_a_vm_larger_than_a_host_never_fits():
    # Placement was asked for 8 vCPUs on 4 threads at a ratio of 16: nova's max_unit says 0.
    assert cpu_bound_vms(16.0, 4.0, 0.0, 16.0, 8.0) == 0
    assert cpu_bound_vms(16.0, 4.0, 0.0, 16.0, 4.0) == 16 * 16
    assert memory_bound_vms(1.0, 16 * GIB, 0.0, 1.5, 17 * GIB) == 0
    assert memory_bound_vms(1.0, 16 * GIB, 0.0, 1.5, 16 * GIB) == 1


# Placement 16.0.0: total, ratio, VMs of 1 that it admits.
@pytest.mark.parametrize(
    ("total", "ratio", "admitted"), [(100, 0.29, 28), (100, 1.15, 114), (5, 1.5, 7)]
)
def test_capacity_is_rounded_down_as_placement_does(total, ratio, admitted):
    assert cpu_bound_vms(1.0, total, 0.0, ratio, 1.0) == admitted
    memory = memory_bound_vms(1.0, total * 1024 * MIB, 0.0, ratio, 1024 * MIB)
    assert memory == admitted


def placement(total, reserved, ratio, asked):
    """How many whole requests Placement admits: as long as capacity >= used + asked."""
    capacity = (total - reserved) * ratio
    fitting = int(Fraction(capacity) / asked)
    assert capacity >= fitting * asked
    assert capacity < (fitting + 1) * asked
    return fitting


hundredths = st.integers(1, 2000).map(lambda number: number / 100)


@quick
@given(st.integers(1, 1024), st.integers(0, 8), hundredths, st.integers(1, 64))
def test_processors_are_compared_as_in_placement(threads, reserved, ratio, asked):
    reserved, asked = min(reserved, threads), min(asked, threads)
    expected = placement(threads, reserved, ratio, asked)
    assert cpu_bound_vms(1.0, threads, reserved, ratio, asked) == expected


@quick
@given(st.integers(64, 2**22), st.integers(0, 2**16), hundredths, st.integers(64, 2**20))
def test_memory_in_bytes_is_compared_as_in_placement_in_mebibytes(total, reserved, ratio, asked):
    reserved, asked = min(reserved, total), min(asked, total)
    expected = placement(total, reserved, ratio, asked)
    found = memory_bound_vms(1.0, total * MIB, reserved * MIB, ratio, asked * MIB)
    assert found == expected


@quick
@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from([0.28, 0.29, 0.57, 1.15, 2.3]))
def test_at_the_boundary_equality_admits(asked, number, ratio):
    """Just as many as the rounded product holds, also where the exact product is one more."""
    total = asked * number
    expected = placement(total, 0, ratio, asked)
    assert cpu_bound_vms(1.0, total, 0.0, ratio, asked) == expected
    assert cpu_bound_vms(1.0, total, 0.0, 1.0, asked) == number


@quick
@given(st.lists(st.integers(1, 40), min_size=2, max_size=5), st.integers(1, 60), st.data())
def test_the_rounding_of_a_mean_costs_no_vm(counts, number, data):
    """A host made for a number of VMs of the mean size holds that number."""
    sizes = data.draw(
        st.lists(st.integers(1, 64), min_size=len(counts), max_size=len(counts)), label="GiB"
    )
    flavours = (np.array(counts, dtype=float), np.array(sizes) * GIB)
    total = sum(count * size for count, size in zip(counts, sizes, strict=True))
    count = number * sum(counts)
    host = np.array([number * total * GIB])
    assert memory_bound_vms(1.0, host, 0.0, 1.0, vm_memory(*flavours)) == count
    assert memory_bound_vms(1.0, host, 0.0, 1.0, vm_memory(*flavours), 1.0) == count - 1
    assert disk_bound_vms(1.0, host, 1.0, vm_disk(*flavours)) == count
    assert storage_bound_vms(host, 1.0, vm_disk(*flavours)) == count


# Ganeti


def ganeti(case):
    """A run of hspace with equal nodes as a design."""
    found = {key: int(value) for key, value in case["result"].items() if value.isdigit()}
    nodes, command = found["HTS_CLUSTER_NODES"], case["command"]
    shared = "--disk-template=rbd" in command
    return {
        "flavour_count": [1.0],
        "flavour_vcpus": [found["HTS_SPEC_CPU"]],
        "flavour_memory": [found["HTS_SPEC_MEM"] * MIB],
        "flavour_disk": [found["HTS_SPEC_DSK"] * MIB],
        "host_count": [nodes],
        "host_threads": [found["HTS_CLUSTER_CPU"] / nodes],
        # The node itself counts as one vCPU, before any VM.
        "host_thread_reserve": [found["HTS_CLUSTER_CPU"] / found["HTS_CLUSTER_VCPU"]],
        "host_memory": [found["HTS_CLUSTER_MEM"] / nodes * MIB],
        "host_memory_reserve": [1024 * MIB if "os1g" in command else 0.0],
        "host_disk": [np.inf if shared else found["HTS_CLUSTER_DSK"] / nodes * MIB],
        "cpu_overcommit": found["HTS_CLUSTER_VCPU"] / found["HTS_CLUSTER_CPU"],
        "memory_overcommit": 1.0,
        "disk_overcommit": 1.0,
        "strict_admission": 1.0,
    }


# DRBD keeps two copies on different nodes, which is another law: planner.models.ganeti.
@pytest.mark.parametrize(
    "case",
    [case for case in HSPACE if "template=drbd" not in case["command"]],
    ids=lambda case: case["name"],
)
def test_hspace(case):
    secure = "--no-capacity-checks" not in case["command"]
    wanted = "vms_after_one_host_loss" if secure else "vms"
    assert vms(wanted, **ganeti(case)) == int(case["result"]["HTS_ALLOC_INSTANCES"])


def test_ganeti_keeps_some_memory_free_where_placement_gives_the_last():
    host = np.array([16384 * MIB])
    admitted = [
        float(memory_bound_vms(1.0, host, 0.0, 1.0, 2048 * MIB, strict)[0]) for strict in (0.0, 1.0)
    ]
    assert admitted == [8.0, 7.0]
    assert memory_bound_vms(1.0, host + MIB, 0.0, 1.0, 2048 * MIB, 1.0) == 8.0


@quick
@given(st.integers(1, 10**6), st.integers(1, 10**4))
def test_the_strict_rule_is_one_mebibyte_less(amount, need):
    need = min(amount, need)
    strict = memory_bound_vms(1.0, amount * MIB, 0.0, 1.0, need * MIB, 1.0)
    assert strict == (amount - 1) // need
    assert disk_bound_vms(1.0, amount * MIB, 1.0, need * MIB, 1.0) == (amount - 1) // need


def test_an_unknown_admission_rule_admits_an_unknown_number():
    assert np.isnan(memory_bound_vms(1.0, 16.0, 0.0, 1.0, 2.0, np.nan))


# Laws


whole = st.integers(1, 64).map(float)
DESIGN = {
    "flavour_count": st.tuples(whole, whole),
    "flavour_vcpus": st.tuples(*[st.integers(1, 4).map(float)] * 2),
    "flavour_memory": st.tuples(*[st.floats(0.5, 8.0)] * 2),
    "flavour_disk": st.tuples(*[st.floats(5.0, 80.0)] * 2),
    "host_count": st.tuples(whole, whole),
    "host_threads": st.tuples(whole, whole),
    "host_memory": st.tuples(*[st.floats(4.0, 256.0)] * 2),
    "host_disk": st.tuples(*[st.floats(40.0, 4000.0)] * 2),
    "host_memory_reserve": st.tuples(*[st.floats(0.0, 4.0)] * 2),
    "host_thread_reserve": st.tuples(*[st.integers(0, 2).map(float)] * 2),
    "cpu_overcommit": st.floats(1.0, 16.0),
    "memory_overcommit": st.floats(1.0, 2.0),
    "disk_overcommit": st.floats(1.0, 2.0),
    "strict_admission": st.sampled_from([0.0, 1.0]),
    "vm_store_capacity": st.floats(0.0, 20000.0),
}
designs = st.fixed_dictionaries(DESIGN)
RAISING = (
    "host_count",
    "host_threads",
    "host_memory",
    "host_disk",
    "cpu_overcommit",
    "memory_overcommit",
    "disk_overcommit",
    "vm_store_capacity",
)
LOWERING = (
    "host_memory_reserve",
    "host_thread_reserve",
    "flavour_vcpus",
    "flavour_memory",
    "flavour_disk",
    "strict_admission",
)
LAWS = ("vms", "vms_after_one_host_loss")


@pytest.mark.parametrize("name", RAISING)
@quick
@given(designs, st.integers(1, 8), st.sampled_from([0, 1]))
def test_more_of_it_never_holds_fewer_vms(name, design, more, group):
    grown = np.array(design[name])
    grown[... if grown.ndim == 0 else group] += more
    for law in LAWS:
        assert vms(law, **design | {name: grown}) >= vms(law, **design)


@pytest.mark.parametrize("name", LOWERING)
@quick
@given(designs, st.integers(1, 8), st.sampled_from([0, 1]))
def test_more_of_it_never_holds_more_vms(name, design, more, group):
    grown = np.array(design[name])
    grown[... if grown.ndim == 0 else group] += more
    for law in LAWS:
        assert vms(law, **design | {name: grown}) <= vms(law, **design)


@quick
@given(designs)
def test_a_loss_never_helps_and_no_bound_is_passed(design):
    held = vms(**design)
    assert 0.0 <= vms("vms_after_one_host_loss", **design) <= held
    assert held <= vms("host_bound_vms", **design)
    assert held <= vms("storage_bound_vms", **design)
    assert held == int(held)


@quick
@given(designs)
def test_groups_may_be_split(design):
    """Ten hosts and six are as good as sixteen."""
    merged = {name: value[:1] if np.ndim(value) else value for name, value in design.items()}
    halves = {
        name: tuple(value) * 2 if name.startswith("host") else value
        for name, value in merged.items()
    }
    halves["host_count"] = (merged["host_count"][0], 1.0)
    merged["host_count"] = (merged["host_count"][0] + 1.0,)
    for law in LAWS:
        assert vms(law, **halves) == vms(law, **merged)


@quick
@given(st.integers(1, 30), st.integers(1, 200))
def test_equal_hosts_carry_on_with_one_fewer(hosts, each):
    total = np.array([hosts * each])
    assert survivor_bound_vms(np.array([hosts]), total, total) == (hosts - 1) * each


def test_the_loss_that_counts_is_that_of_the_host_with_most_vms():
    counts, held = np.array([2.0, 4.0, 0.0]), np.array([20.0, 8.0, 0.0])
    assert survivor_bound_vms(counts, held, held) == 28.0 - 10.0


@pytest.mark.parametrize(
    ("pooled", "losses", "expected"),
    [(1.0, 0.0, 0.0), (1.0, 1.0, 90.0), (0.0, 0.0, 90.0), (0.0, 2.0, 90.0)],
)
def test_pooled_storage_may_stop_with_the_host(pooled, losses, expected):
    assert vms_after_one_host_loss(105.0, 90.0, pooled, losses) == expected


@quick
@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e4))
def test_a_group_is_as_good_as_its_scarcest_resource(memory, cpu, disk):
    assert group_vms(memory, cpu, disk) == min(memory, cpu, disk)
    assert placed_vms(memory, cpu) == min(memory, cpu)


# The workload


@quick
@given(st.lists(st.tuples(whole, st.floats(0.1, 100.0)), min_size=1, max_size=6))
def test_the_mean_vm_lies_between_the_smallest_and_the_largest(flavours):
    count, size = np.array(flavours).T
    for mean in (vm_memory, vm_disk, vm_vcpus):
        assert size.min() * (1 - 1e-12) <= mean(count, size) <= size.max() * (1 + 1e-12)
        assert mean(count * 3, size) == pytest.approx(float(mean(count, size)), rel=1e-12)


def test_share_at_full_load_of_the_measured_node():
    # Six VMs that always run on four threads: load average 6.0.
    case = CASES["seed_load"]
    share = full_load_share(case["T"], case["load"], 1.0)
    assert share == pytest.approx(case["share"], rel=1e-15)
    assert 1.0 - share == pytest.approx(case["ready_fraction"], rel=1e-15)


@quick
@given(st.floats(0.1, 1000.0), whole, whole, whole)
def test_utilisation_is_a_share_and_rises_with_the_vms_placed(load, asked, threads, placed):
    placed = min(placed, asked)
    share = compute_utilisation(load, placed, asked, threads)
    assert 0.0 <= share <= 1.0
    assert share <= compute_utilisation(load, asked, asked, threads)
    assert compute_utilisation(load, 0.0, asked, threads) == 0.0
    full = compute_utilisation(load, asked, asked, threads)
    assert full == pytest.approx(min(1.0, load / threads), rel=1e-14)
