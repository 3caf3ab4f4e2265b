"""What a design costs to buy and to run."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Hour, Money, MoneyPerHour, Node, Number, Vm


def capital_cost(equipment_count: Node, equipment_price: Money) -> Money:
    """Price of everything that has to be bought.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_price : array_like, shape (groups, ...)
        Price of one item [money]; zero for what is owned already.

    Returns
    -------
    array_like
        Price [money]; unknown (NaN) where the price of any item is.

    Examples
    --------
    >>> float(capital_cost(np.array([16.0, 1.0]), np.array([620.0, 1900.0])))
    11820.0
    """
    return np.sum(equipment_count * equipment_price, axis=0)


def annual_labour_cost(
    node_total: Node, labour_per_node: Hour, labour_price: MoneyPerHour
) -> Money:
    """Administrators' time in a year.

    Parameters
    ----------
    node_total : array_like
        Computers [node].
    labour_per_node : array_like
        Hours spent on each in a year [h].
    labour_price : array_like
        Price of an hour [money/h].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> annual_labour_cost(22.0, 3.0, 70.0)
    4620.0
    """
    return node_total * labour_per_node * labour_price


def total_cost(
    capital_cost: Money,
    annual_energy_cost: Money,
    annual_labour_cost: Money,
    years_of_use: Number,
) -> Money:
    """Price of buying and running the design for its years of use, without discounting.

    Parameters
    ----------
    capital_cost : array_like
        Price of what is bought [money].
    annual_energy_cost, annual_labour_cost : array_like
        Cost of one year [money].
    years_of_use : array_like
        Years [1].

    Returns
    -------
    array_like
        Cost [money].

    Examples
    --------
    >>> total_cost(10000.0, 1000.0, 500.0, 3.0)
    14500.0
    """
    return capital_cost + years_of_use * (annual_energy_cost + annual_labour_cost)


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
