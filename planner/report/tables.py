"""The tables of a report, from a snapshot; numbers in the unit of their column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from planner.snapshot import Snapshot

SHOWN_IN = {"B": ("TB", 1e12), "B/s": ("MB/s", 1e6)}
COUNTED = ("vm", "node", "port", "part", "thread", "U")
WEAK = ("look-alike", "components", "nameplate", "assumption")
LEGEND = (
    "~ rests on an assumption, or on a look-alike or the like; ? unknown, >= at least, as far as "
    "is known; [90 % range]; - does not apply."
)
TIB = ("TiB", 2.0**40)
MBIT = ("Mbit/s", 125e3)


@dataclass(frozen=True)
class Column:
    """A column of a table: a quantity, its heading, and how it is shown.

    Parameters
    ----------
    quantity : str
        Name of the quantity.
    heading : str
        What stands above it, without the unit.
    unit : tuple of (str, float) or None
        Unit to show it in and its size, where it is not the usual one.
    ranged : bool
        Whether the 90 % range is shown too.
    limit : bool
        Whether what limits it is shown too.
    """

    quantity: str
    heading: str
    unit: tuple[str, float] | None = None
    ranged: bool = False
    limit: bool = False


@dataclass(frozen=True)
class Heading:
    """What stands above a column, and the unit of the numbers in it.

    Parameters
    ----------
    text, unit : str
        The heading; the unit has a line of its own.
    left : bool
        Whether the column holds texts, which are set flush left.
    """

    text: str
    unit: str = ""
    left: bool = False


@dataclass(frozen=True)
class Table:
    """Texts in rows and columns.

    Parameters
    ----------
    title : str
        What stands above it.
    headings : tuple of Heading
        One a column.
    rows : tuple of tuple of str
        The texts.
    quantities : tuple of (str or None)
        The quantity that each column shows, if any does.
    """

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]
    quantities: tuple[str | None, ...] = ()


def text_table(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """A table of texts."""
    heads = tuple(Heading(heading, left=True) for heading in headings)
    return Table(title, heads, tuple(tuple(row) for row in rows))


SECTIONS: tuple[tuple[str, tuple[Column, ...]], ...] = (
    (
        "Power",
        (
            Column("idle_power", "idle"),
            Column("mean_power", "mean", ranged=True),
            Column("peak_power", "peak"),
            Column("peak_apparent_power", "peak"),
            Column("annual_energy", "a year"),
            Column("power_per_vm", "a VM"),
            Column("marginal_power_per_vm", "a VM more"),
        ),
    ),
    (
        "Energy over a year, at the meter of the site",
        (
            Column("facility_energy", "drawn"),
            Column("idle_energy_share", "at rest", ("%", 0.01)),
            Column("annual_emissions", "CO2e"),
            Column("annual_energy_saving", "saved", ranged=True),
            Column("annual_energy_cost_saving", "saved"),
            Column("consolidation_saving", "nodes off at night"),
        ),
    ),
    (
        "Circuits and UPS",
        (
            Column("feed_load", "of a feed", ("%", 0.01)),
            Column("circuits_needed", "circuits needed", ("", 1.0)),
            Column("ups_load", "of the UPS", ("%", 0.01)),
            Column("ups_apparent_load", "of its VA", ("%", 0.01)),
            Column("ups_runtime", "on battery", ("min", 1.0 / 60.0)),
            Column("ups_loss", "UPS loss"),
            Column("cooling_power", "cooling"),
        ),
    ),
    (
        "Virtual machines",
        (
            Column("vms", "fit", ranged=True, limit=True),
            Column("vms_after_one_host_loss", "after one host is lost", ranged=True),
            Column("host_threads_total", "hosts have"),
            Column("host_memory_total", "hosts have", ("GiB", 2.0**30)),
        ),
    ),
    (
        "Replicated storage",
        (
            Column("raw_capacity", "raw"),
            Column("usable_capacity", "usable"),
            Column("usable_capacity", "usable", TIB),
            Column("full_limit_capacity", "to full"),
            Column("nearfull_capacity", "to nearfull"),
            Column("self_heal_capacity", "can heal"),
            Column("host_losses_data_safe", "data safe"),
            Column("host_losses_in_service", "in service"),
        ),
    ),
    (
        "Throughput, sequential upper bounds",
        (
            Column("read_throughput", "read", limit=True),
            Column("read_throughput_per_client", "read a client", MBIT),
            Column("write_throughput", "write", limit=True),
            Column("write_throughput_per_client", "write a client", MBIT),
        ),
    ),
    (
        "Network and space",
        (
            Column("ports_needed_1g", "1G needed"),
            Column("ports_available_1g", "1G there"),
            Column("ports_needed_10g", "10G needed"),
            Column("ports_available_10g", "10G there"),
            Column("rack_units", "height"),
            Column("heat", "heat"),
        ),
    ),
    (
        "Cost",
        (
            Column("capital_cost", "to buy", ranged=True),
            Column("annual_energy_cost", "energy a year"),
            Column("annual_labour_cost", "labour a year"),
            Column("total_cost", "in all", ranged=True),
        ),
    ),
    (
        "Cost over the years of use, as it is worth today",
        (
            Column("net_present_cost", "in all", ranged=True),
            Column("net_present_saving", "saved", ranged=True),
        ),
    ),
)
WORTH_TODAY = {"net_present_cost", "net_present_saving"}
"""What says no more than the totals where no interest is stated."""


def comparison(snapshot: Snapshot) -> list[Table]:
    """One table a topic, one row a design."""
    tables = (design_table(snapshot, title, columns) for title, columns in SECTIONS)
    return [table for table in tables if len(table.headings) > 1]


def design_table(snapshot: Snapshot, title: str, columns: Iterable[Column]) -> Table:
    """One row a design, with the columns that any design has: no UPS, no column of it."""
    names = {name for design in snapshot.designs for name in design["quantities"]}
    if not snapshot.interest:
        names -= WORTH_TODAY
    there = [column for column in columns if column.quantity in names]
    headings = [Heading("design", left=True)]
    quantities: list[str | None] = [None]
    for column in there:
        headings += [_heading(snapshot, column), *[Heading("limit", left=True)] * column.limit]
        quantities += [column.quantity, *[None] * column.limit]
    rows = [
        (design["id"], *(text for column in there for text in _cells(design, column)))
        for design in snapshot.designs
    ]
    return Table(title, tuple(headings), tuple(rows), tuple(quantities))


def _heading(snapshot: Snapshot, column: Column) -> Heading:
    units = (d["quantities"].get(column.quantity, {}).get("unit") for d in snapshot.designs)
    unit = next((found for found in units if found), "")
    shown = (column.unit or SHOWN_IN.get(unit, (unit, 1.0)))[0]
    return Heading(column.heading, _PLURAL.get(shown, shown))


_PLURAL = {"vm": "VMs", "node": "hosts", "port": "ports", "thread": "threads"}


def _cells(design: dict[str, Any], column: Column) -> Iterable[str]:
    item = design["quantities"].get(column.quantity)
    size = 1.0
    if item is not None:
        size = (column.unit or SHOWN_IN.get(item["unit"], ("", 1.0)))[1]
    yield value_text(item, size, ranged=column.ranged)
    if column.limit:
        yield design["limits"].get(column.quantity, "")


def value_text(item: dict[str, Any] | None, size: float = 1.0, *, ranged: bool = False) -> str:
    """A number of a snapshot for a table: ``?`` where it is unknown, ``~`` on weak evidence."""
    if item is None:
        return "-"
    value, low, high = (
        None if item[key] is None else item[key] / size for key in ("value", "low", "high")
    )
    if value is None:
        if low is not None:
            return f">= {number(low, whole=True)} ?"
        return f"<= {number(high, whole=True)} ?" if high is not None else "?"
    whole = item["unit"] in COUNTED
    text = number(value, whole=whole)
    if ranged and low is not None and high is not None:
        to = " to " if low < 0.0 else "-"
        text += f" [{number(low, whole=whole)}{to}{number(high, whole=whole)}]"
    return f"~{text}" if item["basis"] in WEAK else text


def number(value: float, *, whole: bool = False) -> str:
    """Three significant digits, all digits before the point, thousands separated.

    Examples
    --------
    >>> [number(value) for value in (0.0, 5.4567, 24.0, 13140.0, -0.25)]
    ['0', '5.46', '24.0', '13,140', '-0.25']
    >>> number(96.0, whole=True)
    '96'
    """
    if value == 0.0:
        return "0"
    size = abs(value)
    digits = 0 if size >= 99.95 or (whole and value == round(value)) else 1 if size >= 9.995 else 2
    return f"{value:,.{digits}f}" if size >= 0.01 else f"{value:.2g}"
