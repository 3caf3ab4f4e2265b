"""What one circuit may carry all the time."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Ampere, Number, Volt, VoltAmpere


def circuit_capacity(
    circuit_amps: Ampere,
    circuit_volts: Volt,
    circuit_derate: Number,
    circuit_thermal: Number = 1.0,
    circuit_phases: Number = 1.0,
) -> VoltAmpere:
    """Apparent power that one circuit may carry all the time.

    Parameters
    ----------
    circuit_amps : array_like
        Rating of its breaker [A].
    circuit_volts : array_like
        Voltage, between two lines with three phases [V].
    circuit_derate : array_like
        Share of the rating that a lasting load may use: a rule of the jurisdiction [1].
    circuit_thermal : array_like
        Further share for a warm place [1].
    circuit_phases : array_like
        1 or 3 [1].

    Returns
    -------
    array_like
        Apparent power [VA].

    Notes
    -----
    I V derate thermal, times sqrt(3) with three phases.

    References
    ----------
    Hewlett-Packard, Insight Control power management 7.3 user guide, page 10.

    Examples
    --------
    >>> float(circuit_capacity(10.0, 230.0, 0.8))
    1840.0
    """
    return circuit_amps * circuit_volts * circuit_derate * circuit_thermal * np.sqrt(circuit_phases)
