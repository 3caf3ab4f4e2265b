"""Usable capacity of storage that keeps every share of an object in another failure domain.

A *share* is one copy of a replicated object or one chunk of an erasure-coded one; an object is cut
into ``data_shares`` parts and stored as ``shares`` of them (three copies: 3 and 1; 4+2: 6 and 4).
The *domain* is whatever the placement rule names: device, host, rack. Its axis comes first, every
further axis (samples, candidate designs) is carried along. Two answers are given side by side: the
exact law, which a perfect balancer reaches, and the limit that CRUSH reaches by itself.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.models.combinatorics import checked_shares, plain, require, whole
from planner.models.dimensions import Array, Byte, Number
from planner.models.placement import as_columns, fullest_domain_load
from planner.models.pools import expected_usable_capacity

__all__ = [
    "capacity_after_losses",
    "expected_usable_capacity",
    "full_limit_capacity",
    "nearfull_capacity",
    "raw_capacity",
    "self_heal_capacity",
    "stranded_capacity",
    "unbalanced_self_heal_capacity",
    "unbalanced_usable_capacity",
    "usable_capacity",
]

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


def raw_capacity(device_capacity: Byte) -> Byte:
    """Sum of the capacities of all devices.

    Parameters
    ----------
    device_capacity : array_like, shape (devices, ...)
        Capacity of each device [B].

    Returns
    -------
    float or ndarray, shape (...)
        Raw capacity [B].

    Raises
    ------
    ValueError
        If a capacity is negative.

    Examples
    --------
    >>> raw_capacity([3e12] * 6)
    18000000000000.0
    """
    return plain(_capacities(device_capacity, "device_capacity").sum(axis=0))


def usable_capacity(domain_capacity: Byte, shares: Number, data_shares: Number = 1) -> Byte:
    """User data that fits when the shares of an object lie in distinct failure domains.

    Parameters
    ----------
    domain_capacity : array_like, shape (domains, ...)
        Capacity of each failure domain [B]. A domain of zero capacity is no domain.
    shares : int or array_like, shape (...)
        Shares stored of an object, each in another domain [1].
    data_shares : int or array_like, shape (...)
        Shares that are enough to read the object [1]. 1 for copies.

    Returns
    -------
    float or ndarray, shape (...)
        User data when the disks are 100 % full [B]; 0 with fewer domains than shares.

    Raises
    ------
    ValueError
        If a capacity is negative, or the shares are not ``1 <= data_shares <= shares``.

    Notes
    -----
    usable = k V, where no domain holds more than one share of an object:

        V = max{ V : sum_i min(w_i, V) >= n V } = min over j < n of R_j / (n - j)

    with R_j the sum of all but the j largest. An upper bound for every placement, reached by a
    perfect balancer. The customary total k / n holds only while no domain exceeds total / n.

    References
    ----------
    Max-flow min-cut theorem (Ford and Fulkerson, 1956): setting aside j domains is a cut.

    Examples
    --------
    >>> usable_capacity([6e12] * 4, shares=3)
    8000000000000.0
    >>> usable_capacity([1e12, 1e12, 1e12, 10e12], shares=3)
    1500000000000.0
    """
    capacity = _capacities(domain_capacity, "domain_capacity")
    count, data = checked_shares(shares, data_shares)
    return plain(data * _volume(capacity, count))


def unbalanced_usable_capacity(
    domain_capacity: Byte, shares: Number, data_shares: Number = 1
) -> Byte:
    """User data that fits when CRUSH places the shares and no balancer corrects it.

    Parameters
    ----------
    domain_capacity : array_like, shape (domains, ...)
        Capacity of each failure domain, also its CRUSH weight [B].
    shares : int or array_like, shape (...)
        Shares stored of an object, each in another domain [1].
    data_shares : int or array_like, shape (...)
        Shares that are enough to read the object [1].

    Returns
    -------
    float or ndarray, shape (...)
        User data when the first domain is 100 % full [B]; 0 with fewer domains than shares.

    Raises
    ------
    ValueError
        If a capacity is negative, or the shares are not ``1 <= data_shares <= shares``.

    Notes
    -----
    usable = k min_i w_i / pi_i, pi_i the probability that domain i is among n weighted draws
    without replacement. The smallest domain is always the first to fill: for w_i <= w_j,
    pi_i / w_i - pi_j / w_j = int (e^(-w_i t) - e^(-w_j t)) P(at most n - 2 of the others fired) dt
    is never negative. Limit of infinitely many placement groups; with few of them see
    ``expected_usable_capacity``. Growing a domain never lowers the limit, adding one can. Real
    CRUSH gives up after 50 draws: with as many domains as shares and very unequal ones, some
    groups stay short of a share.

    References
    ----------
    Weil, Brandt, Miller, Maltzahn, "CRUSH: Controlled, Scalable, Decentralized Placement of
    Replicated Data", SC 2006; the multi-pick anomaly: ceph/ceph pull request 10218.

    Examples
    --------
    >>> round(unbalanced_usable_capacity([6e12, 8e12, 10e12, 12e12, 14e12], 3) / 1e12, 3)
    14.218
    """
    capacity = _capacities(domain_capacity, "domain_capacity")
    count, data = checked_shares(shares, data_shares)
    return plain(data / fullest_domain_load(capacity, count))


def stranded_capacity(domain_capacity: Byte, shares: Number) -> Byte:
    """Raw capacity that no placement can use, because the largest domains stand out.

    Parameters
    ----------
    domain_capacity : array_like, shape (domains, ...)
        Capacity of each failure domain [B].
    shares : int or array_like, shape (...)
        Shares stored of an object, each in another domain [1].

    Returns
    -------
    float or ndarray, shape (...)
        Sum over the domains of what exceeds the law's volume V [B]; everything with fewer
        domains than shares.

    Raises
    ------
    ValueError
        If a capacity is negative or the shares are not whole and positive.

    Notes
    -----
    sum_i max(0, w_i - V) = total - n V with V of `usable_capacity`: a domain holds one share of
    an object at most, so nothing above V is ever written.

    Examples
    --------
    >>> stranded_capacity([1e12, 1e12, 1e12, 10e12], shares=3)
    8500000000000.0
    """
    capacity = _capacities(domain_capacity, "domain_capacity")
    count = whole(shares, "shares", 1)
    return plain(np.maximum(capacity.sum(axis=0) - count * _volume(capacity, count), 0.0))


def full_limit_capacity(usable_capacity: Byte, full_ratio: Number) -> Byte:
    """User data at which the first disk reaches the full ratio and writes stop.

    Parameters
    ----------
    usable_capacity : array_like
        User data when the first disk is 100 % full [B].
    full_ratio : array_like
        Fill of a disk at which the cluster refuses writes [1]. Ceph: 0.95.

    Returns
    -------
    float or ndarray
        User data [B].

    Raises
    ------
    ValueError
        If the capacity is negative or the ratio is outside 0 to 1.

    References
    ----------
    Ceph documentation, rados/configuration/mon-config-ref, "Storage Capacity".

    Examples
    --------
    >>> full_limit_capacity(8e12, 0.95)
    7600000000000.0
    """
    return _filled(usable_capacity, full_ratio, "full_ratio")


def nearfull_capacity(usable_capacity: Byte, nearfull_ratio: Number) -> Byte:
    """User data at which the first disk reaches the warning level.

    Parameters
    ----------
    usable_capacity : array_like
        User data when the first disk is 100 % full [B].
    nearfull_ratio : array_like
        Fill of a disk at which the cluster warns [1]. Ceph: 0.85.

    Returns
    -------
    float or ndarray
        User data [B].

    Raises
    ------
    ValueError
        If the capacity is negative or the ratio is outside 0 to 1.

    References
    ----------
    Ceph documentation, rados/configuration/mon-config-ref, "Storage Capacity".

    Examples
    --------
    >>> nearfull_capacity(8e12, 0.85)
    6800000000000.0
    """
    return _filled(usable_capacity, nearfull_ratio, "nearfull_ratio")


def self_heal_capacity(
    domain_capacity: Byte, shares: Number, data_shares: Number, backfillfull_ratio: Number
) -> Byte:
    """Most user data that is made whole again after any one failure domain is lost for good.

    Parameters
    ----------
    domain_capacity : array_like, shape (domains, ...)
        Capacity of each failure domain [B].
    shares : int or array_like, shape (...)
        Shares stored of an object, each in another domain [1].
    data_shares : int or array_like, shape (...)
        Shares that are enough to read the object [1].
    backfillfull_ratio : array_like, shape (...)
        Fill above which a disk refuses re-created shares [1]. Ceph: 0.90.

    Returns
    -------
    float or ndarray, shape (...)
        User data [B]; 0 if the survivors are fewer than the shares, or if the shares are all
        needed, so that a loss leaves nothing to heal from.

    Raises
    ------
    ValueError
        If a capacity is negative, the shares are not ``1 <= data_shares <= shares`` or the ratio
        is outside 0 to 1.

    Notes
    -----
    The ratio times `usable_capacity` of the survivors, the largest domain being the worst to
    lose. Needs a balancer; without one see `unbalanced_self_heal_capacity`.

    References
    ----------
    Ceph documentation, rados/configuration/mon-config-ref, "Storage Capacity".

    Examples
    --------
    >>> self_heal_capacity([6e12] * 4, 3, 1, 0.9)
    5400000000000.0
    >>> self_heal_capacity([6e12] * 3, 3, 1, 0.9)
    0.0
    """
    left = usable_capacity(_survivors(domain_capacity, 1), shares, data_shares)
    left = _healable(left, shares, data_shares)
    return _filled(left, backfillfull_ratio, "backfillfull_ratio")


def unbalanced_self_heal_capacity(
    domain_capacity: Byte, shares: Number, data_shares: Number, backfillfull_ratio: Number
) -> Byte:
    """Most user data that CRUSH alone makes whole again after any one failure domain is lost.

    Parameters
    ----------
    domain_capacity : array_like, shape (domains, ...)
        Capacity of each failure domain, also its CRUSH weight [B].
    shares : int or array_like, shape (...)
        Shares stored of an object, each in another domain [1].
    data_shares : int or array_like, shape (...)
        Shares that are enough to read the object [1].
    backfillfull_ratio : array_like, shape (...)
        Fill above which a disk refuses re-created shares [1]. Ceph: 0.90.

    Returns
    -------
    float or ndarray, shape (...)
        User data [B]; 0 if the survivors are fewer than the shares, or if the shares are all
        needed, so that a loss leaves nothing to heal from.

    Raises
    ------
    ValueError
        If a capacity is negative, the shares are not ``1 <= data_shares <= shares`` or the ratio
        is outside 0 to 1.

    Notes
    -----
    The least over all losses, which is the largest domain's here too: exchanging a survivor for
    a larger one never lowers `unbalanced_usable_capacity`. Losing the smallest domain may even
    raise it. With few placement groups less heals: see `expected_self_heal_capacity`.

    Examples
    --------
    >>> hosts = [6e12, 8e12, 10e12, 12e12, 14e12]
    >>> round(unbalanced_self_heal_capacity(hosts, 3, 1, 0.9) / 1e12, 3)
    8.874
    >>> round(self_heal_capacity(hosts, 3, 1, 0.9) / 1e12, 3)
    10.8
    """
    left = unbalanced_usable_capacity(_survivors(domain_capacity, 1), shares, data_shares)
    left = _healable(left, shares, data_shares)
    return _filled(left, backfillfull_ratio, "backfillfull_ratio")


def capacity_after_losses(
    domain_capacity: Array,
    shares: Array,
    data_shares: Array = 1,
    losses: int = 1,
    balanced: bool = True,
) -> Array:
    """Usable capacity that is left when the worst failure domains are lost and all is re-created.

    Parameters
    ----------
    domain_capacity : array_like, shape (domains, ...)
        Capacity of each failure domain [B].
    shares : int or array_like, shape (...)
        Shares stored of an object, each in another domain [1].
    data_shares : int or array_like, shape (...)
        Shares that are enough to read the object [1].
    losses : int
        Domains lost [1].
    balanced : bool
        Whether a perfect balancer runs (`usable_capacity`) or none (`unbalanced_usable_capacity`).

    Returns
    -------
    float or ndarray, shape (...)
        User data when the first disk is 100 % full [B].

    Raises
    ------
    ValueError
        As the two functions, or if ``losses`` is not whole or is negative.

    Notes
    -----
    The largest domains are the worst to lose, with a balancer and without. Losses at once beyond
    shares - data_shares destroy data before anything is re-created.

    Examples
    --------
    >>> capacity_after_losses([6e12] * 5, shares=3, losses=2)
    6000000000000.0
    """
    lost = int(whole(losses, "losses"))
    law = usable_capacity if balanced else unbalanced_usable_capacity
    return law(_survivors(domain_capacity, lost), shares, data_shares)


def _capacities(values: Array, name: str) -> Values:
    """Capacities with the entity's axis first; a single number is one entity."""
    capacity = np.atleast_1d(np.asarray(values, dtype=float))
    least_known = np.fmin.reduce(capacity, axis=None, initial=np.inf)
    require(least_known >= 0, least_known, name, "0 B or more")
    return capacity


def _volume(capacity: Values, count: Values) -> Values:
    """Largest total size of one share of every object, V of the law."""
    capacity, count, trailing = as_columns(capacity, count)
    volume: Values = capacity.sum(axis=0) / count
    uneven = np.flatnonzero(capacity.max(axis=0, initial=0.0) > volume)
    volume[uneven] = _uneven_volume(np.take(capacity, uneven, axis=1), count[uneven])
    return volume.reshape(trailing)


def _uneven_volume(capacity: Values, count: Values) -> Values:
    """V where a domain stands out: the least over the numbers of largest domains set aside."""
    ordered = np.sort(capacity, axis=0)[::-1]
    most = min(int(count.max(initial=1.0)) - 1, ordered.shape[0])
    volume = np.full(count.shape, np.inf)
    for aside in range(most + 1):
        bound = ordered[aside:].sum(axis=0) / np.maximum(count - aside, 1.0)
        np.minimum(volume, bound, out=volume, where=aside < count)
    return volume


def _healable(left: Array, shares: Array, data_shares: Array) -> Array:
    """What the survivors hold, or nothing where no share can be lost without losing data."""
    return np.where(np.asarray(shares) > data_shares, left, 0.0 * np.asarray(left))


def _survivors(domain_capacity: Array, losses: int) -> Values:
    """The domains without the largest ones; a lost domain of unknown size stays unknown."""
    ordered = np.sort(_capacities(domain_capacity, "domain_capacity"), axis=0)
    ordered[max(ordered.shape[0] - losses, 0) :] *= 0.0
    return ordered


def _filled(capacity: Array, ratio: Array, name: str) -> Array:
    """Capacity up to a fill ratio."""
    user_data, fill = np.asarray(capacity, dtype=float), np.asarray(ratio, dtype=float)
    require(user_data >= 0, user_data, "usable_capacity", "0 B or more")
    require((fill >= 0) & (fill <= 1), fill, name, "between 0 and 1")
    return plain(user_data * fill)
