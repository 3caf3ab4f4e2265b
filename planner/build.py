"""From a scenario's design and the catalog to the facts that the sheets are given."""

from __future__ import annotations

from planner.admission import admission_facts, policy_of, untold_daemons
from planner.cabling import build_cabling
from planner.context import Context, collect, flag, stated
from planner.daemons import build_daemons
from planner.equipment import build_group
from planner.expenses import licence_facts, not_counted, spares_of, vm_licences
from planner.facts import Fact
from planner.faults import Fault, InputError
from planner.measurements import Readings
from planner.offers import UNITS, asked, store_offers
from planner.plan import Cabling, DesignPlan, Row, VmRules
from planner.scenario import Flavour, Loaded
from planner.schema import attempt
from planner.site import site_facts
from planner.storage import build_backend, build_pool, build_quorum, drive_faults
from planner.wording import did_you_mean

NO_STORE = "which storage holds the VMs' disks: no disk limits the VMs"
FLAVOUR_UNITS = {"count": "vm", "vcpus": "vcpu", "memory": "B", "disk": "B", "duty": "1"}


def build(loaded: Loaded, readings: Readings, design_id: str) -> DesignPlan:
    """The facts of one design.

    Raises
    ------
    InputError
        With every fault of the design.
    """
    context = Context(loaded, readings, design_id)
    design = context.design
    policy = policy_of(context)
    faults: list[Fault] = []
    groups = collect(design.groups, lambda *item: build_group(context, *item), faults)
    if not faults:
        backends = collect(design.storage, lambda *item: build_backend(context, *item), faults)
        faults += _name_faults(context)
        faults += [] if faults else drive_faults(context)
        pools = collect(design.pools, lambda *item: build_pool(context, *item), faults)
    cabling = Cabling() if faults else attempt(faults, build_cabling, context) or Cabling()
    store = _vm_store(context, faults)
    quorums = collect(design.quorums, lambda *item: build_quorum(context, *item), faults)
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
            **_growth(context),
            **store_offers(context, store),
            **admission_facts(context),
            **_busy(context),
            **site_facts(context),
            **_pooling(context, store),
            **_planned_losses(context),
            **cabling.given,
            **licence_facts(context),
        },
        shared_store=None if local else store,
        local_store=store if local else None,
        quorums=tuple(quorums),
        pools=tuple(pools),
        cabling=cabling,
        daemons=build_daemons(context, groups, backends),
        gaps=(*_gaps(store), *cabling.gaps, *untold_daemons(context)),
        admission=context.scenario.admission,
        policy=policy,
        vm_rules=_vm_rules(context),
        spares=tuple(spares_of(context)),
        licences=tuple(vm_licences(context)),
        not_counted=tuple(not_counted(context)),
    )


def _gaps(store: str | None) -> tuple[str, ...]:
    return () if store else ("which storage holds the VMs' disks: no disk limits the VMs",)


def _name_faults(context: Context) -> list[Fault]:
    """Names that mean two things: quantities are called by them."""
    design, taken = context.design, dict.fromkeys(context.design.groups, "group")
    faults = []
    for kind, names in (
        ("storage", design.storage),
        ("quorums", design.quorums),
        ("pools", design.pools),
    ):
        for name in names:
            if name in taken:
                message = f"`{name}` is also a {taken[name]}"
                faults.append(Fault(context.mark(kind, name), message, "give it another name"))
            taken.setdefault(name, kind.removesuffix("s"))
    return faults


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


def _planned_losses(context: Context) -> dict[str, Fact]:
    """Hosts whose loss is planned for, where the scenario says so."""
    planned, key = context.scenario.planned_host_losses, "planned_host_losses"
    if planned is None:
        return {}
    return {key: stated(key, planned, "node", context.loaded.document.mark((key,)))}


def _workload(context: Context) -> dict[str, Row]:
    flavours = context.scenario.workload.items()
    units = FLAVOUR_UNITS | {key: UNITS[key] for key in asked(context)}
    return {
        f"flavour_{key}": Row(unit, tuple((name, _need(name, one, key)) for name, one in flavours))
        for key, unit in units.items()
    }


def _need(name: str, flavour: Flavour, key: str) -> Fact:
    """What a VM needs; nothing where it asks for nothing."""
    fact: Fact | None = getattr(flavour, key)
    return fact or stated(f"workload.{name}.{key}", 0.0, UNITS[key], None)


def _vm_rules(context: Context) -> dict[str, VmRules]:
    """Where VMs may be, and what they are called."""
    return {
        name: _rules_of(item, context)
        for name, item in context.scenario.workload.items()
        if item.apart or item.on or item.names
    }


def _rules_of(flavour: Flavour, context: Context) -> VmRules:
    number, on = int(flavour.count.value or 0), flavour.on
    if on in context.design.groups:
        return VmRules(flavour.apart, on, {}, tuple(flavour.names))
    return VmRules(flavour.apart, "", {on: number} if on else {}, tuple(flavour.names))


def _busy(context: Context) -> dict[str, Fact]:
    """How much busier than on average VMs are at times, and how busy hosts may then be."""
    parts = {"busy_over_mean": "busy-moment-over-mean", "target_utilisation": "target-utilisation"}
    mark = context.loaded.document.mark(())
    return {
        name: context.catalog.entry(part, mark, ["consolidation"]).fact("ratio")
        for name, part in parts.items()
    }


def _growth(context: Context) -> dict[str, Fact]:
    """Growth of what the workload needs in all; nothing where no growth is stated."""
    growth = context.scenario.growth
    if growth is None:
        return {}
    return {f"{key}_growth": growth.rate(key) for key in ("memory", "cpu", "disk")}
