"""Majorities: monitors, database, message queue, Juju and other groups that vote."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any, NamedTuple

import numpy as np

from planner.models.combinatorics import hypergeometric, plain, require, whole
from planner.models.dimensions import Array

_MOST_HOST_SETS = 1_000_000


class Quorum(NamedTuple):
    """Votes of a group, the majority it needs and the members it may lose."""

    members: Array
    majority: Array
    tolerated: Array


def quorum(members: Array) -> Quorum:
    """Majority of a voting group and the number of members it may lose.

    Parameters
    ----------
    members : array_like
        Members with one vote each [1].

    Returns
    -------
    Quorum
        Members, majority and tolerated losses [1].

    Raises
    ------
    ValueError
        If there is no member or a count has a fraction.

    Notes
    -----
    majority = floor(n/2) + 1, tolerated = floor((n - 1)/2). An even member adds cost but no
    tolerance. The law is the same for Ceph monitors, Galera, RabbitMQ (quorum queues),
    Pacemaker/corosync, etcd and Juju controllers.

    References
    ----------
    Ceph documentation, rados/operations/add-or-rm-mons; OpenStack high availability guide.

    Examples
    --------
    >>> quorum(4)
    Quorum(members=4.0, majority=3.0, tolerated=1.0)
    """
    votes = whole(members, "members", 1)
    return Quorum(plain(votes), plain(votes // 2 + 1), plain((votes - 1) // 2))


def votes(member_count: Array) -> Array:
    """Members of a voting group that is spread over several kinds of host.

    Parameters
    ----------
    member_count : array_like, shape (kinds, ...)
        Members on each kind of host [node].

    Returns
    -------
    float or ndarray, shape (...)
        Members in all [node].

    References
    ----------
    Sum.

    Examples
    --------
    >>> votes([2, 1])
    3.0
    """
    return plain(np.sum(whole(member_count, "member_count"), axis=0))


def majority(members: Array) -> Array:
    """Members that must be up for a voting group to go on.

    Parameters
    ----------
    members : array_like
        Members with one vote each [node].

    Returns
    -------
    float or ndarray
        floor(n/2) + 1 [node].

    Raises
    ------
    ValueError
        If there is no member or a count has a fraction.

    References
    ----------
    See `quorum`.

    Examples
    --------
    >>> majority([3, 4, 5]).tolist()
    [2.0, 3.0, 3.0]
    """
    return quorum(members).majority


def member_losses_tolerated(members: Array) -> Array:
    """Members that a voting group may lose, whichever they are, and go on.

    Parameters
    ----------
    members : array_like
        Members with one vote each [node].

    Returns
    -------
    float or ndarray
        floor((n - 1)/2) [node].

    Raises
    ------
    ValueError
        If there is no member or a count has a fraction.

    References
    ----------
    See `quorum`.

    Examples
    --------
    >>> member_losses_tolerated([1, 2, 3, 4, 5]).tolist()
    [0.0, 0.0, 1.0, 1.0, 2.0]
    """
    return quorum(members).tolerated


def host_losses_in_quorum(losses_tolerated: Array) -> Array:
    """Hosts that may be lost, whichever they are, while every voting group goes on.

    Parameters
    ----------
    losses_tolerated : array_like, shape (groups, ...)
        Members that each group may lose, one on a host [node].

    Returns
    -------
    float or ndarray, shape (...)
        Number of hosts [node].

    Notes
    -----
    min over the groups. Hosts without members may be lost besides.

    References
    ----------
    See `quorum`.

    Examples
    --------
    >>> host_losses_in_quorum([1, 2])
    1.0
    """
    return plain(np.min(np.asarray(losses_tolerated, dtype=float), axis=0))


def quorum_loss_probability(
    members: Array, hosts: Array, hosts_down: Array, outside_votes: Array = 0.0
) -> Array:
    """Probability that a voting group stops when some of the hosts are down, any of them.

    Parameters
    ----------
    members : array_like
        Members of the group, one each on as many different hosts [1].
    hosts : array_like
        Hosts in all [node].
    hosts_down : array_like
        Hosts down at once [node].
    outside_votes : array_like
        Further votes that stay up, such as a tie-breaker elsewhere [1].

    Returns
    -------
    float or ndarray
        Probability [1]; exactly 0 or 1 where the outcome is certain.

    Raises
    ------
    ValueError
        If there are more members than hosts or more hosts down than hosts.

    Notes
    -----
    sum over j > tolerated of C(M, j) C(H - M, f - j) / C(H, f).

    References
    ----------
    Hypergeometric law over the quorum rule of `quorum`.

    Examples
    --------
    Four hosts, two down: three monitors stop in three of six cases, four in all.

    >>> quorum_loss_probability([3, 4], 4, 2).tolist()
    [0.5, 1.0]
    """
    votes, total = whole(members, "members", 1), whole(hosts, "hosts", 1)
    down, outside = whole(hosts_down, "hosts_down"), whole(outside_votes, "outside_votes")
    require((votes <= total) | np.isnan(total), votes, "members", "at most the number of hosts")
    require((down <= total) | np.isnan(total), down, "hosts_down", "at most the number of hosts")
    fatal = (votes + outside - 1) // 2 + 1
    return hypergeometric(total, down, votes, fatal, votes)


class GroupLosses(NamedTuple):
    """Probability of lost quorum for each group, and for at least one of them."""

    each: Any
    at_least_one: float


def quorum_group_losses(member_on_host: Any, hosts_down: int) -> GroupLosses:
    """Quorum losses of several groups that share hosts, counted over every set of failed hosts.

    Parameters
    ----------
    member_on_host : array_like of bool, shape (hosts, groups)
        Where each group (monitors, database, message queue, Juju ...) has a member [1].
    hosts_down : int
        Hosts down at once, any of them [node].

    Returns
    -------
    GroupLosses
        Probabilities [1]: an array over the groups, and one for any of them.

    Raises
    ------
    ValueError
        If a group has no member, more hosts are down than exist, or there are more than a million
        sets of failed hosts.

    Notes
    -----
    The groups fail together as far as they share hosts, so the probability for any of them lies
    between the greatest and the sum of the single ones; enumeration gives it exactly.

    References
    ----------
    Quorum rule of `quorum`, every set of failed hosts equally likely.

    Examples
    --------
    Three monitors on the first three of four hosts, three database members on the last three:

    >>> losses = quorum_group_losses([[1, 0], [1, 1], [1, 1], [0, 1]], 2)
    >>> losses.each.tolist(), round(losses.at_least_one, 6)
    ([0.5, 0.5], 0.833333)
    """
    members = np.asarray(member_on_host, dtype=bool)
    if members.ndim != 2 or not members.any(axis=0).all():
        raise ValueError("member_on_host must be hosts x groups with a member in every group")
    hosts = len(members)
    down = int(whole(hosts_down, "hosts_down"))
    require(down <= hosts, down, "hosts_down", f"at most the {hosts} hosts")
    sets = comb(hosts, down)
    if sets > _MOST_HOST_SETS:
        raise ValueError(f"{hosts} hosts have too many sets of {down}; use quorum_loss_probability")
    failed = np.array(list(combinations(range(hosts), down)), dtype=int).reshape(sets, down)
    lost = members[failed].sum(axis=1)
    stopped = lost > (members.sum(axis=0) - 1) // 2
    return GroupLosses(stopped.mean(axis=0), float(stopped.any(axis=1).mean()))
