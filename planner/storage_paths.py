"""What lies between clients and drives: drives' own links, journals, proxies, logins, demand."""

from __future__ import annotations

import re
from dataclasses import replace

from planner.catalog import Entry
from planner.context import Context, PartOf, machine_of, stated
from planner.facts import Fact, Trait
from planner.faults import InputError
from planner.links import link_facts
from planner.models.drive_links import lane_payload, serial_payload
from planner.plan import Given, ProxyPlan, Row
from planner.scenario import Backend, Journal, StoreHosts
from planner.wording import did_you_mean

SERIAL = re.compile(r"\b(?:SATA|SAS)\b.*?(\d+(?:\.\d+)?) Gbit/s")
LANES = re.compile(r"\bPCIe (\d)\.\d x(\d+)")
LANE_RATES = {"1": 2.5e9, "2": 5e9, "3": 8e9, "4": 16e9, "5": 32e9, "6": 64e9}
WANTED = ("read", "write", "read_iops", "write_iops")
ON_DISK, SENT = {"A": 1, "B": 1}, {"A": 1}


# Drives


def operations_facts(entry: Entry) -> dict[str, Row]:
    """Random operations of a host's drives."""
    keys = ("read_iops", "write_iops")
    return {f"drive_{key}": Row("IOPS", ((entry.id, entry.fact(key)),)) for key in keys}


def drive_link_facts(
    context: Context, group_name: str, entry: Entry, number: int
) -> dict[str, Fact | Row]:
    """Payload of the link between a drive and its controller, where the catalog tells it.

    The fast ports of a board go to the fastest drives of the machine; data lies evenly on a
    backend's drives, so that the slowest link counts.
    """
    interface: Trait | None = getattr(entry.part, "interface", None)
    text = str(interface.text or "") if interface else ""
    rate = _payload(text)
    if rate is None or interface is None:
        return {}
    slower = _board_payload(context.parts(group_name), entry, number) if "SATA" in text else None
    note = f"the interface is {text}"
    if slower is not None and slower < rate:
        rate, note = slower, "not all of the drives find a fast port of the board"
    name = context.label(group_name, entry.id, "link")
    fact = Fact(
        name,
        rate,
        "B/s",
        interface.basis,
        interface.source or "the drive's interface",
        note=note,
        mark=interface.mark,
    )
    return {"drive_link_rate": Row("B/s", ((entry.id, fact),))}


def _payload(interface: str) -> float | None:
    """Payload of an interface as it is printed on a drive [B/s]; None where that tells none."""
    serial, lanes = SERIAL.search(interface), LANES.search(interface)
    if serial:
        return float(serial_payload(float(serial[1]) * 1e9))
    if lanes and lanes[1] in LANE_RATES:
        return float(lane_payload(LANE_RATES[lanes[1]], float(lanes[2])))
    return None


def _board_payload(parts: list[PartOf], entry: Entry, number: int) -> float | None:
    """Payload of the slowest port that the drives need; None where the board tells no ports."""
    board = next((part.entry for part in parts if part.entry.kind == "boards"), None)
    fast = board.fact("sata_6g").value if board else None
    if fast is None:
        return None
    ahead = sum(
        part.count.value or 0.0
        for part in parts
        if part.entry.kind == "drives"
        and part.entry is not entry
        and (part.entry.fact("read_rate").value or 0.0) > 300e6
    )
    ahead = ahead if (entry.fact("read_rate").value or 0.0) <= 300e6 else 0.0
    return serial_payload(6e9 if number + ahead <= fast else 3e9)  # type: ignore[return-value]


# Journals


def journal_facts(
    context: Context, name: str, group_name: str, journal: Journal, software: Entry
) -> dict[str, Fact | Row]:
    """Drives that take the journals of a host.

    Raises
    ------
    InputError
        The machine has no such drives, or too few.
    """
    mark = context.mark("storage", name, "hosts", group_name, "journal")
    parts = context.parts(group_name)
    found = next((part for part in parts if part.entry.id == journal.drive), None)
    if found is None or found.entry.kind != "drives":
        drives = [part.entry.id for part in parts if part.entry.kind == "drives"]
        message = f"group `{group_name}` has no drive `{journal.drive}`"
        raise InputError.at(mark, message, did_you_mean(journal.drive, drives))
    there = found.count.value or 0.0
    if journal.drives > there:
        message = f"{journal.drives} of `{journal.drive}` are asked for, the machine has {there:g}"
        raise InputError.at(mark, message, "give it fewer")
    label = context.label(name, group_name, "journal drives")
    given: dict[str, Fact | Row] = {
        "journal_count": stated(label, journal.drives, "part", mark),
        "journal_write_rate": found.entry.fact("write_rate"),
        "journal_write_iops": found.entry.fact("write_iops"),
    }
    interval = software.fact("journal_interval")
    return given | ({"journal_interval": interval} if interval.known else {})


def journal_factor(context: Context, name: str, backend: Backend, software: Entry) -> Fact:
    """Writes to a data drive for each byte stored: one where journals have drives of their own.

    Raises
    ------
    InputError
        Some hosts have such drives and others not.
    """
    having = [key for key, hosts in backend.hosts.items() if hosts.journal is not None]
    if not having:
        return software.fact("journal_factor")
    mark = context.mark("storage", name, "hosts", having[0], "journal")
    missing = [key for key in backend.hosts if key not in having]
    if missing:
        message = f"`{having[0]}` has journal drives, and {', '.join(missing)} has not"
        raise InputError.at(mark, message, "give all hosts some, or use two backends")
    fact = stated(context.label(name, "journal_factor"), 1.0, "1", mark)
    return replace(fact, source="journals are on drives of their own")


def journal_uses(context: Context, name: str) -> list[tuple[str, str, int]]:
    """Group, drive and number of each journal of a backend."""
    hosts: dict[str, StoreHosts] = context.design.storage[name].hosts
    return [
        (group, item.journal.drive, item.journal.drives)
        for group, item in hosts.items()
        if item.journal is not None
    ]


# Networks


def networks(backend: Backend) -> tuple[str | None, str | None]:
    """Network by which hosts serve, and the one that they alone use."""
    if backend.proxies is not None:
        return backend.cluster_network or backend.network, None
    alone = backend.cluster_network
    return backend.network, None if alone == backend.network else alone


def check_paths(context: Context, name: str, backend: Backend, software: Entry) -> None:
    """Refuse what does not go together.

    Raises
    ------
    InputError
        With the place of the key that does not fit.
    """
    for key in ("cluster_network", "proxies", "iscsi"):
        if getattr(backend, key) is not None and backend.network is None:
            mark = context.mark("storage", name, key)
            message = f"`{key}` needs the network to the clients"
            raise InputError.at(mark, message, "add `network: ...`")
    if backend.protocol is not None and software.id != "drbd":
        mark = context.mark("storage", name, "protocol")
        raise InputError.at(mark, f"`{software.id}` has no protocol A, B or C", "leave it out")
    if backend.proxies is not None and backend.proxies not in context.design.groups:
        mark = context.mark("storage", name, "proxies")
        remedy = did_you_mean(backend.proxies, context.design.groups)
        raise InputError.at(mark, f"unknown group `{backend.proxies}`", remedy)


def host_link(context: Context, name: str, group_name: str) -> dict[str, Fact | Row]:
    """Ports of a storage host towards its clients; nothing for a backend of local disks."""
    backend = context.design.storage[name]
    network, _ = networks(backend)
    if network is None:
        return {}
    return dict(link_facts(context, group_name, network, _served_ports(context, name, group_name)))


def _served_ports(context: Context, name: str, group_name: str) -> float | None:
    """Ports by which one volume of an array is served, where only one controller does."""
    backend = context.design.storage[name]
    machine = machine_of(context.parts(group_name))
    if backend.iscsi is None or not backend.iscsi.active_passive or machine is None:
        return None
    controllers = machine.fact("controllers").value if machine.kind == "arrays" else None
    if controllers is None:
        return None
    network, _ = networks(backend)
    ports = sum(context.design.groups[group_name].links[str(network)].members.values())
    return max(ports // controllers, 1.0)


def cluster_link(context: Context, name: str, group_name: str) -> Given:
    """Ports of a storage host towards the other hosts, if these have a network of their own."""
    _, alone = networks(context.design.storage[name])
    return link_facts(context, group_name, alone) if alone else {}


def client_link(context: Context, name: str, group_name: str) -> Given:
    """Ports of a client, of which iSCSI uses as many as it has paths."""
    backend = context.design.storage[name]
    if backend.network is None:
        return {}
    paths = None if backend.iscsi is None else float(backend.iscsi.paths)
    return link_facts(context, group_name, backend.network, paths)


def proxy_plan(context: Context, backend: Backend) -> ProxyPlan | None:
    """The proxies of a backend."""
    if backend.proxies is None or backend.network is None:
        return None
    inner = backend.cluster_network or backend.network
    return ProxyPlan(
        group=backend.proxies,
        count=context.design.groups[backend.proxies].count,
        client_side=link_facts(context, backend.proxies, backend.network),
        storage_side=link_facts(context, backend.proxies, inner),
    )


def path_facts(context: Context, name: str, backend: Backend, shares: int) -> dict[str, Fact]:
    """What the backend sheet is given of the path between clients and hosts."""
    _, alone = networks(backend)
    mark = context.mark("storage", name)

    def number(key: str, value: float, unit: str = "1") -> dict[str, Fact]:
        return {key: stated(context.label(name, key), value, unit, mark)}

    given: dict[str, Fact] = {}
    if alone:
        given |= number("separate_replication", 1.0)
    if backend.proxies:
        given |= number("sent_by_proxy", 1.0)
    if backend.iscsi:
        given |= number("iscsi_paths", backend.iscsi.paths, "port")
    if backend.protocol:
        given |= number("acknowledged_on_disk", ON_DISK.get(backend.protocol, shares))
        given |= number("acknowledged_sent", SENT.get(backend.protocol, shares))
    if backend.recovery_limit:
        given["setting_bound_recovery_rate"] = backend.recovery_limit
    if backend.block_size:
        given["block_size"] = backend.block_size
    return given | _demand_facts(backend)


def _demand_facts(backend: Backend) -> dict[str, Fact]:
    if backend.demand is None:
        return {}
    stated_ = {f"{key}_wanted": getattr(backend.demand, key) for key in WANTED}
    return {key: fact for key, fact in stated_.items() if fact is not None}
