"""Whether the drives of a machine find their places: bays, M.2 sockets and SATA ports.

A spare amount below zero tells that the machine cannot be built so.
"""

from __future__ import annotations

import numpy as np

from planner.models.arguments import amount
from planner.models.dimensions import Part, Port


def drive_bays_needed(bay_drive_count: Part) -> Part:
    """Bays that the drives of one machine take.

    Parameters
    ----------
    bay_drive_count : array_like, shape (parts, ...)
        How many of each drive, of those that go into a bay [part].

    Returns
    -------
    array_like
        Bays [part].

    Examples
    --------
    >>> float(drive_bays_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(bay_drive_count, "bay_drive_count"), axis=0)


def spare_drive_bays(drive_bays: Part, drive_bays_needed: Part) -> Part:
    """Drive bays left; negative where they do not suffice.

    Parameters
    ----------
    drive_bays : array_like
        Bays of the case or machine [part].
    drive_bays_needed : array_like
        Bays that drives take [part].

    Returns
    -------
    array_like
        What is left [part].

    Examples
    --------
    >>> spare_drive_bays(4.0, 24.0)
    -20.0
    """
    return drive_bays - drive_bays_needed


def large_drive_bays_needed(large_drive_count: Part) -> Part:
    """Bays of 3.5 inch that the drives of one machine take.

    Parameters
    ----------
    large_drive_count : array_like, shape (parts, ...)
        How many of each drive of 3.5 inch [part].

    Returns
    -------
    array_like
        Bays [part].

    Examples
    --------
    >>> float(large_drive_bays_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(large_drive_count, "large_drive_count"), axis=0)


def large_drive_bays(drive_bays: Part, small_drive_bays: Part) -> Part:
    """Bays that take a drive of 3.5 inch.

    Parameters
    ----------
    drive_bays : array_like
        All bays [part].
    small_drive_bays : array_like
        Bays that take drives of 2.5 inch only [part].

    Returns
    -------
    array_like
        Bays [part].

    Examples
    --------
    >>> large_drive_bays(8.0, 2.0)
    6.0
    """
    return drive_bays - small_drive_bays


def spare_large_drive_bays(large_drive_bays: Part, large_drive_bays_needed: Part) -> Part:
    """Bays of 3.5 inch left; negative where they do not suffice.

    Parameters
    ----------
    large_drive_bays : array_like
        Bays that take a drive of 3.5 inch [part].
    large_drive_bays_needed : array_like
        Bays that such drives take [part].

    Returns
    -------
    array_like
        What is left [part].

    Examples
    --------
    >>> spare_large_drive_bays(4.0, 24.0)
    -20.0
    """
    return large_drive_bays - large_drive_bays_needed


def m2_slots_needed(m2_drive_count: Part) -> Part:
    """M.2 sockets that the drives of one machine take.

    Parameters
    ----------
    m2_drive_count : array_like, shape (parts, ...)
        How many of each drive, of those that go into an M.2 socket [part].

    Returns
    -------
    array_like
        Sockets [part].

    Examples
    --------
    >>> float(m2_slots_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(m2_drive_count, "m2_drive_count"), axis=0)


def spare_m2_slots(m2_slots: Part, m2_slots_needed: Part) -> Part:
    """M.2 sockets left; negative where they do not suffice.

    Parameters
    ----------
    m2_slots : array_like
        M.2 sockets of the board or machine [part].
    m2_slots_needed : array_like
        M.2 sockets that drives take [part].

    Returns
    -------
    array_like
        What is left [part].

    Examples
    --------
    >>> spare_m2_slots(4.0, 24.0)
    -20.0
    """
    return m2_slots - m2_slots_needed


def sata_ports_needed(sata_drive_count: Part) -> Port:
    """SATA ports that the drives of one machine take.

    Parameters
    ----------
    sata_drive_count : array_like, shape (parts, ...)
        How many of each SATA drive [part].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(sata_ports_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(sata_drive_count, "sata_drive_count"), axis=0)


def sata_ports(board_sata_6g: Port, board_sata_3g: Port) -> Port:
    """SATA ports of a board, of either speed.

    Parameters
    ----------
    board_sata_6g, board_sata_3g : array_like
        Ports of 6 and of 3 Gbit/s [port].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> sata_ports(2.0, 3.0)
    5.0
    """
    return board_sata_6g + board_sata_3g


def spare_sata_ports(sata_ports: Port, sata_ports_needed: Port) -> Port:
    """SATA ports left; negative where they do not suffice.

    Parameters
    ----------
    sata_ports : array_like
        SATA ports of the board [port].
    sata_ports_needed : array_like
        SATA ports that drives take [port].

    Returns
    -------
    array_like
        What is left [port].

    Examples
    --------
    >>> spare_sata_ports(4.0, 24.0)
    -20.0
    """
    return sata_ports - sata_ports_needed


def fast_sata_ports_needed(fast_sata_drive_count: Part) -> Port:
    """SATA ports of 6 Gbit/s that the drives of one machine can make use of.

    Parameters
    ----------
    fast_sata_drive_count : array_like, shape (parts, ...)
        How many of each SATA drive that reads faster than a port of 3 Gbit/s carries [part].

    Returns
    -------
    array_like
        Ports [port].

    Examples
    --------
    >>> float(fast_sata_ports_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(fast_sata_drive_count, "fast_sata_drive_count"), axis=0)


def spare_fast_sata_ports(board_sata_6g: Port, fast_sata_ports_needed: Port) -> Port:
    """SATA ports of 6 Gbit/s left for other drives; negative where they do not suffice.

    Parameters
    ----------
    board_sata_6g : array_like
        Ports of 6 Gbit/s [port].
    fast_sata_ports_needed : array_like
        Ports that fast drives can make use of [port].

    Returns
    -------
    array_like
        What is left [port].

    Examples
    --------
    >>> spare_fast_sata_ports(4.0, 24.0)
    -20.0
    """
    return board_sata_6g - fast_sata_ports_needed
