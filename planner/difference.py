"""What changed from one comparison to another: inputs, results, findings, and what caused it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.evaluation import Evaluation, evaluate_fully
from planner.saved_snapshot import load_snapshot
from planner.sheet import Cell
from planner.snapshot import Snapshot

SCHEMA = "planner/diff/1"
NUMBERS = ("value", "low", "high")
SAME = 1e-9
"""Numbers that differ by less, in proportion, are the same: machines round differently."""
MET = {True: 2, None: 1, False: 0}
VERDICTS = {"holds": 3, "holds-with-limits": 2, "unknown": 1, "fails": 0}

Entry = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One of the two that are compared.

    Parameters
    ----------
    name : str
        How it was named.
    snapshot : Snapshot
        Its results.
    evaluation : Evaluation or None
        What they were computed from, where it is a scenario.
    """

    name: str
    snapshot: Snapshot
    evaluation: Evaluation | None = None
    _known: dict[int, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def facts_behind(self, design: str, quantity: str) -> frozenset[str]:
        """Names of the inputs that a result rests on; none where that is not known."""
        if self.evaluation is None or design not in self.evaluation.designs:
            return frozenset()
        cell = self.evaluation.designs[design].cell(quantity)
        return frozenset() if cell is None else _facts(cell, self._known)


def _facts(cell: Cell, known: dict[int, frozenset[str]]) -> frozenset[str]:
    """Names of the facts at the bottom of a cell; each cell is looked at once."""
    if id(cell) not in known:
        own = frozenset() if cell.fact is None else frozenset({cell.fact.name})
        known[id(cell)] = own.union(*(_facts(below, known) for _, below in cell.inputs))
    return known[id(cell)]


def side(name: str) -> Side:
    """A snapshot file, ``*.json``, or a scenario by file or shipped name.

    Raises
    ------
    InputError
        It cannot be used.
    """
    if Path(name).suffix.lower() == ".json":
        return Side(name, load_snapshot(Path(name), name))
    evaluation = evaluate_fully(name)
    return Side(name, evaluation.snapshot, evaluation)


def difference(old: Side, new: Side) -> Entry:
    """What changed, as JSON-able data.

    Returns
    -------
    dict
        `inputs`, `designs` and `claims`, each with what changed, what is new and what is gone, and
        the number of what is the same; `changed`, whether anything did; `worse`, whether a finding
        is new, or a requirement or claim comes out worse.
    """
    before, after = old.snapshot.data, new.snapshot.data
    inputs = _compared(before["inputs"], after["inputs"], _input_change)
    names = [design["id"] for data in (before, after) for design in data["designs"]]
    for kind in ("changed", "new", "gone"):
        inputs[kind] = {
            name: {**item, "derived": _derived(name, names)} for name, item in inputs[kind].items()
        }
    designs = _designs(old, new, _moved(inputs))
    claims = _compared(_by(before["claims"], "id"), _by(after["claims"], "id"), _claim_change)
    advice = [data.get("recommendation", {}).get("design") for data in (before, after)]
    found: Entry = {
        "schema": SCHEMA,
        "old": _head(old),
        "new": _head(new),
        "notes": list(_notes(before, after)),
        "inputs": inputs,
        "recommendation": {"old": advice[0], "new": advice[1]},
        "designs": designs,
        "claims": claims,
    }
    changed = advice[0] != advice[1] or any(map(_any, (inputs, designs, claims)))
    return {**found, "changed": changed, "worse": _worse(found)}


def _head(side: Side) -> Entry:
    scenario = side.snapshot.data["scenario"]
    kept = {key: scenario[key] for key in ("name", "title", "currency", "sha256")}
    return {"from": side.name, **kept, "planner": side.snapshot.data["planner"]}


def _notes(before: Entry, after: Entry) -> Iterable[str]:
    if before["planner"] != after["planner"]:
        versions = f"{before['planner']} and {after['planner']}"
        yield f"two versions of planner made these, {versions}: results may differ by the program"
    currencies = [data["scenario"]["currency"] for data in (before, after)]
    if currencies[0] != currencies[1]:
        yield f"money is in {currencies[0]} and in {currencies[1]}: amounts are not compared"


# Anything by name


def _compared(
    before: Mapping[str, Entry],
    after: Mapping[str, Entry],
    change: Callable[[Entry, Entry], Entry | None],
) -> Entry:
    """What of two mappings changed, is new, and is gone, by name."""
    both = {name: change(before[name], item) for name, item in after.items() if name in before}
    return {
        "changed": {name: item for name, item in both.items() if item is not None},
        "new": {name: item for name, item in after.items() if name not in before},
        "gone": {name: item for name, item in before.items() if name not in after},
        "same": sum(item is None for item in both.values()),
    }


def _any(compared: Entry) -> bool:
    return any(compared[key] for key in ("changed", "new", "gone"))


def _by(items: Iterable[Entry], *keys: str) -> dict[Any, Entry]:
    """Items by what names them; of several with one name each with its number."""
    found: dict[Hashable, Entry] = {}
    for item in items:
        name = " ".join(filter(None, (str(item.get(key, "")) for key in keys)))
        number = 1
        while (label := name if number == 1 else f"{name} ({number})") in found:
            number += 1
        found[label] = item
    return found


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or abs(one - other) <= SAME * max(abs(one), abs(other))


def _moves(before: Entry, after: Entry) -> bool:
    """Whether a number, its range or its unit is another."""
    same = all(_equal(before[key], after[key]) for key in NUMBERS)
    return not same or before["unit"] != after["unit"]


def _numbers(before: Entry, after: Entry) -> Entry:
    """A number before and after, and the change where both are known and of one unit."""
    keys = (*NUMBERS, "unit")
    old, new = ({key: item[key] for key in keys} for item in (before, after))
    change = relative = None
    if old["unit"] == new["unit"] and None not in (old["value"], new["value"]):
        change = new["value"] - old["value"]
        relative = change / abs(old["value"]) if old["value"] else None
    change, relative = (_finite(item) for item in (change, relative))
    return {"old": old, "new": new, "change": change, "relative": relative}


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


# Inputs


def _input_change(before: Entry, after: Entry) -> Entry | None:
    told = {
        key: {"old": before[key], "new": after[key]}
        for key in ("basis", "source")
        if before[key] != after[key]
    }
    if not told and not _moves(before, after):
        return None
    return {**_numbers(before, after), **told}


def _derived(name: str, designs: Iterable[str]) -> bool:
    """Whether an input only follows from how a design is written: nobody wrote its number."""
    return any(name.startswith(f"{design}.") for design in designs)


def _moved(inputs: Entry) -> frozenset[str]:
    """The stated inputs that can move a result: whose number is another, is new or is gone."""
    changed = inputs["changed"].items()
    numbers = {name: item for name, item in changed if _moves(item["old"], item["new"])}
    moved = {**numbers, **inputs["new"], **inputs["gone"]}
    return frozenset(name for name, item in moved.items() if not item["derived"])


# Designs


def _designs(old: Side, new: Side, moved: frozenset[str]) -> Entry:
    before, after = (_by(each.snapshot.designs, "id") for each in (old, new))

    def change(one: Entry, other: Entry) -> Entry | None:
        return _design_change(one, other, _Causes(old, new, other["id"], moved))

    found = _compared(before, after, change)
    for kind in ("new", "gone"):
        found[kind] = {name: {"title": item["title"]} for name, item in found[kind].items()}
    return found


@dataclass(frozen=True)
class _Causes:
    """Which of the inputs that moved a changed result of a design rests on."""

    old: Side
    new: Side
    design: str
    moved: frozenset[str]

    def of(self, quantity: str) -> list[str] | None:
        """Their names; none where it cannot be told.

        A result may rest on how the design is built and not on a number: then a single change of
        the design, its machines or its workload is what caused it.
        """
        if self.old.evaluation is None and self.new.evaluation is None:
            return list(self.moved) if len(self.moved) == 1 else None
        behind = [side.facts_behind(self.design, quantity) for side in (self.old, self.new)]
        found = self.moved & (behind[0] | behind[1])
        if not found:
            shape = (f"designs.{self.design}.", "nodes.", "workload.")
            built = [name for name in self.moved if name.startswith(shape)]
            return built if len(built) == 1 else None
        return sorted(found)


def _design_change(before: Entry, after: Entry, causes: _Causes) -> Entry | None:
    def number(one: Entry, other: Entry) -> Entry | None:
        return _numbers(one, other) if _moves(one, other) else None

    quantities = _compared(before["quantities"], after["quantities"], number)
    for name, item in quantities["changed"].items():
        item["causes"] = causes.of(name)
    for kind in ("new", "gone"):
        found = quantities[kind].items()
        quantities[kind] = {
            name: {key: item[key] for key in (*NUMBERS, "unit")} for name, item in found
        }
    findings = _alike(_finding, "findings", before, after, "code", "subject")
    requirements = _alike(_requirement, "requirements", before, after, "text")
    parts = {"quantities": quantities, "findings": findings, "requirements": requirements}
    return parts if any(map(_any, parts.values())) else None


def _alike(
    kept: Callable[[Entry], Entry], kind: str, before: Entry, after: Entry, *keys: str
) -> Entry:
    """What changed of a list, by the keys that name its items."""
    one, other = (_by(map(kept, each[kind]), *keys) for each in (before, after))
    return _compared(one, other, _other)


def _finding(item: Entry) -> Entry:
    return {key: item.get(key, "") for key in ("code", "subject", "severity", "message")}


def _requirement(item: Entry) -> Entry:
    return {"text": item["text"], "met": item["met"]}


def _other(before: Entry, after: Entry) -> Entry | None:
    return None if before == after else {"old": before, "new": after}


def _claim_change(before: Entry, after: Entry) -> Entry | None:
    if before["verdict"] == after["verdict"]:
        return None
    return {"old": before["verdict"], "new": after["verdict"]}


# Worse


def _worse(found: Entry) -> bool:
    """Whether a finding is new, or a requirement or a claim comes out worse."""
    designs = found["designs"]["changed"].values()
    return any(map(_design_worse, designs)) or any(
        VERDICTS.get(item["new"], 1) < VERDICTS.get(item["old"], 1)
        for item in found["claims"]["changed"].values()
    )


def _design_worse(design: Entry) -> bool:
    fresh = design["findings"]["new"].values()
    graver = [
        item["new"]
        for item in design["findings"]["changed"].values()
        if item["new"]["severity"] == "error" != item["old"]["severity"]
    ]
    unmet = [
        MET[item["new"]["met"]] < MET[item["old"]["met"]]
        for item in design["requirements"]["changed"].values()
    ]
    counted = ("error", "warning")
    return any(item["severity"] in counted for item in (*fresh, *graver)) or any(unmet)
