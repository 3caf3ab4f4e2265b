"""Storage backends: the facts of their drives, redundancy, links and clients."""

from __future__ import annotations

from dataclasses import replace

from planner.catalog import Entry
from planner.context import Context, collect, flag, machine_of, stated
from planner.facts import Fact
from planner.faults import Fault, InputError, Mark
from planner.links import client_groups, topology
from planner.models.placement_groups import default_minimum_shares
from planner.models.quorum import quorum
from planner.models.raid import raid_layout
from planner.models.swift import swift_write_quorum
from planner.plan import (
    BackendPlan,
    ClientPlan,
    PoolPlan,
    QuorumPlan,
    Raid,
    Row,
    Scheme,
    StorePlan,
    Topology,
)
from planner.scenario import Backend, Pool, StoreHosts
from planner.storage_paths import (
    check_paths,
    client_link,
    cluster_link,
    drive_link_facts,
    host_link,
    journal_factor,
    journal_facts,
    journal_uses,
    operations_facts,
    path_facts,
    proxy_plan,
)
from planner.wording import did_you_mean

RATIOS = ("nearfull_ratio", "backfillfull_ratio", "full_ratio")
RELIABILITY = ("annual_failure_rate", "unrecoverable_errors", "capacity", "read_rate", "write_rate")
NO_SETS = "any-hosts"


def build_backend(context: Context, name: str, backend: Backend) -> BackendPlan:
    """The facts of one backend.

    Raises
    ------
    InputError
        Unknown groups or drives, redundancy that is not stated, networks that do not reach.
    """
    mark = context.mark("storage", name)
    software = _software(context, name)
    check_paths(context, name, backend, software)
    faults: list[Fault] = []
    stores = collect(backend.hosts, lambda key, item: _store(context, name, key, item), faults)
    clients = collect(
        dict.fromkeys(client_groups(context, name)),
        lambda key, _: _client(context, name, key),
        faults,
    )
    if faults:
        raise InputError(faults)
    shares, data, minimum = _redundancy(backend, software, mark)
    scheme = _scheme(context, name, backend, software, (shares, data, minimum))
    _check_sets(stores, scheme, mark)
    per_drive = backend.failure_domain == "drive"
    # Seen from the hosts, shares that all lie within one host are a single copy.
    view = (1, 1, 1) if per_drive else (shares, data, minimum)
    label = context.label(name, "by host") if per_drive else context.label(name)
    names = ("shares", "data_shares", "minimum_shares")
    survival = _shares(label, mark, **dict(zip(names, view, strict=True)))
    return BackendPlan(
        name=name,
        stores=tuple(stores),
        clients=tuple(clients),
        given={
            **_shares(context.label(name), mark, shares=shares, data_shares=data),
            **_shares(label, mark, network_shares=view[0], network_data_shares=view[1]),
            **{key: software.fact(key) for key in RATIOS},
            "journal_factor": journal_factor(context, name, backend, software),
            **_controllers(context, backend),
            **_set_facts(context, name, scheme.raid),
            **({"controllers": scheme.controllers} if scheme.controllers else {}),
            **_client_facts(context, name, backend, mark),
            **path_facts(context, name, backend, shares),
        },
        survival=survival,
        scheme=scheme,
        proxies=proxy_plan(context, backend),
        topology=_topology(context, name, backend),
        demand_of=backend.demand.each if backend.demand else None,
        networks=tuple(filter(None, (backend.network, backend.cluster_network))),
    )


def _topology(context: Context, name: str, backend: Backend) -> Topology | None:
    """The switches between clients and hosts; behind proxies they are not looked at."""
    if backend.proxies is not None:
        return None
    return topology(context, backend.network, list(backend.hosts), client_groups(context, name))


def _software(context: Context, name: str) -> Entry:
    mark = context.mark("storage", name, "software")
    software = context.design.storage[name].software
    return context.catalog.entry(software, mark, ["storage-software"])


def build_quorum(context: Context, name: str, members: dict[str, int]) -> QuorumPlan:
    """The members of a group that votes.

    Raises
    ------
    InputError
        No member, unknown groups of equipment, or more members than hosts.
    """
    groups, facts = context.design.groups, {}
    for group, number in members.items():
        mark = context.mark("quorums", name, group)
        if group not in groups:
            raise InputError.at(mark, f"unknown group `{group}`", did_you_mean(group, groups))
        if number > (groups[group].count.value or 0):
            message = f"{number} members of `{name}` on {groups[group].count.value:g} hosts"
            raise InputError.at(mark, message, "put each member on a host of its own")
        label = context.label("quorums", name, group)
        facts[group] = stated(label, number, "node", mark)
    if not facts:
        raise InputError.at(context.mark("quorums", name), f"`{name}` has no member", "add one")
    return QuorumPlan(name, facts)


def build_pool(context: Context, name: str, pool: Pool) -> PoolPlan:
    """The facts of one use of a backend.

    Raises
    ------
    InputError
        An unknown backend, or redundancy that is stated in part or twice.
    """
    mark = context.mark("pools", name)
    stores = context.design.storage
    if pool.backend not in stores:
        remedy = did_you_mean(pool.backend, stores)
        at = context.mark("pools", name, "backend")
        raise InputError.at(at, f"unknown storage `{pool.backend}`", remedy)
    own = (pool.copies, pool.data_shares, pool.parity_shares) != (None, None, None)
    backend, software = stores[pool.backend], _software(context, pool.backend)
    shares, data = _shares_of(pool if own else backend, mark)
    minimum = _usual_minimum(software, shares, data)
    minimum = minimum if own else backend.minimum_shares or minimum
    none = stated(context.label("pools", name, "growth"), 0.0, "1/yr", mark)
    return PoolPlan(
        name=name,
        use=pool.use,
        backend=pool.backend,
        given={
            "pool_data": pool.data,
            "growth": pool.growth or replace(none, source="no growth is stated"),
            **_shares(
                context.label("pools", name),
                mark,
                shares=shares,
                data_shares=data,
                service_shares=minimum,
            ),
        },
    )


def _client_facts(context: Context, name: str, backend: Backend, mark: Mark) -> dict[str, Fact]:
    """Where the clients are, as seen from the hosts that hold the data."""
    counts = {
        key: context.design.groups[key].count.value or 0.0 for key in client_groups(context, name)
    }
    on_hosts = sum(count for key, count in counts.items() if key in backend.hosts)
    share = on_hosts / max(sum(counts.values()), 1.0)
    label = context.label(name, "clients_on_hosts")
    return {
        "clients_on_hosts": stated(label, share, "1", mark),
        "own_disks_only": flag(context.label(name, "own_disks_only"), backend.local, mark),
    }


def _shares(label: str, mark: Mark, **numbers: int) -> dict[str, Fact]:
    return {key: stated(f"{label}.{key}", value, "1", mark) for key, value in numbers.items()}


def _shares_of(stated_by: Backend | Pool, mark: Mark) -> tuple[int, int]:
    """Shares in all, and shares that hold data."""
    copies, data, parity = stated_by.copies, stated_by.data_shares, stated_by.parity_shares
    coded = data is not None or parity is not None
    if copies is None and not coded and isinstance(stated_by, Backend) and stated_by.raid:
        return 1, 1
    if (copies is not None) == coded:
        remedy = "write `copies: 3`, or `data_shares: 4` and `parity_shares: 2`"
        raise InputError.at(mark, "the redundancy is not stated, or stated twice", remedy)
    if copies is not None:
        return copies, 1
    if data is None or parity is None:
        raise InputError.at(mark, "one of `data_shares` and `parity_shares` is missing", "add it")
    return data + parity, data


def _redundancy(backend: Backend, software: Entry, mark: Mark) -> tuple[int, int, int]:
    """Shares in all, shares that hold data, shares needed for service."""
    shares, data = _shares_of(backend, mark)
    minimum = backend.minimum_shares or _usual_minimum(software, shares, data)
    if not data <= minimum <= shares:
        remedy = f"write {data} to {shares}"
        raise InputError.at(mark, f"`minimum_shares` is {minimum}, which cannot be", remedy)
    return shares, data, minimum


def _usual_minimum(software: Entry, shares: int, data: int) -> int:
    rule = getattr(software.part, "service_rule", "data-shares")
    if rule == "ceph":
        return int(default_minimum_shares(shares, data))
    if rule == "majority":
        return max(int(quorum(shares).majority), data)
    return max(int(swift_write_quorum(shares)), data) if rule == "half" else data


def _scheme(
    context: Context, name: str, backend: Backend, software: Entry, shares: tuple[int, int, int]
) -> Scheme:
    """How the shares are placed."""
    at = context.mark("storage", name)
    placement = getattr(software.part, "placement", NO_SETS)
    if backend.raid is not None and backend.failure_domain == "drive":
        message = "a RAID joins the drives of a host into one failure domain"
        raise InputError.at(at, message, "leave out `failure_domain: drive`")
    if placement != NO_SETS and shares[1] != 1:
        raise InputError.at(at, f"`{software.id}` keeps whole copies", "write `copies: ...`")

    def stated_or_none(key: str, unit: str) -> Fact | None:
        value = getattr(backend, key)
        mark = context.mark("storage", name, key)
        return None if value is None else stated(context.label(name, key), value, unit, mark)

    return Scheme(
        software=software.id,
        shares=shares[0],
        data_shares=shares[1],
        minimum_shares=shares[2],
        domain=backend.failure_domain,
        placement=placement,
        service_rule=getattr(software.part, "service_rule", "data-shares"),
        balancer=backend.balancer,
        local=backend.local,
        raid=_raid(context, name, backend),
        placement_groups=stated_or_none("placement_groups", "1"),
        most_drives=stated_or_none("most_drives", "part"),
        mark_out_delay=software.fact("mark_out_delay"),
        controllers=_controller_count(context, backend),
    )


def _raid(context: Context, name: str, backend: Backend) -> Raid | None:
    """The RAID below, the same on every host."""
    if backend.raid is None:
        return None
    mark = context.mark("storage", name, "raid")
    counts = {
        key: _drive_part(context, name, key, hosts)[1] for key, hosts in backend.hosts.items()
    }
    if len(set(counts.values())) > 1:
        message = "hosts with different numbers of drives cannot have the same RAID"
        raise InputError.at(mark, message, "use a backend for each kind of host")
    spares, level = backend.raid.spares, str(backend.raid.level)
    disks = next(iter(counts.values())) - spares
    try:
        layout = raid_layout(level, disks, backend.raid.groups)
    except ValueError as error:
        remedy = f"each host has {disks + spares} drives, {spares} of them spares"
        raise InputError.at(mark, str(error), remedy) from None
    return Raid(level, layout.sets, layout.disks, layout.data, spares)


def _check_sets(stores: list[StorePlan], scheme: Scheme, mark: Mark) -> None:
    hosts = sum(store.hosts for store in stores)
    if scheme.in_sets and hosts % scheme.shares:
        message = f"{hosts} hosts do not divide into sets of {scheme.shares}"
        raise InputError.at(mark, message, f"use a multiple of {scheme.shares} hosts")
    unplaced = [store.group for store in stores if store.rack is None]
    if scheme.domain == "rack" and unplaced:
        message = f"nothing tells the rack of {', '.join(unplaced)}"
        raise InputError.at(mark, message, "add `rack: NAME` to the groups")


def _store(context: Context, name: str, group_name: str, hosts: StoreHosts) -> StorePlan:
    mark = context.mark("storage", name, "hosts", group_name)
    software = context.catalog.entry(context.design.storage[name].software, mark)
    group = context.design.groups.get(group_name)
    if group is None:
        remedy = did_you_mean(group_name, context.design.groups)
        raise InputError.at(mark, f"unknown group `{group_name}`", remedy)
    entry, number = _drive_part(context, name, group_name, hosts)
    count = stated(context.label(name, group_name, "drives"), number, "part", mark)
    given: dict[str, Fact | Row] = {
        "drive_count": Row("part", ((entry.id, count),)),
        "drive_capacity": Row("B", ((entry.id, entry.fact("capacity")),)),
        "drive_read_rate": Row("B/s", ((entry.id, entry.fact("read_rate")),)),
        "drive_write_rate": Row("B/s", ((entry.id, entry.fact("write_rate")),)),
    }
    if hosts.reserve is not None:
        given["store_reserve"] = hosts.reserve
    share = {} if hosts.share is None else {"drive_share": hosts.share}
    raid = _raid(context, name, context.design.storage[name])
    given |= share | (_raid_facts(context, name, raid) if raid else {})
    given |= operations_facts(entry) | drive_link_facts(context, group_name, entry, number)
    given |= host_link(context, name, group_name)
    if hosts.journal is not None:
        given |= journal_facts(context, name, group_name, hosts.journal, software)
    return StorePlan(
        group=group_name,
        count=group.count,
        given=given,
        drive=entry.id,
        drives_per_host=number,
        device={"drive_capacity": entry.fact("capacity"), **share},
        reliability={key: entry.fact(key) for key in RELIABILITY},
        daemon_memory=_software(context, name).fact("memory_per_device"),
        rack=group.rack,
        cluster=cluster_link(context, name, group_name),
    )


def _raid_facts(context: Context, name: str, raid: Raid) -> dict[str, Fact]:
    label, mark = context.label(name, "raid", "spares"), context.mark("storage", name, "raid")
    spares = stated(label, raid.spares, "part", mark)
    return {"spare_drives": spares, **_set_facts(context, name, raid)}


def drive_faults(context: Context) -> list[Fault]:
    """Drives that several backends are given, more than there are."""
    given: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for name, backend in context.design.storage.items():
        for group, hosts in backend.hosts.items():
            parts = {part.entry.id: part.count.value or 0.0 for part in context.parts(group)}
            number = hosts.drives or parts[hosts.drive]
            share = 1.0 if hosts.share is None else hosts.share.value or 0.0
            part = number / parts[hosts.drive] * share
            given.setdefault((group, hosts.drive), []).append((name, part))
        for group, drive, number in journal_uses(context, name):
            parts = {part.entry.id: part.count.value or 0.0 for part in context.parts(group)}
            given.setdefault((group, drive), []).append((name, number / parts[drive]))
    return [
        Fault(
            context.mark("storage", uses[-1][0], "hosts", group),
            f"`{drive}` of group `{group}` is given away {sum(part for _, part in uses):g} times",
            "give each storage some of the `drives`, or a `share` of each",
        )
        for (group, drive), uses in given.items()
        if sum(part for _, part in uses) > 1.0 + 1e-9
    ]


def _set_facts(context: Context, name: str, raid: Raid | None) -> dict[str, Fact]:
    """Disks of one set of the RAID, and those that suffice to read it."""
    if raid is None:
        return {}
    numbers = {"raid_disks": raid.disks, "raid_data_disks": raid.data}
    mark = context.mark("storage", name, "raid")
    return {
        key: stated(context.label(name, "raid", key), value, "part", mark)
        for key, value in numbers.items()
    }


def _drive_part(
    context: Context, name: str, group_name: str, hosts: StoreHosts
) -> tuple[Entry, int]:
    """The drives that a host gives, and how many."""
    mark = context.mark("storage", name, "hosts", group_name)
    parts = context.parts(group_name)
    found = next((part for part in parts if part.entry.id == hosts.drive), None)
    if found is None or found.entry.kind != "drives":
        drives = [part.entry.id for part in parts if part.entry.kind == "drives"]
        message = f"group `{group_name}` has no drive `{hosts.drive}`"
        raise InputError.at(mark, message, did_you_mean(hosts.drive, drives))
    there = int(found.count.value or 0)
    if hosts.drives is not None and hosts.drives > there:
        message = f"{hosts.drives} of `{hosts.drive}` are asked for, the machine has {there}"
        raise InputError.at(mark, message, "give it fewer")
    return found.entry, hosts.drives or there


def _client(context: Context, name: str, group_name: str) -> ClientPlan:
    group = context.design.groups[group_name]
    return ClientPlan(group_name, group.count, client_link(context, name, group_name))


def _controllers(context: Context, backend: Backend) -> dict[str, Fact]:
    """Rates of the controllers, where an array holds the data."""
    for group_name in backend.hosts:
        machine = machine_of(context.parts(group_name))
        if machine is not None and machine.kind == "arrays":
            return {
                f"controller_bound_{way}_throughput": machine.fact(f"{way}_rate")
                for way in ("read", "write")
            }
    return {}


def _controller_count(context: Context, backend: Backend) -> Fact | None:
    """Controllers, where an array holds the data."""
    for group_name in backend.hosts:
        machine = machine_of(context.parts(group_name))
        if machine is not None and machine.kind == "arrays":
            return machine.fact("controllers")
    return None
