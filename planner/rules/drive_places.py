"""Rules on whether the drives of a machine find their places."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.assembly import PARTS, TOPIC, misfit, short
from planner.rules.engine import Broken, rule
from planner.rules.scopes import needing
from planner.rules.view import Subject


@rule(
    "EBLD07",
    "error",
    TOPIC,
    needing("spare_drive_bays", "no drive that needs a bay"),
    fires="a machine has more drives than bays",
    fix="use fewer drives, or a case or machine with more bays",
    source=PARTS,
)
def drives_have_bays(
    one: Subject, spare_drive_bays: float, drive_bays_needed: float, drive_bays: float
) -> Iterator[Broken]:
    """Every drive that needs a bay has one."""
    if spare_drive_bays < 0.0:
        have = f"{drive_bays:g} drive bays"
        yield short(one, "spare_drive_bays", f"{drive_bays_needed:g}", have)


@rule(
    "EBLD08",
    "error",
    TOPIC,
    needing("spare_large_drive_bays", "no drive of 3.5 inch"),
    fires="a machine has more drives of 3.5 inch than bays of that size",
    fix="use drives of 2.5 inch, or a case or machine with larger bays",
    source=PARTS,
)
def large_drives_have_large_bays(
    one: Subject,
    spare_large_drive_bays: float,
    large_drive_bays_needed: float,
    large_drive_bays: float,
) -> Iterator[Broken]:
    """Every drive of 3.5 inch has a bay of that size."""
    if spare_large_drive_bays < 0.0:
        have = f"{large_drive_bays:g} bays of 3.5 inch"
        yield short(one, "spare_large_drive_bays", f"{large_drive_bays_needed:g}", have)


@rule(
    "EBLD09",
    "error",
    TOPIC,
    needing("spare_m2_slots", "no M.2 drive"),
    fires="a machine has more M.2 drives than sockets for them",
    fix="use fewer M.2 drives",
    source=PARTS,
)
def m2_drives_have_sockets(
    one: Subject, spare_m2_slots: float, m2_slots_needed: float, m2_slots: float
) -> Iterator[Broken]:
    """Every M.2 drive has a socket."""
    if spare_m2_slots < 0.0:
        have = f"{m2_slots:g} M.2 sockets"
        yield short(one, "spare_m2_slots", f"{m2_slots_needed:g}", have)


@rule(
    "EBLD10",
    "error",
    TOPIC,
    needing("spare_sata_ports", "no SATA drive on a board"),
    fires="a board has fewer SATA ports than there are SATA drives",
    fix="use fewer drives, or a board with more ports",
    source=PARTS,
)
def drives_have_sata_ports(
    one: Subject, spare_sata_ports: float, sata_ports_needed: float, sata_ports: float
) -> Iterator[Broken]:
    """Every SATA drive has a port on the board."""
    if spare_sata_ports < 0.0:
        have = f"{sata_ports:g} SATA ports"
        yield short(one, "spare_sata_ports", f"{sata_ports_needed:g}", have)


@rule(
    "EBLD11",
    "error",
    TOPIC,
    needing("drive_interface_misfits", "no drive"),
    fires="nothing of the machine connects drives of such an interface",
    fix="use drives of an interface that the machine has",
    source=PARTS,
)
def drives_can_be_connected(one: Subject, drive_interface_misfits: float) -> Iterator[Broken]:
    """Drives have an interface that the machine has too."""
    if drive_interface_misfits:
        words = "nothing of {home} connects a drive like {parts}"
        yield misfit(one, "drive_interface_misfits", words)


@rule(
    "WBLD17",
    "warning",
    TOPIC,
    needing("spare_fast_sata_ports", "no SATA drive on a board"),
    fires="more drives read faster than SATA at 3 Gbit/s carries than there are faster ports",
    fix="expect such a drive on a port of 3 Gbit/s to read no faster than 300 MB/s",
    source=PARTS,
)
def fast_drives_have_fast_ports(
    one: Subject,
    spare_fast_sata_ports: float,
    fast_sata_ports_needed: float,
    board_sata_6g: float,
) -> Iterator[Broken]:
    """Fast drives have SATA ports of 6 Gbit/s."""
    if spare_fast_sata_ports < 0.0:
        have = f"{board_sata_6g:g} SATA ports of 6 Gbit/s"
        yield short(one, "spare_fast_sata_ports", f"{fast_sata_ports_needed:g}", have)
