"""What a report lists beside the comparison."""

from __future__ import annotations

from planner.evaluation import Evaluation
from planner.report.tables import Table, text_table
from planner.snapshot import Snapshot
from planner.units import format_quantity


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
