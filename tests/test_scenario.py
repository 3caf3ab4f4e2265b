"""Scenarios as users write them: what they add, change and extend, and what they get told."""

from __future__ import annotations

import os
import re

import pytest
from kit import OWN_CATALOG, OWN_READINGS, SMALL, few_draws, planner, write_small  # noqa: F401

import planner as package
from planner.faults import InputError
from planner.limits import MOST_DRIVES, MOST_HOSTS
from planner.scenario import find_scenario, load_scenario, shipped_scenarios

pytestmark = pytest.mark.usefixtures("few_draws")

TB = 1e12

PLAIN = """\
scenario: plain
title: Copies on hosts
currency: AUD
site: {electricity_price: 0.25 AUD/kWh, years_of_use: 5 yr}
admission: openstack-2023
workload: {vm: {count: 1, vcpus: 1, memory: 1 GiB, disk: 1 GB, duty: 10 %}}
"""


def cluster(terabytes, copies=3):
    """A scenario with one host for each of some capacities."""
    kinds = sorted(set(terabytes))
    drives = "".join(f"    d{tb}: {{title: Disk, capacity: {tb} TB}}\n" for tb in kinds)
    nodes = "".join(f"  n{tb}: {{parts: {{dell-r320: 1, d{tb}: 1}}}}\n" for tb in kinds)
    groups = "".join(
        f"      n{tb}: {{count: {terabytes.count(tb)}, node: n{tb}}}\n" for tb in kinds
    )
    hosts = ", ".join(f"n{tb}: {{drive: d{tb}}}" for tb in kinds)
    storage = f"{{ceph: {{software: ceph-bluestore, copies: {copies}, hosts: {{{hosts}}}}}}}"
    return (
        f"{PLAIN}parts:\n  drives:\n{drives}nodes:\n{nodes}designs:\n  it:\n    title: Cluster\n"
        f"    groups:\n{groups}    storage: {storage}\n"
    )


def evaluated(folder, text, name="it.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return package.evaluate(str(path))


def value(folder, text, quantity, design="cluster"):
    write_small(folder)
    return evaluated(folder, text, "changed.yaml").value(design, quantity)


def faults(folder, text):
    path = write_small(folder, text)
    with pytest.raises(InputError, match=r"\.yaml") as error:
        package.evaluate(path)
    return [str(fault).removeprefix(f"{folder}/") for fault in error.value.faults]


def changed(*pairs):
    text = SMALL
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


# Capacity by the law of distinct failure domains


@pytest.mark.parametrize(
    ("terabytes", "usable"),
    [
        ([6, 8, 10, 12, 14], 50 / 3),  # no host is larger than a third: all of it counts
        ([1, 1, 1, 10], 1.5),  # two copies on the small ones: they set the limit
        ([4, 4, 4], 4.0),
        ([4, 4], 0.0),
    ],
)
def test_usable_capacity_of_unequal_hosts(tmp_path, terabytes, usable):
    snapshot = evaluated(tmp_path, cluster(terabytes))
    assert snapshot.value("it", "usable_capacity") == pytest.approx(usable * TB, rel=1e-9)
    assert snapshot.value("it", "raw_capacity") == sum(terabytes) * TB


def test_two_hosts_for_three_copies_say_why_there_is_nothing(tmp_path):
    (design,) = evaluated(tmp_path, cluster([4, 4])).designs
    found = next(item for item in design["findings"] if item["code"] == "ESTO01")
    assert found["severity"] == "error"
    assert (
        "3 shares of each object need as many failure domains, and there are 2" in found["message"]
    )


# What a scenario adds and changes


def test_the_small_scenario_uses_every_section(tmp_path):
    loaded = load_scenario(write_small(tmp_path))
    elsewhere = {"extends", "overrides", "inventory"}
    assert set(type(loaded.scenario).model_fields) - elsewhere <= loaded.scenario.model_fields_set


def test_a_correction_changes_a_fact_and_says_why(tmp_path):
    text = changed(
        ("corrections:\n", "corrections:\n  big-disk: {capacity: {value: 8 TB, reason: a sale}}\n")
    )
    before, after = (value(tmp_path, item, "ceph.raw_capacity") for item in (SMALL, text))
    assert (before, after) == (4 * 2 * 4 * TB, 4 * 2 * 8 * TB)
    loaded = load_scenario(write_small(tmp_path, text))
    fact = loaded.catalog.entries["big-disk"].fact("capacity")
    assert (fact.name, fact.source, fact.note) == (
        "big-disk.capacity",
        "corrected here",
        "a sale",
    )
    assert re.fullmatch(r".*small\.yaml:\d+:24", str(fact.mark))


def test_a_correction_may_cite_a_source(tmp_path):
    fact = load_scenario(write_small(tmp_path)).catalog.entries["dell-r320"].fact("memory")
    assert (fact.source, fact.note) == ("an estimate", "more modules were bought")


def test_a_group_of_other_storage_nodes_adds_what_it_has(tmp_path):
    text = changed(
        ("  metered:\n", "  large:\n    parts: {dell-r320: 1, big-disk: 4}\n  metered:\n"),
        (
            "      desk: {",
            "      large: {count: 2, node: large, links: {back-end: {part: dell-r320,"
            " ports: 2}}}\n      desk: {",
        ),
        (
            "hosts: {box: {drive: big-disk, reserve: 20 GB}}",
            "hosts: {box: {drive: big-disk, reserve: 20 GB}, large: {drive: big-disk}}",
        ),
    )
    assert value(tmp_path, text, "ceph.raw_capacity") == (4 * 2 + 2 * 4) * 4 * TB
    expected = ((4 * 2 + 2 * 4) * 4 * TB - 4 * 20e9) / 3
    assert value(tmp_path, text, "ceph.usable_capacity") == pytest.approx(expected)


def test_parts_catalogs_and_readings_of_ones_own_are_used(tmp_path):
    loaded = load_scenario(write_small(tmp_path))
    entries = loaded.catalog.entries
    assert entries["big-disk"].fact("capacity").source == "the plug-in meter of the office"
    assert entries["own-switch"].fact("ports_1g").source == "label on the back"
    assert [path.name for path in loaded.readings_files] == ["own.csv"]
    data = package.evaluate(write_small(tmp_path)).data
    assert '"desk.node_idle_power"' in str(data).replace("'", '"')


def test_a_fact_bears_the_source_that_its_short_name_stands_for(tmp_path):
    site = load_scenario(write_small(tmp_path)).scenario.site
    assert site.electricity_price.source == "an estimate"
    assert site.electricity_price.name == "site.electricity_price"


def test_an_override_and_a_null_change_a_design(tmp_path):
    path = write_small(tmp_path)
    designs = load_scenario(path).scenario.designs
    assert designs["coded"].groups["box"].count.value == 6
    assert designs["cluster"].groups["box"].count.value == 4
    assert designs["coded"].storage["ceph"].copies is None
    assert designs["coded"].storage["ceph"].data_shares == 2
    assert list(designs["coded"].storage) == ["ceph"]


def test_a_scenario_extends_one_in_another_folder(tmp_path):
    base, top = tmp_path / "base", tmp_path / "mine"
    base.mkdir()
    top.mkdir()
    write_small(base)
    text = (
        "scenario: mine\nextends: ../base/small.yaml\n"
        "site: {electricity_price: 0.50 AUD/kWh, labour_price: null}\n"
        "designs: {coded: null}\nclaims: null\n"
    )
    snapshot = evaluated(top, text)
    assert snapshot.data["scenario"]["name"] == "mine"
    assert [design["id"] for design in snapshot.designs] == ["cluster"]
    old = package.evaluate(str(base / "small.yaml"))
    ratio = snapshot.value("cluster", "annual_energy_cost") / old.value(
        "cluster", "annual_energy_cost"
    )
    assert ratio == pytest.approx(2.0)
    assert snapshot.value("cluster", "annual_labour_cost") is None
    assert [name.rpartition("/")[2] for name in snapshot.data["scenario"]["inputs"]] == [
        "it.yaml",
        "small.yaml",
    ]


def test_a_scenario_extends_a_shipped_one(tmp_path):
    text = "extends: vrt-2013\nscenario: ours\nworkload: {linux: {count: 400}}\n"
    snapshot = evaluated(tmp_path, text)
    assert snapshot.value("mini-itx-cluster", "workload_vms") == 20 + 16 + 20 + 400
    assert list(snapshot.data["scenario"]["inputs"])[1] == "vrt-2013.yaml"


def test_a_shipped_scenario_is_found_by_name_and_any_by_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_scenario("today") == shipped_scenarios()["today"]
    assert str(find_scenario("./today")) == "today"
    (tmp_path / "today").mkdir()  # by `planner plot today --out today`
    assert find_scenario("today") == shipped_scenarios()["today"]
    (tmp_path / "today").rmdir()
    (tmp_path / "today").write_text("")
    assert str(find_scenario("today")) == "today"
    with pytest.raises(InputError, match=r"^todai: no such file or shipped scenario; did you mean"):
        find_scenario("todai")


# What is told


def test_a_fault_in_a_base_points_into_the_base(tmp_path):
    write_small(tmp_path, changed(("count: 20\n", "count: 20 W\n")))
    (tmp_path / "top.yaml").write_text("extends: small.yaml\nsite: {labour_price: 5 B}\n")
    with pytest.raises(InputError, match="small") as error:
        package.evaluate(str(tmp_path / "top.yaml"))
    places = [str(fault.mark).removeprefix(f"{tmp_path}/") for fault in error.value.faults]
    assert places == ["small.yaml:32:12", "top.yaml:2:22"]


def test_faults_of_all_sections_and_files_are_told_at_once(tmp_path):
    (tmp_path / "own.yaml").write_text(OWN_CATALOG)
    text = changed(
        ("title: Small cloud", "titel: Small cloud"),
        ("memory: 2 GiB", "memory: 2 Gb"),
        ("parts: {dell-r320: 1,", "parts: {dell-r32: 1,"),
        ("reading: my-box", "reading: my-bx"),
        ("capacity: {value: 4 TB", "capacity: {value: 4 W"),
        ("reason: more modules were bought, ", ""),
        ("node: metered", "node: meterd"),
        ("extends: cluster", "extends: clutser"),
        ("software: local-lvm", "software: ceph"),
        ("at_most: 2 kW", "at_most: 2 kW, at_least: 1 kW"),
        ("design: cluster, quantity: peak", "design: clustr, quantity: peak"),
    )
    path = write_small(tmp_path, text)
    (tmp_path / "own.yaml").write_text(OWN_CATALOG.replace("basis: nameplate", "basis: guess"))
    with pytest.raises(InputError, match=r"own\.yaml") as error:
        package.evaluate(path)
    found = "\n".join(str(fault.message) for fault in error.value.faults)
    for part in (
        "`title` is missing",
        "unknown key `titel`",
        "workload.desktop.memory: `Gb`",
        "unknown part `dell-r32`",
        "unknown reading `my-bx`",
        "capacity.value: `W` measures power",
        "dell-r320.memory: a correction needs its `reason`",
        "unknown node type `meterd`",
        "expected the name of a design, got `clutser`",
        "unknown part `ceph`",
        "this makes `at_least` and `at_most`",
        "unknown design `clustr`",
        "peak_power.basis: `guess` is not known here",
    ):
        assert part in found
    assert len(error.value.faults) == 13


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("parts:\n  drives:", "parts:\n  drvies:", "unknown kind `drvies`; did you mean `drives`?"),
        (
            "corrections:\n  dell-r320:\n    memory",
            "corrections:\n  dell-r320:\n    memry",
            "`dell-r320` has no fact `memry`; did you mean `memory`?",
        ),
        (
            "corrections:\n  dell-r320:",
            "corrections:\n  dell-320:",
            "unknown part `dell-320`; did you mean `dell-r320`?",
        ),
        ("catalogs: [own.yaml]", "catalogs: own.yaml", "catalogs: expected a list, got `own.yaml`"),
        ("measurements: [own.csv]", "measurements: [own.yaml]", "a column of the power is missing"),
        (
            "admission: openstack-2013",
            "admission: dell-r320",
            "`dell-r320` is one of servers; name",
        ),
        ("drive: big-disk, reserve", "drive: bg-disk, reserve", "unknown part `bg-disk`; did you"),
        ("clients: [box]", "clients: [bax]", "unknown group `bax`; did you mean `box`?"),
        ("vm_disks: ceph", "vm_disks: cef", "unknown storage `cef`; known are: ceph, own"),
        ("quorums: {monitors: {box: 3}}", "quorums: {monitors: {bx: 3}}", "unknown group `bx`"),
        ("baseline: cluster", "baseline: culster", "unknown design `culster`; did you mean `clus"),
        (
            "        node: box\n",
            "",
            "a group has one machine, and this has neither of `node` and `part`",
        ),
        (
            "node: box\n",
            "node: box\n        part: dell-r320\n",
            "a group has one machine, and this has both of",
        ),
        ("count: 4\n", "count: unknown\n", "`unknown` has no number"),
        ("currency: AUD", "currency: EURO", "unknown currency `EURO`; did you mean `EUR`?"),
        ("load_shape: specpower-2012-2013", "load_shape: specpower", "unknown part `specpower`"),
        (
            "dell-r320: 1, intel-ssd",
            "dell-r320: 2, intel-ssd",
            "`box` is one machine, but has 2 `dell-r320` among its parts; keep one",
        ),
        (
            "id: same-power\n",
            "id: same-power\n    text: a\n  - id: same-power\n",
            r"claims\[1\].id: `same-power` is there twice",
        ),
        ("count: 4\n", "count: 0\n", "this storage has no host; write the `count` of its groups"),
    ],
)
def test_a_single_fault_is_told_with_its_place(tmp_path, old, new, message):
    found = faults(tmp_path, changed((old, new)))
    assert any(
        re.match(rf"(?:small|own)\.yaml:\d+:\d+: (?:.*: )?{message}", item) for item in found
    ), found


def test_hosts_and_drives_of_all_designs_are_limited(tmp_path):
    assert (MOST_HOSTS, MOST_DRIVES) == (10_000, 100_000)
    (found,) = faults(tmp_path, changed(("count: 4\n", "count: 9999\n")))
    assert re.match(r"small\.yaml:\d+:16: the storage of all designs has 20,004 hosts with", found)


def test_unknown_keys_of_a_broken_section_are_not_told_twice(tmp_path):
    (found,) = faults(tmp_path, changed(("catalogs: [own.yaml]", "catalogs: {a: own.yaml}")))
    assert "catalogs: expected a list" in found
    (found,) = faults(tmp_path, changed(("measurements: [own.csv]", "measurements: [5]")))
    assert "measurements[0]: expected a text, got 5" in found


def test_the_message_is_the_same_on_the_command_line(tmp_path):
    path = write_small(tmp_path, changed(("count: 20\n", "count: -20\n")))
    place = "32:12: workload.desktop.count: -20 is out of range; write 0 to 10,000,000 vm"
    assert planner("compare", path).err == f"{path}:{place}\n"
    assert planner("check", path).code == 2


def test_what_is_read_does_not_depend_on_the_folder_that_one_stands_in(tmp_path, monkeypatch):
    path = write_small(tmp_path)
    first = package.evaluate(path).designs
    monkeypatch.chdir(tmp_path)
    assert package.evaluate("small.yaml").designs != []
    strip = str(tmp_path) + os.sep
    assert str(package.evaluate("small.yaml").designs) == str(first).replace(strip, "")
    assert OWN_READINGS.startswith("reading,")
