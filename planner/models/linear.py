"""Small linear programs, solved without a library."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np

Arrays: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

_NOTHING = 1e-9


class Optimum(NamedTuple):
    """Point of a linear program's maximum, and what one unit more of each bound would add."""

    point: Arrays
    prices: Arrays


def maximum(gains: Any, coefficients: Any, bounds: Any) -> Optimum:
    """Solve: maximise g . x under A x <= b and x >= 0.

    Parameters
    ----------
    gains : array_like, shape (variables,)
        g [1].
    coefficients : array_like, shape (rows, variables)
        A [1].
    bounds : array_like, shape (rows,)
        b, zero or positive, so that x = 0 is a solution [1].

    Returns
    -------
    Optimum
        x, and the prices y of the rows: the solution of the dual program, minimise b . y under
        A' y >= g and y >= 0 [1].

    Raises
    ------
    ValueError
        If a bound is negative, or the sum grows without limit.

    Notes
    -----
    Primal simplex on the full tableau. The variable with the largest gain enters, and by Bland's
    rule, which does not cycle, once that has taken long. Meant for tens of variables.

    References
    ----------
    Bland, "New finite pivoting rules for the simplex method", Math. Oper. Res. 2 (1977).

    Examples
    --------
    >>> maximum([1.0, 1.0], [[1.0, 2.0], [3.0, 1.0]], [4.0, 6.0])
    Optimum(point=array([1.6, 1.2]), prices=array([0.4, 0.2]))
    """
    limit = np.asarray(bounds, dtype=float)
    if (limit < 0).any():
        raise ValueError(f"bounds must be zero or positive, got {limit.min():g}")
    rows, variables = limit.size, np.size(gains)
    table = np.hstack([np.reshape(coefficients, (rows, variables)), np.eye(rows), limit[:, None]])
    gain = np.concatenate([np.asarray(gains, dtype=float), np.zeros(rows + 1)])
    basis = np.arange(variables, variables + rows)
    pivots = 0
    while (gain[:-1] > _NOTHING).any():
        pivots += 1
        steepest = pivots < 10 * (rows + variables)
        entering = int(np.argmax(gain[:-1] if steepest else gain[:-1] > _NOTHING))
        ratio = np.full(rows, np.inf)
        np.divide(table[:, -1], table[:, entering], out=ratio, where=table[:, entering] > _NOTHING)
        if not np.isfinite(ratio).any():
            raise ValueError("the linear program has no maximum: the sum grows without limit")
        tied = np.flatnonzero(ratio <= ratio.min() + _NOTHING)
        leaving = tied[np.argmin(basis[tied])]
        table[leaving] /= table[leaving, entering]
        others = np.flatnonzero(table[:, entering])
        others = others[others != leaving]
        table[others] -= table[others, entering, None] * table[leaving]
        gain -= gain[entering] * table[leaving]
        basis[leaving] = entering
    solution = np.zeros(variables + rows)
    solution[basis] = table[:, -1]
    return Optimum(solution[:variables], np.maximum(-gain[variables:-1], 0.0))
