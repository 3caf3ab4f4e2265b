"""Design rules: small functions from the quantities of a design to findings."""

from __future__ import annotations

from planner.rules.density import no_vm_larger_than_every_host
from planner.rules.findings import Finding, Rule, Severity, View
from planner.rules.network import enough_ports
from planner.rules.power import enough_power
from planner.rules.roles import daemons_and_clients_apart
from planner.rules.storage import (
    copies_are_made_anew,
    enough_failure_domains,
    groups_keep_their_majority,
    more_than_one_copy,
    pools_fit,
    room_to_heal,
    room_without_balancer,
)

__all__ = ["RULES", "Finding", "Rule", "Severity", "View", "findings_of"]

RULES: tuple[Rule, ...] = (
    no_vm_larger_than_every_host,
    enough_failure_domains,
    room_to_heal,
    more_than_one_copy,
    copies_are_made_anew,
    room_without_balancer,
    pools_fit,
    groups_keep_their_majority,
    daemons_and_clients_apart,
    enough_ports,
    enough_power,
)


def findings_of(view: View) -> list[Finding]:
    """What all rules find, in order of the rules."""
    return [finding for rule in RULES for finding in rule(view)]
