"""Power readings by name, from CSV files.

The header is ``reading,load,load_average,threads,power_w,bound,scope,meter_sd_w,vms,source,note``.
The load of a row is a fraction, or a load average over a number of threads.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.catalog import shipped
from planner.facts import Basis, Bound, Fact
from planner.faults import Fault, InputError, Mark
from planner.text_file import read_text

COLUMNS = (
    "reading",
    "load",
    "load_average",
    "threads",
    "power_w",
    "bound",
    "scope",
    "meter_sd_w",
    "vms",
    "source",
    "note",
)
SCOPES = ("wall", "psu_output", "rapl", "ups_output")


@dataclass(frozen=True)
class PowerReading:
    """One reading of a power meter.

    Parameters
    ----------
    load : float
        Share of the machine's threads that was busy, 0 .. 1 [1].
    power : Fact
        What the meter showed [W].
    scope : str
        Where it was connected.
    """

    load: float
    power: Fact
    scope: str


Readings = Mapping[str, tuple[PowerReading, ...]]


def load_readings(path: Path, name: str) -> Readings:
    """Read a file of power readings.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = csv.DictReader(io.StringIO(read_text(path, name)), strict=True)
    found: dict[str, list[PowerReading]] = {}
    faults: list[Fault] = []
    try:
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise InputError.at(Mark(name, 1, 1), "unexpected header", "write " + ",".join(COLUMNS))
        for row in rows:
            mark = Mark(name, rows.line_num, 1)
            try:
                found.setdefault(row["reading"], []).append(_reading(row, mark))
            except ValueError as error:
                faults.append(Fault(mark, str(error)))
    except csv.Error as error:
        raise InputError.at(Mark(name, rows.line_num, 1), f"not a CSV row: {error}") from None
    if faults:
        raise InputError(faults)
    return {reading: tuple(items) for reading, items in found.items()}


def _reading(row: dict[str, str], mark: Mark) -> PowerReading:
    if None in row or any(value is None for value in row.values()):
        raise ValueError(f"a row has {len(COLUMNS)} fields")
    if row["scope"] not in SCOPES:
        raise ValueError(f"scope is {row['scope']!r}; write one of {', '.join(SCOPES)}")
    if row["bound"] not in ("", *Bound):
        raise ValueError(f"bound is {row['bound']!r}; write upper, lower or nothing")
    deviation = _number(row, "meter_sd_w") if row["meter_sd_w"] else None
    power = _number(row, "power_w")
    bound = Bound(row["bound"]) if row["bound"] else None
    spread = None if deviation is None or bound else 1.645 * deviation
    fact = Fact(
        name=f"{row['reading']} at {_load_text(row)}",
        value=power,
        unit="W",
        basis=Basis.MEASURED,
        source=row["source"],
        low=None if spread is None else max(power - spread, 0.0),
        high=None if spread is None else power + spread,
        bound=bound,
        note=row["note"],
        mark=mark,
    )
    return PowerReading(_load(row), fact, row["scope"])


def _number(row: dict[str, str], key: str) -> float:
    text = row[key].strip()
    try:
        value = float(text) if text.isascii() else float("nan")
    except ValueError:
        value = float("nan")
    if not 0.0 <= value < 1e9:
        raise ValueError(f"{key} is {row[key]!r}; write a number of at least 0")
    return value


def _load(row: dict[str, str]) -> float:
    if row["load"] and not row["load_average"]:
        load = _number(row, "load")
        if load > 1.0:
            raise ValueError(f"load is {row['load']}; write a fraction from 0 to 1")
        return load
    if row["load_average"] and row["threads"] and not row["load"]:
        threads = _number(row, "threads")
        if threads < 1:
            raise ValueError("threads must be at least 1")
        return min(1.0, _number(row, "load_average") / threads)
    raise ValueError("give either load, or load_average and threads")


def _load_text(row: dict[str, str]) -> str:
    if row["load"]:
        return f"load {row['load']}"
    return f"load average {row['load_average']} on {row['threads']} threads"


@cache
def shipped_readings() -> Readings:
    """The readings that come with the project."""
    folder = shipped("catalogs") / "measurements"
    paths = sorted(folder.glob("*.csv"))
    return _merged(load_readings(path, f"catalogs/measurements/{path.name}") for path in paths)


def load_all_readings(paths: Iterable[Path]) -> Readings:
    """The shipped readings and those of more files; a later one of the same name replaces them."""
    return _merged([shipped_readings(), *(load_readings(path, str(path)) for path in paths)])


def _merged(files: Iterable[Readings]) -> Readings:
    merged: dict[str, tuple[PowerReading, ...]] = {}
    for readings in files:
        merged.update(readings)
    return merged
