"""Hosts that form fixed sets of replicas, such as DRBD pairs and GlusterFS replica sets."""

from __future__ import annotations

import numpy as np

from planner.models.combinatorics import plain
from planner.models.dimensions import Array
from planner.models.redundancy import drbd_metadata_bytes


def replica_capacity(member_capacity: Array) -> Array:
    """What each member of a replica set can hold: as much as the smallest of them.

    Parameters
    ----------
    member_capacity : array_like, shape (members, ...)
        Capacity of each member of one set [B].

    Returns
    -------
    float or ndarray, shape (...)
        Capacity [B].

    Notes
    -----
    min_i w_i. Sets of n equal members obey the law of distinct domains as they are, because no
    member holds more than total / n.

    References
    ----------
    Gluster documentation, replica volumes.

    Examples
    --------
    >>> replica_capacity([4e12, 3e12])
    3000000000000.0
    """
    return plain(np.min(np.asarray(member_capacity, dtype=float), axis=0))


def mirrored_capacity(member_capacity: Array) -> Array:
    """What each member of a set of mirrored devices can hold beside its bitmap.

    Parameters
    ----------
    member_capacity : array_like, shape (members, ...)
        Capacity of each member of one set [B].

    Returns
    -------
    float or ndarray, shape (...)
        Capacity [B].

    Notes
    -----
    min_i w_i less the internal metadata for the other members, see `drbd_metadata_bytes`.

    References
    ----------
    LINBIT DRBD user's guide 9, internals chapter.

    Examples
    --------
    >>> round(mirrored_capacity([3e12, 3e12]) / 1e12, 4)
    2.9999
    """
    members = np.asarray(member_capacity, dtype=float)
    smallest = np.min(members, axis=0)
    metadata = drbd_metadata_bytes(smallest, max(len(members) - 1, 1))
    return plain(np.maximum(smallest - metadata, 0.0))
