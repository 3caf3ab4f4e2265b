"""A storage with the data that the design puts on it, and what a loss does to it."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Node, Number, Part


def stored_data(
    vm_data: Byte = 0.0,
    vm_pool_fill: Number = 0.0,
    other_pool_fill: Number = 0.0,
    nearfull_capacity: Byte = 0.0,
) -> Byte:
    """User data on the storage: the disks of the VMs, and what its pools hold.

    Parameters
    ----------
    vm_data : array_like
        Disks of all VMs of the workload, where the storage holds them [B].
    vm_pool_fill, other_pool_fill : array_like
        Part of the capacity below nearfull that the pools of VM disks take, and the others [1].
    nearfull_capacity : array_like
        That capacity [B].

    Returns
    -------
    array_like
        Data, counted with the redundancy of the storage [B].

    Notes
    -----
    The pools of VM disks are where the disks of the workload lie: the larger of both counts.

    Examples
    --------
    >>> float(stored_data(2e12, 0.1, 0.2, 10e12))
    4000000000000.0
    """
    pools = np.asarray(vm_pool_fill) * nearfull_capacity
    return np.maximum(vm_data, pools) + np.asarray(other_pool_fill) * nearfull_capacity


def fill_after_domain_loss(
    stored_data: Byte,
    self_heal_capacity: Byte,
    backfillfull_ratio: Number,
    nearfull_capacity: Byte,
    nearfull_ratio: Number,
) -> Number:
    """How full the drives are after the loss of a failure domain, with all made whole again.

    Parameters
    ----------
    stored_data : array_like
        User data [B].
    self_heal_capacity : array_like
        Most that is made whole again [B].
    backfillfull_ratio : array_like
        How full the drives then are [1].
    nearfull_capacity : array_like
        Data at which the first drive reaches its warning level, before the loss [B].
    nearfull_ratio : array_like
        That level [1].

    Returns
    -------
    array_like
        Fill [1]; as before where nothing can be made whole, infinite where nothing fits.

    Notes
    -----
    S / V', V' what the survivors hold when full.

    Examples
    --------
    Five hosts of 8 TB, three copies: 10.67 TB on four hosts is full.

    >>> round(float(fill_after_domain_loss(9.07e12, 9.6e12, 0.9, 11.33e12, 0.85)), 2)
    0.85
    """
    heals = np.asarray(self_heal_capacity, dtype=float) > 0.0
    room = np.where(heals, self_heal_capacity, nearfull_capacity)
    level = np.where(heals, backfillfull_ratio, nearfull_ratio)
    fill = np.asarray(stored_data) * level / np.where(room == 0.0, 1.0, room)
    fill = np.where((room == 0.0) & (np.asarray(stored_data) > 0.0), np.inf, fill)
    known = self_heal_capacity + backfillfull_ratio + nearfull_capacity + nearfull_ratio
    return np.where(np.isnan(known), np.nan, fill)


def drives_lost_as_planned(drives_of_a_host: Part, planned_host_losses: Node = 1.0) -> Part:
    """Drives that are gone with the hosts whose loss is planned for.

    Parameters
    ----------
    drives_of_a_host : array_like
        Drives of the host that has most [part].
    planned_host_losses : array_like
        Hosts that may be lost at once [node].

    Returns
    -------
    array_like
        Drives [part].

    Examples
    --------
    >>> drives_lost_as_planned(2.0, 2.0)
    4.0
    """
    return drives_of_a_host * planned_host_losses


def hosts_left_as_planned(storage_hosts: Node, planned_host_losses: Node = 1.0) -> Node:
    """Storage hosts that are left after the losses that are planned for.

    Parameters
    ----------
    storage_hosts : array_like
        Hosts that hold data [node].
    planned_host_losses : array_like
        Hosts that may be lost at once [node].

    Returns
    -------
    array_like
        Hosts [node].

    Examples
    --------
    >>> float(hosts_left_as_planned(4.0, 2.0))
    2.0
    """
    return np.maximum(np.asarray(storage_hosts) - planned_host_losses, 0.0)
