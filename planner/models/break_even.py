"""Where one design overtakes another."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Array, KilowattHour, Money, MoneyPerKilowattHour


def crossing(fixed: Array, slope: Array, other_fixed: Array, other_slope: Array) -> Array:
    """Where two straight lines of cost meet.

    Parameters
    ----------
    fixed, other_fixed : array_like
        Cost at zero.
    slope, other_slope : array_like
        Cost of each unit.

    Returns
    -------
    array_like
        Units; NaN where the lines do not meet above zero: one is the cheaper everywhere.

    Notes
    -----
    x = (a' - a)/(b - b'), where a + b x = a' + b' x.

    References
    ----------
    C. S. Park, "Contemporary Engineering Economics": break-even analysis.

    Examples
    --------
    >>> float(crossing(2500.0, 150.0, 10000.0, 75.0)), float(crossing(1.0, 2.0, 1.0, 3.0))
    (100.0, nan)
    """
    with np.errstate(all="ignore"):
        found = (np.asarray(other_fixed) - fixed) / (np.asarray(slope) - other_slope)
    return np.where((found > 0.0) & np.isfinite(found), found, np.nan)


def break_even_electricity_price(
    present_cost_without_energy: Money,
    present_energy: KilowattHour,
    other_cost_without_energy: Money,
    other_energy: KilowattHour,
) -> MoneyPerKilowattHour:
    """Price of electricity at which two designs cost the same over their years of use.

    Parameters
    ----------
    present_cost_without_energy : array_like
        What all but the electricity of one design is worth today [money].
    present_energy : array_like
        Its energy, weighted by the worth of a kilowatt-hour of each year [kWh].
    other_cost_without_energy : array_like
        That of the other design [money].
    other_energy : array_like
        That of the other design [kWh].

    Returns
    -------
    array_like
        Price of the first year [money/kWh]; NaN where one is the cheaper at any price.

    Examples
    --------
    >>> float(break_even_electricity_price(12000.0, 20000.0, 10000.0, 30000.0))
    0.2
    """
    return crossing(
        present_cost_without_energy, present_energy, other_cost_without_energy, other_energy
    )
