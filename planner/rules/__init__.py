"""Design rules: small functions from the quantities of a design to findings."""

from __future__ import annotations

from planner.rules.findings import Finding, Rule, Severity, View
from planner.rules.network import enough_ports
from planner.rules.roles import daemons_and_clients_apart
from planner.rules.storage import enough_failure_domains, room_to_heal

__all__ = ["RULES", "Finding", "Rule", "Severity", "View", "findings_of"]

RULES: tuple[Rule, ...] = (
    enough_failure_domains,
    room_to_heal,
    daemons_and_clients_apart,
    enough_ports,
)


def findings_of(view: View) -> list[Finding]:
    """What all rules find, in order of the rules."""
    return [finding for rule in RULES for finding in rule(view)]
