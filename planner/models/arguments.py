"""Arguments of the models as arrays, with their range checked; unknown (NaN) values pass."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.models.combinatorics import require

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


def amount(values: Any, name: str) -> Values:
    """Return an argument that must be zero or positive.

    Parameters
    ----------
    values : array_like
        What was given.
    name : str
        Name of the argument, for the message.

    Returns
    -------
    ndarray
        The values.

    Raises
    ------
    ValueError
        If a value is negative.

    Examples
    --------
    >>> amount([1, 2], "weights")
    array([1., 2.])
    """
    array = np.asarray(values, dtype=float)
    require(array >= 0, array, name, "zero or positive")
    return array


def positive(values: Any, name: str) -> Values:
    """Return an argument that must be positive.

    Parameters
    ----------
    values : array_like
        What was given.
    name : str
        Name of the argument, for the message.

    Returns
    -------
    ndarray
        The values.

    Raises
    ------
    ValueError
        If a value is zero or negative.

    Examples
    --------
    >>> positive(2, "weight")
    array(2.)
    """
    array = np.asarray(values, dtype=float)
    require(array > 0, array, name, "positive")
    return array


def share(values: Any, name: str) -> Values:
    """Return an argument that must lie between 0 and 1.

    Parameters
    ----------
    values : array_like
        What was given.
    name : str
        Name of the argument, for the message.

    Returns
    -------
    ndarray
        The values.

    Raises
    ------
    ValueError
        If a value is below 0 or above 1.

    Examples
    --------
    >>> share(0.25, "configured_share")
    array(0.25)
    """
    array = np.asarray(values, dtype=float)
    require((array >= 0) & (array <= 1), array, name, "between 0 and 1")
    return array
