"""Hosts that each constraint alone would need or leave room for, and which of them bind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from planner.packing import Plan, cheapest_hosts
from planner.placing import request_of
from planner.sizing.search import Search, alone
from planner.sizing.trial import LIMITS, Trial

RESOURCES = {
    "memory": "memory",
    "cpu": "virtual processors that may be promised",
    "disk": "local disks",
    "load": "threads for the mean load",
}
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Constraint:
    """What one constraint alone makes of a group.

    Parameters
    ----------
    text, short : str
        The constraint, also in a word or two.
    group : str
        The group that is counted.
    hosts : int or None
        Hosts: at least these, or at most; None where no number will do.
    at_most : bool
        Whether there is room for no more than these.
    required : bool
        Whether the scenario requires it.
    binds : bool
        Whether it decides the number.
    """

    text: str
    short: str
    group: str
    hosts: int | None
    at_most: bool = False
    required: bool = False
    binds: bool = False


def constraints_of(search: Search, trial: Trial) -> list[Constraint]:
    """Every constraint on the groups that are sized, each by itself, the others as they are."""
    found: list[Constraint] = []
    for group in (*search.sizable.hosts, *search.bench.more, *search.sizable.stores):
        if trial.counts.get(group):
            rows = [*_needs(search, trial, group), *_rooms(search, trial, group)]
            found += [_marked(row, trial.counts[group]) for row in rows]
    return found


def _marked(row: Constraint, hosts: int) -> Constraint:
    return replace(row, binds=not row.at_most and row.hosts == hosts)


def _needs(search: Search, trial: Trial, group: str) -> Iterator[Constraint]:
    runs = group in search.sizable.hosts or group in search.bench.more
    if runs:
        for name, needed in alone(trial, group).items():
            if name != "disk" or math.isfinite(needed):
                whole = int(needed) if math.isfinite(needed) else None
                yield Constraint(RESOURCES[name], name, group, whole)
    for check in trial.checks:
        pooled = runs and not search.sizable.stores
        if check.kind == ("hosts" if runs else "storage") or (pooled and check.kind == "storage"):
            hosts = search.least_for(trial.counts, group, check) if check.met else None
            yield Constraint(check.text, check.short, group, hosts, required=check.required)


def _rooms(search: Search, trial: Trial, group: str) -> Iterator[Constraint]:
    """Hosts for which there are ports, circuits and places, all other equipment being as it is."""
    number = trial.counts[group]
    more = search.bench.trial({**trial.counts, group: number + search.step(group)})
    for text, need, there in LIMITS:
        now, then, has = (trial.number(need), more.number(need), trial.number(there))
        if not any(math.isnan(one) for one in (now, then, has)) and then > now:
            each = (then - now) / search.step(group)
            room = math.floor((has - now) / each + _ROUNDING)
            yield Constraint(text, text, group, max(number + room, 0), at_most=True)


def least_by_packing(trial: Trial, losses: int) -> Plan | None:
    """The fewest hosts of the kinds in use by packing alone, and a bound that none can undercut."""
    assert trial.computed is not None
    request = request_of(trial.computed)
    if request.unknown or not request.flavours:
        return None
    kinds = [replace(kind, count=None) for kind in request.kinds if kind.count]
    free = [replace(flavour, pinned={}) for flavour in request.flavours]
    return cheapest_hosts(kinds, free, losses)
