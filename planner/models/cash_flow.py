"""When the money of a design is spent, and what it is worth today.

What is bought is paid at once, a year's cost at its end (of a year that is used in part, in part
when the use ends), a replacement when it falls due. Rows over years (axis 0) begin with year 0,
the day of the purchase; they are as long as the longest use, and beyond a shorter one stay as
they are. Equipment comes in groups of equal items.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Array, KilowattHour, Money, Node, Number, PerYear
from planner.models.present_worth import (
    WHOLE,
    discount_factor,
    discounted_renewals,
    discounted_years,
)


def year_end(years_of_use: Number) -> Number:
    """Years after the purchase, at the end of each year of use.

    Parameters
    ----------
    years_of_use : array_like
        Years [1].

    Returns
    -------
    array_like, shape (years, ...)
        0, 1, 2 .. and the end of the use [1].

    Examples
    --------
    >>> year_end(2.5)
    array([0. , 1. , 2. , 2.5])
    """
    span = np.asarray(years_of_use, dtype=float)
    longest = np.max(span, initial=0.0, where=np.isfinite(span))
    years = np.arange(int(np.ceil(longest - WHOLE)) + 1, dtype=float)
    return np.minimum(years.reshape(-1, *[1] * span.ndim), span)


def present_energy(
    facility_energy: KilowattHour,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
    electricity_price_change: PerYear = 0.0,
) -> KilowattHour:
    """Energy over the years of use, weighted by what a kilowatt-hour of each year is worth today.

    Parameters
    ----------
    facility_energy : array_like
        Energy of one year at the meter of the site [kWh].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    electricity_price_change : array_like
        Rise of the price of electricity from one year to the next [1/yr].

    Returns
    -------
    array_like
        Energy [kWh]; times today's price it is the `present_energy_cost`.

    Examples
    --------
    >>> float(present_energy(1000.0, 5.0))
    5000.0
    """
    return facility_energy * discounted_years(years_of_use, discount_rate, electricity_price_change)


def present_energy_cost(
    annual_energy_cost: Money,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
    electricity_price_change: PerYear = 0.0,
) -> Money:
    """What the electricity of all years of use is worth today.

    Parameters
    ----------
    annual_energy_cost : array_like
        Electricity of the first year [money].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    electricity_price_change : array_like
        Rise of the price of electricity from one year to the next [1/yr].

    Returns
    -------
    array_like
        Money [money].

    Examples
    --------
    >>> round(float(present_energy_cost(1000.0, 5.0, 0.1)), 1)
    3790.8
    """
    return annual_energy_cost * discounted_years(
        years_of_use, discount_rate, electricity_price_change
    )


def present_replacement_cost(
    equipment_count: Node,
    equipment_new_price: Money,
    equipment_replace_after: Number,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
) -> Money:
    """What the replacements within the years of use are worth today.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_new_price : array_like, shape (groups, ...)
        Price of a new item [money]; zero for what is not replaced.
    equipment_replace_after : array_like, shape (groups, ...)
        Years after which it is replaced, each time [1].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].

    Returns
    -------
    array_like
        Money [money].

    Examples
    --------
    >>> one = np.array([1.0])
    >>> round(float(present_replacement_cost(one, 1000.0 * one, 4.0 * one, 10.0, 0.05)), 2)
    1499.54
    """
    times = discounted_renewals(years_of_use, equipment_replace_after, years_of_use, discount_rate)
    return np.sum(equipment_count * equipment_new_price * times, axis=0)


def present_cost_without_energy(
    capital_cost: Money,
    annual_upkeep_cost: Money,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
    present_replacement_cost: Money = 0.0,
    disposal_cost: Money = 0.0,
    residual_value: Money = 0.0,
) -> Money:
    """What all cost of the design but its electricity is worth today.

    Parameters
    ----------
    capital_cost : array_like
        Price of what is bought [money].
    annual_upkeep_cost : array_like
        Cost of a year but electricity [money].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    present_replacement_cost : array_like
        What replacements are worth today [money].
    disposal_cost, residual_value : array_like
        What is paid and what is got for the equipment in the end [money].

    Returns
    -------
    array_like
        Money [money].

    Notes
    -----
    C + U (P/A, r, n) + R + (D - V) (P/F, r, n).

    Examples
    --------
    >>> round(float(present_cost_without_energy(10000.0, 500.0, 5.0, 0.1)), 1)
    11895.4
    """
    upkeep = annual_upkeep_cost * discounted_years(years_of_use, discount_rate)
    end = (disposal_cost - residual_value) * discount_factor(years_of_use, discount_rate)
    return capital_cost + upkeep + present_replacement_cost + end


def net_present_cost(present_cost_without_energy: Money, present_energy_cost: Money) -> Money:
    """What buying and running the design for its years of use is worth today.

    Parameters
    ----------
    present_cost_without_energy, present_energy_cost : array_like
        Its two parts [money].

    Returns
    -------
    array_like
        Cost [money]; the `total_cost` where money earns no interest elsewhere.

    References
    ----------
    C. S. Park, "Contemporary Engineering Economics", chapter 5: present-worth analysis.

    Examples
    --------
    >>> round(net_present_cost(11895.4, 3790.8), 1)
    15686.2
    """
    return present_cost_without_energy + present_energy_cost


def replacement_by_year(
    equipment_count: Node,
    equipment_new_price: Money,
    equipment_replace_after: Number,
    years_of_use: Number,
) -> Money:
    """What replacements have cost by the end of each year, at today's prices.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_new_price : array_like, shape (groups, ...)
        Price of a new item [money]; zero for what is not replaced.
    equipment_replace_after : array_like, shape (groups, ...)
        Years after which it is replaced, each time [1].
    years_of_use : array_like
        Years [1].

    Returns
    -------
    array_like, shape (years, ...)
        Money up to then [money].

    Examples
    --------
    >>> one = np.array([1.0])
    >>> replacement_by_year(one, 100.0 * one, 2.0 * one, 4.5)
    array([  0.,   0., 100., 100., 200., 200.])
    """
    return _renewed(
        equipment_count, equipment_new_price, equipment_replace_after, years_of_use, 0.0
    )


def present_replacement_by_year(
    equipment_count: Node,
    equipment_new_price: Money,
    equipment_replace_after: Number,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
) -> Money:
    """What the replacements up to the end of each year are worth today.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_new_price : array_like, shape (groups, ...)
        Price of a new item [money]; zero for what is not replaced.
    equipment_replace_after : array_like, shape (groups, ...)
        Years after which it is replaced, each time [1].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].

    Returns
    -------
    array_like, shape (years, ...)
        Money up to then [money].

    Examples
    --------
    >>> one = np.array([1.0])
    >>> found = present_replacement_by_year(one, 110.0 * one, one, 2.0, 0.1)
    >>> [round(float(value), 6) for value in found]
    [0.0, 100.0, 100.0]
    """
    return _renewed(
        equipment_count, equipment_new_price, equipment_replace_after, years_of_use, discount_rate
    )


def _renewed(count: Array, price: Array, interval: Array, horizon: Array, rate: Array) -> Array:
    """Worth of the replacements up to the end of each year."""
    years = np.asarray(year_end(horizon))[:, np.newaxis]
    times = discounted_renewals(years, interval, horizon, rate)
    return np.sum(count * price * times, axis=1)


def energy_by_year(
    annual_energy_cost: Money, years_of_use: Number, electricity_price_change: PerYear = 0.0
) -> Money:
    """What electricity has cost by the end of each year.

    Parameters
    ----------
    annual_energy_cost : array_like
        Electricity of the first year [money].
    years_of_use : array_like
        Years [1].
    electricity_price_change : array_like
        Rise of the price of electricity from one year to the next [1/yr].

    Returns
    -------
    array_like, shape (years, ...)
        Money up to then [money].

    Examples
    --------
    >>> [round(float(cost), 6) for cost in energy_by_year(100.0, 2.5, 0.1)]
    [0.0, 100.0, 210.0, 270.5]
    """
    return annual_energy_cost * discounted_years(
        year_end(years_of_use), 0.0, electricity_price_change
    )


def upkeep_by_year(annual_upkeep_cost: Money, years_of_use: Number) -> Money:
    """What all running cost but electricity has been by the end of each year.

    Parameters
    ----------
    annual_upkeep_cost : array_like
        Cost of one year [money].
    years_of_use : array_like
        Years [1].

    Returns
    -------
    array_like, shape (years, ...)
        Money up to then [money].

    Examples
    --------
    >>> upkeep_by_year(50.0, 2.5)
    array([  0.,  50., 100., 125.])
    """
    return annual_upkeep_cost * year_end(years_of_use)


def end_by_year(
    years_of_use: Number, disposal_cost: Money = 0.0, residual_value: Money = 0.0
) -> Money:
    """What being rid of the equipment has cost by the end of each year: nothing until the last.

    Parameters
    ----------
    years_of_use : array_like
        Years [1].
    disposal_cost, residual_value : array_like
        What is paid and what is got for the equipment in the end [money].

    Returns
    -------
    array_like, shape (years, ...)
        Money up to then [money]; negative where the equipment fetches more than it costs.

    Examples
    --------
    >>> end_by_year(2.0, 100.0, 300.0)
    array([  -0.,   -0., -200.])
    """
    ended = np.asarray(year_end(years_of_use) >= years_of_use, dtype=float)
    ended = np.where(np.isnan(years_of_use), np.nan, ended)
    return ended * (disposal_cost - residual_value)


def cumulative_cost(
    capital_cost: Money,
    energy_by_year: Money,
    upkeep_by_year: Money,
    end_by_year: Money,
    replacement_by_year: Money = 0.0,
) -> Money:
    """What has been spent by the end of each year.

    Parameters
    ----------
    capital_cost : array_like
        Price of what is bought [money].
    energy_by_year, upkeep_by_year, end_by_year : array_like, shape (years, ...)
        What has been spent on running and on disposal by then [money].
    replacement_by_year : array_like, shape (years, ...)
        What replacements have cost by then [money].

    Returns
    -------
    array_like, shape (years, ...)
        Money up to then [money]; in the end the `total_cost`.

    Examples
    --------
    >>> year, nothing = np.arange(3.0), np.zeros(3)
    >>> cumulative_cost(1000.0, 100.0 * year, 50.0 * year, nothing)
    array([1000., 1150., 1300.])
    """
    return capital_cost + energy_by_year + upkeep_by_year + replacement_by_year + end_by_year


def cumulative_present_cost(
    capital_cost: Money,
    annual_energy_cost: Money,
    annual_upkeep_cost: Money,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
    electricity_price_change: PerYear = 0.0,
    present_replacement_by_year: Money = 0.0,
    disposal_cost: Money = 0.0,
    residual_value: Money = 0.0,
) -> Money:
    """What all that is spent up to the end of each year is worth today.

    Parameters
    ----------
    capital_cost : array_like
        Price of what is bought [money].
    annual_energy_cost : array_like
        Electricity of the first year [money].
    annual_upkeep_cost : array_like
        All other cost of one year [money].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    electricity_price_change : array_like
        Rise of the price of electricity from one year to the next [1/yr].
    present_replacement_by_year : array_like, shape (years, ...)
        What replacements up to then are worth today [money].
    disposal_cost, residual_value : array_like
        What is paid and what is got for the equipment in the end [money].

    Returns
    -------
    array_like, shape (years, ...)
        Money up to then [money]; in the end the `net_present_cost`.

    Examples
    --------
    >>> cumulative_present_cost(1000.0, 110.0, 0.0, 1.0, 0.1)
    array([1000., 1100.])
    """
    years = year_end(years_of_use)
    energy = annual_energy_cost * discounted_years(years, discount_rate, electricity_price_change)
    upkeep = annual_upkeep_cost * discounted_years(years, discount_rate)
    rest = (disposal_cost - residual_value) * discount_factor(years, discount_rate)
    end = rest * np.asarray(years >= years_of_use, dtype=float)
    return capital_cost + energy + upkeep + present_replacement_by_year + end
