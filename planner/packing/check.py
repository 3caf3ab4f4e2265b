"""Whether a layout keeps every rule, found out without anything that made it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from planner.packing.model import SLACK, Flavour, HostKind


def layout_faults(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    contents: Mapping[str, Mapping[str, int]],
    unplaced: Mapping[str, int] | None = None,
    empty_hosts: Iterable[str] = (),
    losses: int = 0,
) -> list[str]:
    """Rules that a layout breaks.

    Parameters
    ----------
    kinds : sequence of HostKind
        Hosts there may be.
    flavours : sequence of Flavour
        VMs.
    contents : mapping of str to mapping of str to int
        Number of VMs of each flavour on each host that has any.
    unplaced : mapping of str to int, optional
        VMs of each flavour that are on no host. Default: none.
    empty_hosts : iterable of str
        Hosts that are there beside those with VMs.
    losses : int
        Hosts that may be lost or emptied at the same time.

    Returns
    -------
    list of str
        What is wrong, in words; empty where the layout is right.

    Notes
    -----
    After the loss of any k hosts their VMs find room if each host's VMs, except pinned ones, fit
    on each of k empty hosts as they are: whatever k hosts are lost, every lost host with VMs still
    has an empty one of its own (Hall's theorem).

    Examples
    --------
    >>> kinds, flavours = [HostKind("h", {"ram": 8.0})], [Flavour("vm", {"ram": 4.0}, 3)]
    >>> layout_faults(kinds, flavours, {"h-1": {"vm": 3}})
    ['h-1: 12 of 8 ram are used']
    """
    sizes = {flavour.name: flavour for flavour in flavours}
    capacities = {host: _capacity(kinds, host) for host in [*contents, *empty_hosts]}
    faults = [f"{host}: no such host" for host, capacity in capacities.items() if capacity is None]
    faults += [
        f"{host}: has VMs and is said to be empty" for host in empty_hosts if contents.get(host)
    ]
    faults += _count_faults(flavours, contents, unplaced or {})
    for host, counts in contents.items():
        known = {name: number for name, number in counts.items() if name in sizes}
        capacity = capacities[host]
        if capacity is not None:
            used = _used(sizes, known)
            faults += [
                f"{host}: {amount:g} of {capacity.get(resource, 0.0):g} {resource} are used"
                for resource, amount in used.items()
                if amount > capacity.get(resource, 0.0) * (1 + SLACK)
            ]
        faults += _group_faults(sizes, host, known)
    faults += _pin_faults(flavours, contents)
    if losses:
        free = [capacity for host in empty_hosts if (capacity := capacities[host]) is not None]
        faults += _loss_faults(sizes, contents, free, losses)
    return faults


def _capacity(kinds: Sequence[HostKind], host: str) -> Mapping[str, float] | None:
    return next((kind.capacity for kind in kinds if kind.number(host) is not None), None)


def _used(sizes: Mapping[str, Flavour], counts: Mapping[str, int]) -> dict[str, float]:
    """Return what VMs use of each resource."""
    amounts: dict[str, list[float]] = defaultdict(list)
    for name, number in counts.items():
        for resource, need in sizes[name].needs.items():
            amounts[resource].append(number * need)
    return {resource: math.fsum(parts) for resource, parts in amounts.items()}


def _count_faults(
    flavours: Sequence[Flavour],
    contents: Mapping[str, Mapping[str, int]],
    unplaced: Mapping[str, int],
) -> list[str]:
    """Return flavours of which VMs are missing, double, negative or unknown."""
    placed: Counter[str] = Counter(unplaced)
    for counts in contents.values():
        placed.update(counts)
    wanted = {flavour.name: flavour.count for flavour in flavours}
    faults = [
        f"{name}: {placed[name]} VMs are placed or left over, {number} are asked for"
        for name, number in wanted.items()
        if placed[name] != number
    ]
    faults += [f"{name}: no such flavour" for name in placed if name not in wanted]
    negative = {
        name for counts in contents.values() for name, number in counts.items() if number < 0
    }
    return faults + [f"{name}: a negative number of VMs" for name in sorted(negative)]


def _group_faults(sizes: Mapping[str, Flavour], host: str, counts: Mapping[str, int]) -> list[str]:
    """Return anti-affinity groups of which a host has more than one VM."""
    members: Counter[str] = Counter()
    for name, number in counts.items():
        if sizes[name].apart:
            members[sizes[name].apart] += number
    return [
        f"{host}: {number} VMs of the anti-affinity group {group}"
        for group, number in members.items()
        if number > 1
    ]


def _pin_faults(
    flavours: Sequence[Flavour], contents: Mapping[str, Mapping[str, int]]
) -> list[str]:
    """Return pinned VMs that are not where they must be."""
    return [
        f"{host}: {number} VMs of {flavour.name} are pinned here"
        for flavour in flavours
        for host, number in flavour.pinned.items()
        if contents.get(host, {}).get(flavour.name, 0) < number
    ]


def _loss_faults(
    sizes: Mapping[str, Flavour],
    contents: Mapping[str, Mapping[str, int]],
    free: Sequence[Mapping[str, float]],
    losses: int,
) -> list[str]:
    """Return hosts whose VMs do not fit on enough of the empty hosts."""
    faults = []
    for host, counts in contents.items():
        movable = {
            name: number - sizes[name].pinned.get(host, 0)
            for name, number in counts.items()
            if name in sizes
        }
        used = _used(sizes, movable)
        refuges = sum(
            all(
                amount <= room.get(resource, 0.0) * (1 + SLACK) for resource, amount in used.items()
            )
            for room in free
        )
        if any(movable.values()) and refuges < losses:
            faults.append(f"{host}: its VMs fit on {refuges} empty hosts, {losses} are wanted")
    return faults
