"""Rules on switches and ports."""

from __future__ import annotations

from planner.rules.findings import Finding, View

SPEEDS = {"1g": "1 Gbit/s", "10g": "10 Gbit/s"}


def enough_ports(view: View) -> list[Finding]:
    """Every port that is linked needs a port on a switch."""
    found = []
    for key, speed in SPEEDS.items():
        needed, available = view.get(f"ports_needed_{key}"), view.get(f"ports_available_{key}")
        if needed is not None and available is not None and needed > available:
            found.append(
                Finding(
                    code="ESW01",
                    severity="error",
                    message=f"{needed:g} ports of {speed} are needed, and the switches have "
                    f"{available:g}",
                    fix=f"add {needed - available:g} ports or link fewer",
                    source="ports of the switches in the catalog",
                )
            )
    return found
