"""How many hosts: what is proposed passes, one host fewer does not, and the three answers agree."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import SMALL, planner, write_small

from planner.build import build
from planner.compute import compute
from planner.faults import InputError
from planner.judge import Judge
from planner.measurements import load_all_readings
from planner.scenario import load_scenario
from planner.sizing import size
from planner.sizing.measured import hosts_hold
from planner.sizing.resize import counts_of, resized, sizable, with_growth
from planner.sizing.search import Search, Solution, least_that
from planner.sizing.trial import Bench

APART = """\
scenario: apart
title: Hosts and their storage apart
currency: AUD
site: {electricity_price: 0.25 AUD/kWh, years_of_use: 5 yr, labour_price: 70 AUD/h,
       labour_per_node: 3 h,
       circuits: {volts: 230 V, amps: 16 A, per_feed: 1,
                  derate: {value: 80 %, basis: datasheet, source: rule}}}
admission: openstack-2023
workload:
  small: {count: 60, vcpus: 1, memory: 2 GiB, disk: 30 GB, duty: 10 %}
  large: {count: 6, vcpus: 4, memory: 12 GiB, disk: 200 GB, duty: 20 %}
growth: {vms: 25 %/yr, years: 2 yr, start: 2024-01}
nodes:
  host: {parts: {dell-r320: 1, intel-ssd-520-60: 1}}
  brick: {parts: {intel-dq77kb: 1, intel-i3-3220t: 1, ddr3-1600-sodimm-8g: 2, realtek-rtl8168: 1,
                  mini-itx-brick: 1}, reading: vrt-node}
  store: {parts: {dell-r320: 1, seagate-st3000vx000: 2}}
designs:
  big:
    title: Servers
    groups:
      host: {count: 2, node: host, runs_vms: true, links: {net: {part: dell-r320, ports: 2}}}
      store: {count: 3, node: store, links: {net: {part: dell-r320, ports: 2}}}
      switch: {count: 1, part: cisco-sg500x-24}
    storage:
      ceph: {software: ceph-filestore, copies: 3, network: net,
             hosts: {store: {drive: seagate-st3000vx000}}}
  small:
    title: Small boxes
    extends: big
    groups:
      host: {node: brick, count: 4, links: {net: {part: intel-dq77kb, ports: 2}}}
  both:
    title: Two kinds of hosts
    extends: big
    groups:
      brick: {node: brick, count: 3, runs_vms: true, links: {net: {part: intel-dq77kb, ports: 2}}}
requirements:
  - {text: VMs run without a host, quantity: vms_after_one_host_loss,
     at_least: {quantity: workload_vms}}
  - {text: ports are there, quantity: spare_ports_1g, at_least: 0}
"""


@pytest.fixture
def apart(tmp_path):
    path = tmp_path / "apart.yaml"
    path.write_text(APART, encoding="utf-8")
    return str(path)


@cache
def base():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "apart.yaml"
        path.write_text(APART, encoding="utf-8")
        return load_scenario(str(path))


@cache
def whole():
    """Every design of the scenario, now and later, by name."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "apart.yaml"
        path.write_text(APART, encoding="utf-8")
        return {entry["id"]: entry for entry in size(str(path))["designs"]}


def now(design):
    return whole()[design]["times"][0]


def judged(loaded, design, counts):
    """Requirements of a design with these numbers, by the pipeline alone: build, compute, judge."""
    changed = resized(loaded, design, counts)
    plan = build(changed, load_all_readings(loaded.readings_files), design)
    judge = Judge(changed, {design: compute(plan, draws=0)})
    items = enumerate(loaded.scenario.requirements)
    return [judge.requirement(index, item, design).passed for index, item in items]


@pytest.mark.parametrize("start", [0, 3, 12, 13, 14, 90])
def test_least_that_is_the_least(start):
    tried = []

    def passes(number):
        tried.append(number)
        return number >= 13

    assert least_that(passes, start, 100) == 13
    assert {12, 13} <= set(tried)
    assert least_that(lambda number: number >= 200, start, 100) is None
    assert least_that(lambda _: True, start, 100) == 0


@pytest.mark.parametrize("design", ["big", "small", "both"])
def test_what_is_proposed_passes_and_one_fewer_does_not(design):
    assert [time["years"] for time in whole()[design]["times"]] == [0.0, 2.0]
    for time in whole()[design]["times"]:
        assert time["passes"], time["fails"]
        loaded = with_growth(base(), time["years"])
        counts = {group["name"]: group["proposed"] for group in time["groups"]}
        assert judged(loaded, design, counts) == [True, True]
        bench = Bench(loaded, design)
        assert not bench.trial(counts).failed()
        for name, number in counts.items():
            assert number == 0 or bench.trial({**counts, name: number - 1}).failed(), name


def test_the_vms_rule_of_the_storage_is_kept():
    groups = {group["name"]: group for group in now("big")["groups"]}
    # 60 x 30 GB + 6 x 200 GB = 3 TB, 6 TB a host, three copies: nearfull holds 5.1 TB of three
    # hosts, which cannot heal; four heal into three, up to 5.4 TB.
    assert groups["store"]["proposed"] == 4
    assert groups["store"]["binds"] == ["room to heal"]
    # 192 GiB of VMs, 47.5 GiB a host: 5 in all, and one to spare.
    rows = {row["text"]: row["hosts"] for row in now("big")["constraints"]}
    assert rows["memory"] == 5
    assert groups["host"]["proposed"] == 6
    assert now("big")["bound"] == 6
    assert now("big")["limiter"] == "memory"


def test_growth_multiplies_each_flavour_and_rounds_up(apart):
    grown = with_growth(load_scenario(apart), 2.0).scenario.workload
    assert [one.count.value for one in grown.values()] == [94.0, 10.0]
    assert grown["small"].memory.value == 2 * 2**30
    text = APART.replace("vms: 25 %/yr", "vms: 25 %/yr, memory: 50 %/yr, disk: 0 %/yr")
    Path(apart).write_text(text, encoding="utf-8")
    grown = with_growth(load_scenario(apart), 2.0).scenario.workload["small"]
    assert grown.memory.value == pytest.approx(2 * 2**30 * 1.44)
    assert grown.disk.value == pytest.approx(30e9 / 1.25**2)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 64)), min_size=1, max_size=12),
    st.floats(0.0, 3.0),
)
def test_growth_is_shared_by_many_small_flavours(sizes, rate):
    model = base().scenario.workload["small"]
    workload = {
        f"f{index}": model.model_copy(
            update={
                "count": replace(model.count, value=float(count)),
                "memory": replace(model.memory, value=gib * 2.0**30),
            }
        )
        for index, (count, gib) in enumerate(sizes)
    }
    growth = base().scenario.growth
    grows = growth.model_copy(update={"vms": replace(growth.vms, value=rate)})
    scenario = base().scenario.model_copy(update={"workload": workload, "growth": grows})
    grown = with_growth(replace(base(), scenario=scenario), 1.0).scenario.workload.values()
    exact = [count * (1.0 + rate) for count, _ in sizes]
    counts = [one.count.value for one in grown]
    assert sum(counts) - sum(exact) == pytest.approx(0.5, abs=0.5 + 1e-6)
    assert all(abs(count - share) < 1 + 1e-6 for count, share in zip(counts, exact, strict=True))
    memory = sum(one.count.value * one.memory.value for one in grown)
    needed = sum(share * gib * 2.0**30 for share, (_, gib) in zip(exact, sizes, strict=True))
    assert memory >= needed * (1.0 - 1e-9)


def test_several_kinds_of_hosts_give_the_best_choice(apart):
    groups = {group["name"]: group["proposed"] for group in now("both")["groups"]}
    assert groups["brick"] == 0
    assert now("both")["hosts"] == now("big")["hosts"]
    frugal = size(apart, "both", "power", years=0)["designs"][0]["times"][0]
    assert frugal["value"] <= now("both")["quantities"]["mean_power"]["value"]


def test_machines_of_other_designs_are_told_where_they_are_better():
    mix = now("small + others")
    assert mix["value"] < now("small")["value"]
    assert mix["passes"]
    others = {group["name"] for group in mix["groups"] if group["of"] == "another design"}
    assert others == {"big-host"}


def test_missing_switches_are_added():
    (mend,) = now("small")["mended"]
    assert (mend["group"], mend["before"], mend["text"]) == ("switch", 1, "ports are there")
    counts = {group["name"]: group["proposed"] for group in now("small")["groups"]}
    assert judged(base(), "small", {**counts, "switch": mend["after"] - 1}) == [True, False]


def test_what_no_number_mends_is_said(tmp_path):
    text = APART + "  - {text: little power, quantity: idle_power, at_most: 10 W}\n"
    path = tmp_path / "hungry.yaml"
    path.write_text(text, encoding="utf-8")
    result = planner("size", str(path), "-d", "big", "--years", "0", "-f", "csv")
    table = list(csv.DictReader(io.StringIO(result.out)))
    assert [row["name"] for row in table if row["kind"] == "not met"] == ["little power"]
    assert [row["value"] for row in table if row["name"] == "passes"] == ["0"]


def test_a_vm_larger_than_every_host_is_said(tmp_path):
    path = tmp_path / "huge.yaml"
    path.write_text(APART.replace("memory: 12 GiB", "memory: 400 GiB"), encoding="utf-8")
    (entry, *_) = size(str(path), "big", years=0)["designs"]
    told = {one["text"] for one in entry["times"][0]["fails"]}
    assert "every VM finds its host, with room for those of any one host that fail" in told


def test_an_unknown_number_is_no_answer(tmp_path):
    path = tmp_path / "unknown.yaml"
    path.write_text(APART.replace("memory: 12 GiB", "memory: unknown"), encoding="utf-8")
    (entry, *_) = size(str(path), "big", years=0)["designs"]
    assert not entry["times"][0]["sized"]
    result = planner("size", str(path), "-d", "big", "--years", "0")
    assert result.code == 0
    assert "no number of hosts will do" in result.out


def test_more_losses_need_more_hosts(apart):
    hosts = [size(apart, "big", years=0, losses=k)["designs"][0]["times"][0] for k in (0, 2)]
    assert [time["hosts"] for time in hosts] == [6, 7]  # a requirement wants one to spare
    assert [time["bound"] for time in hosts] == [5, 7]


def test_owned_hosts_are_kept_and_the_rest_is_bought(tmp_path):
    path = tmp_path / "owned.yaml"
    path.write_text(APART.replace("count: 2, node: host,", "count: 2, node: host, owned: true,"))
    loaded = load_scenario(str(path))
    plan = build(resized(loaded, "big", {"host": 6}), {}, "big")
    counts = {group.name: group.count.value for group in plan.groups}
    assert counts["host"] == 2
    assert counts["host-more"] == 4
    owned = size(str(path), "big", years=0)["designs"][0]["times"][0]
    new, partly_owned = (
        time["quantities"]["capital_cost"]["value"] for time in (now("big"), owned)
    )
    each = float(compute(plan, draws=0).groups["host-more"]["node_price"].nominal)
    assert new - partly_owned == pytest.approx(2 * each)


# The three questions agree, whatever the sizes


WORKLOADS = st.tuples(
    st.integers(1, 80), st.integers(1, 8), st.integers(1, 20), st.integers(0, 2), st.booleans()
)


@settings(max_examples=8, deadline=None)
@given(WORKLOADS)
def test_fits_how_many_and_how_many_hosts_agree(drawn):
    vms, vcpus, gib, losses, boxes = drawn
    flavour = base().scenario.workload["small"]
    facts = {"count": float(vms), "vcpus": float(vcpus), "memory": gib * 2.0**30}
    one = flavour.model_copy(
        update={key: replace(getattr(flavour, key), value=value) for key, value in facts.items()}
    )
    scenario = base().scenario.model_copy(update={"workload": {"small": one}})
    loaded = replace(base(), scenario=scenario)
    design = "small" if boxes else "big"
    bench = Bench(loaded, design, losses)
    own = loaded.scenario.designs[design]
    found = Search(bench, sizable(own), counts_of(own)).solve({}, "host")
    assert isinstance(found, Solution)
    unmet = {check.text for check in found.unmet}
    hosts = found.trial.counts["host"]
    if any(not check.required for check in found.unmet):  # a VM larger than every host
        assert hosts >= own.groups["host"].count.value
        assert bench.trial({**found.trial.counts, "host": 20 * hosts}).failed("hosts")
        return
    for number in range(max(hosts - 1, 1), hosts + 2):
        trial = bench.trial({**found.trial.counts, "host": number})
        fits = not {check.text for check in trial.failed("hosts")} - unmet
        assert fits == (number >= hosts)
        if not unmet:
            held = hosts_hold(trial.computed, max(losses, 1))  # one is required
            busy = "mean load" in {check.short for check in trial.failed("hosts")}
            assert fits == (held >= vms and not busy)


# The command


@pytest.mark.parametrize(
    ("rate", "cost", "other"),
    [("", "total_cost", None), ("discount_rate: 7 %/yr, ", "net_present_cost", "total_cost")],
)
def test_where_interest_is_stated_the_cheapest_is_so_as_it_is_worth_today(
    tmp_path, rate, cost, other
):
    path = tmp_path / "cost.yaml"
    path.write_text(APART.replace("site: {", f"site: {{{rate}"))
    asked = ("size", str(path), "-d", "big", "--objective", "cost", "--years", "0")
    data = json.loads(planner(*asked, "-f", "json").out)
    (time,) = data["designs"][0]["times"]
    assert data["cost"] == cost
    assert time["value"] == time["quantities"][cost]["value"]
    assert ("worth" in planner(*asked).out) == bool(other)
    if other:
        assert time["value"] < time["quantities"][other]["value"]


def test_command_on_the_scenario_of_2013():
    result = planner("size", "vrt-2013", "--design", "mini-itx-cluster", "--years", "0")
    assert result.code == 0
    assert "9 compute, 4" in result.out
    assert max(map(len, result.out.splitlines())) <= 100


@pytest.mark.parametrize("design", ["cluster", "coded"])
def test_command_on_the_small_scenario(tmp_path, design):
    path = write_small(tmp_path)
    text = planner("size", path, "-d", design)
    assert text.code == 0
    assert max(map(len, text.out.splitlines())) <= 100
    data = json.loads(planner("size", path, "-d", design, "-f", "json").out)
    first = data["designs"][0]["times"]
    assert [time["years"] for time in first] == [0.0, 3.0]
    assert first[0]["hosts"] <= first[1]["hosts"]
    table = list(csv.DictReader(io.StringIO(planner("size", path, "-d", design, "-f", "csv").out)))
    proposed = [row for row in table if row["kind"] == "proposed" and row["group"] == "box"]
    assert [int(row["value"]) for row in proposed] == [time["hosts"] for time in first]
    assert "| box |" in planner("size", path, "-d", design, "-f", "md").out


def test_faults_are_told(tmp_path):
    slots = write_small(tmp_path, SMALL.replace("openstack-2013", "vsphere-ha-slots"))
    result = planner("size", slots, "-d", "cluster")
    assert result.code == 2
    assert "`vsphere-ha-slots` leaves cpu_overcommit to the scenario" in result.err
    path = write_small(tmp_path)
    assert "no such design; did you mean `cluster`?" in planner("size", path, "-d", "clust").err
    head, _, rest = SMALL.partition("growth:\n")
    bare = write_small(tmp_path, head + "nodes:" + rest.partition("nodes:")[2])
    result = planner("size", bare, "--years", "3")
    assert result.code == 2
    assert "nothing is said of how the workload grows; write `growth: {vms: 20 %/yr}`" in result.err
    unknown = SMALL.replace("{value: 20 %/yr, low: 10 %/yr, high: 40 %/yr,", "{value: unknown,")
    with pytest.raises(InputError, match="the growth of vms is unknown"):
        size(write_small(tmp_path, unknown), years=3)


@pytest.mark.parametrize(
    "old, new, stores, binds",
    [
        ("copies: 3", "data_shares: 4, parity_shares: 2", 7, "room to heal"),
        ("ceph-filestore, copies: 3", "glusterfs, copies: 3", 3, "storage space"),
        ("ceph-filestore, copies: 3", "swift, copies: 3", 4, "room to heal"),
        ("duty: 20 %}", "duty: 20 %, iops: 150 IOPS}", 18, "IOPS"),
    ],
)
def test_storage_of_other_kinds(tmp_path, old, new, stores, binds):
    path = tmp_path / "other.yaml"
    path.write_text(APART.replace(old, new), encoding="utf-8")
    (entry, *_) = size(str(path), "big", years=0)["designs"]
    groups = {group["name"]: group for group in entry["times"][0]["groups"]}
    assert (groups["store"]["proposed"], groups["store"]["binds"]) == (stores, [binds])


def test_copies_in_racks_that_are_not_there_are_no_matter_of_number(tmp_path):
    text = APART.replace("copies: 3", "copies: 3, failure_domain: rack")
    path = tmp_path / "rack.yaml"
    path.write_text(text.replace("node: store,", "node: store, rack: r1,"), encoding="utf-8")
    (entry, *_) = size(str(path), "big", years=0)["designs"]
    time = entry["times"][0]
    assert "VM disks fit the shared storage" in {one["text"] for one in time["fails"]}
    assert {group["name"]: group["proposed"] for group in time["groups"]}["store"] == 3
