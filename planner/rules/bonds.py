"""Rules on links that are joined."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import BONDS, HEARTBEATS, ISCSI, LACP
from planner.rules.view import Subject
from planner.units import format_quantity
from planner.wording import counted

TOPIC = "Bonds"

LEAST_SHARE = 0.95
"""Proposal: part of a bond's rate that its flows should be able to use on average."""
UNEVEN = (3, 5, 6, 7)
BONDING = "Linux kernel, Documentation/networking/bonding"


@rule(
    "WLAG01",
    "warning",
    TOPIC,
    LACP,
    fires="so few flows share a bond that on average they use less than "
    f"{LEAST_SHARE:.0%} of its rate (proposal)",
    fix="plan with the rate of one link, use layer3+4 where many connections share the bond, or "
    "use faster ports",
    source=f"{BONDING}: layer2 and layer2+3 give a link to each peer, layer3+4 to each connection "
    "(not fully 802.3ad)",
)
def flows_fill_the_bond(
    one: Subject,
    bond_flows: float,
    usable_bond_share: float,
    guaranteed_bond_rate: float,
    expected_bond_rate: float,
) -> Iterator[Broken]:
    """The flows of a bond spread over its links.

    One flow never exceeds one link, and flows that hash to the same link share it, however idle
    the others are.
    """
    if usable_bond_share < LEAST_SHARE:
        one_link, expected = (
            format_quantity(rate, "B/s") for rate in (guaranteed_bond_rate, expected_bond_rate)
        )
        yield Broken(
            f"{one.name}: {counted(bond_flows, 'flow')} on {one['ports']} ports with "
            f"{one['hash']}: one flow, or all on one link, get {one_link}; on average they use "
            f"{expected}, {usable_bond_share:.0%} of the bond"
        )


@rule(
    "ILAG03",
    "information",
    TOPIC,
    LACP,
    fires="a bond has 3, 5, 6 or 7 members",
    fix="use 2, 4 or 8 members",
    source="third-party notes on hash buckets of switches (eight a group)",
)
def links_are_a_power_of_two(one: Subject) -> Iterator[Broken]:
    """A bond has 2, 4 or 8 members, over which hashes spread evenly."""
    if one["ports"] in UNEVEN:
        yield Broken(f"{one.name}: {one['ports']} members share eight hash buckets unevenly")


@rule(
    "WLAG04",
    "warning",
    TOPIC,
    ISCSI,
    fires="iSCSI has fewer logins a client than the client's bond has ports",
    fix="use multipath I/O with a login on each port (`iscsi: {paths: ...}`) in place of the bond",
    source="one iSCSI login is one TCP connection; multipath I/O is general practice",
)
def logins_use_every_link(one: Subject, iscsi_paths: float) -> Iterator[Broken]:
    """iSCSI uses every port of its clients.

    A login keeps to one link, whatever the bond: summed speed is only reached by several logins.
    """
    if iscsi_paths < one["bonded_ports"]:
        yield Broken(
            f"{one.name}: {counted(iscsi_paths, 'login')} a client, and bonds of "
            f"{one['bonded_ports']} ports: the others stay idle",
            f"use multipath I/O with `iscsi: {{paths: {one['bonded_ports']}}}`",
        )


@rule(
    "WLAG05",
    "warning",
    TOPIC,
    HEARTBEATS,
    fires="the heartbeat runs over LACP at the slow rate",
    fix="set the fast rate at both ends (`bond: {rate: fast}`), and give the heartbeat a 1 Gbit/s "
    "network of its own",
    source="Proxmox, pvecm: 90 s until a dead link is dropped, about 60 s until a node is fenced",
)
def heartbeats_outlive_a_link(one: Subject) -> Iterator[Broken]:
    """A dead link is dropped before its host is fenced."""
    if one["rate"] == "slow":
        yield Broken(
            f"{one.name}: LACP drops a dead link after 90 s; hosts without quorum are fenced "
            "after about 60 s"
        )


@rule(
    "ILAG06",
    "information",
    TOPIC,
    BONDS,
    eras=("2013",),
    fires="layer3+4 on the kernels of the time",
    fix="test with odd and even source ports; kernels from 2017 on spread both",
    source="Linux kernel, commit b5f8621 (2017), netdev list",
)
def even_ports_spread(one: Subject) -> Iterator[Broken]:
    """Connections from even source ports spread over the links.

    Before 2017 they all hashed to one of two links, those of iperf among them.
    """
    if one["hash"] == "layer3+4":
        yield Broken(f"{one.name}: connections from even source ports all take one link of two")
