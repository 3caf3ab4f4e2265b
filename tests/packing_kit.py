"""Packing problems at random, and layouts checked and found the slow way."""

import math
from collections import Counter, defaultdict

from hypothesis import strategies as st

from planner.packing import Flavour, HostKind

RESOURCES = ("cpu", "memory", "disk", "iops")


def kinds_of(case, counts=None):
    """Kinds of hosts of a reference case."""
    return [
        HostKind(f"kind{k}", dict(zip(RESOURCES, caps, strict=True)), cost, counts and counts[k])
        for k, (caps, cost) in enumerate(zip(case["node_caps"], case["node_cost"], strict=True))
    ]


def flavours_in(case):
    """Flavours of a reference case."""
    return [
        Flavour(f"flavour{k}", dict(zip(RESOURCES, needs, strict=True)), count)
        for k, (needs, count) in enumerate(zip(case["flavours"], case["demand"], strict=True))
    ]


needs = st.fixed_dictionaries({"cpu": st.integers(0, 4), "ram": st.integers(1, 5)})


flavour_lists = st.lists(
    st.tuples(needs, st.integers(0, 4), st.sampled_from(["", "", "red", "blue"])),
    min_size=1,
    max_size=4,
).map(
    lambda rows: [
        Flavour(f"f{k}", size, count, group) for k, (size, count, group) in enumerate(rows)
    ]
)


kind_lists = st.lists(
    st.tuples(
        st.fixed_dictionaries({"cpu": st.integers(1, 9), "ram": st.integers(1, 9)}),
        st.integers(1, 5),
        st.sampled_from([None, None, 1, 2, 3]),
    ),
    min_size=1,
    max_size=3,
).map(
    lambda rows: [
        HostKind(f"k{k}", size, float(cost), count) for k, (size, cost, count) in enumerate(rows)
    ]
)


@st.composite
def inventories(draw):
    """Kinds, flavours with anti-affinity, and some VMs pinned to the first host of a kind."""
    kinds, flavours = draw(kind_lists), draw(flavour_lists)
    if draw(st.booleans()):
        host = draw(st.sampled_from(kinds)).host(1)
        kind = next(one for one in kinds if one.number(host))
        flavour = draw(st.sampled_from(flavours))
        room = [kind.capacity[r] // need for r, need in flavour.needs.items() if need]
        most = int(min([flavour.count, *room, 1 if flavour.apart else 9]))
        if most:
            number = flavours.index(flavour)
            flavours[number] = Flavour(
                flavour.name, flavour.needs, flavour.count, flavour.apart, {host: most}
            )
    return kinds, flavours


def broken_rules(kinds, flavours, plan):
    """Check a layout VM by VM."""
    by_name = {
        f"{flavour.name}-{k + 1}": flavour for flavour in flavours for k in range(flavour.count)
    }
    layout = plan.layout()
    on = defaultdict(list)
    for vm, host in layout.items():
        on[host].append(by_name[vm])
    capacity = {}
    for host in [*on, *plan.empty_hosts]:
        matching = [kind for kind in kinds if kind.number(host)]
        assert len(matching) == 1
        capacity[host] = matching[0].capacity
    for host, members in on.items():
        for resource, room in capacity[host].items():
            assert sum(one.needs.get(resource, 0) for one in members) <= room
        groups = Counter(one.apart for one in members if one.apart)
        assert all(number == 1 for number in groups.values())
    for flavour in flavours:
        placed = [host for vm, host in layout.items() if by_name[vm] is flavour]
        over = sum(one.vms for one in plan.unplaced if one.flavour == flavour.name)
        assert len(placed) + over == flavour.count
        assert all(placed.count(host) >= n for host, n in flavour.pinned.items())
    for kind in kinds:
        assert kind.count is None or plan.hosts[kind.name] <= kind.count
    return on, capacity


def by_exhaustion(kinds, flavours):
    """Least cost of hosts for all VMs, one VM after the other on every host it fits; or None."""
    vms = [
        (flavour, host)
        for flavour in flavours
        for host in [
            *(host for host, n in flavour.pinned.items() for _ in range(n)),
            *[""] * (flavour.count - sum(flavour.pinned.values())),
        ]
    ]
    vms.sort(key=lambda one: (one[1] == "", one[0].name))
    best = [math.inf]

    def place(index, hosts, cost):
        if cost >= best[0]:
            return
        if index == len(vms):
            best[0] = cost
            return
        flavour, pin = vms[index]
        tried = set()
        for number, (kind, name, used, groups) in enumerate(hosts):
            key = (kind.name, tuple(sorted(used.items())), frozenset(groups))
            if (pin and name != pin) or (not pin and key in tried):
                continue
            tried.add(key)
            more = {r: used[r] + flavour.needs[r] for r in used}
            if all(more[r] <= kind.capacity[r] for r in more) and flavour.apart not in groups:
                group = groups | {flavour.apart} if flavour.apart else groups
                changed = [*hosts]
                changed[number] = (kind, name, more, group)
                place(index + 1, changed, cost)
        for kind in kinds:
            there = sum(one[0] is kind for one in hosts)
            if kind.count is not None and there >= kind.count:
                continue
            if pin and (kind.number(pin) is None or any(one[1] == pin for one in hosts)):
                continue
            empty = (kind, pin, dict.fromkeys(flavour.needs, 0), frozenset())
            if all(need <= kind.capacity[r] for r, need in flavour.needs.items()):
                group = frozenset({flavour.apart} if flavour.apart else ())
                place(
                    index + 1, [*hosts, (*empty[:2], dict(flavour.needs), group)], cost + kind.cost
                )

    place(0, [], 0.0)
    return None if math.isinf(best[0]) else best[0]
