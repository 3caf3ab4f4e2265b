"""Majorities against published tolerances, live monitors and an enumeration of failures."""

import json
from itertools import combinations
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.models.quorum import quorum, quorum_group_losses, quorum_loss_probability

quick = settings(max_examples=60, deadline=None)
REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "storage-cases.json").read_text())["cases"]
LIVE = json.loads((REFERENCE / "storage-live-cases.json").read_text())["cases"]
TABLE = [case for case in CASES if case["kind"] == "mon_quorum"]
LIVE_MONITORS = [case for case in LIVE if case["kind"] == "live_quorum"]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["id"])
def test_published_tolerances(case):
    result = quorum(case["inputs"]["monitors"])
    assert result.majority == case["expected"]["quorum"]
    assert result.tolerated == case["expected"]["tolerated"]


@pytest.mark.parametrize(
    "case", [c for c in LIVE_MONITORS if "killed" in c["inputs"]], ids=lambda case: case["id"]
)
def test_live_monitors(case):
    monitors, killed = case["inputs"]["monitors"], case["inputs"]["killed"]
    answers = killed <= quorum(monitors).tolerated
    assert answers == case["measured"]["answers"]
    assert quorum_loss_probability(monitors, monitors, killed) == float(not answers)


@pytest.mark.parametrize(
    "case", [c for c in LIVE_MONITORS if "killed" not in c["inputs"]], ids=lambda case: case["id"]
)
def test_live_monitors_with_one_and_two_down(case):
    monitors = case["inputs"]["monitors"]
    for killed, key in ((1, "one_down"), (2, "two_down")):
        lost = quorum_loss_probability(monitors, monitors, killed)
        assert lost == float(not case["measured"][key]["cli"]["answers"])


@st.composite
def voters(draw):
    hosts = draw(st.integers(1, 9))
    return draw(st.integers(1, hosts)), hosts, draw(st.integers(0, hosts))


@quick
@given(voters(), st.integers(0, 3))
def test_probability_equals_enumeration(group, outside):
    members, hosts, down = group
    sets = list(combinations(range(hosts), down))
    majority = (members + outside) // 2 + 1
    stopped = sum(
        members + outside - sum(host < members for host in failed) < majority for failed in sets
    )
    result = quorum_loss_probability(members, hosts, down, outside)
    assert result == pytest.approx(stopped / len(sets), rel=1e-14)


@quick
@given(voters())
def test_group_enumeration_agrees_with_the_law(group):
    members, hosts, down = group
    losses = quorum_group_losses(np.arange(hosts)[:, None] < members, down)
    single = quorum_loss_probability(members, hosts, down)
    assert losses.each[0] == pytest.approx(single, rel=1e-12)
    assert losses.at_least_one == pytest.approx(single, rel=1e-12)


@quick
@given(st.integers(2, 7), st.data())
def test_several_groups_lie_between_the_worst_and_the_sum(hosts, data):
    row = st.lists(st.booleans(), min_size=hosts, max_size=hosts).filter(any)
    members = np.array(data.draw(st.lists(row, min_size=1, max_size=4))).T
    losses = quorum_group_losses(members, data.draw(st.integers(0, hosts)))
    assert losses.each.max() - 1e-12 <= losses.at_least_one <= losses.each.sum() + 1e-12
    for group, lost in zip(members.T, losses.each, strict=True):
        assert quorum_group_losses(group[:, None], 0).at_least_one == 0
        assert 0 <= lost <= 1


def test_even_members_tolerate_no_more():
    odd, even = quorum(np.arange(1, 30, 2)), quorum(np.arange(2, 31, 2))
    assert odd.tolerated.tolist() == even.tolerated.tolist()


def test_tie_breaker_rescues_a_pair():
    assert quorum_loss_probability(2, 2, 1) == 1.0
    assert quorum_loss_probability(2, 2, 1, outside_votes=1) == 0.0


def test_unknown_stays_unknown():
    assert isnan(quorum(np.nan).majority)
    result = quorum_loss_probability([3, np.nan], [np.nan, 4], 2)
    assert np.isnan(result).all()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: quorum(0), "members must be a whole number of at least 1, got 0"),
        (lambda: quorum(2.5), "members must be a whole number"),
        (lambda: quorum_loss_probability(5, 4, 2), "members must be at most the number of hosts"),
        (
            lambda: quorum_loss_probability(3, 4, 5),
            "hosts_down must be at most the number of hosts",
        ),
        (lambda: quorum_group_losses([[1, 0]], 1), "with a member in every group"),
        (lambda: quorum_group_losses([1, 0], 1), "must be hosts x groups"),
        (lambda: quorum_group_losses([[1]], 2), "hosts_down must be at most the 1 hosts, got 2"),
        (lambda: quorum_group_losses([[1]] * 60, 30), "60 hosts have too many sets of 30"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
