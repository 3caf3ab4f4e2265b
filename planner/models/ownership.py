"""What buying and running one item of equipment costs over the years of use."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import (
    Hour,
    Money,
    MoneyPerHour,
    MoneyPerRackUnit,
    Number,
    PerYear,
    RackUnit,
    Watt,
)
from planner.models.load_curves import curve_power
from planner.models.present_worth import discount_factor, discounted_renewals, discounted_years


def item_mean_power(node_load_curve: Watt, item_utilisation: Number) -> Watt:
    """Power of one item at its mean load.

    Parameters
    ----------
    node_load_curve : array_like, shape (11, ...)
        Power at 0, 10, .. 100 % load [W].
    item_utilisation : array_like
        Mean load [1].

    Returns
    -------
    array_like
        Power [W].

    Examples
    --------
    >>> float(item_mean_power(np.linspace(10.0, 30.0, 11), 0.25))
    15.0
    """
    curve = np.asarray(node_load_curve, dtype=float)[:, np.newaxis]
    load = np.asarray(item_utilisation, dtype=float)[np.newaxis]
    return np.asarray(curve_power(curve, load))[0]


def item_energy_cost(item_mean_power: Watt, mean_power: Watt, annual_energy_cost: Money) -> Money:
    """A year's electricity of one item, with its share of UPS and cooling.

    Parameters
    ----------
    item_mean_power : array_like
        Power of the item at its mean load [W].
    mean_power : array_like
        Power of the design [W].
    annual_energy_cost : array_like
        Electricity of the design [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> item_energy_cost(15.0, 280.0, 560.0)
    30.0
    """
    return item_mean_power * (annual_energy_cost / mean_power)


def item_space_cost(item_rack_units: RackUnit, rack_unit_price: MoneyPerRackUnit) -> Money:
    """Rent of the space of one item for a year.

    Parameters
    ----------
    item_rack_units : array_like
        Height of the item [U].
    rack_unit_price : array_like
        Rent of one unit for a year [money/U].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> item_space_cost(2.0, 480.0)
    960.0
    """
    return item_rack_units * rack_unit_price


def item_upkeep_cost(
    is_node: Number,
    labour_per_node: Hour,
    labour_price: MoneyPerHour,
    node_warranty_cost: Money = 0.0,
    item_space_cost: Money = 0.0,
) -> Money:
    """A year's cost of one item but its electricity.

    Parameters
    ----------
    is_node : array_like
        1 where it is a computer [1].
    labour_per_node : array_like
        Hours spent on each computer in a year [h].
    labour_price : array_like
        Price of an hour [money/h].
    node_warranty_cost, item_space_cost : array_like
        Warranty, and rent of its space [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> item_upkeep_cost(1.0, 3.0, 70.0, 20.0)
    230.0
    """
    return is_node * labour_per_node * labour_price + node_warranty_cost + item_space_cost


def item_renewal_cost(
    node_new_price: Money,
    equipment_replace_after: Number,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
) -> Money:
    """What the replacements of one item are worth today.

    Parameters
    ----------
    node_new_price : array_like
        Price of a new item [money].
    equipment_replace_after : array_like
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
    >>> float(item_renewal_cost(100.0, 2.0, 5.0))
    200.0
    """
    times = discounted_renewals(years_of_use, equipment_replace_after, years_of_use, discount_rate)
    return node_new_price * times


def item_end_cost(
    node_price: Money,
    years_of_use: Number,
    disposal_price: Money = 0.0,
    residual_share: Number = 0.0,
    discount_rate: PerYear = 0.0,
) -> Money:
    """What being rid of one item in the end is worth today; negative where it fetches more.

    Parameters
    ----------
    node_price : array_like
        Price that was paid for it [money].
    years_of_use : array_like
        Years [1].
    disposal_price : array_like
        What it costs to be rid of it [money].
    residual_share : array_like
        Share of the price that it still fetches [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].

    Returns
    -------
    array_like
        Money [money].

    Examples
    --------
    >>> float(item_end_cost(600.0, 5.0, 20.0, 0.1))
    -40.0
    """
    return (disposal_price - node_price * residual_share) * discount_factor(
        years_of_use, discount_rate
    )


def item_present_cost(
    node_price: Money,
    item_energy_cost: Money,
    item_upkeep_cost: Money,
    item_end_cost: Money,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
    electricity_price_change: PerYear = 0.0,
    item_renewal_cost: Money = 0.0,
) -> Money:
    """What buying and running one item for the years of use is worth today.

    Parameters
    ----------
    node_price : array_like
        Price of the item [money]; zero where it is owned already.
    item_energy_cost, item_upkeep_cost : array_like
        Its cost of a year [money].
    item_end_cost : array_like
        What being rid of it is worth today [money].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    electricity_price_change : array_like
        Rise of the price of electricity from one year to the next [1/yr].
    item_renewal_cost : array_like
        What its replacements are worth today [money].

    Returns
    -------
    array_like
        Cost of the item [money].

    Examples
    --------
    >>> float(item_present_cost(600.0, 30.0, 210.0, 0.0, 5.0))
    1800.0
    """
    growing = discounted_years(years_of_use, discount_rate, electricity_price_change)
    level = discounted_years(years_of_use, discount_rate)
    running = item_energy_cost * growing + item_upkeep_cost * level
    return node_price + running + item_renewal_cost + item_end_cost
