"""What one host (or array) brings to a storage backend."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, BytePerSecond, IoPerSecond, Number, Part, Port


def device_capacity(drive_capacity: Byte, drive_share: Number = 1.0) -> Byte:
    """What the backend gets of one drive.

    Parameters
    ----------
    drive_capacity : array_like, shape (kinds, ...)
        Capacity of one drive [B].
    drive_share : array_like
        Part of each drive that the backend gets, where several share it [1].

    Returns
    -------
    array_like, shape (kinds, ...)
        Capacity [B].

    Examples
    --------
    >>> device_capacity(3e12, 0.5)
    1500000000000.0
    """
    return drive_capacity * drive_share


def store_raw_capacity(drive_count: Part, device_capacity: Byte) -> Byte:
    """Capacity of the drives that a host gives to the backend.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    device_capacity : array_like, shape (kinds, ...)
        What the backend gets of one drive [B].

    Returns
    -------
    array_like
        Raw capacity of the host [B].

    Examples
    --------
    >>> float(store_raw_capacity(np.array([2.0]), np.array([3e12])))
    6000000000000.0
    """
    return np.sum(drive_count * device_capacity, axis=0)


def working_fraction(drive_count: Part, spare_drives: Part = 0.0) -> Number:
    """Part of a host's drives that is not kept as hot spares.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    spare_drives : array_like
        Drives kept empty until another fails [part].

    Returns
    -------
    array_like
        Part of the drives [1].

    Examples
    --------
    >>> float(working_fraction(np.array([12.0]), 3.0))
    0.75
    """
    total = np.sum(drive_count, axis=0)
    return np.maximum(total - spare_drives, 0.0) / np.where(total > 0.0, total, 1.0)


def data_fraction(
    working_fraction: Number, raid_disks: Part = 1.0, raid_data_disks: Part = 1.0
) -> Number:
    """Part of a host's drives that holds data, after hot spares and RAID.

    Parameters
    ----------
    working_fraction : array_like
        Part of the drives that are no spares [1].
    raid_disks, raid_data_disks : array_like
        Disks of one set of the RAID, and those that suffice to read it: 8 and 6 for RAID 6 of
        eight, 2 and 1 for a mirror [part].

    Returns
    -------
    array_like
        Part of the raw capacity [1].

    References
    ----------
    D. A. Patterson, G. Gibson, R. H. Katz, "A Case for Redundant Arrays of Inexpensive Disks
    (RAID)", SIGMOD 1988.

    Examples
    --------
    >>> data_fraction(1.0, 8.0, 6.0)
    0.75
    """
    return working_fraction * raid_data_disks / raid_disks


def store_capacity(
    store_raw_capacity: Byte, data_fraction: Number = 1.0, store_reserve: Byte = 0.0
) -> Byte:
    """Capacity that the backend may fill in one host.

    Parameters
    ----------
    store_raw_capacity : array_like
        Capacity of the host's drives [B].
    data_fraction : array_like
        Part of it that holds data [1].
    store_reserve : array_like
        What the operating system and others keep on the same drives [B].

    Returns
    -------
    array_like
        Capacity, never below zero [B].

    Examples
    --------
    >>> float(store_capacity(240e9, 1.0, 20e9))
    220000000000.0
    """
    return np.maximum(store_raw_capacity * data_fraction - store_reserve, 0.0)


def store_read_rate(
    drive_count: Part, drive_read_rate: BytePerSecond, working_fraction: Number = 1.0
) -> BytePerSecond:
    """Sequential read rate of a host's drives together.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_read_rate : array_like, shape (kinds, ...)
        Sequential read rate of one drive [B/s].
    working_fraction : array_like
        Part of the drives that are no spares [1].

    Returns
    -------
    array_like
        Read rate [B/s]; an upper bound, since the controller may be slower.

    Examples
    --------
    >>> float(store_read_rate(np.array([2.0]), np.array([100e6])))
    200000000.0
    """
    return np.sum(drive_count * drive_read_rate, axis=0) * working_fraction


def store_write_rate(
    drive_count: Part, drive_write_rate: BytePerSecond, data_fraction: Number = 1.0
) -> BytePerSecond:
    """Sequential write rate of a host's drives together.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_write_rate : array_like, shape (kinds, ...)
        Sequential write rate of one drive [B/s].
    data_fraction : array_like
        Part of what is written that is data: the rest is RAID redundancy [1].

    Returns
    -------
    array_like
        Write rate [B/s]; an upper bound, since the controller may be slower.

    Examples
    --------
    >>> float(store_write_rate(np.array([2.0]), np.array([90e6])))
    180000000.0
    """
    return np.sum(drive_count * drive_write_rate, axis=0) * data_fraction


def link_rate(
    link_count: Port, link_speed: BytePerSecond, usable_links: Port = np.inf
) -> BytePerSecond:
    """Line rate of a host's bonded ports together, per direction.

    Parameters
    ----------
    link_count : array_like
        Ports in the bond [port].
    link_speed : array_like
        Line rate of one port [B/s].
    usable_links : array_like
        Ports that carry data at the same time: as many as iSCSI has paths, one where the others
        only stand by [port].

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
    return np.minimum(link_count, usable_links) * link_speed


def store_sata_rate(
    drive_count: Part, drive_link_rate: BytePerSecond, working_fraction: Number = 1.0
) -> BytePerSecond:
    """What the links between a host's drives and their controller carry together.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_link_rate : array_like, shape (kinds, ...)
        Payload of the link of one drive [B/s].
    working_fraction : array_like
        Part of the drives that are no spares [1].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(store_sata_rate(np.array([2.0]), np.array([600e6])))
    1200000000.0
    """
    return np.sum(drive_count * drive_link_rate, axis=0) * working_fraction


def store_read_iops(
    drive_count: Part, drive_read_iops: IoPerSecond, working_fraction: Number = 1.0
) -> IoPerSecond:
    """Random reads of a host's drives together.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_read_iops : array_like, shape (kinds, ...)
        Random reads of one drive [IOPS].
    working_fraction : array_like
        Part of the drives that are no spares [1].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> float(store_read_iops(np.array([2.0]), np.array([79.0])))
    158.0
    """
    return np.sum(drive_count * drive_read_iops, axis=0) * working_fraction


def store_write_iops(
    drive_count: Part, drive_write_iops: IoPerSecond, working_fraction: Number = 1.0
) -> IoPerSecond:
    """Random writes of a host's drives together, before any redundancy.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_write_iops : array_like, shape (kinds, ...)
        Random writes of one drive [IOPS].
    working_fraction : array_like
        Part of the drives that are no spares [1].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> float(store_write_iops(np.array([2.0]), np.array([79.0])))
    158.0
    """
    return np.sum(drive_count * drive_write_iops, axis=0) * working_fraction
