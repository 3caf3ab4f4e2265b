"""The uses of a design's storage: what each takes, what is left, when it is full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.report.tables import Heading, Table, value_text

TB = 1e12
COLUMNS = (
    ("pool_data", "data", "TB", TB),
    ("growth", "growth", "%/yr", 0.01),
    ("pool_raw_use", "raw", "TB", TB),
    ("pool_fill", "fills", "%", 0.01),
    ("pool_room", "room left", "TB", TB),
)


def pool_tables(design: dict[str, Any]) -> Iterator[Table]:
    """One row a pool, and one row a backend that has pools; nothing for a design without."""
    quantities = design["quantities"]
    pools = [name.removesuffix(".pool_data") for name in quantities if name.endswith(".pool_data")]
    if not pools:
        return
    headings = [Heading("pool", left=True)]
    headings += [Heading(text, unit) for _, text, unit, _ in COLUMNS]
    rows = [
        (pool, *(value_text(quantities.get(f"{pool}.{key}"), size) for key, _, _, size in COLUMNS))
        for pool in pools
    ]
    yield Table("Uses of the storage", tuple(headings), tuple(rows))
    yield Table(
        "Storage with its uses, up to nearfull",
        (Heading("storage", left=True), Heading("filled", "%"), Heading("full in", "years")),
        tuple(_filled(quantities)),
    )


def _filled(quantities: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for name in quantities:
        backend = name.removesuffix(".pools_fill")
        if backend == name:
            continue
        years = quantities.get(f"{backend}.years_to_full")
        # A snapshot leaves out what is infinite.
        text = "never" if years is None else value_text(years)
        yield (backend, value_text(quantities[name], 0.01), text)
