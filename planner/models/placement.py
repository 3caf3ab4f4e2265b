"""How CRUSH spreads shares over failure domains of unequal weight, without a balancer.

The domains of an object are drawn one after another, each with a probability proportional to its
weight, a domain already drawn being drawn again. That is the order in which clocks ring that are
independent and exponential with the weights as rates, so sums over all orders become one integral
over the time at which a domain's own clock rings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from planner.models.combinatorics import plain, require, whole
from planner.models.dimensions import Array

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Groups: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

_BLOCK = 4_096  # columns times shares integrated at once
_EARLIEST = 1e-7  # of the mean time between rings: before it, hardly any clock has rung
_LATEST = 40.0  # mean ringing times of the slowest clock: e^-40 that it is still silent
_STEP = 0.7  # in log t; the more shares, the steeper the integrand's fall
_SURE = 1.0 - 1e-9  # inclusion probability above which odds lose their digits
_ITERATIONS = 100


def fullest_domain_load(domain_weight: Array, shares: Array) -> Array:
    """Largest ratio of the shares that a domain gets to its weight, which decides when it fills.

    Parameters
    ----------
    domain_weight : array_like, shape (domains, ...)
        Capacity or CRUSH weight of each domain, in any unit u.
    shares : int or array_like, shape (...)
        Shares of an object, each in another domain [1].

    Returns
    -------
    float or ndarray, shape (...)
        max_i pi_i / w_i [1/u], with pi_i the inclusion probability of domain i; infinite with
        fewer domains of positive weight than shares.

    Raises
    ------
    ValueError
        If a weight is negative or the shares are not whole and positive.

    Notes
    -----
    It is the smallest domain's: for w_i <= w_j

        pi_i / w_i - pi_j / w_j = int (e^(-w_i t) - e^(-w_j t)) P(at most n - 2 others by t) dt

    is not negative, so one integral is enough: int e^(-w t) P(at most n - 1 others by t) dt for
    the smallest w. It is taken by the trapezoidal rule in log t, whose error falls exponentially
    with the number of points: at most 3e-11 for ratios of weights up to 1e6, up to 1,000 domains
    and 200 shares, against a fine Gauss-Legendre rule. Equal weights need no integral: pi = n / m.

    References
    ----------
    Weil, Brandt, Miller, Maltzahn, "CRUSH: Controlled, Scalable, Decentralized Placement of
    Replicated Data", SC 2006. Exponential race: Rosen, "Asymptotic theory for successive sampling
    with varying probabilities without replacement", Annals of Mathematical Statistics 43, 1972.

    Examples
    --------
    >>> round(1 / fullest_domain_load([6.0, 8.0, 10.0, 12.0, 14.0], 3), 3)
    14.218
    """
    weight = np.asarray(domain_weight, dtype=float)
    require(weight >= 0, weight, "domain_weight", "0 or more")
    count = whole(shares, "shares", 1)
    weight, count, trailing = as_columns(weight, count)
    total = weight.sum(axis=0)
    load = np.where(np.isnan(total + count), np.nan, np.inf)
    placeable = ((weight > 0).sum(axis=0) >= count) & ~np.isnan(total)
    lightest = np.where(weight > 0, weight, np.inf).min(axis=0, initial=np.inf)
    alike = placeable & (lightest == weight.max(axis=0, initial=0.0))
    load[alike] = count[alike] / total[alike]
    placeable = np.flatnonzero(placeable & ~alike)
    block = max(1, int(_BLOCK // count[placeable].max(initial=1.0)))
    for start in range(0, placeable.size, block):
        part = placeable[start : start + block]
        integral = _smallest_domain_integral(weight[:, part] / total[part], count[part])
        load[part] = integral / total[part]
    return plain(load.reshape(trailing))


def inclusion_probabilities(domain_weight: Array, shares: int) -> Values:
    """Probability of each domain to receive a share of an object under CRUSH.

    Parameters
    ----------
    domain_weight : array_like, shape (domains,)
        Capacity or CRUSH weight of each domain, in any unit.
    shares : int
        Shares of an object, each in another domain [1].

    Returns
    -------
    ndarray, shape (domains,)
        Probabilities [1], which add up to the shares; NaN if a weight is unknown or if fewer
        domains have weight than there are shares.

    Raises
    ------
    ValueError
        If a weight is negative or the shares are not whole and positive.

    Notes
    -----
    pi_i = int w_i e^(-w_i t) P(at most n - 1 of the others have rung by t) dt, see
    `fullest_domain_load`. Equal weights give n / m.

    References
    ----------
    Rosen, "Asymptotic theory for successive sampling with varying probabilities without
    replacement", Annals of Mathematical Statistics 43, 1972.

    Examples
    --------
    >>> inclusion_probabilities([6.0, 8.0, 10.0, 12.0, 14.0], 3).round(4)
    array([0.422 , 0.5296, 0.6181, 0.6878, 0.7424])
    """
    weight = np.asarray(domain_weight, dtype=float)
    require(weight >= 0, weight, "domain_weight", "0 or more")
    count = int(whole(shares, "shares", 1))
    positive = weight > 0
    if not positive.sum() >= count or np.isnan(weight).any():
        return np.full(weight.shape, np.nan)
    rates = weight[positive] / weight.sum()
    times, factors = _log_grid(rates.min(keepdims=True), count)
    silent = np.exp(-np.outer(rates, times))
    few_others = _others(-np.expm1(-np.outer(rates, times)), count).sum(axis=1)
    probability = np.zeros(weight.shape)
    probability[positive] = rates * ((silent * few_others) @ factors[:, 0])
    return probability


def draw_domain_groups(
    domain_weight: Array,
    shares: int,
    placement_groups: int,
    pools: int,
    rng: np.random.Generator,
) -> Iterator[Groups]:
    """Draw how many placement groups of each of many random pools every domain gets.

    Parameters
    ----------
    domain_weight : array_like, shape (domains,)
        Capacity or CRUSH weight of each domain, all positive, in any unit; at least as many
        domains as shares.
    shares : int
        Shares of an object, each in another domain [1].
    placement_groups : int
        Groups of a pool [1].
    pools : int
        Pools to draw [1].
    rng : numpy.random.Generator
        Source of the random numbers.

    Yields
    ------
    ndarray of int, shape (pools,)
        Groups with a share in the domain [1], domain after domain.

    Notes
    -----
    The groups of a pool are sorted by the number of shares that they have still to place; each
    domain takes a binomial number of every class. The work does not depend on the number of
    groups. Exact for equal weights; for unequal ones every domain's own distribution is exact
    and the dependence between domains is that of conditional Poisson sampling, the law of
    greatest entropy with these inclusion probabilities.

    References
    ----------
    Chen, Dempster, Liu, "Weighted finite population sampling to maximize entropy", Biometrika 81,
    1994.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> [groups.tolist() for groups in draw_domain_groups([1.0, 1.0], 2, 128, 1, rng)]
    [[128], [128]]
    """
    waiting = np.zeros((shares + 1, pools), dtype=np.int64)
    waiting[shares] = placement_groups
    for probability in _sequential_probabilities(domain_weight, shares):
        placed = rng.binomial(waiting[1:], probability[:, np.newaxis])
        waiting[1:] -= placed
        waiting[:-1] += placed
        yield placed.sum(axis=0)


def as_columns(capacity: Values, count: Values) -> tuple[Values, Values, tuple[int, ...]]:
    """Bring domains and counts to one column a case, whatever their further axes.

    Parameters
    ----------
    capacity : ndarray, shape (domains, ...)
        Any property of the domains, their axis first.
    count : ndarray, shape (...)
        Any property of the case as a whole.

    Returns
    -------
    capacity : ndarray, shape (domains, columns)
        The first argument.
    count : ndarray, shape (columns)
        The second argument.
    trailing : tuple of int
        The further axes that both broadcast to; their product is the number of columns.

    Examples
    --------
    >>> values, count, trailing = as_columns(np.ones(4), np.array([[2.0], [3.0]]))
    >>> values.shape, count.shape, trailing
    ((4, 2), (2,), (2, 1))
    """
    trailing = np.broadcast_shapes(capacity.shape[1:], count.shape)
    spread = np.broadcast_to(widened(capacity, len(trailing)), capacity.shape[:1] + trailing)
    columns = int(np.prod(trailing))
    return (
        spread.reshape(spread.shape[0], columns),
        np.broadcast_to(count, trailing).reshape(columns),
        trailing,
    )


def widened(values: Values, further_axes: int) -> Values:
    """Insert axes of length one after the first, so that two entities' arrays broadcast.

    Parameters
    ----------
    values : ndarray, shape (entities, ...)
        Any property of the entities, their axis first.
    further_axes : int
        Axes wanted beside the first.

    Returns
    -------
    ndarray
        The same numbers.

    Examples
    --------
    >>> widened(np.ones((3, 5)), 2).shape
    (3, 1, 5)
    """
    missing = (1,) * (further_axes + 1 - values.ndim)
    return values.reshape(values.shape[:1] + missing + values.shape[1:])


def _smallest_domain_integral(weight: Values, count: Values) -> Values:
    """Integral for the smallest positive weight of each column; weights add up to one."""
    smallest = np.where(weight > 0, weight, np.inf).min(axis=0)
    others = weight.copy()
    is_smallest = np.argmax(weight == smallest, axis=0)
    np.put_along_axis(others, is_smallest[np.newaxis], 0.0, axis=0)
    times, factors = _log_grid(smallest, float(count.max()))
    silent = np.exp(-smallest * times)
    integral: Values = np.sum(factors * silent * _at_most(others, times, count - 1), axis=0)
    return integral


def _log_grid(slowest: Values, shares: float) -> tuple[Values, Values]:
    """Times and factors of the trapezoidal rule in log t, for clocks of total rate one.

    The first factor includes the points before the first time, a geometric series.
    """
    start, stop = np.log(_EARLIEST), np.log(_LATEST / slowest)
    step = _STEP / np.sqrt(max(shares, 8.0))
    points = int(np.ceil((stop.max() - start) / step)) + 1
    width = (stop - start) / (points - 1)
    times = np.exp(start + width * np.arange(points)[:, np.newaxis])
    factors = width * times
    factors[0] += width * _EARLIEST / np.expm1(width)
    return times, factors


def _at_most(rates: Values, times: Values, limit: Values) -> Values:
    """Probability that at most `limit` of the clocks have rung, (times, columns)."""
    terms = int(limit.max()) + 1
    rung = np.zeros((terms, *times.shape))
    rung[0] = 1.0
    for rate in rates:
        silent = np.exp(-rate * times)
        rings = -np.expm1(-rate * times)
        rung[1:] = rung[1:] * silent + rung[:-1] * rings
        rung[0] *= silent
    rung[np.arange(terms)[:, np.newaxis, np.newaxis] > limit + np.zeros_like(times)] = 0.0
    probability: Values = np.sum(rung, axis=0)
    return probability


def _others(ringing: Values, terms: int) -> Values:
    """P(a of the other domains), a < terms, for each domain: (domains, terms, cases).

    `ringing` holds independent probabilities, (domains, cases). The domains before and those
    after each one are counted separately, so that nothing has to be divided out again.
    """
    before = _running_counts(ringing, terms)
    after = _running_counts(ringing[::-1], terms)[::-1]
    counts = np.zeros_like(before)
    for total in range(terms):
        for first in range(total + 1):
            counts[:, total] += before[:, first] * after[:, total - first]
    return counts


def _running_counts(ringing: Values, terms: int) -> Values:
    """P(a of the domains before each one), a < terms: (domains, terms, cases)."""
    counts = np.zeros((ringing.shape[0], terms, ringing.shape[1]))
    counts[:1, 0] = 1.0
    for domain in range(ringing.shape[0] - 1):
        counts[domain + 1] = counts[domain] * (1.0 - ringing[domain])
        counts[domain + 1, 1:] += counts[domain, :-1] * ringing[domain]
    return counts


def _sequential_probabilities(domain_weight: Array, shares: int) -> Values:
    """P(a group uses a domain | 1 .. n of its shares are left for it and those after it)."""
    ringing = _independent_probabilities(domain_weight, shares)[:, np.newaxis]
    after = _running_counts(ringing[::-1], shares + 1)[::-1, :, 0]
    used, passed = ringing * after[:, :-1], (1.0 - ringing) * after[:, 1:]
    return np.divide(used, used + passed, out=np.zeros_like(used), where=used > 0)


def _independent_probabilities(domain_weight: Array, shares: int) -> Values:
    """Independent probabilities that, given a sum of n, include each domain as CRUSH does."""
    target = np.minimum(inclusion_probabilities(domain_weight, shares), _SURE)
    if target.size == shares:
        return np.full(target.shape, 0.5)
    odds = target / (1.0 - target)
    for _ in range(_ITERATIONS):
        counts = _others((odds / (1.0 + odds))[:, np.newaxis], shares + 1)[:, :, 0]
        improved = target / (1.0 - target) * counts[:, shares] / counts[:, shares - 1]
        if np.allclose(improved, odds, rtol=1e-6, atol=0.0):
            break
        odds = improved
    return odds / (1.0 + odds)
