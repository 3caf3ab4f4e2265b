"""Disk operations and traffic that hosts and storage offer to VMs, where VMs ask for them."""

from __future__ import annotations

from collections.abc import Iterable

from planner.context import Context
from planner.facts import Basis, Fact, weakest
from planner.faults import Mark
from planner.scenario import Group

UNITS = {"iops": "IOPS", "network": "B/s"}


def asked(context: Context) -> list[str]:
    """What any VM of the workload asks for besides processors, memory and disk."""
    flavours = context.scenario.workload.values()
    return [key for key in UNITS if any(getattr(one, key) for one in flavours)]


def host_offers(context: Context, name: str, group: Group) -> dict[str, Fact]:
    """What a host of a group offers."""
    wanted = asked(context)
    found = {}
    if "network" in wanted:
        found["host_network"] = _network(context, name, group)
    if "iops" in wanted:
        found["host_iops"] = _local_iops(context, name)
    return found


def store_offers(context: Context, store: str | None) -> dict[str, Fact]:
    """What the shared storage of the VMs' disks offers.

    Every operation is taken as a write, which goes to each share: the least that the drives do.
    """
    if store is None or "iops" not in asked(context) or context.design.storage[store].local:
        return {}
    backend = context.design.storage[store]
    coded = (backend.data_shares or 1) + (backend.parity_shares or 0)
    shares = backend.copies or coded
    drives = [
        (fact, number * (context.design.groups[group].count.value or 0.0) / shares)
        for group in backend.hosts
        if group in context.design.groups
        for fact, number in _drives(context, store, group)
    ]
    mark = context.mark("storage", store)
    note = f"all writes, on {shares} shares"
    return {"vm_store_iops": _sum(context.label(store, "iops"), "IOPS", drives, mark, note)}


def _network(context: Context, name: str, group: Group) -> Fact:
    """Links of a host, without those that carry its storage."""
    carrying = {backend.network for backend in context.design.storage.values()}
    parts = context.parts(name)
    links = [
        (context.linked_part(link, parts, context.mark("groups", name, "links", network)), link)
        for network, link in group.links.items()
        if network not in carrying
    ]
    speeds = [(entry.fact("port_speed"), float(link.ports)) for entry, link in links]
    label = context.label(name, "network")
    note = "links that carry no storage"
    return _sum(label, "B/s", speeds, context.mark("groups", name), note)


def _local_iops(context: Context, name: str) -> Fact:
    drives = [
        item
        for key, backend in context.design.storage.items()
        if backend.local and name in backend.hosts
        for item in _drives(context, key, name)
    ]
    note = "the lesser of reads and writes of its drives for VMs"
    label = context.label(name, "iops")
    return _sum(label, "IOPS", drives, context.mark("groups", name), note)


def _drives(context: Context, store: str, group: str) -> list[tuple[Fact, float]]:
    """Operations of a drive that a host gives to a storage, and how many drives."""
    hosts = context.design.storage[store].hosts[group]
    part = next((one for one in context.parts(group) if one.entry.id == hosts.drive), None)
    if part is None:
        return []
    rates = [part.entry.fact(key) for key in ("read_iops", "write_iops")]
    known = [fact for fact in rates if fact.known]
    least = min(known, key=lambda fact: fact.value or 0.0) if len(known) == 2 else None
    number = float(hosts.drives or part.count.value or 0.0)
    return [(least or next(fact for fact in rates if not fact.known), number)]


def _sum(label: str, unit: str, items: Iterable[tuple[Fact, float]], mark: Mark, note: str) -> Fact:
    """Several facts times their numbers; unknown where one is, or there is none."""
    found = list(items)
    if not found or not all(fact.known for fact, _ in found):
        note = "the catalog does not tell it"
        return Fact(label, None, unit, Basis.ASSUMPTION, note=note, mark=mark)
    total = sum((fact.value or 0.0) * number for fact, number in found)
    sources = "; ".join(dict.fromkeys(fact.source for fact, _ in found if fact.source))
    basis = weakest(fact.basis for fact, _ in found)
    return Fact(label, total, unit, basis, sources, note=note, mark=mark)
