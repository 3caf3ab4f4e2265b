"""Named power readings as facts: the tables of readings, as designs use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.calibration import Reading
from planner.data_files import shipped
from planner.facts import Basis, Bound, Fact
from planner.faults import Fault, InputError, Mark
from planner.readings import Row, read_rows
from planner.wording import quoted

TWO_SIDED_90 = 1.645


@dataclass(frozen=True)
class PowerReading:
    """One reading of a power meter.

    Parameters
    ----------
    reading : Reading
        As it is fitted.
    power : Fact
        What the meter showed [W].
    """

    reading: Reading
    power: Fact

    @property
    def load(self) -> float:
        """Share of the machine's threads that was busy, 0 .. 1 [1]."""
        return self.reading.load


Readings = Mapping[str, tuple[PowerReading, ...]]


def load_readings(path: Path, name: str) -> Readings:
    """Read a table of power readings; rows without a name bear that of the file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    found: dict[str, list[PowerReading]] = {}
    for row in read_rows(path, name):
        machine = row.machine or path.stem
        found.setdefault(machine, []).append(PowerReading(row.reading, _fact(row, machine)))
    faults = [_only_bounds(machine, items, name) for machine, items in found.items()]
    if any(faults):
        raise InputError(filter(None, faults))
    return {machine: tuple(items) for machine, items in found.items()}


def _only_bounds(machine: str, items: list[PowerReading], name: str) -> Fault | None:
    """The fault of a machine of which no power is known, only limits to it."""
    if any(item.power.bound is None for item in items):
        return None
    message = f"all readings of {quoted(machine)} are bounds: they do not tell its power"
    return Fault(items[0].power.mark or Mark(name), message, "add a reading without a bound")


def _fact(row: Row, machine: str) -> Fact:
    reading = row.reading
    exact = reading.sd is None or reading.bound is not None
    spread = None if exact else TWO_SIDED_90 * (reading.sd or 0.0)
    return Fact(
        name=f"{machine} at {row.load}",
        value=reading.watts,
        unit="W",
        basis=Basis.MEASURED,
        source=row.source,
        low=None if spread is None else max(reading.watts - spread, 0.0),
        high=None if spread is None else reading.watts + spread,
        bound=None if reading.bound is None else Bound(reading.bound),
        note=row.note,
        mark=row.mark,
    )


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
