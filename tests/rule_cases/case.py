"""A rule with a design that keeps it, and with what breaks it."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.rules import SEVERITIES

GIB, GB, TB = 2.0**30, 1e9, 1e12
E, W, I = SEVERITIES  # noqa: E741


@dataclass(frozen=True)
class Case:
    """What keeps a rule, and changes that break it.

    Parameters
    ----------
    code, kind : str
        The rule, and what it is held against.
    keeps : dict
        Quantities and traits with which it is kept.
    breaks : list of (dict, str, str)
        Changes, the severity that they lead to, and words of the message.
    traits : dict
        Traits that are not at issue.
    era : str
        Set of rules.
    """

    code: str
    kind: str
    keeps: dict
    breaks: list
    traits: dict = field(default_factory=dict)
    name: str = "it"
    era: str = "current"


CEPH = {"family": "ceph", "heals": True, "balancer": True, "holds_vms": True}
