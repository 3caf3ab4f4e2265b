"""Durability as two published calculators reckon it: ceph-tools and Backblaze."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.models.combinatorics import checked_shares, choose, plain, require, whole
from planner.models.dimensions import Array, Byte, BytePerSecond, Hour, Number, PerYear

_HOURS_PER_YEAR = 8766.0
_DAYS_PER_YEAR = 365.0


class CephToolsLoss(NamedTuple):
    """Result of the ceph-tools models: recovery time [h] and probabilities of loss [1]."""

    recovery_hours: Array
    drive_loss: Array
    read_error_loss: Array
    object_loss: Array


def ceph_tools_pool(
    copies: Number,
    failure_rate: PerYear,
    disk_capacity: Byte,
    fullness: Number = 0.75,
    recovery_rate: BytePerSecond = 50e6,
    peers: Number = 200.0,
    mark_out_hours: Hour = 1 / 6,
    bit_error_rate: Number = 0.0,
    object_size: Byte = 0.0,
    stripe: Number = 1.0,
    period_hours: Hour = 8766.0,
) -> CephToolsLoss:
    """Loss in a replicated, declustered pool as the ceph-tools reliability model reckons it.

    Parameters
    ----------
    copies : array_like
        Copies of an object [1].
    failure_rate : array_like
        Failure rate of one disk [1/yr].
    disk_capacity : array_like
        Capacity of one disk [B].
    fullness : array_like
        Used part of the disk [1].
    recovery_rate : array_like
        Rate at which one peer recovers [B/s].
    peers : array_like
        Disks that take part in recovering one disk [1]. The tool's default of 200 suits a large
        cluster only; on few disks pass what can really take part.
    mark_out_hours : array_like
        Delay before recovery starts [h].
    bit_error_rate : array_like
        Unrecoverable read errors per bit read [1]; 0 ignores them.
    object_size : array_like
        Size of one object [B]: what one read error destroys.
    stripe : array_like
        Disks over which an object is striped [1].
    period_hours : array_like
        Length of the period [h].

    Returns
    -------
    CephToolsLoss
        Recovery time [h], probability of losing data to disk failures [1] and to a read error [1],
        and the probability that a given object is lost [1].

    Raises
    ------
    ValueError
        If a rate, size or time is negative, the recovery rate or the number of peers is 0, or
        `copies` is below 1.

    Notes
    -----
    With L failures per hour, T the period and Tr = mark-out + capacity * fullness / (rate * peers):
    P = (1 - exp(-L c s T)) * product over j = c-1 .. 1 of (1 - exp(-L j peers Tr)), of which half a
    placement group, 1 / (2 peers), is lost. Read errors use x exp(-x), the probability of exactly
    one, which falls again above x = 1; `read_error_probability` gives at least one.
    A single copy cannot be recovered, so it has no read errors while recovering.

    References
    ----------
    ceph/ceph-tools, models/reliability at 610504289f7f (RADOS model).

    Examples
    --------
    >>> loss = ceph_tools_pool(3, 0.03, 3e12, peers=4)
    >>> print(f"{loss.recovery_hours:.3f} h {loss.drive_loss:.4e}")
    3.292 h 3.4949e-10
    """
    count = whole(copies, "copies", 1)
    data = _not_negative(disk_capacity, "disk_capacity") * _not_negative(fullness, "fullness")
    per_hour = _not_negative(failure_rate, "failure_rate") / _HOURS_PER_YEAR
    group = _above_zero(peers, "peers")
    rate = _above_zero(recovery_rate, "recovery_rate")
    recovery = _not_negative(mark_out_hours, "mark_out_hours") + data / (rate * group * 3600.0)
    period = _not_negative(period_hours, "period_hours")
    first = -np.expm1(-per_hour * count * _not_negative(stripe, "stripe") * period)
    step = per_hour * group * recovery
    drive = first * _sequence(step, count - 1, 1.0)
    errors = 8.0 * _not_negative(bit_error_rate, "bit_error_rate") * 2.0 * data
    exposed = np.where(count > 1, first * _sequence(step, count - 1, 2.0), 0.0)
    read_error = exposed * errors * np.exp(-errors)
    fraction = np.where(count > 1, 0.5 / group, 1.0)
    object_fraction = _not_negative(object_size, "object_size") / np.where(data > 0, data, 1.0)
    lost = drive * fraction + read_error * np.minimum(object_fraction, 0.5 / group)
    return CephToolsLoss(plain(recovery), plain(drive), plain(read_error), plain(lost))


def ceph_tools_raid(
    shares: Number,
    data_shares: Number,
    failure_rate: PerYear,
    disk_capacity: Byte,
    rebuild_rate: BytePerSecond,
    replace_hours: Hour = 6.0,
    bit_error_rate: Number = 0.0,
    period_hours: Hour = 8766.0,
) -> CephToolsLoss:
    """Loss of a RAID set as the ceph-tools reliability model reckons it.

    Parameters
    ----------
    shares : array_like
        Disks in the set, without spares [1].
    data_shares : array_like
        Disks that suffice to read the data [1]: all but one for RAID 5, 1 for a mirror.
    failure_rate : array_like
        Failure rate of one disk [1/yr].
    disk_capacity : array_like
        Capacity of one disk [B].
    rebuild_rate : array_like
        Rate at which a disk is rebuilt [B/s].
    replace_hours : array_like
        Time until the rebuild starts [h]; about 0 with a hot spare.
    bit_error_rate : array_like
        Unrecoverable read errors per bit read [1]; 0 ignores them.
    period_hours : array_like
        Length of the period [h].

    Returns
    -------
    CephToolsLoss
        Rebuild time [h], probability of losing the set to disk failures [1] and to a read error
        [1], and their sum [1].

    Raises
    ------
    ValueError
        If a rate, size or time is negative, the rebuild rate is 0, or
        1 <= data_shares <= shares does not hold.

    Notes
    -----
    P = (1 - exp(-L N T)) * product over j = N-1 .. k of (1 - exp(-L j Tr)), Tr = replacement +
    capacity / rate. Read errors: the same product down to j = k+1, times x exp(-x) with
    x = 8 e capacity (k + 1); a set without redundancy has no rebuild and none of them.

    References
    ----------
    ceph/ceph-tools, models/reliability at 610504289f7f (RAID model).

    Examples
    --------
    RAID 6 of eight disks:

    >>> loss = ceph_tools_raid(8, 6, 0.03, 3e12, 20e6, bit_error_rate=1e-14)
    >>> print(f"{loss.drive_loss:.4e} {loss.read_error_loss:.4e}")
    2.3823e-07 7.6246e-05
    """
    n, k = checked_shares(shares, data_shares)
    capacity = _not_negative(disk_capacity, "disk_capacity")
    per_hour = _not_negative(failure_rate, "failure_rate") / _HOURS_PER_YEAR
    seconds = capacity / _above_zero(rebuild_rate, "rebuild_rate")
    rebuild = _not_negative(replace_hours, "replace_hours") + seconds / 3600.0
    first = -np.expm1(-per_hour * n * _not_negative(period_hours, "period_hours"))
    drive = first * _sequence(per_hour * rebuild, n - 1, k)
    errors = 8.0 * _not_negative(bit_error_rate, "bit_error_rate") * capacity * (k + 1)
    exposed = np.where(n > k, first * _sequence(per_hour * rebuild, n - 1, k + 1), 0.0)
    read_error = exposed * errors * np.exp(-errors)
    return CephToolsLoss(plain(rebuild), plain(drive), plain(read_error), plain(drive + read_error))


class BackblazeLoss(NamedTuple):
    """Probability of loss [1] within one repair window and within a year."""

    per_window: Array
    annual: Array


def backblaze_loss(
    shares: Number, data_shares: Number, failure_rate: PerYear, repair_hours: Hour
) -> BackblazeLoss:
    """Loss of an erasure-coded object as the Backblaze durability calculator reckons it.

    Parameters
    ----------
    shares : array_like
        Shards of an object, or copies [1].
    data_shares : array_like
        Shards that suffice to read it [1].
    failure_rate : array_like
        Failure rate of one drive [1/yr].
    repair_hours : array_like
        Length of the window in which failed drives are replaced [h].

    Returns
    -------
    BackblazeLoss
        Probability of loss within one window and within a year [1].

    Raises
    ------
    ValueError
        If 1 <= data_shares <= shares does not hold, the rate is negative or the window not
        positive.

    Notes
    -----
    q = 1 - exp(-a t / 365 days), p = sum over x > n - k of C(n, x) q^x (1 - q)^(n - x),
    annual = 1 - (1 - p)^(365 / t). Windows do not overlap, so for three copies it is about a sixth
    of the serial Markov figure.

    References
    ----------
    Backblaze/erasure-coding-durability at 37f758d64240, durability.py.

    Examples
    --------
    >>> print(f"{backblaze_loss(20, 17, 0.00405, 6.5 * 24).annual:.3e}")
    7.354e-12
    """
    n, k = checked_shares(shares, data_shares)
    window = np.asarray(repair_hours, dtype=float) / 24.0 / _DAYS_PER_YEAR
    require(window > 0, repair_hours, "repair_hours", "above 0 h")
    exposure = _not_negative(failure_rate, "failure_rate") * window
    failed, alive = -np.expm1(-exposure), np.exp(-exposure)
    known = ~np.isnan(n + k + exposure)
    lost = np.zeros(known.shape)
    for x in range(1, int(np.max(np.where(np.isnan(n), 0.0, n), initial=0.0)) + 1):
        ways = choose(n, np.full(n.shape, float(x)))
        term = ways * failed**x * alive ** np.maximum(n - x, 0.0)
        lost = lost + np.where((x > n - k) & (x <= n), term, 0.0)
    lost = np.minimum(lost, 1.0)
    with np.errstate(divide="ignore"):
        annual = -np.expm1(np.log1p(-lost) / window)
    return BackblazeLoss(
        plain(np.where(known, lost, np.nan)), plain(np.where(known, annual, np.nan))
    )


def _not_negative(values: Array, name: str) -> Any:
    """The argument as an array, after checking that nothing is negative."""
    given = np.asarray(values, dtype=float)
    require(given >= 0, given, name, "0 or more")
    return given


def _above_zero(values: Array, name: str) -> Any:
    """The argument as an array, after checking that everything is positive."""
    given = np.asarray(values, dtype=float)
    require(given > 0, given, name, "above 0")
    return given


def _sequence(step: Any, most: Any, fewest: Any) -> Any:
    """Product of 1 - exp(-j step) over j = most down to fewest; 1 if there is none."""
    step, most, fewest = np.broadcast_arrays(step, most, fewest)
    product = np.where(np.isnan(step + most + fewest), np.nan, 1.0)
    known = ~np.isnan(product)
    least = int(np.min(np.where(known, fewest, np.inf), initial=1e9))
    for j in range(least, int(np.max(np.where(known, most, 0.0), initial=0.0)) + 1):
        factor = -np.expm1(-j * step)
        product = np.where((fewest <= j) & (j <= most), product * factor, product)
    return product
