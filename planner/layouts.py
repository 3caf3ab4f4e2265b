"""Which VM of a design runs on which host, as plain data for the reports."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from planner.admission import admission_data
from planner.build import build
from planner.compute import compute
from planner.faults import InputError, Mark
from planner.measurements import load_all_readings
from planner.packing import Effort, Flavour, Plan, Unplaced
from planner.packing.model import SLACK
from planner.placing import UNITS, Placement, Request, place, request_of
from planner.placing.budgets import Budget
from planner.scenario import Source, load_scenario
from planner.wording import did_you_mean

SCHEMA = "planner/layout/1"
DIGITS = 12


def layout(
    scenario: Source,
    design: str,
    losses: int = 0,
    maintenance: int = 0,
    effort: Effort = "bound",
) -> dict[str, Any]:
    """Place the VMs of a scenario on the hosts of a design.

    Parameters
    ----------
    scenario : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what a file would hold.
    design : str
        One of its designs.
    losses, maintenance : int
        Hosts that may fail, and be empty for maintenance, at the same time.
    effort : {"quick", "bound", "polish"}
        How hard to search.

    Returns
    -------
    dict
        JSON-able: the verdict, every host with its VMs and what they use, the VMs that have no
        place and why, what binds and what is stranded.

    Raises
    ------
    InputError
        With every fault of the scenario, or when it has no such design.

    Examples
    --------
    >>> found = layout("vrt-2013", "mini-itx-cluster", losses=1)
    >>> found["verdict"], found["placed"]
    ('fits', 96)
    """
    loaded = load_scenario(scenario)
    if design not in loaded.scenario.designs:
        remedy = did_you_mean(design, loaded.scenario.designs)
        raise InputError.at(Mark(design), "no such design", remedy)
    plan = build(loaded, load_all_readings(loaded.readings_files), design)
    computed = compute(plan, draws=0)
    found = _placed(request_of(computed), losses, maintenance, effort)
    return {
        "schema": SCHEMA,
        "design": design,
        "title": plan.title,
        "admission": admission_data(plan, computed.given),
        "losses": losses,
        "maintenance": maintenance,
        **placement_data(found),
    }


def _placed(request: Request, losses: int, maintenance: int, effort: Effort) -> Placement:
    try:
        return place(request, losses, maintenance, effort)
    except ImportError as error:
        remedy = "install SciPy, or leave out `--effort polish`"
        raise InputError.at(Mark("--effort"), str(error), remedy) from None


def placement_data(found: Placement) -> dict[str, Any]:
    """A placement as plain data."""
    request, plan = found.request, found.plan
    hosts = [] if plan is None else list(_hosts(request, plan))
    return {
        "verdict": found.verdict,
        "asked": request.vms,
        "placed": found.placed,
        "unknown": list(request.unknown),
        "notes": list(request.notes),
        "hosts_there": sum(kind.count or 0 for kind in request.kinds),
        "hosts_used": len(hosts),
        "spare_hosts": [] if plan is None else list(plan.empty_hosts),
        "hosts_at_least": _at_least(plan),
        "gap": None if plan is None else _known(plan.gap),
        "hosts": hosts,
        "resources": [] if plan is None else _resources(request, plan, hosts),
        "binds": _binding(request, found.unplaced, hosts),
        "shared": [_budget(one, plan, request) for one in request.budgets],
        "unplaced": [_unplaced(one) for one in found.unplaced],
        "vms": [] if plan is None else list(_vms(plan)),
    }


def _at_least(plan: Plan | None) -> float | None:
    """Hosts that no other layout could do without; unknown where not all VMs have a place."""
    return None if plan is None or plan.unplaced else _known(plan.bound)


def _hosts(request: Request, plan: Plan) -> Iterator[dict[str, Any]]:
    """Every host that has VMs, in the order of the groups and their numbers."""
    flavours = {one.name: one for one in plan.flavours}
    kinds = {host: kind for kind in plan.kinds for host in plan.contents if kind.number(host)}
    order = {kind.name: place for place, kind in enumerate(plan.kinds)}
    for host in sorted(kinds, key=lambda one: (order[kinds[one].name], kinds[one].number(one))):
        counts, kind = plan.contents[host], kinds[host]
        used = {key: _used(counts, flavours, key) for key in _shown(request)}
        capacity = {key: kind.capacity[key] for key in used}
        yield {
            "host": host,
            "group": kind.name,
            "vms": dict(counts),
            "used": used,
            "capacity": {key: _known(value) for key, value in capacity.items()},
            "full": _full(request, kind.capacity, counts, flavours),
            "binds": max(used, key=lambda key: used[key] / capacity[key] if capacity[key] else 0.0),
        }


def _shown(request: Request) -> list[str]:
    """Resources of hosts that are shown."""
    return [key for key in UNITS if request.kinds and key in request.kinds[0].capacity]


def _used(counts: Mapping[str, int], flavours: Mapping[str, Flavour], key: str) -> float:
    return math.fsum(number * flavours[name].needs.get(key, 0.0) for name, number in counts.items())


def _full(
    request: Request,
    capacity: Mapping[str, float],
    counts: Mapping[str, int],
    flavours: Mapping[str, Flavour],
) -> bool:
    """Whether no VM of any size of the workload has room any more."""
    left = {key: room - _used(counts, flavours, key) for key, room in capacity.items()}
    return not any(
        all(need <= left.get(key, 0.0) * (1 + SLACK) for key, need in one.needs.items())
        for one in request.flavours
    )


def _resources(request: Request, plan: Plan, hosts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What all hosts may promise, what is used, and what is left on full hosts for nobody."""
    found = []
    for key in _shown(request):
        capacity = sum(kind.capacity[key] * (kind.count or 0) for kind in plan.kinds)
        used = math.fsum(host["used"][key] for host in hosts)
        stranded = math.fsum(
            host["capacity"][key] - host["used"][key] for host in hosts if host["full"]
        )
        amounts = {"capacity": capacity, "used": used, "stranded": max(stranded, 0.0)}
        found.append(
            {"resource": key, "unit": UNITS[key], **{k: _known(v) for k, v in amounts.items()}}
        )
    return found


def _binding(
    request: Request, unplaced: tuple[Unplaced, ...], hosts: list[dict[str, Any]]
) -> str | None:
    """What most VMs without a place lack; else what is scarcest on most hosts in use."""
    lacking = Counter[str]()
    for one in unplaced:
        lacking[one.resource] += one.vms
    scarce = Counter(str(host["binds"]) for host in hosts)
    counted = lacking or scarce
    return counted.most_common(1)[0][0] if counted and not request.unknown else None


def _budget(budget: Budget, plan: Plan | None, request: Request) -> dict[str, Any]:
    placed = {} if plan is None else _placed_by_flavour(plan)
    used = math.fsum(placed.get(one.name, 0) * budget.needs[one.name] for one in request.flavours)
    return {
        "name": budget.name,
        "unit": UNITS[budget.name],
        "capacity": _known(budget.room),
        "used": _known(used),
    }


def _placed_by_flavour(plan: Plan) -> Counter[str]:
    found = Counter[str]()
    for counts in plan.contents.values():
        found.update(counts)
    return found


def _unplaced(one: Unplaced) -> dict[str, Any]:
    return {
        "flavour": one.flavour,
        "vms": one.vms,
        "resource": one.resource,
        "unit": UNITS.get(one.resource, "1"),
        "asked": _known(one.asked),
        "available": _known(one.available),
        "rule": one.rule,
    }


def _vms(plan: Plan) -> Iterator[dict[str, str]]:
    """Every VM that has a host, flavour by flavour."""
    for flavour in plan.flavours:
        alone = Plan(plan.kinds, (flavour,), plan.contents, (), (), 0.0, 0.0)
        for vm, host in alone.layout().items():
            yield {"vm": vm, "flavour": flavour.name, "host": host}


def _known(value: float) -> float | None:
    """A number for JSON: nothing for what is unknown or has no end."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
