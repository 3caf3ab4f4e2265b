"""Whether the VMs of hosts that fail find room on the hosts that are left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.packing import Flavour, HostKind
from planner.packing.model import SLACK, Floats

_PLENTY = 1e300


@dataclass(frozen=True)
class Hosts:
    """Hosts of one node group with what they hold.

    Parameters
    ----------
    names : sequence of str
        Their names.
    counts : ndarray, shape (hosts, flavours)
        VMs of each flavour on each host.
    free : ndarray, shape (hosts, resources)
        What is left of each resource by the limits that hold in a failure.
    """

    names: Sequence[str]
    counts: Floats
    free: Floats


def stranded_hosts(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    contents: Mapping[str, Mapping[str, int]],
    hard: Mapping[str, Mapping[str, float]],
    node_groups: Mapping[str, int],
    losses: int,
) -> list[tuple[int, str]]:
    """Hosts whose VMs would not find room on others of their node group.

    Parameters
    ----------
    kinds : sequence of HostKind
        Hosts there are, each kind with its count.
    flavours : sequence of Flavour
        VMs.
    contents : mapping of str to mapping of str to int
        Number of VMs of each flavour on each host that has any.
    hard : mapping of str to mapping of str to float
        What VMs may use of a host of each kind when others have failed.
    node_groups : mapping of str to int
        Which kinds take over from each other.
    losses : int
        Hosts that fail at the same time.

    Returns
    -------
    list of (int, str)
        Node group and host; empty where all find room, which is then proved.

    Notes
    -----
    For one loss the host's VMs, except pinned ones, are put one after another, the largest first,
    onto the others, whose own VMs stay. For more losses each host's VMs must fit as a whole on as
    many empty hosts: then every lost host has one of its own, whichever are lost (Hall).
    """
    found = []
    for group in sorted({node_groups[kind.name] for kind in kinds}):
        own = [kind for kind in kinds if node_groups[kind.name] == group]
        hosts = _hosts(own, flavours, contents, hard)
        stranded = _one_by_one(hosts, flavours) if losses == 1 else _whole(hosts, flavours, losses)
        found += [(group, name) for name in stranded]
    return found


def _hosts(
    kinds: Sequence[HostKind],
    flavours: Sequence[Flavour],
    contents: Mapping[str, Mapping[str, int]],
    hard: Mapping[str, Mapping[str, float]],
) -> Hosts:
    named = [(kind.host(n + 1), kind) for kind in kinds for n in range(kind.count or 0)]
    resources = _resources(flavours)
    needs = _needs(flavours, resources)
    counts = np.array(
        [[contents.get(name, {}).get(one.name, 0) for one in flavours] for name, _ in named],
        dtype=float,
    ).reshape(len(named), len(flavours))
    rooms = np.array(
        [[min(hard[kind.name].get(key, 1.0), _PLENTY) for key in resources] for _, kind in named]
    ).reshape(len(named), len(resources))
    return Hosts([name for name, _ in named], counts, rooms - counts @ needs)


def _resources(flavours: Sequence[Flavour]) -> list[str]:
    groups = [f"anti-affinity {one.apart}" for one in flavours if one.apart]
    return list(dict.fromkeys([key for one in flavours for key in one.needs] + groups))


def _needs(flavours: Sequence[Flavour], resources: Sequence[str]) -> Floats:
    return np.array(
        [
            [
                1.0 if key == f"anti-affinity {one.apart}" else one.needs.get(key, 0.0)
                for key in resources
            ]
            for one in flavours
        ]
    )


def _movable(hosts: Hosts, flavours: Sequence[Flavour], host: int) -> Floats:
    """VMs of a host that move when it fails; pinned ones do not."""
    name = hosts.names[host]
    pinned = np.array([one.pinned.get(name, 0) for one in flavours], dtype=float)
    return np.asarray(np.maximum(hosts.counts[host] - pinned, 0.0))


def _one_by_one(hosts: Hosts, flavours: Sequence[Flavour]) -> list[str]:
    needs = _needs(flavours, _resources(flavours))
    size = (needs / np.maximum(hosts.free.max(axis=0, initial=0.0), 1e-9)).max(axis=1)
    order = np.argsort(-size, kind="stable")
    checked: dict[bytes, bool] = {}
    stranded = []
    for host in np.flatnonzero(hosts.counts.any(axis=1)).tolist():
        moving = _movable(hosts, flavours, host)
        alike = np.concatenate([moving, hosts.free[host]]).tobytes()
        if alike not in checked:
            rest = np.delete(hosts.free, host, axis=0)
            checked[alike] = _find_room(moving, needs, order.tolist(), rest)
        if not checked[alike]:
            stranded.append(hosts.names[host])
    return stranded


def _find_room(moving: Floats, needs: Floats, order: Sequence[int], free: Floats) -> bool:
    """Whether VMs find room, those of each flavour on the fullest hosts that still hold them."""
    for flavour in order:
        number, need = moving[flavour], needs[flavour]
        asked = need > 0
        if number:
            room = free[:, asked] * (1 + SLACK) // need[asked]
            held = np.maximum(room.min(axis=1, initial=np.inf), 0.0)
            for host in np.argsort(held, kind="stable").tolist():
                here = min(held[host], number)
                free[host] -= here * need
                number -= here
            if number > 0:
                return False
    return True


def _whole(hosts: Hosts, flavours: Sequence[Flavour], losses: int) -> list[str]:
    needs = _needs(flavours, _resources(flavours))
    empty = hosts.free[~hosts.counts.any(axis=1)] * (1 + SLACK)
    stranded = []
    for host in np.flatnonzero(hosts.counts.any(axis=1)).tolist():
        moving = _movable(hosts, flavours, host)
        refuges = (moving @ needs <= empty).all(axis=1).sum()
        if moving.any() and refuges < losses:
            stranded.append(hosts.names[host])
    return stranded
