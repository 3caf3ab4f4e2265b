"""Differences laid over what they differ from: files, designs, overrides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.faults import InputError, Mark
from planner.layers import in_full, read_layers
from planner.merge import Tree, combine, document_of, merge, tree_of
from planner.strict_yaml import load, parse

HERE = Mark("f.yaml", 1, 1)


def tree(text, name="f.yaml"):
    return tree_of(parse(text, name))


def planted(value):
    """Plain data as a tree without places."""
    if isinstance(value, dict):
        value = {key: planted(item) for key, item in value.items()}
    elif isinstance(value, list):
        value = [planted(item) for item in value]
    return Tree(value, HERE, HERE)


def sections(below):
    return st.dictionaries(st.sampled_from("abc"), below, max_size=3)


VALUES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda below: st.lists(below, max_size=3) | sections(below),
    max_leaves=12,
)
TREES = sections(VALUES).map(planted)


# Laws


@given(TREES)
def test_nothing_is_neutral(one):
    empty = planted({})
    assert merge(one, empty).plain() == merge(empty, one).plain() == one.plain()


@given(TREES)
def test_a_difference_laid_over_itself_changes_nothing(one):
    assert merge(one, one).plain() == one.plain()


@given(TREES, TREES)
def test_what_the_difference_says_holds(base, difference):
    merged = merge(base, difference)
    for path, item in difference.walk():
        if not item.is_mapping and not _in_list(difference, path):
            found = merged.plain()
            for step in path:
                found = found[step]
            assert found == item.plain()


def _in_list(top, path):
    for step in path:
        if isinstance(top.content, list):
            return True
        top = top.content[step]
    return False


@given(TREES, TREES)
def test_the_order_of_combined_differences_does_not_matter(first, second):
    try:
        one = combine(first, second).plain()
    except InputError:
        with pytest.raises(InputError, match="is also changed at"):
            combine(second, first)
        return
    assert combine(second, first).plain() == one


# Examples


def test_mappings_merge_and_the_rest_replaces():
    merged = merge(tree("a: {b: 1, c: [1, 2]}\nd: 1\n"), tree("a: {c: [3], e: 4}\n"))
    assert merged.plain() == {"a": {"b": 1, "c": [3], "e": 4}, "d": 1}


def test_null_takes_away_what_is_there_and_stays_where_nothing_is():
    assert merge(tree("a: {b: 1, c: 2}\n"), tree("a: {b: null}\n")).plain() == {"a": {"c": 2}}
    assert merge(tree("a: 1\n"), tree("b: null\n")).plain() == {"a": 1, "b": None}


def test_a_fact_is_replaced_with_its_range_and_source():
    base = tree("price: {value: 5 AUD, low: 4 AUD, high: 6 AUD, source: shop}\n")
    assert merge(base, tree("price: {value: 9 AUD}\n")).plain() == {"price": {"value": "9 AUD"}}
    assert merge(base, tree("price: {low: 3 AUD}\n")).plain()["price"]["low"] == "3 AUD"
    assert merge(base, tree("price: {low: 3 AUD}\n")).plain()["price"]["value"] == "5 AUD"


def test_each_piece_keeps_its_place():
    base, top = tree("a: {b: 1}\nc: 2\n", "base.yaml"), tree("a: {d: 3}\n", "top.yaml")
    document = document_of(merge(base, top), "top.yaml", "")
    marks = {path: str(document.mark(path)) for path in (("a", "b"), ("a", "d"), ("c",), ("a",))}
    assert marks == {
        ("a", "b"): "base.yaml:1:8",
        ("a", "d"): "top.yaml:1:8",
        ("c",): "base.yaml:2:4",
        ("a",): "top.yaml:1:4",
    }


def test_two_overrides_of_one_value_clash():
    first, second = tree("a: {b: 1, c: 2}\n", "one"), tree("a: {b: 3, d: 4}\n", "two")
    with pytest.raises(InputError, match=r"^two:1:5: `a\.b` is also changed at one:1:5; keep one"):
        combine(first, second)


# Files that extend each other


def layers(folder, name="top.yaml", shipped=None):
    document = load(folder / name, name)
    found, digests = read_layers(document, folder / name, shipped or (lambda _: pytest.fail(_)))
    return found.plain(), digests


def test_a_file_extends_one_in_another_folder_that_extends_a_third(tmp_path):
    (tmp_path / "bases" / "deep").mkdir(parents=True)
    (tmp_path / "bases" / "deep" / "first.yaml").write_text("a: 1\nb: 1\nc: 1\n")
    (tmp_path / "bases" / "second.yaml").write_text("extends: deep/first.yaml\nb: 2\nc: 2\n")
    (tmp_path / "top.yaml").write_text("extends: bases/second.yaml\nc: 3\n")
    found, digests = layers(tmp_path)
    assert found == {"a": 1, "b": 2, "c": 3}
    assert list(digests) == ["top.yaml", "bases/second.yaml", "bases/deep/first.yaml"]


def test_listed_files_stand_relative_to_the_file_that_lists_them(tmp_path):
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases" / "base.yaml").write_text("catalogs: [own.yaml]\n")
    (tmp_path / "top.yaml").write_text("extends: bases/base.yaml\nmeasurements: [own.csv]\n")
    found, _ = layers(tmp_path)
    assert found["catalogs"] == [str(tmp_path / "bases" / "own.yaml")]
    assert found["measurements"] == [str(tmp_path / "own.csv")]


def test_a_shipped_scenario_is_extended_by_its_name(tmp_path):
    (tmp_path / "far.yaml").write_text("a: 1\n")
    (tmp_path / "top.yaml").write_text("extends: far\n")
    assert layers(tmp_path, shipped=lambda name: tmp_path / f"{name}.yaml")[0] == {"a": 1}


def test_files_in_a_circle(tmp_path):
    for one, other in (("top", "b"), ("b", "c"), ("c", "b")):
        (tmp_path / f"{one}.yaml").write_text(f"a: 1\nextends: {other}.yaml\n")
    with pytest.raises(InputError, match=r"^c\.yaml:2:10: `extends` of `b\.yaml` leads back to"):
        layers(tmp_path)


def test_too_many_files(tmp_path):
    for i in range(20):
        (tmp_path / f"f{i}.yaml").write_text(f"extends: f{i + 1}.yaml\n")
    with pytest.raises(InputError, match=r"^f7\.yaml:1:10: more than 8 files extend each other"):
        layers(tmp_path, "f0.yaml")


def test_a_fault_inside_the_base_is_told_with_its_own_place(tmp_path):
    (tmp_path / "base.yaml").write_text("a: 1\na: 2\n")
    (tmp_path / "top.yaml").write_text("extends: base.yaml\n")
    with pytest.raises(InputError, match=r"^base\.yaml:2:1: the key `a` is already on line 1"):
        layers(tmp_path)


# Designs that extend each other


def full(text):
    faults = []
    found = in_full(tree(text), faults).plain()["designs"]
    return found, [str(fault) for fault in sorted(faults)]


def test_a_design_extends_and_applies():
    found, faults = full(
        "designs:\n"
        "  b: {title: B, extends: a, apply: [big]}\n"
        "  a: {title: A, groups: {x: {count: 1, node: n}, y: {count: 1}}}\n"
        "overrides:\n"
        "  big: {groups: {x: {count: 9}, y: null}}\n"
    )
    assert not faults
    assert found["b"] == {"title": "B", "groups": {"x": {"count": 9, "node": "n"}}}
    assert found["a"]["groups"]["x"]["count"] == 1


def test_overrides_win_over_a_design_that_extends_none():
    found, faults = full("designs: {a: {n: 1, m: 2, apply: [x]}}\noverrides: {x: {n: 3}}\n")
    assert (found, faults) == ({"a": {"n": 3, "m": 2}}, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n", "f.yaml:1:1: there is no design; write one below `designs:`"),
        ("designs:\n", "f.yaml:1:1: there is no design"),
        ("designs: [a]\n", "f.yaml:1:10: designs: expected a mapping, got a list; write `name:`"),
        ("designs: {a: 5}\n", "f.yaml:1:14: designs.a: expected a mapping, got 5"),
        (
            "designs: {a: {extends: b}, b: {extends: c}, c: {extends: a}}\n",
            "f.yaml:1:24: designs extend each other in a circle: b -> c -> a -> b; let one",
        ),
        ("designs: {a: {extends: a}}\n", "f.yaml:1:24: designs extend each other in a circle: a"),
        (
            "designs: {a: {extends: bass}, base: {}}\n",
            "f.yaml:1:24: expected the name of a design, got `bass`; did you mean `base`?",
        ),
        ("designs: {a: {extends: [a]}}\n", "f.yaml:1:24: expected the name of a design, got a li"),
        ("designs: {a: {apply: x}}\n", "f.yaml:1:22: `apply` must be a list of overrides, got `x"),
        (
            "designs: {a: {apply: [smal]}}\noverrides: {small: {}}\n",
            "f.yaml:1:23: expected the name of an override, got `smal`; did you mean `small`?",
        ),
        (
            "designs: {a: {apply: [x, y]}}\noverrides: {x: {n: 1}, y: {n: 2}}\n",
            "f.yaml:2:28: `n` is also changed at f.yaml:2:17; keep one of the two",
        ),
        (
            "designs: {a: {}, b: {n: 1, extends: a, apply: [x]}}\noverrides: {x: {n: 2}}\n",
            "f.yaml:2:17: `n` is also changed at f.yaml:1:22; keep one of the two",
        ),
        ("designs: {a: {}}\noverrides: 5\n", "f.yaml:2:12: overrides: expected a mapping, got 5"),
        ("designs: {a: {}}\noverrides: {x: 5}\n", "f.yaml:2:16: overrides.x: expected a mapping"),
    ],
)
def test_faults_of_designs(text, message):
    _, faults = full(text)
    assert any(fault.startswith(message) for fault in faults), faults


def test_a_faulty_design_is_told_once_and_spares_the_others():
    found, faults = full("designs: {a: 5, b: {extends: a}, c: {extends: b}, d: {n: 1}}\n")
    assert found == {"d": {"n": 1}}
    assert len(faults) == 1


def test_faulty_overrides_are_told_once():
    _, faults = full("designs: {a: {apply: [x]}, b: {apply: [y]}}\noverrides: [x]\n")
    assert faults == [
        "f.yaml:2:12: overrides: expected a mapping, got a list; "
        "write `name:` with `key: value` lines below it"
    ]
