"""What a packing tells: what fits, what does not and why, and where each VM runs."""

import math

import pytest

from planner.packing import Flavour, HostKind, Vm, cheapest_hosts, fit_into, flavours_of


def test_bound_proves_what_does_not_fit():
    hosts = [HostKind("h", {"ram": 10.0}, count=3)]
    six = [Flavour("vm", {"ram": 6.0}, 4)]  # by totals 24 of 30, but one VM a host
    plan = fit_into(hosts, six)
    assert plan.verdict == "does not fit"
    assert plan.bound == math.inf
    assert plan.unplaced == (("vm", 1, "ram", 6.0, 4.0, "more than any host has left"),)
    spare = fit_into(hosts, [Flavour("vm", {"ram": 5.0}, 5)], losses=1)
    assert (spare.verdict, len(spare.empty_hosts)) == ("does not fit", 1)
    assert fit_into(hosts, [Flavour("vm", {"ram": 5.0}, 4)], losses=1).verdict == "fits"


def test_reasons_name_what_is_short():
    kinds = [
        HostKind("h", {"cpu": 8.0, "ram": 16.0}, count=2),
        HostKind("g", {"cpu": 32.0, "ram": 4.0}),
    ]
    flavours = [
        Flavour("huge", {"cpu": 64.0, "ram": 1.0}, 1),
        Flavour("odd", {"cpu": 16.0, "ram": 16.0}, 1),
        Flavour("web", {"cpu": 1.0, "ram": 8.0}, 3, apart="web"),
    ]
    reasons = {one.flavour: one for one in cheapest_hosts(kinds, flavours).unplaced}
    assert reasons["huge"] == ("huge", 1, "cpu", 64.0, 32.0, "more than any host has")
    assert reasons["odd"].rule == "no host has enough of everything"
    assert reasons["web"][:2] == ("web", 1)
    assert reasons["web"].rule == "every host has a VM of the group"
    assert reasons["web"].resource == "anti-affinity web"


def test_spare_hosts_are_as_large_as_any_in_use():
    kinds = [
        HostKind("cpu", {"cpu": 64.0, "ram": 64.0}, 1.0, 6),
        HostKind("ram", {"cpu": 16.0, "ram": 256.0}, 1.0, 6),
    ]
    flavours = [
        Flavour("busy", {"cpu": 32.0, "ram": 8.0}, 8),
        Flavour("large", {"cpu": 2.0, "ram": 128.0}, 8),
    ]
    plan = fit_into(kinds, flavours, losses=1, maintenance=1)
    assert plan.verdict == "fits"
    assert sorted(plan.empty_hosts) == ["cpu-5", "cpu-6", "ram-5", "ram-6"]
    assert plan.bound <= plan.cost


def test_pinned_vms_stay_and_their_host_is_used():
    kinds = [HostKind("h", {"ram": 10.0}, 5.0)]
    flavours = [
        Flavour("db", {"ram": 6.0}, 2, pinned={"h-3": 1}),
        Flavour("app", {"ram": 4.0}, 1),
    ]
    plan = cheapest_hosts(kinds, flavours)
    assert plan.layout()["db-1"] == "h-3"
    assert plan.layout()["db-2"] == "h-1"
    assert (plan.cost, plan.bound) == (10.0, 10.0)
    plan = cheapest_hosts(kinds, [flavours[0], Flavour("app", {"ram": 4.0}, 2)])
    assert sorted(plan.contents["h-3"]) == ["app", "db"]
    assert plan.cost == 10.0


def test_inventory_of_named_vms():
    small, large = {"ram": 1.0}, {"ram": 4.0}
    vms = [
        Vm("a", small),
        Vm("b", large, "db"),
        Vm("c", small),
        Vm("d", large, "db"),
        Vm("e", small, "", "h-2"),
    ]
    flavours = flavours_of(vms)
    assert [(one.name, one.count, one.apart) for one in flavours] == [("a", 3, ""), ("b", 2, "db")]
    plan = cheapest_hosts([HostKind("h", {"ram": 8.0})], flavours)
    layout = plan.layout()
    assert set(layout) == {"a", "b", "c", "d", "e"}
    assert layout["e"] == "h-2"
    assert layout["b"] != layout["d"]
    assert plan.cost == 2


def test_nothing_to_place():
    plan = cheapest_hosts([HostKind("h", {"ram": 8.0})], [Flavour("vm", {"ram": 1.0}, 0)])
    assert (plan.cost, plan.bound, plan.gap, plan.contents) == (0, 0, 0, {})


HOST, SMALL = HostKind("h", {"ram": 8.0}), Flavour("vm", {"ram": 1.0}, 2)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: Flavour("x", {"ram": -1.0}, 1),
            "needs of x: ram must be zero or positive, got -1",
        ),
        (lambda: Flavour("x", {"ram": 0.0}, 1), "x needs nothing; some of a resource is wanted"),
        (lambda: Flavour("x", {"ram": math.nan}, 1), "needs of x: ram must be zero or positive"),
        (lambda: Flavour("x", {"ram": 1.0}, -1), "count of x must be whole and not negative: -1"),
        (
            lambda: Flavour("x", {"ram": 1.0}, 1, pinned={"h": 2}),
            "x has 1 VMs, so they cannot be pinned",
        ),
        (
            lambda: Flavour("x", {"ram": 1.0}, 2, vms=("a", "a")),
            "x has 2 VMs but 1 different names",
        ),
        (lambda: HostKind("h", {"ram": math.inf}), "capacity of h: ram must be zero or positive"),
        (lambda: HostKind("h", {}, -1.0), "cost of h must be zero or positive, got -1"),
        (lambda: HostKind("h", {}, count=-1), "count of h must be whole and not negative: -1"),
        (lambda: cheapest_hosts([HOST, HOST], [SMALL]), "names of host kinds must differ, got h"),
        (lambda: cheapest_hosts([HOST], [SMALL, SMALL]), "names of flavours must differ, got vm"),
        (lambda: cheapest_hosts([], [SMALL]), "at least one kind of host and one flavour"),
        (
            lambda: cheapest_hosts([HOST, HostKind("h-1", {}, count=1)], [SMALL]),
            "h-1 is also the name of a host of h",
        ),
        (
            lambda: cheapest_hosts([HOST], [Flavour("x", {"ram": 1.0}, 1, pinned={"g": 1})]),
            "VMs are pinned to g, which is none of the hosts",
        ),
        (
            lambda: cheapest_hosts([HOST], [Flavour("x", {"ram": 9.0}, 1, pinned={"h-1": 1})]),
            "the VMs pinned to h-1 need more ram than it has",
        ),
        (lambda: cheapest_hosts([HOST], [SMALL], losses=-1), "must not be negative: -1, 0"),
        (lambda: fit_into([HOST], [SMALL]), "a count is wanted for every kind of host; none for h"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bytes_do_as_well_as_gigabytes():
    """The size of the unit must not matter to the bounds, nor on an exact boundary."""
    for unit in (1.0, 2.0**30, 1e12):
        kinds = [HostKind("host", {"cpu": 28.0, "ram": 32.0 * unit}, count=1)]
        flavours = [Flavour("a", {"cpu": 1.0, "ram": unit}, 30), Flavour("b", {"ram": unit}, 4)]
        plan = fit_into(kinds, flavours)
        assert (plan.verdict, sum(one.vms for one in plan.unplaced)) == ("does not fit", 2)


def test_fractions_on_hosts_of_whole_sizes():
    hosts = [HostKind("h", {"cpu": 6, "disk": 4}, 2)]
    plan = cheapest_hosts(hosts, [Flavour("vm", {"cpu": 4, "disk": 3.7}, 2)])
    assert (plan.cost, plan.bound) == (4.0, 4.0)


@pytest.mark.parametrize("effort", ["quick", "bound"])
def test_only_pinned_vms_need_no_spare_host(effort):
    flavours = [Flavour("db", {"ram": 4.0}, 2, pinned={"h-1": 2})]
    plan = cheapest_hosts([HostKind("h", {"ram": 8.0}, 3.0)], flavours, losses=1, effort=effort)
    assert (plan.cost, plan.bound, plan.verdict) == (3.0, 3.0, "fits")


def test_hosts_that_are_not_there_or_stay_empty():
    vms = [Flavour("vm", {"ram": 2.0}, 2)]
    none = cheapest_hosts([HostKind("h", {"ram": 8.0}, count=0)], vms)
    assert none.unplaced == (("vm", 2, "ram", 2.0, 0.0, "there is no host"),)
    one = fit_into([HostKind("h", {"ram": 8.0}, count=1)], vms, maintenance=1)
    assert one.verdict == "does not fit"
    (left,) = one.unplaced
    assert left.rule == "every host that has enough is kept empty for losses"


def test_a_kind_that_holds_no_vm_does_not_help():
    kinds = [
        HostKind("gpu", {"ram": 8.0, "gpu": 4.0}, 1.0),
        HostKind("big", {"ram": 64.0}, 9.0),
    ]
    plan = cheapest_hosts(kinds, [Flavour("vm", {"ram": 10.0}, 12)], effort="quick")
    assert (plan.cost, plan.bound) == (18.0, 18.0)


@pytest.mark.parametrize("ram", [1e-300, 1e-9, 1.0, 2.0**60, 1e300])
@pytest.mark.parametrize("effort", ["quick", "bound"])
def test_sizes_of_any_scale(ram, effort):
    kinds = [HostKind("h", {"ram": 8 * ram, "cpu": 4.0})]
    flavours = [Flavour("a", {"ram": 3 * ram}, 5), Flavour("b", {"ram": ram, "cpu": 1.0}, 4)]
    plan = cheapest_hosts(kinds, flavours, effort=effort)
    assert (plan.cost, plan.bound) == (3.0, 3.0)


def test_prices_of_any_scale():
    flavours = [Flavour("a", {"ram": 3.0}, 5), Flavour("b", {"ram": 1.0, "cpu": 1.0}, 4)]
    for price in (1e-6, 1.0, 1e9):
        kinds = [
            HostKind("h", {"ram": 8.0, "cpu": 4.0}, 3 * price),
            HostKind("s", {"ram": 4.0, "cpu": 1.0}, 2 * price),
        ]
        plan = cheapest_hosts(kinds, flavours)
        assert (plan.cost, plan.bound) == pytest.approx((8 * price, 8 * price), rel=1e-8)


def test_vms_of_unlike_shapes_share_hosts():
    """One of each shape fills a host to 11 of 16; the largest first would take 15 hosts."""
    kinds = [HostKind("h", {"cpu": 16.0, "ram": 16.0, "disk": 16.0})]
    flavours = [
        Flavour("cpu", {"cpu": 8.0, "ram": 2.0, "disk": 1.0}, 10),
        Flavour("ram", {"cpu": 1.0, "ram": 8.0, "disk": 2.0}, 10),
        Flavour("disk", {"cpu": 2.0, "ram": 1.0, "disk": 8.0}, 10),
    ]
    assert cheapest_hosts(kinds, flavours, effort="quick").hosts == {"h": 10}
