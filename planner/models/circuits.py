"""What a circuit carries: apparent power, current and the share of a rating that may be used."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Ampere, Array, Number, Volt, VoltAmpere, Watt


def apparent_power(real_power: Watt, power_factor: Number) -> VoltAmpere:
    """Apparent power, which is what circuits carry.

    Parameters
    ----------
    real_power : array_like
        Power [W].
    power_factor : array_like
        Power factor [1], above 0 and up to 1; of small bricks 0.6 to 1, unknown unless read.

    Returns
    -------
    array_like
        Apparent power [VA].

    Raises
    ------
    ValueError
        If the power factor is out of range.

    Examples
    --------
    >>> round(float(apparent_power(56.0, 0.61)), 1)
    91.8
    """
    factor = np.asarray(power_factor, dtype=float)
    if np.any(factor <= 0) or np.any(factor > 1):
        raise ValueError(f"power_factor must be above 0 and at most 1, got {power_factor}")
    return np.asarray(real_power, dtype=float) / factor


def circuit_current(apparent_power: VoltAmpere, volts: Volt, phases: int = 1) -> Ampere:
    """Current that a load draws from a circuit.

    Parameters
    ----------
    apparent_power : array_like
        Apparent power [VA].
    volts : array_like
        Voltage [V]; between two lines with three phases.
    phases : int
        1, or 3 for a load that is spread evenly.

    Returns
    -------
    array_like
        Current in each line [A].

    Raises
    ------
    ValueError
        If there are neither one nor three phases.

    Notes
    -----
    ``S / V``, with three phases ``S / (sqrt(3) V)``, for star and delta alike.

    References
    ----------
    Hewlett-Packard, Insight Control power management 7.3 user guide, page 10.

    Examples
    --------
    >>> round(float(circuit_current(92.0, 234.0)), 3)
    0.393
    """
    return np.asarray(apparent_power, dtype=float) / (_phase_factor(phases) * np.asarray(volts))


def circuit_capacity(
    rated_current: Ampere,
    volts: Volt,
    derate: Number = 1.0,
    thermal: Number = 1.0,
    phases: int = 1,
) -> VoltAmpere:
    """Apparent power that a circuit may carry all the time.

    Parameters
    ----------
    rated_current : array_like
        Rating of breaker or line [A].
    volts : array_like
        Voltage [V]; between two lines with three phases.
    derate : array_like
        Share of the rating that continuous loads may use [1]: a setting of the jurisdiction. 0.8
        under NEC 210.20(A), which asks for 1.25 times the continuous load.
    thermal : array_like
        Further share for the temperature of the surroundings [1].
    phases : int
        1 or 3.

    Returns
    -------
    array_like
        Apparent power [VA].

    Raises
    ------
    ValueError
        If a share is not above 0 and at most 1, or there are neither one nor three phases.

    References
    ----------
    NFPA 70, National Electrical Code, article 210.20(A).

    Examples
    --------
    >>> float(circuit_capacity(10.0, 230.0, 0.8))
    1840.0
    """
    for share in (derate, thermal):
        if np.any(np.asarray(share) <= 0) or np.any(np.asarray(share) > 1):
            raise ValueError(f"derate and thermal must be above 0 and at most 1, got {share}")
    usable = np.asarray(rated_current, dtype=float) * derate * thermal
    return usable * (_phase_factor(phases) * np.asarray(volts))


def _phase_factor(phases: int) -> float:
    if phases not in (1, 3):
        raise ValueError(f"a circuit has 1 or 3 phases, got {phases}")
    return float(np.sqrt(phases))


def items_on_circuit(circuit_capacity: VoltAmpere, item_apparent_power: VoltAmpere) -> Array:
    """Equal items that a circuit carries at their peak, all at once.

    Parameters
    ----------
    circuit_capacity : array_like
        What the circuit may carry [VA].
    item_apparent_power : array_like
        Peak of one item [VA].

    Returns
    -------
    array_like
        Whole items [1].

    Raises
    ------
    ValueError
        If an item draws nothing.

    Examples
    --------
    >>> float(items_on_circuit(1840.0, 30.0))
    61.0
    """
    if np.any(np.asarray(item_apparent_power) <= 0):
        raise ValueError(f"item_apparent_power must be positive, got {item_apparent_power}")
    return np.floor(np.asarray(circuit_capacity, dtype=float) / item_apparent_power)
