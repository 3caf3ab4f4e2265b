"""Bounds of a backend's throughput: recorded rows, a published table, and what must hold.

The rows and the table are arithmetic of primary-copy replication, from public descriptions.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_tools import result

from planner.models import capacity
from planner.models.client_throughput import (
    read_throughput_per_client,
    write_throughput_per_client,
)
from planner.models.rates import (
    effective_link_rate,
    effective_read_rate,
    effective_write_rate,
    fastest_client_link,
    host_share,
    local_share,
    storage_hosts,
)
from planner.models.throughput import (
    client_bound_write_throughput,
    disk_bound_read_throughput,
    disk_bound_write_throughput,
    egress_bound_write_throughput,
    ingress_bound_write_throughput,
    network_bound_read_throughput,
    read_throughput,
    write_throughput,
)
from planner.sheet import Cell, limiter
from planner.wiring import backend_sheet

REFERENCE = Path(__file__).parent.parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
MB = 1e6
TB = 1e12
quick = settings(max_examples=60, deadline=None)


def rows(kind):
    found = [case for case in CASES if case["kind"] == kind]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda case: case["id"])


def backend(hosts, disks, disk, link, shares, data=1, journal=1, clients=(16, 1e6)):
    """A backend of equal hosts; rates in MB/s."""
    return {
        "domain_capacity": [3 * disks * TB] * hosts,
        "host_capacity": [3 * disks * TB] * hosts,
        "host_read_rate": [disks * disk * MB] * hosts,
        "host_write_rate": [disks * disk * MB] * hosts,
        "host_link_rate": [link * MB] * hosts,
        "shares": shares,
        "data_shares": data,
        "network_shares": shares,
        "network_data_shares": data,
        "journal_factor": journal,
        "client_count": [clients[0]],
        "client_link_rate": [clients[1] * MB],
    }


def rate(wanted, given):
    """A throughput of a backend in MB/s."""
    return float(result(backend_sheet(), wanted, **given)) / MB


def binding(wanted, given):
    cells = {
        name: Cell(name, backend_sheet().inputs[name], np.asarray(value, dtype=float)[..., None])
        for name, value in given.items()
    }
    return limiter(backend_sheet().evaluate(cells, [wanted])[wanted])


@rows("write_throughput_bound")
def test_recorded_write_bounds(case):
    inputs, expected, rel = case["inputs"], case["expected"], case["tolerance"]["rel"]
    given = backend(
        inputs["nodes"],
        inputs["disks"] // inputs["nodes"],
        inputs["disk_MBps"],
        inputs["node_nic_MBps_each_direction"],
        inputs["replicas"],
        journal=inputs["journal_factor"],
    )
    wanted = {
        "disk_bound_write_throughput": expected["disk_bound_MBps"],
        "ingress_bound_write_throughput": expected["node_ingress_bound_MBps"],
        "egress_bound_write_throughput": expected["node_egress_bound_MBps"],
        "write_throughput": expected["cluster_bound_MBps"],
    }
    for name, value in wanted.items():
        assert rate(name, given) == pytest.approx(value, rel=rel), name


@rows("read_throughput_bound")
def test_recorded_read_bounds(case):
    inputs, expected, rel = case["inputs"], case["expected"], case["tolerance"]["rel"]
    given = backend(
        inputs["nodes"],
        inputs["disks"] // inputs["nodes"],
        inputs["disk_MBps"],
        inputs["node_nic_MBps"],
        3,
        clients=(1, inputs["client_nic_MBps"]),
    )
    wanted = {
        "disk_bound_read_throughput": expected["disk_bound_MBps"],
        "network_bound_read_throughput": expected["server_nic_bound_MBps"],
        "client_bound_read_throughput": expected["client_bound_MBps"],
        "read_throughput": expected["bound_MBps"],
    }
    for name, value in wanted.items():
        assert rate(name, given) == pytest.approx(value, rel=rel), name


# Two disks of 100 MB/s a host, three copies, one or two links of 125 MB/s. Hosts, links, then the
# bounds in MB/s: disk with the journal on it and without, into and out of the hosts; what is
# written with the journal and without; disks and links when reading; what one client reads.
TABLE = [
    (3, 1, 100, 200, 125, 187.5, (100, "disk"), (125, "ingress"), 600, 375, 125),
    (3, 2, 100, 200, 250, 375, (100, "disk"), (200, "disk"), 600, 750, 250),
    (4, 1, 133.3, 266.7, 166.7, 250, (133.3, "disk"), (166.7, "ingress"), 800, 500, 125),
    (4, 2, 133.3, 266.7, 333.3, 500, (133.3, "disk"), (266.7, "disk"), 800, 1000, 250),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} hosts, {row[1]} links")
def test_worked_table(row):
    hosts, links, journalled, plain, into, out, slow, fast, disks, nics, one = row
    alone = (1, 125 * links)
    with_journal = backend(hosts, 2, 100, 125 * links, 3, journal=2)
    without = backend(hosts, 2, 100, 125 * links, 3)
    reading = backend(hosts, 2, 100, 125 * links, 3, clients=alone)
    wanted = [
        (journalled, "disk_bound_write_throughput", with_journal),
        (plain, "disk_bound_write_throughput", without),
        (into, "ingress_bound_write_throughput", without),
        (out, "egress_bound_write_throughput", without),
        (slow[0], "write_throughput", with_journal),
        (fast[0], "write_throughput", without),
        (disks, "disk_bound_read_throughput", reading),
        (nics, "network_bound_read_throughput", reading),
        (one, "read_throughput_one_client", reading),
    ]
    for value, name, design in wanted:
        # The table is printed to a tenth.
        assert rate(name, design) == pytest.approx(value, abs=0.05), name
    assert binding("write_throughput", with_journal) == slow[1]
    assert binding("write_throughput", without) == fast[1]
    assert binding("read_throughput_one_client", reading) == "client"


def test_worked_row_of_an_erasure_code():
    """2+2 on four hosts with two links each: the disks and the links into the hosts tie."""
    given = backend(4, 2, 100, 250, shares=4, data=2)
    expected = {
        "disk_bound_write_throughput": 400,
        "ingress_bound_write_throughput": 400,
        "egress_bound_write_throughput": 666.7,
        "write_throughput": 400,
        "disk_bound_read_throughput": 800,
        "network_bound_read_throughput": 666.7,
        "read_throughput": 666.7,
    }
    for name, value in expected.items():
        assert rate(name, given) == pytest.approx(value, abs=0.05), name
    assert binding("write_throughput", given) == "disk and ingress"
    assert binding("read_throughput", given) == "network"


@pytest.mark.parametrize("hosts", [3, 4, 16])
@pytest.mark.parametrize("copies", [1, 2, 3])
def test_clients_on_the_storage_hosts(hosts, copies):
    """Network bytes for each byte written: (1 - 1/H) + (r - 1)."""
    link = 250 * MB
    given = backend(hosts, 2, 100, 250, copies, clients=(hosts, 250)) | {"clients_on_hosts": 1.0}
    moved = (1 - 1 / hosts) + (copies - 1)
    for name in ("ingress_bound_write_throughput", "egress_bound_write_throughput"):
        assert rate(name, given) * MB == pytest.approx(hosts * link / moved, rel=1e-12)
    read = hosts * link / (1 - 1 / hosts)
    assert rate("network_bound_read_throughput", given) * MB == pytest.approx(read, rel=1e-12)


# Laws


rates = st.floats(1e6, 1e10)
copies = st.integers(1, 6).map(float)
BOUNDS_OF_RATES = [
    disk_bound_write_throughput,
    ingress_bound_write_throughput,
    egress_bound_write_throughput,
]


@st.composite
def codes(draw):
    """Shares and data shares."""
    data = draw(st.integers(1, 6))
    return float(data + draw(st.integers(0, 4))), float(data)


@pytest.mark.parametrize("bound", BOUNDS_OF_RATES)
@quick
@given(rates, st.floats(1.0, 10.0), codes())
def test_a_write_bound_rises_with_its_rate_and_falls_with_the_shares(bound, rate, more, code):
    shares, data = code
    here = bound(rate, shares, data)
    assert here > 0.0
    assert bound(rate * more, shares, data) >= here
    assert bound(rate, shares + 1.0, data) <= here


@quick
@given(st.lists(rates, min_size=1, max_size=6), st.floats(1.0, 5.0), st.data())
def test_a_faster_host_never_slows_the_whole(hosts, factor, data):
    share = np.full(len(hosts), 1.0 / len(hosts))
    faster = np.array(hosts)
    faster[data.draw(st.integers(0, len(hosts) - 1))] *= factor
    for law in (effective_read_rate, effective_write_rate, effective_link_rate):
        assert law(faster, share) >= law(np.array(hosts), share)
        # No better than all hosts together, and no worse than all at the pace of the slowest.
        assert law(np.array(hosts), share) <= sum(hosts) * (1 + 1e-12)
        pace = len(hosts) * min(hosts)
        assert law(np.array(hosts), share) == pytest.approx(pace, rel=1e-12)


@quick
@given(rates, rates, codes(), st.floats(1.0, 4.0), st.floats(0.0, 0.9))
def test_reading_is_never_slower_than_writing_on_equal_rates(disk, link, code, journal, local):
    shares, data = code
    writing = write_throughput(
        disk_bound_write_throughput(disk, shares, data, journal),
        ingress_bound_write_throughput(link, shares, data, local),
        egress_bound_write_throughput(link, shares, data, local),
    )
    reading = read_throughput(
        disk_bound_read_throughput(disk), network_bound_read_throughput(link, data, local)
    )
    assert reading >= writing * (1 - 1e-12)


@quick
@given(rates, codes())
def test_a_local_first_share_never_slows_anything_down(link, code):
    shares, data = code
    for near in (0.25, 1.0):
        remote = ingress_bound_write_throughput(link, shares, data)
        assert ingress_bound_write_throughput(link, shares, data, near) >= remote
        assert client_bound_write_throughput(link, near) >= client_bound_write_throughput(link)
        far = network_bound_read_throughput(link, data)
        assert network_bound_read_throughput(link, data, near) >= far


def test_nothing_on_the_network_is_no_bound():
    assert egress_bound_write_throughput(1e9, 1.0) == np.inf
    assert ingress_bound_write_throughput(1e9, 1.0, 1.0, local_share=1.0) == np.inf
    assert network_bound_read_throughput(1e9, 1.0, local_share=1.0) == np.inf


@quick
@given(st.lists(rates, min_size=4, max_size=4))
def test_the_least_bound_is_the_throughput(bounds):
    assert read_throughput(*bounds) == min(bounds)
    assert write_throughput(*bounds) == min(bounds)
    assert read_throughput(bounds[0]) == bounds[0]
    assert fastest_client_link(np.array(bounds)) == max(bounds)


@quick
@given(rates, st.integers(1, 64))
def test_the_clients_together_get_it_all(total, clients):
    for each in (read_throughput_per_client, write_throughput_per_client):
        assert each(total, clients) * clients == pytest.approx(total, rel=1e-14)


capacities = st.lists(st.floats(0.1, 20.0), min_size=3, max_size=7)


@quick
@given(capacities, codes())
def test_what_lies_on_the_hosts_adds_up(hosts, code):
    shares, data = code
    given = np.array(hosts) * TB
    usable = capacity.usable_capacity(given, shares, data)
    share = host_share(given, usable, data)
    if len(hosts) < shares:
        assert np.all(np.isinf(share))
        return
    assert np.sum(share) == pytest.approx(1.0, rel=1e-12)
    # No host holds two shares of an object, and none more than it has room for.
    assert np.all(share <= 1.0 / shares * (1 + 1e-12))
    assert np.all(share * usable * shares / data <= given * (1 + 1e-12))


@quick
@given(st.integers(3, 12), st.floats(0.1, 20.0))
def test_equal_hosts_share_equally(hosts, size):
    given = np.full(hosts, size * TB)
    share = host_share(given, capacity.usable_capacity(given, 3))
    np.testing.assert_allclose(share, 1.0 / hosts, rtol=1e-12)


def test_a_host_of_no_capacity_slows_nothing_down():
    share = host_share(np.array([1.0, 1.0, 0.0]), 1.0)
    for own_rate in (1.0, 0.0):
        assert effective_read_rate(np.array([100.0, 100.0, own_rate]), share) == 200.0
    assert storage_hosts(np.array([1.0, 1.0, 0.0])) == 2.0


@pytest.mark.parametrize(("hosts", "on_hosts", "share"), [(16, 1, 1 / 16), (16, 0, 0), (0, 1, 1)])
def test_share_of_the_data_at_home(hosts, on_hosts, share):
    assert local_share(float(hosts), float(on_hosts)) == share


@quick
@given(
    st.integers(3, 8),
    st.sampled_from([1, 2]),
    st.floats(50.0, 500.0),
    st.floats(100.0, 1250.0),
    st.integers(1, 3),
    st.sampled_from([1, 2]),
)
def test_a_whole_backend(hosts, journal, disk, link, shares, factor):
    given = backend(hosts, 2, disk, link, shares, journal=journal)
    for name in ("read_throughput", "write_throughput"):
        here = rate(name, given)
        assert rate(name, backend(hosts + 1, 2, disk, link, shares, journal=journal)) >= here
        assert rate(name, backend(hosts, 2, disk * factor, link, shares, journal=journal)) >= here
        assert rate(name, backend(hosts, 2, disk, link * factor, shares, journal=journal)) >= here
        together = rate(f"{name}_per_client", given) * 16
        assert together == pytest.approx(here, rel=1e-12)
        assert here <= rate(f"disk_bound_{name}", given)
    if hosts > shares:
        more = backend(hosts, 2, disk, link, shares + 1, journal=journal)
        assert rate("write_throughput", more) <= rate("write_throughput", given)
    assert rate("read_throughput", given) >= rate("write_throughput", given)
    assert rate("read_throughput_one_client", given) >= rate("read_throughput_per_client", given)
