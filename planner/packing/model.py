"""What is packed where: flavours of VMs, kinds of hosts, and both as arrays.

Anti-affinity is one more resource: a host has one unit of each group, and each of the group's VMs
needs it. Hosts with pinned VMs are kinds of their own, of one host, with what is left on them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Whole: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

SLACK = 1e-9
"""Part of a capacity that rounding may take: 0.1 three times fits into 0.3."""

APART = "anti-affinity"
"""What the resource of an anti-affinity group is called before the group's name."""

_LEAST = 1e-15


@dataclass(frozen=True)
class Flavour:
    """VMs of one size.

    Parameters
    ----------
    name : str
        Name of the flavour; its VMs are numbered unless they have names of their own.
    needs : mapping of str to float
        What a VM needs of each resource, in any unit that the hosts use too.
    count : int
        Number of VMs, those that are pinned among them.
    apart : str
        Anti-affinity group: of all VMs of the group, each runs on another host. Empty: none.
    pinned : mapping of str to int
        Number of VMs that must run on a host of this name. They stay there when hosts fail.
    vms : sequence of str
        Names of the VMs; empty, or one for each.
    """

    name: str
    needs: Mapping[str, float]
    count: int
    apart: str = ""
    pinned: Mapping[str, int] = field(default_factory=dict)
    vms: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        _check_amounts(f"needs of {self.name}", self.needs)
        if self.count < 0 or self.count != int(self.count):
            raise ValueError(f"count of {self.name} must be whole and not negative: {self.count}")
        if not any(self.needs.values()):
            raise ValueError(f"{self.name} needs nothing; some of a resource is wanted")
        if sum(self.pinned.values()) > self.count or min(self.pinned.values(), default=0) < 0:
            raise ValueError(
                f"{self.name} has {self.count} VMs, so they cannot be pinned as {dict(self.pinned)}"
            )
        if self.vms and len(set(self.vms)) != self.count:
            raise ValueError(
                f"{self.name} has {self.count} VMs but {len(set(self.vms))} different names"
            )


@dataclass(frozen=True)
class HostKind:
    """Hosts of one size.

    Parameters
    ----------
    name : str
        Name of the kind. A host is named like its kind and a number from 1, as in ``small-3``;
        the only one of its kind is named like the kind.
    capacity : mapping of str to float
        What VMs may use of each resource: after the host's own reserve, times the overcommit
        ratio. A resource that is not stated is not there.
    cost : float
        What a host adds to the total that is kept small: 1 for the number of hosts, or its price,
        power, rack units.
    count : int, optional
        Hosts there are. Default: as many as needed.
    """

    name: str
    capacity: Mapping[str, float]
    cost: float = 1.0
    count: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        _check_amounts(f"capacity of {self.name}", self.capacity)
        if not (0 <= self.cost < math.inf):
            raise ValueError(f"cost of {self.name} must be zero or positive, got {self.cost:g}")
        if self.count is not None and (self.count < 0 or self.count != int(self.count)):
            raise ValueError(f"count of {self.name} must be whole and not negative: {self.count}")

    def host(self, number: int) -> str:
        """Name of a host of the kind; numbers from 1."""
        return self.name if self.count == 1 else f"{self.name}-{number}"

    def number(self, host: str) -> int | None:
        """Number of the host of this name; None where there is no such host."""
        if self.count == 1:
            return 1 if host == self.name else None
        digits = host.removeprefix(f"{self.name}-")
        if digits == host or not digits.isdecimal() or str(int(digits)) != digits:
            return None
        return int(digits) if 1 <= int(digits) <= (self.count or math.inf) else None


def _check_amounts(what: str, amounts: Mapping[str, float]) -> None:
    for resource, amount in amounts.items():
        if not (0 <= amount < math.inf):
            raise ValueError(f"{what}: {resource} must be zero or positive, got {amount:g}")


class Vm(NamedTuple):
    """A VM as an inventory lists it."""

    name: str
    needs: Mapping[str, float]
    apart: str = ""
    pinned: str = ""


def flavours_of(vms: Iterable[Vm]) -> list[Flavour]:
    """Group a list of VMs by what they need.

    Parameters
    ----------
    vms : iterable of Vm
        Name, needs, anti-affinity group and, where it is pinned, the host of each VM.

    Returns
    -------
    list of Flavour
        One for each combination of needs and group, the first VM's first; named like its first VM.

    Examples
    --------
    >>> small = {"cpu": 1.0}
    >>> [one.count for one in flavours_of([Vm("a", small), Vm("b", {"cpu": 2.0}), Vm("c", small)])]
    [2, 1]
    """
    alike: dict[Any, list[Vm]] = defaultdict(list)
    for vm in vms:
        alike[tuple(sorted(vm.needs.items())), vm.apart].append(vm)
    return [
        Flavour(
            members[0].name,
            members[0].needs,
            len(members),
            members[0].apart,
            dict(sorted(Counter(vm.pinned for vm in members if vm.pinned).items())),
            tuple(vm.name for vm in sorted(members, key=lambda vm: (vm.pinned == "", vm.pinned))),
        )
        for members in alike.values()
    ]


class Slot(NamedTuple):
    """Hosts that the search may fill: those of a kind, or the one that has pinned VMs."""

    kind: int
    pinned_host: str
    pinned: tuple[int, ...]


class Problem(NamedTuple):
    """Flavours (rows of needs) and slots (rows of capacity) over the resources, as arrays.

    Needs and capacities are in units of about the largest host's, powers of two, so that numbers
    of bytes and of cores are alike to the search and nothing is rounded.
    """

    resources: tuple[str, ...]
    units: Floats
    needs: Floats
    demand: Whole
    capacity: Floats
    cost: Floats
    limit: Floats
    slots: tuple[Slot, ...]
    sunk: float

    def holders(self) -> Flags:
        """Return for each flavour (row) the slots of which an empty host holds one VM."""
        room = self.capacity * (1 + SLACK)
        return np.asarray(np.all(self.needs[:, None] <= room, axis=2))

    def typical(self) -> Floats:
        """Return the most that a host has of each resource; one where none has any."""
        most = self.capacity.max(axis=0)
        return np.where(most > 0, most, 1.0)

    def pinned(self) -> Flags:
        """Return which slots are the hosts that have pinned VMs."""
        return np.array([bool(slot.pinned_host) for slot in self.slots])

    def only(self, slots: Sequence[int], limit: Floats | None = None) -> Problem:
        """Return the problem with these slots alone, and with these limits of all slots."""
        limits = self.limit if limit is None else limit
        chosen = list(slots)
        return self._replace(
            capacity=self.capacity[chosen],
            cost=self.cost[chosen],
            limit=limits[chosen],
            slots=tuple(self.slots[slot] for slot in chosen),
        )


def problem_of(kinds: Sequence[HostKind], flavours: Sequence[Flavour]) -> Problem:
    """Return the arrays, after checking that names are unique and pinned VMs have their place."""
    _check_names("host kinds", [kind.name for kind in kinds])
    _check_hosts(kinds)
    _check_names("flavours", [flavour.name for flavour in flavours])
    if not kinds or not flavours:
        raise ValueError("at least one kind of host and one flavour are wanted")
    resources, needs, whole = _amounts(kinds, flavours)
    most = whole.max(axis=0)
    units = 2.0 ** np.floor(np.log2(np.where(most > 0, most, 1.0)))
    needs, whole = np.where(needs > 0, np.maximum(needs / units, _LEAST), 0.0), whole / units
    limit = np.array([math.inf if kind.count is None else float(kind.count) for kind in kinds])
    slots = [Slot(k, "", ()) for k in range(len(kinds))]
    capacity, cost, sunk = list(whole), [float(kind.cost) for kind in kinds], 0.0
    for host, counts in _pinned(flavours).items():
        kind = next((k for k, one in enumerate(kinds) if one.number(host) is not None), None)
        if kind is None:
            raise ValueError(f"VMs are pinned to {host}, which is none of the hosts")
        left = whole[kind] - np.array(counts) @ needs
        if (left < -SLACK * whole[kind]).any():
            short = resources[int(np.argmin(left))]
            raise ValueError(f"the VMs pinned to {host} need more {short} than it has")
        slots.append(Slot(kind, host, counts))
        capacity.append(np.maximum(left, 0.0))
        cost.append(0.0)
        limit = np.append(limit, 1.0)
        limit[kind] -= 1.0
        sunk += kinds[kind].cost
    pinned = np.array([sum(flavour.pinned.values()) for flavour in flavours])
    demand = np.array([flavour.count for flavour in flavours], dtype=np.int64) - pinned
    arrays = needs, demand, np.array(capacity), np.array(cost), limit
    return Problem(resources, units, *arrays, tuple(slots), sunk)


def _amounts(
    kinds: Sequence[HostKind], flavours: Sequence[Flavour]
) -> tuple[tuple[str, ...], Floats, Floats]:
    """Return the resources that VMs need, the groups last, what each VM needs, each host has."""
    groups = sorted({flavour.apart for flavour in flavours if flavour.apart})
    real = sorted(
        {resource for one in flavours for resource, need in one.needs.items() if need > 0}
    )
    needs = [
        [one.needs.get(resource, 0.0) for resource in real]
        + [float(one.apart == group) for group in groups]
        for one in flavours
    ]
    whole = [
        [kind.capacity.get(name, 0.0) for name in real] + [1.0] * len(groups) for kind in kinds
    ]
    names = (*real, *(f"{APART} {group}" for group in groups))
    return names, np.array(needs, dtype=float), np.array(whole, dtype=float)


def _check_names(what: str, names: Sequence[str]) -> None:
    twice = sorted(name for name, number in Counter(names).items() if number > 1)
    if twice:
        raise ValueError(f"names of {what} must differ, got {', '.join(twice)} more than once")


def _check_hosts(kinds: Sequence[HostKind]) -> None:
    """Refuse the only host of a kind named like one of another kind's."""
    for single in kinds:
        for kind in kinds:
            if kind is not single and single.count == 1 and kind.number(single.name) is not None:
                raise ValueError(f"{single.name} is also the name of a host of {kind.name}")


def _pinned(flavours: Sequence[Flavour]) -> dict[str, tuple[int, ...]]:
    """Return the pinned VMs of each host, by flavour."""
    hosts = dict.fromkeys(host for one in flavours for host, n in one.pinned.items() if n)
    return {host: tuple(one.pinned.get(host, 0) for one in flavours) for host in hosts}
