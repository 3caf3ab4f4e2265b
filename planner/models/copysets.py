"""Sets of disks that hold one object, and what simultaneous disk failures do to them."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import NamedTuple

import numpy as np

from planner.models.combinatorics import checked_shares, choose, plain, require, whole
from planner.models.dimensions import Array


def possible_copysets(disks_per_domain: Array, shares: Array) -> Array:
    """Different sets of disks that could hold one object.

    Parameters
    ----------
    disks_per_domain : array_like
        Disks in each failure domain [part], domains on axis 0.
    shares : array_like
        Shares of an object, each in another domain [1].

    Returns
    -------
    float or ndarray
        Number of sets [1]; 0 where the domains are fewer than the shares.

    Raises
    ------
    ValueError
        If a count is negative or has a fraction, or `shares` is below 1.

    Notes
    -----
    Elementary symmetric polynomial of degree n in the disk counts; C(H, n) d^n for H equal hosts.

    References
    ----------
    A. Cidon et al., "Copysets: Reducing the Frequency of Data Loss in Cloud Storage",
    USENIX ATC 2013.

    Examples
    --------
    >>> possible_copysets([2, 2, 2, 2], 3)
    32.0
    """
    disks, n = whole(disks_per_domain, "disks_per_domain"), whole(shares, "shares", 1)
    degree = int(np.max(np.where(np.isnan(n), 0.0, n), initial=0.0))
    sets = np.zeros((degree + 1, *disks.shape[1:]))
    sets[0] = 1.0
    for count in disks:
        sets[1:] = sets[1:] + count * sets[:-1]
    total = sum(np.where(n == chosen, sets[chosen], 0.0) for chosen in range(1, degree + 1))
    return plain(np.where(np.isnan(n + np.sum(disks, axis=0)), np.nan, total))


def copysets_in_use(possible: Array, groups: Array) -> Array:
    """Expected number of copysets that a pool really uses.

    Parameters
    ----------
    possible : array_like
        Copysets that are possible [1], see `possible_copysets`.
    groups : array_like
        Placement groups of the pool [1].

    Returns
    -------
    float or ndarray
        Number of different sets that hold data [1].

    Raises
    ------
    ValueError
        If a number is negative.

    Notes
    -----
    Z (1 - (1 - 1/Z)^G): each group picks one of Z equally likely sets.

    References
    ----------
    A. Cidon et al., "Copysets", USENIX ATC 2013 (the idea); occupancy formula.

    Examples
    --------
    >>> round(copysets_in_use(32, 128), 2)
    31.45
    """
    sets, count = np.broadcast_arrays(np.asarray(possible, float), np.asarray(groups, float))
    require(sets >= 0, sets, "possible", "0 or more")
    require(count >= 0, count, "groups", "0 or more")
    many = np.where(sets > 1, sets, 2.0)
    used = -many * np.expm1(count * np.log1p(-1.0 / many))
    single = np.where(count > 0, sets, 0.0)
    used = np.where(sets > 1, used, single)
    return plain(np.where(np.isnan(sets + count), np.nan, used))


class DiskSets(NamedTuple):
    """How many of the equally likely sets of failed disks destroy data."""

    total: int
    losing: int

    @property
    def probability(self) -> float:
        """Probability that the failure destroys data [1]; NaN if it is impossible."""
        return self.losing / self.total if self.total else float("nan")


def disk_loss_sets(
    disks_per_domain: Sequence[int], failed: int, shares: int, data_shares: int
) -> DiskSets:
    """Count the sets of disks whose simultaneous failure destroys data, exactly.

    Parameters
    ----------
    disks_per_domain : sequence of int
        Disks in each failure domain [part]; the domains may differ.
    failed : int
        Disks that fail at once, any of them [part].
    shares : int
        Shares of an object, each in another domain [1].
    data_shares : int
        Shares that suffice to read the object [1].

    Returns
    -------
    DiskSets
        All sets of that many disks and those among them that destroy data [1].

    Raises
    ------
    ValueError
        If a count is negative, or 1 <= data_shares <= shares <= number of domains does not hold.

    Notes
    -----
    Data is lost as soon as the failed disks touch n - k + 1 domains, if every combination of
    disks in n domains is in use. That holds for pools with many more groups than
    `possible_copysets`; with fewer groups the count is an upper bound.

    References
    ----------
    A. Cidon et al., "Copysets", USENIX ATC 2013 (the idea); exact count by domain.

    Examples
    --------
    Three copies on four hosts with two disks each, three disks fail:

    >>> disk_loss_sets([2, 2, 2, 2], 3, 3, 1)
    DiskSets(total=56, losing=32)
    """
    checked_shares(shares, data_shares)
    whole(failed, "failed")
    whole(disks_per_domain, "disks_per_domain")
    domains = sum(1 for disks in disks_per_domain if disks > 0)
    if domains < shares:
        raise ValueError(f"shares must be at most the {domains} domains with disks, got {shares}")
    harmless = shares - data_shares
    ways = [[0] * (failed + 1) for _ in range(harmless + 1)]
    ways[0][0] = 1
    for disks in disks_per_domain:
        ways = _with_domain(ways, disks)
    total = comb(sum(disks_per_domain), failed)
    return DiskSets(total, total - sum(touched[failed] for touched in ways))


def disk_loss_probability(
    hosts: Array, disks_per_host: Array, failed: Array, shares: Array, data_shares: Array
) -> Array:
    """Probability that the failure of random disks at once destroys data, for equal hosts.

    Parameters
    ----------
    hosts : array_like
        Hosts [node].
    disks_per_host : array_like
        Disks in each host [part].
    failed : array_like
        Disks that fail at once, any of them [part].
    shares : array_like
        Shares of an object, each on another host [1].
    data_shares : array_like
        Shares that suffice to read the object [1].

    Returns
    -------
    float or ndarray
        Probability [1]; NaN where the hosts are fewer than the shares.

    Raises
    ------
    ValueError
        If a count is negative or has a fraction, more disks fail than exist, or
        1 <= data_shares <= shares does not hold.

    Notes
    -----
    1 - (f-subsets that touch at most m = n - k hosts) / C(N, f), with the number of such subsets
    sum over u = 0..m of (-1)^(m-u) C(H, u) C(H-u-1, m-u) C(u d, f) (inclusion and exclusion).
    For f = m + 1 this is C(H, f) d^f / C(N, f). All combinations of disks count as in use.

    References
    ----------
    A. Cidon et al., "Copysets", USENIX ATC 2013 (the idea).

    Examples
    --------
    >>> round(disk_loss_probability(4, 2, 3, 3, 1), 6)
    0.571429
    >>> disk_loss_probability(4, 2, 2, 3, 1)
    0.0
    """
    n, k = checked_shares(shares, data_shares)
    h, d, f, n, k = np.broadcast_arrays(
        whole(hosts, "hosts"),
        whole(disks_per_host, "disks_per_host"),
        whole(failed, "failed"),
        n,
        k,
    )
    require((f <= h * d) | np.isnan(h * d), f, "failed", "at most the number of disks")
    harmless = n - k
    safe = np.zeros(h.shape)
    for u in range(int(np.max(np.where(np.isnan(harmless), 0.0, harmless), initial=0.0)) + 1):
        touching = np.full(h.shape, float(u))
        hosts_chosen = choose(h, touching) * choose(h - u - 1, harmless - u)
        sign = np.where((harmless - u) % 2 == 0, 1.0, -1.0)
        safe = safe + sign * hosts_chosen * _subset_ratio(touching * d, h * d, f)
    lost = np.where(f <= harmless, 0.0, np.where(f > harmless * d, 1.0, 1.0 - safe))
    known = (h >= n) & ~np.isnan(h + d + f + n + k)
    return plain(np.where(known, lost, np.nan))


def copyset_hit_probability(copysets: Array, disks: Array, shares: Array) -> Array:
    """Probability that as many random failures as there are copies hit a copyset in use.

    Parameters
    ----------
    copysets : array_like
        Copysets in use [1], see `copysets_in_use`.
    disks : array_like
        Disks in all [part].
    shares : array_like
        Copies of an object [1]; the same number of disks fails at once.

    Returns
    -------
    float or ndarray
        Probability [1].

    Raises
    ------
    ValueError
        If a number is negative or `shares` is below 1.

    Notes
    -----
    S / C(N, r), for replication; smaller pools touch fewer copysets and lose data less often,
    but then more of it.

    References
    ----------
    A. Cidon et al., "Copysets", USENIX ATC 2013.

    Examples
    --------
    >>> copyset_hit_probability(8, 6, 3)
    0.4
    """
    used = np.asarray(copysets, dtype=float)
    require(used >= 0, used, "copysets", "0 or more")
    return plain(used / choose(whole(disks, "disks"), whole(shares, "shares", 1)))


def _with_domain(ways: list[list[int]], disks: int) -> list[list[int]]:
    """Subsets by domains touched and disks failed, after one more domain."""
    grown = [list(row) for row in ways]
    for touched in range(1, len(ways)):
        for failed in range(1, len(ways[0])):
            grown[touched][failed] += sum(
                comb(disks, here) * ways[touched - 1][failed - here]
                for here in range(1, min(disks, failed) + 1)
            )
    return grown


def _subset_ratio(part: Array, total: Array, size: Array) -> Array:
    """C(part, size) / C(total, size) without ever forming either."""
    ratio = np.ones(np.shape(size))
    for i in range(int(np.max(np.where(np.isnan(size), 0.0, size), initial=0.0))):
        factor = np.maximum(part - i, 0.0) / np.where(total > i, total - i, 1.0)
        ratio = np.where(i < size, ratio * factor, ratio)
    return ratio
