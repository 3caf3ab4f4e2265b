"""Groups of equal machines: the facts of their parts, power, ports and roles."""

from __future__ import annotations

from dataclasses import replace

from planner.catalog import Entry
from planner.context import Context, PartOf, Path, flag, machine_of, row, stated
from planner.facts import Basis, Fact, weakest
from planner.faults import InputError, Mark
from planner.measurements import PowerReading
from planner.plan import GroupPlan, Row
from planner.scenario import Group, NodeType
from planner.wording import did_you_mean

ONE_GIGABIT = 125e6


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
    return GroupPlan(
        name=name,
        title=node.title or (machine.part.title if machine else name),
        count=group.count,
        node=_node(context, node, at, parts, owned=group.owned),
        equipment=_equipment(context, name, group, parts),
        host=_host(context, name, group, parts) if group.runs_vms else {},
        switch=_switch(machine, group) if machine and machine.kind == "switches" else {},
    )


def admission_of(context: Context) -> Entry:
    """The rule by which the scenario admits VMs to hosts."""
    mark = context.loaded.document.mark(("admission",))
    return context.catalog.entry(context.scenario.admission, mark, ["admission"])


def _equipment(context: Context, name: str, group: Group, parts: list[PartOf]) -> dict[str, Fact]:
    machine = machine_of(parts)
    mark = context.mark("groups", name)
    slow, fast, evidence = _ports_needed(context, name, group, parts)
    shared = (item for item in context.design.storage.values() if not item.local)
    roles = {
        "is_node": machine is None or machine.kind == "servers",
        "runs_vms": group.runs_vms,
        "runs_storage_daemons": any(name in backend.hosts for backend in shared),
    }
    idle = stated(context.label(name, "utilisation"), 0.0, "1", mark)
    idle = replace(idle, source="no load is stated")
    return {
        "equipment_count": group.count,
        "equipment_rack_units": _first_known(context, name, parts, "rack_units", "U"),
        "equipment_power_factor": _first_known(context, name, parts, "power_factor", "1"),
        "equipment_ports_1g": _linked(context.label(name, "ports_1g"), slow, evidence, mark),
        "equipment_ports_10g": _linked(context.label(name, "ports_10g"), fast, evidence, mark),
        "stated_utilisation": group.utilisation or idle,
        **{key: flag(context.label(name, key), value, mark) for key, value in roles.items()},
    }


def _host(context: Context, name: str, group: Group, parts: list[PartOf]) -> dict[str, Fact]:
    admission = admission_of(context)
    _check_host(context, name, parts)
    return {
        "host_count": group.count,
        "host_memory_reserve": group.memory_reserve or admission.fact("memory_reserve"),
        "host_thread_reserve": group.thread_reserve or admission.fact("thread_reserve"),
    }


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
    context: Context, node: NodeType, at: Path, parts: list[PartOf], *, owned: bool
) -> dict[str, Fact | Row]:
    idle, peak, extra = _power(context, node, at, parts)
    return {
        "part_count": row("part", parts, lambda part: part.count),
        "part_price": row("money", parts, lambda part: _price(context, part.entry, owned=owned)),
        "base_idle_power": idle,
        "base_peak_power": peak,
        "extra_part_count": row("part", extra, lambda part: part.count),
        "extra_part_idle_power": row("W", extra, lambda part: part.entry.fact("idle_power")),
        "extra_part_peak_power": row("W", extra, lambda part: part.entry.fact("peak_power")),
        "load_shape": _load_shape(context, node, at),
        **_memory(parts),
        **_processors(parts),
        **_drives(parts),
    }


def _price(context: Context, entry: Entry, *, owned: bool) -> Fact:
    price = entry.fact("price")
    currency = context.scenario.currency
    if owned:
        return Fact(f"{entry.id}.price, owned", 0.0, "money", Basis.GIVEN, "owned already")
    if price.known and price.unit != currency:
        note = f"the price is in {price.unit}, the scenario in {currency}"
        return replace(price, value=None, low=None, high=None, unit="money", note=note)
    return replace(price, unit="money")


def _power(
    context: Context, node: NodeType, at: Path, parts: list[PartOf]
) -> tuple[Fact, Fact, list[PartOf]]:
    """Power at rest and under load of the machine, and the parts that these leave out."""
    if node.reading is not None:
        return *_reading(context, node, at), _beyond(context, node, at, parts)
    machine = machine_of(parts)
    if machine is None:
        remedy = "name a `reading` of its power, or build it from a server of the catalog"
        mark = context.loaded.document.mark(at)
        raise InputError.at(mark, f"nothing tells the power of `{at[-1]}`", remedy)
    others = [part for part in parts if part.entry is not machine]
    extra = others if node.beyond is None else _beyond(context, node, at, parts)
    return machine.fact("idle_power"), machine.fact("peak_power"), extra


def _reading(context: Context, node: NodeType, at: Path) -> tuple[Fact, Fact]:
    mark = context.loaded.document.mark((*at, "reading"))
    rows = context.readings.get(str(node.reading))
    if rows is None:
        remedy = did_you_mean(str(node.reading), context.readings)
        raise InputError.at(mark, f"unknown reading `{node.reading}`", remedy)
    idle, peak = _at_load(rows, 0.0), _at_load(rows, 1.0)
    if idle is None or peak is None:
        missing = "at rest" if idle is None else "under full load"
        message = f"`{node.reading}` has no row {missing}"
        raise InputError.at(mark, message, "add one to the file of readings")
    if node.reading_of == "look-alike":
        idle, peak = (
            replace(fact, name=f"{fact.name}, for {at[-1]}", basis=Basis.LOOK_ALIKE)
            for fact in (idle, peak)
        )
    return idle, peak


def _at_load(rows: tuple[PowerReading, ...], load: float) -> Fact | None:
    return next((row.power for row in rows if row.load == load), None)


def _beyond(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> list[PartOf]:
    have = {part.entry.id: part for part in parts}
    beyond = []
    for name, number in (node.beyond or {}).items():
        mark = context.loaded.document.key_mark((*at, "beyond", name))
        if name not in have or number > (have[name].count.value or 0.0):
            message = f"{number} of `{name}` come on top of the machine, but the node has fewer"
            raise InputError.at(mark, message, "list them under `parts` too")
        label = ".".join((*at, "beyond", name))
        beyond.append(PartOf(have[name].entry, stated(label, number, "part", mark)))
    return beyond


def _load_shape(context: Context, node: NodeType, at: Path) -> Row:
    mark = context.loaded.document.mark((*at, "load_shape"))
    entry = context.catalog.entry(node.load_shape, mark, ["load-shapes"])
    return Row(
        "1", tuple((f"{10 * level} %", fact) for level, (_, fact) in enumerate(entry.facts()))
    )


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
) -> tuple[float, float, list[Fact]]:
    """Switch ports of up to 1 Gbit/s, and of more, that one item needs, and their speeds."""
    slow = fast = 0.0
    evidence: list[Fact] = []
    used: dict[str, int] = {}
    for network, link in group.links.items():
        mark = context.mark("groups", name, "links", network)
        entry = context.linked_part(link, parts, mark)
        used[entry.id] = used.get(entry.id, 0) + link.ports
        have = _port_count(entry, parts)
        if have is not None and used[entry.id] > have:
            message = f"`{entry.id}` has {have:g} ports, but {used[entry.id]} are linked"
            raise InputError.at(mark, message, "link fewer ports or add a card")
        evidence.append(entry.fact("port_speed"))
        if (evidence[-1].value or 0.0) <= ONE_GIGABIT:
            slow += link.ports
        else:
            fast += link.ports
    return slow, fast, evidence


def _port_count(entry: Entry, parts: list[PartOf]) -> float | None:
    each = entry.fact("ports").value
    number = next(part.count.value for part in parts if part.entry is entry)
    return None if each is None or number is None else each * number
