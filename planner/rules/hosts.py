"""Rules on the VMs and the hosts that are to run them."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import DESIGN
from planner.rules.view import Subject

TOPIC = "Virtual machines"


@rule(
    "EVM01",
    "error",
    TOPIC,
    DESIGN,
    fires="a VM has more memory or more virtual processors than every host has",
    fix="use larger hosts or smaller VMs",
    source="OpenStack Nova, max_unit of an inventory; any hypervisor",
)
def every_vm_fits_a_host(_: Subject, unplaceable_vms: float) -> Iterator[Broken]:
    """Every VM of the workload fits on some host.

    A VM lives on one host: no overcommit lets it have more processors or more real memory than
    that.
    """
    if unplaceable_vms:
        yield Broken(
            f"{unplaceable_vms:g} VMs of the workload have more memory or more virtual "
            "processors than any host"
        )
