"""Bonds: recorded rows of flows on two links, enumerated hashes, and what must hold."""

import json
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models import bonding
from planner.models.link_hash import layer2_link, layer23_link, layer34_link

REFERENCE = Path(__file__).parent.parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
ROWS = [case for case in CASES if case["kind"] == "lacp_hash"]
quick = settings(max_examples=80, deadline=None)


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case["id"])
def test_recorded_rows(case):
    links, flows = case["inputs"]["links"], case["inputs"]["flows"]
    expected, rel = case["expected"], case["tolerance"]["rel"]
    assert bonding.one_link_chance(links, flows) == pytest.approx(
        expected["p_all_flows_on_one_link"], rel=rel
    )
    assert bonding.single_flow_rate(1.0) == expected["max_single_flow_links"]


def test_there_are_recorded_rows():
    assert len(ROWS) == 8


@pytest.mark.parametrize(("links", "flows"), [*product(range(1, 5), range(1, 6))])
def test_chances_by_counting_every_hash(links, flows):
    outcomes = [len(set(hashes)) for hashes in product(range(links), repeat=flows)]
    every = len(outcomes)
    counted = {
        bonding.one_link_chance: outcomes.count(1) / every,
        bonding.all_links_chance: outcomes.count(links) / every,
        bonding.shared_link_chance: 1.0 - outcomes.count(flows) / every,
        bonding.expected_links_used: sum(outcomes) / every,
    }
    for chance, value in counted.items():
        assert chance(links, flows) == pytest.approx(value, rel=1e-12, abs=1e-15)


@quick
@given(st.integers(1, 12), st.integers(1, 200))
def test_every_link_used_by_inclusion_and_exclusion(links, flows):
    terms = [(-1) ** i * comb(links, i) * (links - i) ** flows for i in range(links + 1)]
    assert bonding.all_links_chance(links, flows) == pytest.approx(
        sum(terms) / links**flows, rel=1e-9, abs=1e-14
    )


@quick
@given(st.integers(1, 64), st.integers(1, 500))
def test_more_flows_spread_better_and_every_chance_is_one(links, flows):
    for chance in (bonding.one_link_chance, bonding.all_links_chance, bonding.shared_link_chance):
        assert 0.0 <= chance(links, flows) <= 1.0 + 1e-12
    assert bonding.one_link_chance(links, flows + 1) <= bonding.one_link_chance(links, flows)
    more = bonding.all_links_chance(links, flows + 1)
    assert more >= bonding.all_links_chance(links, flows) * (1 - 1e-9)
    used = bonding.expected_links_used(links, flows)
    assert 1.0 - 1e-12 <= used <= min(links, flows) * (1 + 1e-12)
    assert bonding.expected_links_used(links, flows + 1) >= used
    assert bonding.expected_links_used(links + 1, flows) >= used * (1 - 1e-12)
    share = bonding.usable_bond_share(used, links)
    assert 1.0 / links * (1 - 1e-12) <= share <= 1.0 + 1e-12


@quick
@given(st.integers(1, 16), st.integers(1, 50), st.floats(1e6, 1e10))
def test_a_bond_lies_between_one_link_and_all(links, flows, speed):
    one = bonding.single_flow_rate(speed)
    used = bonding.expected_links_used(links, flows)
    worst = bonding.guaranteed_bond_rate(one)
    usual = bonding.expected_bond_rate(used, speed, one)
    best = bonding.best_bond_rate(links, flows, speed, one)
    assert worst == speed
    assert worst <= usual * (1 + 1e-12)
    assert usual <= best * (1 + 1e-12)
    assert best <= links * speed
    assert flows > 1 or best == worst


def test_arrays_are_their_members():
    links, flows = np.array([1.0, 2.0, 3.0])[:, None], np.array([1.0, 4.0, 9.0])
    for chance in (
        bonding.one_link_chance,
        bonding.all_links_chance,
        bonding.shared_link_chance,
        bonding.expected_links_used,
    ):
        found = chance(links, flows)
        one_by_one = [[chance(g, f) for f in flows] for g in links[:, 0]]
        np.testing.assert_allclose(found, one_by_one, rtol=1e-14)
        assert np.isnan(chance(2, np.nan))


@pytest.mark.parametrize("links", [0, 1.5, -1])
def test_what_is_no_number_of_links_is_refused(links):
    with pytest.raises(ValueError, match="bond_links must be a whole number of at least 1, got"):
        bonding.one_link_chance(links, 2)
    with pytest.raises(ValueError, match="bond_flows must be a whole number of at least 1, got"):
        bonding.all_links_chance(2, links)


def test_unequal_members_are_refused():
    with pytest.raises(ValueError, match=r"equally fast, got 1.25e\+08, 1.25e\+09 B/s"):
        bonding.bond_rate([125e6, 1250e6])
    assert bonding.bond_rate([125e6] * 3) == 375e6


# The hash policies


bytes_ = st.integers(0, 255)
addresses = st.integers(0, 2**32 - 1)
ports = st.integers(0, 2**16 - 1)


@quick
@given(bytes_, bytes_, addresses, addresses, ports, ports, st.integers(1, 8))
def test_a_flow_has_one_link(mac, peer, ip, peer_ip, port, peer_port, links):
    for link in (
        layer2_link(mac, peer, links),
        layer23_link(mac, peer, ip, peer_ip, links),
        layer34_link(ip, peer_ip, port, peer_port, links),
        layer34_link(ip, peer_ip, port, peer_port, links, drops_last_bit=False),
    ):
        assert 0 <= link < links


@quick
@given(bytes_, st.lists(bytes_, min_size=2, max_size=2))
def test_of_two_links_peers_of_one_parity_share_one(mac, peers):
    first, second = layer2_link(mac, peers, 2)
    assert (first == second) == ((peers[0] - peers[1]) % 2 == 0)


@quick
@given(addresses, addresses, st.integers(0, 255), ports)
def test_before_2017_even_source_ports_near_each_other_met_on_one_of_two_links(
    ip, peer, block, port
):
    even = 256 * block + np.arange(0, 256, 2)
    assert len(set(layer34_link(ip, peer, even, port, 2, drops_last_bit=False).tolist())) == 1
    assert len(set(layer34_link(ip, peer, even, port, 2).tolist())) == 2


@pytest.mark.parametrize("links", [2, 4])
def test_many_connections_spread_evenly(links):
    """Over all source ports every link gets the same number."""
    sources = np.arange(2**16)
    found = layer34_link(0x0A000001, 0x0A000002, sources, 6800, links)
    assert np.ptp(np.bincount(found, minlength=links)) == 0
