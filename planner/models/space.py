"""Places in the rack, and what stands in them."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Node, Number, RackUnit


def rack_units(equipment_count: Node, equipment_rack_units: RackUnit) -> RackUnit:
    """Height that the design takes in racks.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_rack_units : array_like, shape (groups, ...)
        Height of one item [U]; a fraction where several share a shelf.

    Returns
    -------
    array_like
        Height [U].

    Examples
    --------
    >>> float(rack_units(np.array([6.0, 1.0]), np.array([2.0, 1.0])))
    13.0
    """
    return np.sum(equipment_count * equipment_rack_units, axis=0)


def spare_rack_space(rack_space: RackUnit, rack_units: RackUnit) -> RackUnit:
    """Height of the racks that is left; negative where the design is too high.

    Parameters
    ----------
    rack_space : array_like
        Height that is free for the equipment [U].
    rack_units : array_like
        Height that the design takes [U].

    Returns
    -------
    array_like
        Height left [U].

    Examples
    --------
    >>> spare_rack_space(42.0, 26.0)
    16.0
    """
    return rack_space - rack_units


def node_total(equipment_count: Node, is_node: Number) -> Node:
    """Computers in the design, without switches and arrays.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    is_node : array_like, shape (groups, ...)
        1 where the items are computers [1].

    Returns
    -------
    array_like
        Computers [node].

    Examples
    --------
    >>> float(node_total(np.array([16.0, 1.0]), np.array([1.0, 0.0])))
    16.0
    """
    return np.sum(equipment_count * is_node, axis=0)


def cloud_machines(equipment_count: Node, is_cloud_machine: Number) -> Node:
    """Computers with 8 GiB of memory, two drives and two ports, as Juju's OpenStack asks for.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    is_cloud_machine : array_like, shape (groups, ...)
        1 where they are such computers [1].

    Returns
    -------
    array_like
        Computers [node].

    References
    ----------
    openstack-charmers, openstack-bundles, stable/openstack-base README.

    Examples
    --------
    >>> float(cloud_machines(np.array([16.0, 3.0]), np.array([0.0, 1.0])))
    3.0
    """
    return np.sum(equipment_count * is_cloud_machine, axis=0)


def hosts_with_daemons_and_clients(
    equipment_count: Node, runs_vms: Number, runs_storage_daemons: Number
) -> Node:
    """Hosts that run VMs and the daemons of a shared storage at the same time.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    runs_vms : array_like, shape (groups, ...)
        1 where the group runs VMs [1].
    runs_storage_daemons : array_like, shape (groups, ...)
        1 where the group holds shares of a storage that others use [1].

    Returns
    -------
    array_like
        Hosts [node].

    Examples
    --------
    >>> ones = np.array([1.0, 0.0])
    >>> float(hosts_with_daemons_and_clients(np.array([16.0, 3.0]), ones, ones))
    16.0
    """
    return np.sum(equipment_count * runs_vms * runs_storage_daemons, axis=0)


def hosts_with_daemons_and_kernel_clients(
    hosts_with_daemons_and_clients: Node, kernel_clients: Number = 0.0
) -> Node:
    """Hosts that hold daemons of a shared storage and use it by a client in the kernel.

    Parameters
    ----------
    hosts_with_daemons_and_clients : array_like
        Hosts that run VMs and the storage's daemons [node].
    kernel_clients : array_like
        1 where they use it by a client in the kernel, 0 by a library in user space [1].

    Returns
    -------
    array_like
        Hosts [node].

    Examples
    --------
    >>> hosts_with_daemons_and_kernel_clients(16.0, 1.0)
    16.0
    """
    return hosts_with_daemons_and_clients * kernel_clients
