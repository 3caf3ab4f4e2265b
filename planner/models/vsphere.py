"""Admission control of vSphere HA: slots, or a share of the resources kept free.

Both count what VMs reserve, not how large they are. Hosts are the first axis, every other axis is
carried along.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.models.arguments import amount, positive, share
from planner.models.combinatorics import plain
from planner.models.dimensions import Array


def slot_size(reservations: Any, overheads: Any = 0.0, least: float = 32.0) -> Array:
    """Size of a vSphere HA slot in one resource: the largest reservation that a VM has.

    Parameters
    ----------
    reservations : array_like, shape (vms, ...)
        Reservation of each powered-on VM [MHz] or [MB].
    overheads : array_like, shape (vms, ...)
        Memory overhead of each VM, which a slot covers too [MB].
    least : float
        Size where no VM reserves more: 32 for processors, 0 for memory [MHz].

    Returns
    -------
    float or ndarray, shape (...)
        Slot size [MHz] or [MB].

    Raises
    ------
    ValueError
        If a reservation or overhead is negative.

    Notes
    -----
    max(reservation + overhead). One VM with a large reservation makes every slot large.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Slot Policy Admission Control".

    Examples
    --------
    >>> slot_size([0.0, 0.0]), slot_size([2000.0, 1000.0])
    (32.0, 2000.0)
    """
    needs = amount(reservations, "reservations") + amount(overheads, "overheads")
    return plain(np.maximum(needs.max(axis=0), least))


def host_slots(host_cpu: Any, host_memory: Any, slot_cpu: Any, slot_memory: Any) -> Array:
    """Slots that each host has under the vSphere HA slot policy.

    Parameters
    ----------
    host_cpu, host_memory : array_like, shape (hosts, ...)
        Processor and memory of each host for VMs, in the units of the slot [MHz] and [MB].
    slot_cpu, slot_memory : array_like, shape (...)
        Slot size in each resource, positive [MHz] and [MB].

    Returns
    -------
    ndarray, shape (hosts, ...)
        Slots [vm].

    Raises
    ------
    ValueError
        If a host is negative or a slot is not positive.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Slot Policy Admission Control".

    Examples
    --------
    >>> host_slots([9, 9, 6], [9, 6, 6], 2, 2)
    array([4., 3., 3.])
    """
    slots = [
        np.floor(amount(host, f"host_{name}") / positive(slot, f"slot_{name}"))
        for name, host, slot in (
            ("cpu", host_cpu, slot_cpu),
            ("memory", host_memory, slot_memory),
        )
    ]
    return np.minimum(*slots)


def slot_failover_capacity(slots: Any, powered_on: Any) -> Array:
    """Hosts that may fail under the vSphere HA slot policy with a slot left for every VM.

    Parameters
    ----------
    slots : array_like, shape (hosts, ...)
        Slots of each host [vm].
    powered_on : array_like, shape (...)
        VMs that run [vm].

    Returns
    -------
    float or ndarray, shape (...)
        Hosts [node]; NaN where a number is unknown.

    Raises
    ------
    ValueError
        If a number is negative.

    Notes
    -----
    Hosts are taken away, the one with most slots first, while the others have enough slots.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Slot Policy Admission Control", example.

    Examples
    --------
    >>> slot_failover_capacity([4, 3, 3], 5)
    1.0
    """
    left = slots_after_losses(slots)
    vms = amount(powered_on, "powered_on")
    known = np.where(np.isnan(left).any(axis=0) | np.isnan(vms), np.nan, 0.0)
    return plain((left >= vms).sum(axis=0) + known)


def slots_after_losses(slots: Any) -> Array:
    """Slots left after the loss of 1, 2, ... hosts, the ones with most slots first.

    Parameters
    ----------
    slots : array_like, shape (hosts, ...)
        Slots, or VMs of one size, of each host [vm].

    Returns
    -------
    ndarray, shape (hosts, ...)
        Slots left after 1, 2, .. all losses [vm]: how many VMs of one size survive any k.

    Raises
    ------
    ValueError
        If a number is negative.

    Notes
    -----
    sum(h) - (k largest h). The same law as N+k for VMs of one size under any admission rule,
    because the VMs of lost hosts find room exactly where all VMs fit the rest.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Slot Policy Admission Control".

    Examples
    --------
    >>> slots_after_losses([4, 3, 3])
    array([6., 3., 0.])
    """
    largest = -np.sort(-amount(slots, "slots"), axis=0)
    return np.asarray(largest.sum(axis=0) - np.cumsum(largest, axis=0))


def failover_share(total: Any, reserved: Any) -> Array:
    """Share of a resource that is free for failover under the vSphere HA percentage policy.

    Parameters
    ----------
    total : array_like
        Resource of all hosts, positive [1].
    reserved : array_like
        What the powered-on VMs reserve of it [1].

    Returns
    -------
    float or ndarray
        (total - reserved) / total [1]; negative where more is reserved than there is.

    Raises
    ------
    ValueError
        If a total is not positive or a reservation is negative.

    Notes
    -----
    A VM is admitted while this share stays at or above the configured one, for processors and for
    memory. The share that k of n equal hosts stand for is k / n. A percentage says nothing of the
    largest host or the largest VM.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Cluster Resources Percentage Admission Control".

    Examples
    --------
    >>> round(failover_share(24.0, 7.0), 3), round(failover_share(21.0, 6.0), 3)
    (0.708, 0.714)
    """
    whole = positive(total, "total")
    return plain((whole - amount(reserved, "reserved")) / whole)


def percentage_vms(total: Any, reserved: Any, configured_share: Any, vm_reservation: Any) -> Array:
    """More VMs of one size that the vSphere HA percentage policy admits.

    Parameters
    ----------
    total, reserved : array_like, shape (resources, ...)
        Processors and memory of all hosts, and what VMs reserve of them [1].
    configured_share : array_like, shape (resources, ...) or scalar
        Share that stays free for failover, 0 .. 1 [1].
    vm_reservation : array_like, shape (resources, ...)
        What one more VM reserves of each resource; nothing does not count [1].

    Returns
    -------
    float or ndarray, shape (...)
        VMs [vm].

    Raises
    ------
    ValueError
        If a total is not positive, a share is not between 0 and 1 or a number is negative.

    Notes
    -----
    The least over the resources of floor((total (1 - share) - reserved) / need); equality admits.

    References
    ----------
    VMware, "vSphere Availability" 6.7, "Cluster Resources Percentage Admission Control".

    Examples
    --------
    >>> percentage_vms([24.0, 21.0], [7.0, 6.0], 0.25, [2.0, 1.0])
    5.0
    """
    kept = share(configured_share, "configured_share")
    free = positive(total, "total") * (1.0 - kept) - amount(reserved, "reserved")
    need = amount(vm_reservation, "vm_reservation")
    fitting = np.maximum(np.floor(free / np.where(need == 0, 1.0, need)), 0.0)
    return plain(np.where(need == 0, np.inf, fitting).min(axis=0))
