"""Switch ports: how many a design needs, and how many it has."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Node, Port


def ports_needed_1g(
    equipment_count: Node, equipment_ports_1g: Port, borrowed_ports_1g: Port = 0.0
) -> Port:
    """Switch ports of 1 Gbit/s that the design plugs into.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_ports_1g : array_like, shape (groups, ...)
        Ports of 1 Gbit/s that one item connects [port].
    borrowed_ports_1g : array_like
        Ports of 1 Gbit/s that links of other speeds take, less those of other speeds that links
        of 1 Gbit/s take [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(ports_needed_1g(np.array([16.0, 3.0]), np.array([3.0, 2.0])))
    54.0
    """
    return np.sum(equipment_count * equipment_ports_1g, axis=0) + borrowed_ports_1g


def ports_needed_10g(
    equipment_count: Node, equipment_ports_10g: Port, borrowed_ports_10g: Port = 0.0
) -> Port:
    """Switch ports of 10 Gbit/s that the design plugs into.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_ports_10g : array_like, shape (groups, ...)
        Ports of 10 Gbit/s that one item connects [port].
    borrowed_ports_10g : array_like
        Ports of 10 Gbit/s that links of other speeds take, less those of other speeds that links
        of 10 Gbit/s take [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(ports_needed_10g(np.array([16.0, 3.0]), np.array([0.0, 1.0])))
    3.0
    """
    return np.sum(equipment_count * equipment_ports_10g, axis=0) + borrowed_ports_10g


def ports_available_1g(switch_count: Node, switch_ports_1g: Port) -> Port:
    """Ports of 1 Gbit/s that the design's switches have.

    Parameters
    ----------
    switch_count : array_like, shape (groups, ...)
        Switches of each group [node].
    switch_ports_1g : array_like, shape (groups, ...)
        Ports of 1 Gbit/s of one switch [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(ports_available_1g(np.array([1.0]), np.array([48.0])))
    48.0
    """
    return np.sum(switch_count * switch_ports_1g, axis=0)


def ports_available_10g(switch_count: Node, switch_ports_10g: Port) -> Port:
    """Ports of 10 Gbit/s that the design's switches have; stacking may take some of them.

    Parameters
    ----------
    switch_count : array_like, shape (groups, ...)
        Switches of each group [node].
    switch_ports_10g : array_like, shape (groups, ...)
        Ports of 10 Gbit/s of one switch [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(ports_available_10g(np.array([1.0]), np.array([4.0])))
    4.0
    """
    return np.sum(switch_count * switch_ports_10g, axis=0)


def spare_ports_1g(ports_available_1g: Port, ports_needed_1g: Port) -> Port:
    """Ports of 1 Gbit/s left over; negative where too few are there.

    Parameters
    ----------
    ports_available_1g, ports_needed_1g : array_like
        Ports [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> spare_ports_1g(48.0, 63.0)
    -15.0
    """
    return ports_available_1g - ports_needed_1g


def spare_ports_10g(ports_available_10g: Port, ports_needed_10g: Port) -> Port:
    """Ports of 10 Gbit/s left over; negative where too few are there.

    Parameters
    ----------
    ports_available_10g, ports_needed_10g : array_like
        Ports [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> spare_ports_10g(4.0, 3.0)
    1.0
    """
    return ports_available_10g - ports_needed_10g
