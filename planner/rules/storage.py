"""Rules on where copies can go."""

from __future__ import annotations

from planner.rules.findings import Finding, View


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
