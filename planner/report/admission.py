"""The rule by which VMs are admitted, in words."""

from __future__ import annotations

from typing import Any

from planner.units import format_quantity


def admission_line(data: dict[str, Any]) -> str:
    """The rule with its ratios, as every report prints it.

    Parameters
    ----------
    data : dict
        The ``admission`` of a design in a snapshot.
    """
    cpu, memory, disk = (
        format_quantity(data[f"{key}_overcommit"], "1") for key in ("cpu", "memory", "disk")
    )
    rule = "some must stay free" if data["strict_admission"] else "equality admits"
    told = (
        f"Admission {data['rule']}: {cpu} vCPUs a thread, {memory} x memory, {disk} x disk; {rule}"
    )
    return "; ".join([told, *_policy(data)]) + "."


def _policy(data: dict[str, Any]) -> list[str]:
    found = []
    if data.get("minimum_free_disk"):
        found.append(f"{data['minimum_free_disk']:.3g} of each local disk stays free")
    if "failover_hosts" in data:
        hosts = data["failover_hosts"]
        found.append(f"N+{hosts:g} in each node group" if hosts else "without N+1")
    if "slot_failover_hosts" in data:
        failures = data["slot_failover_hosts"]
        found.append(f"vSphere HA keeps slots for {failures:g} failed host{'s' * (failures != 1)}")
    if "failover_share" in data:
        found.append(f"vSphere HA keeps {100 * data['failover_share']:.3g} % free")
    return found
