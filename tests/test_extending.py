"""What the page on extending says, done in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pages
import pytest

TARGET = re.compile(r"`(planner/[\w/]+\.py)`:$")


def change(text: str, kind: str, added: str) -> str:
    """A file with a block of the page put in: what a diff says, or a new end."""
    if kind != "diff":
        return f"{text}\n\n{added}"
    lines = added.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    assert text.count(old) == 1, f"the page changes what is not there:\n{old}"
    return text.replace(old, new)


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    for name in ("planner", "catalogs", "scenarios"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def run(copy, tmp_path):
    def call(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return call


def test_every_step_of_the_page(root, copy, tmp_path, run):
    page = (root / "docs" / "extending.md").read_text(encoding="utf-8")
    changed = set()
    for found in pages.BLOCK.finditer(page):
        target, kind, text = TARGET.search(found["head"]), found["kind"], found["text"]
        named = pages.FILE.search(found["head"])
        if target:
            path = copy / target[1]
            path.write_text(change(path.read_text(), kind, text))
            changed.add(str(path))
        elif kind == "console":
            for command, shown in pages.commands(text):
                _, output = pages.run_command(command, 0, lambda *rest: run("-m", "planner", *rest))
                assert not (missing := pages.unlike(shown, output)), f"{command}: {missing}"
        elif named:
            (tmp_path / named["name"]).write_text(text)
    code, output, errors = run("report.py")
    assert code == 0, errors
    assert re.search(r"^by-the-book [0-9]+ W$", output, re.MULTILINE)
    style = ["-m", "ruff", "check", "-q", "--config", str(root / "pyproject.toml"), *changed]
    assert len(changed) == 4
    assert run(*style) == (0, "", "")
