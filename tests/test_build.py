"""From a design to the facts that the sheets are given: machines, links, backends."""

from __future__ import annotations

import pytest
from kit import SMALL, planner, write_small

from planner.build import build
from planner.facts import Basis
from planner.faults import InputError
from planner.measurements import load_all_readings
from planner.scenario import load_scenario
from planner.strict_yaml import load


def plan(folder, *pairs, design="cluster"):
    text = SMALL
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    loaded = load_scenario(write_small(folder, text))
    return build(loaded, load_all_readings(loaded.readings_files), design)


def faults(folder, *pairs):
    with pytest.raises(InputError, match=r"small\.yaml:\d+:\d+: ") as error:
        plan(folder, *pairs)
    return [str(fault).partition(": ")[2] for fault in error.value.faults]


def group(found, name):
    return next(item for item in found.groups if item.name == name)


def backend(found, name):
    return next(item for item in found.backends if item.name == name)


# What is built


def test_a_machine_is_its_parts_with_their_numbers(tmp_path):
    box = group(plan(tmp_path), "box")
    assert [(name, fact.value) for name, fact in box.node["part_count"].members] == [
        ("dell-r320", 1.0),
        ("intel-ssd-520-60", 1.0),
        ("big-disk", 2.0),
    ]
    assert box.title == "Box with disks"
    assert box.count.value == 4
    assert box.node["cpu_threads"].value > 0
    (memory,) = (fact for _, fact in box.node["module_capacity"].members)
    assert memory.value == 64 * 2**30  # as corrected


def test_a_single_part_is_a_machine(tmp_path):
    switch = group(plan(tmp_path), "switch")
    assert switch.title == "Old switch"
    assert switch.switch["switch_ports_1g"].value == 24
    assert switch.node["base_idle_power"].value == 20


def test_a_machine_that_was_read_has_the_power_of_its_reading(tmp_path):
    desk = group(plan(tmp_path), "desk")
    idle = desk.node["base_idle_power"]
    assert (idle.value, idle.basis) == (12.0, Basis.LOOK_ALIKE)


def test_parts_that_come_on_top_are_counted_on_top(tmp_path):
    box = group(plan(tmp_path), "box")
    assert [name for name, _ in box.node["extra_part_count"].members] == ["big-disk"]


def test_links_need_ports_of_the_switch(tmp_path):
    assert group(plan(tmp_path), "box").equipment["equipment_ports_1g"].value == 2
    assert group(plan(tmp_path), "desk").equipment["equipment_ports_1g"].value == 0


def test_owned_items_cost_nothing(tmp_path):
    box = group(plan(tmp_path, ("owned: false", "owned: true")), "box")
    assert {fact.value for _, fact in box.node["part_price"].members} == {0.0}


def test_a_price_in_another_currency_is_unknown_here_and_says_why(tmp_path):
    found = plan(tmp_path, ("price: unknown", "price: 100 EUR"))
    (price,) = (
        fact for name, fact in group(found, "box").node["part_price"].members if name == "big-disk"
    )
    assert price.value is None
    assert price.note == (
        "the price is in EUR, the scenario in AUD; "
        "write `rates: {EUR: {value: ... AUD/EUR, date: ..., source: ...}}`"
    )


def test_a_part_with_the_number_zero_is_not_there(tmp_path):
    desk = group(plan(tmp_path, ("realtek-rtl8168: 1", "realtek-rtl8168: 0")), "desk")
    assert "realtek-rtl8168" not in dict(desk.node["part_count"].members)


def test_the_hosts_of_a_backend_bring_their_drives(tmp_path):
    (store,) = backend(plan(tmp_path), "ceph").stores
    assert (store.group, store.drive, store.drives_per_host) == ("box", "big-disk", 2)
    assert store.given["store_reserve"].value == 20e9
    assert store.given["link_count"].value == 2


def test_redundancy_is_copies_or_shares(tmp_path):
    copies = backend(plan(tmp_path), "ceph").given
    coded = backend(plan(tmp_path, design="coded"), "ceph").given
    assert (copies["shares"].value, copies["data_shares"].value) == (3, 1)
    assert (coded["shares"].value, coded["data_shares"].value) == (3, 2)


def test_groups_that_run_vms_use_the_storage_unless_others_are_named(tmp_path):
    named = backend(plan(tmp_path), "ceph").clients
    default = backend(plan(tmp_path, ("        clients: [box]\n", "")), "ceph").clients
    assert [client.group for client in named] == [client.group for client in default] == ["box"]


def test_every_fact_of_a_design_has_a_name_of_its_own_and_a_place(tmp_path):
    facts = plan(tmp_path).facts()
    assert len({fact.name for fact in facts}) == len(facts)
    stated = [fact for fact in facts if fact.source == "stated in the scenario"]
    assert stated
    assert all(fact.mark and fact.mark.line for fact in stated)


# What cannot be built


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "links: {back-end: {part: dell-r320, ports: 2}}",
            "links: {back-end: {part: dell-r320, ports: 9}}",
            "`dell-r320` has 2 ports, but 9 are linked; link fewer ports or add a card",
        ),
        (
            "links: {back-end: {part: dell-r320, ports: 2}}",
            "links: {back-end: {part: big-disk, ports: 1}}",
            "`big-disk` is not a part of this machine that has ports; known are: dell-r320",
        ),
        (
            "network: back-end",
            "network: backend",
            "group `box` has no link to network `backend`; did you mean `back-end`?",
        ),
        (
            "hosts: {box: {drive: big-disk, reserve: 20 GB}}",
            "hosts: {box: {drive: seagate-st3000vx000}}",
            "group `box` has no drive `seagate-st3000vx000`",
        ),
        (
            "drives: 1, share",
            "drives: 2, share",
            "2 of `intel-ssd-520-60` are asked for, the machine has 1; give it fewer",
        ),
        (
            "beyond: {big-disk: 2}",
            "beyond: {big-disk: 3}",
            "3 of `big-disk` come on top of the mac",
        ),
        ("        copies: 3\n", "", "the redundancy is not stated, or stated twice; write `copies"),
        ("minimum_shares: 2", "minimum_shares: 4", "`minimum_shares` is 4, which cannot be; write"),
        (
            "monitors: {box: 3}",
            "monitors: {box: 5}",
            "5 members of `monitors` on 4 hosts; put each",
        ),
        ("quorums: {monitors", "quorums: {ceph", "`ceph` is also a storage; give it another name"),
        (
            "years_of_use: 5 yr",
            "years_of_use: 5 yr\n  pue: 1.5",
            "a PUE has UPS and cooling in it: with `ups` that would count twice",
        ),
        (
            "labour_price: 70 AUD/h",
            "labour_price: 70 EUR/h",
            "site.labour_price is in EUR/h, but the",
        ),
    ],
)
def test_a_fault_is_told_at_its_place(tmp_path, old, new, message):
    found = faults(tmp_path, (old, new))
    assert any(fault.startswith(message) for fault in found), found


def test_vms_need_memory_and_a_processor(tmp_path):
    found = faults(
        tmp_path,
        ("desk: {count: 2,", "desk: {count: 2, runs_vms: true,"),
        ("ddr3-1600-sodimm-8g: 2, ", ""),
    )
    assert found == [
        "group `desk` runs VMs, but its machine has no part with memory; "
        "add the part, or set `runs_vms: false`"
    ]


def test_faults_of_all_designs_are_told_at_once(tmp_path):
    path = write_small(
        tmp_path,
        SMALL.replace("ports: 2}", "ports: 9}").replace(
            "{groups: {box: {count: 6}}}",
            "{groups: {desk: {count: 6, links: {x: {part: realtek-rtl8168, ports: 5}}}}}",
        ),
    )
    lines = planner("compare", path).err.splitlines()
    assert len(lines) == 2
    assert "`dell-r320` has 2 ports, but 9 are linked" in lines[0]
    assert "`realtek-rtl8168` has 1 ports, but 5 are linked" in lines[1]


@pytest.mark.parametrize("name", ["lab", "2024", "true", "null", "1e3", "ÄÖ", "a b"])
def test_a_new_scenario_can_have_any_file_name(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert planner("init", f"{name}.yaml").code == 0
    assert isinstance(load(f"{name}.yaml").data["scenario"], str)
    assert planner("compare", f"{name}.yaml").code == 0
    again = planner("init", f"{name}.yaml")
    assert again.code == 2
    assert again.err == f"{name}.yaml: the file exists; name another, or use --force\n"
