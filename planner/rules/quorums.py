"""Rules on groups that vote; each group is judged by one of them."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, Severity, rule
from planner.rules.scopes import CONTROL_QUORUMS, MONITOR_QUORUMS, OTHER_QUORUMS
from planner.rules.view import Subject
from planner.wording import counted

TOPIC = "Quorums"

FIVE = 5.0


def _small_or_even(
    one: Subject, members: float, tolerated: float, small: Severity
) -> Iterator[Broken]:
    """A group that bears no loss, or has a member to no purpose."""
    if members < 3 or members % 2 == 0:
        wanted = 3 if members < 3 else members + 1
        yield Broken(
            f"{one.name}: of {counted(members, 'member')}, {tolerated:g} may be lost",
            f"use {wanted:g} members, each on its own host",
            small if members < 3 else "warning",
        )


@rule(
    "ECEP13",
    "error",
    TOPIC,
    MONITOR_QUORUMS,
    fires="Ceph has one or two monitors (error), an even number of them (warning), or fewer than "
    "five in a design of five hosts or more (information)",
    fix="use three monitors, five from five hosts on, each on its own host; grow by two",
    source="Ceph, adding and removing monitors; Red Hat Ceph Storage 5; IBM Storage Ceph (five "
    "from five nodes on); ceph-medic WMON3 to 5",
)
def monitors_keep_their_majority(
    one: Subject, members: float, member_losses_tolerated: float, node_total: float
) -> Iterator[Broken]:
    """Ceph's monitors bear the loss of a host.

    Without a majority of the monitors no client finds its data. Three bear one loss: when one is
    down for maintenance, the next failure stops everything.
    """
    yield from _small_or_even(one, members, member_losses_tolerated, "error")
    if members == 3.0 and node_total >= FIVE:
        yield Broken(
            f"{one.name}: of 3 members, {member_losses_tolerated:g} may be lost; from 5 hosts on 5 "
            f"are advised, here are {node_total:g}",
            "use 5 members, each on its own host",
            "information",
        )


@rule(
    "WOST01",
    "warning",
    TOPIC,
    CONTROL_QUORUMS,
    fires="Galera or RabbitMQ has fewer than three members, or an even number of them",
    fix="use three controllers",
    source="OpenStack high availability guide, stateful control plane",
)
def controllers_keep_their_majority(
    one: Subject, members: float, member_losses_tolerated: float
) -> Iterator[Broken]:
    """Database and message queue bear the loss of a controller."""
    yield from _small_or_even(one, members, member_losses_tolerated, "warning")


@rule(
    "EQUO01",
    "error",
    TOPIC,
    OTHER_QUORUMS,
    fires="a group has two members (error), one member, or an even number of them (warning)",
    fix="use an odd number of members, three or more, each on its own host; two need a third vote",
    source="OpenStack high availability guide, key concepts; Proxmox, pvecm (QDevice); Juju, "
    "enable-ha",
)
def groups_keep_their_majority(
    one: Subject, members: float, member_losses_tolerated: float
) -> Iterator[Broken]:
    """A group that votes bears the loss of a member, and has no member to no purpose.

    Of two members neither has a majority when they lose contact: they stop more often than one
    alone would.
    """
    small: Severity = "error" if members == 2.0 else "warning"
    yield from _small_or_even(one, members, member_losses_tolerated, small)
