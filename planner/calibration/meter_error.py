"""How far a power meter may be off, as a standard deviation in watts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from planner.calibration.shape_prior import Floats

MeterError: TypeAlias = float | tuple[float, float] | str | Callable[[Floats], Floats]

UNSTATED: MeterError = "max(1 W, 5 %)"
"""What to assume of a meter that nothing is known of."""

_TERM = r"([0-9]+(?:\.[0-9]+)?)\s*(W|%)"
_SUM = re.compile(rf"\s*{_TERM}(?:\s*\+\s*{_TERM})?\s*")
_LARGER = re.compile(rf"\s*max\(\s*{_TERM}\s*,\s*{_TERM}\s*\)\s*")


def error_function(meter_error: MeterError) -> Callable[[Floats], Floats]:
    """The standard deviation of a reading, as a function of the reading.

    Parameters
    ----------
    meter_error : float, tuple, str or callable
        Watts; (relative, watts), which add up; text such as ``"1 W"``, ``"5 %"``, ``"5 % + 1 W"``
        or ``"max(1 W, 5 %)"``; or a function of the readings [W] that gives watts.

    Returns
    -------
    callable
        Standard deviation [W] of readings [W].

    Raises
    ------
    ValueError
        If the error is negative, not a number, or a text of another form.

    Examples
    --------
    >>> readings = np.array([10.0, 300.0])
    >>> error_function("5 % + 1 W")(readings)
    array([ 1.5, 16. ])
    >>> error_function("max(1 W, 5 %)")(readings)
    array([ 1., 15.])
    """
    if callable(meter_error):
        return meter_error
    if isinstance(meter_error, str):
        return _from_text(meter_error)
    relative, watts = meter_error if isinstance(meter_error, tuple) else (0.0, meter_error)
    if not (0.0 <= relative < math.inf and 0.0 <= watts < math.inf):
        raise ValueError(f"a meter error must be zero or more, got {meter_error}")
    return lambda readings: relative * readings + watts


def _from_text(text: str) -> Callable[[Floats], Floats]:
    """The error that a text states."""
    if larger := _LARGER.fullmatch(text):
        first, second = _share(*larger.group(1, 2)), _share(*larger.group(3, 4))
        return lambda readings: np.maximum(_watts(first, readings), _watts(second, readings))
    if found := _SUM.fullmatch(text):
        first, second = _share(*found.group(1, 2)), _share(*found.group(3, 4))
        return lambda readings: _watts(first, readings) + _watts(second, readings)
    raise ValueError(
        f"cannot read the meter error {text!r}; write it as '1 W', '5 %', '5 % + 1 W' or "
        "'max(1 W, 5 %)'"
    )


def _share(number: str | None, unit: str | None) -> tuple[float, float]:
    """Relative and absolute part of one term."""
    value = float(number or 0.0)
    return (value / 100.0, 0.0) if unit == "%" else (0.0, value)


def _watts(term: tuple[float, float], readings: Floats) -> Floats:
    return term[0] * readings + term[1]
