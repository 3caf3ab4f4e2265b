"""The shipped catalog against what its sources say, retyped here from the sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.catalog import (
    KINDS,
    Catalog,
    Entry,
    ShippedParts,
    catalog_files,
    load_catalog,
    shipped,
    shipped_catalog,
)
from planner.facts import Basis, Bound, Fact
from planner.faults import InputError
from planner.measurements import load_readings
from planner.strict_yaml import load

REQUIRED = {
    "boards": "intel-dq77kb intel-dq77mh",
    "cpus": "intel-i3-3220t epyc-4464p epyc-9124 intel-n100 intel-n305",
    "memory": "ddr3-1600-sodimm-8g ddr3-1600-dimm-8g ddr5-rdimm-32g ddr5-rdimm-64g"
    " ddr5-udimm-32g ddr5-sodimm-32g",
    "drives": "intel-ssd-520-60 intel-ssd-520-120 intel-ssd-520-180 intel-ssd-520-240"
    " intel-ssd-520-480 seagate-st3000vx000 seagate-st3000dm001 legacy-sas-146g array-disk-2t"
    " samsung-pm9a3-1t92 micron-7450-3t84 micron-7450-7t68 seagate-exos-x16-16t"
    " seagate-exos-x18-18t",
    "nics": "realtek-rtl8168 intel-x520-da2 intel-x540-t2 mellanox-connectx3-1p"
    " mellanox-connectx3-2p intel-x710-da2 nvidia-connectx5",
    "cables": "sfp-dac-10g sfp-sr-10g sfp-lr-10g cat6-patch",
    "switches": "cisco-sg500x-24 cisco-sg500x-48 existing-switch mikrotik-crs305 mikrotik-crs309"
    " mikrotik-crs317 mikrotik-crs326 mikrotik-crs354 mikrotik-crs504 mikrotik-crs518",
    "cases": "mini-itx-media-case case-2u",
    "supplies": "mini-itx-brick atx-supply dell-350w-platinum dell-550w-platinum dell-550w-silver",
    "servers": "legacy-300w dell-r320 dell-r420 dell-r620 fujitsu-rx100s7p hitachi-rs110-dl2"
    " smc-1027b-urf ibm-x3550m4 hp-dl360p-gen8 hp-dl360-g4p smc-6025b dell-2950-iii hp-dl380-g5"
    " hp-dl380-g3 dell-1950 minisforum-ms01 minisforum-ms02u smc-as1015sv-8324p"
    " smc-as1015sv-8024p smc-as3015a-4344p lenovo-st45v3-4465p hpe-dl20-g11 fujitsu-rx1330m6"
    " hpe-dl145-g11 quanta-s44nl-1u quanta-d44n-1u dell-r6515 gigabyte-r113-4464p",
    "arrays": "dell-md3200i hp-p2000-g3 dell-ps4000xv",
    "storage-software": "ceph-filestore ceph-bluestore sheepdog drbd raid local-lvm cinder-lvm "
    "glusterfs swift",
    "admission": "openstack-2013 openstack-2023 ganeti vsphere-ha-slots vsphere-ha-percentage",
    "load-shapes": "linear specpower-2007-2009 specpower-2010-2011 specpower-2012-2013"
    " specpower-2014-2016 specpower-2017-2019 specpower-2020",
    "consolidation": "dl385-onto-m610 vmmark-dual-x5570 vms-on-a-2950",
}

# Compilers' estimates for 2013, AUD with tax: low, likely, high.
PRICES_2013 = {
    "intel-dq77kb": (120, 140, 170),
    "intel-dq77mh": (110, 130, 160),
    "intel-i3-3220t": (115, 130, 150),
    "ddr3-1600-sodimm-8g": (50, 65, 85),
    "ddr3-1600-dimm-8g": (50, 65, 85),
    "intel-ssd-520-60": (80, 95, 115),
    "intel-ssd-520-120": (120, 140, 165),
    "intel-ssd-520-240": (215, 250, 290),
    "seagate-st3000vx000": (130, 150, 180),
    "realtek-rtl8168": (10, 15, 25),
    "intel-x520-da2": (420, 550, 700),
    "sfp-dac-10g": (40, 60, 90),
    "cisco-sg500x-24": (900, 1100, 1400),
    "cisco-sg500x-48": (1500, 1900, 2400),
    "mini-itx-media-case": (80, 120, 170),
    "case-2u": (100, 150, 220),
    "atx-supply": (50, 70, 110),
    "dell-r320": (2000, 3000, 4500),
    "dell-r420": (4000, 5500, 8000),
    "dell-md3200i": (9000, 12000, 18000),
    "hp-p2000-g3": (9000, 12000, 18000),
}

# Bytes: smartctl output of the two Seagate drives, nominal size of the others.
CAPACITIES = {
    "seagate-st3000vx000": 3000592982016,
    "seagate-exos-x16-16t": 16000900661248,
    "intel-ssd-520-60": 60e9,
    "intel-ssd-520-120": 120e9,
    "intel-ssd-520-180": 180e9,
    "intel-ssd-520-240": 240e9,
    "intel-ssd-520-480": 480e9,
}

# W at active idle and at 100 % load, SPECpower_ssj2008.
MEASURED_POWER = {
    "hp-dl360-g4p": (216, 352),
    "smc-6025b": (245, 357),
    "dell-2950-iii": (157, 276),
    "hp-dl380-g5": (172, 258),
    "dell-1950": (143, 244),
    "dell-r420": (51.2, 205),
    "dell-r620": (54.9, 248),
    "fujitsu-rx100s7p": (19.1, 59.5),
    "hitachi-rs110-dl2": (45.8, 94),
    "smc-1027b-urf": (62.4, 285),
    "ibm-x3550m4": (56.5, 190),
    "smc-as1015sv-8324p": (69.1, 176),
    "smc-as1015sv-8024p": (62.1, 104),
    "smc-as3015a-4344p": (42.8, 78.2),
    "lenovo-st45v3-4465p": (20.6, 104),
    "hpe-dl20-g11": (28.0, 106),
    "fujitsu-rx1330m6": (17.8, 89.4),
    "hpe-dl145-g11": (46.8, 210),
    "quanta-s44nl-1u": (73.2, 360),
    "quanta-d44n-1u": (129, 692),
    "dell-r6515": (54.5, 231),
}

# Maximum in W and ports of 1, 10, 25, 40 and 100 Gbit/s, device-type library.
SWITCHES = {
    "cisco-sg500x-24": (36, (24, 4, 0, 0, 0)),
    "cisco-sg500x-48": (60, (48, 4, 0, 0, 0)),
    "mikrotik-crs305": (18, (1, 4, 0, 0, 0)),
    "mikrotik-crs309": (23, (1, 8, 0, 0, 0)),
    "mikrotik-crs317": (44, (1, 16, 0, 0, 0)),
    "mikrotik-crs326": (69, (0, 24, 0, 2, 0)),
    "mikrotik-crs354": (50, (48, 4, 0, 2, 0)),
    "mikrotik-crs504": (41, (0, 0, 0, 0, 4)),
    "mikrotik-crs518": (77, (0, 0, 16, 0, 2)),
}

# Median share of full-load power at rest and at 50 % load.
MEDIAN_POWER = {
    "specpower-2007-2009": (0.551, 0.805),
    "specpower-2010-2011": (0.316, 0.672),
    "specpower-2012-2013": (0.237, 0.542),
    "specpower-2014-2016": (0.173, 0.565),
    "specpower-2017-2019": (0.150, 0.505),
    "specpower-2020": (0.232, 0.596),
}

# A machine that no reading covers must bring these itself.
MACHINE_FACTS = ("idle_power", "peak_power", "power_factor", "rack_units")
NO_POWER_FOUND = {"hp-dl360p-gen8", "hp-dl380-g3", "dell-ps4000xv"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return shipped_catalog()


def all_facts(catalog: Catalog) -> Iterator[tuple[Entry, Fact]]:
    for entry in catalog.entries.values():
        for _, fact in entry.facts():
            yield entry, fact


def fact(catalog: Catalog, part: str, name: str) -> Fact:
    return catalog.entries[part].fact(name)


def test_parts_read_one_by_one_are_those_of_the_whole_files(catalog: Catalog) -> None:
    folder = shipped("catalogs")
    whole = load_catalog(catalog_files(folder), folder.parent)
    assert list(catalog.entries) == list(whole.entries)
    assert dict(catalog.entries) == dict(whole.entries)
    assert catalog.digests == whole.digests


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_fault_of_a_part_is_told_at_its_place(tmp_path: Path, newline: str) -> None:
    text = "kind: cpus\nparts:\n  good:\n    title: A\n\n  bad:\n    title: B\n    tdp: 35 VA\n"
    (tmp_path / "cpus.yaml").write_text(text, newline=newline)
    parts = ShippedParts([tmp_path / "cpus.yaml"], tmp_path)
    assert list(parts) == ["good", "bad"]
    assert parts["good"].part.title == "A"
    with pytest.raises(InputError, match=r"^cpus\.yaml:8:10: .*`VA` measures apparent power"):
        parts["bad"]
    with pytest.raises(KeyError):
        parts["none"]


def test_every_kind_has_its_file() -> None:
    assert {path.stem for path in catalog_files(shipped("catalogs"))} == set(KINDS)


@pytest.mark.parametrize("kind", REQUIRED)
def test_required_parts_are_there(catalog: Catalog, kind: str) -> None:
    have = {name for name, entry in catalog.entries.items() if entry.kind == kind}
    assert set(REQUIRED[kind].split()) - have == set()


def test_nothing_passes_for_a_decision(catalog: Catalog) -> None:
    given = [fact.name for _, fact in all_facts(catalog) if fact.known and fact.basis == "given"]
    given += [
        item.name
        for entry in catalog.entries.values()
        for _, item in entry.traits()
        if item.basis is Basis.GIVEN
    ]
    assert given == []


def test_every_assumption_has_a_range(catalog: Catalog) -> None:
    """Shapes of load curves are left out: a choice of model, whose error is not one per level."""
    bare = [
        item.name
        for entry, item in all_facts(catalog)
        if item.known
        and item.basis is Basis.ASSUMPTION
        and entry.kind != "load-shapes"
        and (item.low is None or item.high is None or not item.low < item.high)
    ]
    assert bare == []


def test_every_assumption_says_why(catalog: Catalog) -> None:
    silent = [
        item.name
        for entry in catalog.entries.values()
        for _, item in (*entry.facts(), *entry.traits())
        if item.basis is Basis.ASSUMPTION and not item.note and not item.source
    ]
    assert silent == []


def test_ranges_are_whole(catalog: Catalog) -> None:
    halves = [
        item.name for _, item in all_facts(catalog) if (item.low is None) != (item.high is None)
    ]
    assert halves == []


@pytest.mark.parametrize("part", PRICES_2013)
def test_prices_of_2013(catalog: Catalog, part: str) -> None:
    price = fact(catalog, part, "price")
    assert (price.low, price.value, price.high) == PRICES_2013[part]
    assert (price.unit, price.basis) == ("AUD", Basis.ASSUMPTION)


def test_case_and_brick_are_paid_once(catalog: Catalog) -> None:
    assert fact(catalog, "mini-itx-brick", "price").value == 0
    assert fact(catalog, "array-disk-2t", "price").value == 0


@pytest.mark.parametrize("part", CAPACITIES)
def test_capacities_to_the_byte(catalog: Catalog, part: str) -> None:
    assert fact(catalog, part, "capacity").value == CAPACITIES[part]


@pytest.mark.parametrize("part", MEASURED_POWER)
def test_power_of_benchmarked_machines(catalog: Catalog, part: str) -> None:
    idle, peak = fact(catalog, part, "idle_power"), fact(catalog, part, "peak_power")
    assert (idle.value, peak.value) == MEASURED_POWER[part]
    assert idle.basis is peak.basis is Basis.MEASURED


@pytest.mark.parametrize("part", SWITCHES)
def test_switches_as_in_the_device_type_library(catalog: Catalog, part: str) -> None:
    names = ("ports_1g", "ports_10g", "ports_25g", "ports_40g", "ports_100g")
    ports = tuple(fact(catalog, part, name).value for name in names)
    peak = fact(catalog, part, "peak_power")
    assert (peak.value, ports) == SWITCHES[part]
    assert peak.basis is Basis.NAMEPLATE


@pytest.mark.parametrize("part", MEDIAN_POWER)
def test_shapes_are_normalised_medians(catalog: Catalog, part: str) -> None:
    """Tolerance: the medians are given to three digits, and so are the shapes."""
    rest, half = MEDIAN_POWER[part]
    shape = [item.value for _, item in catalog.entries[part].facts()]
    assert shape[5] == pytest.approx((half - rest) / (1 - rest), abs=0.002)


def test_shapes_rise_from_rest_to_full_load(catalog: Catalog) -> None:
    for entry in catalog.entries.values():
        if entry.kind == "load-shapes":
            shape = [item.value for _, item in entry.facts()]
            assert len(shape) == 11
            assert (shape[0], shape[-1]) == (0, 1)
            assert shape == sorted(shape)


def test_no_series_of_measured_watts() -> None:
    """Results of single load levels belong to SPEC; only normalised medians are shipped."""

    def lists(value: Any) -> Iterator[list[Any]]:
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict):
            for item in value.values():
                yield from lists(item)

    for path in catalog_files(shipped("catalogs")):
        for row in lists(load(path).data):
            assert path.stem in ("load-shapes", "power-classes")
            # shapes from 0 to 1, or the six terms of a regression
            assert max(row) <= 1 or len(row) == 6


def test_every_source_is_used() -> None:
    def named(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("source"), str):
                yield value["source"]
            for item in value.values():
                yield from named(item)

    for path in catalog_files(shipped("catalogs")):
        data = load(path).data
        assert set(data.get("sources", {})) == set(named(data["parts"])), path.name


def test_machines_bring_what_a_design_needs(catalog: Catalog) -> None:
    missing = [
        f"{entry.id}.{name}"
        for entry in catalog.entries.values()
        if entry.kind in ("servers", "switches", "arrays") and entry.id not in NO_POWER_FOUND
        for name in MACHINE_FACTS
        if not entry.fact(name).known
    ]
    assert missing == []


def test_idle_is_below_peak(catalog: Catalog) -> None:
    for entry in catalog.entries.values():
        idle, peak = entry.fact("idle_power"), entry.fact("peak_power")
        if entry.kind != "supplies" and idle.known and peak.known:
            assert (idle.value or 0) <= (peak.value or 0), entry.id


def test_readings_of_the_plan() -> None:
    path = shipped("catalogs") / "measurements" / "vrt-2013.csv"
    readings = load_readings(path, path.name)
    rows = {
        name: [(row.load, row.power.value, row.power.bound) for row in items]
        for name, items in readings.items()
    }
    assert rows == {
        "vrt-node": [(0, 10, None), (1, 30, Bound.UPPER)],
        "legacy-server": [(1, 300, None)],
        "legacy-rack": [(1, 1500, None)],
    }
