"""A design as a whole as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from planner.facts import Fact
from planner.plan.cabling import Cabling
from planner.plan.given import Given, facts_of
from planner.plan.machines import GroupPlan
from planner.plan.storage import BackendPlan, PoolPlan


@dataclass(frozen=True)
class QuorumPlan:
    """A group that votes: its members by group of equipment, one on a host."""

    name: str
    members: Mapping[str, Fact]


@dataclass(frozen=True)
class VmRules:
    """Where the VMs of a flavour may be.

    Parameters
    ----------
    apart : str
        Anti-affinity group: each of the group's VMs runs on another host. Empty: none.
    on : str
        Group of hosts that they run on. Empty: any.
    pinned : mapping of str to int
        Number of VMs that run on the host of this name.
    vms : tuple of str
        Names of the VMs, those pinned first and in the order of their hosts; or none.
    """

    apart: str = ""
    on: str = ""
    pinned: Mapping[str, int] = field(default_factory=dict)
    vms: tuple[str, ...] = ()


@dataclass(frozen=True)
class SparePlan:
    """Spares of one part.

    Parameters
    ----------
    part, title : str
        The part.
    holders : tuple of (str, Fact)
        The groups whose items have the part, and how many an item has.
    given : mapping
        What the spare sheet is given beside these.
    """

    part: str
    title: str
    holders: tuple[tuple[str, Fact], ...]
    given: Given


@dataclass(frozen=True)
class LicencePlan:
    """A licence that is paid by the VM; what the licence sheet is given."""

    name: str
    given: Given


@dataclass(frozen=True)
class DesignPlan:
    """Everything that is needed to compute a design.

    Parameters
    ----------
    id, title : str
        How it is called.
    groups : tuple of GroupPlan
        Its equipment.
    backends : tuple of BackendPlan
        Its storage.
    given : mapping
        Workload, admission rule and site, for the design sheet.
    shared_store, local_store : str or None
        The backend that holds the VMs' disks, as it is shared or local to each host.
    gaps : tuple of str
        What the scenario does not say.
    quorums : tuple of QuorumPlan
        Groups that vote.
    pools : tuple of PoolPlan
        What the storage is used for.
    daemons : mapping
        What the host sheet is given of each group that holds a Ceph storage.
    admission, policy : str
        The rule by which VMs are admitted, and whose it is.
    vm_rules : mapping of str to VmRules
        Where VMs may be, by flavour; any host for flavours that are not listed.
    cabling : Cabling
        Which port goes to which.
    spares : tuple of SparePlan
        Parts that are bought beyond those that are built in.
    licences : tuple of LicencePlan
        Licences that are paid by the VM.
    not_counted : tuple of str
        Costs that the scenario does not state.
    """

    id: str
    title: str
    groups: tuple[GroupPlan, ...]
    backends: tuple[BackendPlan, ...]
    given: Given
    shared_store: str | None
    local_store: str | None
    gaps: tuple[str, ...]
    quorums: tuple[QuorumPlan, ...] = ()
    pools: tuple[PoolPlan, ...] = ()
    daemons: Mapping[str, Given] = field(default_factory=dict)
    admission: str = ""
    policy: str = "openstack"
    vm_rules: Mapping[str, VmRules] = field(default_factory=dict)
    cabling: Cabling = field(default_factory=Cabling)
    spares: tuple[SparePlan, ...] = ()
    licences: tuple[LicencePlan, ...] = ()
    not_counted: tuple[str, ...] = ()

    def facts(self) -> list[Fact]:
        """Every fact behind the design, each once, in order of name."""
        found = {fact.name: fact for given in self._all_given() for fact in facts_of(given)}
        return [found[name] for name in sorted(found)]

    def _all_given(self) -> Iterator[Given]:
        yield self.given
        for group in self.groups:
            yield {"count": group.count}
            yield from (group.node, group.equipment, group.host, group.switch, group.estimate)
            yield group.assembly.given
            yield from group.bonds.values()
            yield group.renewal
        for backend in self.backends:
            yield from (backend.given, backend.survival)
            for store in backend.stores:
                yield from (store.given, store.cluster)
            if backend.proxies:
                yield from (backend.proxies.client_side, backend.proxies.storage_side)
                yield {"proxy_count": backend.proxies.count}
            if backend.topology:
                for ports, speed in backend.topology.uplinks.values():
                    yield {"ports": ports, "speed": speed}
            yield from (client.given for client in backend.clients)
        yield from (quorum.members for quorum in self.quorums)
        yield self.cabling.given
        yield from (*self.cabling.media.values(), *self.cabling.switches.values())
        yield from (pool.given for pool in self.pools)
        yield from self.daemons.values()
        yield from (spare.given for spare in self.spares)
        yield from ({"parts_per_item": fact} for spare in self.spares for _, fact in spare.holders)
        yield from (licence.given for licence in self.licences)
