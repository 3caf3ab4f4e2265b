"""Journals of one host on drives of their own: what they take, and how large they must be."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, BytePerSecond, IoPerSecond, Number, Part, Second


def store_journal_rate(journal_count: Part, journal_write_rate: BytePerSecond) -> BytePerSecond:
    """Write rate of a host's journal drives together.

    Parameters
    ----------
    journal_count : array_like
        Journal drives of a host [part].
    journal_write_rate : array_like
        Sequential write rate of one [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> store_journal_rate(2.0, 475e6)
    950000000.0
    """
    return journal_count * journal_write_rate


def store_journal_iops(journal_count: Part, journal_write_iops: IoPerSecond) -> IoPerSecond:
    """Writes of a host's journal drives together.

    Parameters
    ----------
    journal_count : array_like
        Journal drives of a host [part].
    journal_write_iops : array_like
        Writes of one [IOPS].

    Returns
    -------
    array_like
        Operations [IOPS].

    Examples
    --------
    >>> store_journal_iops(2.0, 23e3)
    46000.0
    """
    return journal_count * journal_write_iops


def store_journal_ratio(
    store_journal_rate: BytePerSecond, drive_count: Part, drive_write_rate: BytePerSecond
) -> Number:
    """Rate of a host's journal drives over that of the drives that they serve.

    Parameters
    ----------
    store_journal_rate : array_like
        Write rate of the journal drives [B/s].
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    drive_write_rate : array_like, shape (kinds, ...)
        Sequential write rate of one drive [B/s].

    Returns
    -------
    array_like
        Ratio [1]; below 1 the journal slows the drives down.

    References
    ----------
    Ceph hardware recommendations, text of 2013: the journal's rate against that of its drives.

    Examples
    --------
    >>> float(store_journal_ratio(475e6, np.array([4.0]), np.array([100e6])))
    1.1875
    """
    return store_journal_rate / np.sum(drive_count * drive_write_rate, axis=0)


def store_drives_per_journal(drive_count: Part, journal_count: Part) -> Part:
    """Drives that fail with one journal drive.

    Parameters
    ----------
    drive_count : array_like, shape (kinds, ...)
        Drives of each kind in one host [part].
    journal_count : array_like
        Journal drives of a host [part].

    Returns
    -------
    array_like
        Drives behind the fullest one [part].

    References
    ----------
    F. Haas, "Solid-state drives and Ceph OSD journals", 2013.

    Examples
    --------
    >>> float(store_drives_per_journal(np.array([5.0]), 2.0))
    3.0
    """
    return np.ceil(np.sum(drive_count, axis=0) / journal_count)


def store_journal_size(
    drive_write_rate: BytePerSecond, journal_interval: Second, link_rate: BytePerSecond = np.inf
) -> Byte:
    """Size that the journal of one drive needs.

    Parameters
    ----------
    drive_write_rate : array_like, shape (kinds, ...)
        Sequential write rate of one drive [B/s].
    journal_interval : array_like
        Longest time between two times that it is written back [s].
    link_rate : array_like
        Line rate of the host's ports together [B/s].

    Returns
    -------
    array_like
        Size [B].

    Notes
    -----
    2 min(disk, net) t.

    References
    ----------
    Ceph OSD configuration reference, text of the FileStore time.

    Examples
    --------
    >>> float(store_journal_size(np.array([100e6]), 5.0, 250e6)) / 1e9
    1.0
    """
    return 2.0 * np.minimum(np.max(drive_write_rate, axis=0), link_rate) * journal_interval
