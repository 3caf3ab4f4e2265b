"""The design rules themselves: what they check, when they fire, what mends it, who says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from planner.report.text import wrap

if TYPE_CHECKING:
    from planner.rules import Rule

HEADER = ("code", "severity", "era", "topic", "checks", "fires", "why", "fix", "source", "needs")


def era(rule: Rule) -> str:
    """The sets that a rule belongs to."""
    return " and ".join(rule.eras)


def rows(rules: Iterable[Rule]) -> Iterator[tuple[str, ...]]:
    """One row a rule."""
    for rule in rules:
        told = (rule.title, rule.fires, rule.why, rule.fix, rule.source, ", ".join(rule.needs))
        yield (rule.code, rule.severity, era(rule), rule.topic, *told)


def text(rules: Sequence[Rule]) -> str:
    """The rules for a terminal: one line each, or one rule in full."""
    if len(rules) == 1:
        return _in_full(rules[0])
    lines: list[str] = []
    for topic, members in groupby(rules, key=lambda rule: rule.topic):
        lines.append(topic)
        for rule in members:
            lines.append(wrap(f"{rule.code}  {rule.severity}, {era(rule)}", "    ", "  "))
            lines.append(wrap(f"{rule.title}. (source: {rule.source})", "      "))
        lines.append("")
    lines.append(f"{len(rules)} rules; `planner rules CODE` tells all of one.")
    return "\n".join(lines) + "\n"


def _in_full(rule: Rule) -> str:
    told = {
        "fires": f"when {rule.fires}",
        "why": rule.why,
        "fix": rule.fix,
        "source": rule.source,
        "needs": ", ".join(rule.needs),
        "uses": ", ".join(rule.wants),
    }
    head = f"{rule.code}: {rule.title} ({rule.severity} at most; rules {era(rule)}; {rule.topic})"
    lines = [wrap(f"{label}: {said}", "    ", "  ") for label, said in told.items() if said]
    return "\n".join([wrap(head), *lines]) + "\n"


def page(rules: Iterable[Rule]) -> str:
    """The rules as Markdown, a section a code."""
    lines: list[str] = []
    for topic, members in groupby(rules, key=lambda rule: rule.topic):
        lines += [f"## {topic}", ""]
        for rule in members:
            lines += [*_section(rule), ""]
    return "\n".join(lines)


def _section(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code}"
    yield ""
    yield f"{rule.title}."
    if rule.why:
        yield ""
        yield rule.why
    yield ""
    yield f"- severity: {rule.severity} at most; rules {era(rule)}"
    yield f"- fires when {rule.fires}"
    yield f"- fix: {rule.fix}"
    yield f"- source: {rule.source}"
    if rule.needs:
        yield f"- needs: {', '.join(f'`{name}`' for name in rule.needs)}"
