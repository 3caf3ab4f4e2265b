"""The greatest flow against all cuts, and what more capacity may do."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.max_flow import concurrent_flow, max_flow

quick = settings(max_examples=60, deadline=None)
# Wide enough that rounding would show, and zero and no limit among them.
capacities = st.one_of(st.just(0.0), st.integers(1, 9).map(float), st.floats(1e-3, 1e9))
open_ended = st.one_of(capacities, st.just(np.inf))


@st.composite
def networks(draw, least=2, most=6, values=capacities):
    nodes = draw(st.integers(least, most))
    row = st.lists(values, min_size=nodes, max_size=nodes)
    found = np.array(draw(st.lists(row, min_size=nodes, max_size=nodes)))
    np.fill_diagonal(found, 0.0)
    return found


def cuts(nodes, sink):
    """Every set of nodes with the first and, if asked, without the last."""
    free = nodes - 1 - sink
    for inner in product([False, True], repeat=free):
        yield np.array([True, *inner, *([False] if sink else [])])


def crossing(arcs, side):
    return arcs[np.ix_(side, ~side)].sum()


def brute_force(arcs):
    return min(crossing(arcs, side) for side in cuts(len(arcs), sink=True))


@quick
@given(networks(values=open_ended))
def test_the_flow_is_the_least_cut(arcs):
    found = max_flow(arcs)
    assert found.value == pytest.approx(brute_force(arcs), rel=1e-12, abs=1e-15)
    assert found.source_side[0]
    assert not found.source_side[-1]
    # The same arcs, added up in another order.
    assert crossing(arcs, found.source_side) == pytest.approx(found.value, rel=1e-14)


@quick
@given(networks(most=5), st.data())
def test_more_capacity_or_another_link_never_lowers_the_flow(arcs, data):
    nodes = len(arcs)
    tail, head = data.draw(st.permutations(range(nodes)))[:2]
    more = arcs.copy()
    more[tail, head] += data.draw(st.floats(0.1, 1e6))
    assert max_flow(more).value >= max_flow(arcs).value * (1 - 1e-12)


@quick
@given(networks(), st.floats(1e-3, 1e3))
def test_the_flow_scales_and_turns_round(arcs, factor):
    forward = max_flow(arcs).value
    assert max_flow(arcs * factor).value == pytest.approx(forward * factor, rel=1e-12)
    assert max_flow(arcs.T[::-1, ::-1]).value == pytest.approx(forward, rel=1e-12)


@quick
@given(st.lists(networks(least=4, most=4), min_size=1, max_size=5))
def test_samples_at_once_are_samples_one_by_one(samples):
    found = max_flow(np.stack(samples, axis=-1))
    alone = [max_flow(arcs) for arcs in samples]
    np.testing.assert_array_equal(found.value, [flow.value for flow in alone])
    np.testing.assert_array_equal(
        found.source_side, np.stack([flow.source_side for flow in alone], axis=-1)
    )


def test_classic_network():
    """The example of Cormen, Leiserson, Rivest and Stein, chapter 26: 23."""
    arcs = np.zeros((6, 6))
    for tail, head, capacity in (
        (0, 1, 16), (0, 2, 13), (2, 1, 4), (1, 3, 12), (3, 2, 9), (2, 4, 14), (4, 3, 7),
        (3, 5, 20), (4, 5, 4),
    ):  # fmt: skip
        arcs[tail, head] = capacity
    assert max_flow(arcs).value == 23.0


def test_an_unknown_capacity_leaves_only_its_sample_unknown():
    arcs = np.zeros((2, 2, 3))
    arcs[0, 1] = 1.0, np.nan, np.inf
    found = max_flow(arcs)
    np.testing.assert_array_equal(found.value, [1.0, np.nan, np.inf])
    np.testing.assert_array_equal(found.source_side, [[True, False, True], [False] * 3])


@pytest.mark.parametrize("shape", [(2,), (1, 1), (2, 3), (3, 2, 4)])
def test_what_is_no_network_is_refused(shape):
    with pytest.raises(ValueError, match="capacity must be of shape"):
        max_flow(np.ones(shape))


def test_a_negative_capacity_is_refused():
    with pytest.raises(ValueError, match="capacity must be zero or positive, got -1"):
        max_flow(np.array([[0.0, -1.0], [0.0, 0.0]]))
    with pytest.raises(ValueError, match="load must be zero or positive, got -2"):
        concurrent_flow(np.ones((2, 2)), np.array([0.0, 1.0]), np.full((2, 2), -2.0))
    with pytest.raises(ValueError, match="got \\(2, 2\\) and \\(3,\\)"):
        concurrent_flow(np.ones((2, 2)), np.ones(3))


# In given proportions


@st.composite
def concurrent(draw, least=2, most=5):
    arcs = draw(networks(least, most))
    nodes = len(arcs)
    shares = draw(st.lists(st.integers(0, 4), min_size=nodes - 1, max_size=nodes - 1))
    demand = np.array([0, *shares], dtype=float)
    load = draw(networks(least=nodes, most=nodes, values=st.sampled_from([0.0, 0.0, 0.25, 2.0])))
    return arcs, demand / max(demand.sum(), 1.0), load


def brute_ratio(arcs, demand, load):
    """The least over all cuts, and over the arcs alone, of capacity over what they must carry."""
    sides = [side for side in cuts(len(arcs), sink=False) if not side.all()]
    asked = [demand[~side].sum() + crossing(load, side) for side in sides]
    found = [crossing(arcs, s) / a for s, a in zip(sides, asked, strict=True) if a > 0.0]
    found += [arcs[at] / load[at] for at in zip(*np.nonzero(load), strict=True)]
    return min(found, default=np.inf)


@quick
@given(concurrent())
def test_the_concurrent_flow_is_the_least_ratio_of_a_cut(case):
    assert concurrent_flow(*case).value == pytest.approx(brute_ratio(*case), rel=1e-9)


@quick
@given(concurrent(), st.data())
def test_more_capacity_never_lowers_the_concurrent_flow(case, data):
    arcs, demand, load = case
    tail, head = data.draw(st.permutations(range(len(arcs))))[:2]
    more = arcs.copy()
    more[tail, head] += data.draw(st.floats(0.1, 1e6))
    here = concurrent_flow(arcs, demand, load).value
    assert concurrent_flow(more, demand, load).value >= here * (1 - 1e-9)


@quick
@given(st.lists(concurrent(3, 3), min_size=2, max_size=4))
def test_concurrent_samples_at_once_are_samples_one_by_one(cases):
    arcs, demand, load = (np.stack(items, axis=-1) for items in zip(*cases, strict=True))
    alone = [concurrent_flow(*case).value for case in cases]
    np.testing.assert_allclose(concurrent_flow(arcs, demand, load).value, alone, rtol=1e-12)


def test_an_unknown_number_leaves_only_its_sample_unknown():
    arcs = np.zeros((2, 2, 2))
    arcs[0, 1] = 1.0
    demand = np.array([[0.0, 0.0], [1.0, np.nan]])
    np.testing.assert_array_equal(concurrent_flow(arcs, demand).value, [1.0, np.nan])
