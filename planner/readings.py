"""Files of power readings: tables with load and power, and what meters write."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from planner.calibration import Bound, Reading, Scope
from planner.csv_table import Cell, Cells, read_bytes, rows_of
from planner.faults import Fault, InputError, Mark
from planner.meters import Series, series_of, shown
from planner.text_file import decode, printable

_LOADS = ("load", "load_percent", "load_average")
_COLUMNS = (*_LOADS, "power_w", "threads", "meter_sd_w", "bound", "scope", "reading")
_IGNORED = ("timestamp", "time", "vms", "source", "note")
_ALIASES = {"watts": "power_w", "load1": "load_average", "sd_w": "meter_sd_w"}
_SCOPES = {"psu_dc": "psu_output"}
_MOST_FAULTS = 20
_MOST_READINGS = 200_000
_NUMBER = re.compile(r"[-+]?[0-9]{1,20}(?:\.[0-9]{0,20})?(?:[eE][-+]?[0-9]{1,2})?")
_MISSING = ("", "nan", "na", "n/a", "-")


@dataclass(frozen=True)
class ReadingFile:
    """The readings of one file.

    Parameters
    ----------
    name : str
        How the file is called in messages.
    readings : tuple of Reading
        What can be fitted, all of one scope.
    skipped : tuple of Fault
        What cannot, and why.
    sha256 : str
        Checksum of the bytes that were read.
    """

    name: str
    readings: tuple[Reading, ...]
    skipped: tuple[Fault, ...]
    sha256: str


@dataclass(frozen=True)
class Row:
    """One row of a table of readings.

    Parameters
    ----------
    machine : str
        The machine that was read; empty where the table has one only.
    reading : Reading
        What can be fitted.
    load : str
        The load as it is written.
    source, note : str
        Who read it, and remarks.
    mark : Mark
        Where it is written.
    """

    machine: str
    reading: Reading
    load: str
    source: str
    note: str
    mark: Mark


def read_rows(path: Path, name: str) -> list[Row]:
    """The rows of a table of readings, of one machine or of several.

    Parameters
    ----------
    path : Path
        The table, as for `read_readings`.
    name : str
        How the file is called in messages.

    Returns
    -------
    list of Row
        In the order of the file; rows without power are left out.

    Raises
    ------
    InputError
        If the file cannot be read or understood; carries every fault.
    """
    text = decode(read_bytes(path, name), name).removeprefix("\ufeff")
    return _table(text, name, None, "wall")[0]


def read_readings(
    path: str | os.PathLike[str],
    threads: float | None = None,
    load: float | None = None,
    scope: Scope = "wall",
    channel: str | None = None,
) -> ReadingFile:
    """Read the power readings of a file.

    Parameters
    ----------
    path : str or PathLike
        A table as CSV with the load (``load`` 0 .. 1, ``load_percent``, or ``load_average``, also
        called ``load1``, with ``threads``), the power (``power_w`` or ``watts``) and, if wanted,
        ``meter_sd_w`` (or ``sd_w``), ``bound`` (``upper`` or ``lower``), ``scope``, and
        ``reading``, the name of the machine; or a file that a meter wrote: JSON of Tasmota, Shelly
        or Prometheus, text of ``ipmitool dcmi power reading``, ``upsc`` or a Prometheus exporter.
    threads : float, optional
        Hardware threads of the machine, to turn a load average into a load: the smaller
        of 1 and load/threads.
    load : float, optional
        Load at which a meter's file was taken [1]; such files do not say.
    scope : str
        Scope of the rows of a table that state none.
    channel : str, optional
        Which machine of a table, or which series of a meter's file, to take if it has several.

    Returns
    -------
    ReadingFile
        The readings and what was left out.

    Raises
    ------
    InputError
        If the file cannot be read or understood; carries every fault.
    """
    name = printable(os.fspath(path))
    raw = read_bytes(Path(path), name)
    text = decode(raw, name).removeprefix("\ufeff")
    series = series_of(text, name)
    if series is None:
        rows, skipped = _table(text, name, threads, scope)
        readings = _of_machine(rows, channel, name)
    else:
        readings, skipped = _of_meter(series, name, load, channel)
    if not readings:
        nothing = Fault(Mark(name), "there is no reading that can be fitted")
        raise InputError([nothing, *skipped[:_MOST_FAULTS]])
    return ReadingFile(name, tuple(readings), tuple(skipped), hashlib.sha256(raw).hexdigest())


def _of_meter(
    series: list[Series], name: str, load: float | None, channel: str | None
) -> tuple[list[Reading], list[Fault]]:
    """Readings of a meter's file, which were all taken at one load."""
    if load is None:
        raise InputError.at(
            Mark(name),
            "this file has power but no load",
            "state the load at which it was taken",
        )
    chosen = [one for one in series if channel in (None, one.name)]
    if len(chosen) != 1:
        titles = ", ".join(f"`{shown(one.name)}`" for one in series[:10])
        message = f"this file has {len(series)} channels: {titles}"
        raise InputError.at(Mark(name), message, "state the one of the machine")
    doubts = [Fault(Mark(name), one.doubt) for one in chosen[0].samples if one.doubt]
    return chosen[0].readings(load), doubts


def _table(
    text: str, name: str, threads: float | None, scope: Scope
) -> tuple[list[Row], list[Fault]]:
    """Rows of a table with load and power, and those without a power that can be fitted."""
    rows = rows_of(text, name)
    header = next(rows, None)
    if header is None:
        raise InputError.at(Mark(name), "the file is empty", "begin with a header line")
    columns = _columns(header, threads)
    found: list[Row] = []
    first: dict[str, Reading] = {}
    skipped: list[Fault] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows):
        if number == _MOST_READINGS:
            message = f"the table has more than {_MOST_READINGS} rows"
            raise InputError.at(row[0].mark, message, "take means over minutes")
        try:
            cells = _by_column(row, header, columns)
            reading = _reading(cells, threads, scope)
            if isinstance(reading, Fault):
                skipped.append(reading)
                continue
            machine = _text(cells, "reading")
            _same_scope(first.setdefault(machine, reading), reading, row)
            beside = _text(cells, "source"), _text(cells, "note")
            found.append(Row(machine, reading, _load_text(cells, threads), *beside, row[0].mark))
        except InputError as error:
            faults.extend(error.faults)
            if len(faults) >= _MOST_FAULTS:
                break
    if faults:
        raise InputError(faults)
    return found, skipped


def _of_machine(rows: list[Row], machine: str | None, name: str) -> list[Reading]:
    """The readings of the machine that is meant."""
    found: dict[str, list[Reading]] = {}
    for row in rows:
        found.setdefault(row.machine, []).append(row.reading)
    if machine is None and len(found) < 2:
        return next(iter(found.values()), [])
    if machine not in found:
        names = ", ".join(f"`{shown(one)}`" for one in list(found)[:10])
        message = f"this table has the readings {names or 'of nothing'}"
        raise InputError.at(Mark(name), message, "state which one is meant")
    return found[machine]


def _columns(header: Cells, threads: float | None) -> dict[str, int]:
    """Number of each column that is known; refuses a header that cannot be read in one way."""
    known = (*_COLUMNS, *_ALIASES, *_IGNORED)
    columns: dict[str, int] = {}
    faults: list[Fault] = []
    for number, cell in enumerate(header):
        title = cell.text.lower()
        column = _ALIASES.get(title, title)
        if title not in known:
            near = difflib.get_close_matches(title, known, n=1)
            remedy = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
            faults.append(Fault(cell.mark, f"the column `{shown(title)}` is not known", remedy))
        elif column in columns:
            faults.append(Fault(cell.mark, f"the column `{column}` is there twice", "keep one"))
        columns.setdefault(column, number)
    if "power_w" not in columns:
        faults.append(Fault(header[0].mark, "a column of the power is missing", "add `power_w`"))
    if not set(_LOADS) & set(columns):
        remedy = f"add one of {', '.join(_LOADS)}"
        faults.append(Fault(header[0].mark, "a column of the load is missing", remedy))
    if "load_average" in columns and "threads" not in columns and threads is None:
        message = "a load average is a load only with the number of hardware threads"
        remedy = "add a column `threads`, or state the number"
        faults.append(Fault(header[columns["load_average"]].mark, message, remedy))
    if faults:
        raise InputError(faults)
    return columns


def _by_column(row: Cells, header: Cells, columns: dict[str, int]) -> dict[str, Cell]:
    if len(row) != len(header):
        raise InputError.at(
            row[0].mark,
            f"this row does not have the {len(header)} cells of the header",
            "a separator too many or too few?",
        )
    return {title: row[number] for title, number in columns.items()}


def _reading(cells: dict[str, Cell], threads: float | None, scope: Scope) -> Reading | Fault:
    """The reading of one row, or why there is none."""
    power = cells["power_w"]
    if power.text.lower() in _MISSING:
        return Fault(power.mark, "no power in this row")
    watts = _within(power, 0.0, 1e9)
    if watts == 0.0:
        return Fault(power.mark, "0 W is what a sensor says that is not implemented")
    sd = cells.get("meter_sd_w")
    return Reading(
        _load(cells, threads),
        watts,
        None if sd is None or not sd.text else _within(sd, 0.0, 1e9),
        _choice(cells.get("bound"), get_args(Bound), {}, None),
        _choice(cells.get("scope"), get_args(Scope), _SCOPES, scope),
    )


def _load(cells: dict[str, Cell], threads: float | None) -> float:
    """The load of one row, 0 .. 1."""
    filled = [title for title in _LOADS if title in cells and cells[title].text]
    if len(filled) != 1:
        place = cells[next(title for title in _LOADS if title in cells)]
        wanted = " or ".join(title for title in _LOADS if title in cells)
        raise InputError.at(place.mark, f"a row has one load, this has {len(filled)}", wanted)
    cell = cells[filled[0]]
    if filled == ["load"]:
        return _within(cell, 0.0, 1.0)
    if filled == ["load_percent"]:
        return _within(cell, 0.0, 100.0) / 100.0
    if "threads" in cells and cells["threads"].text:
        threads = _within(cells["threads"], 1.0, 1e6)
    if threads is None:
        raise InputError.at(cell.mark, "the number of hardware threads is missing")
    return min(1.0, _within(cell, 0.0, 1e6) / threads)


def _text(cells: dict[str, Cell], column: str) -> str:
    return cells[column].text if column in cells else ""


def _load_text(cells: dict[str, Cell], threads: float | None) -> str:
    """The load of one row in words."""
    title = next(one for one in _LOADS if _text(cells, one))
    if title == "load_average":
        return f"load average {cells[title].text} on {_text(cells, 'threads') or threads} threads"
    return f"load {cells[title].text}{' %' if title == 'load_percent' else ''}"


def _within(cell: Cell, low: float, high: float) -> float:
    """The number in a cell, within limits."""
    if not _NUMBER.fullmatch(cell.text):
        comma = re.fullmatch(r"[0-9]+,[0-9]+", cell.text)
        remedy = "write a decimal point" if comma else "a plain number; the header has the unit"
        raise InputError.at(cell.mark, f"`{shown(cell.text)}` is not a number", remedy)
    value = float(cell.text)
    if not low <= value <= high:
        raise InputError.at(
            cell.mark,
            f"{cell.text} is out of range",
            f"it must be within {low:g} .. {high:g}",
        )
    return value


def _choice(cell: Cell | None, allowed: tuple[Any, ...], others: dict[str, Any], usual: Any) -> Any:
    """The word in a cell, if it is one of those allowed."""
    if cell is None or not cell.text:
        return usual
    word = others.get(cell.text.lower(), cell.text.lower())
    if word not in allowed:
        remedy = f"one of {', '.join(allowed)}, or nothing"
        raise InputError.at(cell.mark, f"`{shown(cell.text)}` is not known here", remedy)
    return word


def _same_scope(first: Reading, reading: Reading, row: Cells) -> None:
    if reading.scope != first.scope:
        raise InputError.at(
            row[0].mark,
            f"this row is of the scope {reading.scope}, the first of {first.scope}",
            "these are different quantities; keep one file for each",
        )
