"""Rules on what may share a host."""

from __future__ import annotations

from planner.rules.findings import Finding, View


def daemons_and_clients_apart(view: View) -> list[Finding]:
    """A kernel client of a storage on the host of one of its daemons can deadlock."""
    hosts = view.get("hosts_with_daemons_and_kernel_clients")
    if not hosts:
        return []
    return [
        Finding(
            code="ECEP01",
            severity="error",
            message=f"{hosts:g} hosts run the storage's daemons and its kernel client, which can "
            "deadlock when memory runs short",
            fix="use separate hosts, or clients in user space (librbd: `client: library`)",
            source="Ceph documentation, troubleshooting placement groups; Red Hat Ceph Storage 3 "
            "installation guide",
        )
    ]
