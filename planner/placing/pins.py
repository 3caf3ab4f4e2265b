"""VMs that are bound to a host or to a group of hosts."""

from __future__ import annotations

from collections.abc import Mapping

from planner.packing import Flavour, HostKind, Unplaced
from planner.packing.model import SLACK
from planner.placing.given import Rows
from planner.plan import VmRules

Amounts = Mapping[str, float]


def homes(
    kinds: tuple[HostKind, ...],
    flavours: Rows,
    needs: Mapping[str, Amounts],
    rules: Mapping[str, VmRules],
) -> tuple[list[Flavour], list[Unplaced]]:
    """Flavours whose pinned VMs have a host with room for them, and VMs that have none.

    Parameters
    ----------
    kinds : tuple of HostKind
        Hosts.
    flavours : mapping
        Flavours that have VMs.
    needs : mapping of str to mapping of str to float
        What a VM of each flavour needs.
    rules : mapping of str to VmRules
        Hosts that VMs are pinned to, anti-affinity groups and names.
    """
    rooms: dict[str, dict[str, float]] = {}
    taken: dict[str, set[str]] = {}
    found, homeless = [], []
    for name, row in flavours.items():
        rule = rules.get(name, VmRules())
        pinned: dict[str, int] = {}
        for host, number in rule.pinned.items():
            kind = next((one for one in kinds if one.number(host) is not None), None)
            here = 0 if kind is None else _room(kind, host, needs[name], rule.apart, rooms, taken)
            pinned[host] = min(number, here)
            if kind is not None:
                _take(rooms[host], taken[host], needs[name], pinned[host], rule.apart)
            if number > pinned[host]:
                homeless.append(_homeless(name, number - pinned[host], host, kind, needs[name]))
        lost = sum(rule.pinned.values()) - sum(pinned.values())
        count = int(row["flavour_count"]) - lost
        kept = {host: number for host, number in pinned.items() if number}
        if count:
            names = _names_left(rule, pinned)
            found.append(Flavour(name, needs[name], count, rule.apart, kept, names))
    return found, homeless


def _names_left(rule: VmRules, pinned: Mapping[str, int]) -> tuple[str, ...]:
    """Names of the VMs, those pinned first, without those that found no room on their host."""
    kept: list[str] = []
    start = 0
    for host, number in rule.pinned.items():
        kept += rule.vms[start : start + pinned[host]]
        start += number
    return (*kept, *rule.vms[start:])


def _room(
    kind: HostKind,
    host: str,
    need: Amounts,
    apart: str,
    rooms: dict[str, dict[str, float]],
    taken: dict[str, set[str]],
) -> int:
    """VMs of a flavour that a host still has room for."""
    room = rooms.setdefault(host, dict(kind.capacity))
    members = taken.setdefault(host, set())
    times = [
        room.get(key, 0.0) * (1 + SLACK) // amount for key, amount in need.items() if amount > 0
    ]
    most = int(max(min(times), 0.0))
    return most if not apart else 0 if apart in members else min(most, 1)


def _take(room: dict[str, float], members: set[str], need: Amounts, vms: int, apart: str) -> None:
    for key, amount in need.items():
        room[key] = room.get(key, 0.0) - vms * amount
    if apart and vms:
        members.add(apart)


def _homeless(name: str, vms: int, host: str, kind: HostKind | None, need: Amounts) -> Unplaced:
    if kind is None:
        rule = f"bound to `{host}`, which is no host of this design that runs VMs"
        return Unplaced(name, vms, "vcpus", need["vcpus"], 0.0, rule)
    scarce = max(need, key=lambda key: need[key] / max(kind.capacity.get(key, 0.0), 1e-9))
    has = kind.capacity.get(scarce, 0.0)
    return Unplaced(name, vms, scarce, need[scarce], has, f"bound to `{host}`, which has no room")
