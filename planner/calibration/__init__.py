"""Load curves from readings of a power meter, however few, and what to read next.

The curve is the posterior of a Gaussian model: idle and maximum power, and a shape between them
whose prior comes from measured servers. Readings may stand at any load, carry any error, be
missing at either end, or be mere bounds.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from planner.calibration.meter_error import UNSTATED, MeterError, error_function
from planner.calibration.posterior import SHAPE_ROUGHNESS, Equations, level_weights, posterior
from planner.calibration.power_curve import LoadCurve, LoadDistribution, load_shares
from planner.calibration.shape_prior import LEVELS, Floats, ShapePrior, shipped_prior

__all__ = [
    "CalibrationWarning",
    "LoadCurve",
    "NextMeasurement",
    "Reading",
    "calibrate",
    "load_shares",
    "next_measurement",
]

Bound: TypeAlias = Literal["upper", "lower"]
Scope: TypeAlias = Literal["wall", "psu_output", "rapl", "ups_output"]
Goal: TypeAlias = Literal["energy", "peak", "curve"]

_BOUNDS = get_args(Bound)
_SCOPES = get_args(Scope)
_SIGNS: dict[Bound, float] = {"upper": 1.0, "lower": -1.0}
_TOLERANCE = 1e-5
_TWO_SIDED_90 = 1.645
_NEAR_END = 0.05


class CalibrationWarning(UserWarning):
    """Readings that contradict each other, or a curve that reaches beyond them."""


@dataclass(frozen=True)
class Reading:
    """One reading of a power meter.

    Parameters
    ----------
    load : float
        Share of the machine's throughput in use [1], 0 .. 1.
    watts : float
        Power [W].
    sd : float, optional
        Standard deviation of the reading [W]; by default that of the meter.
    bound : {"upper", "lower"}, optional
        Whether the power is at most, or at least, ``watts``; by default it is ``watts``.
    scope : {"wall", "psu_output", "rapl", "ups_output"}
        Where the power is measured.

    Raises
    ------
    ValueError
        If a value is out of its range.

    Examples
    --------
    "Never above 30 W under full load":

    >>> Reading(1.0, 30.0, bound="upper").bound
    'upper'
    """

    load: float
    watts: float
    sd: float | None = None
    bound: Bound | None = None
    scope: Scope = "wall"

    def __post_init__(self) -> None:
        """Refuse what cannot be a reading."""
        if not 0.0 <= self.load <= 1.0:
            raise ValueError(f"load must be within 0 .. 1, got {self.load}; 50 % is 0.5")
        if not 0.0 < self.watts < math.inf:
            raise ValueError(
                f"a reading must be above 0 W and finite, got {self.watts}; meters that cannot "
                "measure often say 0"
            )
        if self.sd is not None and not 0.0 <= self.sd < math.inf:
            raise ValueError(f"the standard deviation must be at least 0 W, got {self.sd}")
        if self.bound is not None and self.bound not in _BOUNDS:
            raise ValueError(f"bound must be 'upper' or 'lower', got {self.bound!r}")
        if self.scope not in _SCOPES:
            raise ValueError(f"scope must be one of {', '.join(_SCOPES)}, got {self.scope!r}")


def calibrate(
    readings: Iterable[Reading | Sequence[float]],
    meter_error: MeterError | None = None,
    prior: ShapePrior | None = None,
    common_error: MeterError | None = None,
) -> LoadCurve:
    """Posterior of the load curve from any set of readings.

    Parameters
    ----------
    readings : iterable of Reading or tuple
        Readings, or tuples (load, watts) or (load, watts, sd) with the load in 0 .. 1.
    meter_error : float, tuple, str or callable, optional
        Standard deviation of readings that state none: watts, (relative, watts), a text such as
        ``"5 % + 1 W"`` or a function of the reading. By default readings count as they stand, and
        the curve is the power *as this meter shows it*.
    prior : ShapePrior, optional
        The shape before any reading; by default the shipped one for the scope of the readings.
    common_error : float, tuple, str or callable, optional
        Error that all readings share because one meter took them, such as ``"5 %"``. It widens
        the curve as a whole and does not average out. `meter_error.UNSTATED` is what to
        assume of an unknown meter.

    Returns
    -------
    LoadCurve
        Mean and covariance at 11 load levels.

    Raises
    ------
    ValueError
        If there is no reading, or readings are of several scopes.

    Warns
    -----
    CalibrationWarning
        Of readings or a curve that fall with the load, of bounds that readings contradict, and of
        a curve that reaches beyond the readings.

    Notes
    -----
    ``P_k = (1 - g_k) idle + g_k max`` at the level k, ``g ~ N(mu, C)``, a vague maximum, and
    ``idle ~ N(r max, (s_r max)^2)``. Linearised around the means this is Gaussian, and so is the
    posterior, in closed form. Range and idle share at which it is linearised are then replaced
    by those of the posterior until they settle. No reading is taken as more exact than 0.01 % of
    the power, and none between the ends than 1 % of the range.

    A bound that the curve without it would cross is taken as reached, which is the most likely
    curve within the bounds; `LoadCurve.notes` says so. Other bounds only cut the intervals.

    Mean error between 10 and 90 % load, over 63 published results: 7.3 % from idle and maximum,
    2.5 % with 50 % added, 1.3 % with 20 and 50 % added. Valid for machines like those of the
    prior; for others the band is too narrow until they are read within their range.

    References
    ----------
    Rasmussen and Williams, 2006, Gaussian Processes for Machine Learning, equation 2.23 and
    section 2.7 (explicit basis functions), on 11 levels.

    Examples
    --------
    >>> curve = calibrate([(0.0, 10.0, 0.7), (1.0, 30.0, 1.0)])
    >>> round(float(curve.power(0.5)), 1)
    19.6
    >>> low, high = curve.interval(0.5)
    >>> round(float(low)), round(float(high))
    (16, 23)
    """
    taken = [_reading(item) for item in readings]
    scope = _one_scope(taken)
    rows = _equations(taken, meter_error)
    prior = prior or shipped_prior(scope)
    values = [number for number, reading in enumerate(taken) if reading.bound is None]
    bounds = {number: _SIGNS[one.bound] for number, one in enumerate(taken) if one.bound}
    if not values:
        raise ValueError("nothing is read: give at least one reading that is not a bound")
    active = _active_bounds(prior, rows, values, bounds)
    mean, covariance = posterior(prior, rows.take(values + active))
    curve = LoadCurve(
        np.maximum(mean, 0.0),
        covariance,
        scope=scope,
        basis=_basis({taken[number].load for number in values + active}),
        warnings=tuple(_complaints(rows, values, {one: bounds[one] for one in active}, mean)),
        notes=tuple(_assumption(taken[number]) for number in active),
        floor=_limit(rows, bounds, -1.0),
        ceiling=_limit(rows, bounds, 1.0),
    )
    for text in curve.warnings:
        warnings.warn(text, CalibrationWarning, stacklevel=2)
    return curve if common_error is None else curve.with_common_error(common_error)


def _reading(item: Reading | Sequence[float]) -> Reading:
    if isinstance(item, Reading):
        return item
    if len(item) not in (2, 3):
        raise ValueError(f"a reading is (load, watts) or (load, watts, sd), got {item}")
    load, watts, *sd = (float(value) for value in item)
    return Reading(load, watts, sd[0] if sd else None)


def _one_scope(readings: Sequence[Reading]) -> Scope:
    """The scope that all readings share."""
    if not readings:
        raise ValueError("there is no reading to calibrate from")
    scopes = {reading.scope for reading in readings}
    if len(scopes) > 1:
        raise ValueError(
            f"readings of several scopes ({', '.join(sorted(scopes))}) are different quantities; "
            "calibrate each on its own"
        )
    return readings[0].scope


def _equations(readings: Sequence[Reading], meter_error: MeterError | None) -> Equations:
    """The readings as equations for the levels."""
    loads = np.array([one.load for one in readings], dtype=float)
    watts = np.array([one.watts for one in readings], dtype=float)
    usual = np.zeros(len(watts)) if meter_error is None else error_function(meter_error)(watts)
    stated = np.array([np.nan if one.sd is None else one.sd for one in readings], dtype=float)
    sds = np.where(np.isnan(stated), usual, stated)
    return Equations(loads, level_weights(loads), watts, sds)


def _active_bounds(
    prior: ShapePrior, rows: Equations, values: list[int], bounds: dict[int, float]
) -> list[int]:
    """The bounds that hold the curve back: it would cross them if they were not there."""
    active: list[int] = []
    while crossed := _crossings(prior, rows, values + active, bounds, set(bounds) - set(active)):
        active.append(max(crossed, key=crossed.__getitem__))
    for number in tuple(active):
        others = [other for other in active if other != number]
        if not _crossings(prior, rows, values + others, bounds, {number}):
            active = others
    return sorted(active)


def _crossings(
    prior: ShapePrior,
    rows: Equations,
    chosen: list[int],
    bounds: dict[int, float],
    candidates: set[int],
) -> dict[int, float]:
    """By how much [W] the curve of the chosen readings crosses each bound that it crosses."""
    if not candidates:
        return {}
    mean, _ = posterior(prior, rows.take(chosen))
    excess = rows.hats @ mean - rows.watts
    tolerance = _TOLERANCE * rows.watts.max()
    return {one: over for one in candidates if (over := bounds[one] * excess[one]) > tolerance}


def _limit(rows: Equations, bounds: dict[int, float], side: float) -> Floats:
    """What the upper (or, with side -1, lower) bounds allow at each level [W], error included."""
    limit = np.full(len(LEVELS), np.inf if side > 0 else 0.0)
    for number in (number for number, sign in bounds.items() if sign == side):
        watts = rows.watts[number] + side * _TWO_SIDED_90 * rows.sds[number]
        reached = side * LEVELS <= side * rows.loads[number] + 1e-9
        limit[reached] = side * np.minimum(side * limit[reached], side * watts)
    return limit


def _basis(loads: set[float]) -> str:
    """Rung of the ladder of evidence that readings at these loads reach."""
    ends = min(loads) <= _NEAR_END and max(loads) >= 1.0 - _NEAR_END
    if ends and len(loads) > 2:
        return "measured"
    return "calibrated" if len(loads) > 1 else "look-alike"


def _assumption(bound: Reading) -> str:
    side = "below" if bound.bound == "upper" else "above"
    return (
        f"the power at {bound.load:.0%} load is taken to reach its {bound.bound} bound of "
        f"{bound.watts:g} W; it may lie {side}"
    )


def _complaints(
    rows: Equations, values: list[int], active: dict[int, float], mean: Floats
) -> list[str]:
    """What is wrong with the readings or the curve, in words."""
    found = [_fall(rows.take(values)) or _falling_curve(mean)]
    if mean.min() < 0.0:
        found.append(
            f"the curve would be below 0 W at {LEVELS[mean.argmin()]:.0%} load: such readings are "
            "unlike any machine that the prior knows"
        )
    used = rows.take([*values, *active])
    if (first := float(used.loads.min())) > _NEAR_END:
        found.append(
            f"nothing is read below {first:.0%} load: there the curve rests on other machines; "
            "read the idle power"
        )
    if (last := float(used.loads.max())) < 1.0 - _NEAR_END:
        found.append(
            f"nothing is read above {last:.0%} load: there the curve rests on other machines; "
            "read the power at full load"
        )
    least = SHAPE_ROUGHNESS * abs(mean[-1] - mean[0])
    for number, sign in active.items():
        over = sign * (rows.hats[number] @ mean - rows.watts[number])
        if over > max(_TWO_SIDED_90 * rows.sds[number], least):
            found.append(
                f"the readings contradict the bound of {rows.watts[number]:g} W at "
                f"{rows.loads[number]:.0%} load by {over:.2g} W"
            )
    return [text for text in found if text]


def _fall(rows: Equations) -> str:
    """The largest fall from a reading to one at a higher load, beyond what their errors allow."""
    order = np.lexsort((rows.watts, rows.loads))
    loads, watts, sds = rows.loads[order], rows.watts[order], rows.sds[order]
    before = np.maximum.accumulate(watts - _TWO_SIDED_90 * sds)
    falls = before - (watts + _TWO_SIDED_90 * sds)
    low = int(falls.argmax())
    high = int((watts - _TWO_SIDED_90 * sds)[: low + 1].argmax())
    if falls[low] <= 0.0 or loads[high] == loads[low]:
        return ""
    if (loads[high], loads[low]) == (0.0, 1.0):
        return f"the idle power of {watts[high]:g} W is above the maximum of {watts[low]:g} W"
    return (
        f"the power falls with the load: {watts[high]:g} W at {loads[high]:.0%}, "
        f"{watts[low]:g} W at {loads[low]:.0%}; check these readings"
    )


def _falling_curve(mean: Floats) -> str:
    steps = np.diff(mean)
    if steps.min() >= -_TOLERANCE * mean.max():
        return ""
    level = int(steps.argmin())
    return f"the curve falls between {LEVELS[level]:.0%} and {LEVELS[level + 1]:.0%} load"


@dataclass(frozen=True, eq=False)
class NextMeasurement:
    """Where to read next, and what each place would bring.

    Parameters
    ----------
    load : float
        Load at which a reading helps the goal most [1].
    goal : str
        The goal: ``energy``, ``peak`` or ``curve``.
    present_sd : float
        Standard deviation of the goal now [W].
    candidates : ndarray
        The loads that were compared [1].
    expected_sd : ndarray
        Standard deviation of the goal after a reading at each of them [W].
    """

    load: float
    goal: Goal
    present_sd: float
    candidates: Floats
    expected_sd: Floats


def next_measurement(
    curve: LoadCurve,
    goal: Goal = "energy",
    load_distribution: LoadDistribution = (2.0, 5.0),
    meter_error: MeterError = UNSTATED,
    candidates: Sequence[float] | Floats = LEVELS,
) -> NextMeasurement:
    """The load at which one more reading helps most.

    Parameters
    ----------
    curve : LoadCurve
        What is known so far.
    goal : {"energy", "peak", "curve"}
        What shall become more certain: the mean power over time, the power at full load, or the
        levels from 10 to 90 %, of which the root mean square counts.
    load_distribution : tuple or array_like
        How the load is distributed over time, for the goal ``energy``; see `load_shares`.
    meter_error : float, tuple, str or callable
        Error of the meter that will read, as for `calibrate`.
    candidates : array_like
        Loads at which the machine can be held [1].

    Returns
    -------
    NextMeasurement
        The best load and the comparison.

    Raises
    ------
    ValueError
        If the goal is not one of the three.

    Notes
    -----
    A reading at u turns the covariance S into ``S - (S h)(S h)^T / (h^T S h + s^2)``, with h the
    weights of the levels in the power at u; its value need not be known for that.

    Examples
    --------
    >>> node = calibrate([(0.0, 10.0, 0.7), (1.0, 30.0, 1.0)])
    >>> next_measurement(node, "energy", meter_error=0.7).load
    0.3
    >>> next_measurement(node, "curve", meter_error=0.7).load
    0.5
    """
    loads = np.asarray(candidates, dtype=float)
    hats = level_weights(loads)
    weights = _goal_weights(goal, load_distribution)
    shared = hats @ curve.covariance
    variance = np.sum(shared * hats, axis=1) + error_function(meter_error)(curve.power(loads)) ** 2
    gained = np.sum((shared @ weights.T) ** 2, axis=1) / np.maximum(variance, np.finfo(float).tiny)
    present = float(np.sum((weights @ curve.covariance) * weights))
    expected = np.sqrt(np.maximum(present - gained, 0.0))
    best = float(loads[expected.argmin()])
    return NextMeasurement(best, goal, math.sqrt(max(present, 0.0)), loads, expected)


def _goal_weights(goal: Goal, load_distribution: LoadDistribution) -> Floats:
    """Rows of weights of the levels; the goal is the sum of the variances of the rows."""
    levels = np.eye(len(LEVELS))
    if goal == "energy":
        return load_shares(load_distribution)[np.newaxis]
    if goal == "peak":
        return levels[-1:]
    if goal == "curve":
        return levels[1:-1] / math.sqrt(len(LEVELS) - 2)
    raise ValueError(f"goal must be one of {', '.join(get_args(Goal))}, got {goal!r}")
