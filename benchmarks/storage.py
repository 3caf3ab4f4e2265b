"""Speed of the capacity models: ``python benchmarks/storage.py``.

Compares, in one run, the law on a million candidate clusters of up to eight hosts in one call with
the same law (and the same checks) in plain Python, cluster after cluster. Exits with 1 if a target
is missed.
"""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from planner.models.capacity import (
    expected_usable_capacity,
    unbalanced_usable_capacity,
    usable_capacity,
)

CANDIDATES = 1_000_000
LOOPED = 100_000  # of the candidates; the loop's time is scaled up
SPEEDUP_WANTED = 50.0
CRUSH_SECONDS_WANTED = 0.5


def law(capacity: Sequence[float], shares: int, data_shares: int = 1) -> float:
    """What `usable_capacity` does, for one cluster and without NumPy."""
    if any(size < 0.0 for size in capacity):
        raise ValueError(f"capacities must be 0 B or more, got {capacity}")
    if not 1 <= data_shares <= shares:
        raise ValueError(f"data_shares must be between 1 and {shares}, got {data_shares}")
    ordered = sorted(capacity, reverse=True)
    return data_shares * min(sum(ordered[aside:]) / (shares - aside) for aside in range(shares))


def best(function: Callable[[], Any], repeats: int = 5) -> tuple[float, Any]:
    """Shortest time of several runs [s], and the result."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - start)
    return min(times), result


def candidates(rng: np.random.Generator) -> tuple[Any, Any]:
    """Clusters of three to eight hosts of one to twelve 3 TB disks, with two or three copies."""
    disks = rng.integers(1, 13, (8, CANDIDATES))
    hosts = rng.integers(3, 9, CANDIDATES)
    return np.where(np.arange(8)[:, np.newaxis] < hosts, disks * 3e12, 0.0), rng.integers(
        2, 4, CANDIDATES
    )


def compare_law(rng: np.random.Generator) -> bool:
    """Time the law in one call, in a plain loop, and as one call per cluster."""
    capacity, shares = candidates(rng)
    together, found = best(lambda: usable_capacity(capacity, shares))
    clusters = [
        ([size for size in column if size > 0.0], count)
        for column, count in zip(
            capacity[:, :LOOPED].T.tolist(), shares[:LOOPED].tolist(), strict=True
        )
    ]
    plain, expected = best(lambda: [law(sizes, count) for sizes, count in clusters], repeats=3)
    np.testing.assert_allclose(found[:LOOPED], expected, rtol=1e-12)
    plain *= CANDIDATES / LOOPED
    few = LOOPED // 50
    calls, _ = best(lambda: [usable_capacity(*one) for one in clusters[:few]], repeats=3)
    calls *= CANDIDATES / few
    print(f"law, {CANDIDATES:,} clusters in one call   {together:9.3f} s")
    print(f"  plain Python, one by one          {plain:9.3f} s   {plain / together:7.0f} x")
    print(f"  the same function, one by one     {calls:9.3f} s   {calls / together:7.0f} x")
    return plain / together >= SPEEDUP_WANTED


def time_crush_limit(rng: np.random.Generator) -> bool:
    """Time the CRUSH limit of many domains and of many candidates."""
    unequal = 10.0 ** rng.uniform(0.0, 6.0, 1000)
    one, _ = best(lambda: unbalanced_usable_capacity(unequal, 3))
    wide, _ = best(lambda: unbalanced_usable_capacity(unequal, 12))
    capacity = rng.uniform(1e12, 9e12, (8, 10_000))
    many, _ = best(lambda: unbalanced_usable_capacity(capacity, 3), repeats=3)
    print(f"CRUSH limit, 1,000 unequal domains, 3 shares  {one:9.4f} s; 12 shares {wide:.4f} s")
    print(f"CRUSH limit, 10,000 clusters of 8 hosts       {many:9.3f} s")
    return max(one, wide) < CRUSH_SECONDS_WANTED


def time_pools() -> None:
    """Time the mean of 1,000 drawn pools."""
    for hosts, disks, groups in ((4, 2, 128), (12, 8, 4096), (100, 12, 65536)):
        domain = np.repeat(np.arange(hosts), disks)
        size = np.full(domain.size, 3e12)
        seconds, _ = best(lambda: expected_usable_capacity(size, domain, 3, 1, groups), repeats=2)  # noqa: B023
        print(f"pools, {hosts:3d} hosts x {disks:2d}, {groups:6,} groups     {seconds:9.3f} s")


def main() -> int:
    """Run everything; 0 if the targets are met."""
    rng = np.random.default_rng(0)
    met = [compare_law(rng), time_crush_limit(rng)]
    time_pools()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
