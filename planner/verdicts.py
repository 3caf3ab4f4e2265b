"""One sentence on each design."""

from __future__ import annotations

from collections import Counter
from typing import Any

from planner.units import format_quantity


def verdict(design: dict[str, Any]) -> str:
    """What a design holds, what limits it, and which requirements it fails.

    Parameters
    ----------
    design : dict
        Entry of a snapshot.

    Returns
    -------
    str
        One sentence.
    """
    return f"{_density(design)}; {_requirements(design)}{_findings(design)}."


def _density(design: dict[str, Any]) -> str:
    vms = design["quantities"]["vms"]
    if vms["value"] is None:
        return "It cannot be said how many VMs it holds"
    limit = design["limits"].get("vms")
    asked = design["quantities"]["workload_vms"]["value"]
    held = f"Holds {format_quantity(vms['value'], 'vm')} ({asked:g} are asked for)"
    return (f"{held}, limited by {limit}" if limit else held) + _left_over(design["placement"])


def _left_over(placement: dict[str, Any]) -> str:
    """VMs without a place in a layout of the real sizes, and what most of them lack."""
    lacking: Counter[str] = Counter()
    for one in placement["unplaced"]:
        lacking[one["resource"]] += one["vms"]
    if not lacking:
        return ""
    return f"; a layout leaves {lacking.total():,} without a place ({lacking.most_common(1)[0][0]})"


def _requirements(design: dict[str, Any]) -> str:
    requirements = design["requirements"]
    if not requirements:
        return "no requirement is stated"
    failed = [item["text"] for item in requirements if item["met"] is False]
    open_ = [item["text"] for item in requirements if item["met"] is None]
    parts = []
    if failed:
        parts.append("fails: " + ", ".join(failed))
    if open_:
        parts.append("cannot be judged: " + ", ".join(open_))
    return "; ".join(parts) if parts else f"meets all {len(requirements)} requirements"


def _findings(design: dict[str, Any]) -> str:
    severities = {"error": "breaks", "warning": "is warned of"}
    told = ""
    for severity, verb in severities.items():
        codes = [item["code"] for item in design["findings"] if item["severity"] == severity]
        told += f"; {verb} {', '.join(dict.fromkeys(codes))}" if codes else ""
    return told
