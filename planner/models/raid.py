"""RAID levels: capacity, failures survived and cost of writing."""

from __future__ import annotations

from math import comb
from typing import NamedTuple

import numpy as np

from planner.models.capacity import usable_capacity
from planner.models.combinatorics import require
from planner.models.dimensions import Array, Byte

_SMALLEST_SET = {"0": 1, "1": 2, "5": 3, "6": 4, "10": 2, "50": 3, "60": 4}
_PARITY = {"0": 0, "5": 1, "6": 2, "50": 1, "60": 2}


class Redundancy(NamedTuple):
    """What a storage back-end holds, what it surely survives, and what a write costs.

    `usable` is user data when full [B]. `losses_survived` counts the units named in `unit` that
    may fail, whichever they are. `write_factor` is bytes written to disks per byte of user data in
    large writes; `small_write_ios` is disk operations per small random write.
    """

    kind: str
    usable: Array
    losses_survived: Array
    unit: str
    write_factor: Array
    small_write_ios: Array
    note: str


class RaidSet(NamedTuple):
    """Layout of a RAID: equal sets striped together, each rebuilt from `data` of its disks."""

    sets: int
    disks: int
    data: int


def raid_layout(level: str, disks: int, groups: int = 1) -> RaidSet:
    """Split the disks of a RAID into the sets that carry its redundancy.

    Parameters
    ----------
    level : str
        "0", "1" (mirror of all disks), "5", "6", "10" (pairs), "50" or "60".
    disks : int
        Disks without hot spares [part].
    groups : int
        Groups of RAID 50 or 60 [1]; 1 for every other level.

    Returns
    -------
    RaidSet
        Number of sets, disks in a set, and disks of a set that suffice to read its data.

    Raises
    ------
    ValueError
        If the level is unknown or the disks do not fit it.

    Notes
    -----
    Smallest set: 1 disk for RAID 0, 2 for mirrors, 3 for RAID 5 and 50, 4 for RAID 6 and 60.

    References
    ----------
    D. A. Patterson, G. Gibson, R. H. Katz, "A Case for Redundant Arrays of Inexpensive Disks
    (RAID)", SIGMOD 1988.

    Examples
    --------
    >>> raid_layout("60", 16, 2)
    RaidSet(sets=2, disks=8, data=6)
    """
    if level not in _SMALLEST_SET:
        raise ValueError(f"level must be one of {', '.join(_SMALLEST_SET)}, got {level!r}")
    if groups != 1 and level not in ("50", "60"):
        raise ValueError(f"groups must be 1 for RAID {level}, got {groups}")
    sets, left_over = divmod(disks, 2) if level == "10" else (groups, disks % max(groups, 1))
    if sets < 1 or left_over:
        raise ValueError(f"RAID {level} cannot divide {disks} disks into equal sets")
    size = disks // sets
    if size < _SMALLEST_SET[level]:
        least = _SMALLEST_SET[level]
        raise ValueError(f"RAID {level} needs at least {least} disks in a set, got {size}")
    return RaidSet(sets, size, size - _PARITY.get(level, size - 1))


def raid(level: str, disk_capacity: Byte, spares: int = 0, groups: int = 1) -> Redundancy:
    """Capacity, survival and write cost of a RAID.

    Parameters
    ----------
    level : str
        "0", "1" (mirror of all disks), "5", "6", "10" (pairs), "50" or "60".
    disk_capacity : array_like
        Capacity of each disk [B], disks on axis 0, hot spares included.
    spares : int
        Hot spares among them [part].
    groups : int
        Groups of RAID 50 or 60 [1].

    Returns
    -------
    Redundancy
        Usable capacity [B], any number of disks that may fail [part], and write costs [1].

    Raises
    ------
    ValueError
        If the level is unknown, the disks do not fit it, or a capacity is negative.

    Notes
    -----
    Each set holds what distinct disks allow, every disk counted as large as the smallest. Spares
    shorten the repair, they do not add losses survived at once. A small write costs one write per
    copy, or with p parity disks p + 1 reads and p + 1 writes. RAID 10, 50 and 60 survive more
    than the guaranteed losses if these fall into different sets: `raid_survival_probability`.

    References
    ----------
    D. A. Patterson, G. Gibson, R. H. Katz, SIGMOD 1988; read-modify-write of parity.

    Examples
    --------
    >>> array = raid("6", [4e12] * 8)
    >>> array.usable, array.losses_survived, array.small_write_ios
    (24000000000000.0, 2.0, 6.0)
    """
    capacity = np.asarray(disk_capacity, dtype=float)
    require(capacity >= 0, capacity, "disk_capacity", "0 B or more")
    if not 0 <= spares < len(capacity):
        raise ValueError(f"spares must be 0 to {len(capacity) - 1}, got {spares}")
    layout = raid_layout(level, len(capacity) - spares, groups)
    smallest = np.broadcast_to(capacity.min(axis=0), (layout.disks, *capacity.shape[1:]))
    tolerated = layout.disks - layout.data
    mirrored = layout.data == 1
    return Redundancy(
        kind=f"RAID {level}",
        usable=layout.sets * usable_capacity(smallest, layout.disks, layout.data),
        losses_survived=float(tolerated),
        unit="disk",
        write_factor=layout.disks / layout.data,
        small_write_ios=float(
            layout.disks if mirrored else 2 * (tolerated + 1) if tolerated else 1
        ),
        note=_note(level, spares),
    )


def raid_survival_probability(level: str, disks: int, failed: int, groups: int = 1) -> float:
    """Probability that a RAID survives the failure of random disks at once.

    Parameters
    ----------
    level : str
        "0", "1", "5", "6", "10", "50" or "60".
    disks : int
        Disks without hot spares [part].
    failed : int
        Disks that fail before any rebuild, every set equally likely [part].
    groups : int
        Groups of RAID 50 or 60 [1].

    Returns
    -------
    float
        Probability [1].

    Raises
    ------
    ValueError
        If the level is unknown, the disks do not fit it, or more fail than exist.

    Notes
    -----
    Coefficient of x^f in (sum over i <= p of C(g, i) x^i)^sets, over C(N, f); for RAID 10 this is
    C(n/2, f) 2^f / C(n, f).

    References
    ----------
    Counting of disk sets by group.

    Examples
    --------
    >>> round(raid_survival_probability("10", 8, 2), 6)
    0.857143
    """
    if not 0 <= failed <= disks:
        raise ValueError(f"failed must be 0 to {disks} disks, got {failed}")
    layout = raid_layout(level, disks, groups)
    one_set = [comb(layout.disks, i) for i in range(layout.disks - layout.data + 1)]
    ways = [1]
    for _ in range(layout.sets):
        ways = [
            sum(ways[j] * one_set[i - j] for j in range(len(ways)) if 0 <= i - j < len(one_set))
            for i in range(len(ways) + len(one_set) - 1)
        ]
    return (ways[failed] if failed < len(ways) else 0) / comb(disks, failed)


def _note(level: str, spares: int) -> str:
    """What a reader of the figures must know."""
    scope = "no disk may fail" if level == "0" else "covers disks only, not the loss of the host"
    return f"{scope}; {spares} hot spare(s) shorten the repair" if spares else scope
