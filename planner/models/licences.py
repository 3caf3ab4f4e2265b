"""Licences that are paid for some of the VMs."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Money, Vm


def licensed_vms(licensed_flavour_count: Vm) -> Vm:
    """VMs that need a licence, of those that are asked for.

    Parameters
    ----------
    licensed_flavour_count : array_like, shape (flavours, ...)
        VMs of each flavour that needs it [vm].

    Returns
    -------
    array_like
        VMs [vm].

    Examples
    --------
    >>> float(licensed_vms(np.array([20.0, 16.0])))
    36.0
    """
    return np.sum(licensed_flavour_count, axis=0)


def vm_licence_cost(licensed_vms: Vm, vm_licence_price: Money) -> Money:
    """A year's cost of a licence for all VMs that need it.

    Parameters
    ----------
    licensed_vms : array_like
        VMs [vm].
    vm_licence_price : array_like
        Price of the licence for one VM and year [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> vm_licence_cost(36.0, 10.0)
    360.0
    """
    return licensed_vms * vm_licence_price
