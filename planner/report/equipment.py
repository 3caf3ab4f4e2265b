"""What a design is made of, as a table."""

from __future__ import annotations

from typing import Any

from planner.report.tables import Heading, Table, value_text

COLUMNS = (
    ("node_idle_power", "idle", "W", 1.0),
    ("node_peak_power", "peak", "W", 1.0),
    ("node_threads", "threads", "", 1.0),
    ("node_memory", "memory", "GiB", 2.0**30),
    ("node_disk", "disk", "TB", 1e12),
    ("node_price", "price", "money", 1.0),
)


def equipment_table(design: dict[str, Any]) -> Table:
    """One row a group of equal machines; the numbers are those of one machine."""
    quantities = design["quantities"]
    currency = quantities["capital_cost"]["unit"]
    headings = [
        Heading("group", left=True),
        Heading("machine", left=True),
        Heading("count"),
    ]
    headings += [Heading(text, unit.replace("money", currency)) for _, text, unit, _ in COLUMNS]
    rows = [
        (
            group["name"],
            group["title"],
            f"{group['count']:g}",
            *(
                value_text(quantities.get(f"{group['name']}.{name}"), size)
                for name, _, _, size in COLUMNS
            ),
        )
        for group in design["equipment"]
    ]
    return Table("Equipment, each", tuple(headings), tuple(rows))
