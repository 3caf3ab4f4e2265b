"""The path as a network against the closed forms, and uplinks against every cut."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.test_throughput import MB, TB, backend, rate
from planner.models import capacity
from planner.models.path_flow import path_flow
from planner.models.rates import host_share
from planner.models.uplinks import uplink_bound_read_throughput, uplink_bound_write_throughput

quick = settings(max_examples=50, deadline=None)
speeds = st.sampled_from([50.0, 100.0, 125.0, 250.0, 1250.0])


@st.composite
def designs(draw):
    """A backend of unequal hosts, as the sheet is given it."""
    shares = draw(st.integers(1, 3))
    data = draw(st.integers(1, shares))
    hosts = draw(st.integers(shares, 6))
    given = backend(hosts, 2, 100, 250, shares, data, draw(st.sampled_from([1, 2])))
    sizes = np.array(draw(st.lists(st.integers(1, 4), min_size=hosts, max_size=hosts))) * TB
    for name in ("host_read_rate", "host_write_rate", "host_link_rate"):
        given[name] = np.array(draw(st.lists(speeds, min_size=hosts, max_size=hosts))) * MB
    groups = draw(st.integers(1, 3))
    given["client_count"] = draw(st.lists(st.integers(1, 9), min_size=groups, max_size=groups))
    links = draw(st.lists(speeds, min_size=groups, max_size=groups))
    return given | {
        "domain_capacity": sizes,
        "host_capacity": sizes,
        "client_link_rate": np.array(links) * MB,
    }


def share_of(given):
    usable = capacity.usable_capacity(
        given["domain_capacity"], given["shares"], given["data_shares"]
    )
    return host_share(given["host_capacity"], usable, given["data_shares"])


def stages(given, way):
    """User data that drives and links of each host pass, by what each does for a byte of it."""
    n, k, j = given["shares"], given["data_shares"], given["journal_factor"]
    drives, link = given[f"host_{way}_rate"], given["host_link_rate"]
    loads = [1 + (k - 1) / k] if way == "read" else [1 + (n - 1) / k, (n - 1) / k]
    disk = drives * (k / (n * j) if way == "write" else 1.0)
    return np.array(
        [disk, *(link / load if load else np.full_like(link, np.inf) for load in loads)]
    )


@quick
@given(designs())
def test_on_one_switch_the_network_is_the_least_of_the_closed_forms(given):
    clients = np.array(given["client_count"]) * given["client_link_rate"]
    for way in ("read", "write"):
        found = path_flow(clients, stages(given, way), share_of(given)).value
        assert found == pytest.approx(rate(f"{way}_throughput", given) * MB, rel=1e-9)


@quick
@given(designs())
def test_reading_is_never_below_writing_on_the_same_path(given):
    given = given | {"host_read_rate": given["host_write_rate"]}
    clients = np.array(given["client_count"]) * given["client_link_rate"]
    reading, writing = (
        path_flow(clients, stages(given, way), share_of(given)).value for way in ("read", "write")
    )
    assert reading >= writing * (1 - 1e-9)


@quick
@given(designs(), st.data())
def test_more_of_anything_never_lowers_the_flow(given, data):
    clients = np.array(given["client_count"]) * given["client_link_rate"]
    here, share = stages(given, "write"), share_of(given)
    flow = path_flow(clients, here, share).value
    more = here.copy()
    more[data.draw(st.integers(0, len(here) - 1)), data.draw(st.integers(0, len(share) - 1))] *= 2
    assert path_flow(clients, more, share).value >= flow * (1 - 1e-9)
    assert path_flow([*clients, 100 * MB], here, share).value >= flow * (1 - 1e-9)


def test_what_binds_is_told():
    found = path_flow([250.0], [[1000.0, 1000.0]], np.full(2, 0.5))
    assert (found.value, found.clients.tolist(), found.stages.any()) == (250.0, [True], False)
    ends = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    rates = np.array([[0.0, 100.0], [100.0, 0.0]])
    found = path_flow([250.0], [[1000.0]], np.ones(1), *ends, rates)
    assert found.value == 100.0
    assert found.uplinks.tolist() == [[False, True], [False, False]]


def test_switches_must_be_told():
    with pytest.raises(ValueError, match="which switch clients and hosts are on must be told"):
        path_flow([1.0], [[1.0]], np.ones(1), uplink_rate=np.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"places must be of shape \(1, 1\), got \(2, 1\)"):
        path_flow([1.0], [[1.0]], np.ones(1), client_on_switch=np.ones((2, 1)))


# Uplinks


@st.composite
def networks(draw):
    """Clients and hosts on two switches or three, with links between them."""
    switches, groups, hosts = (draw(st.integers(least, 3)) for least in (2, 1, 2))
    numbers = st.integers(0, 9).map(float)

    def places(items):
        rows = [draw(st.permutations([1.0] + [0.0] * (switches - 1))) for _ in range(items)]
        return np.array(rows, dtype=float)

    rates = np.zeros((switches, switches))
    for one, other in product(range(switches), repeat=2):
        if one < other:
            rates[one, other] = rates[other, one] = draw(numbers)
    share = np.array([draw(st.integers(1, 4)) for _ in range(hosts)], dtype=float)
    clients = np.array([draw(st.integers(1, 9)) for _ in range(groups)], dtype=float)
    return np.ones(groups), clients, places(groups), share / share.sum(), places(hosts), rates


def least_by_hand(case):
    """The linear programme of two switches, solved at its corners."""
    _, clients, on, share, at, rates = case
    home = share @ at
    most = [(clients * on[:, side]).sum() for side in (0, 1)]
    for side, other in ((0, 1), (1, 0)):
        enters = rates[other, side] / home[other] if home[other] else np.inf
        most[side] = min(most[side], enters)
    return sum(most)


@quick
@given(networks().filter(lambda case: len(case[-1]) == 2))
def test_two_switches_by_hand(case):
    """What the clients of each side read from the other crosses; what is at home does not."""
    found = uplink_bound_read_throughput(*case)
    alone = (case[0] * case[1]).sum()
    assert min(found, alone) == pytest.approx(least_by_hand(case), rel=1e-9)


@quick
@given(networks(), st.sampled_from([0.0, 1.0, 2.0]), st.data())
def test_a_wider_uplink_never_lowers_the_bound_and_copies_never_raise_it(case, copies, data):
    rates = case[-1]
    one, other = data.draw(st.permutations(range(len(rates))))[:2]
    wider = rates.copy()
    wider[one, other] += 3.0
    for law in (uplink_bound_read_throughput, uplink_bound_write_throughput):
        here = law(*case, copies)
        assert law(*case[:-1], wider, copies) >= here * (1 - 1e-9)
        assert law(*case, copies + 1.0) <= here * (1 + 1e-9)


@quick
@given(networks())
def test_near_hosts_first_is_never_less(case):
    count, clients, on, share, at, rates = case
    free = path_flow(clients, np.full((1, len(share)), np.inf), share, on, at, rates).value
    assert min(uplink_bound_write_throughput(*case), (count * clients).sum()) <= free * (1 + 1e-9)


@quick
@given(networks())
def test_both_directions_of_equal_links_are_alike(case):
    assert uplink_bound_read_throughput(*case) == pytest.approx(
        uplink_bound_write_throughput(*case), rel=1e-9
    )
