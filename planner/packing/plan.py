"""The answer to a packing question: hosts, their VMs, what is left over, and how good it is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal, NamedTuple

import numpy as np

from planner.packing.model import APART, SLACK, Flavour, Floats, HostKind, Problem, Slot, Whole
from planner.packing.search import Packing

_MORE = "more than any host has"


class Unplaced(NamedTuple):
    """VMs of a flavour that are on no host, and why.

    The resource of which there is too little, what a VM asks of it, the most that a host has left
    of it (or has at all), and the rule in words.
    """

    flavour: str
    vms: int
    resource: str
    asked: float
    available: float
    rule: str


@dataclass(frozen=True)
class Plan:
    """Hosts, what runs on them, and a cost that no other choice could undercut.

    Parameters
    ----------
    kinds : tuple of HostKind
        Hosts there were to choose from.
    flavours : tuple of Flavour
        VMs.
    contents : mapping of str to mapping of str to int
        Number of VMs of each flavour on each host that has any.
    empty_hosts : tuple of str
        Hosts kept empty for losses and maintenance.
    unplaced : tuple of Unplaced
        VMs that are on no host.
    cost : float
        Cost of all hosts, the empty ones among them.
    bound : float
        Cost that no layout of all VMs can be below; infinite if there is no such layout.
    """

    kinds: tuple[HostKind, ...]
    flavours: tuple[Flavour, ...]
    contents: Mapping[str, Mapping[str, int]]
    empty_hosts: tuple[str, ...]
    unplaced: tuple[Unplaced, ...]
    cost: float
    bound: float

    @property
    def hosts(self) -> dict[str, int]:
        """Number of hosts of each kind, the empty ones among them."""
        names = [*self.contents, *self.empty_hosts]
        return {
            kind.name: sum(kind.number(name) is not None for name in names) for kind in self.kinds
        }

    @property
    def gap(self) -> float:
        """Part of the bound by which the cost may exceed the least; NaN with VMs left over."""
        if self.unplaced:
            return math.nan
        return max(self.cost / self.bound - 1.0, 0.0) if self.bound > 0 else 0.0

    @property
    def verdict(self) -> Literal["fits", "does not fit", "not found"]:
        """Whether every VM has a host; "not found" where it has none but the bound allows one."""
        if not self.unplaced:
            return "fits"
        return "does not fit" if math.isinf(self.bound) else "not found"

    def layout(self) -> dict[str, str]:
        """Host of each VM, by name; VMs without a name are numbered, as in ``small-3``."""
        places = {}
        for flavour in self.flavours:
            names = iter(flavour.vms or [f"{flavour.name}-{n + 1}" for n in range(flavour.count)])
            for host in _hosts_of(flavour, self.contents):
                places[next(names)] = host
        return places


def _hosts_of(flavour: Flavour, contents: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield the host of each VM that has one, those of pinned VMs first."""
    for host, number in flavour.pinned.items():
        yield from [host] * number
    for host, counts in contents.items():
        yield from [host] * (counts.get(flavour.name, 0) - flavour.pinned.get(host, 0))


def named_contents(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    slots: Sequence[Slot],
    problem: Problem,
    packing: Packing,
    spares: Mapping[int, int],
) -> tuple[dict[str, dict[str, int]], tuple[str, ...]]:
    """Return the VMs on each host by name, and the names of the empty hosts.

    Parameters
    ----------
    kinds : sequence of HostKind
        Hosts there are to choose from.
    flavours : sequence of Flavour
        VMs.
    slots : sequence of Slot
        All slots, those that were not packed among them.
    problem : Problem
        What was packed.
    packing : Packing
        Patterns of the problem's slots.
    spares : mapping of int to int
        Empty hosts of each kind.
    """
    pinned = {slot.pinned_host: slot.pinned for slot in slots if slot.pinned_host}
    numbers = [_free_numbers(kind, pinned) for kind in kinds]
    counts_on: dict[str, Whole] = {host: np.array(counts) for host, counts in pinned.items()}
    for (slot, counts), times in packing.patterns:
        kind, host, _ = problem.slots[slot]
        if host:
            counts_on[host] = counts_on[host] + counts
        else:
            for _ in range(times):
                counts_on[kinds[kind].host(next(numbers[kind]))] = counts
    contents = {
        host: {flavour.name: int(n) for flavour, n in zip(flavours, counts, strict=True) if n}
        for host, counts in counts_on.items()
    }
    empty = [
        kinds[kind].host(next(numbers[kind]))
        for kind, spare in spares.items()
        for _ in range(spare)
    ]
    return contents, tuple(empty)


def _free_numbers(kind: HostKind, taken: Container[str]) -> Iterator[int]:
    return (number for number in count(1) if kind.host(number) not in taken)


def reasons(
    flavours: Sequence[Flavour], whole: Problem, packed: Problem, packing: Packing
) -> tuple[Unplaced, ...]:
    """Return for each flavour with VMs left over what there is too little of.

    Parameters
    ----------
    flavours : sequence of Flavour
        VMs.
    whole : Problem
        What was asked.
    packed : Problem
        What was packed, on the hosts that are not kept empty.
    packing : Packing
        What was found, with the VMs of each flavour that are on no host.
    """
    there = whole.capacity[whole.limit > 0]
    slots, rooms, times = _rooms(packed, packing)
    holders = packed.holders()
    found = []
    for flavour in np.flatnonzero(packing.left).tolist():
        need, able = whole.needs[flavour], holders[flavour, slots]
        if able.any():
            resource, most, rule = _short(need, rooms[able], times[able], " left")
        else:
            resource, most, rule = _short(need, there, np.ones(len(there)), "")
        name, unit = whole.resources[resource], whole.units[resource]
        if rule.startswith(_MORE) and name.startswith(APART):
            rule = "every host has a VM of the group"
        asked = float(flavours[flavour].needs.get(name, 1.0))
        number = int(packing.left[flavour])
        found.append(
            Unplaced(flavours[flavour].name, number, name, asked, most * float(unit), rule)
        )
    return tuple(found)


def _rooms(problem: Problem, packing: Packing) -> tuple[Whole, Floats, Floats]:
    """Return slot, what is left and number of the hosts with VMs, and of those without."""
    used = Counter[int]()
    for (slot, _), number in packing.patterns:
        used[slot] += number
    free = [slot for slot, limit in enumerate(problem.limit) if limit > used[slot]]
    slots = np.array([pattern.slot for pattern, _ in packing.patterns] + free, dtype=np.int64)
    counts = [pattern.counts for pattern, _ in packing.patterns]
    counts += [np.zeros_like(packing.left)] * len(free)
    times = np.array([number for _, number in packing.patterns] + [1] * len(free), dtype=float)
    taken = np.array(counts).reshape(len(slots), -1) @ problem.needs if counts else 0.0
    return slots, problem.capacity[slots] - taken, times


def _short(need: Floats, rooms: Floats, times: Floats, left: str) -> tuple[int, float, str]:
    """Return the resource of which hosts have too little, the most that one has, and the rule.

    It is the resource that most hosts have too little of; of equals, the least in all.
    """
    most = rooms.max(axis=0, initial=0.0)
    short = need > rooms * (1 + SLACK)
    rank = times @ short + need / (need + most + SLACK)
    scarce = int(np.argmax(np.where(need > 0, rank, -1.0)))
    if not len(rooms):
        rule = "there is no host"
    elif not short.any(axis=1).all():
        rule = "every host that has enough is kept empty for losses"
    elif short[:, scarce].all():
        rule = _MORE + left
    else:
        rule = "no host has enough of everything" + left
    return scarce, float(most[scarce]), rule
