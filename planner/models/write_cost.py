"""What a write costs, and how many drives may fail, with RAID below copies or by themselves."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Number, Part
from planner.models.domains import failure_domains


def raw_used_rate(shares: Number, data_shares: Number) -> Number:
    """Raw bytes stored for a byte of user data, above any RAID.

    Parameters
    ----------
    shares, data_shares : array_like
        Shares of an object in all, and those that suffice to read it [1].

    Returns
    -------
    array_like
        Rate [1]: the copies, or (k + m) / k.

    Examples
    --------
    >>> float(raw_used_rate(6, 4))
    1.5
    """
    return np.asarray(shares, dtype=float) / data_shares


def write_factor(
    raw_used_rate: Number,
    journal_factor: Number = 1.0,
    raid_disks: Part = 1.0,
    raid_data_disks: Part = 1.0,
) -> Number:
    """Bytes written to drives for a byte of user data in large writes.

    Parameters
    ----------
    raw_used_rate : array_like
        Raw bytes stored for a byte of user data [1].
    journal_factor : array_like
        Writes for each byte stored: 2 with a journal on the same drive [1].
    raid_disks, raid_data_disks : array_like
        Disks of one set of the RAID below, and those that suffice to read it [part].

    Returns
    -------
    array_like
        Factor [1].

    Examples
    --------
    Three copies with a journal on the drive; two copies on RAID 6 of eight disks.

    >>> write_factor(3.0, 2.0), round(write_factor(2.0, 1.0, 8.0, 6.0), 2)
    (6.0, 2.67)
    """
    return raw_used_rate * journal_factor * raid_disks / raid_data_disks


def small_write_operations(
    shares: Number,
    data_shares: Number,
    raid_disks: Part = 1.0,
    raid_data_disks: Part = 1.0,
) -> Number:
    """Drive operations for one small random write.

    Parameters
    ----------
    shares, data_shares : array_like
        Shares of an object in all, and those that suffice to read it [1].
    raid_disks, raid_data_disks : array_like
        Disks of one set of the RAID below, and those that suffice to read it [part].

    Returns
    -------
    array_like
        Operations [1].

    Notes
    -----
    n writes, and for an erasure code k reads before them; each of them costs one operation a
    mirror, or with p parity disks p + 1 reads and p + 1 writes. Journals and caches not counted.

    References
    ----------
    D. A. Patterson, G. Gibson, R. H. Katz, SIGMOD 1988; read-modify-write of parity.

    Examples
    --------
    >>> [float(small_write_operations(*given)) for given in ((3, 1), (6, 4), (1, 1, 8, 6))]
    [3.0, 10.0, 6.0]
    """
    k = np.asarray(data_shares, dtype=float)
    parity = np.asarray(raid_disks, dtype=float) - raid_data_disks
    mirrored = np.asarray(raid_data_disks) == 1
    each = np.where(mirrored, raid_disks, np.where(parity == 0, 1.0, 2.0 * (parity + 1.0)))
    return (shares + np.where(k == 1, 0.0, k)) * each


def controller_losses_in_service(controllers: Part) -> Part:
    """Controllers of an array that may be lost while it serves.

    Parameters
    ----------
    controllers : array_like
        Controllers that each reach all drives [part].

    Returns
    -------
    array_like
        All but one [part].

    Notes
    -----
    At less speed, and usually without the write cache. The array stays one failure domain.

    Examples
    --------
    >>> float(controller_losses_in_service(2))
    1.0
    """
    return np.maximum(np.asarray(controllers, dtype=float) - 1.0, 0.0)


def drive_losses_data_safe(
    domain_capacity: Byte,
    shares: Number,
    data_shares: Number,
    raid_disks: Part = 1.0,
    raid_data_disks: Part = 1.0,
) -> Part:
    """Drives that may fail at once, whichever they are, without losing data.

    Parameters
    ----------
    domain_capacity : array_like, shape (domains, ...)
        Capacity of each failure domain [B].
    shares, data_shares : array_like
        Shares of an object in all, and those that suffice to read it [1].
    raid_disks, raid_data_disks : array_like
        Disks of one set of the RAID below, and those that suffice to read it [part].

    Returns
    -------
    array_like
        Number of drives [part]; 0 where the domains are fewer than the shares.

    Notes
    -----
    (n - k + 1)(p + 1) - 1: data is lost when n - k + 1 domains are, each by p + 1 of its drives.

    Examples
    --------
    Three copies; one RAID 6; two copies on RAID 6.

    >>> given = ((3, 1), (1, 1, 8, 6), (2, 1, 8, 6))
    >>> [float(drive_losses_data_safe(np.full(3, 6e12), *case)) for case in given]
    [2.0, 2.0, 5.0]
    """
    domains = failure_domains(domain_capacity)
    parity = np.asarray(raid_disks, dtype=float) - raid_data_disks
    borne = (np.asarray(shares, dtype=float) - data_shares + 1.0) * (parity + 1.0) - 1.0
    placed = np.where(domains >= shares, borne, 0.0)
    return np.where(np.isnan(domains + borne), np.nan, placed)
