"""Links on switch ports: against every placing of small cases, and by laws on larger ones."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.patching import Links, Placing, Switch, place, plug
from planner.patching.model import cost

COPPER, CAGE = "1000BASE-T", "SFP+"


def unit(**ports):
    names = {"copper": COPPER, "cage": CAGE}
    return {names[key]: tuple(range(1, number + 1)) for key, number in ports.items()}


def links(group, hosts, each=1, kinds=(COPPER,), together=False, switches=(0, 1), network="lan"):
    return Links(group, network, hosts, ((kinds, each),), together, switches)


def check(asked, switches, plugs):
    """What must hold of every plan of cables, worked out anew from its cables alone."""
    assert Counter((p.links, p.host, p.end) for p in plugs) == Counter(
        (i, host, j)
        for i, item in enumerate(asked)
        for host in range(item.hosts)
        for j, (_, number) in enumerate(item.ends)
        for _ in range(number)
    )
    used = [(p.switch, *p.port) for p in plugs if p.port is not None]
    assert len(set(used)) == len(used), "a port is used twice"
    for p in plugs:
        if p.port is not None:
            item = asked[p.links]
            assert p.switch in item.switches
            assert p.port.kind in item.ends[p.end][0]
            assert p.port.number in switches[p.switch].units[p.port.unit][p.port.kind]
    for i, item in enumerate(asked):
        for host in range(item.hosts) if item.together else ():
            ends = {p.switch for p in plugs if (p.links, p.host) == (i, host)}
            assert len(ends) == 1, "a bond ends on several switches, or in part on none"


def every_placing(asked, switches):
    """All placings of small cases, host by host."""
    wishes = []
    for i, item in enumerate(asked):
        for _ in range(item.hosts):
            slots = [
                [(i, j, s, kind) for s in item.switches for kind in kinds] + [None]
                for j, (kinds, number) in enumerate(item.ends)
                for _ in range(number)
            ]
            options = {tuple(sorted(o, key=str)) for o in itertools.product(*slots)}
            if item.together:
                options = {o for o in options if len({s and s[2] for s in o}) == 1}
            wishes.append(sorted(options, key=str))
    for choice in itertools.product(*wishes):
        counts = Counter(spot for option in choice for spot in option if spot is not None)
        load = Counter()
        for (_, _, s, kind), number in counts.items():
            load[s, kind] += number
        if all(number <= switches[s].free(kind) for (s, kind), number in load.items()):
            yield counts


small_links = st.builds(
    links,
    group=st.just("g"),
    hosts=st.integers(1, 2),
    each=st.integers(1, 2),
    kinds=st.sampled_from([(COPPER,), (CAGE,), (COPPER, CAGE)]),
    together=st.booleans(),
    switches=st.sampled_from([(0,), (1,), (0, 1)]),
    network=st.sampled_from(["lan", "san"]),
)
small_units = st.builds(unit, copper=st.integers(0, 4), cage=st.integers(0, 3))
small_switches = st.tuples(
    st.builds(lambda one: Switch("left", (one,)), small_units),
    st.builds(lambda *units: Switch("right", units), small_units, small_units),
).map(list)


@settings(max_examples=80, deadline=None)
@given(st.lists(small_links, min_size=1, max_size=3), small_switches)
def test_no_placing_of_a_small_case_is_better(asked, switches):
    found = place(asked, switches)
    best = min(cost(asked, switches, counts) for counts in every_placing(asked, switches))
    assert found.proven
    assert cost(asked, switches, found.counts) == best
    check(asked, switches, plug(asked, switches, found))


@settings(max_examples=40, deadline=None)
@given(st.lists(small_links, min_size=1, max_size=4), small_switches, st.integers(1, 40))
def test_plans_of_many_hosts_hold_up(asked, switches, times):
    many = [replace(item, hosts=item.hosts * times) for item in asked]
    check(many, switches, plug(many, switches, place(many, switches)))


@settings(max_examples=40, deadline=None)
@given(st.lists(small_links, min_size=1, max_size=3), small_switches)
def test_without_a_solver_the_plan_is_honest(asked, switches):
    """It may leave links out, but then does not claim to be the best."""
    with patch("importlib.util.find_spec", return_value=None):
        plain = place(asked, switches)
    exact = place(asked, switches)
    check(asked, switches, plug(asked, switches, plain))
    if plain.proven:
        assert plain.placed == exact.placed
    assert plain.placed <= exact.placed


@settings(max_examples=30, deadline=None)
@given(st.lists(small_links, min_size=1, max_size=3), small_switches)
def test_more_ports_never_leave_more_links_out(asked, switches):
    first = switches[0]
    larger = Switch("left", ({**first.units[0], COPPER: tuple(range(1, 12))},))
    assert place(asked, [larger, switches[1]]).placed >= place(asked, switches).placed


def test_a_bond_spreads_over_the_units_of_a_stack():
    stack = [Switch("stack", (unit(copper=4), unit(copper=4)))]
    asked = [links("node", 4, each=2, together=True, switches=(0,))]
    plugs = plug(asked, stack, place(asked, stack))
    for host in range(4):
        assert {p.port.unit for p in plugs if p.host == host} == {0, 1}


def test_a_bond_does_not_span_two_switches_that_are_no_stack():
    pair = [Switch(name, (unit(copper=3),)) for name in ("left", "right")]
    asked = [links("node", 3, each=2, together=True)]
    found = place(asked, pair)
    # three ports a switch: one whole bond on each, and the third finds only single ports
    assert (found.placed, found.proven) == (4, True)


def test_links_that_should_survive_a_switch_are_on_both():
    pair = [Switch(name, (unit(copper=8),)) for name in ("left", "right")]
    asked = [links("node", 6, each=2)]
    plugs = plug(asked, pair, place(asked, pair))
    for host in range(6):
        assert {p.switch for p in plugs if p.host == host} == {0, 1}


def test_a_network_stays_on_one_switch_if_it_can():
    pair = [Switch(name, (unit(copper=10),)) for name in ("left", "right")]
    asked = [links("a", 6, network="lan"), links("b", 4, network="san"), links("c", 4)]
    found = place(asked, pair)
    assert cost(asked, pair, found.counts) == (0, 0, 0)


def test_the_exact_search_mends_what_choosing_in_turn_spoils():
    """A network that only the left switch carries; bonds of three, two and two on six ports."""
    pair = [Switch("left", (unit(copper=4),)), Switch("right", (unit(copper=3),))]
    asked = [
        links("a", 1, each=3, together=True),
        links("b", 2, each=2, together=True, network="san"),
    ]
    assert place(asked, pair) == Placing(place(asked, pair).counts, proven=True)
    assert place(asked, pair).placed == 7


def test_hundreds_of_hosts():
    pair = [Switch(name, tuple(unit(copper=48, cage=4) for _ in range(8))) for name in "lr"]
    asked = [
        links("compute", 200, each=2, together=True),
        links("compute", 200, network="san"),
        links("storage", 60, each=2, together=True, network="san"),
    ]
    found = place(asked, pair)
    assert (found.placed, found.proven) == (720, True)
    check(asked, pair, plug(asked, pair, found))


@pytest.mark.parametrize("kinds", [(), ("QSFP28",)])
def test_links_that_no_port_takes(kinds):
    one = [Switch("one", (unit(copper=4),))]
    found = place([links("node", 2, kinds=kinds, switches=(0,))], one)
    assert (found.placed, found.proven) == (0, True)
