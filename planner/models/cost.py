"""What a design costs to buy, and in all.

Equipment comes in groups of equal items (axis 0). What a scenario does not state (spares, hosting,
licences, warranty, replacement, disposal, interest) is not counted.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import (
    Byte,
    Money,
    MoneyPerTerabyte,
    Node,
    Number,
    PerYear,
    Vm,
)
from planner.models.present_worth import discounted_years, renewals


def spare_cost(spare_part_costs: Money) -> Money:
    """Price of all spares.

    Parameters
    ----------
    spare_part_costs : array_like, shape (parts, ...)
        Price of the spare parts of each kind [money].

    Returns
    -------
    array_like
        Price [money].

    Examples
    --------
    >>> float(spare_cost(np.array([450.0, 140.0])))
    590.0
    """
    return np.sum(spare_part_costs, axis=0)


def capital_cost(equipment_count: Node, equipment_price: Money, spare_cost: Money = 0.0) -> Money:
    """Price of everything that has to be bought.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_price : array_like, shape (groups, ...)
        Price of one item [money]; zero for what is owned already.
    spare_cost : array_like
        Price of the spares [money].

    Returns
    -------
    array_like
        Price [money]; unknown (NaN) where the price of any item is.

    Examples
    --------
    >>> float(capital_cost(np.array([16.0, 1.0]), np.array([620.0, 1900.0])))
    11820.0
    """
    return np.sum(equipment_count * equipment_price, axis=0) + spare_cost


def replacement_cost(
    equipment_count: Node,
    equipment_new_price: Money,
    equipment_replace_after: Number,
    years_of_use: Number,
) -> Money:
    """Price of the equipment that is replaced within the years of use, at today's prices.

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
    array_like
        Price [money].

    Notes
    -----
    A replacement that falls due at the end of the use is not made any more.

    Examples
    --------
    Within ten years what lasts four is replaced twice:

    >>> float(replacement_cost(np.array([3.0]), np.array([100.0]), np.array([4.0]), 10.0))
    600.0
    """
    times = renewals(years_of_use, equipment_replace_after, years_of_use)
    return np.sum(equipment_count * equipment_new_price * times, axis=0)


def disposal_cost(equipment_count: Node, disposal_price: Money) -> Money:
    """What it costs to be rid of the equipment when its use ends.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    disposal_price : array_like
        Cost of one item [money].

    Returns
    -------
    array_like
        Cost [money].

    Examples
    --------
    >>> float(disposal_cost(np.array([16.0, 1.0]), 20.0))
    340.0
    """
    return np.sum(equipment_count * disposal_price, axis=0)


def residual_value(capital_cost: Money, residual_share: Number) -> Money:
    """What the equipment that was bought still fetches when its use ends.

    Parameters
    ----------
    capital_cost : array_like
        Price of what was bought [money].
    residual_share : array_like
        Share of that price [1].

    Returns
    -------
    array_like
        Money that comes back [money].

    Examples
    --------
    >>> residual_value(10000.0, 0.1)
    1000.0
    """
    return capital_cost * residual_share


def total_cost(
    capital_cost: Money,
    annual_energy_cost: Money,
    annual_upkeep_cost: Money,
    years_of_use: Number,
    electricity_price_change: PerYear = 0.0,
    replacement_cost: Money = 0.0,
    disposal_cost: Money = 0.0,
    residual_value: Money = 0.0,
) -> Money:
    """Price of buying and running the design for its years of use, without discounting.

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
    electricity_price_change : array_like
        Rise of the price of electricity from one year to the next [1/yr].
    replacement_cost : array_like
        Price of what is replaced meanwhile [money].
    disposal_cost, residual_value : array_like
        What is paid and what is got for the equipment in the end [money].

    Returns
    -------
    array_like
        Cost [money].

    Notes
    -----
    C + E ((1 + g)^n - 1)/g + n U + R + D - V; the energy of n years where g = 0.

    Examples
    --------
    >>> float(total_cost(10000.0, 1000.0, 500.0, 3.0))
    14500.0
    """
    energy = annual_energy_cost * discounted_years(years_of_use, 0.0, electricity_price_change)
    upkeep = annual_upkeep_cost * years_of_use
    return capital_cost + energy + upkeep + replacement_cost + disposal_cost - residual_value


def cost_per_vm(total_cost: Money, placed_vms: Vm) -> Money:
    """Cost of each VM that runs, over the years of use.

    Parameters
    ----------
    total_cost : array_like
        Cost of the design [money].
    placed_vms : array_like
        VMs that run [vm].

    Returns
    -------
    array_like
        Cost of one VM [money]; not defined without VMs.

    Examples
    --------
    >>> cost_per_vm(9600.0, 96.0)
    100.0
    """
    return total_cost / placed_vms


def cost_per_usable_tb(total_cost: Money, vm_disk_capacity: Byte) -> MoneyPerTerabyte:
    """Cost of the design for each terabyte that its VMs' disks may use, over the years of use.

    Parameters
    ----------
    total_cost : array_like
        Cost of the design [money].
    vm_disk_capacity : array_like
        Usable capacity of the storage that holds the VMs' disks [B].

    Returns
    -------
    array_like
        Cost of one terabyte [money/TB]; not defined without storage.

    Notes
    -----
    All of the design's cost, of its computers too: it compares designs, it prices no storage.

    Examples
    --------
    >>> cost_per_usable_tb(30000.0, 6e12)
    5000.0
    """
    return total_cost / (vm_disk_capacity / 1e12)
