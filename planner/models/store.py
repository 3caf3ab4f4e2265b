"""What one host (or array) brings to a storage backend."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, BytePerSecond, Part, Port


def store_raw_capacity(drive_count: Part, drive_capacity: Byte) -> Byte:
    """Capacity of the drives that a host gives to the backend.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_capacity : array_like, shape (kinds, ...)
        Capacity of one drive [B].

    Returns
    -------
    array_like
        Raw capacity of the host [B].

    Examples
    --------
    >>> float(store_raw_capacity(np.array([2.0]), np.array([3e12])))
    6000000000000.0
    """
    return np.sum(drive_count * drive_capacity, axis=0)


def store_capacity(store_raw_capacity: Byte, store_reserve: Byte = 0.0) -> Byte:
    """Capacity that the backend may fill in one host.

    Parameters
    ----------
    store_raw_capacity : array_like
        Capacity of the host's drives [B].
    store_reserve : array_like
        What the operating system and others keep on the same drives [B].

    Returns
    -------
    array_like
        Capacity, never below zero [B].

    Examples
    --------
    >>> float(store_capacity(240e9, 20e9))
    220000000000.0
    """
    return np.maximum(store_raw_capacity - store_reserve, 0.0)


def store_read_rate(drive_count: Part, drive_read_rate: BytePerSecond) -> BytePerSecond:
    """Sequential read rate of a host's drives together.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_read_rate : array_like, shape (kinds, ...)
        Sequential read rate of one drive [B/s].

    Returns
    -------
    array_like
        Read rate [B/s]; an upper bound, since the controller may be slower.

    Examples
    --------
    >>> float(store_read_rate(np.array([2.0]), np.array([100e6])))
    200000000.0
    """
    return np.sum(drive_count * drive_read_rate, axis=0)


def store_write_rate(drive_count: Part, drive_write_rate: BytePerSecond) -> BytePerSecond:
    """Sequential write rate of a host's drives together.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_write_rate : array_like, shape (kinds, ...)
        Sequential write rate of one drive [B/s].

    Returns
    -------
    array_like
        Write rate [B/s]; an upper bound, since the controller may be slower.

    Examples
    --------
    >>> float(store_write_rate(np.array([2.0]), np.array([90e6])))
    180000000.0
    """
    return np.sum(drive_count * drive_write_rate, axis=0)


def link_rate(link_count: Port, link_speed: BytePerSecond) -> BytePerSecond:
    """Line rate of a host's bonded ports together, per direction.

    Parameters
    ----------
    link_count : array_like
        Ports in the bond [port].
    link_speed : array_like
        Line rate of one port [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Notes
    -----
    Reached by many flows only: one flow never exceeds one port.

    Examples
    --------
    >>> float(link_rate(2, 125e6))
    250000000.0
    """
    return link_count * link_speed
