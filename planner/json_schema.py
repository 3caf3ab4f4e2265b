"""JSON Schemas of the files that people write, so that editors complete and check them.

They are made from the models that read the files. What a schema cannot say (names that must exist
elsewhere, values that must fit each other) is left to the planner: it refuses all that a schema
refuses, and more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from planner.catalog import CatalogFile
from planner.checks import SIDES
from planner.facts import Bound
from planner.fields import MONEY, STATED, UNKNOWN, FactReader, SeriesReader, read_rate, read_trait
from planner.meanings import meanings
from planner.parts import KINDS
from planner.scenario import Scenario
from planner.schema import NAME_PATTERN
from planner.unit_grammar import NUMBER, UNIT, spellings
from planner.units import CURRENCIES, dimension

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES = ("scenario", "catalog")
DATE = "^[0-9]{4}(-[0-9]{2}){0,2}$"
NOTES = ("description", "default")
NOTHING: Schema = {"type": "null"}
DIFFERENCE = "-difference"
NAME = "x-name"
"""Marks what is written once, and referred to by this name."""


def schema_text(file: str) -> str:
    """The schema of a kind of file as text, the same for the same version.

    Parameters
    ----------
    file : {"scenario", "catalog"}
        The kind of file.
    """
    schema = {"scenario": scenario_schema, "catalog": catalog_schema}[file]()
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def catalog_schema() -> Schema:
    """The schema of a file with parts of one kind.

    Examples
    --------
    >>> sorted(catalog_schema()["$defs"])[:3]
    ['Admission', 'Board', 'Cable']
    """
    definitions = _definitions(CatalogFile, *KINDS.values())
    file = definitions.pop("CatalogFile")
    file["properties"]["kind"] = {"enum": list(KINDS)}
    file["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind}}},
            "then": {"properties": {"parts": _mapping_to(_reference(model.__name__))}},
        }
        for kind, model in KINDS.items()
    ]
    return _finished("A catalog of parts", file, definitions)


def scenario_schema() -> Schema:
    """The schema of a scenario; what extends something holds only what is different.

    Examples
    --------
    >>> scenario_schema()["else"]["$ref"]
    '#/$defs/Scenario'
    """
    definitions = _definitions(Scenario, *KINDS.values())
    kinds = {kind: _mapping_to(_reference(model.__name__)) for kind, model in KINDS.items()}
    sections = definitions["Scenario"]["properties"]
    sections["parts"] = _optional({**_mapping(kinds), "additionalProperties": False})
    sections["corrections"] = _optional(_mapping_to(_mapping_to({})))
    sections["overrides"] = _optional(_mapping_to(_reference("Design" + DIFFERENCE)))
    partial = {name + DIFFERENCE: _by_difference(item) for name, item in definitions.items()}
    sections["currency"] = {"enum": list(CURRENCIES)}
    definitions["Group"] |= _exactly_one("node", "part")
    for check in ("ClaimCheck", "Requirement"):
        definitions[check] |= _exactly_one(*SIDES)
    sections["designs"] = {**_mapping_to(_either("Design")), "minProperties": 1}
    definitions["Scenario"]["required"].append("designs")
    return _finished("A scenario", _either("Scenario"), {**definitions, **partial})


def _finished(title: str, schema: Schema, definitions: dict[str, Schema]) -> Schema:
    head = {"$schema": DIALECT, "title": title, "type": "object"}
    rest = {key: item for key, item in schema.items() if key not in head}
    return {**head, **rest, "$defs": dict(sorted(definitions.items()))}


def _definitions(*models: type[BaseModel]) -> dict[str, Schema]:
    """The schemas of models, and of all that they refer to, by name."""
    found: dict[str, Schema] = {}
    for model in models:
        schema = model.model_json_schema(schema_generator=_Generator)
        found |= schema.pop("$defs", {})
        found[model.__name__] = schema
    named: dict[str, Schema] = {}
    return {name: _by_name(schema, named) for name, schema in found.items()} | named


def _by_name(schema: Any, named: dict[str, Schema]) -> Any:
    """The schema with references in place of what has a name of its own."""
    if isinstance(schema, list):
        return [_by_name(item, named) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _by_name(item, named) for key, item in schema.items() if key != NAME}
    if NAME not in schema:
        return found
    named[schema[NAME]] = found
    return _reference(schema[NAME])


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _mapping(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties}


def _mapping_to(schema: Schema) -> Schema:
    names = {"pattern": NAME_PATTERN}
    return {"type": "object", "propertyNames": names, "additionalProperties": schema}


def _either(name: str) -> Schema:
    """The whole of something, or what is different where it extends another."""
    extends = {"required": ["extends"], "properties": {"extends": {"type": "string"}}}
    return {"if": extends, "then": _reference(name + DIFFERENCE), "else": _reference(name)}


def _exactly_one(*keys: str) -> Schema:
    """Of some keys one is there, and none of the others."""
    there = {key: {"required": [key], "properties": {key: {"not": NOTHING}}} for key in keys}
    return {"oneOf": list(there.values())}


def _optional(schema: Schema) -> Schema:
    """The schema or null: an optional key without a value counts as left out."""
    if NOTHING in schema.get("anyOf", ()):
        return schema
    notes: Schema = {key: schema[key] for key in NOTES if key in schema}
    rest = {key: item for key, item in schema.items() if key not in notes}
    return {**notes, "anyOf": [rest, NOTHING]}


def _by_difference(schema: Any) -> Any:
    """The same without keys that are needed, and with null to take a key away."""
    if isinstance(schema, list):
        return [_by_difference(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _by_difference(item) for key, item in schema.items() if key != "required"}
    kept.pop("minProperties", None)
    if isinstance(kept.get("properties"), dict):
        kept["properties"] = {key: _optional(item) for key, item in kept["properties"].items()}
    if isinstance(kept.get("additionalProperties"), dict):
        kept["additionalProperties"] = _optional(kept["additionalProperties"])
    if "$ref" in kept and not kept["$ref"].endswith(DIFFERENCE):
        kept["$ref"] += DIFFERENCE
    return kept


class _Generator(GenerateJsonSchema):
    """As pydantic's, with the fields that our own readers read."""

    ignored_warning_kinds = {"non-serializable-default"}

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> dict[str, Any]:
        """What a reader reads; any other function changes nothing."""
        function = schema["function"]["function"]
        if isinstance(function, FactReader):
            return _either_way(_fact(function), schema)
        if isinstance(function, SeriesReader):
            return _either_way(_series(function), schema)
        if function is read_rate:
            return _rate()
        if function is read_trait:
            return _either_way(_trait(), schema)
        return super().function_before_schema(schema)

    def dict_schema(self, schema: core_schema.DictSchema) -> dict[str, Any]:
        """A mapping to one sort of value; other keys than names are refused."""
        found = super().dict_schema(schema)
        for pattern, item in found.pop("patternProperties", {}).items():
            found |= {"propertyNames": {"pattern": pattern}, "additionalProperties": item}
        return found

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """A mapping with the texts of its keys, each of them null if it may be left out."""
        found = super().model_schema(schema)
        texts, needed = meanings(schema["cls"]), found.get("required", ())
        for key, item in found.get("properties", {}).items():
            item.pop("title", None), item.pop("default", None)
            told = {"description": texts[key], **item} if key in texts else item
            found["properties"][key] = told if key in needed else _optional(told)
        return found


def _either_way(read: Schema, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
    """What a reader reads, or null where the field may be null."""
    return _optional(read) if schema["schema"]["type"] == "nullable" else read


# Facts


def _fact(reader: FactReader) -> Schema:
    number, ends = _number(reader), _number(reader, end=True)
    keys = {
        "value": number,
        "low": _optional(ends),
        "high": _optional(ends),
        "bound": _optional({"enum": [str(bound) for bound in Bound]}),
        **_evidence(),
        "reason": _optional({"type": "string"}),
        "date": _optional({"type": ["string", "integer"], "pattern": DATE}),
    }
    mapping = {**_mapping(keys), "required": ["value"], "additionalProperties": False}
    return {NAME: f"fact-{_label(reader)}", "anyOf": [number, mapping]}


def _evidence() -> dict[str, Schema]:
    text = _optional({"type": "string"})
    return {"basis": _optional({"enum": list(STATED)}), "source": text, "note": text}


def _trait() -> Schema:
    keys = {"value": {"type": "string"}, **_evidence()}
    mapping = {**_mapping(keys), "required": ["value"], "additionalProperties": False}
    return {NAME: "trait", "anyOf": [{"type": "string"}, mapping]}


def _rate() -> Schema:
    codes = "|".join(CURRENCIES)
    number: Schema = {"type": "string", "pattern": f"^{NUMBER} ?({codes})/({codes})$"}
    keys = {
        "value": number,
        "low": _optional(number),
        "high": _optional(number),
        **_evidence(),
        "date": {"type": ["string", "integer"], "pattern": DATE},
        "bound": _optional({"enum": [str(bound) for bound in Bound]}),
        "reason": _optional({"type": "string"}),
    }
    needed = ["value", "date", "source"]
    return {**_mapping(keys), "required": needed, "additionalProperties": False}


def _series(reader: SeriesReader) -> Schema:
    items = _number(reader.reader)
    row = {"type": "array", "items": items, "minItems": reader.length, "maxItems": reader.length}
    keys = {"value": row, **_evidence()}
    return {**_mapping(keys), "required": ["value"], "additionalProperties": False}


def _number(reader: FactReader, *, end: bool = False) -> Schema:
    """A number with its unit as a text; without one where things are counted."""
    name = f"text-{_plain(reader.unit)}"
    pattern = f"^{_spelled(reader.unit)}$"
    found: list[Schema] = [{NAME: name, "type": "string", "pattern": pattern}]
    if reader.unit == "1" or reader.whole:
        limits = {"minimum": reader.least, "maximum": reader.most}
        plain = {key: limit for key, limit in limits.items() if abs(limit) != float("inf")}
        found.append({"type": "integer" if reader.whole else "number", **plain})
    if not reader.decided or end:
        found.append({"const": UNKNOWN})
    return {NAME: f"number-{_label(reader)}{'-end' if end else ''}", "anyOf": found}


def _label(reader: FactReader) -> str:
    """A name for all readers that read the same."""
    plain = reader.unit == "1" or reader.whole
    limits = f"-{reader.least:g}-to-{reader.most:g}" if plain else ""
    kinds = "".join(f"-{key}" for key in ("whole", "decided") if getattr(reader, key))
    return _plain(reader.unit) + limits + kinds


def _plain(unit: str) -> str:
    return unit.replace("/", "-per-") if unit != "1" else "plain"


@cache
def _spelled(unit: str) -> str:
    """The pattern of a number in a unit: all of its single spellings, and any composite one."""
    composite = rf"(?=[^/*^]*[/*^]){UNIT}"
    names = "|".join([*sorted(map(re.escape, _alike(unit))), composite])
    return rf"{NUMBER}( ?({names})){'?' if unit == '1' else ''}"


def _alike(unit: str) -> Iterator[str]:
    """The single spellings of the units of one kind."""
    if unit == MONEY:
        yield from CURRENCIES
    elif MONEY not in unit:
        kind = dimension(unit)
        yield from (spelling for spelling in spellings() if dimension(spelling) == kind)
