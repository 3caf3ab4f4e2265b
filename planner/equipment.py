"""Groups of equal machines: the facts of their parts, power, ports and roles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planner.admission import host_facts
from planner.assembly import assembly_of
from planner.catalog import Entry
from planner.connectors import GIGABIT
from planner.context import Context, PartOf, flag, machine_of, row, stated
from planner.evidence import Evidence, power_of
from planner.expenses import renewal_of, upkeep_of
from planner.facts import Basis, Fact, weakest
from planner.faults import InputError, Mark
from planner.links import bonds
from planner.money import price_of
from planner.plan import Given, GroupPlan, Row
from planner.scenario import Group
from planner.site import circuit_facts
from planner.switching import link_counted, ports_taken

CLOUD_MEMORY = 8.0 * 2**30


def build_group(context: Context, name: str, group: Group) -> GroupPlan:
    """The facts of one group.

    Raises
    ------
    InputError
        Unknown parts, links without ports, or a machine whose power nothing tells.
    """
    node, at = context.node_type(name)
    parts = context.parts(name)
    machine = machine_of(parts)
    evidence = power_of(context, node, at, parts)
    return GroupPlan(
        name=name,
        title=node.title or (machine.part.title if machine else name),
        count=group.count,
        node={
            **_node(context, name, evidence, parts, owned=group.owned),
            **circuit_facts(context),
            **upkeep_of(context, name, group, parts),
            "node_power_factor": _first_known(context, name, parts, "power_factor", "1"),
        },
        equipment=_equipment(context, name, group, parts),
        host=_host(context, name, group, parts) if group.runs_vms else {},
        switch=_switch(machine, group) if machine and machine.kind == "switches" else {},
        estimate_by=evidence.method,
        estimate=evidence.estimate,
        bonds=bonds(context, name),
        titles={part.entry.id: part.entry.part.title for part in parts},
        owned=group.owned,
        assembly=assembly_of(context, name, parts),
        readings=evidence.readings,
        renewal=renewal_of(context, group),
    )


def _equipment(context: Context, name: str, group: Group, parts: list[PartOf]) -> dict[str, Fact]:
    machine = machine_of(parts)
    mark = context.mark("groups", name)
    needed, evidence = _ports_needed(context, name, group, parts)
    ports = {
        f"equipment_ports_{key}": _linked(context.label(name, f"ports_{key}"), n, evidence, mark)
        for key, n in needed.items()
    }
    shared = (item for item in context.design.storage.values() if not item.local)
    roles = {
        "is_node": machine is None or machine.kind == "servers",
        "is_cloud_machine": _is_cloud_machine(parts),
        "runs_vms": group.runs_vms,
        "runs_storage_daemons": any(name in backend.hosts for backend in shared),
    }
    idle = stated(context.label(name, "utilisation"), 0.0, "1", mark)
    idle = replace(idle, source="no load is stated")
    return {
        "equipment_count": group.count,
        "equipment_rack_units": _first_known(context, name, parts, "rack_units", "U"),
        "equipment_power_factor": _first_known(context, name, parts, "power_factor", "1"),
        **ports,
        "stated_utilisation": group.utilisation or idle,
        **_night(context, name, group, mark),
        **{key: flag(context.label(name, key), value, mark) for key, value in roles.items()},
    }


def _is_cloud_machine(parts: list[PartOf]) -> bool:
    """Whether it has what a machine of Juju's OpenStack needs: 8 GiB, two drives, two ports."""

    def total(field: str, kinds: tuple[str, ...]) -> float:
        having = (part for part in parts if part.entry.kind in kinds)
        pairs = ((part.entry.fact(field).value, part.count.value) for part in having)
        return sum((each or 0.0) * (number or 0.0) for each, number in pairs)

    memory = total("capacity", ("memory",)) + total("memory", ("servers",))
    drives = sum(part.count.value or 0.0 for part in parts if part.entry.kind == "drives")
    ports = total("ports", ("boards", "nics", "servers"))
    return memory >= CLOUD_MEMORY and min(drives, ports) >= 2.0


def _night(context: Context, name: str, group: Group, mark: Mark) -> dict[str, Fact]:
    """What is switched off at night; nothing where no group of the design has a night."""
    if not any(item.night for item in context.design.groups.values()):
        return {}
    if group.night is not None:
        return {"nodes_off": group.night.nodes_off, "hours_off": group.night.hours}
    return {
        "nodes_off": stated(context.label(name, "nodes_off"), 0.0, "node", mark),
        "hours_off": stated(context.label(name, "hours_off"), 0.0, "h", mark),
    }


def _host(context: Context, name: str, group: Group, parts: list[PartOf]) -> dict[str, Fact]:
    _check_host(context, name, parts)
    return host_facts(context, name, group)


def _check_host(context: Context, name: str, parts: list[PartOf]) -> None:
    kinds = {part.entry.kind for part in parts}
    for needed, what in (({"memory", "servers"}, "memory"), ({"cpus", "servers"}, "a processor")):
        if not kinds & needed:
            mark = context.mark("groups", name)
            message = f"group `{name}` runs VMs, but its machine has no part with {what}"
            raise InputError.at(mark, message, "add the part, or set `runs_vms: false`")


def _switch(machine: Entry, group: Group) -> dict[str, Fact]:
    return {
        "switch_count": group.count,
        "switch_ports_1g": machine.fact("ports_1g"),
        "switch_ports_10g": machine.fact("ports_10g"),
    }


def _first_known(context: Context, name: str, parts: list[PartOf], field: str, unit: str) -> Fact:
    """The fact of the first part that has it: a case, a supply, a machine."""
    known = (part.entry.fact(field) for part in parts if hasattr(part.entry.part, field))
    found = next((fact for fact in known if fact.known), None)
    missing = Fact(context.label(name, field), None, unit, Basis.ASSUMPTION)
    return found or replace(missing, note=f"no part of this machine tells its {field}")


# What the node sheet is given


def _node(
    context: Context, name: str, evidence: Evidence, parts: list[PartOf], *, owned: bool
) -> Given:
    return {
        "part_count": row("part", parts, lambda part: part.count),
        "part_price": row("money", parts, lambda part: _price(context, part.entry, owned=owned)),
        "extra_part_count": row("part", evidence.extra, lambda part: part.count),
        "extra_part_idle_power": _power_row(evidence, "idle_power"),
        "extra_part_peak_power": _power_row(evidence, "peak_power"),
        **evidence.given,
        **_nameplates(context, name, evidence),
        **_memory(parts),
        **_processors(parts),
        **_drives(parts),
    }


def _nameplates(context: Context, name: str, evidence: Evidence) -> dict[str, Fact | Row]:
    """What of the power under full load is a rating."""
    mark = context.mark("groups", name)
    rated = [(part, part.entry.fact("peak_power")) for part in evidence.extra]
    counted = [(part.count, fact) for part, fact in rated if fact.basis is Basis.NAMEPLATE]
    base = evidence.given.get("base_peak_power")
    if isinstance(base, Fact) and base.basis is Basis.NAMEPLATE:
        counted.append((stated(context.label(name, "machine"), 1.0, "part", mark), base))
    estimate = flag(
        context.label(name, "is_nameplate_estimate"), evidence.method == "nameplate", mark
    )
    return {
        "nameplate_count": Row("part", tuple((fact.name, count) for count, fact in counted)),
        "nameplate_power": Row("W", tuple((fact.name, fact) for _, fact in counted)),
        "is_nameplate_estimate": estimate,
    }


def _power_row(evidence: Evidence, field: str) -> Row:
    return row("W", evidence.extra, lambda part: part.entry.fact(field))


def _price(context: Context, entry: Entry, *, owned: bool) -> Fact:
    if owned:
        return Fact(f"{entry.id}.price, owned", 0.0, "money", Basis.GIVEN, "owned already")
    return price_of(context, entry)


def _memory(parts: list[PartOf]) -> dict[str, Fact | Row]:
    """Modules, and what a server has built in."""
    fields = {"memory": "capacity", "servers": "memory"}
    having = [part for part in parts if part.entry.kind in fields]
    if not having:
        return {}
    capacity = row("B", having, lambda part: part.entry.fact(fields[part.entry.kind]))
    return {
        "module_count": row("part", having, lambda part: part.count),
        "module_capacity": capacity,
    }


def _drives(parts: list[PartOf]) -> dict[str, Fact | Row]:
    drives = [part for part in parts if part.entry.kind == "drives"]
    return {
        "node_drive_count": row("part", drives, lambda part: part.count),
        "node_drive_capacity": row("B", drives, lambda part: part.entry.fact("capacity")),
    }


def _processors(parts: list[PartOf]) -> dict[str, Fact | Row]:
    found = next((part for part in parts if part.entry.kind in ("cpus", "servers")), None)
    if found is None:
        return {}
    return {
        "cpu_count": found.count,
        "cpu_cores": found.entry.fact("cores"),
        "cpu_threads": found.entry.fact("threads"),
    }


# Ports


def _linked(label: str, ports: float, evidence: list[Fact], mark: Mark) -> Fact:
    """Ports that are linked, which rests on what is known of their speed."""
    sources = "; ".join(dict.fromkeys(fact.source for fact in evidence))
    basis = weakest(fact.basis for fact in evidence)
    return Fact(label, ports, "port", basis, sources, note="links of the scenario", mark=mark)


def _ports_needed(
    context: Context, name: str, group: Group, parts: list[PartOf]
) -> tuple[dict[str, float], list[Fact]]:
    """Switch ports of 1 and of 10 Gbit/s that one item needs by its links' speeds, and these."""
    needed = {"1g": 0.0, "10g": 0.0}
    evidence: list[Fact] = []

    def add(counted: str, ports: float) -> None:
        if counted:
            needed[counted] += ports

    machine = machine_of(parts)
    if machine is not None and machine.kind == "switches":
        for kind, number in ports_taken(context, name).items():
            add(kind.counted, number / (group.count.value or 1.0))
    for speed, ports in _linked_ports(context, name, group, parts):
        evidence.append(speed)
        add(link_counted(speed.value or 0.0), ports)
    return needed, evidence


def _linked_ports(
    context: Context, name: str, group: Group, parts: list[PartOf]
) -> Iterator[tuple[Fact, int]]:
    """Ports of one item that are linked, with their speed."""
    used: dict[tuple[str, bool], int] = {}
    for network, link in group.links.items():
        mark = context.mark("groups", name, "links", network)
        for entry, ports in context.linked_parts(link, parts, mark):
            key = (entry.id, link.management)
            used[key] = used.get(key, 0) + ports
            have = _port_count(entry, parts, "management_ports" if link.management else "ports")
            if have is not None and used[key] > have:
                what = "management ports" if link.management else "ports"
                message = f"`{entry.id}` has {have:g} {what}, but {used[key]} are linked"
                raise InputError.at(mark, message, "link fewer ports or add a card")
            speed = entry.fact("port_speed")
            slow = replace(speed, name=f"{entry.id}.management speed", value=GIGABIT)
            yield (slow if link.management else speed), ports


def _port_count(entry: Entry, parts: list[PartOf], field: str) -> float | None:
    each = entry.fact(field).value
    number = next(part.count.value for part in parts if part.entry is entry)
    return None if each is None or number is None else each * number
