"""Power of one machine at a utilisation: a curve by levels, and the formulas in common use.

Every formula has the form ``P(u) = idle + (max - idle) f(u)`` with f between 0 and 1. The
utilisation is clamped to 0 .. 1 throughout, so that neither a rounding error nor an overload
leaves the range; an unknown (NaN) utilisation or wattage gives an unknown power.

Where simulators that publish these formulas are known to slip, the functions here differ:
idle power at zero load (CloudSim: 0 W), no NaN at zero load and full power at full load
(asymptotic), never above the maximum (mse), any number of levels (interpolation).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from planner.models.dimensions import Array, Number, Watt

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

LEVELS = 11


def curve_power(load_levels_power: Watt, utilisation: Number) -> Watt:
    """Power at a utilisation, by straight lines between 11 load levels.

    Parameters
    ----------
    load_levels_power : array_like, shape (11, ...)
        Power at 0, 10 .. 100 % load [W]; axes after the first are carried along and broadcast
        with the utilisation.
    utilisation : array_like
        Share of the machine's throughput in use [1]; values outside 0 .. 1 count as the nearer end.

    Returns
    -------
    array_like
        Power [W], of the shape of the utilisation broadcast with the further axes of the levels.

    Raises
    ------
    ValueError
        If axis 0 does not hold 11 load levels.

    Notes
    -----
    P(u) = sum over k of P_k max(0, 1 - abs(10 u - k)), k = 0 .. 10: hat functions on the levels.
    An unknown level makes only the two intervals beside it unknown. Valid for curves read in
    steps of 10 % load; between two levels the true curve may bend.

    References
    ----------
    SPEC, SPECpower_ssj2008 user guide: active idle and ten load levels. Interpolation
    between them: Beloglazov and Buyya, 2012, doi:10.1002/cpe.1867.

    Examples
    --------
    >>> levels = [58.4, 98, 109, 118, 128, 140, 153, 170, 189, 205, 222]
    >>> round(float(curve_power(levels, 0.02)), 2)
    66.32
    """
    levels = np.asarray(load_levels_power, dtype=float)
    if levels.ndim == 0 or levels.shape[0] != LEVELS:
        raise ValueError(
            f"load_levels_power has shape {levels.shape}; its first axis must hold the {LEVELS} "
            "load levels 0, 10 .. 100 %"
        )
    return interpolation(levels, utilisation)


def interpolation(levels_power: Watt, utilisation: Number) -> Array:
    """Power by straight lines between any number of equally spaced load levels.

    Parameters
    ----------
    levels_power : array_like, shape (levels, ...)
        Power at equal steps of load from idle to full [W]; two levels or more.
    utilisation : array_like
        Share of the machine's throughput in use [1].

    Returns
    -------
    array_like
        Power [W].

    Raises
    ------
    ValueError
        If there are fewer than two levels.

    References
    ----------
    OpenDC ``PowerModels.java`` @691036de, ``InterpolationPowerModel``, which reads beyond its
    table when that has fewer than eleven entries; CloudSim ``PowerModelSpecPower``.

    Examples
    --------
    >>> float(interpolation([100.0, 200.0], 0.5))
    150.0
    """
    levels = np.asarray(levels_power, dtype=float)
    if levels.ndim == 0 or levels.shape[0] < 2:
        raise ValueError(f"levels_power has shape {levels.shape}; give two load levels or more")
    last = levels.shape[0] - 1
    position = last * _clamped(utilisation)
    lower = np.fmin(position, last - 1).astype(np.intp)
    share = position - lower
    below, above = _level(levels, lower), _level(levels, lower + 1)
    return _share_of(below, 1.0 - share) + _share_of(above, share)


def _level(levels: Floats, index: np.ndarray[Any, np.dtype[np.intp]]) -> Floats:
    """The level of the given number, for each sample."""
    if levels.ndim == 1:
        return np.asarray(levels[index])
    samples = np.broadcast_shapes(levels.shape[1:], index.shape)
    padding = (1,) * (len(samples) + 1 - levels.ndim)
    grid = levels.reshape(levels.shape[0], *padding, *levels.shape[1:])
    grid = np.broadcast_to(grid, (levels.shape[0], *samples))
    return np.asarray(np.take_along_axis(grid, np.broadcast_to(index, samples)[None], axis=0)[0])


def _share_of(power: Floats, share: Floats) -> Floats:
    """Power times its share; a level that has no share does not count, even if unknown."""
    return np.where(share == 0.0, 0.0, share * power)


def _clamped(utilisation: Number) -> Floats:
    load: Floats = np.clip(np.asarray(utilisation, dtype=float), 0.0, 1.0)
    return load


def _between(idle_power: Watt, max_power: Watt, shape: Floats) -> Array:
    """Idle power plus the share of the dynamic range that the shape gives."""
    idle, largest = np.asarray(idle_power, dtype=float), np.asarray(max_power, dtype=float)
    if np.any(idle < 0) or np.any(largest < 0):
        raise ValueError(
            f"idle_power and max_power must not be negative, got {idle_power} and {max_power} W"
        )
    power: Floats = idle + (largest - idle) * np.clip(shape, 0.0, 1.0)
    return power


def constant(idle_power: Watt, max_power: Watt, utilisation: Number) -> Array:
    """Power that does not depend on the load: the maximum, always.

    Parameters
    ----------
    idle_power : array_like
        Power at zero load [W]; not used, taken so that all formulas are called alike.
    max_power : array_like
        Power at full load [W].
    utilisation : array_like
        Share of the machine's throughput in use [1].

    Returns
    -------
    array_like
        Power [W].

    Notes
    -----
    f(u) = 1. For switches and other equipment whose draw hardly varies.

    References
    ----------
    OpenDC ``PowerModels.java`` @691036de, ``ConstantPowerModel``.

    Examples
    --------
    >>> float(constant(20.0, 25.0, 0.1))
    25.0
    """
    return _between(idle_power, max_power, 1.0 + 0.0 * _clamped(utilisation))


def linear(idle_power: Watt, max_power: Watt, utilisation: Number) -> Array:
    """Power that rises in proportion to the load.

    Parameters
    ----------
    idle_power : array_like
        Power at zero load [W].
    max_power : array_like
        Power at full load [W].
    utilisation : array_like
        Share of the machine's throughput in use [1].

    Returns
    -------
    array_like
        Power [W].

    Notes
    -----
    f(u) = u. Mean error 8.4 % (bias +2 %) between 10 and 90 % load on 162 SPECpower systems.

    References
    ----------
    Fan, Weber and Barroso, 2007, doi:10.1145/1250662.1250665.

    Examples
    --------
    >>> float(linear(200.0, 350.0, 0.9))
    335.0
    """
    return _between(idle_power, max_power, _clamped(utilisation))


def square(idle_power: Watt, max_power: Watt, utilisation: Number) -> Array:
    """Power that rises with the square of the load.

    Parameters
    ----------
    idle_power : array_like
        Power at zero load [W].
    max_power : array_like
        Power at full load [W].
    utilisation : array_like
        Share of the machine's throughput in use [1].

    Returns
    -------
    array_like
        Power [W].

    Notes
    -----
    f(u) = u^2. Mean error 20 % (bias -20 %) on 162 SPECpower systems.

    References
    ----------
    CloudSim ``PowerModelSquare`` @476ceef2; OpenDC ``PowerModels.java`` @691036de.

    Examples
    --------
    >>> float(square(200.0, 350.0, 0.9))
    321.5
    """
    return _between(idle_power, max_power, _clamped(utilisation) ** 2)


def cubic(idle_power: Watt, max_power: Watt, utilisation: Number) -> Array:
    """Power that rises with the cube of the load.

    Parameters
    ----------
    idle_power : array_like
        Power at zero load [W].
    max_power : array_like
        Power at full load [W].
    utilisation : array_like
        Share of the machine's throughput in use [1].

    Returns
    -------
    array_like
        Power [W].

    Notes
    -----
    f(u) = u^3. Mean error 30 % (bias -30 %) on 162 SPECpower systems.

    References
    ----------
    CloudSim ``PowerModelCubic`` @476ceef2; OpenDC ``PowerModels.java`` @691036de.

    Examples
    --------
    >>> round(float(cubic(200.0, 350.0, 0.9)), 2)
    309.35
    """
    return _between(idle_power, max_power, _clamped(utilisation) ** 3)


def square_root(idle_power: Watt, max_power: Watt, utilisation: Number) -> Array:
    """Power that rises with the square root of the load.

    Parameters
    ----------
    idle_power : array_like
        Power at zero load [W].
    max_power : array_like
        Power at full load [W].
    utilisation : array_like
        Share of the machine's throughput in use [1].

    Returns
    -------
    array_like
        Power [W].

    Notes
    -----
    f(u) = u^0.5. Mean error 25 % (bias +25 %) on 162 SPECpower systems.

    References
    ----------
    CloudSim ``PowerModelSqrt`` @476ceef2; OpenDC ``PowerModels.java`` @691036de.

    Examples
    --------
    >>> round(float(square_root(200.0, 350.0, 0.9)), 3)
    342.302
    """
    return _between(idle_power, max_power, np.sqrt(_clamped(utilisation)))


def fan(idle_power: Watt, max_power: Watt, utilisation: Number, exponent: Number = 1.4) -> Array:
    """Power by the empirical formula of Fan and others, called "mse" in simulators.

    Parameters
    ----------
    idle_power : array_like
        Power at zero load [W].
    max_power : array_like
        Power at full load [W].
    utilisation : array_like
        Share of the machine's throughput in use [1].
    exponent : array_like
        Calibration parameter r [1], above zero; 1.4 in the paper.

    Returns
    -------
    array_like
        Power [W], never above the maximum.

    Raises
    ------
    ValueError
        If the exponent is not positive.

    Notes
    -----
    f(u) = min(1, 2 u - u^r). Without the limit a large exponent passes the maximum: 247 W at
    u = 0.9 of a machine of 180 W with r = 10. Mean error 14.0 % (bias +13 %) on 162 SPECpower
    systems; fitted to them, r becomes 0.98, which is a straight line.

    References
    ----------
    Fan, Weber and Barroso, 2007, doi:10.1145/1250662.1250665.

    Examples
    --------
    >>> round(float(fan(200.0, 350.0, 0.9)), 3)
    340.571
    """
    if np.any(np.asarray(exponent) <= 0):
        raise ValueError(f"exponent must be positive, got {exponent}")
    load = _clamped(utilisation)
    return _between(idle_power, max_power, 2.0 * load - load**exponent)


def asymptotic(
    idle_power: Watt,
    max_power: Watt,
    utilisation: Number,
    saturation: Number = 0.3,
    dvfs: bool = False,
    reach_max: bool = True,
) -> Array:
    """Power that jumps on leaving idle and flattens towards full load.

    Parameters
    ----------
    idle_power : array_like
        Power at zero load [W].
    max_power : array_like
        Power at full load [W].
    utilisation : array_like
        Share of the machine's throughput in use [1].
    saturation : array_like
        Load at which the jump is mostly done [1]; zero is a step.
    dvfs : bool
        Whether frequency scaling makes the power follow the cube of the load.
    reach_max : bool
        Whether the formula is scaled to reach the maximum at full load. False gives it as
        published: 347.3 of 350 W at full load with ``saturation`` 0.3.

    Returns
    -------
    array_like
        Power [W]; the idle power at zero load, whatever the saturation.

    Raises
    ------
    ValueError
        If the saturation is negative.

    Notes
    -----
    f(u) = (1 + x - exp(-x / a)) / 2, with x = u, or u^3 with frequency scaling; divided by f(1)
    unless ``reach_max`` is false. Mean error 17 % (bias +17 %), with frequency scaling 21 %
    (-21 %), on 162 SPECpower systems.

    References
    ----------
    OpenDC ``PowerModels.java`` @691036de, ``AsymptoticPowerModel``, whose default saturation of
    zero divides by zero.

    Examples
    --------
    >>> round(float(asymptotic(200.0, 350.0, 0.9, reach_max=False)), 2)
    338.77
    >>> float(asymptotic(200.0, 350.0, 1.0))
    350.0
    """
    if np.any(np.asarray(saturation) < 0):
        raise ValueError(f"saturation must not be negative, got {saturation}")
    scale = np.maximum(saturation, np.finfo(float).tiny)
    load = _clamped(utilisation) ** (3 if dvfs else 1)
    top = 1.0 - 0.5 * np.exp(-1.0 / scale) if reach_max else 1.0
    return _between(idle_power, max_power, 0.5 * (1.0 + load - np.exp(-load / scale)) / top)


FORMULAS: dict[str, Callable[..., Array]] = {
    "constant": constant,
    "linear": linear,
    "square": square,
    "cubic": cubic,
    "sqrt": square_root,
    "mse": fan,
    "asymptotic": asymptotic,
    "interpolate": interpolation,
}


def load_curve(name: str, *powers: Watt, **options: Any) -> Callable[[Number], Array]:
    """A formula chosen by the name that simulators give it, as a function of the utilisation.

    Parameters
    ----------
    name : str
        ``constant``, ``linear``, ``square``, ``cubic``, ``sqrt``, ``mse``, ``asymptotic`` or
        ``interpolate``.
    *powers : array_like
        Idle and maximum power, in this order [W]; for ``interpolate`` the array of its levels.
    **options
        Further parameters of the formula, such as ``exponent`` or ``saturation``.

    Returns
    -------
    callable
        Power [W] at a utilisation [1].

    Raises
    ------
    ValueError
        If there is no formula of this name.

    Examples
    --------
    >>> node = load_curve("linear", 10.0, 30.0)
    >>> float(node(0.5))
    20.0
    >>> float(load_curve("interpolate", [10.0, 19.0, 30.0])(0.25))
    14.5
    """
    if name not in FORMULAS:
        near = difflib.get_close_matches(name, FORMULAS, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"no load curve {name!r}; {hint}valid: {', '.join(FORMULAS)}")
    return partial(FORMULAS[name], *powers, **options)
