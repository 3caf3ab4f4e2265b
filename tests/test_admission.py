"""Placement, vSphere HA, copies on unequal nodes and sizers against published examples."""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.models.admission import NOVA_26_RATIOS, NOVA_RATIOS, Inventory, placement_capacity
from planner.models.arguments import amount, positive, share
from planner.models.sizers import (
    headroom_hosts,
    least_hosts,
    needed_cpu_ratio,
    replicated_capacity,
    share_per_survivor,
    tiered_hosts,
)
from planner.models.vsphere import (
    failover_share,
    host_slots,
    percentage_vms,
    slot_failover_capacity,
    slot_size,
    slots_after_losses,
)

CASES = json.loads((Path(__file__).parent / "reference" / "density-cases.json").read_text())
FLAVOUR = {"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20}


def hosts(count, disk, reserved=512, ratios=NOVA_RATIOS):
    """Hosts of 4 threads and 16 GiB."""
    return {
        "VCPU": Inventory([4] * count, ratio=ratios["VCPU"]),
        "MEMORY_MB": Inventory([16384] * count, reserved=reserved, ratio=ratios["MEMORY_MB"]),
        "DISK_GB": Inventory([disk] * count, ratio=ratios["DISK_GB"]),
    }


# openstack-placement 16.0.0, microversion 1.39, one allocation after another until refused
@pytest.mark.parametrize(
    "disk, reserved, ratios, expected, binding",
    [
        (240, 512, NOVA_26_RATIOS, 176, "MEMORY_MB"),
        (60, 512, NOVA_26_RATIOS, 48, "DISK_GB"),
        (240, 512, NOVA_RATIOS, 112, "MEMORY_MB"),
        (60, 512, NOVA_RATIOS, 48, "DISK_GB"),
        (240, 0, NOVA_RATIOS, 128, "MEMORY_MB"),
    ],
)
def test_placement_as_run(disk, reserved, ratios, expected, binding):
    found = placement_capacity(hosts(16, disk, reserved, ratios), FLAVOUR)
    assert (found.vms, found.binding) == (expected, (binding,))
    assert found.per_host.tolist() == [expected / 16] * 16
    assert found.by_class[binding] == expected


def test_placement_example():
    example = CASES["placement_capacity"]["example"]
    node, flavour = example["node"], example["flavor"]
    for ratios, key in ((NOVA_RATIOS, "count_new"), (NOVA_26_RATIOS, "count_old")):
        inventories = {
            "VCPU": Inventory(node["threads"], ratio=ratios["VCPU"]),
            "MEMORY_MB": Inventory(node["ram_mb"], node["reserved_mb"], ratios["MEMORY_MB"]),
            "DISK_GB": Inventory(node["disk_gb"], ratio=ratios["DISK_GB"]),
        }
        asked = dict(
            zip(inventories, (flavour["vcpu"], flavour["ram_mb"], flavour["disk_gb"]), strict=True)
        )
        assert placement_capacity(inventories, asked).vms == example[key]


# openstack-placement 16.0.0: the product is not rounded before it is compared
@pytest.mark.parametrize("ratio, expected", [(0.29, 28), (1.15, 114), (0.075, 7)])
def test_placement_compares_in_floating_point(ratio, expected):
    assert placement_capacity({"X": Inventory(100, ratio=ratio)}, {"X": 1}).vms == expected


@given(
    st.integers(0, 10_000),
    st.integers(0, 100),
    st.floats(0.1, 20.0),
    st.integers(0, 5_000),
    st.integers(1, 300),
)
def test_placement_admits_until_the_comparison_fails(total, reserved, ratio, used, asked):
    inventory = Inventory(total, min(reserved, total), ratio, used, max_unit=10**6)
    vms = placement_capacity({"X": inventory}, {"X": asked}).vms
    capacity = (total - min(reserved, total)) * ratio
    assert vms == 0 or used + vms * asked <= capacity
    assert used + (vms + 1) * asked > capacity


def test_placement_refuses_sizes_out_of_bounds():
    assert placement_capacity(hosts(1, 240), {"VCPU": 8}).vms == 0  # more than 4 threads
    pages = {"PAGES": Inventory(64, min_unit=4, max_unit=16, step_size=4)}
    found = [placement_capacity(pages, {"PAGES": asked}).vms for asked in (2, 4, 6, 8, 16, 20)]
    assert found == [0, 16, 0, 8, 4, 0]


def test_placement_names_every_class_of_a_tie_and_ignores_what_is_not_asked():
    found = placement_capacity(hosts(1, 140), {"MEMORY_MB": 2048, "DISK_GB": 20, "VCPU": 0})
    assert found.binding == ("MEMORY_MB", "DISK_GB")
    assert found.by_class["VCPU"] == math.inf


def test_placement_carries_further_axes_along():
    memory = np.array([[16384.0, 32768.0, math.nan], [16384.0, 16384.0, 16384.0]])
    found = placement_capacity({"MEMORY_MB": Inventory(memory)}, {"MEMORY_MB": [2048, 4096, 1]})
    assert found.vms[:2].tolist() == [16, 12]
    assert np.isnan(found.vms[2])
    with pytest.raises(ValueError, match="named for one design"):
        _ = found.binding


def test_placement_refuses_classes_that_hosts_do_not_have():
    with pytest.raises(ValueError, match=r"requested must name some of .*, got \['PCPU'\]"):
        placement_capacity(hosts(1, 240), {"PCPU": 1})
    with pytest.raises(ValueError, match="VCPU total must be zero or positive, got -4"):
        placement_capacity({"VCPU": Inventory(-4)}, {"VCPU": 1})


def test_vsphere_slot_example():
    case = CASES["vsphere_slot"]
    cpu, memory = np.transpose(case["hosts_GHz_GB"])
    reserved_cpu, reserved_memory = np.transpose(case["vms_GHz_GB"])
    slot = (slot_size(reserved_cpu, least=0.032), slot_size(reserved_memory, least=0.0))
    assert slot == tuple(case["slot"])
    slots = host_slots(cpu, memory, *slot)
    assert slots.tolist() == case["slots_per_host"]
    left = slots_after_losses(slots)
    assert left[:2].tolist() == [case["after_largest_fails"], case["after_two_fail"]]
    assert slot_failover_capacity(slots, case["powered_on"]) == case["current_failover_capacity"]


def test_vsphere_slot_size_without_reservations():
    least = CASES["vsphere_slot_defaults"]["cpu_mhz_when_no_reservation"]
    assert slot_size([0, 0]) == least
    assert slot_size([0, 512], overheads=[100, 90], least=0) == 602


def test_vsphere_percentage_example():
    case = CASES["vsphere_pct"]
    shares = 100 * failover_share(case["total"], case["used"])
    expected = [case["cpu_failover_capacity_pct"], case["mem_failover_capacity_pct"]]
    assert shares == pytest.approx(expected, rel=1e-12)
    assert np.floor(shares).tolist() == case["doc_rounding"]
    left = np.floor(shares - case["configured_pct"]).tolist()
    assert left == case["still_available_pct_doc"]


def test_vsphere_percentage_admits_equality():
    # 24 GHz, a quarter kept free: 18 for VMs, 7 used, so 11 VMs of 1 GHz and none of 12
    assert percentage_vms([24.0, 21.0], [7.0, 6.0], 0.25, [1.0, 0.0]) == 11
    assert percentage_vms([24.0, 21.0], [7.0, 6.0], 0.25, [12.0, 1.0]) == 0


def test_nutanix_example():
    assert replicated_capacity([20.0, 20.0, 10.0]) == 10  # vendor wiki: RF2 after one loss
    assert replicated_capacity([20.0, 20.0, 10.0], node_losses=0) == 25
    assert replicated_capacity([20.0, 20.0, 10.0], copies=4, node_losses=0) == 0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(1, 4))
def test_copies_of_the_data_fit_different_nodes(capacities, copies):
    data = Fraction(float(replicated_capacity(capacities, copies, 0))).limit_denominator(24)
    assert sum(min(capacity, data) for capacity in capacities) >= copies * data
    more = data + Fraction(1, 1000)
    assert sum(min(capacity, more) for capacity in capacities) < copies * more


PEER = CASES["peer_rvtools_sizing"]["rows"]
SHAPES = {  # cores by the shape's name, memory as the reference assumed it
    "BM.Standard.E4.128-128": (128, 2048),
    "BM.Optimized3.36-26": (36, 512),
    "BM.Standard2.52-52": (52, 768),
}


@pytest.mark.parametrize("name", PEER)
def test_headroom_sizer_of_a_peer(name):
    row = PEER[name]
    cores, memory = SHAPES[row["node"]]
    hosts = headroom_hosts(
        row["vcpu"], row["ram_gib"], cores, memory, least=3 if name == "Production" else 2
    )
    assert hosts == row["expected_hosts"]


def test_tiered_sizer_of_a_peer():
    # ClusterSizer at 7eb86b7: 15 x (8, 32 GB, 1:1) and 25 x (2, 8 GB, 8:1), 20 % growth, 2 x 20
    # cores counted as 80, 384 GB: 4 hosts; 100 x (2, 4 GB) on 2 cores and 16 GB: 33
    assert tiered_hosts([15, 25], [8, 2], [32, 8], [1, 8], 80, 384, growth=0.2) == 4
    assert tiered_hosts([100], [2], [4], [8], 4, 16) == 33


def test_share_per_survivor_of_a_peer():
    # fjacquet/vcf-sizer: 100 cores at 2:1, 200 GB, 1 TiB, 5 hosts: 13 cores, 50 GB, 256 GB
    assert share_per_survivor([100, 200, 1024], 5, [2, 1, 1]).tolist() == [13, 50, 256]


def test_needed_ratio_of_a_peer():
    # Genestack: 60 x 8 on 72 less 8; with 16 pinned
    assert needed_cpu_ratio(480, 72, 8, [0, 16]).tolist() == [7.5, 10]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 40))
def test_losses_survived_by_slots_are_those_of_a_search(slots, powered_on):
    survived = int(slot_failover_capacity(slots, powered_on))
    left = sorted(slots)
    assert survived == 0 or sum(left[: len(left) - survived]) >= powered_on
    if survived < len(left):
        assert sum(left[: len(left) - survived - 1]) < powered_on


@given(st.lists(st.integers(0, 12), min_size=1, max_size=30), st.integers(0, 200))
def test_hosts_and_vms_answer_alike(each, wanted):
    def capacity(count):
        return sum(each[:count])

    needed = least_hosts(capacity, wanted, most=len(each))
    if needed is None:
        assert capacity(len(each)) < wanted
    else:
        assert capacity(needed) >= wanted
        assert needed == 0 or capacity(needed - 1) < wanted


def test_unknown_numbers_stay_unknown():
    nan = math.nan
    assert math.isnan(slot_size([1.0, nan]))
    assert np.isnan(host_slots([9, nan], 9, 2, 2)).tolist() == [False, True]
    assert math.isnan(slot_failover_capacity([4, nan], 3))
    assert math.isnan(slot_failover_capacity([4, 4], nan))
    assert math.isnan(failover_share(nan, 1.0))
    assert math.isnan(percentage_vms([24.0, nan], 1.0, 0.25, 1.0))
    assert math.isnan(replicated_capacity([20.0, nan, 10.0]))
    assert math.isnan(replicated_capacity([20.0, 10.0], copies=nan))
    assert math.isnan(headroom_hosts(nan, 1, 1, 1))
    assert math.isnan(tiered_hosts([nan], [1], [1], [1], 1, 1))
    assert math.isnan(share_per_survivor(nan, 3))
    assert math.isnan(needed_cpu_ratio(nan, 3))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: slot_size([-1]), "reservations must be zero or positive, got -1"),
        (lambda: host_slots(1, 1, 0, 1), "slot_cpu must be positive, got 0"),
        (lambda: slots_after_losses([-2]), "slots must be zero or positive, got -2"),
        (lambda: slot_failover_capacity([1], -2), "powered_on must be zero or positive, got -2"),
        (lambda: failover_share(0, 0), "total must be positive, got 0"),
        (lambda: percentage_vms(1, 0, 2, 1), "configured_share must be between 0 and 1, got 2"),
        (lambda: replicated_capacity([1, 1], 1.5), "copies must be whole and positive, got 1.5"),
        (lambda: replicated_capacity([1], node_losses=1), "node_losses must be 0 to 0, got 1"),
        (lambda: headroom_hosts(1, 1, 0, 1), "host_cores must be positive, got 0"),
        (
            lambda: tiered_hosts([1], [1], [1], [1], 1, 1, memory_headroom=1),
            "memory_headroom must be at least 0 and below 1, got 1",
        ),
        (lambda: share_per_survivor(1, 1), "hosts less losses must be positive, got 0"),
        (lambda: needed_cpu_ratio(1, 8, 4, 4), "threads left to share must be positive, got 0"),
        (lambda: least_hosts(lambda n: n, -1), "vms must be zero or positive, got -1"),
        (lambda: amount(-1, "x"), "x must be zero or positive, got -1"),
        (lambda: positive(0, "x"), "x must be positive, got 0"),
        (lambda: share(1.5, "x"), "x must be between 0 and 1, got 1.5"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
