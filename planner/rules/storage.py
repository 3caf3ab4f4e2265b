"""Rules on any storage: where copies can go, and what they survive."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import POOLED_STORAGE, STORAGE
from planner.rules.view import Subject

TOPIC = "Storage"


@rule(
    "ESTO01",
    "error",
    TOPIC,
    STORAGE,
    fires="there are fewer failure domains than shares of an object",
    fix="use as many hosts as shares, or fewer copies",
    source="law of distinct failure domains",
)
def shares_have_domains(one: Subject, failure_domains: float, shares: float) -> Iterator[Broken]:
    """Each share of an object has a failure domain of its own."""
    if failure_domains < shares:
        yield Broken(
            f"{one.name}: {shares:g} shares of each object need as many failure domains, and there "
            f"are {failure_domains:g}: nothing can be stored safely",
            f"use at least {shares:g} hosts, or fewer copies",
        )


@rule(
    "WSTO02",
    "warning",
    TOPIC,
    STORAGE,
    fires="each object is kept once, apart from a RAID within its host or array",
    fix="keep copies on other hosts, or restore from a backup",
    source="OpenStack high availability guide, storage back ends",
)
def more_than_one_copy(
    one: Subject,
    shares: float,
    data_shares: float,
    drive_losses_data_safe: float = 0.0,
    planned_host_losses: float = 0.0,
) -> Iterator[Broken]:
    """The loss of a machine loses no data.

    Volumes on LVM whose loss is planned for are EOST02.
    """
    if shares == data_shares and not (one["family"] == "lvm" and planned_host_losses):
        bears = "so is it with any drive"
        if drive_losses_data_safe:
            bears = f"{drive_losses_data_safe:g} drives may fail, and nothing else"
        yield Broken(
            f"{one.name}: no redundancy between machines: what a host or array holds is lost with "
            f"it; {bears}"
        )


@rule(
    "WSTO03",
    "warning",
    TOPIC,
    STORAGE,
    fires="the software re-creates no lost share on another host",
    fix="keep a spare host, or software that heals by itself",
    source="documentation of the software in the catalog",
)
def copies_are_made_anew(
    one: Subject, backfillfull_ratio: float, shares: float, data_shares: float
) -> Iterator[Broken]:
    """What a host held is re-created on the others.

    Room to heal is of no use to software that copies nothing to other hosts.
    """
    if backfillfull_ratio == 0.0 and shares > data_shares:
        yield Broken(
            f"{one.name}: nothing is copied to other hosts after a loss; redundancy stays reduced "
            "until the host or its replacement is back"
        )


@rule(
    "ESTO04",
    "error",
    TOPIC,
    POOLED_STORAGE,
    fires="the pools of a storage fill more than it holds below its warning level",
    fix="add drives, or store less",
    source="law of distinct failure domains",
)
def pools_fit(one: Subject, pools_fill: float) -> Iterator[Broken]:
    """All uses of a storage together fit below its warning level."""
    if pools_fill > 1.0:
        yield Broken(
            f"{one.name}: its pools fill {100.0 * pools_fill:.0f} % of what it holds below nearfull"
        )


@rule(
    "WCEP17",
    "warning",
    TOPIC,
    STORAGE.where(
        lambda one: one["heals"] and one["family"] != "sheepdog",
        "no storage that re-creates lost shares",
    ),
    fires="there are as many failure domains as shares of an object",
    fix="use at least one host more than there are shares",
    source="law of distinct failure domains; Proxmox, pveceph: at least three nodes",
)
def a_domain_to_heal_onto(one: Subject, failure_domains: float, shares: float) -> Iterator[Broken]:
    """After the loss of a failure domain there is another one to heal onto.

    With as many domains as shares nothing can be re-created: what can heal by itself is zero,
    however much space is free.
    """
    if failure_domains == shares > 1.0:
        yield Broken(
            f"{one.name}: {shares:g} shares on {failure_domains:g} failure domains; after the loss "
            "of one there is no place for its shares, however much space is free",
            f"use at least {failure_domains + 1:g} hosts",
        )
