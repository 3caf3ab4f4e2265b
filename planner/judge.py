"""Requirements and claims held against the computed quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from planner.checks import Check, Claim, ClaimCheck, Reference, Requirement
from planner.compute import Computed, compute_over
from planner.faults import Fault, InputError
from planner.ranges import Range
from planner.scenario import Loaded
from planner.schema import Path, attempt
from planner.snapshot import QUANTITIES
from planner.units import UnitError, format_quantity, quantity
from planner.wording import did_you_mean, quoted

COUNTS = ("1", "vm", "vcpu", "node", "core", "thread", "port", "part")


@dataclass(frozen=True)
class Outcome:
    """A check with its result: True, False, or None where a number is unknown."""

    passed: bool | None
    because: str


@dataclass(frozen=True)
class _Number:
    """A number to compare, and how it is called."""

    range: Range
    unit: str
    text: str


@dataclass(frozen=True)
class _Supposed:
    """A design with other facts than it has, and which."""

    design: str
    computed: Computed
    told: str


@dataclass(frozen=True)
class Judge:
    """Holds checks against the designs of a scenario."""

    loaded: Loaded
    designs: Mapping[str, Computed]

    def requirement(self, index: int, item: Requirement, design: str) -> Outcome:
        """Whether a design meets a requirement."""
        return self._outcome(item, ("requirements", index), design)

    def claim(self, index: int, claim: Claim) -> tuple[str, str]:
        """Verdict on a claim, and the numbers that led to it."""
        faults: list[Fault] = []
        must = self._outcomes(claim.holds_if, ("claims", index, "holds_if"), faults)
        may = self._outcomes(claim.limits, ("claims", index, "limits"), faults)
        if faults:
            raise InputError(faults)
        failed = [item for item in must if item.passed is False]
        unknown = [item for item in must if item.passed is None]
        limits = [item for item in may if item.passed is not True]
        if failed:
            return "fails", _sentences(failed)
        if unknown or not must:
            return "unknown", _sentences(unknown) or "nothing computable is claimed"
        if limits:
            return "holds-with-limits", f"{_sentences(must)}; but {_sentences(limits)}"
        return "holds", _sentences(must)

    def _outcomes(self, checks: Sequence[Check], at: Path, faults: list[Fault]) -> list[Outcome]:
        items = enumerate(checks)
        found = (attempt(faults, self._outcome, item, (*at, i), None) for i, item in items)
        return [outcome for outcome in found if outcome is not None]

    def _outcome(self, check: Check, at: Path, design: str | None) -> Outcome:
        (side,) = check.sides
        design = check.design or design
        supposed = self._supposed(check, at, design)
        left = self._quantity(design, check.quantity, 1.0, at, supposed)
        right = self._target(getattr(check, side), left.unit, design, (*at, side), supposed)
        if right.unit != left.unit:
            mark = self.loaded.document.mark((*at, side))
            message = f"{check.quantity} is in {left.unit}, but it is compared in {right.unit}"
            raise InputError.at(mark, message, "compare quantities of one unit")
        passed = _compare(side, left.range, right.range, check.within)
        return Outcome(passed, _sentence(left, right, side, passed, check))

    def _supposed(self, check: Check, at: Path, design: str | None) -> _Supposed | None:
        """The design of a check with other facts than it has; nothing where none are supposed."""
        if design is None or not isinstance(check, ClaimCheck) or not check.what_if:
            return None
        plan = self.designs[design].plan
        facts = {fact.name: fact for fact in plan.facts()}
        changed, told = {}, []
        for name, value in check.what_if.items():
            place = (*at, "what_if", name)
            if name not in facts:
                mark = self.loaded.document.key_mark(place)
                message = f"{quoted(design)} uses no fact {quoted(name)}"
                raise InputError.at(mark, message, did_you_mean(name, facts))
            changed[name] = self.number(value, facts[name].unit, place)
            told.append(f"{name} {format_quantity(changed[name], facts[name].unit)}")
        columns = replace(self.designs[design].columns, changed=changed)
        return _Supposed(design, compute_over(plan, columns), " and ".join(told))

    def _quantity(
        self, design: str | None, name: str, times: float, at: Path, supposed: _Supposed | None
    ) -> _Number:
        """A quantity of a design; unknown where only other designs have it."""
        if design is None:
            mark = self.loaded.document.mark(at)
            raise InputError.at(mark, f"which design's {quoted(name)}?", "add `design: ...`")
        unit = self.unit(name, (*at, "quantity"))
        other = supposed if supposed and supposed.design == design else None
        computed = other.computed if other else self.designs[design]
        cell = computed.cell(name)
        found = Range(None, None, None) if cell is None else computed.columns.range_of(cell.value)
        scaled = Range(*(None if item is None else item * times for item in found))
        factor = "" if times == 1.0 else f"{times:g} x "
        what_if = f" with {other.told}" if other else ""
        return _Number(scaled, unit, f"{factor}{name} of {design}{what_if}")

    def unit(self, name: str, at: Path) -> str:
        """The unit of a quantity that any of the designs has, money in the scenario's currency.

        Raises
        ------
        InputError
            When none has it.
        """
        if name not in self._units:
            message = f"unknown quantity {quoted(name)}"
            mark = self.loaded.document.mark(at)
            raise InputError.at(mark, message, did_you_mean(name, self._units))
        return self._units[name].replace("money", self.loaded.scenario.currency)

    @cached_property
    def _units(self) -> dict[str, str]:
        """Units of the quantities that are a single number, in any of the designs."""
        found = dict(QUANTITIES)
        for computed in self.designs.values():
            found |= computed.units()
        return found

    def _target(
        self,
        target: str | float | Reference,
        unit: str,
        design: str | None,
        at: Path,
        supposed: _Supposed | None,
    ) -> _Number:
        if isinstance(target, Reference):
            named = target.design or design
            return self._quantity(named, target.quantity, target.times, at, supposed)
        return _Number(Range(self.number(target, unit, at), None, None), unit, "")

    def number(self, target: str | float, unit: str, at: Path) -> float:
        """A value as it is written, in a unit; a plain number counts things.

        Raises
        ------
        InputError
            When it is in another unit.
        """
        if isinstance(target, int | float) and unit in COUNTS:
            return float(target)
        try:
            return quantity(target, unit)
        except UnitError as error:
            mark = self.loaded.document.mark(at)
            raise InputError.at(mark, error.message, error.remedy) from None


def _compare(side: str, left: Range, right: Range, within: float) -> bool | None:
    if side == "at_least":
        return _not_below(left, right)
    if side == "at_most":
        return _not_below(right, left)
    if left.value is None or right.value is None:
        return None
    return abs(left.value - right.value) <= within * abs(right.value)


def _not_below(upper: Range, lower: Range) -> bool | None:
    """Whether one number is no less than another, as far as bounds can tell."""
    if upper.value is not None and lower.value is not None:
        return upper.value >= lower.value * (1.0 - 1e-9)
    least = upper.low if upper.value is None else upper.value
    most = lower.high if lower.value is None else lower.value
    if least is not None and most is not None and least >= most:
        return True
    highest = upper.high if upper.value is None else upper.value
    lowest = lower.low if lower.value is None else lower.value
    if highest is not None and lowest is not None and highest < lowest:
        return False
    return None


RELATIONS = {
    "at_least": {True: "at least", False: "below", None: "against at least"},
    "at_most": {True: "at most", False: "above", None: "against at most"},
    "about": {True: "about", False: "not about", None: "against about"},
}


def _sentence(left: _Number, right: _Number, side: str, passed: bool | None, check: Check) -> str:
    value, limit = spell(left.range, left.unit), spell(right.range, right.unit)
    of = f" ({right.text})" if right.text else ""
    target = f"{RELATIONS[side][passed]} {limit}{of}"
    if passed is None and right.text and right.range.value is None:
        target = f"to be {side.replace('_', ' ')} {right.text}, which is {limit}"
    sentence = f"{left.text} is {value}, {target}"
    return f"{sentence} ({check.note})" if check.note else sentence


def spell(value: Range, unit: str) -> str:
    """A number for people; a bound where the number itself is unknown."""
    if value.value is None and value.low is not None:
        return f"at least {format_quantity(value.low, unit)}"
    if value.value is None and value.high is not None:
        return f"at most {format_quantity(value.high, unit)}"
    return format_quantity(value.value, unit)


def _sentences(outcomes: list[Outcome]) -> str:
    return "; ".join(outcome.because for outcome in outcomes)
