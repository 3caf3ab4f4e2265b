"""How facts are written in files: as ``35 W``, or as a mapping with value, range and source."""

from __future__ import annotations

import contextlib
import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import AfterValidator, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema

from planner.facts import Basis, Bound, Fact, Trait
from planner.units import CURRENCIES, UnitError, quantity
from planner.wording import did_you_mean, quoted

T = TypeVar("T")
Number = tuple[float | None, str]

UNKNOWN = "unknown"
MONEY = "money"

_TRAIT_KEYS = ("value", "basis", "source", "note")
_FACT_KEYS = (*_TRAIT_KEYS, "low", "high", "bound", "reason", "date")
STATED = tuple(basis.value for basis in Basis if basis is not Basis.GIVEN)


def fault(message: str, remedy: str = "", kind: str = "fault") -> PydanticCustomError:
    """What a validator raises when a value cannot be used."""
    return PydanticCustomError(kind, "{message}", {"message": message, "remedy": remedy})


def unknown_key(key: str, known: Iterable[str]) -> PydanticCustomError:
    """The fault of a key that a mapping may not have."""
    return fault(f"unknown key {quoted(key)}", did_you_mean(key, known), "unknown_key")


def raise_below(faults: Mapping[tuple[str | int, ...], PydanticCustomError]) -> None:
    """Raise the faults, if there are any, of what stands below a value."""
    if faults:
        details = [
            InitErrorDetails(type=wrong, loc=below, input=None) for below, wrong in faults.items()
        ]
        raise ValidationError.from_exception_data("value", details)


@dataclass(frozen=True)
class Read:
    """Marks a field whose value a function makes of whatever is written there."""

    func: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, _: Any) -> core_schema.CoreSchema:
        """What the function returns is not looked at again."""
        found: core_schema.CoreSchema = core_schema.any_schema()
        if type(None) in get_args(source):
            found = core_schema.nullable_schema(found)
        return core_schema.no_info_before_validator_function(self.func, found)


def shown(raw: Any) -> str:
    """A value as it is shown in a message.

    Examples
    --------
    >>> shown(True), shown(1), shown("35 W"), shown(None), shown([1])
    ('true', '1', '`35 W`', 'nothing', 'a list')
    """
    if isinstance(raw, Mapping):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    if isinstance(raw, bool):
        return str(raw).lower()
    return "nothing" if raw is None else quoted(raw) if isinstance(raw, str) else str(raw)


class _Keys:
    """The entries of a mapping, read one by one; every fault is kept until all are read."""

    def __init__(self, raw: Mapping[str, Any], known: tuple[str, ...]) -> None:
        self._raw = raw
        self.faults: dict[tuple[str | int, ...], PydanticCustomError] = {
            (key,): unknown_key(key, known) for key in raw if key not in known
        }

    def read(self, read: Callable[[Any], T], raw: Any, default: T, *below: str | int) -> T:
        """What stands below; the default where it is left out or wrong."""
        if raw is None:
            return default
        try:
            return read(raw)
        except PydanticCustomError as wrong:
            self.faults[below] = wrong
            return default

    def take(self, key: str, read: Callable[[Any], T], default: T) -> T:
        """The value of a key; the default where it is left out or wrong."""
        return self.read(read, self._raw.get(key), default, key)

    def evidence(self) -> tuple[Basis, str, str]:
        """Basis, source and note."""
        notes = (self.take(key, _text, "") for key in ("note", "reason"))
        basis = self.take("basis", _basis, Basis.ASSUMPTION)
        return basis, self.take("source", _text, ""), "; ".join(filter(None, notes))

    def needed(self, what: str, remedy: str) -> None:
        """Keep the fault of a mapping without a value."""
        if self._raw.get("value") is None:
            self.faults[()] = fault(f"{what} needs its `value`", remedy)


@dataclass(frozen=True)
class FactReader:
    """Reads a fact in a given unit from ``35 W`` or from a mapping with basis, source and range.

    ``money`` in the unit stands for any currency; the fact then bears the currency it was
    written in. A plain text is a decision of the person who wrote it; a mapping says more.
    """

    unit: str
    least: float = 0.0
    most: float = math.inf
    whole: bool = False
    decided: bool = False

    def __call__(self, raw: Any) -> Fact:
        """The fact, still without a name and a place."""
        if isinstance(raw, Fact):
            return raw
        if isinstance(raw, Mapping):
            return self._mapping(raw)
        value, unit = self.number(raw)
        return Fact("", value, unit, Basis.GIVEN)

    def _mapping(self, raw: Mapping[str, Any]) -> Fact:
        keys = _Keys(raw, _FACT_KEYS)
        keys.needed("a fact", "write `value: ...` (or `value: unknown`)")
        nothing: Number = (None, "")
        value, unit = keys.take("value", self.number, nothing)
        end = self._end("" if value is None else unit)
        low, high = keys.take("low", end, None), keys.take("high", end, None)
        basis, source, note = keys.evidence()
        bound = keys.take("bound", _bound, None)
        date = keys.take("date", _date, "")
        if not keys.faults:
            keys.read(lambda low: _check_order(low, value), low, None, "low")
            keys.read(lambda high: _check_order(value, high), high, None, "high")
        raise_below(keys.faults)
        return Fact("", value, unit, basis, source, low, high, bound, note, date=date)

    def _end(self, unit: str) -> Callable[[Any], float | None]:
        """Reads an end of the range, which has the unit of the value."""

        def read(raw: Any) -> float | None:
            value, own = self.number(raw)
            if unit and own != unit:
                raise fault(f"this is in {own}, but the value is in {unit}", "use one unit")
            return value

        return read

    def number(self, raw: Any) -> Number:
        """The number and its unit; no number where it is unknown."""
        if raw == UNKNOWN and not self.decided:
            return None, self.unit
        if raw is None or isinstance(raw, bool | list | Mapping):
            raise fault(f"expected a number, got {shown(raw)}", self._pattern())
        unit = self._unit(raw)
        try:
            value = float(raw) if self._counted(raw) else quantity(raw, unit)
        except UnitError as error:
            raise fault(error.message, error.remedy) from None
        if not self.least <= value <= self.most:
            raise fault(f"{shown(raw)} is out of range", self._range(unit))
        if self.whole and value != round(value):
            raise fault(f"{shown(raw)} is not a whole number", "write a whole number")
        return value, unit

    def _counted(self, raw: Any) -> bool:
        return self.whole and isinstance(raw, int | float)

    def _unit(self, raw: Any) -> str:
        """The unit, with the currency that is written."""
        if MONEY not in self.unit:
            return self.unit
        written = re.findall(r"[A-Z]{3}", raw) if isinstance(raw, str) else []
        currency = next((code for code in written if code in CURRENCIES), None)
        if currency is None:
            raise fault(f"{shown(raw)} names no currency", self._pattern())
        return self.unit.replace(MONEY, currency)

    def _pattern(self) -> str:
        unit = "" if self.unit == "1" else f" {self.unit.replace(MONEY, 'AUD')}"
        return "write a whole number" if self.whole else f"write it like `10{unit}`"

    def _range(self, unit: str) -> str:
        of = "" if unit == "1" else f" {unit}"
        if math.isinf(self.most):
            return f"write at least {self.least:,.12g}{of}"
        return f"write {self.least:,.12g} to {self.most:,.12g}{of}"


def _check_order(lower: float | None, upper: float | None) -> None:
    if lower is None or upper is None:
        raise fault("the end of a range without a value", "give the most likely value too")
    if lower > upper:
        raise fault("this lies on the wrong side of the value", "write low <= value <= high")


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise fault(f"expected a text, got {shown(raw)}", "put it in quotes")
    return " ".join(raw.split())


def _date(raw: Any) -> str:
    """A day, a month or a year, as ISO 8601 writes it."""
    text = str(raw) if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        with contextlib.suppress(ValueError):
            datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
            return text
    raise fault(f"expected a date, got {shown(raw)}", "write it like `2013-05-27` or `2013-05`")


def _choice(raw: Any, allowed: Iterable[str]) -> str:
    choices = list(allowed)
    if raw not in choices:
        raise fault(f"{shown(raw)} is not known here", "write one of " + ", ".join(choices))
    return str(raw)


def _basis(raw: Any) -> Basis:
    return Basis(_choice(raw, STATED))


def _bound(raw: Any) -> Bound | None:
    return Bound(_choice(raw, list(Bound)))


def read_rate(raw: Any) -> Fact:
    """What one unit of a currency costs in another, ``1.03 AUD/USD``, with its date and source."""
    if isinstance(raw, Fact):
        return raw
    remedy = "write {value: 1.03 AUD/USD, date: 2013-05-27, source: ...}"
    if not isinstance(raw, Mapping):
        raise fault(f"expected a rate with its date and source, got {shown(raw)}", remedy)
    written = raw.get("value")
    codes = re.findall(r"[A-Z]{3}", written) if isinstance(written, str) else []
    if len(codes) != 2 or not set(codes) <= set(CURRENCIES) or codes[0] == codes[1]:
        raise_below({("value",): fault(f"{shown(written)} is no rate of exchange", remedy)})
    rate = FactReader("/".join(codes), 1e-9, 1e9, decided=True)(raw)
    for key, value in (("date", rate.date), ("source", rate.source)):
        if not value:
            raise fault(f"a rate of exchange needs its `{key}`", remedy)
    return rate


exchange_rate = Read(read_rate)


def measure(
    unit: str, least: float = 0.0, most: float = math.inf, *, decided: bool = False
) -> Read:
    """Marks a field as a fact in the given unit, within plausible limits.

    What is ``decided`` by whoever writes it cannot be unknown.
    """
    return Read(FactReader(unit, least, most, decided=decided))


def count(unit: str, least: float = 0.0, most: float = 1e6, *, decided: bool = False) -> Read:
    """Marks a field as a fact that counts things, as `measure` does; a plain number will do."""
    return Read(FactReader(unit, least, most, whole=True, decided=decided))


@dataclass(frozen=True)
class SeriesReader:
    """Reads a row of facts that share their evidence."""

    reader: FactReader
    length: int

    def __call__(self, raw: Any) -> list[Fact]:
        """The facts, still without names and places."""
        if isinstance(raw, list) and raw and all(isinstance(item, Fact) for item in raw):
            return raw
        numbers = raw.get("value") if isinstance(raw, Mapping) else None
        if not isinstance(numbers, list) or len(numbers) != self.length:
            remedy = "write {value: [...], basis: ..., source: ...}"
            raise fault(f"expected a row of {self.length} numbers", remedy)
        keys = _Keys(raw, _TRAIT_KEYS)
        basis, source, note = keys.evidence()
        facts = []
        unknown: Number = (None, self.reader.unit)
        for index, number in enumerate(numbers):
            value, own = keys.read(self.reader.number, number, unknown, "value", index)
            facts.append(Fact("", value, own, basis, source, note=note))
        raise_below(keys.faults)
        return facts


def series(unit: str, length: int, least: float, most: float) -> Read:
    """Marks a field as a row of facts that share their evidence."""
    return Read(SeriesReader(FactReader(unit, least, most), length))


def read_trait(raw: Any) -> Trait:
    """A property in words, from a text or from a mapping with basis and source."""
    if isinstance(raw, Trait):
        return raw
    if not isinstance(raw, Mapping):
        return Trait("", _text(raw), Basis.GIVEN)
    keys = _Keys(raw, (*_TRAIT_KEYS, "reason"))
    keys.needed("a property", "write `value: ...`")
    text = keys.take("value", _text, "")
    basis, source, note = keys.evidence()
    raise_below(keys.faults)
    return Trait("", text, basis, source, note)


trait = Read(read_trait)


def worded(read: Callable[[str], object]) -> AfterValidator:
    """Marks a property in words that has a fixed form; ``read`` raises ValueError on another."""

    def check(known: Trait | None) -> Trait | None:
        if known is not None:
            try:
                read(known.text)
            except ValueError as error:
                message, _, remedy = str(error).partition("; ")
                raise fault(message, remedy) from None
        return known

    return AfterValidator(check)
