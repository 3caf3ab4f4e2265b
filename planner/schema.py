"""What scenario and catalog files have in common: strict models, and faults in plain words.

Modules that only define models do not postpone their annotations: pydantic would have to compile
each of them from its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, ParamSpec, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from planner.facts import Fact, Trait
from planner.faults import Fault, InputError, Mark
from planner.fields import shown, unknown_key
from planner.strict_yaml import Document
from planner.text_file import printable
from planner.wording import quoted

P = ParamSpec("P")
T = TypeVar("T")
ModelT = TypeVar("ModelT", bound=BaseModel)
Path = tuple[str | int, ...]

MOST_FAULTS = 200

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Title = Annotated[str, Field(max_length=200)]


class Strict(BaseModel):
    """A mapping whose keys are all known; an optional key without a value counts as left out."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        defer_build=True,
        strict=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _leave_out(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        optional = {key for key, field in cls.model_fields.items() if not field.is_required()}
        return {key: item for key, item in raw.items() if item is not None or key not in optional}


def is_name(text: str) -> bool:
    """Whether a text may be a name."""
    return re.match(NAME_PATTERN, text) is not None


def attempt(
    faults: list[Fault], function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """What a function returns; nothing where an input is at fault, which is noted."""
    try:
        return function(*args, **kwargs)
    except InputError as error:
        faults += error.faults
        return None


def where_named(faults: Iterable[Fault], places: Mapping[str, Mark]) -> Iterator[Fault]:
    """Faults of a whole file moved to the place where the file is named."""
    names = {printable(name): name for name in places}
    for fault in faults:
        name = None if fault.mark.line else names.get(fault.mark.file)
        if name is None:
            yield fault
        else:
            message = f"cannot use {quoted(name)}: {fault.message}"
            yield Fault(places[name], message, fault.remedy)


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
        found = error.errors(include_url=False)[:MOST_FAULTS]
        faults = [_fault_of(dict(item), model, document, at) for item in found]
        raise InputError(_each_once(faults)) from None
    return cast(ModelT, _located(checked, lambda path: document.mark(at + path), ()))


def _each_once(faults: Iterable[Fault]) -> Iterable[Fault]:
    """The faults without those that only repeat one in what was written once and used twice."""
    first: dict[tuple[Mark, str, str], Fault] = {}
    for fault in faults:
        bare = fault.message.rpartition(": ")[2]
        first.setdefault((fault.mark, bare, fault.remedy), fault)
    return first.values()


def _fault_of(item: dict[str, Any], model: type[BaseModel], document: Document, at: Path) -> Fault:
    kind, path, context = item["type"], tuple(item["loc"]), item.get("ctx", {})
    if kind == "missing":
        return _missing(path, document, at)
    if kind == "extra_forbidden":
        context = unknown_key(str(path[-1]), _known_keys(model, path[:-1])).context or {}
    of_key = kind in ("extra_forbidden", "unknown_key")
    if path[-1:] == ("[key]",) and at + path not in document.key_marks:
        of_key, path = True, path[:-1]
    mark = document.key_mark(at + path) if of_key else document.mark(at + path)
    if "message" in context:
        message, remedy = context["message"], context["remedy"]
    else:
        message, remedy = in_words(kind, context, item["input"])
    return Fault(mark, _labelled(path[:-1] if of_key else path, message), remedy)


def _missing(path: Path, document: Document, at: Path) -> Fault:
    """A key that is missing is missed where its mapping begins."""
    around = document.mark(at + path[:-1])
    mark = around if around.line else Mark(around.file, 1, 1)
    message = _labelled(path[:-1], f"`{path[-1]}` is missing")
    return Fault(mark, message, f"add `{path[-1]}: ...`")


def _labelled(path: Path, message: str) -> str:
    """The message after the path of what it is about.

    Examples
    --------
    >>> _labelled(("claims", 0, "text"), "expected a text")
    'claims[0].text: expected a text'
    """
    steps = (f"[{step}]" if isinstance(step, int) else "." + step[:64] for step in path)
    label = "".join(steps).removeprefix(".")
    return f"{label}: {message}" if label else message


def in_words(kind: str, context: dict[str, Any], raw: Any) -> tuple[str, str]:
    """What an error of a validator means, and what to write instead."""
    got, limit = shown(raw), next(iter(context.values()), "")
    limit = f"{limit:g}" if isinstance(limit, float) else limit
    words = {
        "int_type": (f"expected a whole number, got {got}", "write digits only"),
        "int_from_float": (f"expected a whole number, got {got}", "write digits only"),
        "float_type": (f"expected a number, got {got}", "write digits only"),
        "string_type": (f"expected a text, got {got}", "put it in quotes"),
        "bool_type": (f"expected true or false, got {got}", "write `true` or `false`"),
        "dict_type": (f"expected a mapping, got {got}", "write `key: value` lines below it"),
        "model_type": (f"expected a mapping, got {got}", "write `key: value` lines below it"),
        "list_type": (f"expected a list, got {got}", "write `[...]`, or lines with `- `"),
        "literal_error": (f"{got} is not known here", "write " + str(limit).replace("'", "`")),
        "string_pattern_mismatch": (
            f"{got} is not a name",
            "write up to 64 letters, digits, `-` and `_`, a letter or digit first",
        ),
        "string_too_long": (f"the text is longer than {limit} characters", "shorten it"),
        "too_long": (f"more than {context.get('max_length')} entries", "leave some out"),
        "too_short": ("nothing is listed here", "write at least one entry"),
        "greater_than": (f"{got} is out of range", f"write more than {limit}"),
        "greater_than_equal": (f"{got} is out of range", f"write at least {limit}"),
        "less_than_equal": (f"{got} is out of range", f"write at most {limit}"),
    }
    return words.get(kind, (f"{got} cannot be used here", ""))


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Keys that a mapping at a path below a model may have."""
    found = _model_at(model, path)
    return list(found.model_fields) if found else []


def _model_at(annotation: Any, path: Path) -> type[BaseModel] | None:
    """The model at a path below a type: a model, a collection or a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not path:
            return annotation
        field = annotation.model_fields.get(str(path[0]))
        return _model_at(field.annotation, path[1:]) if field else None
    inner = path[1:] if get_origin(annotation) in (dict, list) else path
    found = (_model_at(argument, inner) for argument in get_args(annotation))
    return next(filter(None, found), None)


def _located(value: Any, mark: Callable[[Path], Mark], path: Path) -> Any:
    """The same value with each fact named after its path and marked with its place."""
    if isinstance(value, Fact | Trait):
        return replace(value, name=".".join(map(str, path)), mark=mark(path))
    if isinstance(value, BaseModel):
        fields = {key: getattr(value, key) for key in value.model_fields_set}
        changed = {key: _located(item, mark, (*path, key)) for key, item in fields.items()}
        return value.model_copy(update=changed)
    if isinstance(value, dict):
        return {key: _located(item, mark, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_located(item, mark, (*path, i)) for i, item in enumerate(value)]
    return value
