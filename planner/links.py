"""Links of a design: ports, bonds, and which switches they are plugged into."""

from __future__ import annotations

from itertools import product

from planner.context import Context, stated
from planner.facts import Basis, Fact
from planner.faults import InputError
from planner.plan import Topology
from planner.scenario import Link
from planner.switching import SwitchGroup, switch_groups, uplinks
from planner.wording import did_you_mean

STANDBY = "active-backup"
ROUND_ROBIN = "balance-rr"


def link_facts(
    context: Context, group_name: str, network: str, most: float | None = None
) -> dict[str, Fact]:
    """Ports of a group on a network and their speed.

    Parameters
    ----------
    context : Context
        The design.
    group_name, network : str
        The group, and one of the networks of the design.
    most : float, optional
        Ports that carry data at the same time, where these are fewer.

    Raises
    ------
    InputError
        The group has no link to the network.
    """
    link = _link(context, group_name, network)
    mark = context.mark("groups", group_name, "links", network)
    members = context.linked_parts(link, context.parts(group_name), mark)
    label = context.label(group_name, network, "ports")
    ports = sum(count for _, count in members)
    usable = 1.0 if link.bond.mode == STANDBY else most
    found = {
        "link_count": stated(label, ports, "port", mark),
        "link_speed": members[0][0].fact("port_speed"),
    }
    if usable is not None and usable < ports:
        label = context.label(group_name, network, "usable ports")
        found["usable_links"] = stated(label, usable, "port", mark)
    return found


def _link(context: Context, group_name: str, network: str) -> Link:
    links = context.design.groups[group_name].links
    if network not in links:
        mark = context.mark("groups", group_name, "links")
        message = f"group `{group_name}` has no link to network `{network}`"
        raise InputError.at(mark, message, did_you_mean(network, links))
    return links[network]


# Bonds


def bonds(context: Context, group_name: str) -> dict[str, dict[str, Fact]]:
    """What the bond sheet is given of each network on which the group has several ports."""
    links = context.design.groups[group_name].links
    found = {network: _bond(context, group_name, network) for network in links}
    return {network: given for network, given in found.items() if given}


def _bond(context: Context, group_name: str, network: str) -> dict[str, Fact]:
    given = link_facts(context, group_name, network)
    ports = given["link_count"].value or 0.0
    if ports < 2:
        return {}
    bond = context.design.groups[group_name].links[network].bond
    at = ("groups", group_name, "links", network)
    mark = context.mark(*at)
    links = 1.0 if bond.mode == STANDBY else ports
    flows = bond.flows or flows_of(context, group_name, network)
    label = context.label(group_name, network, "")[:-1]
    per_flow = links if bond.mode == ROUND_ROBIN else 1.0
    return {
        "bond_links": stated(f"{label}.links", links, "port", mark),
        "bond_flows": stated(f"{label}.flows", flows, "1", mark),
        "link_speed": given["link_speed"],
        "links_per_flow": stated(f"{label}.links a flow", per_flow, "port", mark),
    }


def flows_of(context: Context, group_name: str, network: str) -> int:
    """Hosts that an item of the group exchanges data with over a network, at least one.

    Storage hosts do with their clients and with each other, clients with storage hosts; a network
    without storage is taken as one where all talk to all.
    """
    peers: set[str] = set()
    for name, backend in context.design.storage.items():
        if backend.local or network not in (backend.network, backend.cluster_network):
            continue
        users = set(client_groups(context, name)) if network == backend.network else set()
        if group_name in backend.hosts:
            peers |= set(backend.hosts) | users
        elif group_name in users or group_name == backend.proxies:
            peers |= set(backend.hosts)
    groups = context.design.groups
    peers = {name for name in peers or groups if network in groups[name].links}
    items = sum(int(groups[name].count.value or 0) for name in peers)
    return max(items - (group_name in peers), 1)


def client_groups(context: Context, name: str) -> list[str]:
    """Groups that use a backend."""
    backend, groups = context.design.storage[name], context.design.groups
    for client in backend.clients:
        if client not in groups:
            mark = context.mark("storage", name, "clients")
            raise InputError.at(mark, f"unknown group `{client}`", did_you_mean(client, groups))
    return backend.clients or [key for key, group in groups.items() if group.runs_vms]


# Switches


def topology(
    context: Context, network: str | None, hosts: list[str], clients: list[str]
) -> Topology | None:
    """Which switches the ports of a network are on, where stacks or uplinks join several.

    Raises
    ------
    InputError
        A switch that is none, or a link that does not tell its switch where uplinks are.
    """
    groups = switch_groups(context)
    between = _between(context, groups)
    if network is None or not between:
        return None
    units = {name: _units(group) for name, group in groups.items()}
    told = {name: _named(context, name, network, list(groups)) for name in (*hosts, *clients)}
    silent = [name for name, named in told.items() if not named]
    if silent:
        if not any(group.uplinks for group in context.design.groups.values()):
            return None
        mark = context.mark("groups", silent[0], "links", network)
        message = f"which switch is network `{network}` of group `{silent[0]}` plugged into?"
        raise InputError.at(mark, message, f"add `switch:` with {' or '.join(groups)}")
    places = {name: _spread(named, units) for name, named in told.items()}
    return Topology(
        switches=tuple(unit for members in units.values() for unit in members),
        hosts={name: places[name] for name in hosts},
        clients={name: places[name] for name in clients},
        uplinks=between,
    )


def _units(group: SwitchGroup) -> list[str]:
    """The switches of a stack; others that are equal count as one."""
    if not group.stacked or not _stack_speed(group).known:
        return [group.name]
    return [f"{group.name} {unit + 1}" for unit in range(group.units)]


def _stack_speed(group: SwitchGroup) -> Fact:
    kind = group.stack_kind
    if group.shape != "mlag" or kind is None:
        return group.entry.fact("stack_rate")
    return Fact(f"{group.name}.peer link rate", kind.speed, "B/s", Basis.GIVEN, "kind of its ports")


def _between(
    context: Context, groups: dict[str, SwitchGroup]
) -> dict[tuple[str, str], tuple[Fact, Fact]]:
    """Links and their speed between each pair of switches: of stacks, and uplinks to each unit."""
    found: dict[tuple[str, str], tuple[Fact, Fact]] = {}
    for name, group in groups.items():
        units = _units(group)
        pairs = [(min(pair), max(pair)) for pair in group.stack_cables if len(units) > 1]
        for near, far in sorted(set(pairs)):
            label = context.label(name, "stack", f"{near + 1} to {far + 1}")
            links = float(pairs.count((near, far)))
            ports = stated(label, links, "port", context.mark("groups", name, "stack"))
            found[units[near], units[far]] = (ports, _stack_speed(group))
    for one in uplinks(context, groups):
        starts, ends = _units(groups[one.near]), _units(groups[one.far])
        for start, end in product(starts, ends):
            label = context.label(start, "uplinks", end)
            cables = one.cables / len(starts) / len(ends)
            found[start, end] = (stated(label, cables, "port", one.mark), one.speed)
    return found


def _named(context: Context, group_name: str, network: str, switches: list[str]) -> list[str]:
    """The groups of switches that a link names, or the only one that there is."""
    mark = context.mark("groups", group_name, "links", network)
    named = list(dict.fromkeys(_link(context, group_name, network).switch))
    for name in named:
        if name not in switches:
            raise InputError.at(mark, f"`{name}` is no switch", did_you_mean(name, switches))
    return named or (switches if len(switches) == 1 else [])


def _spread(named: list[str], units: dict[str, list[str]]) -> dict[str, float]:
    """Part of a group's links on each switch: evenly, and evenly over the units of a stack."""
    return {unit: 1.0 / len(named) / len(units[name]) for name in named for unit in units[name]}
