"""How long redundancy is reduced after a loss, and what limits the recovery."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.models.combinatorics import checked_shares, plain, require, whole
from planner.models.dimensions import Array, Byte, BytePerSecond, Hour, Number


def auto_mark_out_limit(disks: Number, min_in_ratio: Number = 0.75) -> Array:
    """Dead disks that Ceph marks out by itself, so that recovery starts without a hand.

    Parameters
    ----------
    disks : array_like
        Disks (OSDs) of the cluster [part].
    min_in_ratio : array_like
        Part of the disks that must be in when one more is marked out [1].

    Returns
    -------
    float or ndarray
        Greatest number of disks marked out automatically [part].

    Raises
    ------
    ValueError
        If the number of disks has a fraction or the ratio is not in 0 .. 1.

    Notes
    -----
    N - ceil(r N) + 1, at most N, because the ratio is tested before each disk is marked. The delay
    before it is 600 s by default, and a whole rack that is down is not marked at all.

    References
    ----------
    ceph/ceph src/mon/OSDMonitor.cc, can_mark_out; options mon_osd_min_in_ratio,
    mon_osd_down_out_interval, mon_osd_down_out_subtree_limit (Ceph 16.2.15).

    Examples
    --------
    >>> auto_mark_out_limit([6, 8, 12, 16]).tolist()
    [2.0, 3.0, 4.0, 5.0]
    """
    count, ratio = whole(disks, "disks"), np.asarray(min_in_ratio, dtype=float)
    require((ratio >= 0) & (ratio <= 1), ratio, "min_in_ratio", "between 0 and 1")
    needed = np.ceil(np.round(ratio * count, 9))
    return plain(np.minimum(count, count - needed + 1))


def lost_share_bytes(stored: Byte, hosts: Number, shares: Number, data_shares: Number) -> Array:
    """Data to re-create after one of equal hosts is lost.

    Parameters
    ----------
    stored : array_like
        User data in the pool [B].
    hosts : array_like
        Hosts before the loss [node].
    shares : array_like
        Shares of an object [1].
    data_shares : array_like
        Shares that suffice to read it [1].

    Returns
    -------
    float or ndarray
        Data that was on the lost host [B].

    Raises
    ------
    ValueError
        If the data is negative, there is no host, or 1 <= data_shares <= shares does not hold.

    Notes
    -----
    n U / (k H). For one disk of a host divide by the number of its disks.

    References
    ----------
    Balance of stored shares over equal hosts.

    Examples
    --------
    >>> lost_share_bytes(4e12, 4, 3, 1)
    3000000000000.0
    """
    data = np.asarray(stored, dtype=float)
    require(data >= 0, data, "stored", "0 B or more")
    n, k = checked_shares(shares, data_shares)
    return plain(n * data / (k * whole(hosts, "hosts", 1)))


class RecoveryTargets(NamedTuple):
    """Disks that can take the data of a lost disk or host [part]; 0 means no healing."""

    after_disk: Array
    after_host: Array


def recovery_targets(hosts: Number, disks_per_host: Number, shares: Number) -> RecoveryTargets:
    """Disks that can receive what a lost disk or a lost host held.

    Parameters
    ----------
    hosts : array_like
        Equal hosts before the loss [node].
    disks_per_host : array_like
        Disks in each host [part].
    shares : array_like
        Shares of an object, each on another host [1].

    Returns
    -------
    RecoveryTargets
        Number of disks [part].

    Raises
    ------
    ValueError
        If a count has a fraction or there is no host, disk or share.

    Notes
    -----
    With as many hosts as shares every object is on every host: a lost disk can only be re-created
    on its siblings, a lost host nowhere. With more hosts all other disks take part (after a disk
    the siblings still take more than the rest). With fewer hosts nothing heals. Ceph may keep
    two chunks of an erasure-coded object on one host then: readable, but no longer apart.

    References
    ----------
    Distinct-domain rule; counts of Ceph 16.2.15 maps with a disk or host marked out.

    Examples
    --------
    >>> recovery_targets([3, 4], 2, 3).after_disk.tolist()
    [1.0, 7.0]
    >>> recovery_targets([3, 4], 2, 3).after_host.tolist()
    [0.0, 6.0]
    """
    h, d = whole(hosts, "hosts", 1), whole(disks_per_host, "disks_per_host", 1)
    n = whole(shares, "shares", 1)
    unknown = np.isnan(h + d + n)
    after_disk = np.where(h > n, h * d - 1, np.where(h == n, d - 1, 0.0))
    after_host = np.where(h > n, (h - 1) * d, 0.0)
    return RecoveryTargets(
        plain(np.where(unknown, np.nan, after_disk)), plain(np.where(unknown, np.nan, after_host))
    )


def declustered_recovery_hours(
    lost_bytes: Byte, recovery_rate: BytePerSecond, peers: Number, mark_out_hours: Hour = 1 / 6
) -> Array:
    """Time until lost data is re-created when several peers work in parallel.

    Parameters
    ----------
    lost_bytes : array_like
        Data to re-create [B].
    recovery_rate : array_like
        Rate at which one peer recovers [B/s].
    peers : array_like
        Disks that really take part [part], see `recovery_targets`.
    mark_out_hours : array_like
        Delay before recovery starts [h]: 600 s by default in Ceph.

    Returns
    -------
    float or ndarray
        Time [h]; infinite if no peer can take part.

    Raises
    ------
    ValueError
        If an argument is negative.

    Notes
    -----
    Tr = mark-out + bytes / (rate * peers).

    References
    ----------
    ceph/ceph-tools, models/reliability at 610504289f7f.

    Examples
    --------
    >>> round(declustered_recovery_hours(2.25e12, 50e6, 1), 3)
    12.667
    """
    rate = _not_negative(recovery_rate, "recovery_rate") * _not_negative(peers, "peers")
    delay = _not_negative(mark_out_hours, "mark_out_hours")
    return plain(delay + _hours(_not_negative(lost_bytes, "lost_bytes"), rate))


class RecoveryTime(NamedTuple):
    """Lower bound of the recovery time [h], with what each resource alone would need [h]."""

    total: Array
    mark_out: Array
    disks: Array
    network_in: Array
    network_out: Array


def recovery_time_bound(
    lost_bytes: Byte,
    target_disks: Number,
    disk_rate: BytePerSecond,
    network_in: BytePerSecond,
    network_out: BytePerSecond,
    data_shares: Number = 1.0,
    journal_factor: Number = 1.0,
    disks_also_read: bool = True,
    network_efficiency: Number = 1.0,
    mark_out_hours: Hour = 1 / 6,
) -> RecoveryTime:
    """Shortest time in which disks and network can restore full redundancy.

    Parameters
    ----------
    lost_bytes : array_like
        Data to re-create [B].
    target_disks : array_like
        Disks that receive it [part], see `recovery_targets`.
    disk_rate : array_like
        Sequential rate of one disk, reads and writes together [B/s].
    network_in : array_like
        Sum of the links into the target hosts [B/s].
    network_out : array_like
        Sum of the links out of the source hosts [B/s].
    data_shares : array_like
        Shares that are read to re-create one [1]: 1 for copies, k for an erasure code.
    journal_factor : array_like
        Times that data is written on its disk [1]: 2 with a journal on the same disk.
    disks_also_read : bool
        Whether the disks that receive data are also the ones it is read from.
    network_efficiency : array_like
        Part of the line rate that recovery reaches [1]. The rules of thumb in the Ceph
        documentation (3 h for 1 TB at 1 Gbit/s, 20 min at 10 Gbit/s) mean 0.74 and 0.67.
    mark_out_hours : array_like
        Delay before recovery starts [h].

    Returns
    -------
    RecoveryTime
        Mark-out plus the slowest resource [h], and each of them; infinite if a resource is 0.

    Raises
    ------
    ValueError
        If an argument is negative.

    Notes
    -----
    Disks D (k + j) / (T b) if they read too, else D j / (T b); network k D / rate. A bound: the
    default throttles (osd_max_backfills 1, osd_recovery_sleep_hdd 0.1 s in Ceph 16.2.15) and
    client load make real recovery slower.

    References
    ----------
    ceph/ceph doc/install/hardware-recommendations.rst @17ae3e84df7b (rules of thumb).

    Examples
    --------
    1 TB over 1 Gbit/s at the documented efficiency:

    >>> time = recovery_time_bound(1e12, 8, 100e6, 125e6, 1e9, network_efficiency=0.74)
    >>> round(time.network_in, 2), round(time.total, 2)
    (3.0, 3.17)
    """
    data, k = _not_negative(lost_bytes, "lost_bytes"), whole(data_shares, "data_shares", 1)
    journal = _not_negative(journal_factor, "journal_factor")
    efficiency = _not_negative(network_efficiency, "network_efficiency")
    rate = _not_negative(disk_rate, "disk_rate") * _not_negative(target_disks, "target_disks")
    disks = _hours(data * (journal + (k if disks_also_read else 0.0)), rate)
    arriving = _hours(data * k, _not_negative(network_in, "network_in") * efficiency)
    leaving = _hours(data * k, _not_negative(network_out, "network_out") * efficiency)
    delay = _not_negative(mark_out_hours, "mark_out_hours")
    total = delay + np.maximum(disks, np.maximum(arriving, leaving))
    return RecoveryTime(*(plain(part) for part in (total, delay, disks, arriving, leaving)))


def _not_negative(values: Array, name: str) -> Any:
    """The argument as an array, after checking that nothing is negative."""
    given = np.asarray(values, dtype=float)
    require(given >= 0, given, name, "0 or more")
    return given


def _hours(data: Any, rate: Any) -> Any:
    """Time to move data; 0 for none, infinite at rate 0."""
    usable = np.where(rate > 0, rate, 1.0)
    hours = np.where(rate > 0, data / usable / 3600.0, np.where(data > 0, np.inf, 0.0))
    return np.where(np.isnan(data + rate), np.nan, hours)
