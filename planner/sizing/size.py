"""How many hosts the designs of a scenario need, now and later."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from planner.build import build
from planner.faults import Fault, InputError, Mark
from planner.measurements import Readings, load_all_readings
from planner.scenario import Group, Loaded, Source, load_scenario
from planner.schema import attempt
from planner.sheet import limiter
from planner.sizing.constraints import Constraint, constraints_of, least_by_packing
from planner.sizing.mending import Mend, mended
from planner.sizing.mix import Objective, mixed, others, value_of
from planner.sizing.resize import counts_of, horizons, sizable, with_growth
from planner.sizing.search import Search, Solution
from planner.sizing.trial import BUILT_SHORT, Bench, Trial
from planner.wording import did_you_mean

SCHEMA = "planner/size/1"
DIGITS = 12
SHOWN = {
    "capital_cost": "money",
    "total_cost": "money",
    "net_present_cost": "money",
    "mean_power": "W",
    "peak_power": "W",
    "rack_units": "U",
    "node_total": "node",
}
"""Quantities of a proposed design that are told."""

LESS_TELLING = (BUILT_SHORT, "service", "packing")
"""What is told as binding only where nothing else is."""

Tell = Callable[[str], None]


def size(
    scenario: Source,
    design: str | None = None,
    objective: Objective = "hosts",
    years: float | None = None,
    losses: int = 1,
    tell: Tell = lambda _: None,
) -> dict[str, Any]:
    """How many hosts the designs of a scenario need for its workload, now and after some years.

    Parameters
    ----------
    scenario : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what a file would hold.
    design : str, optional
        One of its designs. Default: all.
    objective : {"hosts", "cost", "power"}
        What the order of the designs, and a mix of machines, keep small: the number of computers,
        the cost over the years of use, or the mean power.
    years : float, optional
        How far to look ahead [yr]. Default: as the scenario states, else today only.
    losses : int
        Hosts of VMs that may fail at the same time.
    tell : callable
        Called with a line of progress now and then.

    Returns
    -------
    dict
        JSON-able: for each design and time the proposed numbers, what binds, what each constraint
        alone would need, and what the proposal does not meet.

    Raises
    ------
    InputError
        With every fault of the scenario; when it has no such design, or does not say how the
        workload grows although years are asked for.

    Examples
    --------
    >>> found = size("vrt-2013", "rack-1u", years=0)
    >>> group = found["designs"][0]["times"][0]["groups"][0]
    >>> group["name"], group["proposed"], group["binds"]
    ('server', 4, ['N+1', 'room to heal'])
    """
    loaded = load_scenario(scenario)
    names = _names(loaded, design)
    readings = load_all_readings(loaded.readings_files)
    _check(loaded, readings, names)
    times = list(horizons(loaded, years))
    workloads = {ahead: with_growth(loaded, ahead) for ahead in times}
    sizings = [
        _Sizing(loaded, workloads, readings, name, objective, losses, tell) for name in names
    ]
    return {
        "schema": SCHEMA,
        "scenario": loaded.scenario.scenario,
        "currency": loaded.scenario.currency,
        "admission": loaded.scenario.admission,
        "objective": objective,
        "cost": "total_cost" if loaded.scenario.site.discount_rate is None else "net_present_cost",
        "losses": losses,
        "years": times,
        "constraints": columns(losses),
        "designs": [entry for sizing in sizings for entry in sizing.data()],
    }


def columns(losses: int) -> list[str]:
    """The constraints that are told side by side, each in a word or two, in order."""
    kept = [f"N+{losses}"] if losses else ["all VMs"]
    return [
        "memory",
        "cpu",
        "disk",
        "load",
        *kept,
        "packing",
        "storage space",
        "room to heal",
        "IOPS",
    ]


def _names(loaded: Loaded, design: str | None) -> list[str]:
    designs = loaded.scenario.designs
    if design is None:
        return list(designs)
    if design not in designs:
        raise InputError.at(Mark(design), "no such design", did_you_mean(design, designs))
    return [design]


def _check(loaded: Loaded, readings: Readings, names: list[str]) -> None:
    """Raise every fault of the designs as they are written."""
    faults: list[Fault] = []
    for name in names:
        attempt(faults, build, loaded, readings, name)
    if faults:
        raise InputError(faults)


@dataclass(frozen=True)
class _Sizing:
    """One design, sized for today and later."""

    loaded: Loaded
    workloads: Mapping[float, Loaded]
    readings: Readings
    design: str
    objective: Objective
    losses: int
    tell: Tell

    def data(self) -> Iterator[dict[str, Any]]:
        """The design with its own machines, and with others where that is better."""
        found = {ahead: self._found(ahead) for ahead in self.workloads}
        design = self.loaded.scenario.designs[self.design]
        own = [self._time(ahead, *one) for ahead, (one, _) in found.items()]
        yield {"id": self.design, "title": design.title, "mix": False, "times": own}
        mixes = [self._time(ahead, *mix) for ahead, (_, mix) in found.items() if mix]
        if mixes:
            title = f"{self.design}, with machines of other designs too"
            yield {"id": f"{self.design} + others", "title": title, "mix": True, "times": mixes}

    def _found(self, ahead: float) -> tuple[Any, Any]:
        loaded = self.workloads[ahead]
        design = loaded.scenario.designs[self.design]
        bench = Bench(loaded, self.design, self.losses, {}, self.tell, self.readings)
        search = Search(bench, sizable(design), counts_of(design))
        own = self._best(search)
        if not isinstance(own, Solution):
            return (search, own, {}), None
        more = others(loaded.scenario, self.design)
        mix = mixed(search, own, self.objective, more) if more else None
        if mix is None:
            return (search, own, {}), None
        wide = Bench(loaded, self.design, self.losses, mix.groups, self.tell, self.readings)
        return (search, own, {}), (
            Search(wide, search.sizable, search.there),
            mix.solution,
            mix.groups,
        )

    def _best(self, search: Search) -> Solution | Trial | None:
        """The best of: each group of hosts alone, and each added to what is there of the others."""
        found = [search.solve(fixed, host) for fixed, host in _shapes(search)]
        solved = [one for one in found if isinstance(one, Solution)]
        if solved:
            return min(
                solved, key=lambda one: (len(one.unmet), value_of(one.trial, self.objective))
            )
        return found[0] if found else None

    def _time(
        self, ahead: float, search: Search, found: Any, more: Mapping[str, Group]
    ) -> dict[str, Any]:
        workload = self.workloads[ahead].scenario.workload
        entry: dict[str, Any] = {
            "years": ahead,
            "vms": _known(sum(one.count.value or 0.0 for one in workload.values())),
        }
        if not isinstance(found, Solution):
            return {**entry, "sized": False, "because": _why_not(found)}
        kept = {name: n for name, n in found.trial.counts.items() if n or name in search.there}
        trial, mends = mended(search, search.bench.trial(kept))
        packed = least_by_packing(trial, self.losses)
        hosts = sum(n for name, n in kept.items() if name in (*search.sizable.hosts, *more))
        bound = None if packed is None or packed.unplaced else math.ceil(packed.bound - 1e-9)
        rows = constraints_of(search, trial)
        assert trial.computed is not None
        cell = trial.computed.design.get("vms_after_one_host_loss" if self.losses else "vms")
        return {
            **entry,
            "sized": True,
            "groups": list(self._groups(search, trial, more, _Binding(rows, mends))),
            "hosts": hosts,
            "bound": bound,
            "limiter": "" if cell is None else limiter(cell) or "",
            "constraints": [asdict(one) for one in rows],
            "passes": not trial.failed(),
            "mended": [asdict(one) for one in mends],
            "fails": [
                {
                    "text": one.text,
                    "unknown": one.met is None,
                    "because": one.because,
                    "required": one.required,
                }
                for one in trial.failed()
            ],
            "value": _known(value_of(trial, self.objective)),
            "quantities": {
                name: {"value": _known(trial.number(name)), "unit": self._unit(unit)}
                for name, unit in SHOWN.items()
            },
        }

    def _unit(self, unit: str) -> str:
        return unit.replace("money", self.loaded.scenario.currency)

    def _groups(
        self, search: Search, trial: Trial, more: Mapping[str, Group], binding: _Binding
    ) -> Iterator[dict[str, Any]]:
        for name, proposed in trial.counts.items():
            yield {
                "name": name,
                "there": search.there.get(name, 0),
                "proposed": proposed,
                "binds": binding.of(name),
                "runs_vms": name in search.sizable.hosts or name in more,
                "of": "another design" if name in more else self.design,
            }


def _shapes(search: Search) -> Iterator[tuple[dict[str, int], str]]:
    """Fixed numbers of some groups of hosts, and the group that is varied."""
    hosts = search.sizable.hosts
    for host in hosts:
        rest = [name for name in hosts if name != host]
        yield dict.fromkeys(rest, 0), host
        if any(search.there[name] for name in rest):
            yield {name: search.there[name] for name in rest}, host


@dataclass(frozen=True)
class _Binding:
    """What decides the numbers of a proposal."""

    rows: list[Constraint]
    mends: list[Mend]

    def of(self, group: str) -> list[str]:
        """What decides the number of a group, the more telling ones only, in a word or two."""
        mended = [mend.text for mend in self.mends if mend.group == group]
        binding = [row for row in self.rows if row.group == group and row.binds]
        own = list(dict.fromkeys(row.short for row in binding if not row.required))
        told = [name for name in own if name not in LESS_TELLING]
        return mended or told or own or [row.text for row in binding]


def _why_not(found: Trial | None) -> str:
    if found is None:
        return "no group of the design runs VMs"
    wrong = [f"{one.text}: {one.because}" for one in found.failed("hosts", "storage")]
    return "; ".join(dict.fromkeys(wrong)) or "it cannot be built"


def _known(value: float) -> float | None:
    """A number for JSON: nothing for what is unknown or has no end."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
