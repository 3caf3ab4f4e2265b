"""What a design saves in a year against the one that it replaces."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import KilowattHour, Money, Number


def annual_energy_saving(
    baseline_facility_energy: KilowattHour, facility_energy: KilowattHour
) -> KilowattHour:
    """Energy that the design draws less in a year than the one that it replaces.

    Parameters
    ----------
    baseline_facility_energy : array_like
        Energy of the old design at the meter of the site [kWh].
    facility_energy : array_like
        Energy of this design there [kWh].

    Returns
    -------
    array_like
        Energy [kWh]; negative where it draws more.

    Examples
    --------
    >>> annual_energy_saving(13140.0, 4000.0)
    9140.0
    """
    return baseline_facility_energy - facility_energy


def annual_energy_cost_saving(
    baseline_annual_energy_cost: Money, annual_energy_cost: Money
) -> Money:
    """Money that the design's electricity costs less in a year.

    Parameters
    ----------
    baseline_annual_energy_cost : array_like
        Electricity of the old design [money].
    annual_energy_cost : array_like
        Electricity of this design [money].

    Returns
    -------
    array_like
        Money of one year [money]; negative where it costs more.

    Examples
    --------
    >>> annual_energy_cost_saving(3285.0, 1000.0)
    2285.0
    """
    return baseline_annual_energy_cost - annual_energy_cost


def net_present_saving(baseline_net_present_cost: Money, net_present_cost: Money) -> Money:
    """What keeping the old design would cost more than this one, as it is worth today.

    Parameters
    ----------
    baseline_net_present_cost : array_like
        Cost of the old design over the years of use [money].
    net_present_cost : array_like
        Cost of this design [money].

    Returns
    -------
    array_like
        Money [money]; negative where the old design is the cheaper.

    Examples
    --------
    >>> net_present_saving(18000.0, 15000.0)
    3000.0
    """
    return baseline_net_present_cost - net_present_cost


def payback_years(
    baseline_capital_cost: Money,
    capital_cost: Money,
    baseline_annual_running_cost: Money,
    annual_running_cost: Money,
) -> Number:
    """Years of running after which the purchase has paid for itself, at the first year's costs.

    Parameters
    ----------
    baseline_capital_cost, capital_cost : array_like
        What has to be bought for the old design, and for this one [money].
    baseline_annual_running_cost, annual_running_cost : array_like
        Cost of a year of the old design, and of this one [money].

    Returns
    -------
    array_like
        Years [1]; zero where it costs no more to buy, infinite where a year of it costs no less.

    Notes
    -----
    (C - C0)/(A0 - A), the simple payback period: without interest, price changes, replacements and
    what the equipment fetches in the end. It may be longer than the years of use.

    References
    ----------
    C. S. Park, "Contemporary Engineering Economics", chapter 5: payback screening.

    Examples
    --------
    >>> float(payback_years(0.0, 14000.0, 3700.0, 1700.0))
    7.0
    """
    extra = np.asarray(capital_cost, dtype=float) - baseline_capital_cost
    saved = np.asarray(baseline_annual_running_cost, dtype=float) - annual_running_cost
    with np.errstate(divide="ignore", invalid="ignore"):
        years = np.where(saved > 0.0, extra / saved, np.inf)
    years = np.where(extra <= 0.0, 0.0, years)
    return np.where(np.isnan(extra) | np.isnan(saved), np.nan, years)


def discounted_payback_years(
    baseline_cumulative_present_cost: Money, cumulative_present_cost: Money, year_end: Number
) -> Number:
    """Years after which this design has cost less than the old one, and does so until the end.

    Parameters
    ----------
    baseline_cumulative_present_cost : array_like, shape (years, ...)
        What all cost of the old design up to the end of each year is worth today [money].
    cumulative_present_cost : array_like, shape (years, ...)
        That of this design [money].
    year_end : array_like, shape (years, ...)
        Years after the purchase [1].

    Returns
    -------
    array_like
        Years [1]; infinite where it does not pay within the years of use.

    Notes
    -----
    The last crossing of the two, in a straight line between the ends of two years. With equal
    savings and without interest it is the simple payback period.

    References
    ----------
    C. S. Park, "Contemporary Engineering Economics", chapter 5: discounted payback period.

    Examples
    --------
    >>> old, new = np.array([0.0, 100.0, 200.0]), np.array([75.0, 125.0, 175.0])
    >>> float(discounted_payback_years(old, new, np.array([0.0, 1.0, 2.0])))
    1.5
    """
    ahead = np.asarray(baseline_cumulative_present_cost, dtype=float) - cumulative_present_cost
    years = np.broadcast_to(year_end, ahead.shape)
    behind = ahead < 0.0
    rows = np.arange(len(ahead)).reshape(-1, *[1] * (ahead.ndim - 1))
    last = np.max(np.where(behind, rows, -1), axis=0)
    before = np.clip(last, 0, len(ahead) - 1)[np.newaxis]
    after = np.minimum(before + 1, len(ahead) - 1)
    (low, high), (start, end) = (
        [np.take_along_axis(item, at, axis=0)[0] for at in (before, after)]
        for item in (ahead, years)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        crossed = start - low * (end - start) / (high - low)
    found = np.where(last < 0, 0.0, np.where(last == len(ahead) - 1, np.inf, crossed))
    return np.where(np.any(np.isnan(ahead) | np.isnan(years), axis=0), np.nan, found)
