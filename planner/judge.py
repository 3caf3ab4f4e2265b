"""Requirements and claims held against the computed quantities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.compute import Computed
from planner.faults import InputError, Mark
from planner.ranges import Range
from planner.scenario import Check, Claim, Loaded, Reference, Requirement
from planner.sheet import Cell
from planner.units import UnitError, format_quantity, quantity
from planner.wording import did_you_mean

COUNTS = ("1", "vm", "vcpu", "node", "core", "thread", "port", "part")
SIDES = ("at_least", "at_most", "about")


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
class Judge:
    """Holds checks against the designs of a scenario."""

    loaded: Loaded
    designs: Mapping[str, Computed]

    def requirement(self, index: int, item: Requirement, design: str) -> Outcome:
        """Whether a design meets a requirement."""
        return self._outcome(item, ("requirements", index), design)

    def claim(self, index: int, claim: Claim) -> tuple[str, str]:
        """Verdict on a claim, and the numbers that led to it."""
        at = ("claims", index)
        must = [self._outcome(c, (*at, "holds_if", i), None) for i, c in enumerate(claim.holds_if)]
        may = [self._outcome(c, (*at, "limits", i), None) for i, c in enumerate(claim.limits)]
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

    def _outcome(self, check: Check, at: tuple[str | int, ...], design: str | None) -> Outcome:
        mark = self.loaded.document.mark(at)
        left = self._quantity(check.design or design, check.quantity, 1.0, mark)
        sides = [side for side in SIDES if getattr(check, side) is not None]
        if len(sides) != 1:
            remedy = "write one of at_least, at_most, about"
            raise InputError.at(mark, "a check needs exactly one comparison", remedy)
        side = sides[0]
        target_mark = self.loaded.document.mark((*at, side))
        right = self._target(getattr(check, side), left.unit, check.design or design, target_mark)
        if right.unit != left.unit:
            message = f"{check.quantity} is in {left.unit}, but it is compared in {right.unit}"
            raise InputError.at(target_mark, message, "compare quantities of one unit")
        passed = _compare(side, left.range, right.range, check.within)
        return Outcome(passed, _sentence(left, right, side, passed, check))

    def _quantity(self, design: str | None, name: str, times: float, mark: Mark) -> _Number:
        if design is None:
            raise InputError.at(mark, f"which design's {name}?", "add `design: ...`")
        if design not in self.designs:
            remedy = did_you_mean(design, self.designs)
            raise InputError.at(mark, f"unknown design `{design}`", remedy)
        computed = self.designs[design]
        cell = find_cell(computed, name, mark)
        low_high = computed.columns.range_of(cell.value)
        scaled = Range(*(None if item is None else item * times for item in low_high))
        factor = "" if times == 1.0 else f"{times:g} x "
        unit = cell.unit.replace("money", self.loaded.scenario.currency)
        return _Number(scaled, unit, f"{factor}{name} of {design}")

    def _target(
        self, target: str | float | Reference, unit: str, design: str | None, mark: Mark
    ) -> _Number:
        if isinstance(target, Reference):
            return self._quantity(target.design or design, target.quantity, target.times, mark)
        if isinstance(target, int | float) and unit in COUNTS:
            value = float(target)
        else:
            try:
                value = quantity(target, unit)
            except UnitError as error:
                raise InputError.at(mark, error.message, error.remedy) from None
        return _Number(Range(value, None, None), unit, "")


def find_cell(computed: Computed, name: str, mark: Mark) -> Cell:
    """A quantity of a design that is a single number.

    Raises
    ------
    InputError
        When the design has none of that name.
    """
    cells = {key: cell for key, cell in computed.cells().items() if cell.value.ndim == 1}
    if name not in cells:
        remedy = did_you_mean(name, cells)
        message = f"`{computed.plan.id}` has no quantity `{name}`"
        raise InputError.at(mark, message, remedy)
    return cells[name]


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
    of = f" ({right.text})" if right.text else ""
    target = f"{RELATIONS[side][passed]} {spell(right.range, right.unit)}{of}"
    sentence = f"{left.text} is {spell(left.range, left.unit)}, {target}"
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
