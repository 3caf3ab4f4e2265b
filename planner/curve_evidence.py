"""The load curve of a machine as facts: calibrated, of published servers, or by a formula."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

import numpy as np

from planner.calibration import CalibrationWarning, LoadCurve, calibrate
from planner.calibration.meter_error import UNSTATED, error_function
from planner.calibration.shape_prior import LEVELS, Floats, shipped_prior
from planner.catalog import Entry
from planner.facts import Basis, Fact, weakest
from planner.faults import InputError, Mark
from planner.measurements import TWO_SIDED_90, PowerReading
from planner.models.load_curves import load_curve
from planner.plan import Curve
from planner.scenario import LoadModel

MIDDLE = 5
SAME_WATTS = 1e-3
SIMULATORS = {"square-root": "sqrt", "fan": "mse", "interpolation": "interpolate"}


def calibrated(name: str, rows: Sequence[PowerReading]) -> dict[str, Fact | Curve]:
    """The curve of a machine that was read.

    Power at rest and under full load stay as they were read where there is one reading of each;
    the shape between them, and how far it may be off, is that of the posterior. Where no reading
    states an error, that of an unknown meter is taken, which all of them share.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CalibrationWarning)
        curve = calibrate([one.reading for one in rows])
    basis = Basis(curve.basis)
    idle = _end(name, rows, curve, 0)
    peak = _end(name, rows, curve, len(LEVELS) - 1)
    low, high = idle.value or 0.0, peak.value or 0.0
    spread = high - low or 1.0
    shape = np.array([0.0, *(curve.mean[1:-1] - low) / spread, 1.0])
    sd = _between_ends(curve.covariance) / abs(spread)
    source = _source(rows, curve)
    note = "; ".join((f"posterior of {len(rows)} readings", *curve.notes, *curve.warnings))
    found: dict[str, Fact | Curve] = {
        "base_idle_power": idle,
        "base_peak_power": peak,
        "load_shape": _curve(f"{name} shape", shape, basis, source, note),
        "load_shape_sd": _curve(f"{name} shape, sd", sd, basis, source, note),
        "shape_score": _score(f"{name} shape score", basis),
    }
    if any(one.reading.sd is not None for one in rows):
        return found
    error = error_function(UNSTATED)(curve.mean)
    rule = f"{UNSTATED}, the rule for a meter of unstated error; all its readings share it"
    meter = _curve(f"{name} meter", error, basis, rule, "", "W")
    return found | {"meter_error": meter, "meter_score": _score(f"{name} meter score", basis)}


def _source(rows: Sequence[PowerReading], curve: LoadCurve) -> str:
    """The readings and the prior, each with its origin."""
    sides = {None: "", "upper": "at most ", "lower": "at least "}
    told = ", ".join(
        f"{sides[one.reading.bound]}{one.reading.watts:g} W at {one.load:.0%} load "
        f"({one.power.mark or 'no place'})"
        for one in rows
    )
    return f"readings {told}; prior {shipped_prior(curve.scope).attribution}"


def _end(name: str, rows: Sequence[PowerReading], curve: LoadCurve, level: int) -> Fact:
    """Power at rest or under full load: as read where it was read once, else of the posterior."""
    load, watts = float(LEVELS[level]), float(curve.mean[level])
    there = [one.power for one in rows if one.load == load]
    if len(there) == 1:
        reached = abs((there[0].value or 0.0) - watts) <= SAME_WATTS * watts
        if reached or there[0].bound is None:
            return there[0]
    low, high = (float(end) for end in curve.interval(load))
    basis, source = Basis(curve.basis), _source(rows, curve)
    return Fact(
        f"{name} at {load:.0%} load", watts, "W", basis, source, low, high, note="posterior"
    )


def _between_ends(covariance: Floats) -> Floats:
    """Standard deviation of the levels for known ends, which carry their own ranges."""
    ends = [0, len(LEVELS) - 1]
    gain = covariance[:, ends] @ np.linalg.pinv(covariance[np.ix_(ends, ends)])
    left = np.diag(covariance - gain @ covariance[ends])
    deviation = np.sqrt(np.maximum(left, 0.0))
    deviation[ends] = 0.0
    return np.asarray(deviation)


def from_prior(name: str, idle_share: float | None) -> dict[str, Fact | Curve]:
    """The shape that published servers have, with their spread."""
    prior = shipped_prior()
    mean = prior.mean if idle_share is None else prior.mean_at(idle_share)
    sd = np.sqrt(np.maximum(np.diag(prior.covariance), 0.0))
    basis, source = Basis.LOOK_ALIKE, prior.attribution
    note = "mean shape of published servers, by their idle share; no reading of this machine"
    return {
        "load_shape": _curve(f"{name} shape", mean, basis, source, note),
        "load_shape_sd": _curve(f"{name} shape, sd", sd, basis, source, note),
        "shape_score": _score(f"{name} shape score", basis),
    }


def from_catalog(entry: Entry) -> dict[str, Fact | Curve]:
    """A shape of the catalog, without a band."""
    facts = [fact for _, fact in entry.facts()]
    values = [fact.value or 0.0 for fact in facts]
    middle = facts[MIDDLE]
    basis = weakest(fact.basis for fact in facts)
    shape = _curve(f"{entry.id}.shape", values, basis, middle.source, middle.note, "1", middle.mark)
    return {"load_shape": shape}


def formula(model: LoadModel, name: str, mark: Mark) -> dict[str, Fact | Curve]:
    """The shape of a formula, at steps of 10 % load, without a band.

    Raises
    ------
    InputError
        When the formula has no such parameter.
    """
    given = {key: getattr(model, key) for key in ("exponent", "saturation", "dvfs")}
    options = {key: value for key, value in given.items() if value is not None}
    kind = SIMULATORS.get(model.name, model.name)
    values = _formula_values(kind, model.levels, options, mark)
    told = ", ".join(f"{key} {value:g}" for key, value in options.items())
    source = f"formula `{model.name}`" + (f" ({told})" if told else "")
    note = "chosen in the scenario; straight lines between steps of 10 % load"
    shape = _curve(name, values, Basis.ASSUMPTION, source, note, "1", mark)
    return {"load_shape": shape}


def _formula_values(
    kind: str, levels: list[float] | None, options: dict[str, float], mark: Mark
) -> Floats:
    allowed = {"mse": {"exponent"}, "asymptotic": {"saturation", "dvfs"}}.get(kind, set())
    wrong = sorted(options.keys() - allowed) + ["levels"] * (
        levels is not None and kind != "interpolate"
    )
    if wrong:
        message = f"this formula has no `{wrong[0]}`"
        raise InputError.at(mark, message, "leave it out, or choose the formula that has it")
    if kind != "interpolate":
        return np.asarray(load_curve(kind, 0.0, 1.0, **options)(LEVELS))
    given = np.asarray(levels if levels is not None else [], dtype=float)
    if len(given) < 2 or given[0] == given[-1]:
        message = "`interpolation` needs `levels` that differ between rest and full load"
        raise InputError.at(mark, message, "write levels: [power at rest, ..., under full load]")
    return np.asarray(load_curve(kind, (given - given[0]) / (given[-1] - given[0]))(LEVELS))


def _curve(
    name: str,
    values: Iterable[float],
    basis: Basis,
    source: str,
    note: str,
    unit: str = "1",
    mark: Mark | None = None,
) -> Curve:
    numbers = tuple(float(value) for value in values)
    fact = Fact(name, numbers[MIDDLE], unit, basis, source, note=note, mark=mark)
    return Curve(numbers, fact)


def _score(name: str, basis: Basis) -> Fact:
    """A standard normal number that is the same wherever the machine stands."""
    return Fact(
        name, 0.0, "1", basis, "standard normal, most likely 0", -TWO_SIDED_90, TWO_SIDED_90
    )
