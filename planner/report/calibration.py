"""A calibrated load curve as text, Markdown, CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from planner.report.inert import markdown, plain
from planner.report.tables import Heading, Table, number
from planner.report.text import table_text, wrap

if TYPE_CHECKING:
    from planner.calibrated_file import CalibratedFile
    from planner.calibration import Reading

HEADER = ("load", "power_w", "low_w", "high_w", "sd_w", "read_w")
GOALS = {
    "energy": "mean power over the year",
    "peak": "power under full load",
    "curve": "power from 10 to 90 % load",
}
SIGNS = {None: "", "upper": "<= ", "lower": ">= "}
MOST_SKIPPED = 5


def render_calibration(found: CalibratedFile, output: str) -> str:
    """The curve, what it rests on, and what to read next."""
    from planner.report.render import csv_table, markdown_table

    if output == "json":
        return json.dumps(_data(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if output == "csv":
        return csv_table(HEADER, list(_rows(found)))
    if output == "md":
        told = [f"- {markdown(line)}" for line in _remarks(found)]
        return "\n".join([markdown_table(_table(found)), *told, ""])
    lines = [table_text(_table(found)), "", *(wrap(line, "  ", "") for line in _remarks(found))]
    return "\n".join(lines) + "\n"


def _levels(found: CalibratedFile) -> Iterator[tuple[float, float, float, float, float]]:
    low, high = found.curve.interval(found.levels)
    numbers = (found.levels, found.curve.power(found.levels), low, high)
    for row in zip(*numbers, found.curve.sd(found.levels), strict=True):
        load, power, below, above, sd = (round(float(value), 6) for value in row)
        yield load, power, below, above, sd


def _rows(found: CalibratedFile) -> Iterator[tuple[Any, ...]]:
    for row in _levels(found):
        yield (*row, _read(found.read_at(row[0])))


def _read(readings: list[Reading]) -> str:
    shown = [f"{SIGNS[one.bound]}{one.watts:g}" for one in readings[:3]]
    return ", ".join(shown) + (f" and {len(readings) - 3} more" if len(readings) > 3 else "")


def _table(found: CalibratedFile) -> Table:
    headings = (
        Heading("load", "%"),
        Heading("power", "W"),
        Heading("90 % from", "W"),
        Heading("to", "W"),
        Heading("read", "W", left=True),
    )
    rows = tuple(
        (f"{100 * load:.0f}", *(f"{value:.1f}" for value in numbers[:3]), read)
        for load, *numbers, read in _rows(found)
    )
    count = len(found.file.readings)
    title = f"{found.file.name}: {count} reading{'s' * (count != 1)}, scope {found.curve.scope}"
    return Table(f"{title}, {found.curve.basis}", headings, rows)


def _remarks(found: CalibratedFile) -> Iterator[str]:
    """What stands below the table, one paragraph each."""
    for text in found.curve.warnings:
        yield f"Warning: {text}."
    for fault in found.file.skipped[:MOST_SKIPPED]:
        yield f"Left out: {fault}."
    if len(found.file.skipped) > MOST_SKIPPED:
        yield f"Left out: {len(found.file.skipped) - MOST_SKIPPED} more."
    for text in found.curve.notes:
        yield f"Note: {text}."
    mean, energy = (_banded(values) for values in (found.mean_power, found.year))
    yield (
        f"A year at 29 % load on average (Beta(2, 5)): {mean} W, {energy} kWh; the range is the "
        "90 % band."
    )
    meter = found.meter_error or "as each reading states"
    yield f"Error of the meter: {meter}. Shape where nothing was read: {found.prior.attribution}."
    yield _advice(found)


def _banded(values: tuple[float, float, float]) -> str:
    mean, low, high = (number(value) for value in values)
    return f"{mean} [{low}-{high}]"


def _advice(found: CalibratedFile) -> str:
    """Where to read next, and what it brings."""
    advice = found.advice
    present, after = found.reach(advice.present_sd), found.reach(float(advice.expected_sd.min()))
    goal = GOALS[advice.goal]
    if after > 0.95 * present:
        return (
            f"Read next: nothing more of this meter narrows the {goal} by much, from "
            f"+-{present:.1f} W; a better meter would."
        )
    return (
        f"Read next: the power at {advice.load:.0%} load; it narrows the 90 % band of the {goal} "
        f"from +-{present:.1f} to +-{after:.1f} W."
    )


def _data(found: CalibratedFile) -> dict[str, Any]:
    advice = found.advice
    mean, low, high = (round(value, 6) for value in found.mean_power)
    return {
        "schema": "planner/calibration/1",
        "file": plain(found.file.name),
        "sha256": found.file.sha256,
        "scope": found.curve.scope,
        "basis": found.curve.basis,
        "meter_error": found.meter_error,
        "prior": found.prior.attribution,
        "readings": [
            {"load": one.load, "power_w": one.watts, "sd_w": one.sd, "bound": one.bound}
            for one in found.file.readings
        ],
        "levels": [dict(zip(HEADER[:5], row, strict=True)) for row in _levels(found)],
        "mean_power_w": {"value": mean, "low": low, "high": high},
        "warnings": list(found.curve.warnings),
        "notes": list(found.curve.notes),
        "skipped": [str(fault) for fault in found.file.skipped],
        "next": {
            "goal": advice.goal,
            "load": advice.load,
            "present_reach_w": round(found.reach(advice.present_sd), 6),
            "candidates": [
                {"load": round(float(load), 6), "reach_w": round(found.reach(float(sd)), 6)}
                for load, sd in zip(advice.candidates, advice.expected_sd, strict=True)
            ],
        },
    }
