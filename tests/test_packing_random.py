"""Random inventories: by exhaustive search, under losses, and one question against another."""

from collections import Counter
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st
from packing_kit import broken_rules, by_exhaustion, inventories

from planner.packing import Flavour, HostKind, cheapest_hosts, fit_into


@given(inventories())
@settings(max_examples=60, deadline=None)
def test_random_inventories_against_exhaustive_search(inventory):
    kinds, flavours = inventory
    if sum(flavour.count for flavour in flavours) > 8:
        flavours = [
            Flavour(
                one.name,
                one.needs,
                max(min(one.count, 2), sum(one.pinned.values())),
                one.apart,
                one.pinned,
            )
            for one in flavours
        ]
    least = by_exhaustion(kinds, flavours)
    for effort in ("quick", "bound"):
        plan = cheapest_hosts(kinds, flavours, effort=effort)
        broken_rules(kinds, flavours, plan)
        if least is None:
            assert plan.unplaced
        else:
            assert plan.bound <= least * (1 + 1e-8)
            assert plan.unplaced or plan.cost >= least - 1e-9
            assert plan.verdict != "does not fit"


@given(inventories(), st.integers(0, 2))
@settings(max_examples=50, deadline=None)
def test_random_inventories_survive_losses(inventory, losses):
    kinds, flavours = inventory
    plan = cheapest_hosts(kinds, flavours, losses=losses, effort="quick")
    on, capacity = broken_rules(kinds, flavours, plan)
    for lost in combinations([*on, *plan.empty_hosts], losses):
        free = [host for host in plan.empty_hosts if host not in lost]
        moving = []
        for host in lost:
            members = Counter(one.name for one in on.get(host, []))
            for flavour in flavours:
                members[flavour.name] -= flavour.pinned.get(host, 0)
            needed = Counter()
            for flavour in flavours:
                for resource, need in flavour.needs.items():
                    needed[resource] += members[flavour.name] * need
            if any(members.values()):
                moving.append(needed)
        assert any(
            all(
                needed[r] <= capacity[refuge].get(r, 0)
                for needed, refuge in zip(moving, order, strict=True)
                for r in needed
            )
            for order in permutations_of(free, len(moving))
        )


def permutations_of(hosts, number):
    """Every way to give so many hosts a refuge of their own."""
    return [order for order in product(hosts, repeat=number) if len(set(order)) == number]


@given(inventories(), st.integers(0, 1))
@settings(max_examples=50, deadline=None)
def test_how_many_and_does_it_fit_agree(inventory, losses):
    kinds, flavours = inventory
    endless = [HostKind(kind.name, kind.capacity, kind.cost) for kind in kinds]
    flavours = [Flavour(one.name, one.needs, one.count, one.apart) for one in flavours]
    plan = cheapest_hosts(endless, flavours, losses)
    for more in (0, 1, 3):
        enough = [
            HostKind(kind.name, kind.capacity, kind.cost, plan.hosts[kind.name] + more)
            for kind in kinds
        ]
        found = fit_into(enough, flavours, losses)
        broken_rules(enough, flavours, found)
        if not plan.unplaced:
            assert found.verdict == "fits"


@st.composite
def mixes(draw):
    """Kinds and flavours of the sizes that are bought, some kinds in a limited number."""
    size = st.sampled_from([32.0, 48.0, 64.0, 96.0, 128.0, 256.0])
    need = st.sampled_from([1.0, 2.0, 4.0, 8.0, 12.0, 24.0])
    resources = ("cpu", "ram", "disk")
    kinds = [
        HostKind(
            f"k{k}",
            {resource: draw(size) for resource in resources},
            float(draw(st.integers(10, 40))),
            draw(st.sampled_from([None, None, 2, 4, 8])),
        )
        for k in range(draw(st.integers(1, 3)))
    ]
    flavours = [
        Flavour(
            f"f{k}",
            {resource: draw(need) for resource in resources},
            draw(st.integers(1, 40)),
            draw(st.sampled_from(["", "", "", "red"])),
        )
        for k in range(draw(st.integers(1, 6)))
    ]
    return kinds, flavours


@given(mixes(), st.sampled_from([0, 0, 1, 2]), st.lists(st.integers(0, 3), min_size=3, max_size=3))
@settings(max_examples=25, deadline=None)
def test_what_is_proposed_fits_and_a_host_less_does_not(mix, losses, more):
    kinds, flavours = mix
    plan = cheapest_hosts(kinds, flavours, losses)
    broken_rules(kinds, flavours, plan)
    if plan.unplaced:
        return
    assert plan.bound <= plan.cost * (1 + 1e-9)
    hosts = list(plan.hosts.values())

    def fit(counts):
        there = [
            HostKind(kind.name, kind.capacity, kind.cost, count)
            for kind, count in zip(kinds, counts, strict=True)
        ]
        found = fit_into(there, flavours, losses)
        broken_rules(there, flavours, found)
        return found.verdict

    assert fit(hosts) == "fits"
    assert fit([count + extra for count, extra in zip(hosts, more, strict=False)]) == "fits"
    for kind, count in enumerate(hosts):
        if count:
            assert fit([one - (k == kind) for k, one in enumerate(hosts)]) != "fits"
