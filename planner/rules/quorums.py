"""Rules on groups that vote."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import QUORUMS
from planner.rules.view import Subject

TOPIC = "Quorums"


@rule(
    "EQUO01",
    "error",
    TOPIC,
    QUORUMS,
    fires="a group has one or two members, or an even number of them",
    fix="use an odd number of members, three or more, each on its own host",
    source="OpenStack high availability guide; Ceph documentation, adding monitors",
)
def groups_keep_their_majority(
    one: Subject, members: float, member_losses_tolerated: float
) -> Iterator[Broken]:
    """A group that votes bears the loss of a member, and has no member to no purpose."""
    if members < 3 or members % 2 == 0:
        yield Broken(
            f"{one.name}: of {members:g} members, {member_losses_tolerated:g} may be lost",
            f"use {3 if members < 3 else members + 1:g} members, each on its own host",
            "warning",
        )
