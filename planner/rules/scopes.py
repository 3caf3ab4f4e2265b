"""What rules are held against."""

from __future__ import annotations

from planner.rules.view import Scope, Subject

DESIGN = Scope("design", "")
STORAGE = Scope("storage", "no storage")
POOLS = Scope("pool", "no pools are stated")
QUORUMS = Scope("quorum", "no group that votes is stated")
GROUPS = Scope("group", "no equipment")


def _of(family: str) -> Scope:
    return STORAGE.where(lambda one: one["family"] == family, f"no {family.capitalize()} storage")


CEPH = _of("ceph")
SWIFT = _of("swift")
SHEEPDOG = _of("sheepdog")
DRBD = STORAGE.where(lambda one: one["family"] == "drbd", "no DRBD storage")


def _holds_ceph(group: Subject) -> bool:
    return "ceph" in group["families"]


CEPH_HOSTS = GROUPS.where(_holds_ceph, "no host of a Ceph storage")
HOSTS = GROUPS.where(lambda one: bool(one["runs_vms"]), "no host that runs VMs")


def needing(quantity: str, none: str) -> Scope:
    """Groups whose machines may be short of something."""
    return GROUPS.where(lambda one: quantity in (one["needs"] or {}), none)
