"""A file of readings, calibrated: its curve, its mean power, and what to read next."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from planner.calibration import (
    CalibrationWarning,
    Goal,
    LoadCurve,
    NextMeasurement,
    Reading,
    Scope,
    calibrate,
    load_shares,
    next_measurement,
)
from planner.calibration.meter_error import UNSTATED, MeterError, error_function
from planner.calibration.shape_prior import LEVELS, Floats, ShapePrior, shipped_prior
from planner.faults import InputError, Mark
from planner.models.energy import annual_energy
from planner.readings import ReadingFile, read_readings

TWO_SIDED_90 = 1.645
USUAL_LOAD = (2.0, 5.0)
"""Beta distribution of the load over the year: 29 % on average."""
SCATTER: MeterError = (0.01, 0.2)
"""What readings of one meter scatter by, beside the error that they share."""


@dataclass(frozen=True, eq=False)
class CalibratedFile:
    """The curve of the machine that a file of readings is of.

    Parameters
    ----------
    file : ReadingFile
        What was read.
    curve : LoadCurve
        What follows from it.
    meter_error : str
        Error of the meter, which all readings share; empty where each reading states its own.
    advice : NextMeasurement
        Where to read next, for the part of the band that a reading can narrow.
    common_sd : float
        Standard deviation of the goal that more readings of the same meter leave [W].
    """

    file: ReadingFile
    curve: LoadCurve
    meter_error: str
    advice: NextMeasurement
    common_sd: float

    @property
    def levels(self) -> Floats:
        """Load levels of the curve [1]."""
        return LEVELS.copy()

    @property
    def prior(self) -> ShapePrior:
        """What the shape rests on where nothing was read."""
        return shipped_prior(self.curve.scope)

    def read_at(self, level: float) -> list[Reading]:
        """The readings nearest to a level."""
        return [one for one in self.file.readings if round(10 * one.load) == round(10 * level)]

    @property
    def mean_power(self) -> tuple[float, float, float]:
        """Mean power over a year of the usual load, with its 90 % band [W]."""
        mean, sd = self.curve.mean_power(USUAL_LOAD)
        return mean, max(mean - TWO_SIDED_90 * sd, 0.0), mean + TWO_SIDED_90 * sd

    @property
    def year(self) -> tuple[float, float, float]:
        """Energy of a year of the usual load, with its 90 % band [kWh]."""
        mean, low, high = (float(annual_energy(watts)) for watts in self.mean_power)
        return mean, low, high

    def reach(self, own_sd: float) -> float:
        """Half of the goal's 90 % band [W] for a standard deviation beside the common one [W]."""
        return float(TWO_SIDED_90 * np.hypot(own_sd, self.common_sd))


def calibrate_file(
    path: str,
    *,
    threads: float | None = None,
    load: float | None = None,
    scope: Scope = "wall",
    channel: str | None = None,
    meter_error: str = "",
    goal: Goal = "energy",
) -> CalibratedFile:
    """Fit the load curve of the machine in a file of readings.

    Parameters
    ----------
    path : str
        The file, as for `planner.readings.read_readings`.
    threads : float, optional
        Hardware threads of the machine, where the file has load averages.
    load : float, optional
        Load at which a meter's file was taken [1].
    scope : str
        Where the power was read, if the file does not say.
    channel : str, optional
        The machine, or the meter's channel, if the file has several.
    meter_error : str
        Error that all readings share, such as ``5 % + 1 W``. By default that of an unknown meter,
        or none where the readings state their own.
    goal : {"energy", "peak", "curve"}
        What the next reading shall make more certain.

    Returns
    -------
    CalibratedFile
        The curve and the advice.

    Raises
    ------
    InputError
        If the file or the error cannot be understood.
    """
    file = read_readings(path, threads, load, scope, channel)
    stated = any(one.sd is not None for one in file.readings)
    rule = meter_error or ("" if stated else str(UNSTATED))
    try:
        common = error_function(rule or 0.0)
    except ValueError as error:
        raise InputError.at(Mark("--meter-error"), str(error)) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CalibrationWarning)
            own = calibrate(file.readings)
    except ValueError as error:
        raise InputError.at(Mark(file.name), str(error)) from None
    curve = own.with_common_error(common)
    advice = next_measurement(own, goal, USUAL_LOAD, SCATTER)
    return CalibratedFile(file, curve, rule, advice, _common_sd(goal, common(own.mean)))


def _common_sd(goal: Goal, error: Floats) -> float:
    """What the meter's own error leaves of the goal's uncertainty [W]."""
    if goal == "peak":
        return float(error[-1])
    if goal == "curve":
        return float(np.sqrt(np.mean(error[1:-1] ** 2)))
    return float(load_shares(USUAL_LOAD) @ error)
