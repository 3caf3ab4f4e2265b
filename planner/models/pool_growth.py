"""Several uses of one storage backend: how full they make it, what is left, when it is full."""

from __future__ import annotations

import numpy as np

from planner.models.combinatorics import plain
from planner.models.dimensions import Array, Byte, Number, PerYear, Year

_HALVINGS = 60
_LONGEST = 1000.0  # growth periods after which "never" is as good an answer


def pool_raw_use(pool_data: Byte, shares: Number, data_shares: Number = 1.0) -> Array:
    """Raw capacity that a pool takes.

    Parameters
    ----------
    pool_data : array_like
        User data [B].
    shares, data_shares : array_like
        Shares of an object in all, and those that suffice to read it [1].

    Returns
    -------
    float or ndarray
        Raw bytes [B].

    Notes
    -----
    U n / k.

    References
    ----------
    Definition of replication and erasure coding.

    Examples
    --------
    >>> pool_raw_use(2e12, 3)
    6000000000000.0
    """
    return plain(np.asarray(pool_data, dtype=float) * shares / data_shares)


def pool_fill(pool_data: Byte, pool_capacity: Byte) -> Array:
    """Part of the backend that a pool takes up.

    Parameters
    ----------
    pool_data : array_like
        User data of the pool [B].
    pool_capacity : array_like
        What the pool could hold if it had the backend to itself [B].

    Returns
    -------
    float or ndarray
        Part [1]; infinite where nothing can be stored.

    Notes
    -----
    U_p / C_p. Pools of any redundancy fit together if their parts add up to no more than 1: the
    placements that fit form a convex set, so this is exact for equal domains and safe for others.

    References
    ----------
    Convexity of the law of distinct failure domains.

    Examples
    --------
    >>> pool_fill(2e12, 8e12)
    0.25
    """
    data, room = (
        np.asarray(pool_data, dtype=float),
        np.asarray(pool_capacity, dtype=float),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return plain(np.where(data == 0.0, 0.0 * room, data / room))


def pools_fill(pool_fill: Number) -> Array:
    """Part of the backend that its pools take up together.

    Parameters
    ----------
    pool_fill : array_like, shape (pools, ...)
        Part that each pool takes up [1].

    Returns
    -------
    float or ndarray, shape (...)
        Part [1]; above 1 they do not fit.

    References
    ----------
    See `pool_fill`.

    Examples
    --------
    >>> pools_fill([0.25, 0.5])
    0.75
    """
    return plain(np.sum(np.asarray(pool_fill, dtype=float), axis=0))


def pool_room(pool_capacity: Byte, pools_fill: Number) -> Array:
    """User data that a pool can still take while the other pools stay as they are.

    Parameters
    ----------
    pool_capacity : array_like
        What the pool could hold if it had the backend to itself [B].
    pools_fill : array_like
        Part of the backend that all pools take up [1].

    Returns
    -------
    float or ndarray
        User data [B], never below 0.

    Notes
    -----
    C_p max(0, 1 - sum of the parts).

    References
    ----------
    See `pool_fill`.

    Examples
    --------
    >>> pool_room(8e12, 0.75)
    2000000000000.0
    """
    left = np.maximum(1.0 - np.asarray(pools_fill, dtype=float), 0.0)
    return plain(np.asarray(pool_capacity, dtype=float) * left)


def years_to_full(pool_fill: Number, growth: PerYear, growth_period: Year = 1.0) -> Array:
    """Time until the pools of a backend have filled it.

    Parameters
    ----------
    pool_fill : array_like, shape (pools, ...)
        Part of the backend that each pool takes up now [1].
    growth : array_like, shape (pools, ...)
        By what share of itself each pool grows in a year [1/yr].
    growth_period : float
        Time after which growth is added to what grows [yr].

    Returns
    -------
    float or ndarray, shape (...)
        Time [yr]; 0 if they do not fit now, infinite if they never fill it.

    Raises
    ------
    ValueError
        If a part or a growth is negative.

    Notes
    -----
    The t at which sum_p f_p (1 + g_p T)^(t / T) = 1, T the period: ln(1/f) / ln(1 + g) years for
    one pool. By bisection; beyond 1,000 periods it counts as never.

    References
    ----------
    Compound growth.

    Examples
    --------
    >>> round(years_to_full([0.5], [0.2]), 2), round(years_to_full([0.4, 0.1], [0.2, 1.0]), 2)
    (3.8, 2.06)
    """
    part, rate = np.asarray(pool_fill, dtype=float), np.asarray(growth, dtype=float)
    if np.any(part < 0) or np.any(rate < 0):
        raise ValueError("pool_fill and growth must be 0 or more")
    steps = np.log1p(rate * growth_period)

    def over(periods: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            grown = np.where(part > 0, part * np.exp(np.minimum(steps * periods, 700.0)), part)
        return np.sum(grown, axis=0)

    width = np.shape(np.sum(part + rate, axis=0))
    low, high = np.zeros(width), np.full(width, _LONGEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        full = over(middle) >= 1.0
        low, high = np.where(full, low, middle), np.where(full, middle, high)
    found = np.where(over(np.full(width, _LONGEST)) < 1.0, np.inf, high)
    found = np.where(over(np.zeros(width)) >= 1.0, 0.0, found)
    return plain(np.where(np.isnan(np.sum(part + rate, axis=0)), np.nan, found) * growth_period)
