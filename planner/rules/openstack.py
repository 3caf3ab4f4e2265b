"""Rules on OpenStack's controllers, and on MAAS and Juju."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import CONTROLLERS, JUJU
from planner.rules.view import Subject
from planner.units import format_quantity

TOPIC = "OpenStack, MAAS and Juju"

CONTROLLER_CORES = 8.0
CONTROLLER_MEMORY = 8e9
CLOUD_MACHINES = 3.0
LEAST_MACHINES = 4.0


@rule(
    "IOST04",
    "information",
    TOPIC,
    CONTROLLERS,
    eras=("2013",),
    fires="a controller has fewer than 8 cores or less than 8 GB of memory",
    fix="expect one controller of 8 cores and 8 GB for each rack of compute nodes",
    source="OpenStack operations guide, capacity planning",
)
def controllers_are_large(one: Subject, node_cores: float, node_memory: float) -> Iterator[Broken]:
    """A controller is large enough for a rack of compute nodes."""
    if node_cores < CONTROLLER_CORES or node_memory < CONTROLLER_MEMORY:
        yield Broken(
            f"{one.name}: controllers of {node_cores:g} cores and "
            f"{format_quantity(node_memory, 'B')}; the guide's has 8 cores and 8 GB"
        )


@rule(
    "WMAA01",
    "warning",
    TOPIC,
    JUJU,
    fires="fewer than four machines, or fewer than three with 8 GiB, two drives and two ports",
    fix="have one machine for Juju and three cloud machines of 8 GiB, two drives and two ports",
    source="openstack-charmers, openstack-bundles, openstack-base README; Canonical's commercial "
    "minimum is 12 hosts",
)
def juju_has_machines(_: Subject, node_total: float, cloud_machines: float) -> Iterator[Broken]:
    """Juju has the machines that its OpenStack bundle needs."""
    if node_total < LEAST_MACHINES or cloud_machines < CLOUD_MACHINES:
        yield Broken(
            f"{node_total:g} machines, {cloud_machines:g} of them with 8 GiB, two drives and two "
            f"ports; {LEAST_MACHINES:g} and {CLOUD_MACHINES:g} are needed"
        )


@rule(
    "WMAA02",
    "warning",
    TOPIC,
    JUJU,
    fires="machines have no `tags`, or drives of several kinds and no `os_drive`",
    fix="give each group `tags`, and name its `os_drive`",
    source="proposal, from the wishes of a plan of 2013: MAAS chooses any machine and the first "
    "disk unless it is told",
)
def machines_are_told_apart(one: Subject) -> Iterator[Broken]:
    """MAAS and Juju are told which machine and which drive to use."""
    lacking = []
    if one["untagged"]:
        lacking.append(
            f"no `tags` on {', '.join(one['untagged'])}: Juju's bootstrap may land there"
        )
    if one["any_drive"]:
        lacking.append(
            f"no `os_drive` on {', '.join(one['any_drive'])}: the system may land on a data drive"
        )
    if lacking:
        yield Broken("; ".join(lacking))
