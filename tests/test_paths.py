"""The path between clients and drives as a scenario states it, by hand-computed numbers."""

import pytest
from kit import few_draws, planner  # noqa: F401

from planner.evaluation import evaluate

pytestmark = pytest.mark.usefixtures("few_draws")

MB = 1e6

BASE = """\
scenario: paths
title: Paths
currency: AUD
site: {electricity_price: 0.25 AUD/kWh, years_of_use: 5 yr}
admission: openstack-2013
workload: {vm: {count: 20, vcpus: 1, memory: 1 GiB, disk: 10 GB, duty: 10 %}}
parts:
  drives:
    disk:
      title: Disk
      capacity: 3 TB
      interface: {value: SATA 6 Gbit/s, basis: datasheet, source: label}
      read_rate: 100 MB/s
      write_rate: 100 MB/s
      read_iops: 80 IOPS
      write_iops: 80 IOPS
    quick:
      title: Solid-state drive
      capacity: 200 GB
      read_rate: 500 MB/s
      write_rate: 250 MB/s
      read_iops: 50000 IOPS
      write_iops: 20000 IOPS
  servers:
    box:
      title: Box
      cores: 8
      threads: 16
      memory: 64 GiB
      ports: 8
      port_speed: 1 Gbit/s
      idle_power: 50 W
      peak_power: 100 W
  nics:
    card: {title: Card, ports: 2, port_speed: 10 Gbit/s}
    other: {title: Slow card, ports: 2, port_speed: 1 Gbit/s}
  switches:
    switch: {title: Switch, ports_1g: 48, ports_10g: 8, idle_power: 20 W, peak_power: 30 W}
nodes:
  store: {parts: {box: 1, disk: 2, quick: 2, card: 1, other: 1}}
  compute: {parts: {box: 1, other: 1, card: 1}}
designs:
  one:
    title: Four hosts and ten clients
    groups:
      compute: {count: 10, node: compute, runs_vms: true, links: {net: {part: box, ports: 2}}}
      store:
        count: 4
        node: store
        links: {net: {part: box, ports: 2}, peers: {part: card, ports: 1}}
      switch: {count: 1, part: switch}
    storage:
      ceph:
        software: ceph-filestore
        copies: 3
        network: net
        hosts: {store: {drive: disk}}
"""


@pytest.fixture
def design(tmp_path):
    """Quantities of the design with something else in it."""

    def found(*changes, wanted=None):
        text = BASE
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "paths.yaml"
        path.write_text(text, encoding="utf-8")
        entry = evaluate(str(path)).designs[0]
        if wanted:
            return entry[wanted]
        return {key: item["value"] for key, item in entry["quantities"].items()}

    return found


@pytest.fixture
def refused(tmp_path):
    """What the command line says of a design that cannot be."""

    def told(*changes):
        text = BASE
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "paths.yaml"
        path.write_text(text, encoding="utf-8")
        result = planner("check", str(path))
        assert result.code == 2
        assert "Traceback" not in result.err
        return " ".join(result.err.split())

    return told


STORAGE = "        network: net\n"
HOSTS = "hosts: {store: {drive: disk}}"


def test_the_worked_numbers_of_four_hosts_with_two_links(design):
    """The recorded table: 2 disks of 100 MB/s a host, three copies, journal on the disk."""
    found = design()
    expected = {
        "disk_bound_write_throughput": 400 / 3,
        "ingress_bound_write_throughput": 1000 / 3,
        "egress_bound_write_throughput": 500,
        "write_throughput": 400 / 3,
        "write_throughput_one_client": 400 / 3,
        "read_throughput": 800,
        "read_throughput_one_client": 250,
        "read_throughput_per_client": 80,
        "read_throughput_per_vm": 40,
        "sata_bound_read_throughput": 8 * 600,
        "sata_bound_write_throughput": 800,
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value * MB, rel=1e-9), name
    assert found["disk_link_ratio"] == pytest.approx(0.8)
    assert found["least_host_link"] == 250 * MB


def test_random_operations(design):
    found = design()
    assert found["read_iops"] == pytest.approx(640)
    assert found["write_iops"] == pytest.approx(640 / 6)
    small = design((STORAGE, STORAGE + "        block_size: 64 KiB\n"))
    assert small["link_bound_read_iops"] == pytest.approx(found["link_bound_read_iops"] / 16)


def test_every_bound_is_listed_with_its_headroom(design):
    bounds = design(wanted="bounds")
    reading = {item["resource"]: item for item in bounds["read_throughput"]}
    assert list(reading) == ["disk", "network", "client", "sata"]
    assert [item["binds"] for item in bounds["read_throughput"]] == [True, False, False, False]
    assert reading["disk"]["headroom"] == 0.0
    assert reading["network"]["headroom"] == pytest.approx(1000 / 800 - 1)
    assert reading["client"]["headroom"] == pytest.approx(2500 / 800 - 1)
    one = {item["resource"]: item["binds"] for item in bounds["read_throughput_one_client"]}
    assert one == {"client": True, "store: disk": False}


def test_a_journal_on_a_drive_of_its_own(design):
    """It takes every share once, the disks only once too; it falls with all disks behind it."""
    journal = "hosts: {store: {drive: disk, journal: {drive: quick}}}"
    found = design((HOSTS, journal))
    assert found["journal_factor"] == 1.0
    assert found["disk_bound_write_throughput"] == pytest.approx(800 / 3 * MB)
    assert found["journal_bound_write_throughput"] == pytest.approx(1000 / 3 * MB)
    assert found["write_throughput"] == pytest.approx(800 / 3 * MB)
    assert found["journal_ratio"] == pytest.approx(1.25)
    assert found["drives_per_journal"] == 2.0
    assert found["data_per_journal"] == 6e12
    # 2 x 100 MB/s x 5 s.
    assert found["journal_size"] == pytest.approx(1e9)
    assert found["journal_bound_write_iops"] == pytest.approx(4 * 20000 / 3)
    two = design((HOSTS, journal.replace("quick}", "quick, drives: 2}")))
    assert two["journal_ratio"] == pytest.approx(2.5)
    assert two["drives_per_journal"] == 1.0


@pytest.mark.parametrize(
    ("journal", "message"),
    [
        ("{drive: quik}", "unknown part `quik`; did you mean `quick`?"),
        ("{drive: intel-ssd-520-60}", "group `store` has no drive `intel-ssd-520-60`"),
        ("{drive: quick, drives: 3}", "3 of `quick` are asked for, the machine has 2"),
        ("{drive: disk, drives: 1}", "`disk` of group `store` is given away 1.5 times"),
    ],
)
def test_a_journal_needs_a_drive(refused, journal, message):
    assert message in refused((HOSTS, f"hosts: {{store: {{drive: disk, journal: {journal}}}}}"))


def test_a_network_of_the_hosts_alone(design):
    """Copies go by 10 Gbit/s then, and clients have the other links to themselves."""
    found = design((STORAGE, STORAGE + "        cluster_network: peers\n"))
    assert found["ingress_bound_write_throughput"] == pytest.approx(1000 * MB)
    assert "egress_bound_write_throughput" not in found  # Nothing leaves: no bound.
    assert found["replication_bound_write_throughput"] == pytest.approx(4 * 1250 / 2 * MB)
    assert found["link_bound_recovery_rate"] == pytest.approx(3 * 1250 * MB)
    same = design((STORAGE, STORAGE + "        cluster_network: net\n"))
    assert same == design()


def test_a_network_that_is_not_there(refused):
    change = (STORAGE, STORAGE + "        cluster_network: piers\n")
    assert "group `store` has no link to network `piers`; did you mean `peers`?" in refused(change)


ISCSI = (
    ("software: ceph-filestore", "software: raid"),
    ("        copies: 3\n", "        raid: {level: 0}\n"),
)


def test_an_iscsi_login_uses_one_link(design):
    plain = design(*ISCSI)
    assert plain["read_throughput_one_client"] == pytest.approx(250 * MB)
    one = design(*ISCSI, (STORAGE, STORAGE + "        iscsi: {}\n"))
    assert one["read_throughput_one_client"] == pytest.approx(125 * MB)
    assert one["client_bound_read_throughput"] == pytest.approx(1250 * MB)
    assert one["iscsi_paths"] == 1.0
    for paths in (2, 3):
        more = design(*ISCSI, (STORAGE, STORAGE + f"        iscsi: {{paths: {paths}}}\n"))
        assert more["read_throughput_one_client"] == pytest.approx(250 * MB)


def test_proxies_send_every_copy(design):
    """One 10 Gbit/s proxy takes 417 MB/s of three copies; over 1 Gbit/s 41.7."""
    proxied = STORAGE + "        proxies: front\n"
    for link, taken in (("{part: card, ports: 1}", 1250 / 3), ("{part: box, ports: 1}", 125 / 3)):
        front = (
            f"      front: {{count: 1, node: store, links: {{net: {link}}}}}\n      switch: {{count"
        )
        found = design(
            ("software: ceph-filestore", "software: swift"),
            (STORAGE, proxied),
            ("      switch: {count", front),
        )
        assert found["proxy_bound_write_throughput"] == pytest.approx(taken * MB)
        assert found["proxy_bound_read_throughput"] == pytest.approx(3 * taken * MB)
        assert found["proxy_fan_out"] == 3.0
        assert found["ingress_bound_write_throughput"] == pytest.approx(1000 / 3 * MB)
        assert "egress_bound_write_throughput" not in found


@pytest.mark.parametrize(
    ("protocol", "burst", "on_disk"), [("A", 800, 1), ("B", 500, 1), ("C", 400, 2)]
)
def test_what_a_mirrored_write_waits_for(design, protocol, burst, on_disk):
    found = design(
        ("software: ceph-filestore", "software: drbd"),
        ("copies: 3", "copies: 2"),
        (STORAGE, STORAGE + f"        protocol: {protocol}\n"),
    )
    assert found["burst_write_throughput"] == pytest.approx(burst * MB)
    assert found["acknowledged_on_disk"] == on_disk
    # What lasts is the same, since the send buffer fills.
    assert found["write_throughput"] == pytest.approx(400 * MB)


def test_proxies_must_be_there(refused):
    assert "unknown group `frond`" in refused((STORAGE, STORAGE + "        proxies: frond\n"))
    alone = refused((STORAGE, "        iscsi: {}\n        clients: [compute]\n"))
    assert "`iscsi` needs the network to the clients" in alone


def test_only_drbd_has_protocols(refused):
    change = (STORAGE, STORAGE + "        protocol: A\n")
    assert "`ceph-filestore` has no protocol A, B or C" in refused(change)


def test_recovery_takes_from_clients(design):
    """Three of four hosts are left with 600 MB/s of disks; of these 100 are read, 200 written."""
    free = design()
    assert "read_throughput_in_recovery" not in free
    assert free["recovery_rate"] == pytest.approx(600 / 3 * MB)
    found = design((STORAGE, STORAGE + "        recovery_limit: 100 MB/s\n"))
    assert found["recovery_rate"] == pytest.approx(100 * MB)
    assert found["read_throughput_in_recovery"] == pytest.approx(300 * MB)
    # A sixth of what three hosts' disks write.
    assert found["write_throughput_in_recovery"] == pytest.approx(300 / 6 * MB)
    assert found["host_recovery_time"] == pytest.approx(
        found["lost_host_data"] / (100 * MB) / 3600, rel=1e-9
    )
    assert found["line_rate_recovery_time"] == pytest.approx(
        found["lost_host_data"] / (750 * MB) / 3600, rel=1e-9
    )


@pytest.mark.parametrize(("each", "factor"), [("client", 10), ("vm", 20)])
def test_a_given_demand(design, each, factor):
    demand = f"        demand: {{each: {each}, read: 20 MB/s, write: 5 MB/s, read_iops: 4 IOPS}}\n"
    found = design((STORAGE, STORAGE + demand))
    busy = factor * (20 / 800 + 5 / (400 / 3) + 4 / 640)
    assert found["read_demand"] == pytest.approx(factor * 20 * MB)
    assert found["demand_factor"] == pytest.approx(1 / busy)
    assert design((STORAGE, STORAGE + demand), wanted="limits")["demand_factor"] == "disk"


# Bonds


def test_a_bond_by_its_flows(design):
    """A client has four storage hosts as peers: four flows on two links."""
    found = design()
    client = {key.removeprefix("compute.net."): value for key, value in found.items()}
    assert client["bond_flows"] == 4.0
    assert client["single_flow_rate"] == client["guaranteed_bond_rate"] == 125 * MB
    assert client["best_bond_rate"] == 250 * MB
    assert client["one_link_chance"] == 0.125
    assert client["all_links_chance"] == 0.875
    assert client["expected_bond_rate"] == pytest.approx(125 * MB * 1.875)
    # Ten clients and three other hosts.
    assert found["store.net.bond_flows"] == 13.0
    assert "store.peers.bond_flows" not in found


def bonded(bond):
    old = "links: {net: {part: box, ports: 2}}}"
    return old, f"links: {{net: {{part: box, ports: 2, bond: {bond}}}}}}}"


def test_modes_of_a_bond(design):
    few = design(bonded("{hash: layer3+4, flows: 1}"))
    assert few["compute.net.best_bond_rate"] == 125 * MB
    standby = design(bonded("{mode: active-backup}"))
    assert standby["compute.net.best_bond_rate"] == 125 * MB
    assert standby["read_throughput_one_client"] == pytest.approx(125 * MB)
    robin = design(bonded("{mode: balance-rr}"))
    assert robin["compute.net.single_flow_rate"] == 250 * MB


def test_ports_of_several_parts_in_one_bond(design, refused):
    joined = design(bonded("{also: {other: 2}}"))
    assert joined["read_throughput_one_client"] == pytest.approx(500 * MB)
    assert joined["ports_needed_1g"] == design()["ports_needed_1g"] + 20
    told = refused(bonded("{also: {card: 1}}"))
    assert "the ports of a bond must be equally fast: `box` 125 MB/s" in told
    assert "`card` 1,250 MB/s" in told
    assert "bond ports of one speed" in told
    assert "`other` has 2 ports, but 3 are linked" in refused(bonded("{also: {other: 3}}"))
    assert "`cart` is not a part of this machine" in refused(bonded("{also: {cart: 1}}"))


# Switches

APART = (
    (
        "links: {net: {part: box, ports: 2}}}",
        "links: {net: {part: box, ports: 2, switch: switch}}}",
    ),
    ("{net: {part: box, ports: 2}, peers", "{net: {part: box, ports: 2, switch: far}, peers"),
    (
        "      switch: {count: 1, part: switch}\n",
        "      switch: {count: 1, part: switch, uplinks: {far: {ports: 2, speed: 1 Gbit/s}}}\n"
        "      far: {count: 1, part: switch}\n",
    ),
)


def test_an_uplink_that_is_too_thin(design):
    found = design(*APART)
    assert found["read_throughput"] == found["uplink_bound_read_throughput"] == 250 * MB
    assert found["read_throughput_one_client"] == 250 * MB
    # The disks write less.
    assert found["write_throughput"] == pytest.approx(400 / 3 * MB)
    assert design(*APART, wanted="limits")["read_throughput"] == "uplink"
    wide = design(*APART[:2], (APART[2][0], APART[2][1].replace("ports: 2", "ports: 8")))
    assert wide["uplink_bound_read_throughput"] == 1000 * MB
    # As many as the clients have: what their own links allow is told by another bound.
    wider = design(*APART[:2], (APART[2][0], APART[2][1].replace("ports: 2", "ports: 20")))
    assert "uplink_bound_read_throughput" not in wider
    assert wide["read_throughput"] == wider["read_throughput"] == design()["read_throughput"]


def test_links_over_a_pair_of_switches(design):
    """Half of everything crosses: clients read twice the pair's rate in both directions."""
    both = [(old, new.replace("far", "[switch, far]")) for old, new in APART[:2]]
    both = [(old, new.replace("switch: switch", "switch: [switch, far]")) for old, new in both]
    thin = (APART[2][0], APART[2][1].replace("ports: 2, speed: 1 Gbit/s", "speed: 1 Gbit/s"))
    found = design(*both, thin)
    assert found["uplink_bound_read_throughput"] == pytest.approx(4 * 125 * MB)
    # A quarter of what clients write crosses each way, and a quarter of each of the two copies.
    assert found["uplink_bound_write_throughput"] == pytest.approx(125 * MB / (1 / 4 + 2 / 4))


STACK = """\
      switch: {count: 2, part: stackable, stack: SHAPE}
"""


@pytest.mark.parametrize(("shape", "links"), [("chain", 1), ("ring", 2)])
def test_a_stack_of_two(design, shape, links):
    """Bonds over both units: half of what is read crosses, a quarter each way."""
    part = "    switch: {title: Switch"
    stackable = (
        "    stackable: {title: Stackable, ports_1g: 48, ports_10g: 4, stack_rate: 1 Gbit/s, "
        "idle_power: 20 W, peak_power: 30 W}\n"
    )
    group = ("      switch: {count: 1, part: switch}\n", STACK.replace("SHAPE", shape))
    found = design((part, stackable + part), group)
    assert found["uplink_bound_read_throughput"] == pytest.approx(4 * links * 125 * MB)
    assert found["read_throughput"] == pytest.approx(min(4 * links * 125, 800) * MB)
    # One client is on both units too.
    assert found["read_throughput_one_client"] == pytest.approx(250 * MB)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((APART[0][1], APART[0][0]), "which switch is network `net` of group `compute` plugged"),
        (("switch: far", "switch: fair"), "`fair` is no switch"),
        (("uplinks: {far", "uplinks: {fair"), "`fair` is no other group of switches"),
        (("uplinks: {far", "uplinks: {switch"), "`switch` is no other group of switches"),
    ],
)
def test_switches_that_do_not_fit(refused, change, message):
    assert message in refused(*APART, change)
