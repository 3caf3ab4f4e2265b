"""Which hosts a network still joins while one switch is down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from planner.plan import Cable

Unit: TypeAlias = tuple[str, int]
"""A switch: its group and number."""
Host: TypeAlias = tuple[str, int]


@dataclass(frozen=True)
class Reach:
    """Hosts by network and the switches that they end on, and the links between switches."""

    ends: Mapping[str, Mapping[Host, set[Unit]]]
    joints: tuple[tuple[Unit, Unit], ...]

    @classmethod
    def of(cls, cables: Iterable[Cable]) -> Reach:
        """As cables are plugged in; those without a port join nothing."""
        ends: dict[str, dict[Host, set[Unit]]] = {}
        joints = []
        for cable in cables:
            near, far = (cable.group, cable.item), (cable.switch, cable.unit)
            if cable.unit and cable.what == "link":
                ends.setdefault(cable.network, {}).setdefault(near, set()).add(far)
            elif cable.unit and cable.what in ("stack", "uplink"):
                joints.append((near, far))
        return cls(ends, tuple(dict.fromkeys(joints)))

    @property
    def units(self) -> set[Unit]:
        """Switches with something plugged in."""
        linked = {
            unit for hosts in self.ends.values() for units in hosts.values() for unit in units
        }
        return linked | {unit for joint in self.joints for unit in joint}

    def without(self, lost: Unit) -> dict[str, set[Host]]:
        """Hosts of each network that reach most of its others no more."""
        island = {unit: unit for unit in self.units if unit != lost}
        for near, far in self.joints:
            if lost not in (near, far):
                one, other = island[near], island[far]
                island = {unit: one if home == other else home for unit, home in island.items()}
        return {network: _apart(hosts, island) for network, hosts in self.ends.items()}

    def everywhere(self, cut: Mapping[str, set[Host]]) -> set[Host]:
        """Hosts that lose every network that they have a link to."""
        some = set[Host]().union(*cut.values())
        return some.difference(*(set(hosts) - cut[name] for name, hosts in self.ends.items()))


def _apart(hosts: Mapping[Host, set[Unit]], island: Mapping[Unit, Unit]) -> set[Host]:
    """Hosts on none of the switches that join most of them."""
    reached = {
        host: {island[unit] for unit in units if unit in island} for host, units in hosts.items()
    }
    homes = [home for found in reached.values() for home in sorted(found)]
    main = max(homes, key=homes.count, default=None)
    return {host for host, found in reached.items() if main not in found}
