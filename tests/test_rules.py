"""Each rule with a design that keeps it, one that breaks it, and one that lacks what it needs."""

from __future__ import annotations

import pytest
from rule_cases import ALWAYS, CASES, Case

from planner.rules import ERAS, RULES, SEVERITIES, Subject, View, hold_all, rule_of

E, W, I = SEVERITIES  # noqa: E741
IDS = [f"{case.code}-{case.era}" for case in (*CASES, *ALWAYS)]


def held(case, changes=(), without=()):
    """What came of the rule on the case's subject, with changes."""
    rule = rule_of(case.code)
    known = {**case.traits, **case.keeps, **dict(changes)}
    names = (*rule.needs, *rule.wants)
    traits = {key: item for key, item in known.items() if key not in names}
    quantities = {f"{case.name}.{key}": known[key] for key in names if key in known}
    for name in without:
        quantities[f"{case.name}.{name}"] = None
    subject = Subject(case.kind, case.name, (case.name,), {**traits, "era": case.era})
    return hold_all([rule], View(quantities, (subject,), case.era))


@pytest.mark.parametrize("case", CASES, ids=IDS[: len(CASES)])
def test_a_design_that_keeps_the_rule(case):
    outcome = held(case)
    assert not outcome.findings
    assert [(item.code, item.subject) for item in outcome.passed] == [(case.code, case.name)]
    assert not outcome.not_applicable


@pytest.mark.parametrize("case", [*CASES, *ALWAYS], ids=IDS)
def test_a_design_that_breaks_the_rule(case):
    for changes, severity, words in case.breaks:
        outcome = held(case, changes)
        assert [item.severity for item in outcome.findings] == [severity], (changes, outcome)
        (found,) = outcome.findings
        assert words in found.message
        assert (found.code, found.subject) == (case.code, case.name)
        assert found.fix
        assert found.source
        assert not outcome.passed


@pytest.mark.parametrize("case", [*CASES, *ALWAYS], ids=IDS)
def test_a_rule_that_lacks_an_input_says_which(case):
    for name in rule_of(case.code).needs:
        outcome = held(case, case.breaks[0][0], without=[name])
        assert not outcome.findings
        assert not outcome.passed
        (skipped,) = outcome.not_applicable
        assert skipped.because == f"unknown: {name}"


@pytest.mark.parametrize("case", [*CASES, *ALWAYS], ids=IDS)
def test_a_rule_without_a_subject_is_not_applicable(case):
    outcome = hold_all([rule_of(case.code)], View({}, (), case.era))
    (skipped,) = outcome.not_applicable
    assert skipped.subject == ""


@pytest.mark.parametrize("case", [*CASES, *ALWAYS], ids=IDS)
def test_a_rule_of_another_era_is_not_held(case):
    for era in set(ERAS) - set(rule_of(case.code).eras):
        outcome = hold_all([rule_of(case.code)], View({}, (Subject(case.kind, "it"),), era))
        assert outcome.findings == outcome.passed == outcome.not_applicable == []


def test_every_rule_has_a_case(root):
    here = {case.code for case in (*CASES, *ALWAYS)}
    others = [path for path in (root / "tests").glob("test_*.py") if path.name != "test_rules.py"]
    elsewhere = "".join(path.read_text(encoding="utf-8") for path in others)
    codes = {rule.code for rule in RULES}
    assert here <= codes
    # The rules on what can be built and plugged in have theirs beside those models.
    assert [code for code in sorted(codes - here) if f'"{code}"' not in elsewhere] == []


def test_rules_are_told_in_full():
    for rule in RULES:
        assert rule.title, rule.code
        assert rule.fires, rule.code
        assert rule.fix, rule.code
        assert rule.source, rule.code
        assert rule.eras, rule.code
        assert len({rule.code for rule in RULES}) == len(RULES)


def test_the_letter_of_a_code_is_its_worst_severity():
    letters = {E: "E", W: "W", I: "I"}
    # What EOST03 would call an error is EVM01; WCEP22 can be no worse than information.
    others = {"EOST03", "WCEP22"}
    for rule in RULES:
        if rule.code not in others:
            assert rule.code[0] == letters[rule.severity], rule.code


@pytest.mark.parametrize(
    ("changes", "silent"),
    [
        ({"third_vote": 1, "fenced": 0}, True),
        ({"third_vote": 0, "fenced": 1}, True),
        ({"third_vote": 0, "fenced": 0}, False),
    ],
)
def test_a_third_vote_counts_today(changes, silent):
    case = next(case for case in CASES if case.code == "WDRB01")
    assert (not held(case, changes).findings) == silent


def test_hosts_of_vms_that_keep_no_core_back_are_told_once():
    case = next(case for case in CASES if case.code == "WCEP05" and case.era == "current")
    none = {"cores_for_daemons": 0, "cores_per_osd": 0, "threads_per_osd": 0, "nvme": True}
    assert held(case, none).findings
    assert not held(case, {**none, "runs_vms": True}).findings


def test_a_third_vote_was_not_there_in_2013():
    case = Case("WDRB01", "storage", {"shares": 2, "fenced": 0, "third_vote": 1}, [], era="2013")
    case = Case(**{**vars(case), "traits": {"family": "drbd"}})
    assert held(case).findings


def test_copies_on_a_network_of_their_own_need_one_gigabit_in_2013():
    case = next(case for case in CASES if case.code == "WCEP07" and case.era == "2013")
    alone = {"least_host_link": 0.125e9, "separate_replication": 1}
    assert held(case, {"least_host_link": 0.125e9}).findings
    assert not held(case, alone).findings


def test_numbers_are_told_by_the_names_that_explain_knows():
    case = next(case for case in CASES if case.code == "WCEP17")
    (found,) = held(case, {"failure_domains": 3}).findings
    assert [(item.quantity, item.value) for item in found.numbers] == [
        ("it.failure_domains", 3),
        ("it.shares", 3),
    ]


def test_a_raid_below_osds_is_told_without_their_number():
    case = next(case for case in CASES if case.code == "WCEP08")
    (found,) = held(case, {"raid": True}, without=["osds_on_host"]).findings
    assert found.message == "it: a RAID is below the OSDs"
