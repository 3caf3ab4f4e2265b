"""The published schemas take every file that the planner takes, and refuse what has no shape."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from jsonschema import Draft202012Validator
from kit import OWN_CATALOG, SMALL, planner
from test_malformed import MUTANTS
from test_malformed import SMALL as WELL_FORMED

from planner.catalog import read_catalog
from planner.faults import InputError
from planner.scenario import load_scenario
from planner.strict_yaml import load, parse

# What a schema can tell: a key or a sort of value; whether a name exists is for the planner to say.
OF_SHAPE = re.compile(
    r"is missing|unknown key|is not known here|a group has one machine|a check makes one"
    r"|expected a (mapping|list|text|whole number|row)|expected true or false|expected a number"
    r"|is not a name|is not a whole number|(more|longer) than .* characters|nothing is listed"
)


@pytest.fixture(scope="module", params=["scenario", "catalog"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def validators(root):
    found = {}
    for name in ("scenario", "catalog"):
        schema = json.loads((root / "docs" / f"{name}.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        found[name] = Draft202012Validator(schema)
    return found


def test_every_shipped_file_is_accepted(root, validators, kind):
    folder = {"scenario": "scenarios", "catalog": "catalogs"}[kind]
    files = sorted((root / folder).glob("*.yaml"))
    assert len(files) > 1
    for file in files:
        errors = validators[kind].iter_errors(load(file, file.name).data)
        assert not [(file.name, list(error.path), error.message) for error in errors]


def test_the_command_prints_what_is_published(root, kind):
    published = (root / "docs" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert planner("schema", kind).out == published


def _faults(text, folder):
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_scenario(str(path))
    except InputError as error:
        return [fault.message for fault in error.faults]
    return []


def test_the_scenario_schema_refuses_what_the_planner_refuses_for_shape(tmp_path, validators):
    assert validators["scenario"].is_valid(WELL_FORMED)
    refused = 0
    for name, tree in list(MUTANTS.items())[::2]:
        faults = _faults(yaml.safe_dump(tree, allow_unicode=True), tmp_path)
        valid = validators["scenario"].is_valid(tree)
        if any(OF_SHAPE.search(fault) for fault in faults):
            assert not valid, (name, faults)
            refused += 1
        if not valid:
            assert faults, f"{name} is refused by the schema only"
    assert refused > 150


def test_a_scenario_by_difference_needs_only_what_is_different(validators):
    valid = validators["scenario"].is_valid
    base = {"extends": "vrt-2013"}
    assert valid({**base, "designs": {"rack-1u": {"groups": {"server": {"count": 5}}}}})
    assert valid({**base, "designs": {"rack-san": None}, "site": {"years_of_use": "3 yr"}})
    assert not valid({**base, "designs": {"rack-1u": {"groups": {"server": {"cuont": 5}}}}})
    assert not valid({**base, "sitte": {}})
    assert not valid({"scenario": "x", "designs": {"a": {"extends": "b"}}})
    own = {**yaml.safe_load(SMALL)}
    own["designs"] = {**own["designs"], "more": {"extends": "x", "storage": None}}
    assert valid(own)


WRONG_PARTS = {
    "an unknown kind": ("kind: switches", "kind: swithces"),
    "a key that no part has": ("    era: about", "    erra: about"),
    "a number without its unit": ("value: 20 W,", "value: 20,"),
    "a unit of another kind": ("value: 30 W", "value: 30 B"),
    "a fraction of a port": ("{value: 24,", "{value: 2.5,"),
    "a basis that is none": ("basis: nameplate", "basis: hearsay"),
    "a fact without its value": ("{value: unknown}", "{note: on request}"),
    "a part without a title": ("    title: Old switch\n", ""),
}


@pytest.mark.parametrize("what", WRONG_PARTS)
def test_the_catalog_schema_refuses_what_the_planner_refuses(validators, what):
    right, wrong = WRONG_PARTS[what]
    assert right in OWN_CATALOG
    assert validators["catalog"].is_valid(parse(OWN_CATALOG, "own.yaml").data)
    document = parse(OWN_CATALOG.replace(right, wrong), "own.yaml")
    faults = []
    read_catalog(document, faults)
    assert faults
    assert not validators["catalog"].is_valid(document.data)
