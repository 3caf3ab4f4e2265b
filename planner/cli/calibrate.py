"""``planner calibrate``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import Format, FormatOption, emit


class GoalName(StrEnum):
    """What the next reading shall make more certain."""

    ENERGY = "energy"
    PEAK = "peak"
    CURVE = "curve"


class ScopeName(StrEnum):
    """Where the power was read."""

    WALL = "wall"
    PSU_OUTPUT = "psu_output"
    RAPL = "rapl"
    UPS_OUTPUT = "ups_output"


FileArgument = Annotated[
    str,
    typer.Argument(
        metavar="READINGS",
        help="A CSV table with load and power_w, or what a meter wrote: Tasmota or Shelly JSON, "
        "ipmitool or upsc text, a Prometheus export.",
    ),
]
ThreadsOption = Annotated[
    float | None,
    typer.Option(min=1, help="Hardware threads, where the file has load averages."),
]
ScopeOption = Annotated[
    ScopeName, typer.Option(help="Where the power was read, if the file does not say.")
]
LoadOption = Annotated[
    str | None, typer.Option(help="Load at which a meter's file was taken: 0.5 or '50 %'.")
]
MeterErrorOption = Annotated[
    str,
    typer.Option(
        help="Error that all readings share: '1 W', '5 %', '5 % + 1 W', 'max(1 W, 5 %)'. By "
        "default the last, unless the readings state their own."
    ),
]
GoalOption = Annotated[
    GoalName, typer.Option(help="What the next reading shall make more certain.")
]
ReadingOption = Annotated[
    str | None, typer.Option(help="The machine, or the meter's channel, if the file has several.")
]
PlotOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Draw the curve too: .png, .svg or .pdf.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "calibrate",
        epilog="Example: planner calibrate readings.csv --meter-error '1 W' --plot curve.png",
    )(calibrate)


def calibrate(
    readings: FileArgument,
    threads: ThreadsOption = None,
    scope: ScopeOption = ScopeName.WALL,
    load: LoadOption = None,
    meter_error: MeterErrorOption = "",
    goal: GoalOption = GoalName.ENERGY,
    reading: ReadingOption = None,
    plot: PlotOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Fit a machine's power over load from a few readings. It says which reading to take next."""
    from planner.calibrated_file import calibrate_file
    from planner.report.calibration import render_calibration

    found = calibrate_file(
        readings,
        threads=threads,
        load=None if load is None else _load(load),
        scope=scope.value,
        channel=reading,
        meter_error=meter_error,
        goal=goal.value,
    )
    if plot is not None:
        from planner.report.calibration_plot import picture
        from planner.safe_write import write_bytes

        write_bytes(plot, picture(found, plot))
    emit(render_calibration(found, output.value))


def _load(text: str) -> float:
    from planner.faults import InputError, Mark
    from planner.units import UnitError, quantity

    try:
        load = quantity(text, "1")
    except UnitError as error:
        raise InputError.at(Mark("--load"), error.message, error.remedy) from None
    if not 0.0 <= load <= 1.0:
        raise InputError.at(Mark("--load"), f"a load of {text} is out of range", "write 0 to 1")
    return load
