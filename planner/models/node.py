"""A node (or switch, or array) from its parts."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Core, Money, Number, Part, Thread, Watt


def node_price(part_count: Part, part_price: Money) -> Money:
    """Price of one node: the sum over its parts.

    Parameters
    ----------
    part_count : array_like, shape (parts, ...)
        How many of each part the node has [part].
    part_price : array_like, shape (parts, ...)
        Price of one part [money].

    Returns
    -------
    array_like
        Price of the node [money]; unknown (NaN) where the price of any part is.

    Examples
    --------
    >>> float(node_price(np.array([1, 2]), np.array([140.0, 65.0])))
    270.0
    """
    return np.sum(part_count * part_price, axis=0)


def node_idle_power(
    base_idle_power: Watt, extra_part_count: Part, extra_part_idle_power: Watt
) -> Watt:
    """Power of a node that does nothing: a reading or data sheet, and the parts it leaves out.

    Parameters
    ----------
    base_idle_power : array_like
        Power of the machine at rest, as read or stated [W].
    extra_part_count : array_like, shape (parts, ...)
        Parts of the node that were not in the machine then [part].
    extra_part_idle_power : array_like, shape (parts, ...)
        Power of one such part at rest [W].

    Returns
    -------
    array_like
        Power at rest [W].

    Notes
    -----
    P = P_base + sum(n_i P_i). Valid while the supply's losses change little between the two
    loads, since the parts' figures are taken at the supply's output.

    Examples
    --------
    >>> float(node_idle_power(10.0, np.array([2.0]), np.array([4.2])))
    18.4
    """
    return base_idle_power + np.sum(extra_part_count * extra_part_idle_power, axis=0)


def node_peak_power(
    base_peak_power: Watt, extra_part_count: Part, extra_part_peak_power: Watt
) -> Watt:
    """Power of a node under full load: a reading or data sheet, and the parts it leaves out.

    Parameters
    ----------
    base_peak_power : array_like
        Power of the machine under full load, as read or stated [W].
    extra_part_count : array_like, shape (parts, ...)
        Parts of the node that were not in the machine then [part].
    extra_part_peak_power : array_like, shape (parts, ...)
        Power of one such part under load [W].

    Returns
    -------
    array_like
        Power under full load [W].

    Notes
    -----
    P = P_base + sum(n_i P_i), as for `node_idle_power`.

    Examples
    --------
    >>> float(node_peak_power(30.0, np.array([2.0]), np.array([5.4])))
    40.8
    """
    return base_peak_power + np.sum(extra_part_count * extra_part_peak_power, axis=0)


def node_load_curve(node_idle_power: Watt, node_peak_power: Watt, load_shape: Number) -> Watt:
    """Power of a node at 0, 10, .. 100 % load.

    Parameters
    ----------
    node_idle_power, node_peak_power : array_like
        Power at rest and under full load [W].
    load_shape : array_like, shape (11, ...)
        Rise of power with load, from 0 at rest to 1 under full load [1].

    Returns
    -------
    array_like, shape (11, ...)
        Power at each load level [W].

    Notes
    -----
    P_k = P_idle + (P_peak - P_idle) g_k.

    Examples
    --------
    >>> curve = node_load_curve(10.0, 30.0, np.linspace(0, 1, 11))
    >>> float(curve[5])
    20.0
    """
    return node_idle_power + (node_peak_power - node_idle_power) * load_shape


def node_memory(module_count: Part, module_capacity: Byte) -> Byte:
    """Memory of one node: the sum over its modules.

    Parameters
    ----------
    module_count : array_like, shape (kinds, ...)
        Modules of each kind [part].
    module_capacity : array_like, shape (kinds, ...)
        Capacity of one module [B].

    Returns
    -------
    array_like
        Memory [B].

    Examples
    --------
    >>> float(node_memory(np.array([2.0]), np.array([8.0])))
    16.0
    """
    return np.sum(module_count * module_capacity, axis=0)


def node_cores(cpu_count: Part, cpu_cores: Core) -> Core:
    """Physical cores of one node.

    Parameters
    ----------
    cpu_count : array_like
        Processors [part].
    cpu_cores : array_like
        Cores of one processor [core].

    Returns
    -------
    array_like
        Cores [core].

    Examples
    --------
    >>> node_cores(2, 8)
    16
    """
    return cpu_count * cpu_cores


def node_threads(cpu_count: Part, cpu_threads: Thread) -> Thread:
    """Hardware threads of one node; two threads of a core do less than two cores.

    Parameters
    ----------
    cpu_count : array_like
        Processors [part].
    cpu_threads : array_like
        Threads of one processor [thread].

    Returns
    -------
    array_like
        Threads [thread].

    Examples
    --------
    >>> node_threads(1, 4)
    4
    """
    return cpu_count * cpu_threads


def node_disk(node_drive_count: Part, node_drive_capacity: Byte) -> Byte:
    """Capacity of all drives of one node, whatever they are used for.

    Parameters
    ----------
    node_drive_count : array_like, shape (kinds, ...)
        Drives of each kind [part].
    node_drive_capacity : array_like, shape (kinds, ...)
        Capacity of one drive [B].

    Returns
    -------
    array_like
        Capacity [B].

    Examples
    --------
    >>> float(node_disk(np.array([1.0, 2.0]), np.array([60e9, 3e12])))
    6060000000000.0
    """
    return np.sum(node_drive_count * node_drive_capacity, axis=0)
