"""Files made to break the reader: every section bent, bombs, loops, odd files, no permission.

Small faults of a plain scenario are in `test_malformed`; these go for the rest of the format.
"""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from kit import OWN_CATALOG, OWN_READINGS, SMALL, Result, few_draws, planner, write_small  # noqa: F401

from planner.strict_yaml import parse

pytestmark = pytest.mark.usefixtures("few_draws")

SECTIONS = ("parts", "corrections", "catalogs", "measurements", "overrides", "sources", "site")
# One design that is changed by an override, and nothing asked of it: every section is still used.
LEAN = SMALL[: SMALL.index("  coded:\n")] + "    apply: [more-boxes]\n"
LEAN += SMALL[SMALL.index("overrides:\n") : SMALL.index("baseline:")]
LEAN += SMALL[SMALL.index("rules: current") :]
QUICK = 20.0  # seconds of the processor; one that goes off takes minutes

BENT = {
    "nothing": None,
    "list": ["a"],
    "mapping": {"a": 1},
    "empty mapping": {},
    "text": "text",
    "number": 1.5,
    "negative": -1,
    "huge": 1e300,
    "flag": False,
    "unknown": "unknown",
    "other unit": "10 kg",
    "not a number": "NaN W",
    "long": "x" * 10_000,
    "range": {"value": "35 W", "low": "40 W"},
}


def places(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for step, below in items:
        yield (*path, step)
        if isinstance(below, dict | list):
            yield from places(below, (*path, step))


def bent(data, path, change):
    data = copy.deepcopy(data)
    home = data
    for step in path[:-1]:
        home = home[step]
    change(home, path[-1])
    return json.dumps(data, indent=1)


def mutants(text, sections=None):
    """Every place with another value, renamed, or gone."""
    data = parse(text, "text").data
    for path in places(data):
        if sections is None or path[0] in sections:
            label = ".".join(map(str, path))
            for name, value in BENT.items():
                yield (
                    f"{label} = {name}",
                    bent(data, path, lambda home, key, value=value: home.__setitem__(key, value)),
                )
            yield f"{label} gone", bent(data, path, lambda home, key: home.__delitem__(key))
            if isinstance(path[-1], str):
                yield (
                    f"{label} renamed",
                    bent(data, path, lambda home, key: home.update({key + "x": home.pop(key)})),
                )


def assert_told(result, *files):
    """Exit code 2, and every line says in which file it is, and where if it is inside one."""
    assert result.code == 2, result.err
    assert result.err
    assert "Traceback" not in result.err
    assert "unexpected" not in result.err
    names = "|".join(map(re.escape, files))
    for line in result.err.splitlines():
        assert re.match(rf"(?:{names})(?::\d+:\d+)?: .+|and \d+ more$", line), line


def assert_used_or_told(result, *files):
    if result.code == 2:
        assert_told(result, *files)
        assert re.search(r":\d+:\d+: ", result.err), result.err
    else:
        assert result.code == 0, result.err
        json.loads(result.out, parse_constant=pytest.fail)


# One in some of the changes keeps the run short; the steps are prime to the number of changes.


@pytest.mark.parametrize("start", range(4))
def test_a_bent_section_is_used_or_told(tmp_path, start):
    path = write_small(tmp_path, LEAN)
    files = [path, str(tmp_path / "own.yaml"), str(tmp_path / "own.csv")]
    for name, text in list(mutants(LEAN, SECTIONS))[start * 5 :: 23]:
        Path(path).write_text(text, encoding="utf-8")
        result = planner("compare", path, "--format", "json")
        assert_used_or_told(result, *files), name


@pytest.mark.parametrize("start", range(2))
def test_a_bent_catalog_is_used_or_told(tmp_path, start):
    path = write_small(tmp_path, LEAN)
    own = tmp_path / "own.yaml"
    for name, text in list(mutants(OWN_CATALOG))[start * 4 :: 9]:
        own.write_text(text, encoding="utf-8")
        result = planner("catalog", "check", str(own))
        if result.code:
            assert_told(result, str(own)), name
        assert_used_or_told(planner("compare", path, "-f", "json"), path, str(own)), name


@pytest.mark.parametrize("value", ["", "nan", "-1", "1e400", "1_0", "x", '"', "x" * 10_000, "\x00"])
def test_bent_readings_are_used_or_told(tmp_path, value):
    path = write_small(tmp_path, LEAN)
    own = tmp_path / "own.csv"
    lines = [line.split(",") for line in OWN_READINGS.splitlines()]
    for row in range(len(lines)):
        for cell in range(row % 2, len(lines[row]), 3):
            changed = copy.deepcopy(lines)
            changed[row][cell] = value
            own.write_text("\n".join(map(",".join, changed)), encoding="utf-8")
            assert_used_or_told(planner("compare", path, "-f", "json"), path, str(own))


def test_there_are_hundreds_of_them():
    count = len(list(mutants(LEAN, SECTIONS))) // 23 * 4 + len(list(mutants(OWN_CATALOG))) // 9 * 2
    assert count > 200


def designs(lines):
    return SMALL.replace("overrides:\n", "".join(lines) + "overrides:\n", 1)


FAT = "  fat:\n    title: fat\n    groups:\n" + "".join(
    f"      g{i}: {{count: 1, node: box}}\n" for i in range(10_000)
)

BOMBS = {
    "designs": (designs(f"  d{i}: {{extends: cluster}}\n" for i in range(9_000)), "more than 200"),
    "chain": (
        designs([*(f"  d{i}: {{extends: d{i + 1}}}\n" for i in range(150)), "  d150: {}\n"]),
        "more than 16 designs extend each other",
    ),
    "copies of much": (
        designs([FAT, *(f"  d{i}: {{extends: fat}}\n" for i in range(190))]),
        "hold more than 100,000 values",
    ),
    "groups": (designs([FAT]), "more than 50 entries"),
    "keys": ("".join(f"k{i}: 1\n" for i in range(40_000)), "unknown key"),
    "items": (SMALL.replace("claims:\n", "claims:\n" + "  - 1\n" * 40_000), "and 150 more"),
    "parts": (
        SMALL.replace("{dell-r320: 1, ", "{" + "".join(f"p{i}: 1, " for i in range(20_000))),
        "unknown part `p0`",
    ),
    "hosts": (SMALL.replace("count: 4\n", "count: 1000000\n"), "write at most 10,000 and 100,000"),
    "drives": (
        SMALL.replace("big-disk: 2}\n    load", "big-disk: 1000}\n    load").replace(
            "count: 4\n", "count: 200\n"
        ),
        "206,200 drives",
    ),
    "digits": (SMALL.replace("count: 20\n", f"count: {'9' * 100_000}\n"), "digits"),
    "aliases": ("a: &a [x]\n" + "b: [*a, *a]\n", "anchor"),
    "brackets": ("a: " + "[" * 200_000, "nested"),
    "steps": ("".join(" " * i + "a:\n" for i in range(500)), "nested"),
    "size": ("# " + "x" * 1_100_000, "larger than"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_quickly(tmp_path, name):
    text, message = BOMBS[name]
    path = write_small(tmp_path, text)
    start = time.process_time()
    result = planner("compare", path)
    assert time.process_time() - start < QUICK
    assert_told(result, path)
    assert message in result.err
    assert len(result.err.splitlines()) <= 51
    assert max(map(len, result.err.splitlines())) < 1000


def odd_files(folder):
    """Files that cannot be read as text."""
    (folder / "folder.yaml").mkdir()
    (folder / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(folder / "pipe.yaml")
    (folder / "binary.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    (folder / "utf-16.yaml").write_bytes(SMALL.encode("utf-16"))
    (folder / "empty.yaml").write_bytes(b"")
    return [
        *(f"{name}.yaml" for name in ("folder", "loop", "pipe", "binary", "utf-16", "empty")),
        "missing.yaml",
        "/dev/zero",
        "",
        ".",
        "n" * 5_000,
        f"{'n' * 5_000}.yaml",
        "no\x1b[31m-such",
    ]


def test_odd_files_as_scenario_base_catalog_and_readings(tmp_path, monkeypatch):
    path = write_small(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in odd_files(tmp_path):
        result = planner("compare", name)
        assert_told(result, name or ".", name.replace("\x1b", "?"))
        assert "\x1b" not in result.err
        quoted = json.dumps(name)
        for text in (
            SMALL.replace("scenario: small\n", f"scenario: small\nextends: {quoted}\n"),
            SMALL.replace("catalogs: [own.yaml]", f"catalogs: [own.yaml, {quoted}]"),
            SMALL.replace("measurements: [own.csv]", f"measurements: [own.csv, {quoted}]"),
        ):
            Path("small.yaml").write_text(text, encoding="utf-8")
            result = planner("compare", "small.yaml")
            assert_told(result, "small.yaml", name)
            assert re.search(r"yaml:\d+:\d+: ", result.err), result.err
    assert Path(path).exists()


@pytest.fixture
def nobody():
    """Without the rights of root, which has all."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        yield
        os.seteuid(0)
    else:
        yield


@pytest.fixture
def closed():
    """A folder with files that nobody may read, in one that all may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_small(folder)
        (folder / "secret.yaml").write_text(SMALL)
        (folder / "secret.yaml").chmod(0)
        (folder / "vault").mkdir()
        (folder / "vault").chmod(0)
        text = SMALL.replace("scenario: small\n", "scenario: small\nextends: vault/inside\n")
        (folder / "above.yaml").write_text(text)
        yield folder
        (folder / "vault").chmod(0o755)


@pytest.mark.usefixtures("nobody")
def test_no_permission(closed):
    for name in ("secret.yaml", "vault/inside.yaml", "vault/inside"):
        result = planner("compare", str(closed / name))
        assert_told(result, str(closed / name))
        assert "Permission denied" in result.err
    above = str(closed / "above.yaml")
    result = planner("compare", above)
    assert_told(result, above)
    assert re.search(r"above\.yaml:2:10: cannot use .*Permission denied", result.err)


COMMANDS = [
    ("compare", "small.yaml"),
    ("check", "small.yaml"),
    ("show", "small.yaml", "cluster"),
    ("explain", "small.yaml", "cluster", "peak_power"),
    ("compare", "folder.yaml"),
    ("compare", "loop.yaml"),
    ("compare", "pipe.yaml"),
    ("compare", "binary.yaml"),
    ("compare", "missing.yaml"),
    ("compare", "/dev/zero"),
    ("catalog", "check", "binary.yaml"),
]


@pytest.fixture
def odd_folder(tmp_path):
    odd_files(tmp_path)
    write_small(tmp_path, SMALL.replace("count: 20\n", "cuont: 20 W\n"))
    return tmp_path


def test_every_command_tells_what_is_wrong_and_prints_no_result(odd_folder, monkeypatch):
    monkeypatch.chdir(odd_folder)
    for arguments in COMMANDS:
        result = planner(*arguments)
        file = next(item for item in arguments if "." in item or "/" in item)
        assert_told(result, file)
        assert result.out == ""


@pytest.mark.parametrize("arguments", COMMANDS[::3], ids=" ".join)
def test_as_a_program(odd_folder, arguments):
    command = [sys.executable, "-m", "planner", *arguments]
    done = subprocess.run(
        command, cwd=odd_folder, capture_output=True, text=True, check=False, timeout=60
    )
    file = next(item for item in arguments if "." in item or "/" in item)
    assert_told(Result(done.returncode, done.stdout, done.stderr), file)
    assert done.stdout == ""
