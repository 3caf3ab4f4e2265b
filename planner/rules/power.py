"""Rules on circuits, UPS and what is switched off."""

from __future__ import annotations

from planner.rules.findings import Finding, View

LIMITS = {
    "feed_load": (
        "EPWR01",
        "the peak needs {:.0%} of what one feed may carry all the time",
        "add circuits to each feed, or move machines; each feed alone must carry everything",
        "derating of the jurisdiction, as the scenario states it",
    ),
    "ups_load": (
        "EPWR05",
        "the peak needs {:.0%} of the power that the UPS is rated for",
        "choose a larger UPS, or leave machines off it",
        "rating of the UPS",
    ),
    "ups_apparent_load": (
        "EPWR06",
        "the peak needs {:.0%} of the apparent power that the UPS is rated for",
        "choose a UPS of more volt-amperes, or supplies of a better power factor",
        "rating of the UPS",
    ),
    "consolidated_load": (
        "EPWR07",
        "with the nodes that are off at night the others would run at {:.0%} load",
        "switch off fewer nodes",
        "load of the VMs over the threads that stay on",
    ),
}


def enough_power(view: View) -> list[Finding]:
    """Nothing is loaded beyond what it can carry."""
    found = []
    for name, (code, message, fix, source) in LIMITS.items():
        load = view.get(name)
        if load is not None and load > 1.0:
            found.append(Finding(code, "error", message.format(load), fix, source))
    return found
