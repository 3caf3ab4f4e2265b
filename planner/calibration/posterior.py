"""The Gaussian model behind the calibration: levels of a load curve, given readings of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.calibration.shape_prior import LEVELS, Floats, ShapePrior

SHAPE_ROUGHNESS = 0.01
"""Share of the dynamic range below which the shape prior tells no readings apart."""

_EXACT = 1e-4
_VAGUE = 10.0
_PASSES = 40
_FREE_PASSES = 10
_SETTLED = 1e-4


@dataclass(frozen=True, eq=False)
class Equations:
    """Readings as equations ``hats . P = watts`` for the levels P, each with its error.

    Parameters
    ----------
    loads : ndarray, shape (readings,)
        Loads [1].
    hats : ndarray, shape (readings, 11)
        Weights of the levels in the power at each load [1]; see `level_weights`.
    watts : ndarray, shape (readings,)
        Power [W].
    sds : ndarray, shape (readings,)
        Standard deviation of each reading [W].
    """

    loads: Floats
    hats: Floats
    watts: Floats
    sds: Floats

    def take(self, numbers: Sequence[int]) -> Equations:
        """Some of the readings."""
        chosen = list(numbers)
        return Equations(
            self.loads[chosen], self.hats[chosen], self.watts[chosen], self.sds[chosen]
        )


def level_weights(loads: Floats) -> Floats:
    """Weights of the 11 levels in the power at each load, shape (loads, 11)."""
    return np.maximum(0.0, 1.0 - np.abs(10.0 * loads[:, np.newaxis] - np.arange(len(LEVELS))))


def posterior(prior: ShapePrior, rows: Equations) -> tuple[Floats, Floats]:
    """Mean and covariance of the levels, linearised at its own range and idle share.

    Parameters
    ----------
    prior : ShapePrior
        The shape before any reading.
    rows : Equations
        One reading or more.

    Returns
    -------
    mean : ndarray, shape (11,)
        Power at the levels [W].
    covariance : ndarray, shape (11, 11)
        Its covariance [W^2].
    """
    least = _EXACT * float(rows.watts.max())
    top, share = float(rows.watts.max()), prior.idle_share
    dynamic_range = (1.0 - share) * top
    for number in range(_PASSES):
        levels = _prior_levels(prior, top, dynamic_range, share)
        mean, covariance = _condition(*levels, rows, dynamic_range)
        pace = min(1.0, _FREE_PASSES / (number + 1))
        step = pace * (max(float(mean[-1]), least) - top)
        widening = pace * (max(float(mean[-1] - mean[0]), least) - dynamic_range)
        share += pace * (float(mean[0]) / (top + step) - share)
        top, dynamic_range = top + step, dynamic_range + widening
        if max(abs(step), abs(widening)) < _SETTLED * top:
            break
    return mean, covariance


def _prior_levels(
    prior: ShapePrior, top: float, dynamic_range: float, share: float
) -> tuple[Floats, Floats]:
    """Mean and covariance of the levels before any reading."""
    shape = prior.mean_at(share)
    ends = np.column_stack([1.0 - shape, shape])
    usual = np.array([prior.idle_share, 1.0])
    spread = np.diag([(prior.idle_share_sd * top) ** 2, 0.0])
    of_ends = (_VAGUE * top) ** 2 * np.outer(usual, usual) + spread
    return ends @ usual * top, dynamic_range**2 * prior.covariance + ends @ of_ends @ ends.T


def _condition(
    mean: Floats, covariance: Floats, rows: Equations, dynamic_range: float
) -> tuple[Floats, Floats]:
    """The levels after the readings."""
    hats, watts = _reduced(rows, dynamic_range)
    shared = hats @ covariance
    gain = np.linalg.solve(shared @ hats.T + np.eye(len(watts)), shared).T
    after = covariance - gain @ shared
    return mean + gain @ (watts - hats @ mean), (after + after.T) / 2.0


def _reduced(rows: Equations, dynamic_range: float) -> tuple[Floats, Floats]:
    """The equations in units of their errors, and no more of them than there are levels."""
    inside = (rows.loads > 0.0) & (rows.loads < 1.0)
    least = np.maximum(inside * SHAPE_ROUGHNESS * dynamic_range, _EXACT * rows.watts.max())
    equations = np.column_stack([rows.hats, rows.watts]) / np.maximum(rows.sds, least)[:, None]
    if len(equations) > len(LEVELS):
        equations = np.asarray(np.linalg.qr(equations, mode="r"))[: len(LEVELS)]
    return equations[:, :-1], equations[:, -1]
