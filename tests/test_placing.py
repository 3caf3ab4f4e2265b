"""Where the VMs of a design run: consistent with the models, and valid under the checker."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

from planner.packing.check import layout_faults
from planner.placing import place, request_of
from planner.plan import DesignPlan
from planner.sheet import Cell, stack
from planner.wiring import DESIGN_INPUTS, design_sheet

GIB = 2.0**30
UNITS_OF = {
    **dict.fromkeys(("host_iops", "flavour_iops", "vm_store_iops"), "IOPS"),
    **dict.fromkeys(("host_network", "flavour_network"), "B/s"),
}
RULE = {
    "cpu_overcommit": 4.0,
    "memory_overcommit": 1.0,
    "disk_overcommit": 1.0,
    "strict_admission": 0.0,
}


def row(name, values):
    """A row over groups or flavours, as a design sheet is given it."""
    unit = UNITS_OF.get(name) or DESIGN_INPUTS[name]
    members = [(key, Cell(key, unit, np.array([value]))) for key, value in values.items()]
    return stack(name, unit, members)


def cells(hosts, flavours, groups=None, **numbers):
    """What a design sheet is given for hosts and flavours, tables by name and then by column."""
    given = {} if groups is None else {"node_group": row("node_group", groups)}
    for prefix, table in (("host", hosts), ("flavour", flavours)):
        for key in next(iter(table.values())):
            name = f"{prefix}_{key}"
            given[name] = row(name, {label: one[key] for label, one in table.items()})
    for name, value in {**RULE, **numbers}.items():
        unit = UNITS_OF.get(name) or DESIGN_INPUTS[name]
        given[name] = Cell(name, unit, np.array([value]))
    return given


def host(count=4, threads=8.0, memory=32 * GIB, disk=None, memory_reserve=0.0, thread_reserve=0.0):
    found = {
        "count": float(count),
        "threads": threads,
        "cores": threads / 2,
        "memory": memory,
        "memory_reserve": memory_reserve,
        "thread_reserve": thread_reserve,
    }
    return found if disk is None else {**found, "disk": disk}


def vm(count, vcpus=1.0, memory=2 * GIB, disk=20e9, duty=0.1):
    return {
        "count": float(count),
        "vcpus": vcpus,
        "memory": memory,
        "disk": disk,
        "duty": duty,
    }


def request(hosts, flavours, rules=None, **numbers):
    """The hosts and VMs of such a sheet."""
    plan = DesignPlan("d", "D", (), (), {}, None, None, (), vm_rules=rules or {})
    return request_of(SimpleNamespace(plan=plan, given=cells(hosts, flavours, **numbers)))


def placement(hosts, flavours, losses=0, maintenance=0, rules=None, **numbers):
    return place(request(hosts, flavours, rules, **numbers), losses, maintenance)


def test_equality_admits_or_does_not_as_the_rule_says():
    hosts, flavours = {"node": host(16, 4.0, 16 * GIB)}, {"vm": vm(128)}
    assert placement(hosts, flavours).verdict == "fits"
    strict = placement(hosts, flavours, strict_admission=1.0)
    assert (strict.verdict, strict.placed) == ("does not fit", 112)
    assert placement(hosts, {"vm": vm(112)}, strict_admission=1.0).verdict == "fits"


def test_capacity_is_truncated_as_placement_does():
    """100 x 0.29 is 28.999999999999996 in floating point, and admits 28."""
    hosts, flavours = {"node": host(1, 100.0, 1e15)}, {"vm": vm(50), "other": vm(1, memory=GIB)}
    found = placement(hosts, flavours, cpu_overcommit=0.29)
    assert found.placed == 28
    hosts = {"node": host(1, 1000.0, 100 * GIB)}
    flavours = {"vm": vm(40, memory=GIB), "large": vm(1, memory=2 * GIB)}
    assert placement(hosts, flavours, memory_overcommit=0.29).placed == 28


def test_a_vm_larger_than_a_host_is_named_with_the_rule():
    found = placement({"small": host(4, 4.0)}, {"wide": vm(1, vcpus=8.0), "vm": vm(3)})
    assert (found.verdict, found.placed) == ("does not fit", 3)
    (left,) = found.unplaced
    assert (left.flavour, left.resource, left.asked, left.available) == ("wide", "vcpus", 8.0, 4.0)
    assert "whatever the ratio" in left.rule
    both = placement(
        {"small": host(4, 4.0), "big": host(1, 16.0)}, {"wide": vm(2, vcpus=8.0), "vm": vm(3)}
    )
    assert both.verdict == "fits"
    assert {both.layout()[f"wide-{n}"] for n in (1, 2)} == {"big"}


def test_a_shared_storage_is_a_budget_of_its_own():
    flavours = {"vm": vm(10, disk=20e9), "large": vm(2, disk=100e9)}
    found = placement({"node": host()}, flavours, vm_store_capacity=310e9)
    assert (found.verdict, found.placed) == ("does not fit", 11)
    (left,) = found.unplaced
    assert (left.flavour, left.vms, left.resource) == ("large", 1, "storage")
    assert left.available == pytest.approx(10e9)
    assert placement({"node": host()}, flavours, vm_store_capacity=400e9).verdict == "fits"


def test_what_is_unknown_is_named():
    found = placement({"node": host(memory=math.nan)}, {"vm": vm(10)})
    assert (found.verdict, found.request.unknown) == ("unknown", ("host memory",))
    stored = placement({"node": host()}, {"vm": vm(10)}, vm_store_capacity=math.nan)
    assert stored.verdict == "unknown"


def test_no_host_and_no_vm():
    nothing = {"node": host(0)}
    assert placement(nothing, {"vm": vm(2)}).placed == 0
    assert placement({"node": host()}, {"vm": vm(0)}).verdict == "fits"


def test_groups_whose_names_run_together():
    hosts = {"node": host(3), "node-2": host(1)}
    found = placement(hosts, {"vm": vm(40), "more": vm(20, memory=GIB)})
    assert found.verdict == "fits"
    assert set(found.layout().values()) <= {"node-1", "node-2", "node-3", "node-2.1"}


numbers = st.integers(0, 5)
hosts_drawn = st.lists(
    st.builds(
        host,
        count=st.integers(0, 4),
        threads=st.sampled_from([2.0, 4.0, 12.0]),
        memory=st.sampled_from([4 * GIB, 16 * GIB, 30e9, 48 * GIB]),
        disk=st.sampled_from([60e9, 240e9]),
        memory_reserve=st.sampled_from([0.0, 0.5 * GIB, 1e9]),
        thread_reserve=st.sampled_from([0.0, 0.25, 1.0]),
    ),
    min_size=1,
    max_size=3,
)
rules_drawn = st.fixed_dictionaries(
    {
        "cpu_overcommit": st.sampled_from([0.29, 1.0, 1.15, 4.0, 16.0]),
        "memory_overcommit": st.sampled_from([0.29, 1.0, 1.15, 1.5]),
        "disk_overcommit": st.sampled_from([1.0, 1.5]),
        "strict_admission": st.sampled_from([0.0, 1.0]),
    }
)
sizes_drawn = st.builds(
    vm,
    count=st.just(1.0),
    vcpus=st.sampled_from([1.0, 2.0, 4.0]),
    memory=st.sampled_from([GIB, 1.3 * GIB, 2e9, 2 * GIB, 5 * GIB]),
    disk=st.sampled_from([0.0, 10e9, 20e9, 33e9]),
)


@settings(max_examples=50, deadline=None)
@given(hosts_drawn, sizes_drawn, rules_drawn, st.integers(0, 2))
def test_fits_exactly_as_many_of_one_size_as_the_design_holds(hosts, size, rule, losses):
    """fits(n, H) <=> n <= vms(H), with any number of hosts lost."""
    named = {f"group{k}": one for k, one in enumerate(hosts)}
    held = cells(named, {"vm": size}, **rule)
    found = design_sheet().evaluate(held, ["group_vms"])["group_vms"].nominal
    each = [
        value / one["count"]
        for one, value in zip(hosts, found, strict=True)
        for _ in range(int(one["count"]))
    ]
    most = int(sum(sorted(each)[: max(len(each) - losses, 0)]))
    for number in {most, most + 1, max(most - 1, 0)} - {0}:
        answer = placement(named, {"vm": {**size, "count": float(number)}}, losses, **rule)
        assert (answer.verdict == "fits") == (number <= most)
        assert losses > 0 or answer.placed == min(number, most)


@settings(max_examples=40, deadline=None)
@given(
    hosts_drawn,
    st.lists(
        st.builds(
            vm,
            count=st.integers(0, 12),
            vcpus=st.sampled_from([1.0, 2.0, 4.0]),
            memory=st.sampled_from([GIB, 2e9, 5 * GIB]),
            disk=st.sampled_from([0.0, 10e9, 33e9]),
        ),
        min_size=1,
        max_size=4,
    ),
    rules_drawn,
    st.integers(0, 1),
)
def test_layouts_are_valid_and_account_for_every_vm(hosts, flavours, rule, losses):
    named = {f"group{k}": one for k, one in enumerate(hosts)}
    sizes = {f"flavour{k}": one for k, one in enumerate(flavours)}
    found = placement(named, sizes, losses, **rule)
    assert len(found.layout()) == found.placed
    assert (found.verdict == "fits") == (not found.unplaced)
    if found.plan is not None:
        plan = found.plan
        left = {one.flavour: one.vms for one in plan.unplaced}
        rest = plan.empty_hosts, losses
        assert not layout_faults(plan.kinds, plan.flavours, plan.contents, left, *rest)
    for name in found.layout().values():
        group = name.partition("-")[0]
        assert named[group]["count"] >= 1


def test_growth_and_other_counts():
    asked = request({"node": host(2)}, {"vm": vm(10), "large": vm(4, 2.0)})
    assert [one.count for one in asked.times(1.25).flavours] == [13, 5]
    assert asked.with_counts({"node": None}).kinds[0].count is None
    assert asked.times(1.0).vms == asked.vms == 14


def test_the_models_count_what_is_placed_of_the_plan_of_2013():
    from planner.evaluation import evaluate_fully

    designs = evaluate_fully("vrt-2013").designs
    found = place(request_of(designs["mini-itx-cluster"]))
    assert (found.verdict, found.placed) == ("fits", 96)
    short = place(request_of(designs["mini-itx-pooled"]))
    assert {one.resource for one in short.unplaced} == {"storage"}


def test_where_not_all_fit_the_largest_are_left_out():
    found = placement(
        {"node": host(2, 8.0, 32 * GIB)}, {"vm": vm(20), "large": vm(3, 2.0, 12 * GIB)}
    )
    assert (found.verdict, found.placed) == ("does not fit", 22)
    assert [(one.flavour, one.vms) for one in found.unplaced] == [("large", 1)]


@pytest.mark.usefixtures("few_draws")
def test_what_the_mean_size_hides_is_told(tmp_path):
    """Hosts of 47.5 GiB hold several VMs of the mean size, but one of 40 GiB each."""
    text = SMALL.replace("memory: {value: 64 GiB", "memory: {value: 49 GiB").replace(
        """  desktop:
    count: 20
    vcpus: 1
    memory: 2 GiB
    disk: 30 GB
""",
        """  desktop:
    count: 9
    vcpus: 1
    memory: 40 GiB
    disk: 30 GB
    duty: 10 %
  other:
    count: 30
    vcpus: 1
    memory: 2 GiB
    disk: 30 GB
    duty: 10 %
  large:
    count: 1
    vcpus: 1
    memory: 1 GiB
    disk: 30 GB
""",
    )
    text = text.replace("openstack-2013", "openstack-2023")
    path = write_small(tmp_path, text)
    found = json.loads(planner("show", path, "cluster", "--format", "json").out)
    value = {name: item["value"] for name, item in found["quantities"].items()}
    assert value["fitting_vms"] + value["vms_without_place"] == 40
    # three large VMs leave room for all small ones, a fourth would drive out fourteen of those
    assert value["vms_without_place"] == 6
    assert value["fitting_vms"] != value["placed_vms"]
    assert {one["flavour"]: one["vms"] for one in found["placement"]["unplaced"]} == {"desktop": 6}
    assert "EVM03" in {one["code"] for one in found["findings"]}
    assert "a layout leaves 6 without a place (memory)" in found["verdict"]
