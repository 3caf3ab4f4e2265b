"""Failure domains: hosts, racks or drives that fail as one."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Byte, Number


def failure_domains(domain_capacity: Byte) -> Number:
    """Domains that can hold data.

    Parameters
    ----------
    domain_capacity : array_like, shape (domains, ...)
        Capacity of each failure domain [B]; one of zero capacity holds nothing.

    Returns
    -------
    array_like
        Number of domains [1].

    Examples
    --------
    >>> float(failure_domains(np.array([6e12, 6e12, 0.0])))
    2.0
    """
    capacity = np.asarray(domain_capacity, dtype=float)
    return np.sum(np.where(np.isnan(capacity), np.nan, capacity > 0.0), axis=0)
