"""Rules on Ceph: copies, healing, and what shares a host."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import CEPH, DESIGN
from planner.rules.view import Subject
from planner.units import format_quantity

TOPIC = "Ceph"


@rule(
    "ECEP01",
    "error",
    TOPIC,
    DESIGN,
    fires="hosts run the storage's daemons and use it by the client in the kernel",
    fix="use separate hosts, or clients in user space (librbd: `client: library`)",
    source="Ceph documentation, troubleshooting placement groups; Red Hat Ceph Storage 3 "
    "installation guide",
)
def daemons_and_clients_apart(
    _: Subject, hosts_with_daemons_and_kernel_clients: float
) -> Iterator[Broken]:
    """No host runs the storage's daemons and its kernel client.

    When memory runs short the kernel writes to the storage to free some, which the daemons on the
    same host need memory to do. VMs over librbd are not concerned.
    """
    if hosts_with_daemons_and_kernel_clients:
        yield Broken(
            f"{hosts_with_daemons_and_kernel_clients:g} hosts run the storage's daemons and its "
            "kernel client, which can deadlock when memory runs short"
        )


@rule(
    "WCEP23",
    "warning",
    TOPIC,
    CEPH,
    fires="without a balancer, a failed drive leaves less room to heal than a lost host",
    fix="run the balancer, or use more drives a host",
    source="CRUSH maps of Ceph 16.2.15 with a drive marked out",
)
def room_without_balancer(
    one: Subject,
    unbalanced_drive_loss_self_heal_capacity: float,
    unbalanced_self_heal_capacity: float,
) -> Iterator[Broken]:
    """The loss of one drive heals no worse than that of a whole host.

    The siblings of a drive that is out take its share first: on a host with few drives each of
    them takes much.
    """
    drive, host = unbalanced_drive_loss_self_heal_capacity, unbalanced_self_heal_capacity
    if drive < host:
        yield Broken(
            f"{one.name}: without a balancer a failed drive heals up to "
            f"{format_quantity(drive, 'B')} only, a lost host up to {format_quantity(host, 'B')}: "
            "its siblings take most of its share",
            severity="information",
        )
