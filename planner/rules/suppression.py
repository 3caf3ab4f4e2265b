"""Findings that a scenario accepts: they stay listed, and do not count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from planner.faults import Fault
from planner.rules.engine import Finding, Held, Rule
from planner.scenario import Loaded, Suppression
from planner.wording import did_you_mean, quoted


@dataclass(frozen=True)
class Accepted:
    """A finding, and why the scenario accepts it."""

    finding: Finding
    reason: str


def unknown_codes(loaded: Loaded, rules: Iterable[Rule]) -> list[Fault]:
    """Faults of suppressions that name no rule."""
    known = [rule.code for rule in rules]
    return [
        Fault(
            loaded.document.mark(("suppress", index, "code")),
            f"unknown rule {quoted(item.code)}",
            did_you_mean(item.code, known),
        )
        for index, item in enumerate(loaded.scenario.suppress)
        if item.code not in known
    ]


def unused(loaded: Loaded, accepted: Mapping[str, Collection[str]]) -> list[dict[str, str | None]]:
    """Suppressions that suppress nothing, and where they stand.

    Parameters
    ----------
    loaded : Loaded
        The scenario.
    accepted : mapping of str to collection of str
        Codes of the findings that are accepted in each design.
    """
    return [
        {
            "code": item.code,
            "design": item.design,
            "at": str(loaded.document.mark(("suppress", index, "code"))),
        }
        for index, item in enumerate(loaded.scenario.suppress)
        if not any(
            item.code in codes
            for design, codes in accepted.items()
            if item.design in (None, design)
        )
    ]


def accept(
    held: Held, suppressions: Iterable[Suppression], design: str
) -> tuple[Held, list[Accepted]]:
    """What was held without what is accepted, and what is accepted."""
    reasons = {item.code: item.reason for item in suppressions if item.design in (None, design)}
    counted = [finding for finding in held.findings if finding.code not in reasons]
    accepted = [
        Accepted(finding, reasons[finding.code])
        for finding in held.findings
        if finding.code in reasons
    ]
    return replace(held, findings=counted), accepted
