"""What rules are held against."""

from __future__ import annotations

from planner.rules.view import Scope

DESIGN = Scope("design", "")
CIRCUITS = DESIGN.where(lambda one: bool(one["circuits"]), "no `circuits` of the site are stated")
UPS = DESIGN.where(lambda one: bool(one["ups"]), "no `ups` of the site is stated")
RACK = DESIGN.where(lambda one: bool(one["rack_space"]), "no `rack_space` of the site is stated")
NIGHT = DESIGN.where(lambda one: bool(one["night"]), "no group has a `night`")
STORAGE = Scope("storage", "no storage")
POOLED_STORAGE = STORAGE.where(lambda one: bool(one["pools"]), "no storage has `pools`")
POOLS = Scope("pool", "no pools are stated")
QUORUMS = Scope("quorum", "no group that votes is stated")
GROUPS = Scope("group", "no equipment")
BONDS = Scope("bond", "no bonded links")
LACP = BONDS.where(lambda one: one["mode"] == "802.3ad", "no bonded links with LACP")
HEARTBEATS = LACP.where(lambda one: bool(one["heartbeat"]), "no `heartbeat` over LACP is stated")
SWITCHES = Scope("switch", "no switch whose ports are known")
UPLINKED = SWITCHES.where(lambda one: bool(one["uplinks"]), "no switch with uplinks")
STACKS = SWITCHES.where(lambda one: bool(one["stack"]), "no stack of switches")
COPIES = Scope("copies", "no Ceph storage")
HOSTS = GROUPS.where(lambda one: bool(one["runs_vms"]), "no host that runs VMs")


def needing(quantity: str, none: str) -> Scope:
    """Groups whose machines may be short of something."""
    return GROUPS.where(lambda one: quantity in (one["needs"] or {}), none)


MONITORS = ("monitors",)
CONTROL = ("database", "galera", "message-queue", "rabbitmq")

MONITOR_QUORUMS = QUORUMS.where(lambda one: one.name in MONITORS, "no quorum is called `monitors`")
CONTROL_QUORUMS = QUORUMS.where(
    lambda one: one.name in CONTROL, "no quorum is called `database` or `message-queue`"
)
OTHER_QUORUMS = QUORUMS.where(
    lambda one: one.name not in (*MONITORS, *CONTROL), "no further group that votes is stated"
)
CONTROLLERS = GROUPS.where(
    lambda one: any(vote in CONTROL for vote in one["votes"]),
    "no quorum is called `database` or `message-queue`",
)
JUJU = DESIGN.where(lambda one: bool(one["juju"]), "no quorum is called `juju`")
GANETI = DESIGN.where(lambda one: one["ganeti"], "admission is not Ganeti's")
NOT_GANETI = DESIGN.where(lambda one: not one["ganeti"], "admission is Ganeti's: see WGAN01")


def _of(family: str, name: str) -> Scope:
    return STORAGE.where(lambda one: one["family"] == family, f"no {name} storage")


CEPH = _of("ceph", "Ceph")
SWIFT = _of("swift", "Swift")
SHEEPDOG = _of("sheepdog", "Sheepdog")
DRBD = _of("drbd", "DRBD")
LVM = _of("lvm", "LVM")

CEPH_OF_VMS = CEPH.where(lambda one: bool(one["holds_vms"]), "no Ceph storage holds the VMs' disks")
FILESTORE = CEPH.where(lambda one: bool(one["filestore"]), "no Ceph storage with FileStore")
JOURNALS = CEPH.where(lambda one: bool(one["journals"]), "no Ceph storage with journal drives")
PROXIED = STORAGE.where(lambda one: bool(one["proxies"]), "no storage behind proxies")
ISCSI = STORAGE.where(lambda one: bool(one["iscsi"]), "no storage with `iscsi`")
CEPH_HOSTS = GROUPS.where(lambda one: "ceph" in one["families"], "no host of a Ceph storage")
