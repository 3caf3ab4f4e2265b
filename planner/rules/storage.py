"""Rules on where copies can go."""

from __future__ import annotations

from planner.rules.findings import Finding, View
from planner.units import format_quantity


def enough_failure_domains(view: View) -> list[Finding]:
    """Each share of an object needs a failure domain of its own."""
    found = []
    for name in view.backends:
        domains, shares = view.get(f"{name}.failure_domains"), view.get(f"{name}.shares")
        if domains is not None and shares is not None and domains < shares:
            found.append(
                Finding(
                    code="ESTO01",
                    severity="error",
                    message=f"{name}: {shares:g} shares of each object need as many failure "
                    f"domains, and there are {domains:g}: nothing can be stored safely",
                    fix=f"use at least {shares:g} hosts, or fewer copies",
                    source="law of distinct failure domains",
                )
            )
    return found


def more_than_one_copy(view: View) -> list[Finding]:
    """A single copy of each object is gone with the machine that holds it."""
    found = []
    for name in view.backends:
        shares, data = view.get(f"{name}.shares"), view.get(f"{name}.data_shares")
        drives = view.get(f"{name}.drive_losses_data_safe")
        if shares is not None and shares == data:
            bears = "so is it with any drive"
            if drives:
                bears = f"{drives:g} drives may fail, and nothing else"
            found.append(
                Finding(
                    code="WSTO02",
                    severity="warning",
                    message=f"{name}: no redundancy between machines: what a host or array holds "
                    f"is lost with it; {bears}",
                    fix="keep copies on other hosts, or restore from a backup",
                    source="OpenStack high availability guide, storage back ends",
                )
            )
    return found


def copies_are_made_anew(view: View) -> list[Finding]:
    """Room to heal is of no use to software that copies nothing to other hosts."""
    found = []
    for name in view.backends:
        ratio, shares = view.get(f"{name}.backfillfull_ratio"), view.get(f"{name}.shares")
        data = view.get(f"{name}.data_shares")
        if ratio == 0.0 and shares is not None and data is not None and shares > data:
            found.append(
                Finding(
                    code="WSTO03",
                    severity="warning",
                    message=f"{name}: nothing is copied to other hosts after a loss; redundancy "
                    "stays reduced until the host or its replacement is back",
                    fix="keep a spare host, or software that heals by itself",
                    source="documentation of the software in the catalog",
                )
            )
    return found


def room_without_balancer(view: View) -> list[Finding]:
    """One drive out of a host that has few needs more room than a whole host."""
    found = []
    for name in view.backends:
        drive = view.get(f"{name}.unbalanced_drive_loss_self_heal_capacity")
        host = view.get(f"{name}.unbalanced_self_heal_capacity")
        if drive is not None and host is not None and drive < host:
            found.append(
                Finding(
                    code="WCEP23",
                    severity="information",
                    message=f"{name}: without a balancer a failed drive heals up to "
                    f"{format_quantity(drive, 'B')} only, a lost host up to "
                    f"{format_quantity(host, 'B')}: its siblings take most of its share",
                    fix="run the balancer, or use more drives a host",
                    source="CRUSH maps of Ceph 16.2.15 with a drive marked out",
                )
            )
    return found


def pools_fit(view: View) -> list[Finding]:
    """All uses of a backend together fit below its warning level."""
    found = []
    for name in view.backends:
        filled = view.get(f"{name}.pools_fill")
        if filled is not None and filled > 1.0:
            found.append(
                Finding(
                    code="ESTO04",
                    severity="error",
                    message=f"{name}: its pools fill {100.0 * filled:.0f} % of what it holds below "
                    "nearfull",
                    fix="add drives, or store less",
                    source="law of distinct failure domains",
                )
            )
    return found


def groups_keep_their_majority(view: View) -> list[Finding]:
    """A group that votes should bear the loss of a member, with no member to no purpose."""
    found = []
    for key, members in view.quantities.items():
        name, _, quantity = key.rpartition(".")
        if quantity != "members" or members is None:
            continue
        if members < 3 or members % 2 == 0:
            bears = view.get(f"{name}.member_losses_tolerated") or 0.0
            found.append(
                Finding(
                    code="EQUO01",
                    severity="warning",
                    message=f"{name}: of {members:g} members, {bears:g} may be lost",
                    fix=f"use {3 if members < 3 else members + 1:g} members, each on its own host",
                    source="OpenStack high availability guide; Ceph documentation, adding monitors",
                )
            )
    return found


def room_to_heal(view: View) -> list[Finding]:
    """With as many failure domains as shares, nothing can be re-created after a loss."""
    found = []
    for name in view.backends:
        domains, shares = view.get(f"{name}.failure_domains"), view.get(f"{name}.shares")
        if domains is not None and domains == shares and shares > 1:
            found.append(
                Finding(
                    code="WCEP17",
                    severity="warning",
                    message=f"{name}: {shares:g} shares on {domains:g} failure domains; after the "
                    "loss of one there is no place for its shares, however much space is free",
                    fix=f"use at least {domains + 1:g} hosts",
                    source="law of distinct failure domains",
                )
            )
    return found
