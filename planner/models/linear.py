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


def maximum(gains: Any, coefficients: Any, bounds: Any, most: Any = np.inf) -> Optimum:
    """Solve: maximise g . x under A x <= b and 0 <= x <= u.

    Parameters
    ----------
    gains : array_like, shape (variables,)
        g [1].
    coefficients : array_like, shape (rows, variables)
        A [1].
    bounds : array_like, shape (rows,)
        b, zero or positive, so that x = 0 is a solution [1].
    most : array_like, shape (variables,) or scalar
        u, zero or positive; infinite for none [1].

    Returns
    -------
    Optimum
        x, and the prices y of the rows: the solution of the dual program, which minimises
        b . y + u . max(g - A' y, 0) for y >= 0 [1].

    Raises
    ------
    ValueError
        If a bound is negative, or the sum grows without limit.

    Notes
    -----
    Primal simplex on the full tableau with bounded variables: one that reaches its upper bound is
    counted down from there. The variable with the largest gain enters, and by Bland's rule, which
    does not cycle, once that has taken long. Meant for tens of variables.

    References
    ----------
    Dantzig, "Upper bounds, secondary constraints, and block triangularity in linear programming",
    Econometrica 23 (1955); Bland, "New finite pivoting rules for the simplex method", Math. Oper.
    Res. 2 (1977).

    Examples
    --------
    >>> maximum([1.0, 1.0], [[1.0, 2.0], [3.0, 1.0]], [4.0, 6.0])
    Optimum(point=array([1.6, 1.2]), prices=array([0.4, 0.2]))
    >>> maximum([1.0, 1.0], [[1.0, 2.0]], [4.0], [3.0, 3.0]).point
    array([3. , 0.5])
    """
    limit = np.asarray(bounds, dtype=float)
    gain = np.asarray(gains, dtype=float)
    upper = np.broadcast_to(np.asarray(most, dtype=float), gain.shape)
    least = min(limit.min(initial=0.0), upper.min(initial=0.0))
    if least < 0:
        raise ValueError(f"bounds must be zero or positive, got {least:g}")
    return _Tableau(gain, np.reshape(coefficients, (limit.size, gain.size)), limit, upper).solved()


class _Tableau:
    """Rows of the equations A x + s = b, and the gains of all variables below their bounds."""

    def __init__(self, gains: Arrays, matrix: Arrays, bounds: Arrays, most: Arrays) -> None:
        rows, self.variables = matrix.shape
        self.rows = np.hstack([matrix, np.eye(rows)])
        self.values = bounds.copy()
        self.gains = np.concatenate([gains, np.zeros(rows)])
        self.most = np.concatenate([most, np.full(rows, np.inf)])
        self.basis = np.arange(self.variables, self.variables + rows)
        self.from_top = np.zeros(self.gains.size, dtype=bool)

    def solved(self) -> Optimum:
        """Let variables enter while one gains; return the point and the prices."""
        steps, patience = 0, 10 * self.gains.size
        while (self.gains > _NOTHING).any():
            steps += 1
            steepest = np.argmax(self.gains if steps < patience else self.gains > _NOTHING)
            self._enter(int(steepest))
        point = np.zeros(self.gains.size)
        point[self.basis] = self.values
        top = self.from_top
        point[top] = self.most[top] - point[top]
        prices = np.maximum(-self.gains[self.variables :], 0.0)
        return Optimum(np.maximum(point[: self.variables], 0.0), prices)

    def _enter(self, entering: int) -> None:
        """Raise a variable until another, or itself, reaches a bound."""
        column = self.rows[:, entering]
        down, up = column > _NOTHING, column < -_NOTHING
        steps = np.full(column.size, np.inf)
        steps[down] = self.values[down] / column[down]
        steps[up] = (self.values[up] - self.most[self.basis[up]]) / column[up]
        step = steps.min(initial=np.inf)
        if self.most[entering] <= step:
            if np.isinf(step) and np.isinf(self.most[entering]):
                raise ValueError("the linear program has no maximum: the sum grows without limit")
            self.values = np.maximum(self.values - column * self.most[entering], 0.0)
            self._count_from_other_end(entering)
            return
        tied = np.flatnonzero(steps <= step + _NOTHING)
        leaving = int(tied[np.argmin(self.basis[tied])])
        if up[leaving]:
            basic = int(self.basis[leaving])
            self._count_from_other_end(basic)
            self.rows[leaving] *= -1.0
            self.values[leaving] = self.most[basic] - self.values[leaving]
        self._pivot(leaving, entering)

    def _count_from_other_end(self, variable: int) -> None:
        self.rows[:, variable] *= -1.0
        self.gains[variable] *= -1.0
        self.from_top[variable] ^= True

    def _pivot(self, leaving: int, entering: int) -> None:
        """Solve the leaving row for the entering variable, and put that into all others."""
        pivot = self.rows[leaving, entering]
        self.rows[leaving] /= pivot
        self.values[leaving] /= pivot
        others = np.flatnonzero(self.rows[:, entering])
        others = others[others != leaving]
        factors = self.rows[others, entering]
        self.rows[others] -= factors[:, None] * self.rows[leaving]
        self.values[others] = np.maximum(self.values[others] - factors * self.values[leaving], 0.0)
        self.gains -= self.gains[entering] * self.rows[leaving]
        self.basis[leaving] = entering
