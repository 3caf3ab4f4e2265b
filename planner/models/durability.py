"""How likely data is lost within a year, by several models side by side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.models.combinatorics import plain, require
from planner.models.dimensions import Array, Byte, Hour, Number, PerYear
from planner.models.markov import mean_time_to_data_loss
from planner.models.published_durability import backblaze_loss, ceph_tools_raid

_HOURS_PER_YEAR = 8766.0


class ModelSpread(NamedTuple):
    """Probability of losing one redundancy set within a year [1], by model."""

    markov_serial: Array
    markov_parallel: Array
    ceph_tools: Array
    backblaze: Array

    @property
    def low(self) -> Array:
        """Smallest figure of the models [1]."""
        return plain(np.minimum.reduce(np.broadcast_arrays(*self)))

    @property
    def high(self) -> Array:
        """Largest figure of the models [1]."""
        return plain(np.maximum.reduce(np.broadcast_arrays(*self)))


def model_spread(
    shares: Number, data_shares: Number, failure_rate: PerYear, repair_hours: Hour
) -> ModelSpread:
    """Annual loss of one object's redundancy set by four models that are all in use.

    Parameters
    ----------
    shares : array_like
        Shares of an object, each on another disk [1].
    data_shares : array_like
        Shares that suffice to read it [1].
    failure_rate : array_like
        Failure rate of one disk [1/yr].
    repair_hours : array_like
        Time to detect, replace and restore a disk [h].

    Returns
    -------
    ModelSpread
        One probability per model [1], with the range `low` to `high`.

    Raises
    ------
    ValueError
        If 1 <= data_shares <= shares does not hold, the rate is negative or the repair time not
        positive.

    Notes
    -----
    Markov as it is customarily quoted, 1 - exp(-year/MTTDL), with one repair at a time or all at
    once (`chain_loss_probability` is the exact and slightly smaller figure of a healthy start);
    ceph-tools with one peer (no declustering, no read errors); Backblaze with fixed windows. They
    answer the same question and differ by up to a factor (n - k + 1)!, so quote the range and the
    models, never bare nines. All take failures as independent; a model built on field data
    predicts 2 to 1500 times as many double failures.

    References
    ----------
    See `mean_time_to_data_loss`, `ceph_tools_raid`, `backblaze_loss`. J. G. Elerath, M. Pecht,
    IEEE Transactions on Computers 58(3), 2009.

    Examples
    --------
    >>> spread = model_spread(3, 1, 0.03, 12.0)
    >>> [f"{name} {value:.3e}" for name, value in spread._asdict().items()][::3]
    ['markov_serial 3.035e-10', 'backblaze 5.066e-11']
    >>> print(f"{spread.low:.1e} .. {spread.high:.1e}")
    5.1e-11 .. 3.0e-10
    """
    serial = mean_time_to_data_loss(shares, data_shares, failure_rate, repair_hours)
    parallel = mean_time_to_data_loss(shares, data_shares, failure_rate, repair_hours, True)
    published = ceph_tools_raid(
        shares, data_shares, failure_rate, 0.0, 1.0, replace_hours=repair_hours
    )
    return ModelSpread(
        plain(-np.expm1(-_HOURS_PER_YEAR / np.asarray(serial))),
        plain(-np.expm1(-_HOURS_PER_YEAR / np.asarray(parallel))),
        published.drive_loss,
        backblaze_loss(shares, data_shares, failure_rate, repair_hours).annual,
    )


def read_error_probability(bytes_read: Byte, bit_error_rate: Number) -> Array:
    """Probability of at least one unrecoverable error while reading.

    Parameters
    ----------
    bytes_read : array_like
        Data read, for a rebuild all disks that are needed [B].
    bit_error_rate : array_like
        Unrecoverable errors per bit read [1], as in the data sheet (often 1e-14 or 1e-15).

    Returns
    -------
    float or ndarray
        Probability [1].

    Raises
    ------
    ValueError
        If an argument is negative.

    Notes
    -----
    1 - exp(-8 e B). Data sheets give an upper limit of the error rate, and errors cluster, so this
    is pessimistic for a healthy disk. Stored redundancy that still exists corrects the error.

    References
    ----------
    Poisson law of independent errors.

    Examples
    --------
    Rebuilding RAID 5 from seven disks of 3 TB:

    >>> round(read_error_probability(7 * 3e12, 1e-14), 3)
    0.814
    """
    data, rate = np.asarray(bytes_read, dtype=float), np.asarray(bit_error_rate, dtype=float)
    require(data >= 0, data, "bytes_read", "0 B or more")
    require(rate >= 0, rate, "bit_error_rate", "0 or more")
    return plain(-np.expm1(-8.0 * rate * data))


def pool_loss_probability(set_loss_probability: Number, copysets: Number) -> Array:
    """Upper bound of the probability that a pool loses any data.

    Parameters
    ----------
    set_loss_probability : array_like
        Probability that one redundancy set is lost [1].
    copysets : array_like
        Sets in use [1], see `copysets_in_use`.

    Returns
    -------
    float or ndarray
        Probability [1], at most 1.

    Raises
    ------
    ValueError
        If the probability is not in 0 .. 1 or the number of sets is negative.

    Notes
    -----
    min(1, S p): the sum over the sets. Sets that share disks fail together, which makes the true
    figure smaller; failures with a common cause make it larger.

    References
    ----------
    Union bound (Boole's inequality).

    Examples
    --------
    >>> print(f"{pool_loss_probability(3.0e-10, 32):.2e}")
    9.60e-09
    """
    p, sets = np.asarray(set_loss_probability, dtype=float), np.asarray(copysets, dtype=float)
    require((p >= 0) & (p <= 1), p, "set_loss_probability", "between 0 and 1")
    require(sets >= 0, sets, "copysets", "0 or more")
    return plain(np.minimum(1.0, p * sets))


def objects_lost_per_year(set_loss_probability: Number, objects: Number) -> Array:
    """Expected number of objects that a pool loses in a year.

    Parameters
    ----------
    set_loss_probability : array_like
        Annual probability that a given redundancy set, hence a given object, is lost [1].
    objects : array_like
        Objects stored [1].

    Returns
    -------
    float or ndarray
        Objects lost in a year [1/yr].

    Raises
    ------
    ValueError
        If the probability is not in 0 .. 1 or the number of objects is negative.

    Notes
    -----
    N p, whatever the placement. Few copysets make losses rare and large, many make them frequent
    and small; this mean is the same.

    References
    ----------
    Linearity of expectation; A. Cidon et al., "Copysets", USENIX ATC 2013.

    Examples
    --------
    >>> round(objects_lost_per_year(3.0e-10, 1e6), 6)
    0.0003
    """
    p, count = np.asarray(set_loss_probability, dtype=float), np.asarray(objects, dtype=float)
    require((p >= 0) & (p <= 1), p, "set_loss_probability", "between 0 and 1")
    require(count >= 0, count, "objects", "0 or more")
    return plain(p * count)


def nines(loss_probability: Number) -> Array:
    """Number of nines in the probability that nothing is lost.

    Parameters
    ----------
    loss_probability : array_like
        Probability of loss [1].

    Returns
    -------
    float or ndarray
        Nines [1]: 11.1 stands for 99.999999999 %; infinite if loss is impossible.

    Raises
    ------
    ValueError
        If the probability is not in 0 .. 1.

    Notes
    -----
    -log10(p). Round down to count whole nines, and say which model made them.

    References
    ----------
    Backblaze/erasure-coding-durability counts whole nines the same way.

    Examples
    --------
    >>> round(nines(7.354e-12), 2)
    11.13
    """
    p = np.asarray(loss_probability, dtype=float)
    require((p >= 0) & (p <= 1), p, "loss_probability", "between 0 and 1")
    with np.errstate(divide="ignore"):
        return plain(np.abs(np.log10(p)))
