"""From the name of a scenario to its results."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from planner.admission import admission_data
from planner.bounds import bounds_of
from planner.build import build
from planner.compute import Computed, compute_all
from planner.decision.cases import AlignedCases
from planner.decision.recommend import recommendation
from planner.decision.tornado import tornados
from planner.decision.uncertainty import uncertainty
from planner.equipment_data import equipment
from planner.facts import Basis, Fact
from planner.faults import Fault, InputError, Mark
from planner.judge import Judge, Outcome
from planner.measurements import load_all_readings
from planner.numbers import fact_data, range_data, unknown_data
from planner.placing.cells import placement_summary
from planner.plan import DesignPlan
from planner.purchase import bill_of_materials
from planner.ranges import Columns, Draws
from planner.rules import RULES, Held, held_against
from planner.rules.subjects import view_of
from planner.rules.suppression import Accepted, accept, unknown_codes, unused
from planner.scenario import Loaded, Source, load_scenario
from planner.sheet import Cell, limiter, single
from planner.snapshot import QUANTITIES, SCHEMA, Snapshot
from planner.spending import break_even, cash_flow
from planner.verdicts import verdict
from planner.version import __version__
from planner.wording import did_you_mean


@dataclass(frozen=True)
class Evaluation:
    """A scenario with everything that was computed from it."""

    loaded: Loaded
    designs: dict[str, Computed]
    snapshot: Snapshot


def evaluate(scenario: Source, samples: int | None = None, seed: int = 0) -> Snapshot:
    """Compare the designs of a scenario.

    Parameters
    ----------
    scenario : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what a file would hold.
    samples : int, optional
        Draws of what is uncertain, 100 to 20,000; the snapshot then tells what they say under
        ``uncertainty``.
    seed : int
        Another one draws the same values in another order.

    Returns
    -------
    Snapshot
        All results; the same for the same inputs.

    Raises
    ------
    InputError
        With every fault of the scenario and of the files it uses.

    Examples
    --------
    >>> evaluate("vrt-2013").value("legacy-rack", "peak_power")
    1500.0
    """
    return evaluate_fully(scenario, samples, seed).snapshot


def evaluate_fully(scenario: Source, samples: int | None = None, seed: int = 0) -> Evaluation:
    """As `evaluate`, with the cells from which every number can be explained."""
    draws = Draws.asked(samples, seed)
    loaded = load_scenario(scenario)
    readings = load_all_readings(loaded.readings_files)
    plans: dict[str, DesignPlan] = {}
    faults: list[Fault] = unknown_codes(loaded, RULES)
    for name in loaded.scenario.designs:
        try:
            plans[name] = build(loaded, readings, name)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    baseline = _baseline(loaded, plans)
    facts = (fact for plan in plans.values() for fact in plan.facts())
    designs = compute_all(plans, Columns.of(facts, draws), baseline)
    judge = Judge(loaded, designs)
    cases = AlignedCases(designs)
    data = _data(loaded, cases, judge, baseline)
    if samples is not None:
        entries = _by_name(data["designs"])
        criteria = data["recommendation"]["criteria"]
        data["uncertainty"] = uncertainty(cases, judge, entries, criteria, seed)
    return Evaluation(loaded, designs, Snapshot(data))


def _by_name(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in entries}


def plan_of(scenario: Source, design: str) -> DesignPlan:
    """The facts of one design of a scenario, before anything is computed.

    Raises
    ------
    InputError
        With every fault of the design; also when there is no such design.
    """
    loaded = load_scenario(scenario)
    designs = loaded.scenario.designs
    if design not in designs:
        raise InputError.at(Mark(design), "no such design", did_you_mean(design, designs))
    return build(loaded, load_all_readings(loaded.readings_files), design)


def _baseline(loaded: Loaded, plans: dict[str, DesignPlan]) -> DesignPlan | None:
    """The design that the others are to replace."""
    name = loaded.scenario.baseline
    if name is None:
        return None
    if name not in plans:
        mark = loaded.document.mark(("baseline",))
        raise InputError.at(mark, f"unknown design `{name}`", did_you_mean(name, plans))
    return plans[name]


def _data(
    loaded: Loaded, cases: AlignedCases, judge: Judge, baseline: DesignPlan | None
) -> dict[str, Any]:
    scenario, designs = loaded.scenario, dict(cases.designs)
    met = _requirements(judge, list(designs))
    entries = [_design(loaded, computed, met[name]) for name, computed in designs.items()]
    return {
        "schema": SCHEMA,
        "planner": __version__,
        "scenario": {
            "name": scenario.scenario,
            "title": scenario.title,
            "currency": scenario.currency,
            "admission": scenario.admission,
            "baseline": scenario.baseline,
            "rules": str(scenario.rules),
            "sha256": loaded.document.sha256,
            "inputs": loaded.digests,
        },
        "inputs": _inputs(designs, scenario.currency),
        "designs": entries,
        "unused_suppressions": unused(
            loaded, {one["id"]: [item["code"] for item in one["suppressed"]] for one in entries}
        ),
        "break_even": break_even(designs, scenario.currency),
        "recommendation": recommendation(cases, judge, _by_name(entries), baseline),
        "sensitivity": tornados(cases, judge),
        "claims": _claims(judge),
    }


def _requirements(judge: Judge, designs: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Each design's requirements with their outcome; all faults at once."""
    met: dict[str, list[dict[str, Any]]] = {name: [] for name in designs}
    faults: list[Fault] = []
    for index, item in enumerate(judge.loaded.scenario.requirements):
        for name in designs:
            try:
                outcome = judge.requirement(index, item, name)
            except InputError as error:
                faults += error.faults
                continue
            met[name].append(_requirement(item.text or outcome.because, outcome))
    if faults:
        raise InputError(faults)
    return met


def _requirement(text: str, outcome: Outcome) -> dict[str, Any]:
    return {"text": text, "met": outcome.passed, "because": outcome.because}


def _claims(judge: Judge) -> list[dict[str, Any]]:
    found = []
    faults: list[Fault] = []
    for index, claim in enumerate(judge.loaded.scenario.claims):
        try:
            verdict_, because = judge.claim(index, claim)
        except InputError as error:
            faults += error.faults
            continue
        entry = {
            "id": claim.id,
            "text": claim.text,
            "verdict": verdict_,
            "because": because,
        }
        found.append({**entry, "note": claim.note} if claim.note else entry)
    if faults:
        raise InputError(faults)
    return found


def _design(
    loaded: Loaded, computed: Computed, requirements: list[dict[str, Any]]
) -> dict[str, Any]:
    currency = loaded.scenario.currency
    cells = single(computed.cells())
    quantities = {
        name: {**unknown_data(unit, currency), "basis": None} for name, unit in QUANTITIES.items()
    }
    quantities |= _quantities(computed, cells, currency)
    limits = {name: found for name, found in _limits(cells) if name in quantities}
    held, accepted = _held(loaded, computed.plan, quantities)
    facts = computed.plan.facts()
    entry = {
        "id": computed.plan.id,
        "title": computed.plan.title,
        "admission": admission_data(computed.plan, computed.given),
        "placement": placement_summary(computed.placement),
        "equipment": equipment(computed),
        "quantities": quantities,
        "limits": limits,
        "bounds": bounds_of(cells),
        "findings": [asdict(finding) for finding in held.findings],
        "suppressed": [{**asdict(item.finding), "reason": item.reason} for item in accepted],
        "passed": [asdict(item) for item in held.passed],
        "not_applicable": [asdict(item) for item in held.not_applicable],
        "requirements": requirements,
        "unknown": [
            *computed.plan.gaps,
            *(_unknown(fact) for fact in facts if not fact.known),
        ],
        "assumptions": [_assumption(fact, currency) for fact in _assumptions(facts)],
        "not_counted": list(computed.plan.not_counted),
        "bill_of_materials": bill_of_materials(computed, currency),
        "cash_flow": cash_flow(computed, currency),
    }
    return {**entry, "verdict": verdict(entry)}


def _assumptions(facts: list[Fact]) -> list[Fact]:
    """Facts that are assumed; a row of them, as a load shape, is told once."""
    found: dict[str, Fact] = {}
    for fact in facts:
        if fact.basis is Basis.ASSUMPTION and fact.known:
            name = re.sub(r"\.\d+$", "", fact.name)
            found.setdefault(name, replace(fact, name=name))
    return list(found.values())


def _assumption(fact: Fact, currency: str) -> dict[str, Any]:
    found = fact_data(fact, currency)
    return {"name": fact.name, **{key: item for key, item in found.items() if key != "basis"}}


def _inputs(designs: dict[str, Computed], currency: str) -> dict[str, dict[str, Any]]:
    """Every fact behind the results, by name."""
    facts = {fact.name: fact for computed in designs.values() for fact in computed.plan.facts()}
    return {name: fact_data(facts[name], currency) for name in sorted(facts)}


def _quantities(
    computed: Computed, cells: Mapping[str, Cell], currency: str
) -> dict[str, dict[str, Any]]:
    told = {name: c for name, c in cells.items() if name in QUANTITIES or not math.isinf(c.nominal)}
    ranges = computed.columns.ranges_of([cell.value for cell in told.values()])
    return {
        name: {**range_data(found, cell.unit, currency), "basis": str(cell.basis)}
        for (name, cell), found in zip(told.items(), ranges, strict=True)
    }


def _limits(cells: dict[str, Cell]) -> Iterator[tuple[str, str]]:
    for name, cell in cells.items():
        found = limiter(cell) if cell.bounds() else None
        if found is not None:
            yield name, found


def _held(
    loaded: Loaded, plan: DesignPlan, quantities: dict[str, dict[str, Any]]
) -> tuple[Held, list[Accepted]]:
    """What the rules found in a design, and what of it is accepted."""
    values = {name: item["value"] for name, item in quantities.items()}
    units = {name: item["unit"] for name, item in quantities.items()}
    needs = {group.name: group.assembly.told for group in plan.groups}
    held = held_against(view_of(loaded, plan.id, values, units, needs))
    return accept(held, loaded.scenario.suppress, plan.id)


def _unknown(fact: Fact) -> str:
    return f"{fact.name}: {fact.note}" if fact.note else fact.name
