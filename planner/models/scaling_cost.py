"""The part of a design's cost that grows with its VMs, and the part that does not.

A design with more VMs needs more of the hosts that run them; everything else (switches, storage and
management machines, spares) stays as it is. That line is the cost over the number of VMs; it says
nothing of ports, space or power, which a larger design has to be checked for. Groups of equal
items are on axis 0.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Money, Node, Number, PerYear, Vm
from planner.models.present_worth import discount_factor, discounted_years


def host_present_cost(
    host_count: Node,
    host_item_cost: Money,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
    annual_host_licence_cost: Money = 0.0,
    annual_core_licence_cost: Money = 0.0,
) -> Money:
    """What buying and running the hosts of VMs is worth today, with their licences.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of VMs in each group [node].
    host_item_cost : array_like, shape (groups, ...)
        What one of them costs over the years [money].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    annual_host_licence_cost, annual_core_licence_cost : array_like
        Licences that are paid for each host and core, in a year [money].

    Returns
    -------
    array_like
        Cost of the hosts [money].

    Examples
    --------
    >>> float(host_present_cost(np.array([16.0]), np.array([1800.0]), 5.0))
    28800.0
    """
    licences = annual_host_licence_cost + annual_core_licence_cost
    worth = licences * discounted_years(years_of_use, discount_rate)
    return np.sum(host_count * host_item_cost, axis=0) + worth


def host_vms(host_bound_vms: Vm, vms: Vm, pooled_storage: Number = 0.0) -> Vm:
    """VMs that the hosts bring room for; with their disks where these are all the storage.

    Parameters
    ----------
    host_bound_vms : array_like
        VMs that fit by the hosts' memory and processors [vm].
    vms : array_like
        VMs that fit with the storage too [vm].
    pooled_storage : array_like
        1 where the hosts of VMs hold the storage, which grows with them [1].

    Returns
    -------
    array_like
        VMs [vm].

    Examples
    --------
    >>> float(host_vms(208.0, 42.0, 1.0)), float(host_vms(208.0, 42.0))
    (42.0, 208.0)
    """
    return pooled_storage * vms + (1.0 - pooled_storage) * host_bound_vms


def present_cost_of_a_vm(
    host_present_cost: Money,
    host_vms: Vm,
    years_of_use: Number,
    workload_vms: Vm,
    discount_rate: PerYear = 0.0,
    vm_licence_costs: Money = 0.0,
) -> Money:
    """What room for one VM more costs: its share of a host, and its licences.

    Parameters
    ----------
    host_present_cost : array_like
        Cost of the hosts [money].
    host_vms : array_like
        VMs that the hosts bring room for [vm].
    years_of_use : array_like
        Years [1].
    workload_vms : array_like
        VMs that are asked for [vm].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    vm_licence_costs : array_like, shape (licences, ...)
        Cost of a year of each licence for all VMs that are asked for and need it [money].

    Returns
    -------
    array_like
        Cost of one VM [money].

    Examples
    --------
    >>> float(present_cost_of_a_vm(28800.0, 200.0, 5.0, 96.0))
    144.0
    """
    licences = np.sum(np.atleast_1d(vm_licence_costs), axis=0) / workload_vms
    return host_present_cost / host_vms + licences * discounted_years(years_of_use, discount_rate)


def present_cost_without_vms(
    other_count: Node,
    other_item_cost: Money,
    years_of_use: Number,
    discount_rate: PerYear = 0.0,
    spare_cost: Money = 0.0,
    residual_share: Number = 0.0,
    annual_hosting_cost: Money = 0.0,
    annual_flat_licence_cost: Money = 0.0,
) -> Money:
    """What the part of a design that does not grow with its VMs is worth today.

    Parameters
    ----------
    other_count : array_like, shape (groups, ...)
        Items of each group that runs no VMs [node].
    other_item_cost : array_like, shape (groups, ...)
        What one of them costs over the years [money].
    years_of_use : array_like
        Years [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    spare_cost : array_like
        Price of the spares [money].
    residual_share : array_like
        Share of their price that they still fetch in the end [1].
    annual_hosting_cost, annual_flat_licence_cost : array_like
        Fixed rent and licences of a year [money].

    Returns
    -------
    array_like
        Cost [money].

    Examples
    --------
    >>> float(present_cost_without_vms(np.array([1.0, 3.0]), np.array([2500.0, 1800.0]), 5.0))
    7900.0
    """
    spares = spare_cost * (1.0 - residual_share * discount_factor(years_of_use, discount_rate))
    fixed = annual_hosting_cost + annual_flat_licence_cost
    worth = fixed * discounted_years(years_of_use, discount_rate)
    return np.sum(other_count * other_item_cost, axis=0) + spares + worth
