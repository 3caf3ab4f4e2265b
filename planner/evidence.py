"""How the power of a machine is known: the ladder of evidence from a reading to the nameplate.

A reading gives the whole load curve; a data sheet its ends; parts and ratings an estimate with
the error that such estimates have shown. What is missing for a rung is an error that says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from planner.catalog import Entry
from planner.context import Context, PartOf, Path, machine_of, row, stated
from planner.curve_evidence import calibrated, formula, from_catalog, from_prior
from planner.facts import Basis, Fact
from planner.faults import InputError, Mark
from planner.models.supply import brick_efficiency, loss_terms
from planner.plan import Curve, Given, Row
from planner.scenario import NodeType
from planner.wording import did_you_mean

FED = ("memory", "drives", "nics", "cables")
ADDED = ("drives", "nics", "cables")
SMALL_BOARDS = ("mini-itx", "micro-atx")
SERVED_BY_PRIOR = ("servers",)


@dataclass(frozen=True)
class Evidence:
    """What is known of the power of a machine.

    Parameters
    ----------
    given : mapping
        What the node sheet is given.
    extra : list of PartOf
        Parts whose power comes on top.
    method : str
        Sheet that estimates power at rest and under load; empty where they are given.
    estimate : mapping
        What that sheet is given.
    readings : tuple of (float, Fact)
        Load [1] and power [W] of readings that show this very machine.
    """

    given: Given
    extra: list[PartOf]
    method: str = ""
    estimate: Given = field(default_factory=dict)
    readings: tuple[tuple[float, Fact], ...] = ()


def power_of(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> Evidence:
    """The strongest evidence of the power of a node type, or the one that it asks for.

    Raises
    ------
    InputError
        What the rung needs and is not there.
    """
    machine = machine_of(parts)
    usual = "reading" if node.reading else "datasheet" if machine else "components"
    rung = node.power_from or usual
    if rung == "reading":
        return _from_reading(context, node, at, parts)
    if rung == "datasheet":
        return _from_datasheet(context, node, at, parts)
    if rung == "components":
        return _from_components(context, node, at, parts)
    return _from_nameplate(context, node, at, parts)


def _fault(context: Context, at: Path, key: str, message: str, remedy: str) -> InputError:
    document = context.loaded.document
    mark = document.mark((*at, key)) if (*at, key) in document.marks else document.mark(at)
    return InputError.at(mark, message, remedy)


# From a reading


def _from_reading(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> Evidence:
    rows = context.readings.get(str(node.reading))
    if rows is None:
        remedy = did_you_mean(str(node.reading), context.readings) or "name a `reading`"
        raise _fault(context, at, "reading", f"unknown reading `{node.reading}`", remedy)
    scope = rows[0].reading.scope
    if scope not in ("wall", "ups_output"):
        message = f"`{node.reading}` was read at {scope}, which is not what the machine draws"
        raise _fault(context, at, "reading", message, "read the power at the wall")
    given = calibrated(str(node.reading), rows)
    if node.reading_of == "look-alike":
        given = {key: _look_alike(item, at[-1]) for key, item in given.items()}
    shape = _chosen_shape(context, node, at)
    if shape is not None:
        ends = {key: given[key] for key in ("base_idle_power", "base_peak_power")}
        given = ends | shape
    extra = beyond(context, node, at, parts)
    shown = rows if node.reading_of == "this" and not extra else ()
    return Evidence(given, extra, readings=tuple((row.load, row.power) for row in shown))


def _look_alike(item: Fact | Curve, name: str) -> Fact | Curve:
    """Evidence of one machine as that of another."""
    if isinstance(item, Curve):
        return Curve(item.values, replace(item.fact, basis=Basis.LOOK_ALIKE))
    if item.name.endswith("score"):
        return item
    return replace(item, name=f"{item.name}, for {name}", basis=Basis.LOOK_ALIKE)


def beyond(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> list[PartOf]:
    """The parts that the scenario says come on top of the machine.

    Raises
    ------
    InputError
        When the node has fewer of them.
    """
    have = {part.entry.id: part for part in parts}
    found = []
    for name, number in (node.beyond or {}).items():
        mark = context.loaded.document.key_mark((*at, "beyond", name))
        if name not in have or number > (have[name].count.value or 0.0):
            message = f"{number} of `{name}` come on top of the machine, but the node has fewer"
            raise InputError.at(mark, message, "list them under `parts` too")
        label = ".".join((*at, "beyond", name))
        found.append(PartOf(have[name].entry, stated(label, number, "part", mark)))
    return found


# From a data sheet


def _from_datasheet(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> Evidence:
    machine = machine_of(parts)
    if machine is None:
        message = f"`{at[-1]}` is built from parts: no data sheet tells its power"
        raise _fault(context, at, "power_from", message, "use `power_from: components`")
    idle, peak = machine.fact("idle_power"), machine.fact("peak_power")
    others = [part for part in parts if part.entry is not machine]
    extra = others if node.beyond is None else beyond(context, node, at, parts)
    share = idle.value / peak.value if idle.value is not None and peak.value else None
    shape = _shape(context, node, at, machine, share)
    return Evidence({"base_idle_power": idle, "base_peak_power": peak, **shape}, extra)


def _shape(
    context: Context, node: NodeType, at: Path, machine: Entry | None, share: float | None
) -> dict[str, Fact | Curve]:
    """The shape of a machine that was not read, with its band."""
    chosen = _chosen_shape(context, node, at)
    if chosen is not None:
        return chosen
    if machine is not None and machine.kind not in SERVED_BY_PRIOR:
        return from_catalog(context.catalog.entry("linear", Mark("linear"), ["load-shapes"]))
    return from_prior(machine.id if machine else at[-1], share)


def _chosen_shape(context: Context, node: NodeType, at: Path) -> dict[str, Fact | Curve] | None:
    """The shape that the scenario names."""
    if node.load_shape is not None and node.load_model is not None:
        message = "a machine has one load curve: either `load_shape` or `load_model`"
        raise _fault(context, at, "load_model", message, "leave out one of the two")
    if node.load_model is not None:
        mark = context.loaded.document.mark((*at, "load_model"))
        return formula(node.load_model, ".".join((*at, "load_model")), mark)
    if node.load_shape is not None:
        mark = context.loaded.document.mark((*at, "load_shape"))
        return from_catalog(context.catalog.entry(node.load_shape, mark, ["load-shapes"]))
    return None


# From components


def _from_components(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> Evidence:
    traits = (getattr(part.entry.part, "form_factor", None) for part in parts)
    small = any(found is not None and found.text.lower() in SMALL_BOARDS for found in traits)
    if machine_of(parts) is None and small:
        return _small(context, node, at, parts)
    return _server(context, node, at, parts)


def _processor(context: Context, at: Path, parts: list[PartOf]) -> tuple[Fact, Fact]:
    """Number of processors and TDP of one."""
    found = next((part for part in parts if part.entry.kind in ("cpus", "servers")), None)
    if found is None:
        message = f"nothing tells the power of `{at[-1]}`, and it has no processor to estimate by"
        remedy = "name a `reading` of its power, or add its processor to the parts"
        raise _fault(context, at, "parts", message, remedy)
    key = "tdp" if found.entry.kind == "cpus" else "cpu_tdp"
    tdp = found.entry.fact(key)
    if not tdp.known:
        correction = f"{{{found.entry.id}: {{{key}: {{value: ... W, reason: ...}}}}}}"
        remedy = f"add `corrections: {correction}`, or name a `reading` of its power"
        message = f"the catalog has no TDP of `{found.entry.id}`: power cannot be estimated"
        raise InputError.at(_part_mark(context, at, found.entry.id), message, remedy)
    chips = found.count if found.entry.kind == "cpus" else found.entry.fact("cpus")
    if not chips.known:
        chips = replace(chips, value=1.0, low=1.0, high=2.0, note="not stated; one is taken")
    return chips, tdp


def _part_mark(context: Context, at: Path, part: str) -> Mark:
    document = context.loaded.document
    path = (*at, "parts", part)
    return document.key_mark(path) if path in document.marks else document.mark(at)


def _small(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> Evidence:
    """Parts added up at the output of the supply, and the supply as a stage of its own."""
    chips, tdp = _processor(context, at, parts)
    own = context.catalog.entry("mini-itx-class", Mark("mini-itx-class"), ["power-classes"])
    fed = [part for part in parts if part.entry.kind in FED]
    supply, extra = _supply(context, at, parts, own)
    estimate: dict[str, Fact | Row | Curve] = {
        "board_power": own.fact("board_power"),
        "cpu_rise": own.fact("cpu_rise"),
        "cpu_chips": chips,
        "cpu_tdp": tdp,
        "fed_part_count": row("part", fed, lambda part: part.count),
        "fed_part_idle_power": row("W", fed, lambda part: part.entry.fact("idle_power")),
        "fed_part_peak_power": row("W", fed, lambda part: part.entry.fact("peak_power")),
        **supply,
    }
    return Evidence(_shape(context, node, at, None, None), extra, "small", estimate)


def _supply(
    context: Context, at: Path, parts: list[PartOf], own: Entry
) -> tuple[dict[str, Fact], list[PartOf]]:
    """Rating and loss of the supply; without efficiencies those of a brick, and what it adds."""
    found = next((part for part in parts if part.entry.kind == "supplies"), None)
    if found is None or not found.entry.fact("rating").known:
        remedy = "add a part of kind `supplies` with its `rating`"
        message = f"`{at[-1]}` has no supply of known rating: its loss cannot be estimated"
        raise _fault(context, at, "parts", message, remedy)
    rating = found.entry.fact("rating")
    points = [found.entry.fact(f"efficiency_{load}") for load in (20, 50, 100)]
    values = [point.value for point in points if point.value is not None]
    name = found.entry.id
    if len(values) == 3:
        terms = loss_terms(np.array([0.2, 0.5, 1.0]), np.array(values))
        basis, note = points[0].basis, "through its efficiencies at 20, 50 and 100 % load"
        losses = _losses(name, terms, basis, points[0].source, note)
        return {"supply_rating": rating, **losses}, []
    watts = rating.value or 1.0
    no_load = own.fact("brick_no_load")
    fixed = (no_load.value or 0.0) / watts
    efficiency = float(brick_efficiency(watts))
    at_loads = sum(fixed / load for load in (0.25, 0.5, 0.75, 1.0)) / 4.0
    note = f"least efficiency of a brick of {watts:g} W, level V: {efficiency:.1%} on average"
    terms = (fixed, 1.0 / efficiency - 1.0 - at_loads, 0.0)
    losses = _losses(name, terms, Basis.COMPONENTS, no_load.source, note)
    return {"supply_rating": rating, **losses}, [found]


def _losses(
    name: str, terms: tuple[float, float, float], basis: Basis, source: str, note: str
) -> dict[str, Fact]:
    keys = ("no_load_loss", "proportional_loss", "square_loss")
    return {
        key: Fact(f"{name}.{key}", value, "1", basis, source, note=note)
        for key, value in zip(keys, terms, strict=True)
    }


def _server(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> Evidence:
    """The regression over published servers; cards and drives come on top."""
    chips, tdp = _processor(context, at, parts)
    own = context.catalog.entry("server-class", Mark("server-class"), ["power-classes"])
    estimate: dict[str, Fact | Row | Curve] = {
        "idle_terms": _terms(own, "idle_terms"),
        "peak_terms": _terms(own, "peak_terms"),
        "cpu_tdp": tdp,
        "cpu_chips": chips,
        "memory_size": _memory_size(context, at, parts),
        "decades_after_2012": _decades(context, at, parts),
        "idle_factor": replace(own.fact("idle_factor"), name=f"{at[-1]}: idle_factor"),
        "peak_factor": replace(own.fact("peak_factor"), name=f"{at[-1]}: peak_factor"),
    }
    added = [part for part in parts if part.entry.kind in ADDED]
    extra = added if node.beyond is None else beyond(context, node, at, parts)
    return Evidence(_shape(context, node, at, None, None), extra, "server", estimate)


def _terms(entry: Entry, name: str) -> Curve:
    facts: list[Fact] = getattr(entry.part, name)
    values = tuple(fact.value or 0.0 for fact in facts)
    return Curve(values, replace(facts[0], name=f"{entry.id}.{name}"))


def _memory_size(context: Context, at: Path, parts: list[PartOf]) -> Fact:
    kinds = {"memory": "capacity", "servers": "memory"}
    having = [part for part in parts if part.entry.kind in kinds]
    facts = [(part.count.value, part.entry.fact(kinds[part.entry.kind])) for part in having]
    if not facts or any(number is None or fact.value is None for number, fact in facts):
        message = f"nothing tells how much memory `{at[-1]}` has: power cannot be estimated"
        raise _fault(context, at, "parts", message, "add its modules to the parts")
    size = sum((number or 0.0) * (fact.value or 0.0) for number, fact in facts)
    return replace(facts[0][1], name=f"{at[-1]}.memory_size", value=size, low=None, high=None)


def _decades(context: Context, at: Path, parts: list[PartOf]) -> Fact:
    """Years after 2012, in tens, from the first year that the processor was on sale."""
    found = next(part.entry for part in parts if part.entry.kind in ("cpus", "servers"))
    year = re.search(r"(?:19|20)\d\d", found.part.era)
    if year is None:
        message = f"`{found.id}` has no `era`: its class of power depends on its year"
        remedy = "describe it under `parts` with its `era`, or name a `reading`"
        raise InputError.at(_part_mark(context, at, found.id), message, remedy)
    decades = (int(year.group()) - 2012) / 10.0
    source = f"on sale from {year.group()}"
    return Fact(f"{found.id}: decades after 2012", decades, "1", Basis.DATASHEET, source)


# From the nameplate


def _from_nameplate(context: Context, node: NodeType, at: Path, parts: list[PartOf]) -> Evidence:
    own = context.catalog.entry("nameplate-class", Mark("nameplate-class"), ["power-classes"])
    estimate: Mapping[str, Fact] = {
        "supply_rating": _nameplate(context, at, parts),
        "rating_over_peak": replace(
            own.fact("rating_over_peak"), name=f"{at[-1]}: rating_over_peak"
        ),
        "idle_share": replace(own.fact("idle_share"), name=f"{at[-1]}: idle_share"),
    }
    extra = beyond(context, node, at, parts)
    return Evidence(_shape(context, node, at, None, None), extra, "nameplate", estimate)


def _nameplate(context: Context, at: Path, parts: list[PartOf]) -> Fact:
    fields = {"supplies": "rating", "servers": "supply_rating"}
    found = [
        part.entry.fact(fields[part.entry.kind]) for part in parts if part.entry.kind in fields
    ]
    known = next((fact for fact in found if fact.known), None)
    if known is None:
        message = f"`{at[-1]}` has no supply of known rating"
        raise _fault(
            context, at, "parts", message, "add a part of kind `supplies` with its `rating`"
        )
    return known
