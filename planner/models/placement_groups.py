"""States of placement groups while failure domains are down."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.models.combinatorics import (
    Counts,
    checked_shares,
    hypergeometric,
    plain,
    require,
    whole,
)
from planner.models.dimensions import Array
from planner.models.domains import failure_domains


def occupied_domains(domain_capacity: Array) -> Array:
    """Checked number of failure domains that can hold something.

    Parameters
    ----------
    domain_capacity : array_like
        Capacity of each failure domain [B], domains on axis 0.

    Returns
    -------
    float or ndarray
        Domains with capacity [node]; NaN where a capacity is unknown.

    Raises
    ------
    ValueError
        If a capacity is negative.

    Examples
    --------
    >>> occupied_domains([6e12, 0.0, 6e12])
    2.0
    """
    capacity = np.asarray(domain_capacity, dtype=float)
    require(capacity >= 0, capacity, "domain_capacity", "0 B or more")
    return plain(failure_domains(capacity))


def placeable_shares(domain_capacity: Array, shares: Array) -> Array:
    """Shares that an object can have in distinct domains, such as those left after a loss.

    Parameters
    ----------
    domain_capacity : array_like
        Capacity of each failure domain [B], domains on axis 0; 0 for a lost one.
    shares : array_like
        Shares wanted [1].

    Returns
    -------
    float or ndarray
        Shares that fit [1]: the healing is complete if that is all of them.

    Raises
    ------
    ValueError
        If a capacity is negative or `shares` is below 1.

    Notes
    -----
    min(n, domains with capacity), room permitting. Erasure-coded groups of Ceph may then put two
    chunks into one domain, which restores the count but not the separation.

    References
    ----------
    Distinct-domain rule; pg size histograms of Ceph 16.2.15 maps.

    Examples
    --------
    >>> placeable_shares([0.0, 6e12, 6e12], 3)
    2.0
    """
    n = whole(shares, "shares", 1)
    return plain(np.minimum(occupied_domains(domain_capacity), n))


def checked_minimum(
    shares: Array, data_shares: Array, minimum_shares: Array
) -> tuple[Counts, Counts, Counts]:
    """Return shares, data shares and serving minimum as arrays after checking them.

    Parameters
    ----------
    shares : array_like
        Shares of an object [1].
    data_shares : array_like
        Shares that suffice to read it [1].
    minimum_shares : array_like
        Shares below which a group stops serving clients [1].

    Returns
    -------
    tuple of ndarray
        The three counts as floats.

    Raises
    ------
    ValueError
        Unless 1 <= data_shares <= minimum_shares <= shares, all whole numbers.

    Examples
    --------
    >>> checked_minimum(3, 1, 2)
    (array(3.), array(1.), array(2.))
    """
    n, k = checked_shares(shares, data_shares)
    minimum = whole(minimum_shares, "minimum_shares", 1)
    valid = ((k <= minimum) | np.isnan(k)) & ((minimum <= n) | np.isnan(n))
    require(valid, minimum, "minimum_shares", "between data_shares and shares")
    return n, k, minimum


class GroupStates(NamedTuple):
    """Fractions of the placement groups in each state; they add up to 1.

    `whole` groups miss nothing, `degraded` ones serve with shares missing, `blocked` ones hold
    enough shares to rebuild but too few to serve, `lost` ones cannot be rebuilt.
    """

    whole: Array
    degraded: Array
    blocked: Array
    lost: Array


def group_states(
    hosts: Array, hosts_down: Array, shares: Array, data_shares: Array, minimum_shares: Array
) -> GroupStates:
    """States of the placement groups while some of equal hosts are down, before any repair.

    Parameters
    ----------
    hosts : array_like
        Hosts (or other failure domains) of equal size [node].
    hosts_down : array_like
        Hosts down at once, any of them [node].
    shares : array_like
        Shares of an object, each on another host [1].
    data_shares : array_like
        Shares that suffice to read the object [1].
    minimum_shares : array_like
        Shares below which a group stops serving clients [1].

    Returns
    -------
    GroupStates
        Fractions [1]; NaN where the hosts are fewer than the shares.

    Raises
    ------
    ValueError
        If a count is negative or has a fraction, more hosts are down than exist, or
        data_shares <= minimum_shares <= shares does not hold.

    Notes
    -----
    P(j of n shares down) = C(f, j) C(H - f, n - j) / C(H, n); lost if j > n - k, blocked if
    n - j < minimum and not lost. Every set of n hosts is taken as equally likely, so a pool of G
    groups deviates by about sqrt(p (1 - p) / G); unequal hosts deviate systematically.

    References
    ----------
    Hypergeometric law; states as in the Ceph documentation, rados/operations/pools.

    Examples
    --------
    >>> group_states(4, 2, 3, 1, 2)
    GroupStates(whole=0.0, degraded=0.5, blocked=0.5, lost=0.0)
    """
    total, down = whole(hosts, "hosts"), whole(hosts_down, "hosts_down")
    require((down <= total) | np.isnan(total), down, "hosts_down", "at most the number of hosts")
    total, down, n, k, minimum = np.broadcast_arrays(
        total, down, *checked_minimum(shares, data_shares, minimum_shares)
    )
    fewest_missing = np.stack([np.zeros(n.shape), np.ones(n.shape), n - minimum + 1, n - k + 1])
    most_missing = np.stack([np.zeros(n.shape), n - minimum, n - k, n])
    placeable = np.where(total >= n, total, np.nan)
    fractions = hypergeometric(placeable, down, n, fewest_missing, most_missing)
    return GroupStates(*(plain(state) for state in np.asarray(fractions)))


def default_minimum_shares(shares: Array, data_shares: Array) -> Array:
    """Shares below which Ceph stops serving a placement group unless told otherwise.

    Parameters
    ----------
    shares : array_like
        Copies, or k + m chunks of an erasure code [1].
    data_shares : array_like
        1 for copies, k for an erasure code [1].

    Returns
    -------
    float or ndarray
        The default of min_size [1].

    Raises
    ------
    ValueError
        Unless 1 <= data_shares <= shares.

    Notes
    -----
    r - floor(r / 2) for copies, k + min(1, m - 1) for an erasure code, never below k.

    References
    ----------
    ceph/ceph src/mon/OSDMonitor.cc, prepare_pool_size; as printed by Ceph 16.2.15.

    Examples
    --------
    >>> default_minimum_shares([2, 3, 6], [1, 1, 4]).tolist()
    [1.0, 2.0, 5.0]
    """
    n, k = checked_shares(shares, data_shares)
    coded = k + np.clip(n - k - 1, 0.0, 1.0)
    minimum = np.where(k > 1, coded, n - n // 2)
    return plain(np.where(np.isnan(n + k), np.nan, minimum))


class Verdict(NamedTuple):
    """Whether something happens: "never", "always", "possible" or "unknown", and how likely."""

    outcome: str
    probability: float


def verdict(probability: float) -> Verdict:
    """Put a probability of loss or stop in one word.

    Parameters
    ----------
    probability : float
        Probability [1], NaN if unknown.

    Returns
    -------
    Verdict
        The word and the probability [1].

    Raises
    ------
    ValueError
        If the probability is not in 0 .. 1.

    Notes
    -----
    Only exactly 0 and 1 are "never" and "always"; the combinatorial functions here return these
    where the outcome is certain.

    References
    ----------
    None; a naming convention.

    Examples
    --------
    >>> verdict(group_states(4, 1, 3, 1, 2).lost).outcome
    'never'
    """
    require(0.0 <= probability <= 1.0, probability, "probability", "between 0 and 1")
    words = {0.0: "never", 1.0: "always"}
    unsure = "unknown" if np.isnan(probability) else "possible"
    return Verdict(words.get(probability, unsure), probability)


def any_group_probability(fraction: Array, groups: Array) -> Array:
    """Probability that at least one placement group is in a state, from the expected fraction.

    Parameters
    ----------
    fraction : array_like
        Expected fraction of the groups in that state [1], see `group_states`.
    groups : array_like
        Placement groups of the pool [1].

    Returns
    -------
    float or ndarray
        Probability [1]; exactly 0 or 1 where the fraction is.

    Raises
    ------
    ValueError
        If the fraction is not in 0 .. 1 or the number of groups is negative.

    Notes
    -----
    1 - (1 - p)^G, each group placed independently of the others.

    References
    ----------
    Complement rule for independent events.

    Examples
    --------
    Two copies on four hosts, two hosts lost, eight groups:

    >>> round(any_group_probability(1 / 6, 8), 3)
    0.767
    """
    p, count = np.broadcast_arrays(np.asarray(fraction, float), np.asarray(groups, float))
    require((p >= 0) & (p <= 1), p, "fraction", "between 0 and 1")
    require(count >= 0, count, "groups", "0 or more")
    certain = np.where(count > 0, 1.0, 0.0)
    partial = -np.expm1(count * np.log1p(-np.where(p < 1, p, 0.0)))
    known = ~np.isnan(p + count)
    return plain(np.where(known, np.where(p == 1, certain, partial), np.nan))
