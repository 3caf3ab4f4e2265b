"""What the links of one switch or stack could ask of its uplinks, and of the stack itself."""

from __future__ import annotations

import numpy as np

from planner.models.arguments import amount
from planner.models.dimensions import BytePerSecond, Node, Number, Port


def edge_rate(edge_links: Port, edge_link_speed: BytePerSecond) -> BytePerSecond:
    """Line rate of all links of hosts and arrays on a switch, in each direction.

    Parameters
    ----------
    edge_links : array_like, shape (groups, ...)
        Links of each group on the switch [port].
    edge_link_speed : array_like, shape (groups, ...)
        Speed of one of them [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(edge_rate(np.array([48.0]), np.array([125e6]))) / 1e6
    6000.0
    """
    return np.sum(amount(edge_links, "edge_links") * edge_link_speed, axis=0)


def uplink_rate(uplinks: Port, uplink_speed: BytePerSecond) -> BytePerSecond:
    """Line rate of all links from a switch to other switches, in each direction.

    Parameters
    ----------
    uplinks : array_like, shape (groups, ...)
        Links to each other group of switches [port].
    uplink_speed : array_like, shape (groups, ...)
        Speed of one of them [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(uplink_rate(np.array([4.0]), np.array([1250e6]))) / 1e6
    5000.0
    """
    return np.sum(amount(uplinks, "uplinks") * uplink_speed, axis=0)


def oversubscription(edge_rate: BytePerSecond, uplink_rate: BytePerSecond) -> Number:
    """What the links of a switch could send over what its uplinks carry.

    Parameters
    ----------
    edge_rate, uplink_rate : array_like
        Line rate of the links of hosts, and of the uplinks [B/s].

    Returns
    -------
    array_like
        Ratio [1]; 1.2 for 48 links of 1 Gbit/s over four of 10 Gbit/s.

    Examples
    --------
    >>> oversubscription(48 * 125e6, 4 * 1250e6), oversubscription(48 * 125e6, 2 * 1250e6)
    (1.2, 2.4)
    """
    return edge_rate / uplink_rate


def stack_crossing_rate(edge_rate: BytePerSecond, stack_units: Node) -> BytePerSecond:
    """Traffic expected over the middle of a stack when all of its links are busy.

    Parameters
    ----------
    edge_rate : array_like
        Line rate of all links of hosts [B/s].
    stack_units : array_like
        Units of the stack [node].

    Returns
    -------
    array_like
        Rate in each direction [B/s].

    Notes
    -----
    Each link sends to all units alike. Of the pairs of units, 2 a b/u^2 lie on different sides of
    a cut into a and b units; half of these send in each direction. With two units half of what all
    links send crosses, a quarter in each direction. Hashing that prefers a unit's own ports lets
    less cross.

    Examples
    --------
    >>> float(stack_crossing_rate(4000e6, 2.0)) / 1e6
    1000.0
    """
    smaller = np.floor(np.asarray(stack_units) / 2.0)
    larger = stack_units - smaller
    return edge_rate * smaller * larger / np.asarray(stack_units, dtype=float) ** 2


def stack_cut_rate(stack_cut_links: Port, stack_rate: BytePerSecond) -> BytePerSecond:
    """What the links of a stack carry over its middle, in each direction.

    Parameters
    ----------
    stack_cut_links : array_like
        Links that join the two halves: two in a ring, one in a chain [port].
    stack_rate : array_like
        Rate of one of them [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> stack_cut_rate(2.0, 1250e6) / 1e6
    2500.0
    """
    return stack_cut_links * stack_rate


def stack_load(stack_crossing_rate: BytePerSecond, stack_cut_rate: BytePerSecond) -> Number:
    """Traffic expected over the middle of a stack over what its links carry there.

    Parameters
    ----------
    stack_crossing_rate, stack_cut_rate : array_like
        Traffic expected when all links are busy, and what can cross [B/s].

    Returns
    -------
    array_like
        Ratio [1].

    Examples
    --------
    >>> stack_load(1000e6, 2500e6)
    0.4
    """
    return stack_crossing_rate / stack_cut_rate


def stack_link_losses_tolerated(stack_cut_links: Port) -> Port:
    """Links of a stack that may fail before it may fall apart.

    Parameters
    ----------
    stack_cut_links : array_like
        Links that join any two halves: two in a ring, one in a chain [port].

    Returns
    -------
    array_like
        Links [port].

    Examples
    --------
    >>> stack_link_losses_tolerated(2.0), stack_link_losses_tolerated(1.0)
    (1.0, 0.0)
    """
    return stack_cut_links - 1.0


def spare_stack_units(most_stack_units: Node, stack_units: Node) -> Node:
    """Units that could still join a stack; negative where it has too many.

    Parameters
    ----------
    most_stack_units : array_like
        Units that a stack of these switches may have [node].
    stack_units : array_like
        Units that it has [node].

    Returns
    -------
    array_like
        Units [node].

    Examples
    --------
    >>> spare_stack_units(8.0, 2.0)
    6.0
    """
    return most_stack_units - stack_units
