"""What stops with a switch: hosts whose links to a network all end on it, or on one behind it.

Nothing is lost with a switch, and all is back when it is replaced. What the links that are left
carry is not reckoned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from planner.cabling.reach import Host, Reach
from planner.compute import Computed
from planner.failing.losses import Loss, places_of
from planner.failing.survival import UNTOUCHED, State, after_places
from planner.models.combinatorics import hypergeometric
from planner.plan import BackendPlan, DesignPlan


@dataclass(frozen=True)
class CutOff:
    """Hosts that one switch keeps from a network.

    Parameters
    ----------
    loss : Loss
        The switch.
    hosts : mapping of str to set
        Hosts and arrays by the network that they lose.
    everywhere : set
        Those that lose every network that they have a link to.
    """

    loss: Loss
    hosts: Mapping[str, set[Host]]
    everywhere: set[Host]

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
    reach = Reach.of(plan.cabling.cables)
    for group in plan.groups:
        number = int(group.count.value or 0) if group.switch and reach.ends else 0
        loss, found = Loss("switches", group.name, 1, number), []
        for unit in range(1, number + 1):
            cut = reach.without((group.name, unit))
            found.append(CutOff(loss, cut, reach.everywhere(cut)))
        yield from sorted(found, key=lambda one: -sum(map(len, one.hosts.values())))[:1]


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
