"""The strict YAML reader: what text means, where it stands, and what is refused."""

import dataclasses
import hashlib
import json
import os
import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner import yaml_builder
from planner.faults import InputError, Mark
from planner.strict_yaml import Document, load, parse
from planner.text_file import MAX_BYTES
from planner.yaml_errors import explain

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def loader(request, monkeypatch):
    """Both parsers of PyYAML must lead to the same result."""
    monkeypatch.setattr(yaml_builder, "LOADER", request.param)


both_parsers = pytest.mark.usefixtures("loader")


def faults(text: bytes | str) -> list[str]:
    with pytest.raises(InputError, match=r"^site\.yaml") as caught:
        parse(text, "site.yaml")
    return [str(fault) for fault in caught.value.faults]


def outcome(text: bytes | str) -> Document | InputError:
    try:
        return parse(text, "f")
    except InputError as error:
        return error


# --- what text means -------------------------------------------------------------------------


@both_parsers
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", "Null"),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("+5", "+5"),
        ("2024-01-01", "2024-01-01"),
        ("2013-02-30", "2013-02-30"),
        ("٣", "٣"),
        ("35 W", "35 W"),
        ("3,5 W", "3,5 W"),
        ("<<", "<<"),
        ("=", "="),
        ("'1'", "1"),
        ('"true"', "true"),
        ("''", ""),
        ('"a\\tb\\n"', "a\tb\n"),
        ("0", 0),
        ("-7", -7),
        ("9" * 18, 10**18 - 1),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-0.25", -0.25),
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        ("6.02e+23", 6.02e23),
        ("0e-999", 0.0),
        ("0." + "1" * 38, 1 / 9),
        ("007.5", "007.5"),
        ("5.", "5."),
        ("nan", "nan"),
    ],
)
def test_scalar_is_read_as_a_person_means_it(written, meant):
    value = parse(f"key: {written}\n", "site.yaml").data["key"]
    assert value == meant
    assert type(value) is type(meant)


@both_parsers
def test_words_that_yaml_1_1_takes_for_booleans_are_text_keys():
    assert parse("NO: 1\non: 2\ny: 3\n", "f").data == {"NO": 1, "on": 2, "y": 3}


@both_parsers
def test_quoted_number_is_a_text_key():
    assert parse('"1": a\n"<<": b\n', "f").data == {"1": "a", "<<": "b"}


@both_parsers
def test_nested_data_in_both_notations():
    text = "a:\n  - {b: 1, c: [2, 3]}\n  -\n  - d: >\n      two\n      words\n"
    assert parse(text, "f").data == {"a": [{"b": 1, "c": [2, 3]}, None, {"d": "two words\n"}]}


@both_parsers
def test_byte_order_mark_and_windows_line_ends_are_tolerated():
    document = parse("a: 1\r\nb: 2\r\n".encode("utf-8-sig"), "f")
    assert document.data == {"a": 1, "b": 2}
    assert document.mark(("b",)) == Mark("f", 2, 4)


def test_checksum_is_of_the_bytes_read():
    raw = "a: é\n".encode()
    assert parse(raw, "f").sha256 == hashlib.sha256(raw).hexdigest()
    assert parse(raw.decode(), "f").sha256 == parse(raw, "f").sha256


def test_document_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError, match="name"):
        parse("a: 1\n", "f").name = "g"


# --- where it stands -------------------------------------------------------------------------

PLACES = """\
# site
name: Brisbane
é: {x: 1, y: [10, 20]}
nodes:
  - id: n1
    power: 35 W
  - id: n2
    power:
"""


@both_parsers
@pytest.mark.parametrize(
    ("path", "value_at", "key_at"),
    [
        (("name",), (2, 7), (2, 1)),
        (("é",), (3, 4), (3, 1)),
        (("é", "x"), (3, 8), (3, 5)),
        (("é", "y", 1), (3, 19), (3, 19)),
        (("nodes",), (5, 3), (4, 1)),
        (("nodes", 0), (5, 5), (5, 5)),
        (("nodes", 0, "power"), (6, 12), (6, 5)),
        (("nodes", 1, "power"), (8, 5), (8, 5)),
        (("nodes", 1, "absent"), (7, 5), (7, 5)),
        (("nodes", 1, "id", "tag", 4), (7, 9), (7, 5)),
        (("nodes", 9, "id"), (5, 3), (4, 1)),
        (("absent",), (0, 0), (0, 0)),
        ((), (0, 0), (0, 0)),
    ],
)
def test_place_of_value_and_key(path, value_at, key_at):
    document = parse(PLACES, "site.yaml")
    assert document.mark(path) == Mark("site.yaml", *value_at)
    assert document.key_mark(path) == Mark("site.yaml", *key_at)


def test_every_value_has_a_mark_and_every_entry_a_key_mark():
    document = parse(PLACES, "f")

    def paths(value, path=()):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for step, inner in steps:
            yield (*path, step)
            if isinstance(inner, dict | list):
                yield from paths(inner, (*path, step))

    known = set(paths(document.data))
    assert set(document.marks) == known
    assert set(document.key_marks) == {path for path in known if isinstance(path[-1], str)}


PIECES = [
    *("a: ", "b:", "\n", "\n  ", "\n    ", "- ", "x", "'q'", "{", "}", "[", "]", ", ", "é", ": "),
    *(" # c\n", "? ", "~", ">-\n", "|\n", "12:30", '"d"'),
]


@pytest.mark.skipif(len(LOADERS) < 2, reason="libyaml is not installed")
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_both_parsers_agree(text):
    before = yaml_builder.LOADER
    try:
        results = []
        for parser in LOADERS:
            yaml_builder.LOADER = parser
            results.append(outcome(text))
    finally:
        yaml_builder.LOADER = before
    read = [result for result in results if isinstance(result, Document)]
    assert len(read) < 2 or read[0] == read[1]


# --- what is refused -------------------------------------------------------------------------


@both_parsers
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1: the key `a` is already on line 1; keep one of the two"),
        ("x: {a: 1, a: 2}\n", "1:11: the key `a` is already on line 1; keep one of the two"),
        ('NO: 1\n"NO": 2\n', "2:1: the key `NO` is already on line 1; keep one of the two"),
        ("a: &x 1\n", "1:4: the anchor `&x` is not supported; delete it"),
        ("&x a: 1\n", "1:1: the anchor `&x` is not supported; delete it"),
        ("a: *x\n", "1:4: the alias `*x` is not supported; delete it"),
        ("*x : 1\n", "1:1: the alias `*x` is not supported; delete it"),
        ("a: !!binary aGk=\n", "1:4: the tag `!!binary` is not supported; delete it"),
        ("a: !mine {}\n", "1:4: the tag `!mine` is not supported; delete it"),
        ("a:\n  <<: {b: 1}\n", "2:3: the merge key `<<` is not supported; write the entries out"),
        ("1: x\n", '1:1: the key `1` is not text; write `"1"` with quotes'),
        ("1.5: x\n", '1:1: the key `1.5` is not text; write `"1.5"` with quotes'),
        ("true: x\n", '1:1: the key `true` is not text; write `"true"` with quotes'),
        ("null: x\n", '1:1: the key `null` is not text; write `"null"` with quotes'),
        ("~: x\n", '1:1: the key `~` is not text; write `"~"` with quotes'),
        ("?\n: x\n", "1:2: a key is missing before the colon; write `key: value`"),
        ("[a, b]: x\n", "1:1: a key cannot be a list or a mapping; write a text key"),
        ("? {a: b}\n: x\n", "1:3: a key cannot be a list or a mapping; write a text key"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document starts here; keep one document in a file"),
        ("a: 1\n---\n", "2:1: a second document starts here; keep one document in a file"),
        ("- a\n- b\n", "1:1: the file holds a list in place of `key: value` lines; put it under"),
        ("a\n", "1:1: the file holds a single value in place of `key: value` lines; put it under"),
        ("a: .nan\n", "1:4: `.nan` is not a finite number; write a finite one"),
        ("a: -.inf\n", "1:4: `-.inf` is not a finite number; write a finite one"),
        ("a: 1e400\n", "1:4: the number `1e400` is too large, too small or too long; write fewer"),
        ("a: 1e-400\n", "1:4: the number `1e-400` is too large, too small or too long; write fe"),
        ("a: 0." + "1" * 39, "1:4: the number `0." + "1" * 39 + "` is too large, too small or"),
        ("a: " + "9" * 19, "1:4: the number `9999999999999999999` has more than 18 digits; use a"),
        ("a: -" + "9" * 5000, "1:4: the number `-99999999999999999999999999999999999999999999"),
        ('a: "\\0"\n', "1:4: this text holds the control character U+0000; delete its escape"),
        ('a: "\\e[2J"\n', "1:4: this text holds the control character U+001B; delete its escape"),
        ("a: b\x00\n", "1:5: the invisible character U+0000 does not belong in a text file"),
        ("x: y\na: b\x1b[2J\n", "2:5: the invisible character U+001B does not belong in a text"),
        ("a: b\u2028c: d\n", "1:5: the invisible character U+2028 does not belong in a text file"),
        ("a: b\u202ec\n", "1:5: the invisible character U+202E does not belong in a text file"),
        ("a: b\rc: d\n", "1:5: the invisible character U+000D does not belong in a text file"),
        ("a: \ud800\n", "1:4: the invisible character U+D800 does not belong in a text file"),
        (b"a: b\nc: \xe9t\xe9\n", "2:4: the byte 0xE9 is not UTF-8 text; save the file as UTF-8"),
        ("a: b\n".encode("utf-16"), "1:1: the byte 0xFF is not UTF-8 text; save the file as UTF"),
        ("a: b: c\n", "1:5: a colon stands where no value can start; put text with a colon in qu"),
        ("a: 1\n  b: 2\n", "2:4: a colon stands where no value can start; put text with a colon"),
        ("a: 1\nb\nc: 1\n", "2:1: this is neither `key: value` nor a list item; write `key: val"),
        ("a: 'b\nc: 1\n", "1:4: this quote is never closed; close it"),
        ("a: 'b\n---\nc'\n", "1:4: this quote is not closed before `---`; close it"),
        ("a: [1\nb: 2\n", "2:2: a comma is missing, or the bracket that opens on line 1 is not cl"),
        ("a: 1\n]\n", "2:1: this does not fit what stands before it; check the indentation and th"),
        ("a:\n  b: 1\n c: 2\n", "3:2: this does not fit what stands before it; check the indent"),
        ("a: *.txt\n", "1:4: `*` starts an alias, not supported here; put the text in quotes"),
        ("a: & b\n", "1:4: `&` starts an anchor, not supported here; put the text in quotes"),
        ("a: !x!y z\n", "1:4: `!` starts a tag, not supported here; put the text in quotes"),
        ("a: %x\n", "1:4: text cannot start with '%'; put the text in quotes"),
        ("a: @x\n", "1:4: text cannot start with '@'; put the text in quotes"),
        ("a: - b\n", "1:4: a list cannot start here; start it on its own line"),
        ("a: ? b\n", "1:4: `?` cannot stand here; put the text in quotes"),
        ("a: [1,,2]\n", "1:7: a value is missing here; write it, or put this character in quotes"),
        ("a: | x\n  y\n", "1:6: this does not fit after `|` or `>`; start the text on the next l"),
        ("a: 1\n...\nb: 1\n", "3:1: text follows the end of the content; delete it"),
        ("%YAML 2.0\n---\na: 1\n", "1:1: this YAML version is not supported; delete the line"),
        ("%TAG x\n", "1:1: lines that start with `%` are not supported; delete it"),
    ],
)
def test_refused_with_place_and_remedy(text, fault):
    (found,) = faults(text)
    assert found.startswith(f"site.yaml:{fault}")


@both_parsers
@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\n\n", "~\n", "\ufeff"])
def test_empty_file(text):
    assert faults(text) == ["site.yaml: the file is empty; write `key: value` lines"]


@both_parsers
@pytest.mark.parametrize(
    ("text", "line"),
    [("\ta: 1\n", 1), ("a:\n\tb: 1\n", 2), ("a:\n\t- b\n", 2), ("a: [1,\n\t2]\n", 2)],
)
def test_tab_as_indentation(text, line):
    (found,) = faults(text)
    assert re.fullmatch(
        rf"site\.yaml:{line}:[12]: a tab is used as indentation; indent with spaces", found
    )


@both_parsers
def test_tab_inside_text_is_content():
    assert parse("a: |\n  x\ty\n  \tz\n", "f").data == {"a": "x\ty\n\tz\n"}


@both_parsers
@pytest.mark.parametrize("escape", [r"\q", r"\x1", r"\ud800", r"\U99999999"])
def test_bad_escape(escape):
    (found,) = faults(f'a: "{escape}"\n')
    assert found.startswith("site.yaml")


@both_parsers
def test_all_faults_are_reported_at_once_in_the_order_of_the_file():
    text = "a: &x 1\nb: *x\na: !!str 2\n<<: {}\n1: 2\nc: .inf\nd: [\n"
    lines = [fault.split(":")[1] for fault in faults(text)]
    assert lines == ["1", "2", "3", "3", "4", "5", "6", "8"]


def test_hopeless_file_does_not_flood_the_terminal():
    assert len(faults("a: 1\n" * 5000)) == 100


def test_long_or_multiline_key_stays_on_one_short_line():
    text = f'"{"k" * 500}": 1\n"{"k" * 500}": 2\n"x\\ny": 1\n"x\\ny": 2\n'
    long, multiline = faults(text)
    assert len(long) < 130
    assert "the key `x\\ny` is already on line 3" in multiline


@both_parsers
@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 100_000,
        "a: " + "{b: " * 100_000,
        "- " * 100_000,
        "a:\n" + "".join(" " * (n + 1) + "b:\n" for n in range(1000)),
        "".join(" " * n + "- \n" for n in range(1000)),
    ],
    ids=["flow lists", "flow mappings", "block lists", "block mappings", "block lines"],
)
def test_deep_nesting_is_refused_quickly(text):
    start = time.process_time()
    (found,) = faults(text)
    assert "nested more than 50 levels deep; flatten the data" in found
    assert time.process_time() - start < 5  # seconds of the processor; takes below 0.5


@both_parsers
def test_nesting_up_to_the_limit_is_accepted():
    value = parse("a: " + "[" * 49 + "]" * 49, "f").data["a"]
    for _ in range(48):
        (value,) = value
    assert value == []
    (found,) = faults("a: " + "[" * 50 + "]" * 50)
    assert "nested more than 50 levels deep" in found


@both_parsers
def test_alias_bomb_is_refused():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = faults(bomb)
    assert len(found) == 9 + 16
    assert all("is not supported" in fault for fault in found)


def test_size_is_limited(tmp_path):
    text = "a: 1\n# " + "x" * MAX_BYTES
    assert faults(text)[0].startswith("site.yaml: the file is larger than 1048576 bytes; split")
    path = tmp_path / "big.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"big\.yaml: the file is larger than 1048576 bytes"):
        load(path)


def test_parser_error_without_a_place():
    fault = explain(yaml.YAMLError("odd"), "site.yaml", [])
    assert str(fault) == "site.yaml: not valid YAML: odd"


# --- files -----------------------------------------------------------------------------------


def test_load(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_bytes("name: Zürich\n".encode())
    document = load(path, name="shown")
    assert isinstance(document, Document)
    assert document.data == {"name": "Zürich"}
    assert str(document.mark(("name",))) == "shown:1:7"
    assert load(str(path)).name == str(path)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("absent.yaml", "cannot be read: No such file or directory; check the path"),
        (".", "this is a folder; name a file"),
        ("/dev/zero", "this is a device or a pipe; name a file"),
        ("a\0b", "cannot be read: "),
        ("x" * 5000, "cannot be read: File name too long"),
    ],
)
def test_unreadable_path(path, message):
    with pytest.raises(InputError, match=message) as caught:
        load(path, name="given")
    assert caught.value.faults[0].mark == Mark("given")


def test_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="this is a device or a pipe; name a file"):
        load(tmp_path / "pipe")


def test_no_permission(tmp_path, monkeypatch):
    path = tmp_path / "secret.yaml"
    path.write_text("a: 1\n")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"secret\.yaml: cannot be read: Permission denied"):
        load(path)


def test_file_that_grows_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "log.yaml"
    path.write_text("a: 1\n" * MAX_BYTES)
    small = (tmp_path / "small").touch() or (tmp_path / "small").stat()
    monkeypatch.setattr(Path, "stat", lambda _path: small)
    with pytest.raises(InputError, match="the file is larger than 1048576 bytes"):
        load(path)


def test_name_that_is_not_text_can_still_be_printed():
    with pytest.raises(InputError, match="empty") as caught:
        parse("", "bad\udcff.yaml")
    assert str(caught.value).encode("utf-8").startswith(rb"bad\udcff.yaml: ")


# --- nothing else is ever raised -------------------------------------------------------------

FRAGMENTS = [
    *("a: ", "b:", "- ", "? ", ": ", "\n", "\n  ", "\n\t", "\r\n", "{", "}", "[", "]", ", ", "#"),
    *("&a ", "*a", "!!str ", "!x ", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "|", ">-\n ", "'"),
    *('"', "\\x", "\\ud800", "\\U0010FFFF", "1e400", ".nan", "2013-02-30", "9" * 30, "\ufeff"),
    *("1:2", "~", "é", "\x85", "\u2029", "\x00", "@", "`", "0x_", "_", "-.", "!!timestamp "),
]


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=25).map("".join))
@settings(max_examples=300, deadline=None)
@example("a: 2013-02-30")
@example('"\\U99999999": 1')
def test_any_text_is_read_or_refused(text):
    result = outcome(text)
    if isinstance(result, InputError):
        assert {fault.mark.file for fault in result.faults} == {"f"}
    else:
        str(result.data).encode("utf-8")
        assert all(result.marks[path].line >= 1 for path in result.marks)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
@example(b"\xff\xfe")
@example(b"\xed\xa0\x80: 1")
def test_any_bytes_are_read_or_refused(raw):
    result = outcome(raw)
    assert result.faults if isinstance(result, InputError) else isinstance(result.data, dict)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcxyz", min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcxyz", min_size=1, max_size=5), PLAIN, min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_json_reads_back_unchanged(data):
    """YAML as the json module writes it is the outside reference for structure and numbers."""
    assert parse(json.dumps(data), "f").data == data
