"""Rules on the VMs and the hosts that are to run them."""

from __future__ import annotations

from planner.rules.findings import Finding, View


def no_vm_larger_than_every_host(view: View) -> list[Finding]:
    """A VM lives on one host: none may be larger than all of them."""
    vms = view.get("unplaceable_vms")
    if not vms:
        return []
    return [
        Finding(
            code="EVM01",
            severity="error",
            message=f"{vms:g} VMs of the workload have more memory or more virtual processors "
            "than any host",
            fix="use larger hosts or smaller VMs",
            source="OpenStack Nova, max_unit of an inventory; any hypervisor",
        )
    ]
