"""One design as the facts that the sheets are given, each with its provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.facts import Fact


@dataclass(frozen=True)
class Row:
    """Facts along an axis: the parts of a node, the flavours of a workload."""

    unit: str
    members: tuple[tuple[str, Fact], ...]


Given = Mapping[str, Fact | Row]


def facts_of(given: Given) -> Iterator[Fact]:
    """Every fact that a sheet is given."""
    for item in given.values():
        if isinstance(item, Fact):
            yield item
        else:
            yield from (fact for _, fact in item.members)


@dataclass(frozen=True)
class GroupPlan:
    """Equal items of equipment.

    Parameters
    ----------
    name, title : str
        How the group and its machines are called.
    count : Fact
        Items [node].
    node : mapping
        What the node sheet is given.
    equipment : mapping
        What the design sheet is given of each item.
    host : mapping
        What the design sheet is given where the items run VMs.
    switch : mapping
        What the design sheet is given where the items are switches.
    """

    name: str
    title: str
    count: Fact
    node: Given
    equipment: Mapping[str, Fact]
    host: Mapping[str, Fact]
    switch: Mapping[str, Fact]


@dataclass(frozen=True)
class StorePlan:
    """The hosts of one group in a backend; ``given`` is what the store sheet is given."""

    group: str
    count: Fact
    given: Given
    drive: Fact
    drives_per_host: int


@dataclass(frozen=True)
class ClientPlan:
    """A group that uses a backend; ``given`` is what the store sheet is given of its links."""

    group: str
    count: Fact
    given: Given


@dataclass(frozen=True)
class BackendPlan:
    """A storage backend.

    Parameters
    ----------
    name : str
        How it is called.
    stores : tuple of StorePlan
        The hosts that hold its data.
    clients : tuple of ClientPlan
        The hosts that use it.
    given : mapping
        What the backend sheet is given, apart from what its hosts and clients bring.
    survival : mapping
        What the survival sheet is given, apart from the hosts' capacity.
    drives : Row
        Capacity of every drive [B].
    drive_domains : Row or None
        Capacity of the drives that may be filled [B], where the failure domain is the drive.
    """

    name: str
    stores: tuple[StorePlan, ...]
    clients: tuple[ClientPlan, ...]
    given: Given
    survival: Given
    drives: Row
    drive_domains: Row | None


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
    """

    id: str
    title: str
    groups: tuple[GroupPlan, ...]
    backends: tuple[BackendPlan, ...]
    given: Given
    shared_store: str | None
    local_store: str | None
    gaps: tuple[str, ...]

    def facts(self) -> list[Fact]:
        """Every fact behind the design, each once, in order of name."""
        found = {fact.name: fact for given in self._all_given() for fact in facts_of(given)}
        return [found[name] for name in sorted(found)]

    def _all_given(self) -> Iterator[Given]:
        yield self.given
        for group in self.groups:
            yield {"count": group.count}
            yield from (group.node, group.equipment, group.host, group.switch)
        for backend in self.backends:
            yield from (backend.given, backend.survival, {"drives": backend.drives})
            yield from (store.given for store in backend.stores)
            yield from (client.given for client in backend.clients)
