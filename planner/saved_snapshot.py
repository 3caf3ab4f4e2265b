"""A snapshot read back from its JSON, which anybody may have written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner.faults import Fault, InputError, Mark
from planner.schema import in_words
from planner.snapshot import SCHEMA, Snapshot
from planner.text_file import decode, printable, read_bytes
from planner.wording import quoted

MOST_BYTES = 64 * 1024 * 1024
MOST_FAULTS = 50

Text = Annotated[str, Field(max_length=100_000)]
Figure = float | None


class _Loose(BaseModel):
    """A mapping of which only some keys matter here."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


class _Number(_Loose):
    value: Figure
    low: Figure
    high: Figure
    unit: Text


class _Input(_Number):
    basis: Text
    source: Text


class _Finding(_Loose):
    code: Text
    severity: Text
    message: Text
    subject: Text = ""


class _Requirement(_Loose):
    text: Text
    met: bool | None


class _Design(_Loose):
    id: Text
    title: Text
    quantities: dict[Text, _Number]
    findings: list[_Finding]
    requirements: list[_Requirement]


class _Claim(_Loose):
    id: Text
    verdict: Text


class _Scenario(_Loose):
    name: Text
    title: Text
    currency: Text
    sha256: Text


class _Recommendation(_Loose):
    design: Text | None = None


class _Saved(_Loose):
    planner: Text
    scenario: _Scenario
    inputs: dict[Text, _Input]
    designs: list[_Design]
    claims: list[_Claim]
    recommendation: _Recommendation = _Recommendation()


def load_snapshot(path: Path, name: str) -> Snapshot:
    """A snapshot as ``planner compare --format json`` prints it.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        How it is called in messages.

    Returns
    -------
    Snapshot
        What a comparison needs of it; all else is left out.

    Raises
    ------
    InputError
        The file cannot be read, is no JSON, or is no snapshot of this version's schema.
    """
    name = printable(name)
    data = _parsed(decode(read_bytes(path, name, MOST_BYTES), name), name)
    if not isinstance(data, dict) or "schema" not in data:
        remedy = "write one with `planner compare SCENARIO --format json`"
        raise InputError.at(Mark(name), "this is no snapshot", remedy)
    if data["schema"] != SCHEMA:
        message = f"the snapshot's schema is {quoted(str(data['schema'])[:64])}"
        raise InputError.at(Mark(name), message, f"write it anew: this planner reads `{SCHEMA}`")
    try:
        checked = _Saved.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True)[:MOST_FAULTS]
        raise InputError([_fault(dict(item), name) for item in found]) from None
    ids = [design.id for design in checked.designs]
    if len(set(ids)) < len(ids):
        raise InputError.at(Mark(name), "two designs have the same name", "write it anew")
    return Snapshot({"schema": SCHEMA, **checked.model_dump()})


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text, parse_constant=_constant, object_pairs_hook=_distinct)
    except json.JSONDecodeError as error:
        mark = Mark(name, error.lineno, error.colno)
        raise InputError.at(mark, f"this is no JSON: {error.msg}", "write it anew") from None
    except RecursionError:
        raise InputError.at(Mark(name), "this is nested too deeply", "write it anew") from None
    except ValueError as error:
        raise InputError.at(
            Mark(name), f"this is no JSON: {error}"[:200], "write it anew"
        ) from None


def _constant(text: str) -> NoReturn:
    raise ValueError(f"`{text}` is not a number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _fault(item: dict[str, Any], name: str) -> Fault:
    path = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step[:64]}" for step in item["loc"]
    )
    if item["type"] == "missing":
        return Fault(Mark(name), f"{path.removeprefix('.')} is missing", "write the snapshot anew")
    message, remedy = in_words(item["type"], item.get("ctx", {}), item["input"])
    return Fault(Mark(name), f"{path.removeprefix('.')}: {message}", remedy)
