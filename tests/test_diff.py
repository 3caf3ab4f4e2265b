"""What changed between two comparisons; one of them may be a file that anybody wrote."""

from __future__ import annotations

import copy
import csv
import io
import json
import os

import pytest
from kit import few_draws, planner  # noqa: F401
from test_compute import SCENARIO

from planner.difference import Side, difference
from planner.evaluation import evaluate_fully
from planner.report.diff import render_difference
from planner.saved_snapshot import load_snapshot
from planner.schema import attempt
from planner.snapshot import Snapshot

pytestmark = pytest.mark.usefixtures("few_draws")

REQUIRED = "requirements: [{text: ten VMs run, quantity: vms, at_least: 10}]\n"
BASE = SCENARIO + REQUIRED
DEARER = ("price: {value: 500 EUR, basis", "price: {value: 700 EUR, basis")
FEWER = ("plain: {count: 3, node: plain, runs_vms: true, links", "plain: {count: 1, node: plain, "
         "runs_vms: true, links")  # fmt: skip


def written(folder, name, *changes):
    text = BASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / name).write_text(text)
    return str(folder / name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("diff")


@pytest.fixture(scope="module")
def base(folder):
    """The base as a scenario and as a snapshot, evaluated once."""
    path = written(folder, "base.yaml")
    snapshot = evaluate_fully(path).snapshot
    (folder / "base.json").write_text(snapshot.json())
    return path


@pytest.fixture(scope="module")
def saved(folder, base):  # noqa: ARG001
    return str(folder / "base.json")


@pytest.fixture(scope="module")
def data(saved):
    with open(saved, encoding="utf-8") as file:  # noqa: PTH123
        return json.load(file)


def found(*arguments):
    result = planner("diff", *arguments, "--format", "json")
    assert result.code == 0, result.err
    return json.loads(result.out)


# Nothing, and something


def test_a_scenario_and_itself(base):
    result = planner("diff", base, base, "--fail-on", "changed")
    assert result.code == 0
    assert "Nothing changed." in result.out
    assert "~" not in result.out


def test_a_dearer_part_changes_what_depends_on_it_and_is_told_as_the_cause(folder, base):
    new = written(folder, "dearer.yaml", DEARER)
    result = found(base, new)
    assert list(result["inputs"]["changed"]) == ["switch.price"]
    price = result["inputs"]["changed"]["switch.price"]
    assert (price["old"]["value"], price["new"]["value"]) == (500, 700)
    assert (price["change"], price["relative"]) == (200, pytest.approx(0.4))
    assert list(result["designs"]["changed"]) == ["pooled"]
    assert result["designs"]["same"] == 2
    pooled = result["designs"]["changed"]["pooled"]["quantities"]
    assert {tuple(item["causes"]) for item in pooled["changed"].values()} == {("switch.price",)}
    assert pooled["changed"]["capital_cost"]["change"] == 200
    computed = evaluate_fully(base).designs["pooled"]
    depends = {
        name
        for name, cell in computed.cells().items()
        if cell.value.ndim == 1
        and any(item.fact and item.fact.name == "switch.price" for item in cell.walk())
    }
    assert set(pooled["changed"]) == depends
    assert pooled["same"] + len(depends) == len(
        evaluate_fully(base).snapshot.design("pooled")["quantities"]
    )


def test_text_tells_old_new_change_and_cause(folder, base):
    new = written(folder, "dearer.yaml", DEARER)
    result = planner("diff", base, new)
    assert result.code == 0
    lines = result.out.splitlines()
    assert max(map(len, lines)) <= 100
    assert "  ~ switch.price: 500 EUR -> 700 EUR, +200 EUR (+40 %)" in lines
    (row,) = [line.split() for line in lines if line.startswith("~ capital_cost")]
    assert row[2:] == ["3,800", "EUR", "4,000", "EUR", "+200", "EUR", "+5.3", "switch.price"]
    assert lines[-1] == "Inputs: 1 changed, " + lines[-1].partition("1 changed, ")[2]
    assert "further results (--all)" in result.out
    everything = planner("diff", base, new, "--all").out
    assert "~ switch.node_price" in everything
    assert "--all" not in everything


@pytest.mark.parametrize(
    ("arguments", "code"), [((), 0), (("--fail-on", "worse"), 0), (("--fail-on", "changed"), 1)]
)
def test_exit_code_of_a_change_for_the_dearer(folder, base, arguments, code):
    assert planner("diff", base, written(folder, "dearer.yaml", DEARER), *arguments).code == code


def test_a_requirement_that_is_met_no_more_is_worse(folder, base):
    more = written(folder, "asked.yaml", ("at_least: 10}", "at_least: 1000}"))
    result = planner("diff", base, more, "--fail-on", "worse")
    assert result.code == 1
    assert "~ requirement ten VMs run: met -> not met" in result.out
    assert found(base, more)["worse"] is True
    back = found(more, base)
    assert back["worse"] is False
    assert back["changed"] is True
    assert planner("diff", more, base, "--fail-on", "worse").code == 0


def test_new_and_gone_findings_are_told(folder, base):
    fewer = written(folder, "fewer.yaml", FEWER)
    forth = found(base, fewer)["designs"]["changed"]["pooled"]["findings"]
    back = found(fewer, base)["designs"]["changed"]["pooled"]["findings"]
    assert forth["new"]
    assert forth["new"].keys() == back["gone"].keys()
    assert forth["gone"].keys() == back["new"].keys()
    code = next(item["code"] for item in forth["new"].values())
    assert f" {code}" in planner("diff", base, fewer).out


def test_how_a_design_is_built_is_a_cause_too(folder, base):
    changed = found(base, written(folder, "fewer.yaml", FEWER))["designs"]["changed"]["pooled"]
    causes = changed["quantities"]["changed"]["raw_capacity"]["causes"]
    assert causes == ["designs.pooled.groups.plain.count"]


def test_new_and_gone_designs(folder, base):
    more = written(folder, "more.yaml", ("  mixed:\n", "  other:\n"))
    result = found(base, more)
    assert list(result["designs"]["gone"]) == ["mixed"]
    assert list(result["designs"]["new"]) == ["other"]
    text = planner("diff", base, more).out
    assert "+ design other: Two kinds of hosts with local disks" in text
    assert "- design mixed: Two kinds of hosts with local disks" in text
    assert "designs.other.groups" not in text
    assert "designs.other.groups" in planner("diff", base, more, "--all").out


def test_only_the_source_of_an_input(folder, base):
    change = ("price: {value: 500 EUR, basis: datasheet, source: by hand}",
              "price: {value: 500 EUR, basis: measured, source: the shop}")  # fmt: skip
    result = found(base, written(folder, "source.yaml", change))
    assert result["designs"]["changed"] == {}  # a basis weighs nothing in a snapshot's numbers
    item = result["inputs"]["changed"]["switch.price"]
    assert item["source"] == {"old": "by hand", "new": "the shop"}
    assert item["change"] == 0
    assert result["changed"] is True


def test_a_price_that_becomes_unknown(folder, base):
    change = ("price: {value: 500 EUR, basis: datasheet, source: by hand}", "price: unknown")
    item = found(base, written(folder, "unknown.yaml", change))["designs"]["changed"]["pooled"]
    cost = item["quantities"]["changed"]["capital_cost"]
    assert cost["new"]["value"] is None
    assert cost["change"] is cost["relative"] is None
    text = planner("diff", base, written(folder, "unknown.yaml", change)).out
    assert "at least 3,300 EUR" in text
    assert "known or not" in text


def test_other_currencies_are_said_and_not_compared(folder, base):
    new = written(folder, "usd.yaml", ("EUR", "USD"))
    result = found(base, new)
    assert any("money is in EUR and in USD" in note for note in result["notes"])
    cost = result["designs"]["changed"]["pooled"]["quantities"]["changed"]["capital_cost"]
    assert cost["change"] is None
    assert "another unit" in planner("diff", base, new).out


# Snapshots


def sides(old, new):
    return difference(Side("old.json", Snapshot(old)), Side("new.json", Snapshot(new)))


def test_a_snapshot_and_its_scenario_are_the_same(base, saved, monkeypatch):
    monkeypatch.undo()  # the snapshot was made with all draws
    result = planner("diff", saved, base, "--fail-on", "changed")
    assert result.code == 0, result.out
    assert "Nothing changed." in result.out


def test_the_cause_of_two_snapshots_is_told_where_one_input_changed(data):
    new = copy.deepcopy(data)
    new["inputs"]["switch.price"]["value"] = 700
    cost = new["designs"][0]["quantities"]["capital_cost"]
    cost["value"] += 200
    changed = sides(data, new)["designs"]["changed"]["pooled"]["quantities"]["changed"]
    assert changed["capital_cost"]["causes"] == ["switch.price"]
    new["inputs"]["disk.price"]["value"] = 110
    changed = sides(data, new)["designs"]["changed"]["pooled"]["quantities"]["changed"]
    assert changed["capital_cost"]["causes"] is None


def test_the_last_bits_of_a_number_are_no_change(data):
    new = copy.deepcopy(data)
    for design in new["designs"]:
        for item in design["quantities"].values():
            if item["value"]:
                item["value"] *= 1 + 1e-13
    assert sides(data, new)["changed"] is False


def test_another_version_is_said(folder, saved, data):
    old = {**data, "planner": "0.0.1"}
    (folder / "older.json").write_text(json.dumps(old))
    text = planner("diff", str(folder / "older.json"), saved).out
    assert "two versions of planner made these, 0.0.1 and" in text


def test_claims_and_advice(data):
    claim = {"id": "c", "text": "t", "verdict": "holds", "because": "b"}
    old, new = (
        {**data, "claims": [{**claim, "verdict": verdict}]} for verdict in ("holds", "fails")
    )
    new["recommendation"] = {"design": "two-stores"}
    result = sides(old, new)
    assert result["claims"]["changed"] == {"c": {"old": "holds", "new": "fails"}}
    assert result["worse"] is True
    assert result["recommendation"]["new"] == "two-stores"
    assert sides(new, old)["worse"] is False


@pytest.mark.parametrize("output", ["text", "json", "csv", "md"])
def test_every_format_names_the_change(folder, base, output):
    fewer = written(folder, "fewer.yaml", FEWER)
    text = planner("diff", base, fewer, "--format", output).out
    for name in ("capital_cost", "ten VMs run"):
        assert name in text.replace("\\", "")
    if output == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {row["kind"] for row in rows} >= {"input", "result", "finding", "requirement"}
        assert len({len(row) for row in rows}) == 1
    assert text == planner("diff", base, fewer, "--format", output).out


# Hostile snapshots


@pytest.fixture
def refused(folder, saved):
    def call(content, name="bad.json"):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        for order in ((str(path), saved), (saved, str(path))):
            result = planner("diff", *order)
            assert result.code == 2, result.out
            assert "Traceback" not in result.err
            assert "unexpected" not in result.err
            for line in result.err.splitlines():
                assert line.startswith((str(path), "and "))
        return result.err

    return call


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no JSON"),
        ("{", r"no JSON"),
        ("[]", "this is no snapshot"),
        ("{}", "this is no snapshot"),
        ("nonsense", "no JSON"),
        ('{"schema": "planner/snapshot/99"}', "this planner reads `planner/snapshot/1`"),
        ('{"schema": 1}', "the snapshot's schema is `1`"),
        ('{"schema": "planner/snapshot/1"}', "planner is missing"),
        ('{"a": 1, "a": 2}', "a key is there twice"),
        ('{"schema": NaN}', "`NaN` is not a number"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a": ' + "9" * 5000 + "}", "no JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"\x00", "no JSON"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_files_that_are_no_snapshot(refused, content, message):
    assert message in refused(content)


def paths(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in items:
        yield (*path, key)
        if isinstance(below, dict | list):
            yield from paths(below, (*path, key))


KEPT = ("planner", "scenario", "inputs", "designs", "claims")


@pytest.mark.parametrize("wrong", [[1], "text", True, None, 10**400, 1e308])
def test_a_value_of_another_kind_is_used_or_refused(folder, data, wrong):
    small = copy.deepcopy(data)
    small["designs"] = small["designs"][:1]
    design = small["designs"][0]
    design["quantities"] = dict(list(design["quantities"].items())[:2])
    small["inputs"] = dict(list(small["inputs"].items())[:2])
    small = {key: small[key] for key in ("schema", *KEPT)}
    design = {key: design[key] for key in ("id", "title", "quantities", "findings", "requirements")}
    small["designs"] = [{**design, "findings": design["findings"][:1]}]
    places = [path for path in paths(small) if path[0] != "schema" and "numbers" not in path]
    path, used = folder / "mutant.json", 0
    for place in places:
        mutant = copy.deepcopy(small)
        home = mutant
        for step in place[:-1]:
            home = home[step]
        home[place[-1]] = wrong
        path.write_text(json.dumps(mutant))
        faults = []
        loaded = attempt(faults, load_snapshot, path, "mutant.json")
        assert all(str(fault).startswith("mutant.json") for fault in faults), place
        if loaded is None:
            continue
        for pair in ((loaded, Snapshot(data)), (Snapshot(data), loaded)):
            result = difference(*(Side(name, each) for name, each in zip("ab", pair, strict=True)))
            assert render_difference(result, "text")
            assert render_difference(result, "json")
        used += 1
    assert used < len(places)


def test_too_large_a_folder_a_pipe_and_nothing(folder, saved):
    large = folder / "large.json"
    with large.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    (folder / "folder.json").mkdir()
    os.mkfifo(folder / "pipe.json")
    for name, message in (
        ("large.json", "larger than"),
        ("folder.json", "folder"),
        ("pipe.json", "pipe"),
        ("missing.json", "cannot be read"),
    ):
        result = planner("diff", str(folder / name), saved)
        assert result.code == 2
        assert message in result.err


EVIL = ["=cmd()", "\x1b[2Jx", "<script>", "a|b`*", "\u202eevil", "x" * 10_000, "-1+1"]


@pytest.mark.parametrize("output", ["text", "csv", "md"])
def test_hostile_names_come_out_inert(folder, saved, data, output):
    evil = copy.deepcopy(data)
    evil["scenario"]["name"] = evil["planner"] = EVIL[1]
    number = {"value": 1, "low": None, "high": None, "unit": "EUR"}
    design = evil["designs"][0]
    design["title"] = EVIL[0]
    for name in EVIL:
        evil["inputs"][name] = {**number, "basis": "given", "source": name}
        design["quantities"][name] = dict(number)
        finding = {"code": name, "severity": "error", "message": name, "subject": name}
        design["findings"].append(finding)
        design["requirements"].append({"text": name, "met": False})
        evil["claims"].append({"id": name, "verdict": name})
        evil["designs"].append({**design, "id": name, "title": name})
    (folder / "evil.json").write_text(json.dumps(evil))
    for order in ((saved, str(folder / "evil.json")), (str(folder / "evil.json"), saved)):
        result = planner("diff", *order, "--all", "--format", output)
        assert result.code == 0, result.err
        assert "\x1b" not in result.out
        assert "\u202e" not in result.out
        if output == "csv":
            cells = [cell for row in csv.reader(io.StringIO(result.out)) for cell in row]
            texts = [cell for cell in cells if not cell.replace(".", "").lstrip("-").isdigit()]
            assert not [cell for cell in texts if cell.startswith(("=", "+", "-1+", "@"))]
        if output == "md":
            assert "<script>" not in result.out
