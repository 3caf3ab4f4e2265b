"""A scenario with other numbers of hosts in a design, or with the workload of a later year."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from planner.facts import Basis, Fact
from planner.faults import InputError, Mark
from planner.models.growth import grown
from planner.scenario import Design, Flavour, Group, Growth, Loaded

Counts = Mapping[str, int]

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Sizable:
    """The groups of a design whose numbers follow from the workload.

    Parameters
    ----------
    hosts : tuple of str
        Groups that run VMs.
    stores : tuple of str
        Groups that hold the VMs' disks and run no VMs.
    store : str or None
        The storage of the VMs' disks.
    """

    hosts: tuple[str, ...]
    stores: tuple[str, ...]
    store: str | None

    @property
    def groups(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.hosts, *self.stores)


def sizable(design: Design) -> Sizable:
    """The groups of a design that can be sized, by the roles that the scenario states."""
    store = design.vm_disks or (next(iter(design.storage)) if len(design.storage) == 1 else None)
    hosts = tuple(name for name, group in design.groups.items() if group.runs_vms)
    holding = design.storage[store].hosts if store in design.storage else {}
    return Sizable(hosts, tuple(name for name in holding if name not in hosts), store)


def counts_of(design: Design) -> dict[str, int]:
    """Items of each group as the scenario states them."""
    return {name: int(group.count.value or 0) for name, group in design.groups.items()}


# Other numbers of hosts


def resized(
    loaded: Loaded, design: str, counts: Counts, more: Mapping[str, Group] | None = None
) -> Loaded:
    """The scenario with other numbers of items in some groups of a design.

    Parameters
    ----------
    loaded : Loaded
        The scenario.
    design : str
        The design.
    counts : mapping of str to int
        Items by group; groups that are not named stay as they are.
    more : mapping of str to Group, optional
        Groups of other designs that this one gets besides.

    Returns
    -------
    Loaded
        Where more are wanted of a group that is owned already, those beyond it are a group of
        their own, ``GROUP-more``, which is bought.
    """
    old = loaded.scenario.designs[design]
    new = old.model_copy(update={"groups": {**old.groups, **(more or {})}})
    for name, count in counts.items():
        group = new.groups[name]
        there = int(group.count.value or 0)
        if group.owned and count > there:
            new = _with_more(new, name, count - there)
        else:
            new = _with_group(new, name, _counted(group, count))
    designs = {**loaded.scenario.designs, design: new}
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"designs": designs}))


def _counted(group: Group, count: int, **changes: Any) -> Group:
    if group.count.value == count and not changes:
        return group
    fact = Fact(
        group.count.name, float(count), "node", Basis.GIVEN, "proposed", mark=group.count.mark
    )
    return group.model_copy(update={"count": fact, **changes})


def _with_group(design: Design, name: str, group: Group) -> Design:
    return design.model_copy(update={"groups": {**design.groups, name: group}})


def _with_more(design: Design, name: str, count: int) -> Design:
    """The design with a second group like one of its own, which does what that does."""
    own = f"{name[:58]}-more"
    group = _counted(design.groups[name], count, owned=False)
    fact = replace(group.count, name=f"{group.count.name}, more")
    design = _with_group(design, own, group.model_copy(update={"count": fact}))
    storage = {
        key: backend.model_copy(
            update={
                "hosts": _beside(backend.hosts, name, own),
                "clients": [*backend.clients, *([own] if name in backend.clients else [])],
            }
        )
        for key, backend in design.storage.items()
    }
    return design.model_copy(update={"storage": storage})


def _beside(hosts: Mapping[str, Any], name: str, own: str) -> dict[str, Any]:
    return {**hosts, own: hosts[name]} if name in hosts else dict(hosts)


# The workload of a later year


def with_growth(loaded: Loaded, years: float) -> Loaded:
    """The scenario with its workload as it is after some years.

    Parameters
    ----------
    loaded : Loaded
        The scenario, with the workload of today.
    years : float
        Years from today [yr].

    Raises
    ------
    InputError
        When nothing is said of the growth, or a rate is unknown.

    Notes
    -----
    The number of all VMs is rounded up, and spread over the flavours, the largest first, such that
    each has its share to within one VM: of a hundred VMs that all differ, twenty get a second one
    like them where the number grows by a fifth. Where the memory, processors or disk of all VMs
    together grow faster than their number, each VM grows by the difference.
    """
    if years == 0:
        return loaded
    growth = loaded.scenario.growth
    if growth is None:
        message = "nothing is said of how the workload grows"
        remedy = "write `growth: {vms: 20 %/yr}`"
        raise InputError.at(Mark(loaded.document.name), message, remedy)
    factors = {key: _factor(loaded, growth, key, years) for key in ("vms", "memory", "cpu", "disk")}
    flavours = loaded.scenario.workload
    counts = _grown_counts(flavours, factors["vms"])
    workload = {
        name: _grown_flavour(one, counts.get(name), factors) for name, one in flavours.items()
    }
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"workload": workload}))


def _factor(loaded: Loaded, growth: Growth, key: Any, years: float) -> float:
    rate = growth.rate(key)
    if rate.value is None:
        mark = rate.mark or Mark(loaded.document.name)
        raise InputError.at(mark, f"the growth of {key} is unknown", "state it, if only a guess")
    return float(grown(1.0, rate.value, years))


def _grown_counts(flavours: Mapping[str, Flavour], factor: float) -> dict[str, float]:
    """Whole numbers of VMs by flavour, where they are known: rounded up, summed from the largest.

    So the VMs of the largest flavours, however many, are never fewer than their exact number.
    """
    known = {name: one for name, one in flavours.items() if one.count.value is not None}
    sizes = {name: (one.memory.value or 0.0, one.disk.value or 0.0) for name, one in known.items()}
    found: dict[str, float] = {}
    before = after = 0.0
    for name in sorted(known, key=lambda name: sizes[name], reverse=True):
        before += known[name].count.value or 0.0
        total = float(math.ceil(before * factor * (1.0 - _ROUNDING)))
        found[name], after = total - after, total
    return found


def _grown_flavour(flavour: Flavour, count: float | None, factors: Mapping[str, float]) -> Flavour:
    size = {key: factor / factors["vms"] for key, factor in factors.items()}
    number = _times(flavour.count, factors["vms"])
    if count is not None:
        ends = [None if end is None else float(round(end)) for end in (number.low, number.high)]
        low = ends[0] if ends[0] is None else min(ends[0], count)
        high = ends[1] if ends[1] is None else max(ends[1], count)
        number = replace(number, value=count, low=low, high=high)
    return flavour.model_copy(
        update={
            "count": number,
            "names": flavour.names if count == flavour.count.value else [],
            "vcpus": _times(flavour.vcpus, size["cpu"]),
            "memory": _times(flavour.memory, size["memory"]),
            "disk": _times(flavour.disk, size["disk"]),
        }
    )


def _times(fact: Fact, factor: float) -> Fact:
    if factor == 1.0:
        return fact
    ends = [None if end is None else end * factor for end in (fact.value, fact.low, fact.high)]
    return replace(fact, value=ends[0], low=ends[1], high=ends[2])


def horizons(loaded: Loaded, years: float | None) -> Iterator[float]:
    """Today, and the year that the growth is looked at, if there is one [yr]."""
    yield 0.0
    growth = loaded.scenario.growth
    stated = growth.years.value if growth is not None and growth.years is not None else None
    ahead = years if years is not None else stated
    if ahead:
        yield ahead
