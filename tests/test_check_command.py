"""``planner check`` and ``planner rules`` as a user runs them."""

from __future__ import annotations

import csv
import io
import json

import pytest
from kit import SMALL, few_draws, planner, write_small  # noqa: F401

import planner as library

pytestmark = pytest.mark.usefixtures("few_draws")

HEAD = SMALL[: SMALL.index("rules: current")]


@pytest.fixture(scope="module")
def shipped():
    """Codes, severities and messages of the shipped scenarios by design."""
    return {name: library.evaluate(name) for name in ("vrt-2013", "clean-reference")}


def found(snapshot, design, code):
    """Severities and messages of a code in a design."""
    findings = snapshot.design(design)["findings"]
    return [(one["severity"], one["message"]) for one in findings if one["code"] == code]


@pytest.mark.parametrize(
    ("design", "code", "severity", "words"),
    [
        ("mini-itx-cluster", "ECEP13", "information", "monitors: of 3 members, 1 may be lost"),
        ("mini-itx-cluster", "WCEP17", "warning", "3 shares on 3 failure domains"),
        ("mini-itx-cluster", "WCEP21", "warning", "data survives 2, service 1"),
        ("mini-itx-cluster", "WCEP21", "warning", "two lost hosts stop 100%"),
        ("mini-itx-cluster-4", "WCEP21", "warning", "two lost hosts stop 50%"),
        ("mini-itx-cluster", "WCEP12", "warning", "the journal is on the data disk"),
        ("mini-itx-cluster", "WLAG01", "warning", "compute on back-end: 3 flows on 2 ports"),
        ("mini-itx-cluster", "WSW04", "warning", "22 hosts lose a network with the only"),
        ("mini-itx-cluster", "EOST03", "warning", "16 virtual processors a thread"),
        ("mini-itx-pooled", "ECEP01", "error", "16 hosts run the storage's daemons"),
        ("mini-itx-pooled", "WCEP03", "warning", "1 OSD and a monitor, which take 1.50 GB"),
        ("mini-itx-pooled", "WCEP08", "warning", "the operating system shares an OSD's drive"),
        ("mini-itx-pooled", "WCEP14", "warning", "monitors on hosts with 1 OSD each"),
        ("rack-1u", "WCEP03", "warning", "for 2 OSDs and a monitor"),
        ("mini-itx-test", "ESTO01", "error", "3 shares of each object"),
        ("mini-itx-test", "ECEP13", "error", "monitors: of 2 members, 0 may be lost"),
        ("mini-itx-test", "WOST01", "warning", "database: of 2 members, 0 may be lost"),
        ("legacy-rack", "EOST02", "error", "volumes on LVM survive 0"),
        ("rack-san", "WSTO02", "warning", "2 drives may fail, and nothing else"),
    ],
)
def test_findings_of_the_plan_of_2013(shipped, design, code, severity, words):
    told = found(shipped["vrt-2013"], design, code)
    assert any(one == severity and words in message for one, message in told), told


def test_ports_of_the_plan_of_2013(shipped):
    told = found(shipped["vrt-2013"], "mini-itx-cluster", "ESW01")
    assert any(one == "error" and "63" in text and "48" in text for one, text in told), told
    assert any(one == "information" and "3 of 4 ports" in text for one, text in told), told


@pytest.mark.parametrize(
    ("design", "codes"),
    [
        # Nodes with 16 GiB for two disks of 3 TB have memory enough; librbd may share hosts.
        ("mini-itx-cluster", {"ECEP01", "WCEP03", "WCEP02", "WCEP14", "WCEP08", "ECEP04"}),
        ("mini-itx-cluster-4", {"WCEP17", "WCEP22", "ESTO01", "ECEP16"}),
        ("rack-san", {"WCEP17", "WCEP12", "WCEP21", "EOST02", "ECEP13"}),
        ("legacy-rack", {"WSTO02", "WCEP12", "WCEP06", "WMAA02"}),
        ("rack-1u", {"ECEP01", "WCEP17", "WCEP08", "ESW01"}),
    ],
)
def test_what_does_not_apply_is_not_found(shipped, design, codes):
    findings = shipped["vrt-2013"].design(design)["findings"]
    assert not codes & {one["code"] for one in findings}


def test_a_design_by_the_book_has_no_finding(shipped):
    (design,) = shipped["clean-reference"].designs
    assert design["findings"] == []
    assert design["suppressed"] == []
    assert all(item["met"] for item in design["requirements"])
    assert len(design["passed"]) > 40


def test_the_clean_reference_at_the_command_line():
    result = planner("check", "clean-reference", "--fail-on", "warning")
    assert result.code == 0
    assert "Rules: 0 errors, 0 warnings, 0 information, " in result.out.splitlines()[-1]


def write(folder, tail="rules: current\n"):
    return write_small(folder, HEAD + tail)


def test_the_text_is_by_design_and_topic_with_fix_and_source(tmp_path):
    lines = planner("check", write(tmp_path)).out.splitlines()
    assert lines[0].startswith("Rules current: those of BlueStore and OpenStack today. Admission")
    at = lines.index("coded: The same with parity")
    assert "  Virtual machines" in lines[lines.index("cluster: Three boxes") : at]
    assert any(line.startswith("      fix: ") for line in lines)
    assert any(line.startswith("      source: ") for line in lines)
    assert lines[-1].startswith("Rules: ")
    assert max(map(len, lines)) <= 100


def test_the_json_is_stable(tmp_path):
    result = json.loads(planner("check", write(tmp_path), "--format", "json").out)
    assert list(result) == [
        "schema",
        "planner",
        "scenario",
        "rules",
        "designs",
        "claims",
        "unused_suppressions",
        "counts",
        "summary",
    ]
    assert result["schema"] == "planner/check/1"
    assert result["rules"] == "current"
    design = result["designs"][0]
    assert list(design["counts"]) == [
        "errors",
        "warnings",
        "information",
        "passed",
        "not_applicable",
        "suppressed",
        "requirements_met",
        "requirements_not_met",
        "requirements_unknown",
    ]
    finding = design["findings"][0]
    keys = ("code", "severity", "topic", "subject", "message", "fix", "source", "numbers")
    assert tuple(finding) == keys
    assert set(finding["numbers"][0]) == {"quantity", "value", "unit"}
    assert all(item["because"] for item in design["not_applicable"])
    for key in ("errors", "warnings", "passed"):
        assert result["counts"][key] == sum(one["counts"][key] for one in result["designs"])


def test_the_numbers_of_a_finding_can_be_explained():
    data = json.loads(planner("check", "vrt-2013", "-d", "mini-itx-cluster", "-f", "json").out)
    finding = next(one for one in data["designs"][0]["findings"] if one["code"] == "WCEP17")
    for number in finding["numbers"]:
        result = planner("explain", "vrt-2013", "mini-itx-cluster", number["quantity"])
        assert result.code == 0, result.err
        assert f"= {number['value']:g}" in result.out


@pytest.mark.parametrize("output", ["csv", "md"])
def test_other_formats_tell_the_same(tmp_path, output):
    path = write(tmp_path)
    data = json.loads(planner("check", path, "--format", "json").out)
    text = planner("check", path, "--format", output).out
    codes = [one["code"] for design in data["designs"] for one in design["findings"]]
    assert codes
    if output == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["name"] for row in rows if row["kind"] == "finding"] == codes
        skipped = [one for design in data["designs"] for one in design["not_applicable"]]
        assert sum(row["result"] == "not applicable" for row in rows) == len(skipped)
    else:
        assert all(f" {code}** " in text for code in codes)


def severities(path):
    data = json.loads(planner("check", path, "--format", "json", "--fail-on", "never").out)
    return data["counts"]


def test_a_suppressed_finding_stays_listed_and_does_not_count(tmp_path):
    path = write(tmp_path)
    before = json.loads(planner("check", path, "--format", "json").out)
    code = before["designs"][0]["findings"][0]["code"]
    tail = f"suppress:\n  - {{code: {code}, design: cluster, reason: bought next year}}\n"
    after = json.loads(planner("check", write(tmp_path, tail), "--format", "json").out)
    design = after["designs"][0]
    assert code not in [one["code"] for one in design["findings"]]
    assert {one["code"] for one in design["suppressed"]} == {code}
    assert {one["reason"] for one in design["suppressed"]} == {"bought next year"}
    number = len(design["suppressed"])
    assert after["counts"]["suppressed"] == number
    assert after["designs"][1]["findings"] == before["designs"][1]["findings"]
    text = planner("check", write(tmp_path, tail)).out
    assert f"suppressed {code}: " in text
    assert "reason: bought next year" in text


def test_a_suppression_without_a_design_is_for_all(tmp_path):
    tail = "suppress: [{code: WSW04, reason: a spare is on the shelf}]\n"
    data = json.loads(planner("check", write(tmp_path, tail), "--format", "json").out)
    assert all("WSW04" in [one["code"] for one in item["suppressed"]] for item in data["designs"])


def test_a_suppression_without_effect_is_told_at_its_place(tmp_path):
    """WCEP20 is kept, WSW04 broken in both designs, of which one is named."""
    tail = (
        "suppress:\n  - {code: WCEP20, reason: drives are few}\n"
        "  - {code: WSW04, design: cluster, reason: a spare is on the shelf}\n"
    )
    path = write(tmp_path, tail)
    line = HEAD.count("\n") + 2
    at = f"{path}:{line}:12"
    for output in ("text", "md"):
        told = " ".join(planner("check", path, "--format", output).out.replace("\\", "").split())
        assert f"{at}: WCEP20 finds nothing in any design; delete the suppression" in told
    rows = list(csv.DictReader(io.StringIO(planner("check", path, "--format", "csv").out)))
    assert [(r["name"], r["because"]) for r in rows if r["kind"] == "suppression"] == [
        ("WCEP20", at)
    ]
    data = json.loads(planner("check", path, "--format", "json").out)
    assert data["unused_suppressions"] == [{"code": "WCEP20", "design": None, "at": at}]
    assert "without effect" not in planner("check", path, "--code", "WSW04").out
    one = planner("check", path, "--design", data["designs"][0]["id"])
    assert at in one.out


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("{code: WCEP177, reason: x}", "unknown rule `WCEP177`; did you mean `WCEP17`?"),
        ("{code: WCEP17}", "`reason` is missing"),
        ('{code: WCEP17, reason: " "}', "the reason is empty; say why this is accepted"),
        ("{code: WCEP17, design: clster, reason: x}", "unknown design `clster`; did you mean"),
    ],
)
def test_faults_of_suppressions_are_told_at_their_place(tmp_path, item, message):
    result = planner("check", write(tmp_path, f"suppress:\n  - {item}\n"))
    assert result.code == 2
    assert message in result.err
    line = HEAD.count("\n") + 2
    assert f"small.yaml:{line}:" in result.err


def test_the_set_of_rules(tmp_path):
    for stated, used in (("2013", "2013"), ('"2013"', "2013"), ("current", "current")):
        path = write(tmp_path, f"rules: {stated}\n")
        data = json.loads(planner("check", path, "--format", "json").out)
        assert data["rules"] == used
        every = [
            item["code"]
            for design in data["designs"]
            for key in ("findings", "passed", "not_applicable")
            for item in design[key]
        ]
        assert ("WCEP03" in every) == (used == "2013")
        assert ("ECEP04" in every) == (used == "current")


def test_an_unknown_set_of_rules(tmp_path):
    result = planner("check", write(tmp_path, "rules: 2014\n"))
    assert result.code == 2
    assert "rules" in result.err
    assert "2013" in result.err


def test_one_rule_only(tmp_path):
    result = planner("check", write(tmp_path), "--code", "WSW04", "--format", "json")
    data = json.loads(result.out)
    assert data["counts"]["warnings"] == 2
    assert data["counts"]["passed"] == 0
    assert data["claims"] == []
    assert planner("check", write(tmp_path), "--code", "WSW04").code == 0
    assert planner("check", write(tmp_path), "-c", "WSW04", "--fail-on", "warning").code == 1
    wrong = planner("check", write(tmp_path), "--code", "WSW40")
    assert wrong.code == 2
    assert "WSW40: no such rule; did you mean `WSW04`?" in wrong.err


def test_what_fails():
    assert planner("check", "vrt-2013", "-c", "ESW01").code == 1
    assert planner("check", "vrt-2013", "-c", "ESW01", "--fail-on", "never").code == 0
    assert planner("check", "vrt-2013", "-c", "WCEP17").code == 0


def test_the_rules_are_listed():
    lines = planner("rules").out.splitlines()
    assert "  WCEP17  warning, 2013 and current" in lines
    assert "  WCEP03  warning, 2013" in lines
    assert lines[-1] == f"{len(library.rules.RULES)} rules; `planner rules CODE` tells all of one."
    one = planner("rules", "wcep17").out
    assert "fires: when there are as many failure domains as shares of an object" in one
    assert "needs: failure_domains, shares" in one
    data = json.loads(planner("rules", "--format", "json").out)
    assert {"code", "severity", "era", "topic", "fires", "fix", "source"} <= set(data[0])


def test_every_rule_has_its_section(root):
    page = (root / "docs" / "rules.md").read_text(encoding="utf-8")
    for rule in library.rules.RULES:
        assert f"\n### {rule.code}\n" in page


POOLS = """\
  small-pool:
    title: A pool of two copies
    extends: cluster
    pools: {scratch: {use: ephemeral, backend: ceph, data: 1 TB, copies: 2}}
"""


def test_a_pool_may_keep_fewer_copies_than_its_storage(tmp_path):
    text = SMALL.replace("overrides:\n", POOLS + "overrides:\n")
    snapshot = library.evaluate(write_small(tmp_path, text))
    told = found(snapshot, "small-pool", "ECEP15")
    words = "scratch: 2 copies with min_size 1: clients write while a single copy is left"
    assert ("error", words) in told
    assert [message.partition(":")[0] for _, message in told] == ["volumes", "scratch"]
    assert {severity for severity, _ in told} == {"error"}
