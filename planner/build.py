"""From a scenario's design and the catalog to the facts that the sheets are given."""

from __future__ import annotations

from dataclasses import replace

from planner.context import Context, collect, flag
from planner.equipment import admission_of, build_group
from planner.facts import Fact
from planner.faults import Fault, InputError, Mark
from planner.measurements import Readings
from planner.plan import DesignPlan, Row
from planner.scenario import Loaded
from planner.storage import build_backend
from planner.wording import did_you_mean

FLAVOUR_UNITS = {"count": "vm", "vcpus": "vcpu", "memory": "B", "disk": "B", "duty": "1"}
SITE_UNITS = {
    "electricity_price": "money/kWh",
    "labour_price": "money/h",
    "labour_per_node": "h",
    "years_of_use": "1",
}


def build(loaded: Loaded, readings: Readings, design_id: str) -> DesignPlan:
    """The facts of one design.

    Raises
    ------
    InputError
        With every fault of the design.
    """
    context = Context(loaded, readings, design_id)
    design = context.design
    faults: list[Fault] = []
    groups = collect(design.groups, lambda *item: build_group(context, *item), faults)
    if not faults:
        backends = collect(design.storage, lambda *item: build_backend(context, *item), faults)
        faults += _name_faults(context)
    store = _vm_store(context, faults)
    if faults:
        raise InputError(faults)
    local = store is not None and design.storage[store].local
    return DesignPlan(
        id=design_id,
        title=design.title,
        groups=tuple(groups),
        backends=tuple(backends),
        given={
            **_workload(context),
            **_admission(context),
            **_site(context),
            **_pooling(context, store),
        },
        shared_store=None if local else store,
        local_store=store if local else None,
        gaps=() if store else ("which storage holds the VMs' disks: no disk limits the VMs",),
    )


def _name_faults(context: Context) -> list[Fault]:
    both = context.design.groups.keys() & context.design.storage.keys()
    return [
        Fault(context.mark("storage", name), f"`{name}` is also a group", "give it another name")
        for name in sorted(both)
    ]


def _vm_store(context: Context, faults: list[Fault]) -> str | None:
    stores, chosen = context.design.storage, context.design.vm_disks
    if chosen is None:
        return next(iter(stores)) if len(stores) == 1 else None
    if chosen not in stores:
        mark = context.mark("vm_disks")
        faults.append(Fault(mark, f"unknown storage `{chosen}`", did_you_mean(chosen, stores)))
        return None
    return chosen


def _pooling(context: Context, store: str | None) -> dict[str, Fact]:
    """Whether hosts of VMs also hold the storage that all of them use, and by which client."""
    if store is None:
        return {}
    backend = context.design.storage[store]
    hosts = {name for name, group in context.design.groups.items() if group.runs_vms}
    pooled = not backend.local and bool(hosts & set(backend.hosts))
    kernel = backend.client == "kernel"
    mark = context.mark("storage", store)
    return {
        "pooled_storage": flag(context.label("pooled_storage"), pooled, mark),
        "kernel_clients": flag(context.label("kernel_clients"), kernel, mark),
    }


def _workload(context: Context) -> dict[str, Row]:
    flavours = context.scenario.workload.items()
    return {
        f"flavour_{key}": Row(unit, tuple((name, getattr(item, key)) for name, item in flavours))
        for key, unit in FLAVOUR_UNITS.items()
    }


def _admission(context: Context) -> dict[str, Fact]:
    admission = admission_of(context)
    ratios = ("cpu_overcommit", "memory_overcommit", "disk_overcommit")
    given = {key: admission.fact(key) for key in ratios}
    return {**given, "strict_admission": admission.fact("strict")}


def _site(context: Context) -> dict[str, Fact]:
    site = context.scenario.site
    facts = {key: getattr(site, key) for key in SITE_UNITS}
    return {
        key: _in_unit(context, fact, SITE_UNITS[key])
        for key, fact in facts.items()
        if fact is not None
    }


def _in_unit(context: Context, fact: Fact, unit: str) -> Fact:
    wanted = unit.replace("money", context.scenario.currency)
    if "money" in unit and fact.known and fact.unit != wanted:
        message = f"{fact.name} is in {fact.unit}, but the scenario counts in {wanted}"
        raise InputError.at(fact.mark or Mark(context.design_id), message, f"write it in {wanted}")
    return replace(fact, unit=unit)
