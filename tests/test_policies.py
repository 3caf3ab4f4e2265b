"""Admission policies: each one's own law, the same in the models and in the placement."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import SMALL, few_draws, planner, write_small  # noqa: F401
from test_placing import GIB, cells, host, placement, vm

from planner.models.failover import left_after_losses, slot_bound_vms
from planner.models.ganeti import ganeti_capacity
from planner.models.vsphere import slot_failover_capacity
from planner.placing.evacuation import stranded_hosts
from planner.wiring import design_sheet

MIB = 2.0**20
GANETI = {
    "strict_admission": 1.0,
    "vm_within_memory": 0.0,
    "vm_within_threads": 0.0,
    "cpu_binds_failover": 0.0,
    "failover_hosts": 1.0,
    "most_local_disks": 32.0,
}


def held(hosts, flavours, wanted="vms", **numbers):
    found = design_sheet().evaluate(cells(hosts, flavours, **numbers), [wanted])
    return float(found[wanted].nominal)


ganeti_hosts = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from([8192, 16384, 16385, 20000, 32768]),
        st.sampled_from([61440, 122880, 184320, 184321, 2000000]),
        st.sampled_from([4.0, 6.0, 8.0]),
        st.sampled_from([0.0, 512.0]),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=3,
)
ganeti_rules = st.tuples(
    st.sampled_from([1.5, 4.0, 8.0]),
    st.sampled_from([0.0, 0.05, 0.1]),
    st.booleans(),
    st.booleans(),
)
ganeti_vms = st.tuples(
    st.sampled_from([512, 1000, 2048, 3072]),
    st.sampled_from([5120, 20480, 33792]),
    st.sampled_from([1.0, 2.0, 10.0]),
)


def ganeti_rows(drawn, shared):
    """Groups of hosts as the sheet takes them."""
    found = {}
    for k, (count, memory, disk, threads, kept, _) in enumerate(drawn):
        row = host(count, threads, memory * MIB, None if shared else disk * MIB, kept * MIB)
        found[f"group{k}"] = row | {"vcpu_reserve": 1.0}
    return found


def ganeti_numbers(drawn, ratio, least_disk, n_plus_one):
    numbers = {**GANETI, "cpu_overcommit": ratio, "minimum_free_disk": least_disk}
    groups = {f"group{k}": float(one[5]) for k, one in enumerate(drawn)}
    return {**numbers, "failover_hosts": float(n_plus_one)}, groups


@settings(max_examples=100, deadline=None)
@given(ganeti_hosts, ganeti_vms, ganeti_rules)
def test_the_sheet_counts_as_ganeti_does(drawn, size, rule):
    ratio, least_disk, n_plus_one, shared = rule
    memory, disk, vcpus = size
    nodes = [one for one in drawn for _ in range(one[0])]
    if not nodes:
        return
    wanted = ganeti_capacity(
        *([one[1] for one in nodes], [one[2] for one in nodes], [one[3] for one in nodes]),
        *(memory, disk, vcpus, "shared" if shared else "plain", ratio),
        reserved_memory=[one[4] for one in nodes],
        min_disk_ratio=least_disk,
        node_group=[one[5] for one in nodes],
        n_plus_one=n_plus_one,
    )
    numbers, groups = ganeti_numbers(drawn, ratio, least_disk, n_plus_one)
    flavours = {"vm": vm(1, vcpus, memory * MIB, disk * MIB)}
    rows = ganeti_rows(drawn, shared)
    assert held(rows, flavours, groups=groups, **numbers) == wanted
    for number in {wanted, wanted + 1} - {0}:
        asked = {"vm": vm(number, vcpus, memory * MIB, disk * MIB)}
        found = placement(rows, asked, groups=groups, **numbers)
        assert (found.verdict == "fits") == (number <= wanted)
        assert found.placed == min(number, wanted)


@settings(max_examples=40, deadline=None)
@given(
    ganeti_hosts,
    st.lists(st.tuples(st.integers(1, 8), ganeti_vms), min_size=2, max_size=3),
    ganeti_rules,
)
def test_every_host_of_a_mix_can_be_lost(drawn, mix, rule):
    """Whatever is placed survives N+1, and accounts for every VM."""
    ratio, least_disk, _, shared = rule
    numbers, groups = ganeti_numbers(drawn, ratio, least_disk, 1.0)
    flavours = {
        f"vm{k}": vm(count, vcpus, memory * MIB, disk * MIB)
        for k, (count, (memory, disk, vcpus)) in enumerate(mix)
    }
    found = placement(ganeti_rows(drawn, shared), flavours, groups=groups, **numbers)
    asked = found.request
    assert len(found.layout()) == found.placed
    if found.plan is not None:
        policy = asked.hard, asked.node_groups, 1
        assert not stranded_hosts(asked.kinds, found.plan.flavours, found.plan.contents, *policy)


def test_a_stranded_host_is_found():
    """Two hosts that are full have no room for each other's VMs."""
    found = placement({"node": host(2, 8.0, 16 * GIB)}, {"vm": vm(14)}, strict_admission=1.0)
    asked = found.request
    hard = {"node": asked.kinds[0].capacity}
    policy = hard, {"node": 0}, 1
    assert len(stranded_hosts(asked.kinds, found.plan.flavours, found.plan.contents, *policy)) == 2


def test_processors_do_not_bind_a_failover_of_ganeti():
    hosts = {"node": host(2, 4.0, 64 * GIB) | {"vcpu_reserve": 1.0}}
    assert held(hosts, {"vm": vm(1)}, cpu_overcommit=4.0, **GANETI) == 30
    assert held(hosts, {"vm": vm(1)}, **{**GANETI, "cpu_binds_failover": 1.0}) == 15


VSPHERE = {
    "cpu_reservation": 1.0,
    "memory_reservation": 1.0,
    "vm_overhead": 0.0,
    "vm_within_memory": 0.0,
}


def test_the_slots_of_the_guide():
    """vSphere Availability 6.7: three hosts, slots of 2 and 2, one host may fail with five VMs."""
    hosts = np.ones(3), np.array([9.0, 9.0, 6.0]), np.array([9.0, 6.0, 6.0]), np.zeros(3)
    assert slot_bound_vms(*hosts, 2.0, 2.0, 0.0) == 10
    assert slot_bound_vms(*hosts, 2.0, 2.0, 1.0) == 6 >= 5
    assert slot_bound_vms(*hosts, 2.0, 2.0, 2.0) == 3 < 5
    assert slot_failover_capacity([4, 3, 3], 5) == 1


def test_one_large_reservation_makes_every_slot_large():
    rule = {**VSPHERE, "slot_failover_hosts": 1.0, "least_slot_cpu": 0.01, "cpu_overcommit": 8.0}
    hosts = {"node": host(3, 16.0, 64 * GIB)}
    even = held(hosts, {"vm": vm(4)}, **rule)
    mixed = held(hosts, {"vm": vm(4), "large": vm(1, 8.0, 32 * GIB)}, **rule)
    assert (even, mixed) == (16, 2)
    found = placement(hosts, {"vm": vm(4), "large": vm(1, 8.0, 32 * GIB)}, **rule)
    assert (found.placed, found.unplaced[0].resource) == (2, "slots")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from([8.0, 16.0]), st.sampled_from([32, 64])),
             min_size=1, max_size=3),
    st.sampled_from([1.0, 2.0]),
    st.sampled_from([GIB, 3 * GIB]),
    st.sampled_from(["slots", "share"]),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.integers(0, 2),
)  # fmt: skip
def test_vsphere_fits_exactly_what_it_admits(groups, vcpus, memory, policy, reserved, failures):
    hosts = {f"g{k}": host(n, threads, ram * GIB) for k, (n, threads, ram) in enumerate(groups)}
    rule = {**VSPHERE, "memory_reservation": reserved, "vm_overhead": 40e6}
    if policy == "slots":
        rule |= {"slot_failover_hosts": float(failures), "least_slot_cpu": 0.01}
    else:
        rule |= {"failover_share": 0.25 * failures}
    most = int(held(hosts, {"vm": vm(1, vcpus, memory)}, **rule))
    for number in {most, most + 1} - {0}:
        found = placement(hosts, {"vm": vm(number, vcpus, memory)}, **rule)
        assert (found.verdict == "fits") == (number <= most)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=4),
    st.integers(0, 12),
)
def test_the_largest_are_lost_first(groups, losses):
    counts, each = np.array(groups, dtype=float).T
    hosts = sorted(int(vms) for count, vms in groups for _ in range(count))
    assert left_after_losses(counts, each, losses) == sum(hosts[: max(len(hosts) - losses, 0)])


# As a scenario states them


def corrected(policy, **numbers):
    facts = {"cpu_overcommit": 4, "memory_overcommit": 1, **numbers}
    lines = "".join(
        f"    {key}: {{value: {value}, reason: ours}}\n" for key, value in facts.items()
    )
    own = f"corrections:\n  {policy}:\n{lines}"
    return SMALL.replace("corrections:\n", own, 1).replace("openstack-2013", policy, 1)


@pytest.mark.parametrize("policy", ["vsphere-ha-slots", "vsphere-ha-percentage"])
def test_vsphere_is_refused_without_ratios(tmp_path, policy):
    path = write_small(tmp_path, SMALL.replace("openstack-2013", policy, 1))
    found = planner("compare", path)
    assert found.code == 2
    line = 1 + SMALL[: SMALL.index("admission:")].count("\n")
    assert (
        f"small.yaml:{line}:12: `{policy}` leaves cpu_overcommit to the scenario; write"
        in found.err
    )
    assert "memory_overcommit" in found.err


def test_a_rule_without_a_policy_is_refused(tmp_path):
    own = """\
parts:
  admission:
    ours: {title: Ours, cpu_overcommit: 3, memory_overcommit: 1, disk_overcommit: 1, strict: 0}
"""
    text = SMALL.replace("parts:\n", own, 1).replace("admission: openstack-2013", "admission: ours")
    found = planner("compare", write_small(tmp_path, text))
    assert found.code == 2
    assert "`ours` names no policy; add `policy:`, one of openstack, ganeti" in found.err


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize(
    ("policy", "limit"),
    [("ganeti", "failover"), ("vsphere-ha-slots", ""), ("vsphere-ha-percentage", "")],
)
def test_every_policy_is_printed_with_its_ratios(tmp_path, policy, limit):
    text = corrected(policy) if policy != "ganeti" else SMALL.replace("openstack-2013", policy, 1)
    path = write_small(tmp_path, text)
    for command in (("compare", path), ("show", path, "cluster"), ("check", path),
                    ("failures", path, "cluster")):  # fmt: skip
        found = planner(*command)
        assert f"Admission {policy}: 4 vCPUs a thread" in found.out.replace("\n", " "), command
    assert limit in planner("show", path, "cluster").out
