"""What keeps its data and what keeps serving while failure domains are down."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.models.combinatorics import checked_shares, plain
from planner.models.dimensions import Array, Byte, Node, Number
from planner.models.placement_groups import checked_minimum, group_states, occupied_domains


def host_losses_data_safe(domain_capacity: Byte, shares: Number, data_shares: Number) -> Node:
    """Failure domains that may be lost at once, whichever they are, without losing data.

    Parameters
    ----------
    domain_capacity : array_like
        Capacity of each failure domain [B], domains on axis 0. A domain of 0 B takes no share.
    shares : array_like
        Shares (copies or chunks) of an object, each in another domain [1].
    data_shares : array_like
        Shares that suffice to read the object [1]: 1 for copies, k for an erasure code k+m.

    Returns
    -------
    float or ndarray
        Number of domains [node]; 0 where fewer than `shares` domains have capacity, because the
        shares cannot be kept apart there.

    Raises
    ------
    ValueError
        If a capacity is negative or 1 <= data_shares <= shares does not hold.

    Notes
    -----
    n - k: every object has n shares in n domains and any k of them rebuild it. Holds before any
    repair; domains lost after a completed repair count afresh. An unknown capacity gives NaN.

    References
    ----------
    S. A. Weil et al., "CRUSH: Controlled, Scalable, Decentralized Placement of Replicated Data",
    SC 2006 (shares in distinct failure domains).

    Examples
    --------
    >>> host_losses_data_safe([6e12, 6e12, 6e12], 3, 1)
    2.0
    >>> host_losses_data_safe([6e12, 6e12], 3, 1)
    0.0
    """
    n, k = checked_shares(shares, data_shares)
    return _where_placeable(domain_capacity, n, n - k)


def host_losses_in_service(
    domain_capacity: Byte, shares: Number, data_shares: Number, minimum_shares: Number
) -> Node:
    """Failure domains that may be lost at once, whichever they are, while all data is served.

    Parameters
    ----------
    domain_capacity : array_like
        Capacity of each failure domain [B], domains on axis 0.
    shares : array_like
        Shares of an object, each in another domain [1].
    data_shares : array_like
        Shares that suffice to read the object [1].
    minimum_shares : array_like
        Shares below which a placement group stops serving clients [1] (Ceph: min_size).

    Returns
    -------
    float or ndarray
        Number of domains [node]; 0 where fewer than `shares` domains have capacity.

    Raises
    ------
    ValueError
        If a capacity is negative or data_shares <= minimum_shares <= shares does not hold.

    Notes
    -----
    n - minimum. Storage only: a quorum group on the same hosts may stop earlier.

    References
    ----------
    Ceph documentation, rados/operations/pools: no client I/O below min_size.

    Examples
    --------
    >>> host_losses_in_service([6e12, 6e12, 6e12, 6e12], 3, 1, 2)
    1.0
    """
    n, _, minimum = checked_minimum(shares, data_shares, minimum_shares)
    return _where_placeable(domain_capacity, n, n - minimum)


def two_host_loss_blocked_fraction(
    domain_capacity: Byte, shares: Number, data_shares: Number, minimum_shares: Number
) -> Number:
    """Part of the placement groups that keep their data but stop while two domains are down.

    Parameters
    ----------
    domain_capacity : array_like
        Capacity of each failure domain [B], domains on axis 0. Equal domains are assumed: only
        the number of domains with capacity counts.
    shares : array_like
        Shares of an object, each in another domain [1].
    data_shares : array_like
        Shares that suffice to read the object [1].
    minimum_shares : array_like
        Shares below which a placement group stops serving clients [1].

    Returns
    -------
    float or ndarray
        Fraction of the groups [1], expected over placements; NaN where fewer than `shares`
        domains have capacity, because no group is complete there to begin with.

    Raises
    ------
    ValueError
        If a capacity is negative or data_shares <= minimum_shares <= shares does not hold.

    Notes
    -----
    See `group_states` with two domains down. A real pool of few groups scatters around it.

    References
    ----------
    Hypergeometric law (sampling without replacement).

    Examples
    --------
    Three copies, two needed to serve: half the groups of four hosts, all of three.

    >>> two_host_loss_blocked_fraction([6e12] * 4, 3, 1, 2)
    0.5
    >>> two_host_loss_blocked_fraction([6e12] * 3, 3, 1, 2)
    1.0
    """
    return _after_two(domain_capacity, shares, data_shares, minimum_shares, "blocked")


def two_host_loss_lost_fraction(
    domain_capacity: Byte, shares: Number, data_shares: Number
) -> Number:
    """Part of the placement groups that lose data when two domains are lost at once.

    Parameters
    ----------
    domain_capacity : array_like
        Capacity of each failure domain [B], domains on axis 0. Equal domains are assumed: only
        the number of domains with capacity counts.
    shares : array_like
        Shares of an object, each in another domain [1].
    data_shares : array_like
        Shares that suffice to read the object [1].

    Returns
    -------
    float or ndarray
        Fraction of the groups [1], expected over placements; NaN where fewer than `shares`
        domains have capacity.

    Raises
    ------
    ValueError
        If a capacity is negative or 1 <= data_shares <= shares does not hold.

    Notes
    -----
    See `group_states` with two domains lost.

    References
    ----------
    Hypergeometric law (sampling without replacement).

    Examples
    --------
    Two copies on four hosts: one group in six has both on the lost pair.

    >>> round(two_host_loss_lost_fraction([6e12] * 4, 2, 1), 6)
    0.166667
    """
    return _after_two(domain_capacity, shares, data_shares, data_shares, "lost")


def _where_placeable(domain_capacity: Byte, shares: Any, value: Any) -> Array:
    """`value` where the shares fit in distinct domains, else 0; NaN where that is unknown."""
    domains = occupied_domains(domain_capacity)
    result = np.where(domains >= shares, value, 0.0)
    return plain(np.where(np.isnan(domains + shares + value), np.nan, result))


def _after_two(
    domain_capacity: Byte, shares: Array, data_shares: Array, minimum_shares: Array, state: str
) -> Array:
    """Fraction of the groups in `state` with two domains down (or the only one)."""
    domains = occupied_domains(domain_capacity)
    states = group_states(domains, np.minimum(2.0, domains), shares, data_shares, minimum_shares)
    return plain(getattr(states, state))
