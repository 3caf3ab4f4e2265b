"""Counting laws shared by the availability models, on arrays and without a loop over samples."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.models.dimensions import Array

Counts: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


def plain(values: Any) -> Array:
    """Return a 0-dimensional array as a float and any other array as it is.

    Parameters
    ----------
    values : array_like
        Result of a model [1], any shape.

    Returns
    -------
    float or ndarray
        The same numbers.

    Examples
    --------
    >>> plain([[1.0]])[0]
    array([1.])
    >>> plain(3)
    3.0
    """
    array = np.asarray(values, dtype=float)
    return float(array) if array.ndim == 0 else array


def require(valid: Any, values: Any, name: str, rule: str) -> None:
    """Raise an error that names the argument, unless every value is valid or unknown.

    Parameters
    ----------
    valid : array_like of bool
        Where the values satisfy the rule, broadcastable with `values`.
    values : array_like
        The argument that was given; NaN (unknown) passes.
    name : str
        Name of the argument.
    rule : str
        What would be valid, in words.

    Raises
    ------
    ValueError
        If a known value breaks the rule.

    Examples
    --------
    >>> require(False, 0, "shares", "at least 1")
    Traceback (most recent call last):
    ...
    ValueError: shares must be at least 1, got 0
    """
    given = np.asarray(values, dtype=float)
    wrong = ~(np.asarray(valid, dtype=bool) | np.isnan(given))
    if np.any(wrong):
        first = np.broadcast_to(given, wrong.shape)[wrong].flat[0]
        raise ValueError(f"{name} must be {rule}, got {first:g}")


def whole(values: Any, name: str, minimum: float = 0.0) -> Counts:
    """Return the argument as an array after checking that it counts something.

    Parameters
    ----------
    values : array_like
        Whole numbers, or NaN where unknown [1].
    name : str
        Name of the argument, for the error message.
    minimum : float
        Smallest valid count [1].

    Returns
    -------
    ndarray
        The counts as floats.

    Raises
    ------
    ValueError
        If a value is below the minimum, infinite or has a fraction.

    Examples
    --------
    >>> whole([3, 4], "shares", 1)
    array([3., 4.])
    """
    counts = np.asarray(values, dtype=float)
    valid = np.isfinite(counts) & (counts >= minimum) & (counts == np.floor(counts))
    require(valid, counts, name, f"a whole number of at least {minimum:g}")
    return counts


def checked_shares(shares: Array, data_shares: Array) -> tuple[Counts, Counts]:
    """Return the two share counts as arrays after checking them against each other.

    Parameters
    ----------
    shares : array_like
        Shares of an object [1].
    data_shares : array_like
        Shares that suffice to read it [1].

    Returns
    -------
    tuple of ndarray
        Both counts as floats.

    Raises
    ------
    ValueError
        Unless 1 <= data_shares <= shares, both whole numbers.

    Examples
    --------
    >>> checked_shares(3, 1)
    (array(3.), array(1.))
    """
    n, k = whole(shares, "shares", 1), whole(data_shares, "data_shares", 1)
    require((k <= n) | np.isnan(n), k, "data_shares", "at most the number of shares")
    return n, k


def choose(total: Any, chosen: Any) -> Counts:
    """Binomial coefficient on arrays, exact up to 2^53 and zero outside 0 .. total.

    Parameters
    ----------
    total : array_like
        Size of the set [1].
    chosen : array_like
        Size of the subsets [1].

    Returns
    -------
    ndarray
        Number of subsets [1].

    Notes
    -----
    C(n, k) as the running product of (n - i) / (i + 1): each partial product is itself a binomial
    coefficient, so no rounding happens while it fits the 53 bits of a float.

    Examples
    --------
    >>> choose([4, 6], [2, 3]).tolist()
    [6.0, 20.0]
    """
    n, k = np.broadcast_arrays(np.asarray(total, dtype=float), np.asarray(chosen, dtype=float))
    result = np.where(np.isnan(n + k), np.nan, np.where((k < 0) | (k > n), 0.0, 1.0))
    for i in range(int(np.max(np.where(np.isnan(k), 0.0, k), initial=0.0))):
        result = np.where(i < k, result * (n - i) / (i + 1), result)
    return result


def hypergeometric(
    population: Array, marked: Array, drawn: Array, fewest: Array, most: Array
) -> Array:
    """Probability that a draw without replacement holds `fewest` to `most` marked members.

    Parameters
    ----------
    population : array_like
        Members in all [1].
    marked : array_like
        Marked members among them [1].
    drawn : array_like
        Members drawn, every set equally likely [1]; keep this the small one.
    fewest : array_like
        Fewest marked members in the draw that count [1].
    most : array_like
        Most marked members in the draw that count [1].

    Returns
    -------
    float or ndarray
        Probability [1], exactly 0 or 1 where the outcome is impossible or certain.

    Notes
    -----
    sum over j of C(f, j) C(H - f, n - j) / C(H, n).

    Examples
    --------
    Both of two lost hosts among the three that hold an object, four hosts:

    >>> hypergeometric(4, 2, 3, 2, 3)
    0.5
    """
    total, f, n, low, high = (
        np.asarray(value, dtype=float) for value in (population, marked, drawn, fewest, most)
    )
    known = ~np.isnan(total + f + n + low + high)
    hits = np.zeros(known.shape)
    for j in range(int(np.max(np.where(np.isnan(n), 0.0, n), initial=0.0)) + 1):
        ways = choose(f, float(j)) * choose(total - f, n - j)
        hits = hits + np.where((low <= j) & (j <= high), ways, 0.0)
    least, greatest = np.maximum(0.0, f + n - total), np.minimum(f, n)
    certain = (low <= least) & (greatest <= high)
    probability = np.where(certain, 1.0, hits / choose(total, n))
    return plain(np.where(known, probability, np.nan))
