"""What scenario and catalog files have in common: strict models, facts, and clear faults."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from planner.facts import Basis, Bound, Fact, Trait
from planner.faults import Fault, InputError, Mark
from planner.strict_yaml import Document
from planner.units import CURRENCIES, UnitError, quantity
from planner.wording import did_you_mean

ModelT = TypeVar("ModelT", bound=BaseModel)
Path = tuple[str | int, ...]

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
UNKNOWN = "unknown"
MONEY = "money"

_FACT_KEYS = ("value", "low", "high", "bound", "basis", "source", "note", "reason")
_STATED = tuple(basis.value for basis in Basis if basis is not Basis.GIVEN)


class Strict(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
        defer_build=True,
        strict=True,
    )


def _fault(message: str, remedy: str = "", inner: str = "") -> PydanticCustomError:
    context = {"message": message, "remedy": remedy, "inner": inner}
    return PydanticCustomError("fact", "{message}", context)


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

    def __call__(self, raw: Any) -> Fact | None:
        """The fact, still without a name and a place."""
        if raw is None or isinstance(raw, Fact):
            return raw
        if not isinstance(raw, Mapping):
            value, unit = self._number(raw, "")
            return Fact("", value, unit, Basis.GIVEN)
        return self._mapping(raw)

    def _mapping(self, raw: Mapping[str, Any]) -> Fact:
        for key in raw:
            if key not in _FACT_KEYS:
                raise _fault(f"unknown key {key!r}", did_you_mean(key, _FACT_KEYS), key)
        if "value" not in raw:
            raise _fault("a fact needs its `value`", "write `value: ...` (or `value: unknown`)")
        value, unit = self._number(raw["value"], "value")
        low = self._end(raw, "low", unit)
        high = self._end(raw, "high", unit)
        _check_order(low, value, high)
        return Fact(
            name="",
            value=value,
            unit=unit,
            basis=Basis(_choice(raw, "basis", _STATED, Basis.ASSUMPTION)),
            source=_text(raw, "source"),
            low=low,
            high=high,
            bound=Bound(_choice(raw, "bound", tuple(Bound), "")) if "bound" in raw else None,
            note="; ".join(filter(None, (_text(raw, "note"), _text(raw, "reason")))),
        )

    def _end(self, raw: Mapping[str, Any], key: str, unit: str) -> float | None:
        if raw.get(key) is None:
            return None
        value, end_unit = self._number(raw[key], key)
        if end_unit != unit:
            raise _fault(f"`{key}` is in {end_unit}, the value in {unit}", "use one unit", key)
        return value

    def _number(self, raw: Any, inner: str) -> tuple[float | None, str]:
        if raw == UNKNOWN:
            return None, self.unit
        unit = self._unit(raw)
        if isinstance(raw, bool):
            raise _fault(f"expected a value in {unit}, got {str(raw).lower()}", "", inner)
        try:
            value = float(raw) if self._counted(raw) else quantity(raw, unit)
        except UnitError as error:
            raise _fault(error.message, error.remedy, inner) from None
        except (TypeError, OverflowError):
            kind = "a list" if isinstance(raw, list) else type(raw).__name__
            raise _fault(f"expected a value in {unit}, got {kind}", "", inner) from None
        if not self.least <= value <= self.most:
            raise _fault(f"{raw} is out of range", self._range(unit), inner)
        if self.whole and value != round(value):
            raise _fault(f"{raw} is not a whole number", "write a whole number", inner)
        return value, unit

    def _counted(self, raw: Any) -> bool:
        return self.whole and isinstance(raw, int | float)

    def _unit(self, raw: Any) -> str:
        if MONEY not in self.unit:
            return self.unit
        written = re.findall(r"[A-Z]{3}", raw) if isinstance(raw, str) else []
        currency = next((code for code in written if code in CURRENCIES), None)
        if currency is None:
            remedy = f"write it with its currency, as in `10 {self.unit.replace(MONEY, 'AUD')}`"
            raise _fault(f"{_shown(raw)} names no currency", remedy)
        return self.unit.replace(MONEY, currency)

    def _range(self, unit: str) -> str:
        upper = "" if math.isinf(self.most) else f" and at most {self.most:g} {unit}"
        return f"write at least {self.least:g} {unit}{upper}"


def _check_order(low: float | None, value: float | None, high: float | None) -> None:
    known = [(end, name) for end, name in ((low, "low"), (high, "high")) if end is not None]
    for end, name in known:
        if value is None:
            raise _fault(f"`{name}` without a value", "give the most likely value too", name)
        if (end > value) if name == "low" else (end < value):
            message = f"`{name}` lies on the wrong side of the value"
            raise _fault(message, "write low <= value <= high", name)


def _text(raw: Mapping[str, Any], key: str) -> str:
    text = raw.get(key, "")
    if not isinstance(text, str):
        raise _fault(f"`{key}` must be a text", "put it in quotes", key)
    return " ".join(text.split())


def _choice(raw: Mapping[str, Any], key: str, allowed: Iterable[str], default: str) -> str:
    text = raw.get(key, default)
    choices = list(allowed)
    if text not in choices:
        message = f"`{key}` is {text!r}"
        raise _fault(message, "write one of " + ", ".join(choices), key)
    return str(text)


def measure(unit: str, least: float = 0.0, most: float = math.inf) -> BeforeValidator:
    """Marks a field as a fact in the given unit, within plausible limits."""
    return BeforeValidator(FactReader(unit, least, most))


def count(unit: str, least: float = 0.0, most: float = 1e6) -> BeforeValidator:
    """Marks a field as a fact that counts things; a plain number will do."""
    return BeforeValidator(FactReader(unit, least, most, whole=True))


def series(unit: str, length: int, least: float, most: float) -> BeforeValidator:
    """Marks a field as a row of facts that share their evidence."""
    reader = FactReader(unit, least, most)

    def read(raw: Any) -> list[Fact | None]:
        if isinstance(raw, list) and all(isinstance(item, Fact) for item in raw):
            return raw
        if not isinstance(raw, Mapping) or not isinstance(raw.get("value"), list):
            raise _fault("expected a row of numbers", "write {value: [...], basis, source}")
        if len(raw["value"]) != length:
            got = len(raw["value"])
            raise _fault(f"expected {length} numbers, got {got}", "", "value")
        return [reader({**raw, "value": value}) for value in raw["value"]]

    return BeforeValidator(read)


def read_trait(raw: Any) -> Trait | None:
    """A property in words, from a text or from a mapping with basis and source."""
    if raw is None or isinstance(raw, Trait):
        return raw
    if isinstance(raw, str):
        return Trait("", raw, Basis.GIVEN)
    if not isinstance(raw, Mapping):
        raise _fault(f"expected a text, got {raw!r}", "put it in quotes")
    for key in raw:
        if key not in ("value", "basis", "source", "note"):
            raise _fault(f"unknown key {key!r}", did_you_mean(key, _FACT_KEYS), key)
    if "value" not in raw:
        raise _fault("a trait needs its `value`", "write `value: ...`")
    basis = Basis(_choice(raw, "basis", _STATED, Basis.ASSUMPTION))
    return Trait("", _text(raw, "value"), basis, _text(raw, "source"), _text(raw, "note"))


trait = BeforeValidator(read_trait)


def validate(model: type[ModelT], data: Any, document: Document, at: Path = ()) -> ModelT:
    """Check data against a model; its facts get names and places.

    Raises
    ------
    InputError
        With every fault, each with its place in the document.
    """
    try:
        checked = model.model_validate(data)
    except ValidationError as error:
        raise InputError(_faults(error, model, document, at)) from None
    return located(checked, document, at)


def _faults(
    error: ValidationError, model: type[BaseModel], document: Document, at: Path
) -> list[Fault]:
    return [_one_fault(dict(item), model, document, at) for item in error.errors()]


def _one_fault(item: dict[str, Any], model: type[BaseModel], document: Document, at: Path) -> Fault:
    loc = _written(tuple(item["loc"]), document, at)
    context = item.get("ctx", {})
    inner = (context["inner"],) if context.get("inner") else ()
    path = at + loc + inner
    label = ".".join(str(step) for step in loc)
    if item["type"] == "extra_forbidden":
        remedy = did_you_mean(str(loc[-1]), _known_keys(model, loc[:-1]))
        return Fault(document.key_mark(path), f"{label}: unknown key `{loc[-1]}`", remedy)
    if item["type"] == "missing":
        where = document.mark(path[:-1])
        return Fault(where, f"{label}: `{loc[-1]}` is missing", f"add `{loc[-1]}: ...`")
    prefix = f"{label}: " if label else ""
    message, remedy = _in_words(item)
    return Fault(document.mark(path), prefix + message, remedy)


def _written(loc: Path, document: Document, at: Path) -> Path:
    """The part of a validator's path that stands in the document; the rest names its own types."""
    length = next((n for n in range(len(loc), 0, -1) if at + loc[:n] in document.marks), 0)
    return loc[: max(length, 1)] if length < len(loc) - 1 else loc


def _in_words(item: dict[str, Any]) -> tuple[str, str]:
    context = item.get("ctx", {})
    if "message" in context:
        return context["message"], context.get("remedy", "")
    got = _shown(item.get("input"))
    words = {
        "int_type": f"expected a whole number, got {got}",
        "int_from_float": f"expected a whole number, got {got}",
        "float_type": f"expected a number, got {got}",
        "string_type": f"expected a text, got {got}",
        "bool_type": f"expected true or false, got {got}",
        "dict_type": f"expected a mapping, got {got}",
        "model_type": f"expected a mapping, got {got}",
        "list_type": f"expected a list, got {got}",
        "finite_number": f"expected a finite number, got {got}",
        "string_pattern_mismatch": f"{got} is not a name: letters, digits, `-` and `_`, at most 64",
        "literal_error": f"expected {context.get('expected')}, got {got}",
    }
    message = words.get(item["type"])
    if message is None:
        message = f"{item['msg'][:1].lower()}{item['msg'][1:]}, got {got}"
    return message, "put it in quotes" if item["type"] == "string_type" else ""


def _shown(raw: Any) -> str:
    if isinstance(raw, Mapping):
        return "a mapping"
    if isinstance(raw, list):
        return "a list"
    text = {True: "true", False: "false", None: "nothing"}.get(raw, repr(raw))
    return text if len(text) <= 60 else text[:57] + "..."


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Keys that a mapping at a path below a model may have."""
    current: Any = model
    for step in path:
        fields = getattr(current, "model_fields", None)
        if fields is not None and step in fields:
            current = _inner_model(fields[step].annotation)
    return list(getattr(current, "model_fields", {}))


def _inner_model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, (_inner_model(item) for item in get_args(annotation))), None)


def located(model: ModelT, document: Document, at: Path = ()) -> ModelT:
    """The same model with each fact named after its path and marked with its place."""
    return cast(ModelT, _relabel(model, lambda path: document.mark(at + path), ()))


def _relabel(value: Any, mark: Callable[[Path], Mark], path: Path) -> Any:
    if isinstance(value, Fact | Trait):
        return replace(value, name=".".join(map(str, path)), mark=mark(path))
    if isinstance(value, BaseModel):
        fields = {key: getattr(value, key) for key in value.model_fields_set}
        changed = {key: _relabel(item, mark, (*path, key)) for key, item in fields.items()}
        return value.model_copy(update=changed)
    if isinstance(value, dict):
        return {key: _relabel(item, mark, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_relabel(item, mark, (*path, i)) for i, item in enumerate(value)]
    return value
