"""Files that cannot be used: a message with its place, exit code 2, never a traceback."""

from __future__ import annotations

import copy
import os
import re

import pytest
import yaml
from kit import few_draws  # noqa: F401

from planner.cli import main

pytestmark = pytest.mark.usefixtures("few_draws")

SMALL = {
    "scenario": "small",
    "title": "Small",
    "currency": "AUD",
    "site": {"electricity_price": "0.25 AUD/kWh", "years_of_use": "5 yr"},
    "admission": "openstack-2023",
    "workload": {
        "vm": {"count": 10, "vcpus": 1, "memory": "2 GiB", "disk": "20 GB", "duty": "10 %"}
    },
    "nodes": {
        "server": {
            "parts": {"dell-r320": 1, "seagate-st3000vx000": 2},
            "load_shape": "specpower-2012-2013",
        }
    },
    "designs": {
        "pooled": {
            "title": "Pooled",
            "groups": {
                "server": {
                    "count": 4,
                    "node": "server",
                    "runs_vms": True,
                    "links": {"net": {"part": "dell-r320", "ports": 2}},
                }
            },
            "storage": {
                "ceph": {
                    "software": "ceph-bluestore",
                    "copies": 3,
                    "network": "net",
                    "hosts": {"server": {"drive": "seagate-st3000vx000"}},
                }
            },
        }
    },
    "requirements": [{"quantity": "vms", "at_least": 10}],
    "claims": [
        {
            "id": "fits",
            "text": "It fits.",
            "holds_if": [{"design": "pooled", "quantity": "vms", "at_least": 10}],
        }
    ],
}

# A value of each sort that is wrong at nearly every place.
WRONG = {
    "mapping": {"a": 1},
    "list": [1, 2],
    "text": "nonsense",
    "negative": -5,
    "huge": 10**17,
    "fraction": 0.5,
    "flag": True,
    "nan": "nan W",
    "formula": "=cmd()",
    "unit": "3 Gb",
    "parsecs": "3 parsec",
    "comma": "3,5 W",
    "control": "a\u0001b",
    "long": "x" * 10_000,
}


def paths(value, path=()):
    """Every place in a tree."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in items:
        yield (*path, key)
        if isinstance(below, dict | list):
            yield from paths(below, (*path, key))


def changed(path, change):
    """The small scenario with one change."""
    tree = copy.deepcopy(SMALL)
    home = tree
    for step in path[:-1]:
        home = home[step]
    change(home, path[-1])
    return tree


def _put(value):
    return lambda home, key: home.__setitem__(key, value)


def _rename(home, key):
    home[f"{key}x"] = home.pop(key)


PATHS = list(paths(SMALL))
MUTANTS = {
    f"{'.'.join(map(str, path))}={name}": changed(path, _put(value))
    for path in PATHS
    for name, value in WRONG.items()
}
MUTANTS |= {
    f"{'.'.join(map(str, path))} renamed": changed(path, _rename)
    for path in PATHS
    if isinstance(path[-1], str)
}
MUTANTS |= {
    f"{'.'.join(map(str, path))} gone": changed(path, lambda home, key: home.pop(key))
    for path in PATHS
}


@pytest.fixture
def fault(tmp_path, monkeypatch, capsys):
    """Compare a scenario; gives the exit code and the messages."""

    def call(text, *arguments):
        file = tmp_path / "bad.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        monkeypatch.chdir(tmp_path)
        command = arguments or ("compare", "bad.yaml", "--format", "json")
        monkeypatch.setattr("sys.argv", ["planner", *command])
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code, capsys.readouterr().err

    return call


def assert_told(code, messages, file="bad.yaml"):
    assert code == 2, messages
    assert "Traceback" not in messages
    assert "unexpected" not in messages
    for line in messages.splitlines():
        assert re.match(rf"{re.escape(file)}(:\d+:\d+)?: .+|and \d+ more", line), line


# One change in three keeps the run short; the step is prime to the number of sorts.
@pytest.mark.parametrize("name", sorted(MUTANTS)[::3])
def test_one_change_is_used_or_told_with_its_place(fault, name):
    code, messages = fault(yaml.safe_dump(MUTANTS[name], sort_keys=False, allow_unicode=False))
    if code in (None, 0):
        return
    assert_told(code, messages)
    assert re.search(r"bad\.yaml:\d+:\d+: ", messages), messages


def test_there_are_enough_of_them():
    assert len(sorted(MUTANTS)[::3]) > 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("---\n", "empty"),
        ("- a\n", "key"),
        ("a: [\n", r":\d+:\d+: "),
        ("a: 1\na: 2\n", "already on line 1"),
        ("a: &x 1\nb: *x\n", "anchor"),
        ("<<: {a: 1}\n", "merge"),
        ("a: !!python/object:os.system x\n", "tag"),
        ("a:\n\t- b\n", "tab"),
        ("a: 1\n---\nb: 2\n", "document"),
        ("[" * 100_000, r":\d+:\d+: "),
        ("a: " + "9" * 5000, r":\d+:\d+: "),
        ("a: .nan\n", r":\d+:\d+: "),
        ("x" * 1_100_000, "larger than"),
        (b"\x7fELF\x00\x01\x02\xff\xfe", r"bad\.yaml"),
        (b"a: \xff\xfe\n", "UTF-8"),
        ("extends: bad.yaml\n", "leads back|circle"),
        ("extends: no-such\n", "no-such"),
        ("extends: .\n", "folder|extends"),
        ("extends: [a]\n", "extends"),
        ("scenario: x\n", "missing"),
    ],
)
def test_files_that_are_no_scenario(fault, text, message):
    code, messages = fault(text)
    assert_told(code, messages)
    assert re.search(message, messages), messages


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        (("count: 4", "cuont: 4"), r"\d+:\d+", "did you mean `count`"),
        (("count: 4", "count: 4.5"), r"\d+:\d+", "whole number"),
        (("count: 4", "count: -4"), r"\d+:\d+", "out of range|at least"),
        (("dell-r320: 1", "dell-r330: 1"), r"\d+:\d+", "did you mean `dell-r320`"),
        (("2 GiB", "2 Gb"), r"\d+:\d+", "Gbit|GB"),
        (("2 GiB", "2 W"), r"\d+:\d+", "W"),
        (("0.25 AUD/kWh", "0.25 EUR/kWh"), r"\d+:\d+", "AUD"),
        (("copies: 3", "copies: 0"), r"\d+:\d+", "copies"),
        (("ports: 2", "ports: 9"), r"\d+:\d+", "ports"),
        (("network: net", "network: nat"), r"\d+:\d+", "did you mean `net`"),
        (("software: ceph-bluestore", "software: cef"), r"\d+:\d+", "unknown part"),
        (("quantity: vms", "quantity: wms"), r"\d+:\d+", "did you mean `vms`"),
        (("title: Pooled", "title: Pooled\n    extends: pooled"), r"\d+:\d+", "circle|itself"),
        (
            ("title: Pooled", "title: Pooled\n    extends: other"),
            r"\d+:\d+",
            "got `other`; known are: pooled",
        ),
        (("title: Pooled", "title: Pooled\n    apply: [other]"), r"\d+:\d+", "other"),
    ],
)
def test_the_message_says_where_what_and_what_instead(fault, change, place, message):
    text = yaml.safe_dump(SMALL, sort_keys=False)
    assert change[0] in text
    code, messages = fault(text.replace(*change, 1))
    assert_told(code, messages)
    assert re.search(rf"bad\.yaml:{place}: ", messages), messages
    assert re.search(message, messages), messages


def test_all_faults_of_a_file_are_told_at_once(fault):
    text = yaml.safe_dump(SMALL, sort_keys=False)
    for old, new in (("2 GiB", "2 Gb"), ("count: 4", "cuont: 4"), ("10 %", "110 %")):
        text = text.replace(old, new, 1)
    code, messages = fault(text)
    assert code == 2
    for part in ("Gb", "cuont", "110 %"):
        assert part in messages


def test_a_folder_and_a_missing_file(fault, tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    for name in ("folder.yaml", "missing.yaml", "."):
        code, messages = fault("", "compare", name)
        assert_told(code, messages, name)


def test_a_pipe_does_not_hang(fault, tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    code, messages = fault("", "compare", "pipe.yaml")
    assert_told(code, messages, "pipe.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: bords\nparts: {}\n", "did you mean `boards`"),
        ("kind: boards\nparts:\n  b: {title: B, max_memory: 16 GiB}\n", "no basis"),
        (
            "kind: boards\nparts:\n  b:\n    title: B\n"
            "    max_memory: {value: 16 GiB, basis: datasheet, source: x}\n",
            "unknown source",
        ),
        (
            "kind: boards\nparts:\n  b:\n    title: B\n"
            "    max_memory: {value: 16 GiB, low: 20 GiB, basis: assumption}\n",
            "wrong side",
        ),
        ("kind: boards\nparts:\n  b: {titel: B}\n", "did you mean `title`"),
        ("kind: boards\n", "missing"),
        ("kind: [boards]\nparts: {}\n", r":\d+:\d+: "),
        ("kind: drives\nparts: {d: {title: D, capacity: {value: -1 B, basis: assumption}}}\n", ":"),
    ],
)
def test_catalogs_that_cannot_be_used(fault, text, message):
    code, messages = fault(text, "catalog", "check", "bad.yaml")
    assert_told(code, messages)
    assert re.search(message, messages), messages
