"""Which sets of failed drives destroy data, with RAID below copies and with fixed replica sets."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import NamedTuple

from planner.models.combinatorics import whole


class HostDrives(NamedTuple):
    """Drives of a host: its RAID sets, drives in each, and how many of a set may fail.

    A host without RAID is one set that bears no failure: whatever drive fails touches it.
    """

    sets: int
    drives: int
    tolerated: int


class ReplicaSet(NamedTuple):
    """Hosts among which an object's shares lie apart, and how many of them may be touched."""

    hosts: Sequence[HostDrives]
    tolerated: int


def drive_loss_probability(replica_sets: Sequence[ReplicaSet], failed: int) -> float:
    """Probability that the failure of random drives at once destroys data, counted exactly.

    Parameters
    ----------
    replica_sets : sequence of ReplicaSet
        All hosts, by the sets among which shares are placed: one set for software that places
        shares anywhere.
    failed : int
        Drives that fail at once, any of them [part].

    Returns
    -------
    float
        Probability [1], exactly 0 or 1 where the outcome is certain.

    Raises
    ------
    ValueError
        If the number of failures is negative or beyond the number of drives.

    Notes
    -----
    1 - S(f) / C(N, f), S(f) the coefficient of x^f in the product over the replica sets of the
    ways in which no more hosts than tolerated are broken. A host survives in
    (sum over i <= p of C(g, i) x^i)^sets ways. All combinations of drives count as in use.

    References
    ----------
    Generating functions; A. Cidon et al., "Copysets", USENIX ATC 2013 (the idea).

    Examples
    --------
    Three copies on four hosts of two drives; two copies on two hosts with a RAID 1 each.

    >>> plain = [ReplicaSet([HostDrives(1, 2, 0)] * 4, 2)]
    >>> round(drive_loss_probability(plain, 3), 6)
    0.571429
    >>> mirrors = [ReplicaSet([HostDrives(1, 2, 1)] * 2, 1)]
    >>> [drive_loss_probability(mirrors, failed) for failed in (1, 3, 4)]
    [0.0, 0.0, 1.0]
    """
    whole(failed, "failed")
    drives = sum(host.sets * host.drives for group in replica_sets for host in group.hosts)
    if failed > drives:
        raise ValueError(f"failed must be at most the {drives} drives, got {failed}")
    ways = [1] + [0] * failed
    for group in replica_sets:
        ways = _product(ways, _harmless(group, failed))
    total = comb(drives, failed)
    return (total - ways[failed]) / total


def _harmless(group: ReplicaSet, failed: int) -> list[int]:
    """Ways by number of failures in which no more hosts than tolerated are broken."""
    by_broken = [[1] + [0] * failed] + [[0] * (failed + 1) for _ in range(group.tolerated)]
    for host in group.hosts:
        alive = _alive(host, failed)
        drives = host.sets * host.drives
        broken = [comb(drives, i) - alive[i] for i in range(failed + 1)]
        by_broken = [
            _sum(
                _product(ways, alive),
                _product(by_broken[number - 1], broken) if number else [0] * (failed + 1),
            )
            for number, ways in enumerate(by_broken)
        ]
    return [sum(column) for column in zip(*by_broken, strict=True)]


def _alive(host: HostDrives, failed: int) -> list[int]:
    """Ways by number of failures in which the host keeps its data."""
    one = [comb(host.drives, i) if i <= host.tolerated else 0 for i in range(failed + 1)]
    ways = [1] + [0] * failed
    for _ in range(host.sets):
        ways = _product(ways, one)
    return ways


def _product(one: list[int], other: list[int]) -> list[int]:
    """Coefficients of the product of two polynomials, to the same degree."""
    return [sum(one[j] * other[i - j] for j in range(i + 1)) for i in range(len(one))]


def _sum(one: list[int], other: list[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]
