"""A mix of the machines that run VMs in any of the designs, put into one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from planner.compute import Computed
from planner.decision.criteria import cost_of
from planner.packing import HostKind, cheapest_hosts
from planner.placing import request_of
from planner.scenario import Design, Group, Scenario
from planner.sizing.search import Search, Solution
from planner.sizing.trial import Bench, Trial

Objective = Literal["hosts", "cost", "power"]
MOST_NAME = 64


@dataclass(frozen=True)
class Mix:
    """A design with machines of other designs.

    Parameters
    ----------
    solution : Solution
        Numbers of hosts.
    groups : mapping of str to Group
        The groups that came from other designs.
    """

    solution: Solution
    groups: Mapping[str, Group]


def value_of(trial: Trial, objective: Objective) -> float:
    """What an objective makes small; infinite where it is unknown."""
    assert trial.computed is not None
    if objective == "hosts":
        return trial.number("node_total")
    cells = trial.computed.design
    name = "mean_power" if objective == "power" else cost_of(cells.__contains__)
    found = math.nan if name is None else trial.number(name)
    return math.inf if math.isnan(found) else found


def others(scenario: Scenario, design: str) -> dict[str, Group]:
    """Groups of other designs whose machines could run this design's VMs, each machine once.

    They must have a link to the network of the storage of the VMs' disks, and that storage must
    not be on the hosts themselves: a host of another kind would bring none of it.
    """
    own = scenario.designs[design]
    network = _network(own)
    if network is None:
        return {}
    seen = {_machine(group) for group in own.groups.values() if group.runs_vms}
    found: dict[str, Group] = {}
    for name, other in scenario.designs.items():
        for key, group in other.groups.items():
            label = f"{name}-{key}"[:MOST_NAME]
            if group.runs_vms and network in group.links and label not in own.groups:
                if _machine(group) not in seen:
                    found[label] = group.model_copy(update={"rack": None})
                seen.add(_machine(group))
    return found


def _network(design: Design) -> str | None:
    """The network over which hosts reach the VMs' disks; none where they are on the hosts."""
    store = design.vm_disks or (next(iter(design.storage)) if len(design.storage) == 1 else None)
    backend = design.storage.get(store or "")
    if backend is None or backend.local or backend.clients:
        return None
    pooled = any(design.groups[name].runs_vms for name in backend.hosts)
    return None if pooled else backend.network


def _machine(group: Group) -> tuple[object, ...]:
    reserves = (group.memory_reserve, group.thread_reserve)
    return (
        group.node or group.part,
        group.owned,
        *(None if one is None else one.value for one in reserves),
    )


def mixed(
    search: Search, own: Solution, objective: Objective, most: Mapping[str, Group]
) -> Mix | None:
    """The best mix of the design's own and other machines; None where it is no better.

    Parameters
    ----------
    search : Search
        Knows the design.
    own : Solution
        The design with its own machines only.
    objective : {"hosts", "cost", "power"}
        What is kept small.
    most : mapping of str to Group
        Groups of other designs that may be used.
    """
    bench = search.bench
    wide = Search(
        Bench(bench.loaded, bench.design, bench.losses, most, bench.tell, bench.readings),
        search.sizable,
        search.there,
    )
    hosts = (*search.sizable.hosts, *most)
    one_each = {**own.trial.counts, **dict.fromkeys(hosts, 1)}
    tried = wide.bench.trial(one_each)
    if tried.computed is None:
        return None
    groups = {**bench.loaded.scenario.designs[bench.design].groups, **most}
    weights = {name: _weight(tried.computed, name, objective) for name in hosts}
    known = {name: weight for name, weight in weights.items() if math.isfinite(weight)}
    counts = _packed(tried.computed, known, groups, bench.losses)
    if counts is None:
        return None
    start = {**own.trial.counts, **dict.fromkeys(hosts, 0), **counts}
    bought = {name: known[name] for name in known if counts.get(name) and not groups[name].owned}
    found = wide.settle(start, bought, own.unmet) if bought else None
    if found is None or not value_of(found.trial, objective) < value_of(own.trial, objective):
        return None
    return Mix(found, {name: most[name] for name in most if found.trial.counts[name]})


def _packed(
    computed: Computed, weights: Mapping[str, float], groups: Mapping[str, Group], losses: int
) -> dict[str, int] | None:
    request = request_of(computed)
    kinds = [
        HostKind(kind.name, kind.capacity, weights[kind.name], _limit(groups[kind.name]))
        for kind in request.kinds
        if kind.name in weights
    ]
    if request.unknown or not kinds or not request.flavours:
        return None
    free = [replace(flavour, pinned={}) for flavour in request.flavours]
    plan = cheapest_hosts(kinds, free, losses)
    return None if plan.unplaced else dict(plan.hosts)


def _limit(group: Group) -> int | None:
    """Of what is owned there are no more."""
    return int(group.count.value or 0) if group.owned else None


def _weight(computed: Computed, group: str, objective: Objective) -> float:
    """What one host of a group adds to an objective, loaded like the others; NaN if unknown."""
    if objective == "hosts":
        return 1.0
    names = [item.name for item in computed.plan.groups]
    cell = computed.design["equipment_mean_power"]
    power = float(cell.nominal[names.index(group)])
    if objective == "power":
        return power
    numbers = {
        key: float(computed.design[key].nominal)
        for key in ("years_of_use", "mean_power", "annual_energy_cost", "node_total")
    }
    labour = float(computed.design["annual_labour_cost"].nominal) / numbers["node_total"]
    energy = numbers["annual_energy_cost"] * power / numbers["mean_power"]
    price = float(computed.groups[group]["node_price"].nominal)
    return price + numbers["years_of_use"] * (energy + labour)
