"""How far the figure that Ceph prints is from what can be written."""

from __future__ import annotations

import numpy as np

from planner.models.combinatorics import plain
from planner.models.dimensions import Array


def max_avail_excess(max_avail: Array, writable_capacity: Array) -> Array:
    """By how much MAX AVAIL over-reports what can be written to an empty pool.

    Parameters
    ----------
    max_avail : array_like
        What ``ceph df`` prints [B].
    writable_capacity : array_like
        User data until the first device reaches the full ratio [B].

    Returns
    -------
    float or ndarray
        Difference [B].

    Notes
    -----
    max_avail - writable_capacity. MAX AVAIL goes by weights alone: it knows neither failure domains
    nor how unevenly placement groups fall on the devices.

    References
    ----------
    Ceph source, src/mon/PGMap.cc, ``get_rule_avail``.

    Examples
    --------
    >>> max_avail_excess(7.6e12, 7e12)
    600000000000.0
    """
    return plain(np.asarray(max_avail, dtype=float) - writable_capacity)
