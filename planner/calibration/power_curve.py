"""A machine's power over load, as far as it is known: mean and covariance of 11 levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from planner.calibration.meter_error import UNSTATED, MeterError, error_function
from planner.calibration.shape_prior import LEVELS, Floats
from planner.models.load_curves import curve_power

LoadDistribution: TypeAlias = tuple[float, float] | Sequence[float] | Floats

_STEPS_IN_A_BIN = 2000
_TWO_SIDED_90 = 1.645


@dataclass(frozen=True, eq=False)
class LoadCurve:
    """Gaussian distribution of the power at 0, 10 .. 100 % load.

    Parameters
    ----------
    mean : ndarray, shape (11,)
        Most likely power at each level [W].
    covariance : ndarray, shape (11, 11)
        Covariance of the power at the levels [W^2].
    scope : str
        Where the power is measured: ``wall``, ``psu_output``, ``rapl`` or ``ups_output``.
    basis : str
        Rung of the ladder of evidence: ``measured``, ``calibrated`` or ``look-alike``.
    warnings : tuple of str
        What is wrong with the readings or the curve.
    notes : tuple of str
        Assumptions that were made.
    floor, ceiling : ndarray, shape (11,)
        Limits of the power at each level [W] that are known as such.
    """

    mean: Floats
    covariance: Floats
    scope: str = "wall"
    basis: str = "measured"
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    floor: Floats = field(default_factory=lambda: np.zeros(len(LEVELS)))
    ceiling: Floats = field(default_factory=lambda: np.full(len(LEVELS), np.inf))

    @property
    def levels(self) -> Floats:
        """The load levels 0, 0.1 .. 1 [1]."""
        return LEVELS.copy()

    def power(self, load: npt.ArrayLike) -> Floats:
        """Mean power at loads.

        Parameters
        ----------
        load : array_like
            Loads [1]; beyond 0 .. 1 the nearer end counts.

        Returns
        -------
        array_like
            Power [W], of the shape of the loads.
        """
        return np.asarray(curve_power(self.mean, np.asarray(load, dtype=float)))[()]

    def sd(self, load: npt.ArrayLike) -> Floats:
        """Standard deviation of the power at loads.

        Parameters
        ----------
        load : array_like
            Loads [1]; beyond 0 .. 1 the nearer end counts.

        Returns
        -------
        array_like
            Standard deviation [W], of the shape of the loads.
        """
        position = 10.0 * np.clip(np.asarray(load, dtype=float), 0.0, 1.0)
        lower = np.fmin(position, 9).astype(np.intp)
        share = position - lower
        own, cross = np.diag(self.covariance), np.diag(self.covariance, 1)
        variance = (
            (1.0 - share) ** 2 * own[lower]
            + share**2 * own[lower + 1]
            + 2.0 * share * (1.0 - share) * cross[lower]
        )
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))[()]

    def interval(self, load: npt.ArrayLike, confidence: float = 0.9) -> tuple[Floats, Floats]:
        """Range that holds the power at loads with a probability.

        Parameters
        ----------
        load : array_like
            Loads [1].
        confidence : float
            Probability [1], between 0 and 1.

        Returns
        -------
        low, high : array_like
            Limits [W].

        Raises
        ------
        ValueError
            If the confidence is not between 0 and 1.

        Notes
        -----
        ``mean -+ z sd``, cut to the known limits and to what a curve that does not fall allows:
        the lower limit of a level holds for all loads above it, the upper limit for all below.
        """
        if not 0.0 < confidence < 1.0:
            raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
        quantile = NormalDist().inv_cdf(0.5 + confidence / 2.0)
        mean, reach = self.power(load), quantile * self.sd(load)
        reaches = quantile * np.sqrt(np.maximum(np.diag(self.covariance), 0.0))
        lows = np.maximum.accumulate(np.maximum(self.mean - reaches, self.floor))
        highs = np.minimum.accumulate(np.minimum(self.mean + reaches, self.ceiling)[::-1])[::-1]
        position = 10.0 * np.clip(np.asarray(load, dtype=float), 0.0, 1.0)
        below = np.fmin(np.floor(position), 10).astype(np.intp)
        above = np.fmin(np.ceil(position), 10).astype(np.intp)
        low = np.minimum(np.maximum(mean - reach, lows[below]), mean)
        high = np.maximum(np.minimum(mean + reach, highs[above]), mean)
        return low[()], high[()]

    def mean_power(self, load_distribution: LoadDistribution = (2.0, 5.0)) -> tuple[float, float]:
        """Mean power over time and its standard deviation.

        Parameters
        ----------
        load_distribution : tuple or array_like
            How the load is distributed over time; see `load_shares`.

        Returns
        -------
        mean, sd : float
            Power and its standard deviation [W].
        """
        shares = load_shares(load_distribution)
        variance = float(shares @ self.covariance @ shares)
        return float(shares @ self.mean), float(np.sqrt(max(variance, 0.0)))

    def samples(self, count: int, seed: int) -> Floats:
        """Curves drawn from the distribution; one that falls is lifted until it does not.

        Parameters
        ----------
        count : int
            Number of curves.
        seed : int
            Seed of the random numbers; the same seed gives the same curves.

        Returns
        -------
        ndarray, shape (11, count)
            Power at each level [W], never negative.
        """
        values, vectors = np.linalg.eigh(self.covariance)
        noise = np.random.default_rng(seed).standard_normal((len(LEVELS), count))
        roots = np.sqrt(np.maximum(values, 0.0))[:, np.newaxis]
        drawn = self.mean[:, np.newaxis] + vectors @ (roots * noise)
        return np.maximum.accumulate(np.maximum(drawn, 0.0), axis=0)

    def with_common_error(self, meter_error: MeterError = UNSTATED) -> LoadCurve:
        """The curve with an error that all its readings share.

        Parameters
        ----------
        meter_error : float, tuple, str or callable
            The error, as for `planner.calibration.meter_error.error_function`.

        Returns
        -------
        LoadCurve
            The same mean with a larger covariance.

        Notes
        -----
        S + d d^T, with d the error at each level; known limits give way by 1.645 d, since the same
        meter showed them. A gain error scales the curve as a whole: no
        number of readings of the same meter reveals it, and none averages it out.
        """
        error = error_function(meter_error)(self.mean)
        return replace(
            self,
            covariance=self.covariance + np.outer(error, error),
            floor=np.maximum(self.floor - _TWO_SIDED_90 * error, 0.0),
            ceiling=self.ceiling + _TWO_SIDED_90 * error,
        )


def load_shares(load_distribution: LoadDistribution) -> Floats:
    """Share of the time that each of the 11 load levels stands for.

    Parameters
    ----------
    load_distribution : tuple or array_like
        (a, b) of a Beta distribution of the load, or the 11 shares themselves.

    Returns
    -------
    ndarray, shape (11,)
        Shares [1] that add up to 1.

    Raises
    ------
    ValueError
        If there are neither two parameters above zero nor eleven shares of at least zero.

    Notes
    -----
    The share of a level is the probability of the loads nearer to it than to any other: 0-5 %,
    5-15 %, .. 95-100 %, by the midpoint rule.

    Examples
    --------
    >>> load_shares((2.0, 5.0)).round(2)
    array([0.03, 0.19, 0.24, 0.21, 0.16, 0.09, 0.05, 0.02, 0.  , 0.  , 0.  ])
    """
    given = np.asarray(load_distribution, dtype=float)
    if given.shape == (2,) and np.all(given > 0):
        a, b = given
        load = (np.arange(20 * _STEPS_IN_A_BIN) + 0.5) / (20 * _STEPS_IN_A_BIN)
        density = load ** (a - 1.0) * (1.0 - load) ** (b - 1.0)
        given = np.bincount(np.rint(10.0 * load).astype(np.intp), density, minlength=len(LEVELS))
    if given.shape != LEVELS.shape or not np.all(given >= 0) or not given.sum() > 0:
        raise ValueError(
            f"a load distribution is (a, b) of a Beta distribution, both above zero, or "
            f"{len(LEVELS)} shares of at least zero; got {load_distribution}"
        )
    shares: Floats = given / given.sum()
    return shares
