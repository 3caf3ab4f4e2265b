"""Catalog files as users write them; the shipped ones are judged in `test_shipped_catalog`."""

from __future__ import annotations

import pytest
from kit import OWN_CATALOG, planner

from planner.catalog import Catalog, check_catalog, load_catalog, parts_of_kind, shipped_catalog
from planner.facts import Basis
from planner.faults import InputError, Mark
from planner.parts import KINDS

HERE = Mark("scenario.yaml", 3, 5)


def written(folder, text=OWN_CATALOG, name="own.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder, *texts):
    paths = [written(folder, text, f"f{i}.yaml") for i, text in enumerate(texts)]
    with pytest.raises(InputError, match=r"f0\.yaml") as error:
        load_catalog(paths, folder)
    return [str(fault) for fault in error.value.faults]


def part(fact):
    return f"kind: boards\nsources: {{m: manual}}\nparts:\n  b: {{title: B, max_memory: {fact}}}\n"


def test_a_file_becomes_parts_with_sources_spelled_out(tmp_path):
    catalog = load_catalog([written(tmp_path)], tmp_path)
    entry = catalog.entry("own-switch", HERE, ["switches"])
    fact = entry.fact("peak_power")
    assert (entry.part.title, fact.value, fact.basis) == ("Old switch", 30.0, Basis.NAMEPLATE)
    assert (fact.name, fact.source) == ("own-switch.peak_power", "label on the back")
    assert str(fact.mark) == "own.yaml:12:17"
    assert list(catalog.digests) == ["own.yaml"]


def test_what_a_catalog_does_not_know_is_unknown_and_has_its_unit(tmp_path):
    entry = load_catalog([written(tmp_path)]).entry("own-switch", HERE)
    for name, unit in (("price", "money"), ("rack_units", "U"), ("power_factor", "1")):
        fact = entry.fact(name)
        assert (fact.value, fact.unit, fact.name) == (None, unit, f"own-switch.{name}")


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ("16 GiB", "f0.yaml:4:29: b.max_memory has no basis; write {value, basis, source}"),
        ("{value: 16 GiB, basis: datasheet}", "f0.yaml:4:29: b.max_memory has no source; name one"),
        (
            "{value: 16 GiB, basis: datasheet, source: n}",
            "f0.yaml:4:29: b.max_memory: unknown source `n`; known are: m",
        ),
        (
            "{value: 16 GiB, low: 17 GiB, basis: assumption}",
            "f0.yaml:4:50: max_memory.low: this lies on the wrong side of the value",
        ),
        (
            "{value: 16 GiB, high: 15 GiB, basis: assumption}",
            "f0.yaml:4:51: max_memory.high: this lies on the wrong side of the value",
        ),
        (
            "{value: 1 B, basis: assumption}",
            "f0.yaml:4:37: max_memory.value: `1 B` is out of range",
        ),
    ],
)
def test_every_fact_needs_its_evidence(tmp_path, fact, message):
    (found,) = faults(tmp_path, part(fact))
    assert found.startswith(message)


@pytest.mark.parametrize(
    "fact", ["{value: 1 GB, basis: assumption}", "unknown", "{value: unknown}"]
)
def test_assumptions_and_unknowns_need_no_source(tmp_path, fact):
    assert load_catalog([written(tmp_path, part(fact))]).entry("b", HERE).kind == "boards"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parts: {}\n", "f0.yaml:1:1: `kind` is missing; add `kind: ...`"),
        ("kind: bords\nparts: {}\n", "f0.yaml:1:7: kind: unknown kind `bords`; did you mean `boa"),
        ("kind: 5\nparts: {}\n", "f0.yaml:1:7: kind: expected a text, got 5"),
        ("kind: boards\n", "f0.yaml:1:1: `parts` is missing"),
        ("kind: boards\nparts: []\n", "f0.yaml:2:8: parts: expected a mapping, got a list"),
        ("kind: boards\nparts: {b: 5}\n", "f0.yaml:2:12: expected a mapping, got 5"),
        ("kind: boards\nparts: {b: {}}\n", "f0.yaml:2:12: `title` is missing"),
        ("kind: boards\nparts: {b c: {title: B}}\n", "f0.yaml:2:9: parts: `b c` is not a name"),
        ("kind: boards\nparts: {b: {title: B, max_ram: 1 GB}}\n", "f0.yaml:2:23: unknown key `max"),
        ("kind: boards\nsources: 5\nparts: {}\n", "f0.yaml:2:10: sources: expected a mapping"),
    ],
)
def test_faults_of_a_file(tmp_path, text, message):
    assert faults(tmp_path, text)[0].startswith(message)


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    found = faults(
        tmp_path,
        "kind: boards\nabuot: x\nparts: {a: {titel: A}, b: {title: B, socket: x}}\n",
        "kind: cpus\nparts: {c: {title: C, cores: 2.5}}\n",
        "kind: [\n",
    )
    places = [fault.split(" ")[0] for fault in found]
    assert places == [
        "f0.yaml:2:1:",
        "f0.yaml:3:12:",
        "f0.yaml:3:13:",
        "f0.yaml:3:46:",
        "f1.yaml:2:30:",
        "f2.yaml:2:1:",
    ]


def test_one_part_in_two_files(tmp_path):
    text = "kind: boards\nparts: {b: {title: B}}\n"
    (found,) = faults(tmp_path, text, text)
    assert found == "f1.yaml:2:9: `b` is also defined at f0.yaml:2:9; rename one of them"


def test_parts_of_ones_own_replace_those_of_the_same_name(tmp_path):
    own = load_catalog([written(tmp_path)])
    catalog = shipped_catalog().with_entries(own.entries.values())
    assert len(catalog.entries) == len(shipped_catalog().entries) + 1
    assert catalog.with_entries(own.entries.values()).entries == catalog.entries


def test_an_unknown_part_and_one_of_another_kind():
    with pytest.raises(
        InputError, match=r"^scenario\.yaml:3:5: unknown part `intel-dq77`; did you"
    ):
        shipped_catalog().entry("intel-dq77", HERE)
    with pytest.raises(InputError, match="`intel-dq77kb` is one of boards; name one of drives or"):
        shipped_catalog().entry("intel-dq77kb", HERE, ["drives", "arrays"])
    with pytest.raises(InputError, match=r"unknown part `x`$"):
        Catalog({}).entry("x", HERE)


def test_kinds_are_listed_in_order():
    found = [entry.kind for entry in parts_of_kind(shipped_catalog(), None)]
    assert found == sorted(found, key=list(KINDS).index)
    with pytest.raises(InputError, match=r"^bords: no such kind of part; did you mean `boards`"):
        parts_of_kind(shipped_catalog(), "bords")


def test_check_counts_what_is_there(tmp_path):
    assert check_catalog([written(tmp_path)]) == "1 files, 1 parts, 5 facts: no fault found."
    result = planner("catalog", "check", str(written(tmp_path)))
    assert (result.code, result.err) == (0, "")
