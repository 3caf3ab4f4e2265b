"""A node (or switch, or array) from its parts."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import (
    Byte,
    Core,
    Money,
    Node,
    Number,
    Part,
    Thread,
    VoltAmpere,
    Watt,
)


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


def node_nameplate_power(
    nameplate_count: Part,
    nameplate_power: Watt,
    node_peak_power: Watt,
    is_nameplate_estimate: Number = 0.0,
) -> Watt:
    """What of a node's peak rests on ratings, not on what was measured or estimated.

    Parameters
    ----------
    nameplate_count : array_like, shape (parts, ...)
        Parts whose power is that of a nameplate [part].
    nameplate_power : array_like, shape (parts, ...)
        Their power [W].
    node_peak_power : array_like
        Power of the node under full load [W].
    is_nameplate_estimate : array_like
        1 where all of it is estimated from the rating of a supply [1].

    Returns
    -------
    array_like
        Power [W].

    Examples
    --------
    >>> float(node_nameplate_power(np.array([2.0]), np.array([7.0]), 100.0))
    14.0
    """
    parts = np.sum(nameplate_count * nameplate_power, axis=0)
    return is_nameplate_estimate * node_peak_power + (1.0 - is_nameplate_estimate) * parts


def node_curve_deviation(
    node_idle_power: Watt,
    node_peak_power: Watt,
    load_shape_sd: Number,
    shape_score: Number,
    meter_error: Watt = 0.0,
    meter_score: Number = 0.0,
) -> Watt:
    """How far a node lies from the most likely curve, as its shape and its meter may be off.

    Parameters
    ----------
    node_idle_power, node_peak_power : array_like
        Power at rest and under full load [W].
    load_shape_sd : array_like, shape (11, ...)
        Standard deviation of the rise of power with load [1].
    shape_score : array_like
        Where the machine lies in the band of shapes, in standard deviations [1].
    meter_error : array_like, shape (11, ...)
        Standard deviation of the meter, which all its readings share [W].
    meter_score : array_like
        How far the meter is off, in standard deviations [1].

    Returns
    -------
    array_like, shape (11, ...)
        Power at each load level, beyond the most likely [W].

    Notes
    -----
    (P_peak - P_idle) z_shape s_k + z_meter e_k. Machines of one type and machines read by one
    meter share the scores: n of them are off together, and their band is n times that of one.
    Scores of different types are independent, so that their bands add in quadrature.

    Examples
    --------
    >>> sd = np.array([0.0, 0.08, 0.0])
    >>> node_curve_deviation(10.0, 30.0, sd, 1.0, np.array([1.0, 1.0, 1.5]), -1.0).round(1)
    array([-1. ,  0.6, -1.5])
    """
    shape = (node_peak_power - node_idle_power) * (shape_score * load_shape_sd)
    return shape + meter_score * meter_error


def node_load_curve(
    node_idle_power: Watt,
    node_peak_power: Watt,
    load_shape: Number,
    node_curve_deviation: Watt = 0.0,
) -> Watt:
    """Power of a node at 0, 10, .. 100 % load.

    Parameters
    ----------
    node_idle_power, node_peak_power : array_like
        Power at rest and under full load [W].
    load_shape : array_like, shape (11, ...)
        Rise of power with load, from 0 at rest to 1 under full load [1].
    node_curve_deviation : array_like, shape (11, ...)
        What the node draws beyond its most likely curve [W].

    Returns
    -------
    array_like, shape (11, ...)
        Power at each load level [W].

    Notes
    -----
    P_k = P_idle + (P_peak - P_idle) g_k + d_k, with the shape g of the readings, of the catalog, or
    of published servers.

    Examples
    --------
    >>> curve = node_load_curve(10.0, 30.0, np.linspace(0, 1, 11))
    >>> float(curve[5])
    20.0
    """
    return node_idle_power + (node_peak_power - node_idle_power) * load_shape + node_curve_deviation


def node_apparent_power(node_peak_power: Watt, node_power_factor: Number) -> VoltAmpere:
    """Apparent power of a node at its peak, which is what a circuit carries.

    Parameters
    ----------
    node_peak_power : array_like
        Power under full load [W].
    node_power_factor : array_like
        Power factor of its supply [1]; 0.6 to 1 for small bricks.

    Returns
    -------
    array_like
        Apparent power [VA].

    Examples
    --------
    >>> round(node_apparent_power(56.0, 0.61), 1)
    91.8
    """
    return node_peak_power / node_power_factor


def nodes_on_circuit(circuit_capacity: VoltAmpere, node_apparent_power: VoltAmpere) -> Node:
    """Nodes of this kind that one circuit carries at their peak, all at once.

    Parameters
    ----------
    circuit_capacity : array_like
        What the circuit may carry all the time [VA].
    node_apparent_power : array_like
        Peak of one node [VA].

    Returns
    -------
    array_like
        Whole nodes [node].

    Examples
    --------
    Nodes of 30 W with a power factor of 0.61 on 1840 VA:

    >>> float(nodes_on_circuit(1840.0, node_apparent_power(30.0, 0.61)))
    37.0
    """
    return np.floor(circuit_capacity / node_apparent_power)


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
