"""Which of several designs to choose: dominance, weighted ranking, chances and regret.

The designs come first, the criteria second where there are any, and any further axis (draws) is
carried along. Nothing here has a unit of its own.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.models.arguments import amount
from planner.models.dimensions import Array

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

_TIE = 1e-9  # relative: scores and values this close are equal


def dominance(value: Array, hoped: Array | None = None) -> Flags:
    """Which designs dominate which: as good by every criterion, and better by one.

    Parameters
    ----------
    value : array_like, shape (designs, criteria, ...)
        What each design gives by each criterion, higher being better, in any units.
    hoped : array_like, shape (designs, criteria, ...), optional
        The best that each could give where `value` is unknown; `value` itself by default.

    Returns
    -------
    ndarray of bool, shape (designs, designs, ...)
        Whether the first dominates the second.

    Notes
    -----
    i dominates j if v_i,c >= h_j,c for all criteria c and v_i,c > h_j,c for one. What is unknown
    (NaN) neither dominates nor is dominated, unless a bound in `hoped` decides. Designs that are
    equal by every criterion do not dominate each other.

    References
    ----------
    Pareto dominance: Ehrgott, "Multicriteria Optimization", 2nd edition, Springer 2005, chapter 2.

    Examples
    --------
    >>> dominance([[3.0, 1.0], [2.0, 1.0], [1.0, 2.0]]).astype(int).tolist()
    [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    """
    given = _table(value)
    best = given if hoped is None else _table(hoped)
    one, other = given[:, np.newaxis], best[np.newaxis]
    return np.all(one >= other, axis=2) & np.any(one > other, axis=2)


def pareto_set(value: Array) -> Flags:
    """Which designs no other dominates.

    Parameters
    ----------
    value : array_like, shape (designs, criteria, ...)
        What each design gives by each criterion, higher being better, in any units.

    Returns
    -------
    ndarray of bool, shape (designs, ...)
        Whether a design belongs to the Pareto set, see `dominance`.

    Examples
    --------
    >>> pareto_set([[3.0, 1.0], [2.0, 1.0], [1.0, 2.0]]).tolist()
    [True, False, True]
    """
    return ~np.any(dominance(value), axis=0)


def merit(value: Array, lower_is_better: Array) -> Values:
    """How good each design is by each criterion, as a ratio to the best of them.

    Parameters
    ----------
    value : array_like, shape (designs, criteria, ...)
        What each design gives by each criterion, in any units, zero or positive.
    lower_is_better : array_like of bool, shape (criteria,)
        Whether less of it is better, as of costs.

    Returns
    -------
    ndarray, shape (designs, criteria, ...)
        1 for the best design of those that are known, 0.5 for one that costs twice as much or
        gives half as much; NaN where it is unknown.

    Raises
    ------
    ValueError
        If a value is negative: ratios to it mean nothing.

    Notes
    -----
    b / x where less is better, x / b where more is, with b the best of the designs. Zero to zero
    is 1.

    Examples
    --------
    >>> merit([[100.0, 8.0], [200.0, 16.0]], [True, False]).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    table = amount(_table(value), "value")
    lower = np.asarray(lower_is_better, dtype=bool)
    lower = lower.reshape((-1,) + (1,) * (table.ndim - 2))
    best = np.where(lower, np.fmin.reduce(table, axis=0), np.fmax.reduce(table, axis=0))
    over, under = np.where(lower, best, table), np.where(lower, table, best)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((over == 0.0) & (under == 0.0), 1.0, over / under)


def weighted_score(merit: Array, weight: Array) -> Values:
    """One number for each design: the weighted geometric mean of its merits.

    Parameters
    ----------
    merit : array_like, shape (designs, criteria, ...)
        Ratios to the best design [1], see `merit`.
    weight : array_like, shape (criteria,) or (criteria, ...)
        Weights, zero or positive, in any unit; only their ratios matter.

    Returns
    -------
    ndarray, shape (designs, ...)
        Between 0 and 1 [1]; 0 where a criterion of any weight is at zero.

    Raises
    ------
    ValueError
        If a weight is negative or all of them are zero.

    Notes
    -----
    prod_c m_c^(w_c / sum w), the weighted product. Ratios are used, and multiplied, because the
    order of two designs then depends neither on units nor on which other designs are compared:
    with ranges scaled from worst to best (min-max), adding a hopeless design turns rankings. With
    equal weights, one per cent less cost makes up for one per cent less capacity.

    References
    ----------
    Miller, Starr, "Executive Decisions and Operations Research", Prentice-Hall 1969; rank
    reversal of scaled sums: Belton, Gear, Omega 11, 1983.

    Examples
    --------
    >>> weighted_score([[1.0, 0.5], [0.5, 1.0]], [3.0, 1.0]).round(3).tolist()
    [0.841, 0.595]
    """
    table = _table(merit)
    share = _shares(weight)
    share = share.reshape(share.shape + (1,) * (table.ndim - 1 - share.ndim))
    return np.prod(np.where(share == 0.0, 1.0, table**share), axis=1)


def simplex_weights(criteria: int, points: int = 4_096) -> Values:
    """Weights spread evenly over all that add up to one.

    Parameters
    ----------
    criteria : int
        Number of weights [1], one or more.
    points : int
        Sets of weights [1].

    Returns
    -------
    ndarray, shape (criteria, points)
        Weights [1]; always the same.

    Raises
    ------
    ValueError
        If there is no criterion or no point.

    Notes
    -----
    The gaps between n - 1 sorted numbers and the ends of [0, 1] are uniform over the simplex; the
    numbers are those of an additive recurrence with powers of the root of x^n = x + 1, whose
    discrepancy falls faster than that of random ones. A share of the simplex from 4,096 points is
    within 0.01 of the exact volume for up to six criteria.

    References
    ----------
    Devroye, "Non-Uniform Random Variate Generation", Springer 1986, chapter 5 (spacings); additive
    recurrence: Niederreiter, SIAM 1992; the root: Roberts, "The unreasonable effectiveness of
    quasirandom sequences", 2018.

    Examples
    --------
    >>> simplex_weights(2, 4).round(3).tolist()
    [[0.118, 0.736, 0.354, 0.972], [0.882, 0.264, 0.646, 0.028]]
    """
    if criteria < 1 or points < 1:
        message = f"criteria and points must be 1 or more, got {criteria} and {points}"
        raise ValueError(message)
    root = 1.5
    for _ in range(60):
        root = (1.0 + root) ** (1.0 / max(criteria, 2))
    steps = root ** -np.arange(1.0, criteria)[:, np.newaxis]
    cuts = np.sort((0.5 + steps * np.arange(1.0, points + 1.0)) % 1.0, axis=0)
    ends = np.ones((1, points))
    return np.diff(np.concatenate([0.0 * ends, cuts, ends]), axis=0)


def first_share(score: Array, allowed: Array | Flags | None = None) -> Values:
    """How often each design is first.

    Parameters
    ----------
    score : array_like, shape (designs, ..., cases)
        Scores in any unit, higher being better; the cases are draws or sets of weights.
    allowed : array_like of bool, shape (designs, ..., cases), optional
        Whether a design may be first in a case; all by default.

    Returns
    -------
    ndarray, shape (designs, ...)
        Share of the cases [1]; those that tie share a case. They add up to one unless no design
        is allowed in some cases. A design whose score is unknown (NaN) is never first.

    Notes
    -----
    Over draws it is the probability to be best; over weights spread evenly over all that are
    possible it is the first rank acceptability of SMAA.

    References
    ----------
    Lahdelma, Salminen, "SMAA-2: Stochastic Multicriteria Acceptability Analysis for Group
    Decision Making", Operations Research 49, 2001.

    Examples
    --------
    >>> first_share([[3.0, 2.0, 5.0, 1.0], [1.0, 2.0, 4.0, 2.0]]).tolist()
    [0.625, 0.375]
    """
    scores = np.asarray(score, dtype=float)
    may = ~np.isnan(scores) if allowed is None else np.asarray(allowed, bool) & ~np.isnan(scores)
    candidates = np.where(may, scores, -np.inf)
    first = may & _level(candidates, np.max(candidates, axis=0))
    return np.mean(first / np.maximum(np.sum(first, axis=0), 1), axis=-1)


def probability_better(one: Array, other: Array) -> Array:
    """Probability that one design has more of something than another.

    Parameters
    ----------
    one, other : array_like, shape (..., draws)
        The quantity of either design in the same draws, in any one unit.

    Returns
    -------
    float or ndarray, shape (...)
        Share of the draws [1]; a tie counts half. NaN where either is unknown in any draw.

    Notes
    -----
    Draws are paired: what both designs have in common moves both and cancels out.

    Examples
    --------
    >>> probability_better([3.0, 2.0, 1.0, 4.0], [1.0, 2.0, 3.0, 2.0])
    0.625
    """
    first, second = np.broadcast_arrays(np.asarray(one, float), np.asarray(other, float))
    level = _level(first, second)
    share = np.mean(np.where(level, 0.5, first > second), axis=-1)
    found = np.where(np.any(np.isnan(first) | np.isnan(second), axis=-1), np.nan, share)
    return float(found) if found.ndim == 0 else found


def regret(loss: Array) -> Values:
    """How much worse each design turns out than the best one would have been.

    Parameters
    ----------
    loss : array_like, shape (designs, ...)
        What each design costs, penalties included, in any unit.

    Returns
    -------
    ndarray, shape (designs, ...)
        Regret in the unit of the loss, zero or positive; NaN where any design is unknown.

    Notes
    -----
    r_i = l_i - min_j l_j in each draw. Its greatest value over the draws is what Savage's rule
    makes least; its mean orders designs as their mean loss does.

    References
    ----------
    Savage, "The Theory of Statistical Decision", Journal of the American Statistical Association
    46, 1951.

    Examples
    --------
    >>> regret([[10.0, 14.0], [12.0, 11.0]]).tolist()
    [[0.0, 3.0], [2.0, 0.0]]
    """
    losses = np.asarray(loss, dtype=float)
    return losses - np.min(losses, axis=0)


def penalty(value: Array, needed: Array, under: Array, over: Array = 0.0) -> Values:
    """What it costs to have less or more than is needed.

    Parameters
    ----------
    value, needed : array_like
        What there is, and what is needed, in any one unit u.
    under, over : array_like
        Cost of each unit that lacks, and of each that is not needed [money/u].

    Returns
    -------
    ndarray
        Cost [money].

    Raises
    ------
    ValueError
        If a cost is negative.

    Notes
    -----
    under max(needed - value, 0) + over max(value - needed, 0), the loss of the newsvendor problem.

    References
    ----------
    Arrow, Harris, Marschak, "Optimal Inventory Policy", Econometrica 19, 1951.

    Examples
    --------
    >>> penalty([90.0, 100.0], 96.0, 50.0, 2.0).tolist()
    [300.0, 8.0]
    """
    lack = np.asarray(needed, dtype=float) - np.asarray(value, dtype=float)
    short, spare = np.maximum(lack, 0.0), np.maximum(-lack, 0.0)
    return np.asarray(amount(under, "under") * short + amount(over, "over") * spare)


def _table(values: Array) -> Values:
    table = np.asarray(values, dtype=float)
    if table.ndim < 2:
        message = f"designs and criteria are needed as two axes, got shape {table.shape}"
        raise ValueError(message)
    return table


def _shares(weight: Array) -> Values:
    weights = amount(weight, "weight")
    total = np.sum(weights, axis=0)
    if not np.all(total > 0.0):
        message = f"some weight must be positive, got {weights.tolist()}"
        raise ValueError(message)
    return weights / total


def _level(one: Values, other: Values) -> Flags:
    """Whether two numbers are the same, apart from rounding."""
    return np.isclose(one, other, rtol=_TIE, atol=0.0)
