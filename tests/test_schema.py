"""How facts and models are read, and in which words their faults are told."""

from __future__ import annotations

import contextlib
import re
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from planner.checks import Check
from planner.facts import Basis, Bound, Fact, Trait
from planner.faults import InputError
from planner.fields import FactReader, count, measure, series, shown, trait
from planner.parts import KINDS
from planner.scenario import Scenario
from planner.schema import Name, Strict, Title, in_words, validate, where_named
from planner.strict_yaml import parse


class Inner(Strict):
    """A model below another."""

    name: Name = "inner"
    size: Annotated[Fact | None, measure("B", 0, 1e15)] = None


class Model(Strict):
    """One field of every sort."""

    power: Annotated[Fact, measure("W", 0, 1000)] = Fact("", 0.0, "W", Basis.GIVEN)
    price: Annotated[Fact | None, measure("money", 0, 1e6)] = None
    rate: Annotated[Fact | None, measure("money/kWh")] = None
    number: Annotated[Fact | None, count("vm", 1, 10)] = None
    decided: Annotated[Fact | None, count("node", 0, 10, decided=True)] = None
    shape: Annotated[list[Fact], series("1", 3, 0, 1)] = []
    socket: Annotated[Trait | None, trait] = None
    title: Title = ""
    copies: Annotated[int, Field(ge=1, le=20)] = 1
    times: Annotated[float, Field(gt=0)] = 1.0
    local: bool = False
    kind: Literal["a", "b"] = "a"
    inner: Inner | None = None
    below: dict[Name, Inner] = Field({}, max_length=2)
    names: list[Name] = Field([], min_length=1, max_length=2)
    checks: list[Check] = []


def read(text: str) -> Model:
    document = parse(text, "f.yaml")
    return validate(Model, document.data, document)


def faults(text: str) -> list[str]:
    with pytest.raises(InputError, match=r"f\.yaml:") as error:
        read(text)
    return [str(fault) for fault in error.value.faults]


# What is read


def test_a_plain_quantity_is_a_decision():
    fact = read("power: 0.035 kW\n").power
    assert (fact.value, fact.unit, fact.basis, fact.name) == (35.0, "W", Basis.GIVEN, "power")
    assert str(fact.mark) == "f.yaml:1:8"


def test_a_mapping_says_what_is_known():
    fact = read(
        "power: {value: 35 W, low: 30 W, high: 0.04 kW, basis: measured, bound: upper,\n"
        "        source: my\n          meter, note: at night, reason: it was read}\n"
    ).power
    assert (fact.low, fact.value, fact.high) == (30.0, 35.0, 40.0)
    assert (fact.basis, fact.bound) == (Basis.MEASURED, Bound.UPPER)
    assert (fact.source, fact.note) == ("my meter", "at night; it was read")


def test_without_a_basis_a_mapping_is_an_assumption():
    assert read("power: {value: 35 W}\n").power.basis is Basis.ASSUMPTION


def test_unknown_is_no_number():
    assert read("power: unknown\n").power.value is None
    assert read("power: {value: unknown, source: nobody knows}\n").power.value is None


def test_money_keeps_the_currency_that_is_written():
    model = read("price: 100 EUR\nrate: {value: 0.3 AUD/kWh, low: 0.2 AUD/kWh}\n")
    assert (model.price.unit, model.rate.unit) == ("EUR", "AUD/kWh")


def test_counts_may_be_plain_numbers():
    model = read("number: 3\ndecided: {value: 2 nodes}\n")
    assert (model.number.value, model.decided.value) == (3.0, 2.0)


def test_a_row_shares_its_evidence():
    shape = read("shape: {value: [0, 50 %, 1], basis: measured, source: s}\n").shape
    assert [fact.value for fact in shape] == [0.0, 0.5, 1.0]
    assert {fact.basis for fact in shape} == {Basis.MEASURED}


def test_a_property_in_words():
    model = read("socket: {value: LGA 1155, basis: datasheet, source: manual}\n")
    assert (model.socket.text, model.socket.source) == ("LGA 1155", "manual")
    assert read("socket: LGA 1155\n").socket.basis is Basis.GIVEN


def test_a_key_without_a_value_counts_as_left_out():
    model = read("title:\ncopies: null\npower:\nbelow:\nnames: ~\n")
    assert (model.title, model.copies, model.below, model.names) == ("", 1, {}, [])


# What is refused: the text, then the message with its place


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("power: 35 B", "1:8: power: `B` measures data, not power; write it in `W`"),
        ("power: 35", "1:8: power: `35` has no unit; write it with its unit, e.g. `35 W`"),
        ("power: 3 Gb", "1:8: power: `Gb` may mean bits or bytes; write `Gbit` or `GB`"),
        ("power: 2 kW", "1:8: power: `2 kW` is out of range; write 0 to 1,000 W"),
        ("power: -1 W", "1:8: power: `-1 W` is out of range"),
        ("power: nan W", "1:8: power: `nan W` is not a finite number"),
        ("power: [35 W]", "1:8: power: expected a number, got a list; write it like `10 W`"),
        ("power: true", "1:8: power: expected a number, got true"),
        ("power: {valu: 35 W}", "1:8: power: a fact needs its `value`"),
        ("power: {valu: 35 W}", "1:9: power: unknown key `valu`; did you mean `value`?"),
        ("power: {value: {value: 1 W}}", "1:16: power.value: expected a number, got a mapping"),
        ("power: {value: 35 W, low: 40 W}", "1:27: power.low: this lies on the wrong side"),
        ("power: {value: 35 W, high: 3 W}", "1:28: power.high: this lies on the wrong side"),
        ("power: {value: 35 W, low: 3 B}", "1:27: power.low: `B` measures data, not power"),
        ("power: {value: unknown, low: 3 W}", "1:30: power.low: the end of a range without a val"),
        ("power: {value: 35 W, basis: guess}", "1:29: power.basis: `guess` is not known here; wr"),
        ("power: {value: 35 W, basis: given}", "1:29: power.basis: `given` is not known here"),
        ("power: {value: 35 W, bound: above}", "1:29: power.bound: `above` is not known here"),
        ("power: {value: 35 W, source: 5}", "1:30: power.source: expected a text, got 5; put it"),
        ("price: 5", "1:8: price: 5 names no currency; write it like `10 AUD`"),
        ("price: 5 XYZ", "1:8: price: `5 XYZ` names no currency"),
        ("price: {value: 5 EUR, low: 4 AUD}", "1:28: price.low: this is in AUD, but the value is"),
        ("number: 2.5", "1:9: number: 2.5 is not a whole number"),
        ("number: 0", "1:9: number: 0 is out of range; write 1 to 10 vm"),
        ("number: '3'", "1:9: number: `3` has no unit"),
        ("decided: unknown", "1:10: decided: `unknown` has no number"),
        ("shape: [0, 1, 1]", "1:8: shape: expected a row of 3 numbers"),
        ("shape: {value: [0, 1]}", "1:8: shape: expected a row of 3 numbers"),
        ("shape: {value: [0, 2, 1]}", r"1:20: shape.value[1]: 2 is out of range; write 0 to 1"),
        ("shape: {value: [0, 1, 1], low: 0}", "1:27: shape: unknown key `low`"),
        ("socket: 5", "1:9: socket: expected a text, got 5; put it in quotes"),
        ("socket: {basis: datasheet}", "1:9: socket: a property needs its `value`"),
        ("title: 5", "1:8: title: expected a text, got 5; put it in quotes"),
        (f"title: {'x' * 201}", "1:8: title: the text is longer than 200 characters; shorten it"),
        ("copies: 2.0", "1:9: copies: expected a whole number, got 2.0; write digits only"),
        ("copies: '2'", "1:9: copies: expected a whole number, got `2`; write digits only"),
        ("copies: true", "1:9: copies: expected a whole number, got true"),
        ("copies: 0", "1:9: copies: 0 is out of range; write at least 1"),
        ("copies: 21", "1:9: copies: 21 is out of range; write at most 20"),
        ("times: 0", "1:8: times: 0 is out of range; write more than 0"),
        ("times: x", "1:8: times: expected a number, got `x`; write digits only"),
        ("local: 1", "1:8: local: expected true or false, got 1; write `true` or `false`"),
        ("local: no", "1:8: local: expected true or false, got `no`"),
        ("kind: c", "1:7: kind: `c` is not known here; write `a` or `b`"),
        ("inner: 5", "1:8: inner: expected a mapping, got 5; write `key: value` lines below it"),
        ("inner: {nam: x}", "1:9: inner: unknown key `nam`; did you mean `name`?"),
        ("inner: {name: a b}", "1:15: inner.name: `a b` is not a name; write up to 64 letters"),
        ("below: []", "1:8: below: expected a mapping, got a list"),
        ("below: {a b: {}}", "1:9: below: `a b` is not a name"),
        ("below: {'[key]': {}}", "1:9: below: `[key]` is not a name"),
        ("below: {a: {}, b: {}, c: {}}", "1:8: below: more than 2 entries; leave some out"),
        ("below: {a: {siz: 1 GB}}", "1:13: below.a: unknown key `siz`; did you mean `size`?"),
        ("names: a", "1:8: names: expected a list, got `a`; write `[...]`"),
        ("names: []", "1:8: names: nothing is listed here; write at least one entry"),
        ("names: [a, b, c]", "1:8: names: more than 2 entries"),
        ("checks: [{at_least: 1}]", "1:10: checks[0]: `quantity` is missing; add `quantity: ...`"),
        ("'[key]': 1", "1:1: unknown key `[key]`; known are: below, checks, copies"),
        ("powr: 1", "1:1: unknown key `powr`; did you mean `power`?"),
        (f"{'k' * 500}: 1", f"1:1: unknown key `{'k' * 57}...`"),
    ],
)
def test_faults_are_told_in_plain_words_at_their_place(text, message):
    assert any(fault.startswith(f"f.yaml:{message}") for fault in faults(text + "\n"))


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("{quantity: vms}", "1:10: checks[0]: a check makes one comparison, this makes none"),
        (
            "{quantity: vms, at_least: 1, about: 2}",
            "1:10: checks[0]: a check makes one comparison, this makes `at_least` and `about`; "
            "write one of at_least, at_most, about",
        ),
        (
            "{quantity: vms, at_least: [1]}",
            "1:36: checks[0].at_least: expected something to compare with, got a list; "
            "write a value with its unit, or {quantity: ..., design: ...}",
        ),
        ("{quantity: vms, at_least: true}", "1:36: checks[0].at_least: expected something to"),
        (
            "{quantity: vms, at_least: {quantty: vms, quantity: x}}",
            "1:37: checks[0].at_least: unknown key `quantty`; did you mean `quantity`?",
        ),
        (
            "{quantity: vms, at_least: {quantity: x, times: -1}}",
            "1:57: checks[0].at_least.times: -1 is out of range; write more than 0",
        ),
        ("{quantity: vms, about: 1, within: 200 %}", "1:44: checks[0].within: `200 %` is out of"),
        ("{quantity: vms, about: 1, within: unknown}", "1:44: checks[0].within: expected a number"),
    ],
)
def test_a_comparison_with_a_fault_has_one_fault(check, message):
    (fault,) = faults(f"checks: [{check}]\n")
    assert fault.startswith(f"f.yaml:{message}")


def test_a_tolerance_may_be_a_percentage():
    assert read("checks: [{quantity: vms, about: 1, within: 5 %}]\n").checks[0].within == 0.05


def test_all_faults_of_a_fact_are_told_at_once():
    found = faults("power: {value: 5 B, low: x, basis: y, source: 5, extra: 1}\n")
    assert [re.match(r"f\.yaml:1:(\d+)", fault)[1] for fault in found] == list(
        map(str, (16, 26, 36, 47, 50))
    )


def test_a_fault_in_what_is_used_twice_is_told_once():
    document = parse("below: {a: {size: 5 W}}\n", "f.yaml")
    same = {"a": document.data["below"]["a"], "b": document.data["below"]["a"]}
    place = document.marks["below", "a", "size"]
    document.marks.update({("below", "b", "size"): place})
    with pytest.raises(InputError, match=r"below\.a\.size") as error:
        validate(Model, {"below": same}, document)
    assert len(error.value.faults) == 1


def test_faults_of_a_whole_file_move_to_where_it_is_named():
    document = parse("a: x\n", "f.yaml")
    with pytest.raises(InputError, match="empty") as error:
        parse("", "g.yaml")
    (fault,) = where_named(error.value.faults, {"g.yaml": document.mark(("a",))})
    assert str(fault).startswith("f.yaml:1:4: cannot use `g.yaml`: the file is empty; ")


# Every kind of fault that a model can have has its words


def schema_kinds(schema: Any) -> set[tuple[str, str]]:
    """The kinds of all parts of a validator, and their limits."""
    found = set()
    if isinstance(schema, dict):
        if schema.get("type") == "dataclass":  # a fact, which our own reader has made
            return found
        if isinstance(schema.get("type"), str):
            found.add((schema["type"], ""))
            found |= {(schema["type"], key) for key in LIMITS if schema.get(key) is not None}
        apart = ("serialization", "function", "json_schema_input_schema")
        below = [item for key, item in schema.items() if key not in apart]
        found |= {kind for item in below for kind in schema_kinds(item)}
    elif isinstance(schema, list | tuple):
        found |= {kind for item in schema for kind in schema_kinds(item)}
    return found


LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern", "multiple_of")
ERRORS = {
    ("int", ""): ("int_type", "int_from_float"),
    ("float", ""): ("float_type",),
    ("str", ""): ("string_type",),
    ("bool", ""): ("bool_type",),
    ("dict", ""): ("dict_type",),
    ("list", ""): ("list_type",),
    ("model", ""): ("model_type",),
    ("literal", ""): ("literal_error",),
    ("str", "pattern"): ("string_pattern_mismatch",),
    ("str", "max_length"): ("string_too_long",),
    ("dict", "max_length"): ("too_long",),
    ("list", "max_length"): ("too_long",),
    ("dict", "min_length"): ("too_short",),
    ("list", "min_length"): ("too_short",),
    ("int", "ge"): ("greater_than_equal",),
    ("int", "le"): ("less_than_equal",),
    ("float", "ge"): ("greater_than_equal",),
    ("float", "gt"): ("greater_than",),
    ("float", "le"): ("less_than_equal",),
}
# These only hold others, or cannot fail: facts come from our own readers.
SILENT = {
    "any",
    "default",
    "definition-ref",
    "definitions",
    "enum",
    "function-after",
    "function-before",
    "function-plain",
    "is-instance",
    "model-field",
    "model-fields",
    "none",
    "nullable",
}


def test_every_fault_that_a_model_can_have_has_its_words():
    models = [Scenario, *KINDS.values()]
    kinds = {kind for model in models for kind in schema_kinds(model.__pydantic_core_schema__)}
    kinds = {kind for kind in kinds if kind[0] not in SILENT}
    assert kinds <= ERRORS.keys()
    otherwise = in_words("no such kind", {}, 1)[0]
    for kind in kinds:
        for error in ERRORS[kind]:
            assert in_words(error, {"expected": "'a'"}, 1)[0] != otherwise, error


# Laws


@given(st.floats(0, 1000, allow_nan=False))
def test_a_number_within_the_limits_is_read_as_it_is(value):
    assert FactReader("W", 0, 1000).number(f"{value:.15f} W")[0] == pytest.approx(value)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists) | st.integers())
def test_what_is_shown_is_short_and_on_one_line(raw):
    assert len(shown(raw)) < 400
    assert "\n" not in shown(raw)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda below: (
            st.lists(below)
            | st.dictionaries(st.sampled_from(list(Model.model_fields)) | st.text(), below)
        ),
    )
)
def test_any_data_is_read_or_refused(data):
    document = parse("a: 1\n", "f.yaml")
    with contextlib.suppress(InputError):
        assert isinstance(validate(Model, data, document), Model)
