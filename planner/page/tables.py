"""What a report lists beside the comparison."""

from __future__ import annotations

from typing import Any

from planner.evaluation import Evaluation
from planner.report.tables import Column, Heading, Table, design_table, text_table
from planner.snapshot import Snapshot
from planner.units import format_quantity

GLANCE = (
    Column("total_cost", "cost in all", ranged=True),
    Column("vms", "VMs that fit", ranged=True),
    Column("vms_after_one_host_loss", "after a host is lost"),
    Column("self_heal_capacity", "storage that heals"),
    Column("mean_power", "mean power"),
)
MET = {True: "met", False: "not met", None: "unknown"}


def glance_table(snapshot: Snapshot) -> Table:
    """What decides, one row a design: requirements, numbers, and the rules that it breaks."""
    numbers = design_table(snapshot, "At a glance", GLANCE)
    (name, *heads), (_, *quantities) = numbers.headings, numbers.quantities
    rows = (
        (row[0], _met(design), *row[1:], _broken(design))
        for design, row in zip(snapshot.designs, numbers.rows, strict=True)
    )
    return Table(
        numbers.title,
        (name, Heading("requirements met", left=True), *heads, Heading("breaks", left=True)),
        tuple(rows),
        (None, None, *quantities, None),
    )


def _met(design: dict[str, Any]) -> str:
    met = [item["met"] is True for item in design["requirements"]]
    return f"{sum(met)} of {len(met)}" if met else "-"


def _broken(design: dict[str, Any]) -> str:
    broken = (item["code"] for item in design["findings"] if item["severity"] == "error")
    return ", ".join(dict.fromkeys(broken)) or "-"


def requirements_table(snapshot: Snapshot) -> Table:
    """Each requirement with its outcome in every design."""
    names = [design["id"] for design in snapshot.designs]
    lists = (design["requirements"] for design in snapshot.designs)
    rows = (
        (items[0]["text"], *(MET[item["met"]] for item in items))
        for items in zip(*lists, strict=True)
    )
    return text_table("Requirements", ("requirement", *names), rows)


def assumptions_table(snapshot: Snapshot) -> Table:
    """Everything that is assumed in any design, once, with where it stands."""
    found = {item["name"]: item for design in snapshot.designs for item in design["assumptions"]}
    rows = [
        (
            name,
            _value(item),
            "; ".join(filter(None, (item["source"], item["note"]))),
            item["where"],
        )
        for name, item in sorted(found.items())
    ]
    return text_table("Assumptions", ("fact", "value", "why", "where"), rows)


def _value(item: dict[str, object]) -> str:
    value, low, high = (
        None if item[key] is None else format_quantity(float(str(item[key])), str(item["unit"]))
        for key in ("value", "low", "high")
    )
    return f"{value} [{low} .. {high}]" if low and high else str(value)


def unknowns_table(snapshot: Snapshot) -> Table:
    """Everything that is unknown in any design, once."""
    found = dict.fromkeys(item for design in snapshot.designs for item in design["unknown"])
    return text_table("Unknown", ("what",), [(item,) for item in sorted(found)])


def provenance_table(evaluation: Evaluation) -> Table:
    """What the report was made from: the program, and the checksum of each file."""
    data = evaluation.snapshot.data
    files = {**data["scenario"]["inputs"], **evaluation.loaded.catalog.digests}
    rows = [
        ("planner", data["planner"]),
        *((name, f"sha256 {sum_}") for name, sum_ in files.items()),
    ]
    return text_table("Made from", ("what", "version or checksum"), rows)
