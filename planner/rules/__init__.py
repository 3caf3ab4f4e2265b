"""Design rules: small functions from the quantities of a design to findings."""

from __future__ import annotations

from planner.faults import InputError, Mark
from planner.rules import (
    assembly,
    bonds,
    cabling,
    ceph,
    ceph_hosts,
    drive_places,
    hosts,
    network,
    openstack,
    other_storage,
    power,
    quorums,
    storage,
)
from planner.rules.engine import (
    ERAS,
    SEVERITIES,
    Broken,
    Era,
    Finding,
    Held,
    Number,
    Passed,
    Rule,
    Severity,
    Skipped,
    hold_all,
    rule,
)
from planner.rules.view import Scope, Subject, View
from planner.wording import did_you_mean

__all__ = [
    "ERAS",
    "RULES",
    "SEVERITIES",
    "Broken",
    "Era",
    "Finding",
    "Held",
    "Number",
    "Passed",
    "Rule",
    "Scope",
    "Severity",
    "Skipped",
    "Subject",
    "View",
    "held_against",
    "hold_all",
    "rule",
    "rule_of",
]

MODULES = (
    hosts,
    storage,
    ceph,
    ceph_hosts,
    other_storage,
    quorums,
    openstack,
    assembly,
    drive_places,
    network,
    cabling,
    bonds,
    power,
)
"""Where rules are; a rule is found by being there."""

RULES: tuple[Rule, ...] = tuple(
    item for module in MODULES for item in vars(module).values() if isinstance(item, Rule)
)
"""All rules, by topic."""


def rule_of(code: str) -> Rule:
    """The rule of a code.

    Raises
    ------
    InputError
        When there is no such rule.
    """
    known = {one.code: one for one in RULES}
    if code.upper() not in known:
        raise InputError.at(Mark(code), "no such rule", did_you_mean(code.upper(), known))
    return known[code.upper()]


def held_against(view: View) -> Held:
    """What came of holding every rule of the view's era against a design."""
    return hold_all(RULES, view)
