"""What a design costs beside its parts: replacement, warranty, spares and licences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planner.context import Context, PartOf, row, stated
from planner.facts import Fact
from planner.faults import Fault, InputError
from planner.money import price_of, stated_money
from planner.plan import Given, LicencePlan, Row, SparePlan
from planner.scenario import Group, Licence, Spare
from planner.wording import did_you_mean, quoted

YEARLY = "money/yr"

# Replacement and warranty


def renewal_of(context: Context, group: Group) -> dict[str, Fact]:
    """After how many years a group's items are replaced; nothing where nobody says so."""
    site = context.scenario.site
    after = group.replace_after or (None if group.owned else site.replace_after)
    return {} if after is None else {"equipment_replace_after": replace(after, unit="1")}


def upkeep_of(context: Context, name: str, group: Group, parts: list[PartOf]) -> Given:
    """What the node sheet is given of an item's warranty and its replacement."""
    site = context.scenario.site
    warranty = group.warranty or (None if group.owned else site.warranty)
    given: dict[str, Fact | Row] = {}
    if warranty is not None or renewal_of(context, group):
        given["part_new_price"] = row("money", parts, lambda part: price_of(context, part.entry))
    if warranty is not None:
        given["warranty_share"] = warranty
    if group.service_price is not None:
        given["service_price"] = stated_money(context, group.service_price, "money", YEARLY)
    elif warranty is not None:
        mark = context.mark("groups", name)
        given["service_price"] = stated(context.label(name, "service_price"), 0.0, "money", mark)
    return given


# Spares


def spares_of(context: Context) -> list[SparePlan]:
    """The spares of a design: its own, and those of the scenario whose part it has.

    Raises
    ------
    InputError
        Spares of what is neither a part nor a group of the design.
    """
    parts = {name: context.parts(name) for name in context.design.groups}
    used = {part.entry.id for found in parts.values() for part in found}
    own = context.design.spares
    wanted = {name: item for name, item in context.scenario.spares.items() if name in used}
    faults = [
        Fault(
            context.mark("spares", name),
            f"{quoted(name)} is neither a part nor a group of this design",
            did_you_mean(name, [*parts, *sorted(used)]),
        )
        for name in own
        if name not in parts and name not in used
    ]
    if faults:
        raise InputError(faults)
    chosen = {**wanted, **own}
    return [plan for name, item in chosen.items() for plan in _spares(context, parts, name, item)]


def _spares(
    context: Context, parts: dict[str, list[PartOf]], name: str, spare: Spare
) -> Iterator[SparePlan]:
    """The spare parts of an entry: of a part, or of all parts of a group's items."""
    if name in parts:
        for part in parts[name]:
            yield _spare(context, [(name, part)], spare, part.count)
        return
    holders = [
        (group, part) for group, found in parts.items() for part in found if part.entry.id == name
    ]
    yield _spare(context, holders, spare, None)


def _spare(
    context: Context, holders: list[tuple[str, PartOf]], spare: Spare, kit: Fact | None
) -> SparePlan:
    entry = holders[0][1].entry
    given: dict[str, Fact] = {"spare_price": price_of(context, entry)}
    if spare.count is not None:
        given["spare_count"] = spare.count
    if spare.share is not None:
        given["spare_share"] = spare.share
    if kit is not None:
        given["spare_kit"] = kit
    per_item = tuple((group, part.count) for group, part in holders)
    return SparePlan(entry.id, entry.part.title, per_item, given)


# Licences


def licence_facts(context: Context) -> Given:
    """What the design sheet is given of licences; nothing where none is needed."""
    licences = _licences(context)
    if not licences:
        return {}
    found: dict[str, Row] = {}
    for key, name in (("per_host", "host"), ("per_core", "core")):
        members = tuple(_prices(context, licences, key))
        if members:
            found[f"{name}_licence_price"] = Row("money", members)
    nothing = stated(context.label("licences"), 0.0, "money", context.mark("licences"))
    flat = tuple(_prices(context, licences, "flat")) or (("none", nothing),)
    return {**found, "flat_licence_price": Row("money", flat)}


def vm_licences(context: Context) -> list[LicencePlan]:
    """The licences that are paid by the VM."""
    workload = context.scenario.workload
    licences = _licences(context)
    plans = []
    for name, price in _prices(context, licences, "per_vm"):
        flavours = licences[name].flavours or list(workload)
        counts = tuple((flavour, workload[flavour].count) for flavour in flavours)
        given: Given = {"licensed_flavour_count": Row("vm", counts), "vm_licence_price": price}
        plans.append(LicencePlan(name, given))
    return plans


def _licences(context: Context) -> dict[str, Licence]:
    known, chosen = context.scenario.licences, context.design.licences
    return {name: known[name] for name in (known if chosen is None else dict.fromkeys(chosen))}


def _prices(context: Context, licences: dict[str, Licence], key: str) -> Iterator[tuple[str, Fact]]:
    for name, licence in licences.items():
        fact = getattr(licence, key)
        if fact is not None:
            yield name, stated_money(context, fact, "money", YEARLY)


# What is left out


def not_counted(context: Context) -> Iterator[str]:
    """Costs that the scenario does not state, and how it would state them."""
    site, groups = context.scenario.site, context.design.groups.values()
    if site.discount_rate is None:
        yield "interest: later payments count in full (`site.discount_rate`)"
    if site.electricity_price_change is None:
        yield "changes of the price of electricity (`site.electricity_price_change`)"
    if site.rack_unit_price is None and site.hosting_price is None:
        yield "rent of space (`site.rack_unit_price`, `site.hosting_price`)"
    if not any(renewal_of(context, group) for group in groups):
        yield "replacement within the years of use (`replace_after` of the site or a group)"
    if site.warranty is None and not any(group.warranty or group.service_price for group in groups):
        yield "warranty (`warranty` of the site or a group, `service_price` of a group)"
    if not context.design.spares and not context.scenario.spares:
        yield "spares (`spares` of the scenario or a design)"
    if not context.scenario.licences:
        yield "licences (`licences`)"
    if site.disposal_price is None and site.residual_share is None:
        yield "disposal and resale (`site.disposal_price`, `site.residual_share`)"
