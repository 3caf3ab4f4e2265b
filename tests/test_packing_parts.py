"""What packing is made of: knapsack, bounds, patterns, and the checker of layouts."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packing_kit import flavour_lists, kind_lists

from planner.packing import Flavour, HostKind, cheapest_hosts
from planner.packing.bound import cost_bound, in_whole_units, least_volume, relaxed
from planner.packing.check import layout_faults
from planner.packing.model import problem_of
from planner.packing.pattern import most_valuable
from planner.packing.polish import all_patterns
from planner.packing.search import quick_packing


@given(
    st.lists(
        st.tuples(st.floats(0.1, 3), st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=4
    ),
    st.integers(1, 9),
    st.integers(1, 9),
    st.lists(st.integers(0, 4), min_size=4, max_size=4),
)
def test_most_valuable_filling_by_exhaustion(items, first, second, most):
    values = np.array([value for value, *_ in items])
    sizes = np.array([size for _, *size in items], dtype=float)
    capacity, limit = np.array([first, second], dtype=float), np.array(most[: len(items)])
    found = most_valuable(values, sizes, capacity, limit)
    best = max(
        np.dot(values, counts)
        for counts in product(*(range(n + 1) for n in limit))
        if (np.array(counts) @ sizes <= capacity).all()
    )
    assert (found.counts @ sizes <= capacity).all()
    assert found.value == pytest.approx(values @ found.counts)
    assert found.value <= best + 1e-9
    assert found.value >= best * (1 - 1e-3) - 1e-9
    assert found.bound >= best * (1 - 1e-9)


@given(kind_lists, flavour_lists)
@settings(max_examples=60, deadline=None)
def test_bounds_hold_for_every_pattern(kinds, flavours):
    problem = problem_of(kinds, flavours)
    problem = problem._replace(demand=np.where(problem.holders().any(axis=1), problem.demand, 0))
    volume, packing = least_volume(problem), quick_packing(problem)
    bound = cost_bound(problem, volume, relaxed(problem, []))
    assert bound >= volume.cost - 1e-9
    if not packing.left.any():
        assert bound <= packing.cost + 1e-9


def test_capacity_that_no_whole_vms_can_use():
    sizes = np.array([[8.0, 0.5], [64.0, 1.5], [4.0, 0.1]])
    usable = in_whole_units(sizes, np.array([[126.5, 2.25]]))
    assert usable.tolist() == [[124.0, pytest.approx(2.2)]]


def test_all_patterns_of_a_small_host():
    problem = problem_of(
        [HostKind("h", {"x": 5.0})], [Flavour("a", {"x": 2.0}, 9), Flavour("b", {"x": 3.0}, 1)]
    )
    found = {tuple(pattern.counts.tolist()) for pattern in all_patterns(problem)}
    assert found == {(2, 0), (1, 1)}
    many = [Flavour(f"f{k}", {"x": 1.0 + k / 100}, 99) for k in range(30)]
    assert all_patterns(problem_of([HostKind("h", {"x": 99.0})], many)) is None


def test_checker_finds_every_broken_rule():
    kinds = [HostKind("h", {"ram": 8.0}, count=3), HostKind("tiny", {"ram": 2.0})]
    flavours = [
        Flavour("a", {"ram": 4.0}, 2, apart="a", pinned={"h-1": 1}),
        Flavour("b", {"ram": 3.0}, 2),
    ]
    good = {"h-1": {"a": 1, "b": 1}, "h-2": {"a": 1, "b": 1}}

    def faults(contents, **changes):
        return layout_faults(kinds, flavours, contents, **changes)

    assert faults(good) == []
    assert faults(good, empty_hosts=["h-3"], losses=1) == []
    assert faults({"h-1": {"a": 1, "b": 2}, "h-2": {"a": 1}}) == ["h-1: 10 of 8 ram are used"]
    assert faults({"h-1": {"a": 2}, "h-2": {"b": 2}}) == ["h-1: 2 VMs of the anti-affinity group a"]
    assert faults({"h-3": {"a": 1, "b": 1}, "h-2": {"a": 1, "b": 1}}) == [
        "h-1: 1 VMs of a are pinned here"
    ]
    assert faults({"h-1": {"a": 1}, "h-2": {"a": 1}}) == [
        "b: 0 VMs are placed or left over, 2 are asked for"
    ]
    assert faults({"h-1": {"a": 1}, "h-2": {"a": 1}}, unplaced={"b": 2}) == []
    assert faults({"h-1": {"a": 1, "b": 1}, "h-4": {"a": 1, "b": 1}}) == ["h-4: no such host"]
    assert faults({**good, "h-3": {"c": 1}}) == ["c: no such flavour"]
    assert faults(good, empty_hosts=["h-1"])[0] == "h-1: has VMs and is said to be empty"
    assert faults(good, empty_hosts=["tiny-1"], losses=1) == [
        "h-1: its VMs fit on 0 empty hosts, 1 are wanted",
        "h-2: its VMs fit on 0 empty hosts, 1 are wanted",
    ]
    wrong = {"h-1": {"a": 1, "b": 3}, "h-2": {"a": 1, "b": -1}}
    assert "b: a negative number of VMs" in faults(wrong)


def test_a_wrong_layout_is_not_returned(monkeypatch):
    monkeypatch.setattr("planner.packing.layout_faults", lambda *_: ["h-1: too full"])
    with pytest.raises(RuntimeError, match="the layout breaks rules: h-1: too full"):
        cheapest_hosts([HostKind("h", {"ram": 8.0})], [Flavour("vm", {"ram": 1.0}, 1)])
