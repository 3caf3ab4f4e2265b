"""Redundancy sets as birth-death chains: mean time to data loss and probability of loss."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.models.combinatorics import checked_shares, plain, require
from planner.models.dimensions import Array, Hour, Number, PerYear

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

_SERIES_TERMS = 20


def rate_from_probability(annual_failure_probability: Number) -> Array:
    """Failure rate that makes a device fail within a year with the given probability.

    Parameters
    ----------
    annual_failure_probability : array_like
        Probability that one device fails within a year [1], below 1.

    Returns
    -------
    float or ndarray
        Failure rate [1/yr].

    Raises
    ------
    ValueError
        If the probability is not in 0 <= p < 1.

    Notes
    -----
    -ln(1 - p). An annualised failure *rate* (failures per device year, as in field statistics) is
    used as it is; only a probability needs this step.

    References
    ----------
    Exponential life time distribution.

    Examples
    --------
    >>> round(rate_from_probability(0.03), 6)
    0.030459
    """
    p = np.asarray(annual_failure_probability, dtype=float)
    require((p >= 0) & (p < 1), p, "annual_failure_probability", "at least 0 and below 1")
    return plain(-np.log1p(-p))


def mean_time_to_data_loss(
    shares: Number,
    data_shares: Number,
    failure_rate: PerYear,
    repair_hours: Hour,
    parallel_repair: Any = False,
    hours_per_year: float = 8766.0,
) -> Array:
    """Mean time until a redundancy set has lost more devices than it can bear.

    Parameters
    ----------
    shares : array_like
        Devices in the set [1]: copies, k + m, or the disks of a RAID.
    data_shares : array_like
        Devices that suffice to read the data [1].
    failure_rate : array_like
        Failure rate of one device [1/yr].
    repair_hours : array_like
        Mean time to repair one device [h]; infinity means never.
    parallel_repair : array_like of bool
        Whether several failed devices are repaired at the same time.
    hours_per_year : float
        Hours in a year [h].

    Returns
    -------
    float or ndarray
        Mean time to data loss [h]; infinite where nothing fails.

    Raises
    ------
    ValueError
        If 1 <= data_shares <= shares does not hold, the rate is negative or not finite, or the
        repair time is not positive.

    Notes
    -----
    State i has i failed devices, u_i = (n - i) L and d_i = M (serial) or i M (parallel repair);
    h_0 = 1/u_0, h_i = (1 + d_i h_(i-1)) / u_i, and the sum of h_0 .. h_(n-k) is the mean time.
    Exact for independent exponential lives and repairs. Real failures are neither: field-based
    models predict many times the double failures, so compare designs with it, do not promise it.

    References
    ----------
    K. S. Trivedi, "Probability and Statistics with Reliability, Queuing, and Computer Science
    Applications" (birth-death chain with an absorbing state). K. M. Greenan, J. S. Plank,
    J. J. Wylie, "Mean time to meaningless", HotStorage 2010. J. G. Elerath, M. Pecht,
    IEEE Transactions on Computers 58(3), 2009.

    Examples
    --------
    Two copies, (3 L + M) / (2 L^2):

    >>> round(mean_time_to_data_loss(2, 1, 0.03, 12.5) / 8766)
    389650
    """
    failures, repairs = _rates(failure_rate, repair_hours, hours_per_year)
    chain = _Chain(shares, data_shares, failures, repairs, parallel_repair)
    total = np.zeros(chain.tolerated.shape)
    stage = np.zeros(chain.tolerated.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        for i in range(chain.states - 1):
            stage = (1.0 + chain.down(i) * stage) / chain.up(i)
            total = total + np.where(i <= chain.tolerated, stage, 0.0)
    total = np.where(chain.failure == 0, np.inf, total)
    return plain(np.where(chain.known, total, np.nan))


def chain_loss_probability(
    shares: Number,
    data_shares: Number,
    failure_rate: PerYear,
    repair_hours: Hour,
    parallel_repair: Any = False,
    period_hours: Hour = 8766.0,
    hours_per_year: float = 8766.0,
) -> Array:
    """Probability that a redundancy set, healthy at first, loses data within a period.

    Parameters
    ----------
    shares : array_like
        Devices in the set [1].
    data_shares : array_like
        Devices that suffice to read the data [1].
    failure_rate : array_like
        Failure rate of one device [1/yr].
    repair_hours : array_like
        Mean time to repair one device [h]; infinity means never.
    parallel_repair : array_like of bool
        Whether several failed devices are repaired at the same time.
    period_hours : array_like
        Length of the period [h].
    hours_per_year : float
        Hours in a year [h].

    Returns
    -------
    float or ndarray
        Probability [1], accurate in relative terms however small it is.

    Raises
    ------
    ValueError
        If 1 <= data_shares <= shares does not hold, the rate is negative or not finite, the repair
        time is not positive, or the period is negative or not finite.

    Notes
    -----
    First row, last column of exp(Q t) for the chain of `mean_time_to_data_loss`. It lies below
    1 - exp(-t/MTTDL), because the chain starts healthy. The exponential is made from
    nonnegative numbers only (uniformised series, then squaring, rows scaled to 1), so nothing
    cancels and a probability of 1e-16 keeps its digits.

    References
    ----------
    J. Xue, Q. Ye, "Computing exponentials of essentially non-negative matrices entrywise to high
    relative accuracy", Mathematics of Computation 82 (2013).

    Examples
    --------
    >>> print(f"{chain_loss_probability(3, 1, 0.03, 12.5):.4e}")
    3.2841e-10
    """
    period = np.asarray(period_hours, dtype=float)
    require((period >= 0) & np.isfinite(period), period, "period_hours", "finite and 0 h or more")
    failures, repairs = _rates(failure_rate, repair_hours, hours_per_year)
    chain = _Chain(shares, data_shares, failures * period, repairs * period, parallel_repair)
    first_row = np.moveaxis(_exponential(chain.generator())[..., 0, :], -1, 0)
    lost = sum(np.where(i > chain.tolerated, row, 0.0) for i, row in enumerate(first_row) if i > 0)
    return plain(np.where(chain.known, lost, np.nan))


def _rates(failure_rate: Array, repair_hours: Array, hours_per_year: float) -> Any:
    """Failure and repair rate per hour, after checking them."""
    rate = np.asarray(failure_rate, dtype=float)
    repair = np.asarray(repair_hours, dtype=float)
    require((rate >= 0) & np.isfinite(rate), rate, "failure_rate", "finite and 0/yr or more")
    require(repair > 0, repair, "repair_hours", "above 0 h")
    return rate / hours_per_year, 1.0 / repair


class _Chain:
    """Rates of the chain as arrays of one shape; the unit of time is the caller's."""

    def __init__(
        self, shares: Array, data_shares: Array, failures: Array, repairs: Array, parallel: Any
    ) -> None:
        n, k = checked_shares(shares, data_shares)
        self.shares, self.tolerated, self.failure, self.repair, self.parallel = np.broadcast_arrays(
            n, n - k, failures, repairs, np.asarray(parallel, dtype=bool)
        )
        self.known = ~np.isnan(self.tolerated + self.failure + self.repair)
        self.states = int(np.max(np.where(self.known, self.tolerated, 0.0), initial=0.0)) + 2

    def up(self, failed: int) -> Floats:
        """Rate of the next failure; 0 once data is lost."""
        return np.where(failed <= self.tolerated, (self.shares - failed) * self.failure, 0.0)

    def down(self, failed: int) -> Floats:
        """Rate of repair; 0 when nothing is failed or data is lost."""
        repairs = np.where(self.parallel, failed, min(failed, 1))
        return np.where(failed <= self.tolerated, repairs * self.repair, 0.0)

    def generator(self) -> Floats:
        """Off-diagonal rates as matrices on the two last axes."""
        rates = np.zeros((*self.tolerated.shape, self.states, self.states))
        for i in range(self.states - 1):
            rates[..., i, i + 1] = self.up(i)
            rates[..., i + 1, i] = self.down(i + 1)
        return np.where(self.known[..., None, None], rates, 0.0)


def _exponential(rates: Floats) -> Floats:
    """Transition probabilities over one unit of time for nonnegative off-diagonal rates."""
    leaving = rates.sum(axis=-1)
    fastest = np.maximum(2.0 * leaving.max(axis=-1), 1.0)[..., None, None]
    identity = np.eye(rates.shape[-1])
    jump = rates / fastest + identity * (1.0 - leaving[..., None] / fastest)
    squarings = int(np.ceil(np.log2(np.max(fastest, initial=1.0))))
    term: Floats = np.broadcast_to(identity, rates.shape)
    result: Floats = term
    for i in range(1, _SERIES_TERMS + rates.shape[-1]):
        term = term @ jump * (fastest * 0.5**squarings / i)
        result = result + term
    result = result / result.sum(axis=-1, keepdims=True)
    for _ in range(squarings):
        result = result @ result
        result = result / result.sum(axis=-1, keepdims=True)
    return result
