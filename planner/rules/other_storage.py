"""Rules on Swift, Sheepdog, DRBD and LVM."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import DRBD, LVM, SHEEPDOG, SWIFT
from planner.rules.view import Subject
from planner.wording import counted

TOPIC = "Swift, Sheepdog, DRBD, LVM"

DEPLOYMENT = "OpenStack Swift, deployment guide"
PARITY = (5, 6, 50, 60)


@rule(
    "WSWF01",
    "warning",
    TOPIC,
    SWIFT,
    fires="Swift keeps another number of replicas than three, or has fewer than three zones",
    fix="keep three replicas in three zones or more; five zones are called optimal",
    source=f"{DEPLOYMENT}; charm-swift (zones)",
)
def three_replicas_in_zones(
    one: Subject, shares: float, data_shares: float, failure_domains: float
) -> Iterator[Broken]:
    """Swift keeps three replicas in three zones or more.

    A zone has a power feed and a switch of its own; three replicas are what was tested.
    """
    if data_shares == 1.0 and (shares != 3.0 or failure_domains < 3.0):
        yield Broken(f"{one.name}: {shares:g} replicas in {failure_domains:g} zones")


@rule(
    "ESWF02",
    "error",
    TOPIC,
    SWIFT,
    fires="a RAID 5 or 6 is below Swift",
    fix="give Swift the bare drives",
    source=DEPLOYMENT,
)
def no_parity_below(one: Subject, shares: float) -> Iterator[Broken]:
    """No parity RAID is below Swift.

    Swift's small random writes are the worst case of parity, and it keeps replicas anyway.
    """
    if one["raid"] in PARITY:
        yield Broken(f"{one.name}: RAID {one['raid']} below {shares:g} replicas")


@rule(
    "ISWF03",
    "information",
    TOPIC,
    SWIFT,
    fires="always: the ring's size cannot be changed later without moving everything",
    fix="build the ring with this part power, weights of 100 for each TB, and min_part_hours 24; "
    "state `most_drives` as the ring may grow to",
    source=DEPLOYMENT,
)
def the_ring_may_grow(one: Subject, partition_power: float) -> Iterator[Broken]:
    """The ring is made for all drives that it may grow to."""
    yield Broken(f"{one.name}: part power {partition_power:g}, 100 partitions a drive or more")


@rule(
    "WDRB01",
    "warning",
    TOPIC,
    DRBD,
    fires="a pair has neither fencing nor a third vote (`third_vote`, from DRBD 9.0.18 on)",
    fix="give both nodes a BMC or a switched outlet and fence with it (`fencing: true`), or add a "
    "diskless tie-breaker (`third_vote: true`)",
    source="LINBIT, DRBD user's guide",
)
def pairs_do_not_split(
    one: Subject, shares: float, fenced: float, third_vote: float = 0.0
) -> Iterator[Broken]:
    """Two nodes that lose contact do not both go on.

    Each would take the other for dead and write; what one of them wrote is lost when they meet
    again.
    """
    if not fenced and not (third_vote and one["era"] != "2013"):
        yield Broken(
            f"{one.name}: {shares:g} mirrored nodes without fencing or a third vote; half of the "
            "raw capacity is usable"
        )


@rule(
    "ESHE01",
    "error",
    TOPIC,
    SHEEPDOG,
    eras=("2013",),
    fires="there are no more nodes than copies",
    fix="use a node more than there are copies",
    source="sheepdog-users list, August 2012 and September 2013: 3 copies on 2 hosts and 2 on 2 "
    "both halted",
)
def io_goes_on(one: Subject, failure_domains: float, shares: float) -> Iterator[Broken]:
    """Sheepdog goes on when a node is lost.

    It halts I/O when fewer nodes are left than copies are asked for.
    """
    if failure_domains <= shares:
        yield Broken(
            f"{one.name}: {shares:g} copies on {failure_domains:g} nodes: I/O halts when one is "
            "lost",
            f"use {shares + 1:g} nodes",
        )


@rule(
    "EOST02",
    "error",
    TOPIC,
    LVM,
    fires="volumes are on LVM, and the loss of a host is planned for (`planned_host_losses`)",
    fix="put the volumes on a replicated storage, such as Ceph RBD",
    source="OpenStack high availability guide, storage back ends",
)
def volumes_survive(
    one: Subject, planned_host_losses: float, host_losses_data_safe: float
) -> Iterator[Broken]:
    """Volumes survive the host losses that are planned for.

    A volume on LVM is on one host: the loss of that host takes all its volumes along, and a RAID
    covers its disks only.
    """
    if planned_host_losses > host_losses_data_safe:
        yield Broken(
            f"{one.name}: planned for are {counted(planned_host_losses, 'lost host')}; volumes on "
            f"LVM survive {host_losses_data_safe:g}"
        )
