"""How long what is there lasts, and how far each added host moves that date."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from planner.evaluation import Evaluation, evaluate_fully
from planner.faults import InputError, Mark
from planner.scenario import Loaded, Source, start_date
from planner.sheet import limiter
from planner.sizing.resize import counts_of, sizable
from planner.sizing.search import Search
from planner.sizing.size import Tell
from planner.sizing.trial import LIMITS, Bench, Trial
from planner.snapshot import find_design

SCHEMA = "planner/runway/1"
MONTHS = 12.0
DAYS = 365.2425
LONGEST_DATE = 200.0
BOUND = "_bound_months_to_full"
RESOURCES = {
    "memory": ("hosts' memory", "memory_growth"),
    "cpu": ("virtual processors that may be promised", "cpu_growth"),
    "load": ("threads, busy with the mean load", "cpu_growth"),
    "disk": ("local disks", "disk_growth"),
    "hosts": ("hosts, each by its own scarcest resource", "memory_growth"),
    "storage": ("shared storage, to nearfull", "disk_growth"),
    "healing": ("shared storage, with room to heal", "disk_growth"),
}
LEAST, FEW, MOST = 3, 6, 48
STEPS = (*range(9), 10, 12, 16, 20, 24, 32, 40, 48)


def runway(
    scenario: Source, design: str | None = None, tell: Tell = lambda _: None
) -> dict[str, Any]:
    """Months until each resource of the designs is full, and what added hosts change.

    Parameters
    ----------
    scenario : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what a file would hold.
    design : str, optional
        One of its designs. Default: all.
    tell : callable
        Called with a line of progress now and then.

    Returns
    -------
    dict
        JSON-able: for each design its resources with months, ranges and dates, and a row for each
        number of hosts added.

    Raises
    ------
    InputError
        With every fault of the scenario; when it has no such design, or does not say how the
        workload grows.

    Notes
    -----
    Every resource counts with what is left after the loss of the host that has most of it. Hosts
    are added where they help most: each to the group with which the first resource, or else the
    next, lasts longest. Growth is continuous here, where `size` counts whole VMs of each flavour
    at the end of the years and may so need a host more.

    Examples
    --------
    >>> found = runway("vrt-2013", "rack-1u")["designs"][0]
    >>> found["limit"], round(found["months"]["value"], 1), found["until"]
    ('memory', 19.2, '2014-12')
    """
    evaluation = evaluate_fully(scenario)
    loaded = evaluation.loaded
    if loaded.scenario.growth is None:
        message, remedy = "nothing is said of how the workload grows", "`growth: {vms: 20 %/yr}`"
        raise InputError.at(Mark(loaded.document.name), message, f"write {remedy}")
    names = list(loaded.scenario.designs)
    if design is not None:
        names = [find_design(evaluation.snapshot, design)["id"]]
    growth = loaded.scenario.growth
    return {
        "schema": SCHEMA,
        "scenario": loaded.scenario.scenario,
        "start": growth.start,
        "years": growth.years.value if growth.years else None,
        "designs": [_Lasting(evaluation, name, tell).data() for name in names],
    }


def until(loaded: Loaded, months: float | None) -> str | None:
    """The month in which some months from the start are over; None where it cannot be said."""
    start = loaded.scenario.growth.start if loaded.scenario.growth else None
    if start is None or months is None or months / MONTHS > LONGEST_DATE:
        return None
    end: date = start_date(start) + timedelta(days=months / MONTHS * DAYS)
    return end.isoformat()[:7]


@dataclass(frozen=True)
class _Lasting:
    evaluation: Evaluation
    design: str
    tell: Tell

    @property
    def loaded(self) -> Loaded:
        return self.evaluation.loaded

    def data(self) -> dict[str, Any]:
        """One design."""
        entry = find_design(self.evaluation.snapshot, self.design)
        quantities = entry["quantities"]
        steps = list(self._steps())
        return {
            "id": self.design,
            "title": entry["title"],
            "months": _range(quantities.get("months_to_full")),
            "until": until(self.loaded, _value(quantities.get("months_to_full"))),
            "limit": self._limit(),
            "heals": self._heals(quantities),
            "resources": [
                {
                    "name": name,
                    "text": text,
                    "growth": _value(quantities.get(growth)),
                    "months": _range(quantities.get(f"{name}{BOUND}")),
                    "until": until(self.loaded, _value(quantities.get(f"{name}{BOUND}"))),
                }
                for name, (text, growth) in RESOURCES.items()
                if self._has(name)
            ],
            "added": [row for row in steps if row["added"] in STEPS or row is steps[-1]],
            "rooms": [self._dated(room) for room in _rooms(steps)],
        }

    def _dated(self, room: dict[str, Any]) -> dict[str, Any]:
        return {**room, "until": until(self.loaded, room["months"])}

    def _has(self, name: str) -> bool:
        """Whether the design has the resource; the hosts as a whole only where they differ."""
        cell = self.evaluation.designs[self.design].design.get(f"{name}{BOUND}")
        return cell is not None and (name != "hosts" or math.isfinite(float(cell.nominal)))

    def _limit(self) -> str:
        """What is full first; where several are full already, all of them."""
        cells = self.evaluation.designs[self.design].design
        cell = cells.get("months_to_full")
        if cell is None:
            return ""
        full = [name for name in RESOURCES if _now_full(cells.get(f"{name}{BOUND}"))]
        return limiter(cell) or " and ".join(full)

    def _heals(self, quantities: Mapping[str, Any]) -> bool | None:
        room = quantities.get("vm_store_heal_capacity")
        return None if room is None or room["value"] is None else room["value"] > 0

    # Hosts added one by one

    def _steps(self) -> Iterator[dict[str, Any]]:
        design = self.loaded.scenario.designs[self.design]
        groups = sizable(design)
        bench = Bench(self.loaded, self.design, 1, {}, self.tell)
        search = Search(bench, groups, counts_of(design))
        there = {name: search.there[name] for name in groups.groups}
        trial = bench.trial(there)
        if not groups.hosts or trial.computed is None:
            return
        growth = self.loaded.scenario.growth
        ahead = growth.years.value if growth and growth.years else None
        last = FEW if ahead is None else MOST
        while True:
            added = sum(trial.counts.values()) - sum(there.values())
            months = trial.number("months_to_full")
            done = ahead is not None and months >= ahead * MONTHS
            yield self._row(trial, there, added, ahead)
            ended = (done and added >= LEAST) or added >= last
            if ended or math.isnan(months) or months == math.inf:
                return
            trial = _best_addition(search, trial)

    def _row(
        self, trial: Trial, there: Mapping[str, int], added: int, ahead: float | None
    ) -> dict[str, Any]:
        months = _finite(trial.number("months_to_full"))
        short = None
        if ahead is not None:
            short = 0.0 if months is None else max(ahead * MONTHS - months, 0.0)
        cells = {} if trial.computed is None else trial.computed.design
        cell = cells.get("months_to_full")
        full = [name for name in RESOURCES if _now_full(cells.get(f"{name}{BOUND}"))]
        return {
            "added": added,
            "groups": {name: trial.counts[name] - there[name] for name in there},
            "months": months,
            "until": until(self.loaded, months),
            "short": short,
            "limit": ("" if cell is None else limiter(cell)) or " and ".join(full),
            "vms": _finite(trial.number("vms_after_one_host_loss")),
            "beyond": [
                {"text": one.short, "because": one.because}
                for one in trial.failed("other")
                if not one.required and one.short in {text for text, _, _ in LIMITS}
            ],
        }


def _rooms(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Ports, circuits and places that end before the last row, and how long they last."""
    for text, _, _ in LIMITS:
        carried = [row for row in steps if text not in {one["text"] for one in row["beyond"]}]
        if len(carried) < len(steps):
            last = carried[-1] if carried else None
            yield {
                "text": text,
                "added": None if last is None else last["added"],
                "months": 0.0 if last is None else last["months"],
            }


def _best_addition(search: Search, trial: Trial) -> Trial:
    """One host more where it helps most."""
    tried = [
        search.bench.trial({**trial.counts, name: trial.counts[name] + search.step(name)})
        for name in search.sizable.groups
    ]
    return max((one for one in tried if one.computed), key=_lasting, default=tried[0])


def _lasting(trial: Trial) -> tuple[float, ...]:
    """Sort key: the months of the first resource that is full, then the next, then the rooms."""
    months = [trial.number(f"{name}{BOUND}") for name in RESOURCES]
    known = sorted(one for one in months if not math.isnan(one))
    vms, disk = trial.number("workload_vms"), trial.number("workload_disk")
    held = min(trial.number("survivor_bound_vms") / vms, 1.0)
    stored = min(trial.number("vm_store_capacity") / disk, 1.0)
    return (*known, held + (0.0 if math.isnan(stored) else stored))


def _now_full(cell: Any) -> bool:
    return cell is not None and float(cell.nominal) == 0.0


def _value(item: Mapping[str, Any] | None) -> float | None:
    return None if item is None else item["value"]


def _range(item: Mapping[str, Any] | None) -> dict[str, float | None]:
    return {key: None if item is None else item[key] for key in ("value", "low", "high")}


def _finite(value: float) -> float | None:
    return float(f"{value:.12g}") if math.isfinite(value) else None
