"""A design computed level by level; expectations are worked out by hand beside the scenario."""

import numpy as np
import pytest

from planner.evaluation import evaluate_fully
from planner.ranges import DRAWS, thing_of
from planner.sheet import limiter

GIB = 2.0**30

SCENARIO = """
scenario: small
title: Round numbers
currency: EUR
admission: openstack-2023
site:
  electricity_price: {value: 0.2 EUR/kWh, low: 0.1 EUR/kWh, high: 0.4 EUR/kWh, basis: assumption}
  years_of_use: {value: 5 yr, basis: assumption}
  labour_price: {value: 50 EUR/h, basis: assumption}
  labour_per_node: {value: 2 h, basis: assumption}
workload:
  small:
    count: {value: 30 VMs, basis: assumption}
    vcpus: 1
    memory: {value: 2 GiB, basis: assumption}
    disk: {value: 20 GB, basis: assumption}
    duty: {value: 20 %, basis: assumption}
parts:
  servers:
    host:
      title: Host
      cpus: {value: 1, basis: datasheet, source: by hand}
      cores: {value: 4, basis: datasheet, source: by hand}
      threads: {value: 8, basis: datasheet, source: by hand}
      memory: {value: 16.5 GiB, basis: datasheet, source: by hand}
      ports: {value: 4, basis: datasheet, source: by hand}
      port_speed: {value: 1 Gbit/s, basis: datasheet, source: by hand}
      idle_power: {value: 50 W, basis: measured, source: by hand}
      peak_power: {value: 150 W, basis: measured, source: by hand}
      power_factor: {value: 0.9, basis: datasheet, source: by hand}
      rack_units: {value: 1 U, basis: datasheet, source: by hand}
      price: {value: 1000 EUR, basis: datasheet, source: by hand}
    big:
      title: Host with more memory
      cpus: {value: 2, basis: datasheet, source: by hand}
      cores: {value: 4, basis: datasheet, source: by hand}
      threads: {value: 8, basis: datasheet, source: by hand}
      memory: {value: 64.5 GiB, basis: datasheet, source: by hand}
      ports: {value: 4, basis: datasheet, source: by hand}
      port_speed: {value: 1 Gbit/s, basis: datasheet, source: by hand}
      idle_power: {value: 100 W, basis: measured, source: by hand}
      peak_power: {value: 300 W, basis: measured, source: by hand}
      power_factor: {value: 0.9, basis: datasheet, source: by hand}
      rack_units: {value: 2 U, basis: datasheet, source: by hand}
      price: {value: unknown, note: not asked for}
  switches:
    switch:
      title: Switch
      ports_1g: {value: 24, basis: datasheet, source: by hand}
      ports_10g: {value: 0, basis: datasheet, source: by hand}
      rack_units: {value: 1 U, basis: datasheet, source: by hand}
      idle_power: {value: 20 W, basis: measured, source: by hand}
      peak_power: {value: 20 W, basis: measured, source: by hand}
      power_factor: {value: 0.5, basis: datasheet, source: by hand}
      price: {value: 500 EUR, basis: datasheet, source: by hand}
  drives:
    disk:
      title: Disk
      capacity: {value: 1 TB, basis: datasheet, source: by hand}
      read_rate: {value: 100 MB/s, basis: datasheet, source: by hand}
      write_rate: {value: 100 MB/s, basis: datasheet, source: by hand}
      idle_power: {value: 5 W, basis: measured, source: by hand}
      peak_power: {value: 10 W, basis: measured, source: by hand}
      price: {value: 100 EUR, basis: datasheet, source: by hand}
nodes:
  plain: {title: Host with a disk, parts: {host: 1, disk: 1}}
  large: {title: Large host with two disks, parts: {big: 1, disk: 2}}
designs:
  pooled:
    title: Three hosts that pool their disks
    groups:
      plain: {count: 3, node: plain, runs_vms: true, links: {back-end: {part: host, ports: 2}}}
      switch: {count: 1, part: switch}
    storage:
      ceph:
        software: ceph-bluestore
        copies: 3
        network: back-end
        hosts: {plain: {drive: disk}}
  mixed:
    title: Two kinds of hosts with local disks
    vm_disks: local
    groups:
      plain: {count: 3, node: plain, runs_vms: true}
      large: {count: 2, node: large, runs_vms: true}
    storage:
      local:
        software: local-lvm
        copies: 1
        local: true
        hosts: {plain: {drive: disk}, large: {drive: disk}}
  two-stores:
    title: Hosts and a store apart, and local disks besides
    vm_disks: apart
    groups:
      plain: {count: 2, node: plain, runs_vms: true, links: {back-end: {part: host, ports: 1}}}
      store: {count: 3, node: large, links: {back-end: {part: big, ports: 4}}}
    storage:
      apart:
        software: ceph-bluestore
        copies: 2
        network: back-end
        hosts: {store: {drive: disk}}
      scratch: {software: local-lvm, copies: 1, local: true, hosts: {plain: {drive: disk}}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scenarios")


@pytest.fixture(scope="module")
def small(folder):
    return computed(folder, SCENARIO)


@pytest.fixture(scope="module")
def shipped():
    return evaluate_fully("vrt-2013").designs


def computed(folder, text):
    """The designs of a scenario."""
    path = folder / "small.yaml"
    path.write_text(text)
    return evaluate_fully(str(path)).designs


def value(design, quantity):
    return float(design.cells()[quantity].nominal)


# Numbers by hand


POOLED = {
    "plain.node_idle_power": 55.0,
    "plain.node_peak_power": 160.0,
    "plain.node_price": 1100.0,
    "plain.node_memory": 16.5 * GIB,
    "plain.node_threads": 8.0,
    "idle_power": 3 * 55.0 + 20.0,
    "peak_power": 3 * 160.0 + 20.0,
    "peak_apparent_power": 3 * 160.0 / 0.9 + 20.0 / 0.5,
    "capital_cost": 3 * 1100.0 + 500.0,
    "annual_labour_cost": 3 * 2.0 * 50.0,
    "rack_units": 4.0,
    "ports_needed_1g": 6.0,
    "ports_available_1g": 24.0,
    "spare_ports_1g": 18.0,
    "node_total": 3.0,
    # 0.5 GiB are kept for the hypervisor and 4 GiB for a storage daemon: six VMs of 2 GiB fit.
    "vms": 18.0,
    "vms_after_one_host_loss": 12.0,
    "placed_vms": 18.0,
    "compute_utilisation": 30 * 0.2 * 18 / 30 / 24,
    "raw_capacity": 3e12,
    "usable_capacity": 1e12,
    "nearfull_capacity": 0.85e12,
    "self_heal_capacity": 0.0,
    "host_losses_data_safe": 2.0,
    "host_losses_in_service": 1.0,
    "storage_clients": 3.0,
    "local_share": 1 / 3,
    "disk_bound_read_throughput": 300e6,
    "disk_bound_write_throughput": 100e6,
    # Links of 2 Gbit/s each way: what is read and not at home, what is written there by others.
    "network_bound_read_throughput": 3 * 250e6 / (2 / 3),
    "ingress_bound_write_throughput": 3 * 250e6 / (2 / 3 + 2),
    "egress_bound_write_throughput": 3 * 250e6 / (2 / 3 + 2),
    "read_throughput": 300e6,
    "write_throughput": 100e6,
    "read_throughput_per_client": 100e6,
}


@pytest.mark.parametrize("quantity", POOLED)
def test_three_hosts_that_pool_their_disks(small, quantity):
    assert value(small["pooled"], quantity) == pytest.approx(POOLED[quantity], rel=1e-12)


def test_what_limits_them(small):
    cells = small["pooled"].cells()
    assert limiter(cells["vms"]) == "memory"
    assert limiter(cells["read_throughput"]) == "disk"


MIXED = {
    "idle_power": 3 * 55.0 + 2 * 110.0,
    "peak_power": 3 * 160.0 + 2 * 320.0,
    # 8 and 32 VMs by memory, 32 by four vCPUs a thread; disks of 1 and 2 TB hold 50 and 100.
    "host_bound_vms": 3 * 8.0 + 2 * 32.0,
    "vms": 88.0,
    "vms_after_one_host_loss": 88.0 - 32.0,
    "placed_vms": 30.0,
    "raw_capacity": 7e12,
    "usable_capacity": 7e12,
    "host_losses_data_safe": 0.0,
    "host_cores_total": 3 * 4.0 + 2 * 4.0,
}


@pytest.mark.parametrize("quantity", MIXED)
def test_two_kinds_of_hosts_with_local_disks(small, quantity):
    assert value(small["mixed"], quantity) == pytest.approx(MIXED[quantity], rel=1e-12)


def test_an_unknown_price_leaves_what_needs_it_unknown_but_bounded(small):
    design = small["mixed"]
    cells = design.cells()
    # Three hosts and seven disks are known.
    found = design.columns.range_of(cells["capital_cost"].value)
    assert found == (None, pytest.approx(3 * 1100.0 + 4 * 100.0), None)
    assert design.columns.range_of(cells["total_cost"].value).low > found.low
    assert design.columns.range_of(cells["annual_energy_cost"].value).value is not None


def test_a_group_without_local_disk_holds_no_vms_and_says_why(folder):
    alone = computed(folder, SCENARIO.replace(", large: {drive: disk}}", "}"))["mixed"]
    assert value(alone, "vms") == 3 * 8.0
    row = dict(alone.cells()["disk_bound_vms"].inputs)["host_disk"]
    fact = dict(row.inputs)["large"].fact
    assert (fact.value, fact.source) == (0.0, "`local` has no drives on this group")


def test_a_store_apart(small):
    design = small["two-stores"]
    assert value(design, "apart.raw_capacity") == 6e12
    assert value(design, "apart.usable_capacity") == 3e12
    assert value(design, "scratch.usable_capacity") == 2e12
    assert value(design, "vm_store_capacity") == pytest.approx(0.85 * 3e12)
    assert value(design, "apart.client_link_total") == 2 * 125e6
    assert value(design, "apart.local_share") == 0.0
    # The VMs' hosts are no hosts of the store, so losing one stops no storage.
    assert value(design, "vms_after_one_host_loss") == 8.0


# Names


def test_a_quantity_of_the_only_backend_goes_by_its_bare_name_too(small):
    cells = small["pooled"].cells()
    assert cells["usable_capacity"] is cells["ceph.usable_capacity"]


def test_with_two_backends_only_the_full_name_is_certain(small):
    cells = small["two-stores"].cells()
    assert {"apart.usable_capacity", "scratch.usable_capacity"} <= cells.keys()
    assert "usable_capacity" not in cells


# Everything that is shipped


def designs(small, shipped):
    return [*small.values(), *shipped.values()]


def test_every_cell_has_all_columns_or_one(small, shipped):
    for design in designs(small, shipped):
        for name, cell in design.cells().items():
            assert cell.value.shape[-1] in (1, design.columns.width), name


def test_totals_are_those_of_the_groups(small, shipped):
    totals = {"idle_power": "node_idle_power", "peak_power": "node_peak_power"}
    for design in designs(small, shipped):
        for total, each in totals.items():
            by_hand = sum(
                group.count.value * value(design, f"{group.name}.{each}")
                for group in design.plan.groups
            )
            assert value(design, total) == pytest.approx(by_hand, rel=1e-12)


def test_idle_mean_and_peak_are_in_order(small, shipped):
    for design in designs(small, shipped):
        power = [value(design, f"{name}_power") for name in ("idle", "mean", "peak")]
        assert power == sorted(power)


def test_mean_power_lies_on_the_curves_of_the_groups_in_every_draw(small, shipped):
    for design in designs(small, shipped):
        cells, columns = design.cells(), design.columns
        least = most = 0.0
        for group in design.plan.groups:
            curve = group.count.value * cells[f"{group.name}.node_load_curve"].value
            least = least + columns.samples(curve.min(axis=0))
            most = most + columns.samples(curve.max(axis=0))
        mean = columns.samples(cells["mean_power"].value)
        known = np.isfinite(mean)
        assert np.all(mean[known] >= least[known] * (1 - 1e-12))
        assert np.all(mean[known] <= most[known] * (1 + 1e-12))


def test_capacities_are_in_order(small, shipped):
    names = ["nearfull_capacity", "full_limit_capacity", "usable_capacity", "raw_capacity"]
    for design in designs(small, shipped):
        for backend in design.backends:
            found = [value(design, f"{backend}.{name}") for name in names]
            assert found == sorted(found)
            assert value(design, f"{backend}.self_heal_capacity") <= found[2]


def test_the_same_price_of_energy_in_the_same_draw_of_every_design(shipped):
    """So designs can be compared draw by draw."""
    prices = []
    for design in shipped.values():
        cells = design.cells()
        price = cells["annual_energy_cost"].value / cells["annual_energy"].value
        prices.append(design.columns.samples(price))
    for price in prices[1:]:
        np.testing.assert_allclose(price, prices[0], rtol=1e-12)


def test_a_change_of_one_fact_changes_what_depends_on_it_and_nothing_else(folder, small):
    dearer = computed(folder, SCENARIO.replace("0.2 EUR/kWh,", "0.3 EUR/kWh,"))
    for name, design in small.items():
        before, after = design.cells(), dearer[name].cells()
        changed = {
            quantity
            for quantity, cell in before.items()
            if not np.array_equal(cell.value, after[quantity].value, equal_nan=True)
        }
        # Also in the bounds of what is unknown.
        assert changed == {
            quantity
            for quantity, cell in before.items()
            if any(item.name == "electricity_price" for item in cell.walk())
        }
        assert changed >= {"electricity_price", "annual_energy_cost", "total_cost", "cost_per_vm"}
        assert not changed & {"capital_cost", "annual_energy", "annual_labour_cost", "mean_power"}


def test_all_designs_share_the_columns_that_their_facts_need(small):
    plans = [design.plan for design in small.values()]
    facts = {fact.name: fact for plan in plans for fact in plan.facts()}.values()
    unknown = {fact.name for fact in facts if not fact.known}
    varied = {thing_of(fact) for plan in plans for fact in plan.facts() if fact.has_range}
    # One nominal column; where something is unknown one with all of it at zero, one for each;
    # two for each thing that varies.
    probes = 1 + len(unknown) if unknown else 0
    (columns,) = {id(design.columns): design.columns for design in small.values()}.values()
    assert columns.width == 1 + probes + 2 * len(varied) + (DRAWS if varied else 0)
    assert {fact.name for fact in columns.unknown} == unknown
    assert columns.varied == tuple(sorted(varied))
