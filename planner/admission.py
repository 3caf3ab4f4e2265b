"""The rule by which VMs are admitted to hosts: its policy, its ratios, and what hosts keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from planner.catalog import Entry
from planner.context import Context, flag, stated
from planner.facts import Fact, weakest
from planner.faults import Fault, InputError
from planner.offers import host_offers
from planner.parts import Admission
from planner.plan import DesignPlan
from planner.scenario import Group
from planner.sheet import Cell

RATIOS = ("cpu_overcommit", "memory_overcommit", "disk_overcommit", "strict")
OPTIONAL = ("minimum_free_disk", "most_local_disks", "vm_overhead")
OF_POLICY = {
    "openstack": {},
    "ganeti": {"failover_hosts": "failover_hosts"},
    "vsphere-slots": {
        "slot_failover_hosts": "failover_hosts",
        "cpu_reservation": "cpu_reservation",
        "memory_reservation": "memory_reservation",
        "least_slot_cpu": "least_slot_cpu",
        "vm_overhead": "vm_overhead",
    },
    "vsphere-percentage": {
        "failover_share": "failover_share",
        "cpu_reservation": "cpu_reservation",
        "memory_reservation": "memory_reservation",
        "vm_overhead": "vm_overhead",
    },
}
"""What a policy is given besides the ratios, by the name of its fact."""
CPU_SOFT, NO_LARGER_THAN_A_HOST = ("ganeti",), ("openstack",)


def admission_of(context: Context) -> Entry:
    """The rule by which the scenario admits VMs to hosts."""
    mark = context.loaded.document.mark(("admission",))
    return context.catalog.entry(context.scenario.admission, mark, ["admission"])


def policy_of(context: Context) -> str:
    """The policy of the scenario.

    Raises
    ------
    InputError
        Where the rule states no policy, or leaves a ratio to the scenario that does not state it.
    """
    admission = admission_of(context)
    mark = context.loaded.document.mark(("admission",))
    faults = [
        Fault(
            mark,
            f"`{admission.id}` leaves {key} to the scenario",
            f"write `corrections: {{{admission.id}: {{{key}: {{value: ..., reason: ...}}}}}}`",
        )
        for key in RATIOS
        if not admission.fact(key).known
    ]
    part = admission.part
    policy = part.policy if isinstance(part, Admission) else None
    if policy is None:
        message = f"`{admission.id}` names no policy"
        faults.append(Fault(mark, message, f"add `policy:`, one of {', '.join(OF_POLICY)}"))
    if faults or policy is None:
        raise InputError(faults)
    return policy


def admission_facts(context: Context) -> dict[str, Fact]:
    """What the design sheet is given of the rule."""
    admission, policy = admission_of(context), policy_of(context)
    mark = context.loaded.document.mark(("admission",))
    flags = {
        "vm_within_memory": policy in NO_LARGER_THAN_A_HOST,
        "vm_within_threads": policy not in CPU_SOFT,
        "cpu_binds_failover": policy not in CPU_SOFT,
    }
    ratios = {
        ("strict_admission" if key == "strict" else key): admission.fact(key) for key in RATIOS
    }
    own = {name: admission.fact(key) for name, key in OF_POLICY[policy].items()}
    optional = {key: admission.fact(key) for key in OPTIONAL if admission.fact(key).known}
    return {
        **ratios,
        **optional,
        **own,
        **{key: flag(f"{admission.id}.{key}", value, mark) for key, value in flags.items()},
    }


def admission_data(plan: DesignPlan, given: Mapping[str, Cell]) -> dict[str, Any]:
    """The rule with its policy and ratios, for every report: the most likely values."""
    names = (
        *(*RATIOS[:3], "strict_admission", "minimum_free_disk"),
        *("failover_hosts", "slot_failover_hosts", "failover_share"),
    )
    numbers = {name: float(given[name].nominal) for name in names if name in given}
    return {"rule": plan.admission, "policy": plan.policy, **numbers}


# What a host keeps


def host_facts(context: Context, name: str, group: Group) -> dict[str, Fact]:
    """What the design sheet is given of a group's hosts by the rule."""
    admission = admission_of(context)
    mark = context.mark("groups", name)
    none = stated(context.label(name, "vcpu_reserve"), 0.0, "vcpu", mark)
    own = admission.fact("vcpu_reserve")
    found = {
        "host_count": group.count,
        "host_memory_reserve": group.memory_reserve or _memory_reserve(context, name, admission),
        "host_thread_reserve": group.thread_reserve or admission.fact("thread_reserve"),
        "host_vcpu_reserve": own if own.known else replace(none, source="none by this rule"),
        **host_offers(context, name, group),
    }
    if policy_of(context) != "ganeti":
        return found
    return {**found, "node_group": _node_group(context, name, group)}


def _node_group(context: Context, name: str, group: Group) -> Fact:
    """Number of the node group of a group of hosts."""
    groups = [one.node_group or "" for one in context.design.groups.values() if one.runs_vms]
    number = list(dict.fromkeys(groups)).index(group.node_group or "")
    return stated(context.label(name, "node_group"), number, "1", context.mark("groups", name))


def _memory_reserve(context: Context, name: str, admission: Entry) -> Fact:
    """What kernel and hypervisor keep, and storage daemons on the same host."""
    kept = admission.fact("memory_reserve")
    daemons = list(_daemons(context, name))
    if not daemons or not kept.known:
        return kept
    facts = [kept, *(fact for fact, _ in daemons)]
    times = [1.0, *(float(number) for _, number in daemons)]

    def total(end: str) -> float:
        ends = (getattr(fact, end) for fact in facts)
        values = (fact.value if at is None else at for fact, at in zip(facts, ends, strict=True))
        return sum((value or 0.0) * n for value, n in zip(values, times, strict=True))

    told = [f"{number} of {fact.name}" for fact, number in daemons]
    return Fact(
        context.label(name, "memory_reserve"),
        total("value"),
        "B",
        weakest(fact.basis for fact in facts),
        "; ".join(dict.fromkeys(fact.source for fact in facts if fact.source)),
        total("low"),
        total("high"),
        note=f"{kept.name} and {' and '.join(told)}",
        mark=context.mark("groups", name),
    )


def _daemons(context: Context, name: str) -> Iterator[tuple[Fact, int]]:
    """Memory of a daemon of each pooled storage on the hosts of a group, and how many there are."""
    parts = {part.entry.id: int(part.count.value or 0) for part in context.parts(name)}
    for key, backend in context.design.storage.items():
        hosts = backend.hosts.get(name)
        if hosts is not None and not backend.local:
            mark = context.mark("storage", key, "software")
            software = context.catalog.entry(backend.software, mark, ["storage-software"])
            number = hosts.drives or parts.get(hosts.drive, 0)
            for fact, times in (
                (software.fact("memory_per_device"), number),
                (software.fact("reserve_per_host"), 1),
            ):
                if fact.known and times:
                    yield fact, times


def untold_daemons(context: Context) -> list[str]:
    """Storages on hosts of VMs of whose daemons nobody says what memory they take."""
    found = []
    for name, group in context.design.groups.items():
        if not group.runs_vms or group.memory_reserve is not None:
            continue
        for key, backend in context.design.storage.items():
            mark = context.mark("storage", key, "software")
            software = context.catalog.entry(backend.software, mark, ["storage-software"])
            if (
                name in backend.hosts
                and not backend.local
                and not any(
                    software.fact(fact).known for fact in ("memory_per_device", "reserve_per_host")
                )
            ):
                found.append(f"memory of `{software.id}` on hosts of `{name}`: none is kept for it")
    return found
