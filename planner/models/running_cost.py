"""What a design costs in a year, apart from its electricity.

Equipment comes in groups of equal items (axis 0), licences on an axis of their own.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import (
    Core,
    Hour,
    Money,
    MoneyPerHour,
    MoneyPerRackUnit,
    Node,
    RackUnit,
    Vm,
)


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


def annual_space_cost(rack_units: RackUnit, rack_unit_price: MoneyPerRackUnit) -> Money:
    """Rent of the rack space.

    Parameters
    ----------
    rack_units : array_like
        Height of all equipment [U].
    rack_unit_price : array_like
        Rent of one unit for a year [money/U].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> annual_space_cost(8.0, 480.0)
    3840.0
    """
    return rack_units * rack_unit_price


def annual_warranty_cost(equipment_count: Node, equipment_warranty_cost: Money) -> Money:
    """Warranties and service contracts in a year.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_warranty_cost : array_like, shape (groups, ...)
        Cost of one item in a year [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> float(annual_warranty_cost(np.array([4.0, 1.0]), np.array([120.0, 0.0])))
    480.0
    """
    return np.sum(equipment_count * equipment_warranty_cost, axis=0)


def annual_host_licence_cost(host_count: Node, host_licence_price: Money) -> Money:
    """Licences that are paid for each host of VMs, in a year.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of VMs in each group [node].
    host_licence_price : array_like, shape (licences, ...)
        Price of each licence for one host [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> float(annual_host_licence_cost(np.array([4.0]), np.array([100.0, 50.0])))
    600.0
    """
    return np.sum(host_count, axis=0) * np.sum(host_licence_price, axis=0)


def annual_core_licence_cost(host_cores_total: Core, core_licence_price: Money) -> Money:
    """Licences that are paid for each core of the hosts of VMs, in a year.

    Parameters
    ----------
    host_cores_total : array_like
        Cores of the hosts [core].
    core_licence_price : array_like, shape (licences, ...)
        Price of each licence for one core [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> float(annual_core_licence_cost(64.0, np.array([50.0])))
    3200.0
    """
    return host_cores_total * np.sum(core_licence_price, axis=0)


def annual_vm_licence_cost(vm_licence_costs: Money, placed_vms: Vm, workload_vms: Vm) -> Money:
    """Licences that are paid for each VM, in a year.

    Parameters
    ----------
    vm_licence_costs : array_like, shape (licences, ...)
        Cost of each licence for all VMs that are asked for and need it [money].
    placed_vms, workload_vms : array_like
        VMs that run, and VMs that are asked for [vm].

    Returns
    -------
    array_like
        Cost of one year [money].

    Notes
    -----
    Where not all VMs fit, those that run are taken as a like share of every flavour.

    Examples
    --------
    >>> float(annual_vm_licence_cost(np.array([360.0, 40.0]), 48.0, 96.0))
    200.0
    """
    return np.sum(vm_licence_costs, axis=0) * placed_vms / workload_vms


def annual_flat_licence_cost(flat_licence_price: Money) -> Money:
    """Licences that are paid once for the whole design, in a year.

    Parameters
    ----------
    flat_licence_price : array_like, shape (licences, ...)
        Price of each [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> float(annual_flat_licence_cost(np.array([1000.0, 50.0])))
    1050.0
    """
    return np.sum(flat_licence_price, axis=0)


def annual_licence_cost(
    annual_flat_licence_cost: Money,
    annual_host_licence_cost: Money = 0.0,
    annual_core_licence_cost: Money = 0.0,
    annual_vm_licence_cost: Money = 0.0,
) -> Money:
    """Licences in a year.

    Parameters
    ----------
    annual_flat_licence_cost, annual_host_licence_cost : array_like
        Those paid once for the whole design, and by host [money].
    annual_core_licence_cost, annual_vm_licence_cost : array_like
        Those paid by core and by VM [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> annual_licence_cost(1000.0, 600.0)
    1600.0
    """
    by_host = annual_host_licence_cost + annual_core_licence_cost
    return annual_flat_licence_cost + by_host + annual_vm_licence_cost


def annual_upkeep_cost(
    annual_labour_cost: Money,
    annual_space_cost: Money = 0.0,
    annual_hosting_cost: Money = 0.0,
    annual_licence_cost: Money = 0.0,
    annual_warranty_cost: Money = 0.0,
) -> Money:
    """All cost of a year but electricity.

    Parameters
    ----------
    annual_labour_cost, annual_space_cost, annual_hosting_cost : array_like
        Administrators, rent of rack space, a fixed fee of the host [money].
    annual_licence_cost, annual_warranty_cost : array_like
        Licences, warranties and service contracts [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> annual_upkeep_cost(4620.0, annual_warranty_cost=480.0)
    5100.0
    """
    place = annual_space_cost + annual_hosting_cost
    return annual_labour_cost + place + annual_licence_cost + annual_warranty_cost


def annual_running_cost(annual_energy_cost: Money, annual_upkeep_cost: Money) -> Money:
    """Cost of the first year without what is bought.

    Parameters
    ----------
    annual_energy_cost : array_like
        Electricity [money].
    annual_upkeep_cost : array_like
        All else [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> annual_running_cost(1000.0, 5100.0)
    6100.0
    """
    return annual_energy_cost + annual_upkeep_cost
