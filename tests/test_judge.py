"""Requirements and claims held against what was computed."""

from __future__ import annotations

import pytest
from kit import SMALL, few_draws, write_small  # noqa: F401

import planner
from planner.faults import InputError
from planner.judge import spell
from planner.ranges import Range

pytestmark = pytest.mark.usefixtures("few_draws")

HEAD = SMALL[: SMALL.index("baseline:")]


def evaluated(folder, tail):
    return planner.evaluate(write_small(folder, HEAD + tail))


def met(folder, check):
    """Whether each design meets a requirement, and why."""
    snapshot = evaluated(folder, f"requirements:\n  - {{{check}}}\n")
    found = {design["id"]: design["requirements"][0] for design in snapshot.designs}
    return {name: item["met"] for name, item in found.items()}, found


def verdict(folder, *holds_if):
    lines = "".join(f"      - {{{check}}}\n" for check in holds_if)
    tail = f"claims:\n  - id: it\n    text: It.\n    holds_if:\n{lines}"
    (claim,) = evaluated(folder, tail).claims
    return claim["verdict"], claim["because"]


def faults(folder, tail):
    with pytest.raises(InputError, match=r"small\.yaml") as error:
        evaluated(folder, tail)
    start = HEAD.count("\n")
    return [
        (fault.mark.line - start, fault.mark.column, str(fault)) for fault in error.value.faults
    ]


YES, NO, NOBODY = ({"cluster": answer, "coded": answer} for answer in (True, False, None))


REQUIRED = {
    "quantity: workload_vms, at_least: 20": YES,
    "quantity: workload_vms, at_least: 21": NO,
    "quantity: workload_vms, at_most: 20 VMs": YES,
    "quantity: workload_vms, at_most: 19": NO,
    "quantity: workload_vms, about: 21": YES,
    "quantity: workload_vms, about: 21, within: 1 %": NO,
    "quantity: annual_labour_cost, at_least: 100 AUD": YES,
    "quantity: ceph.raw_capacity, at_least: 33 TB": {"cluster": False, "coded": True},
    "quantity: workload_vms, at_least: {quantity: workload_vms, times: 2}": NO,
    "quantity: workload_vms, at_most: {quantity: workload_vms, design: coded}": YES,
    "quantity: capital_cost, at_most: 1 AUD": NO,  # unknown, but at least more than that
    "quantity: capital_cost, at_most: 100000 AUD": NOBODY,
}


def test_requirements(tmp_path):
    lines = "".join(f"  - {{{check}}}\n" for check in REQUIRED)
    snapshot = evaluated(tmp_path, f"requirements:\n{lines}")
    for number, (check, expected) in enumerate(REQUIRED.items()):
        found = {one["id"]: one["requirements"][number]["met"] for one in snapshot.designs}
        assert found == expected, check


def test_what_only_one_design_has_cannot_be_judged_in_the_other(tmp_path):
    answers, found = met(tmp_path, "quantity: own.raw_capacity, at_least: 1 TB")
    assert answers == {"cluster": False, "coded": None}
    assert "own.raw_capacity of coded is unknown" in found["coded"]["because"]


def test_a_requirement_of_one_design(tmp_path):
    _, found = met(tmp_path, "quantity: workload_vms, design: coded, at_least: 1")
    assert found["cluster"]["because"] == found["coded"]["because"]
    assert "workload_vms of coded" in found["cluster"]["because"]


def test_a_requirement_without_a_text_says_what_was_found(tmp_path):
    _, found = met(tmp_path, "quantity: workload_vms, at_least: 21, note: next year")
    assert found["coded"]["text"] == ("workload_vms of coded is 20 VMs, below 21 VMs (next year)")


GOOD = "design: cluster, quantity: workload_vms, at_least: 1"
BAD = "design: cluster, quantity: workload_vms, at_least: 99"
OPEN = "design: cluster, quantity: capital_cost, at_most: 100000 AUD"


def test_claims(tmp_path):
    cases = [
        ([GOOD], [], "holds"),
        ([GOOD], [GOOD], "holds"),
        ([GOOD], [BAD], "holds-with-limits"),
        ([GOOD], [OPEN], "holds-with-limits"),
        ([GOOD, OPEN], [], "unknown"),
        ([GOOD, OPEN, BAD], [], "fails"),
    ]
    text = "claims:\n"
    for number, (holds_if, limits, _) in enumerate(cases):
        sides = (", ".join(f"{{{check}}}" for check in side) for side in (holds_if, limits))
        text += "  - {{id: c{}, text: It., holds_if: [{}], limits: [{}]}}\n".format(number, *sides)
    found = [claim["verdict"] for claim in evaluated(tmp_path, text).claims]
    assert found == [expected for *_, expected in cases]


def test_a_claim_of_nothing_is_unknown(tmp_path):
    (claim,) = evaluated(tmp_path, "claims: [{id: it, text: It is good.}]\n").claims
    assert (claim["verdict"], claim["because"]) == ("unknown", "nothing computable is claimed")


@pytest.mark.parametrize(
    ("check", "column", "message"),
    [
        ("quantity: vmz, at_least: 1", 16, "unknown quantity `vmz`; did you mean `vms`?"),
        ("quantity: vms, at_least: 1 W", 31, "`W` measures power, not virtual machines"),
        ("quantity: peak_power, at_least: 5", 38, "`5` has no unit; write it with its unit"),
        (
            "quantity: vms, at_least: {quantity: peak_power}",
            31,
            "vms is in vm, but it is compared in W; compare quantities of one unit",
        ),
        ("quantity: vms, at_least: {quantity: vmz}", 42, "unknown quantity `vmz`; did you mean"),
        ("quantity: total_cost, at_most: 5 EUR", 37, "`EUR` measures money in EUR, not money in A"),
    ],
)
def test_a_fault_of_a_requirement_is_told_once_at_its_place(tmp_path, check, column, message):
    ((line, at, text),) = faults(tmp_path, f"requirements:\n  - {{{check}}}\n")
    assert (line, at) == (2, column)
    assert message in text


def test_all_faults_of_claims_are_told_at_once(tmp_path):
    holds_if = "[{design: cluster, quantity: vmz, at_least: 1}, {quantity: vms, at_least: 1}]"
    limits = "[{design: cluster, quantity: vms, at_least: 1 W}]"
    claim = f"{{id: a, text: t, holds_if: {holds_if}, limits: {limits}}}"
    found = faults(tmp_path, f"claims:\n  - {claim}\n")
    assert [line for line, _, _ in found] == [2, 2, 2]
    assert "unknown quantity `vmz`" in found[0][2]
    assert "which design's `vms`?; add `design: ...`" in found[1][2]
    assert "`W` measures power" in found[2][2]


def test_bounds_are_spelled_as_bounds():
    assert spell(Range(5.0, 4.0, 6.0), "W") == "5.00 W"
    assert spell(Range(None, 4.0, None), "W") == "at least 4.00 W"
    assert spell(Range(None, None, 6.0), "W") == "at most 6.00 W"
    assert spell(Range(None, None, None), "W") == "unknown"


# What if a fact were otherwise


WHAT_IF = "design: cluster, quantity: ceph.raw_capacity, what_if: {big-disk.capacity: 1 TB}"


def test_a_claim_with_another_fact(tmp_path):
    plain = "design: cluster, quantity: ceph.raw_capacity, at_least: 30 TB"
    assert verdict(tmp_path, plain)[0] == "holds"
    told, because = verdict(tmp_path, f"{WHAT_IF}, at_least: 30 TB")
    assert told == "fails"
    assert "ceph.raw_capacity of cluster with big-disk.capacity 1.00 TB" in because
    assert "is 8.00 TB" in because
    # Of the same check both sides, of other checks neither.
    both = f"{WHAT_IF}, about: {{quantity: raw_capacity}}, within: 0"
    assert verdict(tmp_path, both.replace("raw_capacity}", "ceph.raw_capacity}"), plain)[0] == (
        "holds"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("big-disk.capacty: 1 TB", "`cluster` uses no fact `big-disk.capacty`"),
        ("big-disk.capacity: 1 W", "W"),
        ("big-disk.capacity: [1 TB]", "expected a value with its unit, got a list"),
    ],
)
def test_a_fact_that_cannot_be_otherwise(tmp_path, change, message):
    check = WHAT_IF.replace("big-disk.capacity: 1 TB", change)
    tail = (
        f"claims:\n  - id: it\n    text: It.\n    holds_if:\n      - {{{check}, at_least: 8 TB}}\n"
    )
    ((_, _, told),) = faults(tmp_path, tail)
    assert message in told


def test_requirements_are_of_the_designs_as_they_are(tmp_path):
    check = "quantity: vms, at_least: 1, what_if: {big-disk.capacity: 1 TB}"
    ((_, _, told),) = faults(tmp_path, f"requirements:\n  - {{{check}}}\n")
    assert "unknown key `what_if`" in told
