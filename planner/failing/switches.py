"""What stops with a switch: hosts whose links to a network all end on it, or on one behind it.

Nothing is lost with a switch, and all is back when it is replaced. What the links that are left
carry is not reckoned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from planner.compute import Computed
from planner.failing.losses import Loss, places_of
from planner.failing.survival import UNTOUCHED, State, after_places
from planner.models.combinatorics import hypergeometric
from planner.plan import BackendPlan, Cable, DesignPlan

Unit: TypeAlias = tuple[str, int]
Host: TypeAlias = tuple[str, int]


@dataclass(frozen=True)
class CutOff:
    """Hosts that one switch keeps from a network.

    Parameters
    ----------
    loss : Loss
        The switch.
    hosts : mapping of str to set
        Hosts and arrays by the network that they lose.
    linked : mapping of str to set
        All that have a link to each network.
    """

    loss: Loss
    hosts: Mapping[str, set[Host]]
    linked: Mapping[str, set[Host]]

    @property
    def everywhere(self) -> set[Host]:
        """Hosts that lose every network that they have a link to."""
        some = set[Host]().union(*self.hosts.values())
        kept = (hosts - self.hosts[network] for network, hosts in self.linked.items())
        return some - set[Host]().union(*kept)

    def of(self, backend: BackendPlan) -> set[Host]:
        """Hosts that lose a network of a storage; all networks where none is stated."""
        if not backend.networks:
            return self.everywhere
        return set[Host]().union(*(self.hosts.get(name, set()) for name in backend.networks))

    def within(self, backend: BackendPlan, group: str) -> int:
        """How many hosts of a group lose a storage."""
        return sum(name == group for name, _ in self.of(backend))


def switch_losses(plan: DesignPlan) -> Iterator[CutOff]:
    """Of each group of switches the one without which most hosts lose a network."""
    cables = plan.cabling.cables
    linked: dict[str, set[Host]] = {}
    for cable in cables:
        if cable.what == "link":
            linked.setdefault(cable.network, set()).add((cable.group, cable.item))
    for group in plan.groups:
        number = int(group.count.value or 0) if group.switch else 0
        found = []
        for unit in range(1, number + 1) if linked else ():
            cut = {name: _cut(cables, name, (group.name, unit)) for name in linked}
            loss = Loss("switches", group.name, 1, number)
            found.append(CutOff(loss, cut, linked))
        yield from sorted(found, key=lambda one: -sum(map(len, one.hosts.values())))[:1]


def _cut(cables: tuple[Cable, ...], network: str, lost: Unit) -> set[Host]:
    """Hosts that reach most of the others of a network no more."""
    ends: dict[Host, set[Unit]] = {}
    island: dict[Unit, Unit] = {}
    for cable in cables:
        far, near = (cable.switch, cable.unit), (cable.group, cable.item)
        if cable.what == "link" and cable.network == network:
            ends.setdefault(near, set()).add(far)
            island.setdefault(far, far)
        elif cable.what in ("stack", "uplink") and lost not in (near, far):
            one, other = island.setdefault(near, near), island.setdefault(far, far)
            island = {unit: one if home == other else home for unit, home in island.items()}
    island.pop(lost, None)
    reached = {
        host: {island[unit] for unit in units if unit in island} for host, units in ends.items()
    }
    homes = [home for found in reached.values() for home in sorted(found)]
    main = max(homes, key=homes.count, default=None)
    return {host for host, found in reached.items() if main not in found}


def state_without(plan: BackendPlan, computed: Computed, cut: CutOff) -> State:
    """The state of a backend while a switch is down: data is safe, and some is not served.

    A rack counts as gone where any of its hosts is, which is cautious.
    """
    down = {store.group: cut.within(plan, store.group) for store in plan.stores}
    if plan.proxies is not None and plan.proxies.count.value == cut.within(
        plan, plan.proxies.group
    ):
        return State(True, 0.0, 1.0, 0.0, 1.0)
    if plan.scheme.local or not any(down.values()):
        return UNTOUCHED
    if plan.scheme.domain == "rack":
        places = len({store.rack for store in plan.stores if down[store.group]})
    else:
        drives = plan.scheme.domain == "drive"
        places = sum(
            number * (store.drives_per_host if drives else 1)
            for store in plan.stores
            for number in (down[store.group],)
        )
    if places_of(plan) < plan.scheme.shares:
        return State(True, *[float("nan")] * 4)
    found = after_places(plan, computed, places)
    return State(True, 0.0, found.lost + found.blocked, 0.0, found.stop_probability)


def quorums_without(plan: DesignPlan, cut: CutOff) -> dict[str, float]:
    """Probability that each voting group stops, of the hosts that lose every network."""
    gone = cut.everywhere
    totals = {group.name: int(group.count.value or 0) for group in plan.groups}
    found = {}
    for quorum in plan.quorums:
        lost, votes = np.ones(1), 0
        for name, fact in quorum.members.items():
            members, down = int(fact.value or 0), sum(host == name for host, _ in gone)
            numbers = np.arange(members + 1.0)
            chances = hypergeometric(
                np.array(float(totals[name])),
                np.array(float(down)),
                np.array(float(members)),
                numbers,
                numbers,
            )
            lost, votes = np.convolve(lost, np.atleast_1d(chances)), votes + members
        found[quorum.name] = float(lost[(votes - 1) // 2 + 1 :].sum())
    return found
