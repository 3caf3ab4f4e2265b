"""Design rules, requirements and claims as they came out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from planner.report.inert import markdown, plain
from planner.report.text import MARKS, MET, claims_line, policy_text, wrap
from planner.snapshot import Snapshot

SCHEMA = "planner/check/1"
HEADER = ("design", "kind", "name", "result", "because", "fix", "source")
SETS = {
    "2013": "those of the FileStore and 1 Gbit/s time",
    "current": "those of BlueStore and OpenStack today",
}
SEVERITIES = {"error": "errors", "warning": "warnings", "information": "information"}
KEYS = (
    "id",
    "title",
    "findings",
    "suppressed",
    "requirements",
    "passed",
    "not_applicable",
)


def check_json(snapshot: Snapshot) -> str:
    """Everything that was checked, for programs."""
    designs = [
        {**{key: design[key] for key in KEYS}, "counts": counts([design])}
        for design in snapshot.designs
    ]
    data = {
        "schema": SCHEMA,
        "planner": snapshot.data["planner"],
        "scenario": {key: snapshot.data["scenario"][key] for key in ("name", "sha256")},
        "rules": snapshot.data["scenario"]["rules"],
        "designs": designs,
        "claims": snapshot.claims,
        "unused_suppressions": snapshot.data["unused_suppressions"],
        "counts": counts(snapshot.designs),
        "summary": summary_line(snapshot),
    }
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def counts(designs: list[dict[str, Any]]) -> dict[str, int]:
    """How many checks came out how; a check is a rule held against one subject."""
    found = Counter(item["severity"] for design in designs for item in design["findings"])
    severities = {word: found[severity] for severity, word in SEVERITIES.items()}
    others = {
        key: sum(len(design[key]) for design in designs)
        for key in ("passed", "not_applicable", "suppressed")
    }
    met = Counter(item["met"] for design in designs for item in design["requirements"])
    outcomes = {"met": True, "not_met": False, "unknown": None}
    return {
        **severities,
        **others,
        **{f"requirements_{word}": met[outcome] for word, outcome in outcomes.items()},
    }


def requirements_line(snapshot: Snapshot) -> str:
    """How requirements and claims came out."""
    found = counts(snapshot.designs)
    requirements = (
        f"Requirements: {found['requirements_met']} met, {found['requirements_not_met']} not, "
        f"{found['requirements_unknown']} unknown."
    )
    return f"{requirements} {claims_line(snapshot)}" if snapshot.claims else requirements


def summary_line(snapshot: Snapshot) -> str:
    """How many checks came out how, in one line."""
    found = counts(snapshot.designs)
    return (
        f"Rules: {found['errors']} errors, {found['warnings']} warnings, {found['information']} "
        f"information, {found['passed']} passed, {found['not_applicable']} not applicable, "
        f"{found['suppressed']} suppressed."
    )


def check_text(snapshot: Snapshot) -> str:
    """What was checked, by design and topic; the counts come last."""
    parts = [wrap(_head(snapshot)), ""]
    for design in snapshot.designs:
        parts += [plain(f"{design['id']}: {design['title']}"), *_design_lines(design), ""]
    if snapshot.claims:
        parts += [*_claim_lines(snapshot), ""]
    unused = [wrap(line, "    ", "  ") for line in _unused(snapshot)]
    parts += ["Suppressions without effect", *unused, ""] if unused else []
    return "\n".join([*parts, wrap(requirements_line(snapshot)), summary_line(snapshot)]) + "\n"


def _head(snapshot: Snapshot) -> str:
    rules = snapshot.data["scenario"]["rules"]
    return f"Rules {rules}: {SETS[rules]}. {policy_text(snapshot)}"


def _design_lines(design: dict[str, Any]) -> Iterator[str]:
    for topic in dict.fromkeys(item["topic"] for item in design["findings"]):
        yield f"  {topic}"
        for item in design["findings"]:
            if item["topic"] == topic:
                yield from _finding_lines(item)
    for item in design["suppressed"]:
        yield wrap(f"suppressed {item['code']}: {item['message']}", "      ", "  - ")
        yield wrap(f"reason: {item['reason']}", "      ")
    if design["requirements"]:
        yield "  Requirements"
    for item in design["requirements"]:
        text = item["text"] if item["met"] else f"{item['text']}: {item['because']}"
        yield wrap(text, "      ", f"    {MET[item['met']]} ")
    if design["not_applicable"]:
        yield wrap(f"not applicable: {_skipped(design)}", "    ", "  ")


def _finding_lines(item: dict[str, Any]) -> Iterator[str]:
    yield wrap(f"{item['severity']} {item['code']}: {item['message']}", "      ", "    ! ")
    yield wrap(f"fix: {item['fix']}", "           ", "      ")
    yield wrap(f"source: {item['source']}", "              ", "      ")


def _skipped(design: dict[str, Any]) -> str:
    """The rules that could not be held against a design, by reason."""
    reasons: dict[str, list[str]] = {}
    for item in design["not_applicable"]:
        reasons.setdefault(_because(item), []).append(item["code"])
    return "; ".join(f"{', '.join(codes)} ({because})" for because, codes in reasons.items())


def _because(item: dict[str, Any]) -> str:
    return f"{item['because']} of {item['subject']}" if item["subject"] else str(item["because"])


def _unused(snapshot: Snapshot) -> Iterator[str]:
    """Suppressions that suppress nothing, at their place in the file."""
    for item in snapshot.data["unused_suppressions"]:
        where = f"design `{item['design']}`" if item["design"] else "any design"
        yield f"{item['at']}: {item['code']} finds nothing in {where}; delete the suppression"


def _claim_lines(snapshot: Snapshot) -> Iterator[str]:
    yield "Claims"
    for claim in snapshot.claims:
        yield wrap(claim["text"], "    ", f"  {MARKS[claim['verdict']]} ")
        yield wrap(f"{claim['verdict']}: {claim['because']}", "    ")
        if claim.get("note"):
            yield wrap(claim["note"], "    ")


def check_rows(snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    """One row a finding, requirement or claim."""
    met = {True: "met", False: "not met", None: "unknown"}
    for design in snapshot.designs:
        name = design["id"]
        for item in design["findings"]:
            told = (item["code"], item["severity"], item["message"], item["fix"], item["source"])
            yield (name, "finding", *told)
        for item in design["suppressed"]:
            reason = f"accepted: {item['reason']}"
            told = (item["code"], item["severity"], item["message"], reason, item["source"])
            yield (name, "suppressed", *told)
        for item in design["not_applicable"]:
            yield (name, "rule", item["code"], "not applicable", _because(item), "", "")
        for item in design["requirements"]:
            result = met[item["met"]]
            yield (name, "requirement", item["text"], result, item["because"], "", "")
    for claim in snapshot.claims:
        yield ("", "claim", claim["text"], claim["verdict"], claim["because"], "", "")
    for item in snapshot.data["unused_suppressions"]:
        told = (item["code"], "without effect", item["at"], "delete it", "")
        yield (item["design"] or "", "suppression", *told)


def check_markdown(snapshot: Snapshot) -> str:
    """Findings, requirements and claims as Markdown."""
    head = [f"# {markdown(snapshot.data['scenario']['title'])}", "", markdown(_head(snapshot)), ""]
    return "\n".join([*head, *check_sections(snapshot)])


def check_sections(snapshot: Snapshot) -> Iterator[str]:
    """One section a design, one for the claims, and the counts."""
    for design in snapshot.designs:
        yield from (f"## {markdown(design['id'])}: {markdown(design['title'])}", "")
        yield from (*_finding_items(design), *_requirement_items(design), "")
    if snapshot.claims:
        yield from ("## Claims", "")
        for claim in snapshot.claims:
            told = f"{claim['verdict']}: {claim['because']}"
            yield f"- **{markdown(claim['text'])}** {markdown(told)}"
        yield ""
    if snapshot.data["unused_suppressions"]:
        yield from ("## Suppressions without effect", "")
        yield from (f"- {markdown(line)}" for line in _unused(snapshot))
        yield ""
    yield from (markdown(requirements_line(snapshot)), "", markdown(summary_line(snapshot)), "")


def _finding_items(design: dict[str, Any]) -> Iterator[str]:
    for item in design["findings"]:
        told = f"{item['message']}; {item['fix']} (source: {item['source']})"
        yield f"- **{item['severity']} {item['code']}** {markdown(told)}"
    for item in design["suppressed"]:
        told = f"{item['message']} (accepted: {item['reason']})"
        yield f"- suppressed {item['code']} {markdown(told)}"


def _requirement_items(design: dict[str, Any]) -> Iterator[str]:
    met = {True: "met", False: "not met", None: "unknown"}
    for item in design["requirements"]:
        yield f"- {met[item['met']]}: {markdown(item['text'])} ({markdown(item['because'])})"
