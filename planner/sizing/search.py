"""The fewest hosts that meet what is asked: found on the very checks that judge the result."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planner.faults import Mark
from planner.models.growth import least_count
from planner.sizing.measured import row
from planner.sizing.resize import Sizable
from planner.sizing.trial import Bench, Check, Kind, Trial

MOST = 4_000
NO_SETS = "any-hosts"
_AMPLE = (2, 8, 64)
_PLENTY = 512
_SHARES = 8
_STEPS = 64


def least_that(passes: Callable[[int], bool], start: int, most: int = MOST) -> int | None:
    """The least number, from 0, for which something holds that then holds for all above it.

    Parameters
    ----------
    passes : callable
        Whether it holds for a number.
    start : int
        Where to look first: close to the result saves trials.
    most : int
        The largest number that is tried.

    Returns
    -------
    int or None
        The number; the one below it does not pass. None where even the largest does not.

    Examples
    --------
    >>> [least_that(lambda n: n >= 13, start) for start in (0, 10, 13, 40)]
    [13, 13, 13, 13]
    """
    fails, holds = -1, most + 1
    at, step = min(max(start, 0), most), 1
    while holds - fails > 1:
        if passes(at):
            holds = at
        else:
            fails = at
        if holds > most:
            at = min(at + step, most)
        elif fails < 0:
            at = max(at - step, 0)
        else:
            at = (fails + holds) // 2
        step *= 2
    return holds if holds <= most else None


@dataclass(frozen=True)
class Solution:
    """Numbers of hosts that meet all that any number of them can meet.

    Parameters
    ----------
    trial : Trial
        The design with them.
    unmet : tuple of Check
        What more of these hosts do not mend.
    """

    trial: Trial
    unmet: tuple[Check, ...]


@dataclass(frozen=True)
class Search:
    """Looks for the fewest hosts of one design.

    Parameters
    ----------
    bench : Bench
        Tries them.
    sizable : Sizable
        The groups that are sized.
    there : mapping of str to int
        Hosts as the scenario states them.
    """

    bench: Bench
    sizable: Sizable
    there: Mapping[str, int]

    def solve(self, fixed: Mapping[str, int], host: str) -> Solution | Trial:
        """The fewest hosts of one group beside fixed numbers of others, and those of storage.

        Returns
        -------
        Solution or Trial
            A trial where the design cannot be built, or a number that matters is unknown. Where
            the workload fits on no number of hosts, no fewer are proposed than there are.
        """
        counts = {**dict.fromkeys(self.sizable.hosts, 0), **fixed, host: self.there.get(host) or 1}
        counts |= {name: self.there[name] or 1 for name in self.sizable.stores}
        counts = self._guess(counts, host)
        ample = self._ample(counts, host)
        sized = ample.failed("hosts", "storage")
        if ample.computed is None or any(one.met is None for one in sized):
            return ample
        without = {one.text for one in sized}
        never = {one.kind for one in sized if not one.required}
        for store in self.sizable.stores:
            least = self._least(counts, store, without, ("storage",))
            counts[store] = max(least, self.there[store] if "storage" in never else 0)
        kinds: tuple[Kind, ...] = ("hosts",) if self.sizable.stores else ("hosts", "storage")
        least = self._least(counts, host, without, kinds)
        counts[host] = max(least, self.there.get(host, 0) if never & set(kinds) else 0)
        return Solution(self.bench.trial(counts), tuple(sized))

    def settle(
        self, counts: Mapping[str, int], weights: Mapping[str, float], unmet: tuple[Check, ...]
    ) -> Solution | None:
        """Hosts of several groups, with some added until all is met, then none that could go.

        Parameters
        ----------
        counts : mapping of str to int
            Where to start.
        weights : mapping of str to float
            What a host of each group costs; only groups that are named here are changed.
        unmet : tuple of Check
            What more of these hosts do not mend.
        """
        at, without = dict(counts), {one.text for one in unmet}

        def fails(tried: Mapping[str, int]) -> bool:
            failed = {one.text for one in self.bench.trial(tried).failed("hosts", "storage")}
            return bool(failed - without)

        cheapest = min(weights, key=lambda name: (not at[name], weights[name]))
        for _ in range(_STEPS):
            if not fails(at):
                break
            at[cheapest] += 1
        else:
            return None
        for name in sorted(weights, key=lambda name: -weights[name]):
            while at[name] and not fails({**at, name: at[name] - 1}):
                at[name] -= 1
        return Solution(self.bench.trial(at), unmet)

    def least_for(self, counts: Mapping[str, int], group: str, check: Check) -> int | None:
        """The fewest items of a group with which one check is met, all others being as they are."""

        def passes(tried: Trial) -> bool:
            return tried.computed is not None and check.text not in {
                one.text for one in tried.failed(check.kind)
            }

        return self._least_that(counts, group, passes, counts[group])

    def _least(
        self, counts: Mapping[str, int], group: str, without: set[str], kinds: tuple[Kind, ...]
    ) -> int:
        def passes(tried: Trial) -> bool:
            return not {one.text for one in tried.failed(*kinds)} - without

        found = self._least_that(counts, group, passes, counts[group])
        return counts[group] if found is None else found

    def _least_that(
        self,
        counts: Mapping[str, int],
        group: str,
        passes: Callable[[Trial], bool],
        start: int,
    ) -> int | None:
        step = self.step(group)
        found = least_that(
            lambda number: passes(self.bench.trial({**counts, group: number * step})),
            math.ceil(start / step),
            MOST // step,
        )
        return None if found is None else found * step

    def step(self, group: str) -> int:
        """Hosts that can only be added together: those of a replica set."""
        design = self.bench.loaded.scenario.designs[self.bench.design]
        for backend in design.storage.values():
            software = self.bench.loaded.catalog.entry(backend.software, Mark(""))
            apart = getattr(software.part, "placement", NO_SETS) == NO_SETS
            if group in backend.hosts and not apart:
                return backend.copies or 1
        return 1

    def _rounded(self, counts: Mapping[str, int]) -> dict[str, int]:
        steps = {name: self.step(name) for name in counts}
        return {name: math.ceil(n / steps[name]) * steps[name] for name, n in counts.items()}

    def _guess(self, counts: Mapping[str, int], host: str) -> dict[str, int]:
        """Numbers close to the result, by proportion: a place to start, nothing more."""
        tried = self.bench.trial(self._rounded(counts))
        if tried.computed is None:
            tried = self.bench.trial(self._rounded(dict.fromkeys(counts, _STEPS)))
        if tried.computed is None:
            return self._rounded(counts)
        guess = dict(tried.counts)
        ratio = tried.number("disk_overcommit")
        rooms = [tried.number(f"vm_store_{key}") * ratio for key in ("capacity", "heal_capacity")]
        room = min((one for one in rooms if one > 0), default=math.nan)
        share = tried.number("workload_disk") / room
        growing = self.sizable.stores or (host,)
        if math.isfinite(share):
            guess |= {name: math.ceil(guess[name] * share) for name in growing}
        hosts = alone(tried, host, self.bench.losses)
        needed = max((n for n in hosts.values() if math.isfinite(n)), default=1.0)
        guess[host] = max(guess[host] if host in growing else 1, int(needed))
        return {name: min(n, MOST) for name, n in self._rounded(guess).items()}

    def _ample(self, counts: Mapping[str, int], host: str) -> Trial:
        """More than enough of everything: what fails here, more of these hosts do not mend."""
        growing = (host, *self.sizable.stores)
        for factor in _AMPLE:
            more = {name: counts[name] * factor + 2 * _SHARES for name in growing}
            more = {name: min(n, max(_PLENTY, 4 * counts[name]), MOST) for name, n in more.items()}
            tried = self.bench.trial(self._rounded({**counts, **more}))
            if not tried.failed("hosts", "storage"):
                break
        return tried


def alone(tried: Trial, group: str, losses: int = 0) -> dict[str, float]:
    """Hosts of a group that each resource alone would need beside the hosts of other groups.

    Parameters
    ----------
    tried : Trial
        A design with some hosts of the group.
    group : str
        The group.
    losses : int
        Hosts that may be lost besides [node].

    Returns
    -------
    dict
        Hosts by resource; infinite where a host has nothing of it, not there where it is unknown.
    """
    computed = tried.computed
    assert computed is not None
    names = [item.name for item in computed.plan.groups if item.host]
    mine = [name in (group, f"{group[:58]}-more") for name in names]
    vms, load = tried.number("workload_vms"), tried.number("workload_load")
    count = row(computed, "host_count")
    rows = {
        "memory": (row(computed, "memory_bound_vms"), vms),
        "cpu": (row(computed, "cpu_bound_vms"), vms),
        "disk": (row(computed, "disk_bound_vms"), vms),
        "load": (count * row(computed, "host_threads"), load),
    }
    found = {}
    for name, (amounts, wanted) in rows.items():
        own, others = amounts[mine].sum(), amounts[[not one for one in mine]].sum()
        each = own / max(count[mine].sum(), 1.0)
        if math.isfinite(each) and math.isfinite(wanted):
            found[name] = float(least_count(max(wanted - others, 0.0), each, losses))
    return found
