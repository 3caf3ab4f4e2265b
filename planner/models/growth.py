"""Demand that grows by a share of itself every year, and how long a capacity lasts."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.models.arguments import amount
from planner.models.combinatorics import plain, require
from planner.models.dimensions import Array

_HALVINGS = 60
_LONGEST = 1000.0  # years after which "never" is as good an answer
_ROUNDING = 1e-9
_ENDLESS = 1e150  # as good as no limit, and no infinity less infinity


def grown(demand: Any, growth: Any, years: Any) -> Array:
    """Demand after some years.

    Parameters
    ----------
    demand : array_like
        Demand today, in any unit.
    growth : array_like
        By what share of itself it grows in a year, above -1 [1/yr].
    years : array_like
        Years from today [yr].

    Returns
    -------
    float or ndarray
        Demand then, in the unit of the demand.

    Raises
    ------
    ValueError
        If the demand is negative, or the growth is not above -1.

    Notes
    -----
    D (1 + g)^t. Always from the demand of today: growing what has already grown counts it twice.

    References
    ----------
    Compound growth.

    Examples
    --------
    >>> round(grown(100.0, 0.2, 3.0), 6)
    172.8
    """
    return plain(amount(demand, "demand") * (1.0 + _rate(growth)) ** np.asarray(years, dtype=float))


def runway(capacity: Any, demand: Any, growth: Any) -> Array:
    """Time until a growing demand exceeds a capacity.

    Parameters
    ----------
    capacity : array_like
        What there is, in the unit of the demand; what failures may take away is left out.
    demand : array_like
        Demand today.
    growth : array_like
        By what share of itself it grows in a year, above -1 [1/yr].

    Returns
    -------
    float or ndarray
        Years [yr]: 0 where the demand exceeds the capacity today, infinite where it fits and does
        not grow.

    Raises
    ------
    ValueError
        If the demand is negative, or the growth is not above -1.

    Notes
    -----
    ln(C / D) / ln(1 + g).

    References
    ----------
    Compound growth, solved for the time.

    Examples
    --------
    >>> round(runway(200.0, 100.0, 0.2), 2), runway(90.0, 100.0, 0.2), runway(200.0, 100.0, 0.0)
    (3.8, 0.0, inf)
    """
    have, need, rate = np.asarray(capacity, dtype=float), amount(demand, "demand"), _rate(growth)
    with np.errstate(divide="ignore", invalid="ignore"):
        years = np.log(have / need) / np.log1p(rate)
    years = np.where((rate <= 0) | (need == 0), np.inf, years)
    years = np.where(need > have, 0.0, np.maximum(years, 0.0))
    return plain(np.where(np.isnan(have + need + rate), np.nan, years))


def hosts_runway(host_count: Any, host_share: Any, growth: Any, losses: int = 1) -> Array:
    """Time until hosts of several kinds, each full by its own scarcest resource, are full.

    Parameters
    ----------
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    host_share : array_like, shape (resources, groups, ...)
        Part of the demand for each resource that one host of each group could carry [1].
    growth : array_like, shape (resources, ...)
        By what share of itself the demand for each resource grows in a year [1/yr].
    losses : int
        Hosts that may be lost, those that carry most [node].

    Returns
    -------
    float or ndarray, shape (...)
        Years [yr]: 0 where the demand does not fit today, infinite where it never grows so much.

    Raises
    ------
    ValueError
        If a count or a share is negative, or the losses are.

    Notes
    -----
    The t at which sum_i n_i h_i, less the largest hosts' h, falls to 1, with h_i = min_r s_ri
    (1 + g_r)^-t: the hosts divide the VMs such that each carries the part h_i. Where the same
    resource binds on all hosts by then, it is the least of the resources' runways; else it is
    less, and found by bisection. A demand that falls counts as one that stays. Beyond 1,000 years
    it counts as never.

    References
    ----------
    Definition.

    Examples
    --------
    Two hosts, one with memory for 3/4 of the VMs and processors for all, one the other way round:
    both resources would last for more than two years, but together they are full within one.

    >>> round(hosts_runway([1, 1], [[0.75, 1.5], [1.5, 0.75]], [0.5, 0.5], losses=0), 2)
    1.0
    >>> [round(runway(2.25, 1.0, 0.5), 2)] * 2
    [2.0, 2.0]
    """
    share = np.minimum(amount(host_share, "host_share"), _ENDLESS)
    count = _carried(amount(host_count, "host_count"), share.ndim - 1)
    if losses < 0:
        raise ValueError(f"losses must be zero or positive, got {losses}")
    rate = np.log1p(np.maximum(_rate(growth), 0.0))
    steps = _carried(rate.reshape(rate.shape[0], 1, *rate.shape[1:]), share.ndim)

    def left(years: Array) -> Any:
        return _remaining(count, np.min(share * np.exp(-steps * years), axis=0), losses)

    known = 0.0 * (np.sum(count + np.min(share, axis=0), axis=0) + np.sum(steps, axis=(0, 1)))
    alone = _least_runway(count, share, steps, losses) + known
    low, high = np.zeros(np.shape(alone)), np.minimum(alone, _LONGEST)
    if np.all((left(high * (1.0 - _ROUNDING)) >= 1.0) | (high == 0.0) | np.isnan(known)):
        return plain(alone)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        fits = left(middle) >= 1.0
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return plain(np.where(left(np.minimum(alone, _LONGEST)) >= 1.0, alone, low) + known)


def _least_runway(count: Any, share: Any, steps: Any, losses: int) -> Any:
    """The least of the resources' own runways: all hosts have of one the same part less."""
    have = np.stack([_remaining(count, one, losses) for one in share])
    with np.errstate(divide="ignore", invalid="ignore"):
        years = np.where(steps[:, 0] > 0.0, np.log(have) / steps[:, 0], np.inf)
    years = np.min(np.where(have < 1.0, 0.0, years), axis=0)
    return np.where(years > _LONGEST, np.inf, years)


def _remaining(count: Any, host: Any, losses: int) -> Any:
    """What the hosts carry together without those that carry most."""
    count, host, lost = _lost(count, host, losses)
    return np.sum((count - lost) * host, axis=0)


def _lost(count: Any, host: Any, losses: int) -> tuple[Any, Any, Any]:
    """Hosts of each group, what one carries, most first, and how many of them are lost."""
    both = np.broadcast_arrays(count, host)
    order = np.argsort(-both[1], axis=0)
    count, host = (np.take_along_axis(item, order, axis=0) for item in both)
    return count, host, np.clip(losses - (np.cumsum(count, axis=0) - count), 0.0, count)


def after_losses(group_amount: Any, host_count: Any, losses: int = 1) -> Array:
    """What groups of equal hosts have after the loss of the hosts that have most.

    Parameters
    ----------
    group_amount : array_like, shape (groups, ...)
        What each group has in all.
    host_count : array_like, shape (groups, ...)
        Hosts of each group [node].
    losses : int
        Hosts that are lost [node].

    Returns
    -------
    float or ndarray, shape (...)
        What is left, in the same unit.

    Raises
    ------
    ValueError
        If a count is negative, or the losses are.

    Notes
    -----
    sum - the largest of the hosts.

    References
    ----------
    Ganeti, ``GlobalN1.hs``, for one loss.

    Examples
    --------
    >>> after_losses([112.0, 20.0], [16, 1], losses=2)
    105.0
    """
    total = np.minimum(np.asarray(group_amount, dtype=float), _ENDLESS)
    count = _carried(amount(host_count, "host_count"), total.ndim)
    if losses < 0:
        raise ValueError(f"losses must be zero or positive, got {losses}")
    host = np.where(count == 0, 0.0, total / np.maximum(count, 1.0))
    _, each, lost = _lost(count, host, losses)
    return plain(np.sum(total, axis=0) - np.sum(lost * each, axis=0))


def least_count(demand: Any, host_amount: Any, losses: int = 0) -> Array:
    """Equal hosts that one resource alone would need.

    Parameters
    ----------
    demand : array_like
        Demand for the resource.
    host_amount : array_like
        What one host has of it, in the same unit.
    losses : int
        Hosts that may be lost besides [node].

    Returns
    -------
    float or ndarray
        Hosts [node]; infinite where a host has nothing of what is wanted.

    Raises
    ------
    ValueError
        If the demand or the losses are negative.

    Notes
    -----
    ceil(D / c) + k; a part in 1e12 of a host is rounding. No host at all where nothing is wanted.

    References
    ----------
    Definition.

    Examples
    --------
    >>> least_count(96.0, 13.0), least_count(96.0, 13.0, losses=1)
    (8.0, 9.0)
    """
    need, each = amount(demand, "demand"), amount(host_amount, "host_amount")
    if losses < 0:
        raise ValueError(f"losses must be zero or positive, got {losses}")
    with np.errstate(divide="ignore", invalid="ignore"):
        hosts = np.ceil(need / each * (1.0 - 1e-12)) + losses
    return plain(np.where(need == 0, 0.0, hosts))


def _carried(values: Any, axes: int) -> Any:
    """The values with as many axes: those that are missing are the last ones."""
    return values.reshape(*values.shape, *[1] * (axes - values.ndim))


def _rate(growth: Any) -> Any:
    rate = np.asarray(growth, dtype=float)
    require((rate > -1) | np.isnan(rate), rate, "growth", "above -1")
    return rate
