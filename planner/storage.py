"""Storage backends: the facts of their drives, redundancy, links and clients."""

from __future__ import annotations

from planner.catalog import Entry
from planner.context import Context, collect, flag, machine_of, stated
from planner.facts import Fact
from planner.faults import Fault, InputError, Mark
from planner.models.placement_groups import default_minimum_shares
from planner.plan import BackendPlan, ClientPlan, Row, StorePlan
from planner.scenario import Backend, StoreHosts
from planner.wording import did_you_mean

RATIOS = ("nearfull_ratio", "backfillfull_ratio", "full_ratio", "journal_factor")


def build_backend(context: Context, name: str, backend: Backend) -> BackendPlan:
    """The facts of one backend.

    Raises
    ------
    InputError
        Unknown groups or drives, redundancy that is not stated, networks that do not reach.
    """
    mark = context.mark("storage", name)
    software = context.catalog.entry(
        backend.software, context.mark("storage", name, "software"), ["storage-software"]
    )
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
            **{key: software.fact(key) for key in RATIOS},
            **_controllers(context, backend),
            "clients_on_hosts": flag(
                context.label(name, "clients_on_hosts"), _pooled(context, name, backend), mark
            ),
        },
        survival=survival,
        drives=_drives(stores),
        drive_domains=_drives(stores, backend.hot_spares) if per_drive else None,
    )


def client_groups(context: Context, name: str) -> list[str]:
    """Groups that use a backend."""
    backend, groups = context.design.storage[name], context.design.groups
    for client in backend.clients:
        if client not in groups:
            mark = context.mark("storage", name, "clients")
            raise InputError.at(mark, f"unknown group `{client}`", did_you_mean(client, groups))
    return backend.clients or [key for key, group in groups.items() if group.runs_vms]


def _pooled(context: Context, name: str, backend: Backend) -> bool:
    clients = client_groups(context, name)
    return bool(clients) and set(clients) <= set(backend.hosts)


def _shares(label: str, mark: Mark, **numbers: int) -> dict[str, Fact]:
    return {key: stated(f"{label}.{key}", value, "1", mark) for key, value in numbers.items()}


def _redundancy(backend: Backend, software: Entry, mark: Mark) -> tuple[int, int, int]:
    """Shares in all, shares that hold data, shares needed for service."""
    coded = backend.data_shares is not None or backend.parity_shares is not None
    if (backend.copies is not None) == coded:
        remedy = "write `copies: 3`, or `data_shares: 4` and `parity_shares: 2`"
        raise InputError.at(mark, "the redundancy is not stated, or stated twice", remedy)
    if backend.copies is not None:
        shares, data = backend.copies, 1
    elif backend.data_shares is None or backend.parity_shares is None:
        raise InputError.at(mark, "one of `data_shares` and `parity_shares` is missing", "add it")
    else:
        shares, data = backend.data_shares + backend.parity_shares, backend.data_shares
    minimum = backend.minimum_shares or _usual_minimum(software, shares, data)
    if not data <= minimum <= shares:
        remedy = f"write {data} to {shares}"
        raise InputError.at(mark, f"`minimum_shares` is {minimum}, which cannot be", remedy)
    return shares, data, minimum


def _usual_minimum(software: Entry, shares: int, data: int) -> int:
    rule = getattr(software.part, "service_rule", "data-shares")
    return int(default_minimum_shares(shares, data)) if rule == "ceph" else data


def _store(context: Context, name: str, group_name: str, hosts: StoreHosts) -> StorePlan:
    mark = context.mark("storage", name, "hosts", group_name)
    group = context.design.groups.get(group_name)
    if group is None:
        remedy = did_you_mean(group_name, context.design.groups)
        raise InputError.at(mark, f"unknown group `{group_name}`", remedy)
    parts = context.parts(group_name)
    found = next((part for part in parts if part.entry.id == hosts.drive), None)
    if found is None or found.entry.kind != "drives":
        drives = [part.entry.id for part in parts if part.entry.kind == "drives"]
        message = f"group `{group_name}` has no drive `{hosts.drive}`"
        raise InputError.at(mark, message, did_you_mean(hosts.drive, drives))
    entry = found.entry
    given: dict[str, Fact | Row] = {
        "drive_count": Row("part", ((entry.id, found.count),)),
        "drive_capacity": Row("B", ((entry.id, entry.fact("capacity")),)),
        "drive_read_rate": Row("B/s", ((entry.id, entry.fact("read_rate")),)),
        "drive_write_rate": Row("B/s", ((entry.id, entry.fact("write_rate")),)),
    }
    if hosts.reserve is not None:
        given["store_reserve"] = hosts.reserve
    given |= _link(context, name, group_name)
    return StorePlan(
        group=group_name,
        count=group.count,
        given=given,
        drive=entry.fact("capacity"),
        drives_per_host=int(found.count.value or 0),
    )


def _client(context: Context, name: str, group_name: str) -> ClientPlan:
    group = context.design.groups[group_name]
    return ClientPlan(group_name, group.count, _link(context, name, group_name))


def _link(context: Context, name: str, group_name: str) -> dict[str, Fact | Row]:
    """Ports of a group on a backend's network; nothing for a backend of local disks."""
    network = context.design.storage[name].network
    if network is None:
        return {}
    links = context.design.groups[group_name].links
    mark = context.mark("groups", group_name, "links")
    if network not in links:
        message = f"group `{group_name}` has no link to network `{network}`"
        raise InputError.at(mark, message, did_you_mean(network, links))
    link = links[network]
    entry = context.linked_part(link, context.parts(group_name), mark)
    label = context.label(group_name, network, "ports")
    count = stated(label, link.ports, "port", context.mark("groups", group_name, "links", network))
    return {"link_count": count, "link_speed": entry.fact("port_speed")}


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


def _drives(stores: list[StorePlan], spares: int = 0) -> Row:
    """Every drive of the backend, but for those kept as spares."""
    members = [
        (f"{store.group}: {store.drive.name.partition('.')[0]}", store.drive)
        for store in stores
        for _ in range(int(store.count.value or 0) * store.drives_per_host)
    ]
    return Row("B", tuple(members[: max(len(members) - spares, 0)]))
