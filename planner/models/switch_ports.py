"""Switch ports of one kind: those that links, uplinks and stacks need, and those there are."""

from __future__ import annotations

import numpy as np

from planner.models.arguments import amount
from planner.models.dimensions import Node, Port


def ports_linked(linked_count: Node, linked_ports: Port) -> Port:
    """Ports of a kind that hosts and arrays are plugged into, or should be.

    Parameters
    ----------
    linked_count : array_like, shape (groups, ...)
        Items of each group [node].
    linked_ports : array_like, shape (groups, ...)
        Links of one item that are to end on ports of this kind [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(ports_linked(np.array([16.0, 3.0]), np.array([3.0, 2.0])))
    54.0
    """
    return np.sum(amount(linked_count, "linked_count") * linked_ports, axis=0)


def ports_for_uplinks(uplink_ends: Port) -> Port:
    """Ports of a kind that the links between switches take.

    Parameters
    ----------
    uplink_ends : array_like, shape (groups, ...)
        Ends of uplinks on all switches of each group [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(ports_for_uplinks(np.array([2.0, 2.0])))
    4.0
    """
    return np.sum(amount(uplink_ends, "uplink_ends"), axis=0)


def ports_for_stacks(stack_ends: Port) -> Port:
    """Ports of a kind that the switches of stacks give to the stack.

    Parameters
    ----------
    stack_ends : array_like, shape (groups, ...)
        Ports that all switches of each group give [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    Two units that keep two of their four ports each.

    >>> float(ports_for_stacks(np.array([4.0])))
    4.0
    """
    return np.sum(amount(stack_ends, "stack_ends"), axis=0)


def ports_needed(ports_linked: Port, ports_for_uplinks: Port, ports_for_stacks: Port) -> Port:
    """Ports of a kind that are needed in all.

    Parameters
    ----------
    ports_linked, ports_for_uplinks, ports_for_stacks : array_like
        Ports for hosts and arrays, for links between switches, and for stacks [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> ports_needed(3.0, 0.0, 4.0)
    7.0
    """
    return ports_linked + ports_for_uplinks + ports_for_stacks


def ports_available(switch_count: Node, kind_ports: Port) -> Port:
    """Ports of a kind that the switches have.

    Parameters
    ----------
    switch_count : array_like, shape (groups, ...)
        Switches of each group [node].
    kind_ports : array_like, shape (groups, ...)
        Ports of the kind on one switch [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(ports_available(np.array([2.0]), np.array([4.0])))
    8.0
    """
    return np.sum(amount(switch_count, "switch_count") * kind_ports, axis=0)


def spare_ports(ports_available: Port, ports_needed: Port) -> Port:
    """Ports of a kind left over; negative where too few are there.

    Parameters
    ----------
    ports_available, ports_needed : array_like
        Ports [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> spare_ports(8.0, 7.0)
    1.0
    """
    return ports_available - ports_needed
