"""Journals on drives of their own, on the worst host, and what falls with one."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Number, Part


def journal_ratio(host_journal_ratio: Number) -> Number:
    """Rate of the journal drives over that of the drives that they serve, on the worst host.

    Parameters
    ----------
    host_journal_ratio : array_like, shape (hosts, ...)
        The ratio on each host [1].

    Returns
    -------
    array_like
        The least [1].

    Examples
    --------
    >>> float(journal_ratio(np.array([1.2, 0.6])))
    0.6
    """
    return np.min(host_journal_ratio, axis=0)


def drives_per_journal(host_drives_per_journal: Part) -> Part:
    """Drives that fail with one journal drive, on the worst host.

    Parameters
    ----------
    host_drives_per_journal : array_like, shape (hosts, ...)
        Their number on each host [part].

    Returns
    -------
    array_like
        The most [part].

    Examples
    --------
    >>> float(drives_per_journal(np.array([2.0, 4.0])))
    4.0
    """
    return np.max(host_drives_per_journal, axis=0)


def journal_size(host_journal_size: Byte) -> Byte:
    """Size that the journal of one drive needs, on the fastest host.

    Parameters
    ----------
    host_journal_size : array_like, shape (hosts, ...)
        Size on each host [B].

    Returns
    -------
    array_like
        The most [B].

    Examples
    --------
    >>> float(journal_size(np.array([1e9, 2e9])))
    2000000000.0
    """
    return np.max(host_journal_size, axis=0)


def data_per_journal(drives_per_journal: Part, device_capacity: Byte) -> Byte:
    """Raw capacity that fails with one journal drive.

    Parameters
    ----------
    drives_per_journal : array_like
        Drives that fail with it [part].
    device_capacity : array_like, shape (devices, ...)
        Capacity of each drive of the backend [B].

    Returns
    -------
    array_like
        Capacity, of the largest drives [B].

    Examples
    --------
    >>> float(data_per_journal(2.0, np.array([3e12, 3e12]))) / 1e12
    6.0
    """
    return drives_per_journal * np.max(device_capacity, axis=0)
