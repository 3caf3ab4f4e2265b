"""Power of a server that nobody measured, from its processors, its memory and its year."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Array, Byte, Number, Part, Watt


def estimated_idle_power(
    idle_terms: Number,
    cpu_tdp: Watt,
    cpu_chips: Part,
    memory_size: Byte,
    decades_after_2012: Number,
    idle_factor: Number = 1.0,
    unit_power: Watt = 1.0,
    unit_memory: Byte = 1e9,
) -> Watt:
    """Power at rest of a server like those that were published in its year.

    Parameters
    ----------
    idle_terms : array_like, shape (6, ...)
        Terms c0 .. c5 of the regression at rest [1].
    cpu_tdp : array_like
        Thermal design power of one processor [W].
    cpu_chips : array_like
        Processors [part].
    memory_size : array_like
        Memory [B].
    decades_after_2012 : array_like
        (year - 2012)/10 [1].
    idle_factor : array_like
        Machine over regression [1].
    unit_power : array_like
        What the regression counts power in [W].
    unit_memory : array_like
        What the regression counts memory in [B].

    Returns
    -------
    array_like
        Power at the wall [W].

    Notes
    -----
    ln P = c0 + c1 ln(TDP n) + c2 ln GB + c3 n + c4 t + c5 t^2, times the factor. Valid for rack
    and tower servers of 2007 to 2022; machines with a brick draw much less.

    Examples
    --------
    Two processors of 95 W, 64 GB, in 2012:

    >>> terms = np.array([1.048, 0.332, 0.320, 0.124, -2.381, 1.970])
    >>> round(float(estimated_idle_power(terms, 95.0, 2.0, 64e9, 0.0)), 1)
    79.0
    """
    relative = _regression(
        idle_terms, cpu_tdp / unit_power, cpu_chips, memory_size / unit_memory, decades_after_2012
    )
    return unit_power * idle_factor * relative


def estimated_peak_power(
    peak_terms: Number,
    cpu_tdp: Watt,
    cpu_chips: Part,
    memory_size: Byte,
    decades_after_2012: Number,
    peak_factor: Number = 1.0,
    unit_power: Watt = 1.0,
    unit_memory: Byte = 1e9,
) -> Watt:
    """Power under full load of a server like those that were published in its year.

    Parameters
    ----------
    peak_terms : array_like, shape (6, ...)
        Terms c0 .. c5 of the regression under full load [1].
    cpu_tdp : array_like
        Thermal design power of one processor [W].
    cpu_chips : array_like
        Processors [part].
    memory_size : array_like
        Memory [B].
    decades_after_2012 : array_like
        (year - 2012)/10 [1].
    peak_factor : array_like
        Machine over regression [1].
    unit_power : array_like
        What the regression counts power in [W].
    unit_memory : array_like
        What the regression counts memory in [B].

    Returns
    -------
    array_like
        Power at the wall [W].

    Notes
    -----
    ln P = c0 + c1 ln(TDP n) + c2 ln GB + c3 n + c4 t + c5 t^2, times the factor, as for
    `estimated_idle_power`.

    Examples
    --------
    >>> terms = np.array([0.864, 0.744, 0.187, 0.051, -0.904, 0.486])
    >>> round(float(estimated_peak_power(terms, 95.0, 2.0, 64e9, 0.0)), 1)
    283.6
    """
    relative = _regression(
        peak_terms, cpu_tdp / unit_power, cpu_chips, memory_size / unit_memory, decades_after_2012
    )
    return unit_power * peak_factor * relative


def _regression(terms: Number, tdp: Array, chips: Array, memory: Array, time: Array) -> Array:
    """Power of the class in units of its counting."""
    c0, c1, c2, c3, c4, c5 = np.asarray(terms, dtype=float)
    logarithm = c0 + c1 * np.log(tdp * chips) + c2 * np.log(memory) + c3 * chips
    return np.exp(logarithm + c4 * time + c5 * time**2)
