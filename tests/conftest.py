"""Helpers that many tests share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import shared
from hypothesis import settings

from planner import evaluation

# Times are measured in benchmarks/; what an attack could make hang is bounded in processor time.
# The examples are the same in each run, so that a test that fails does so for everybody; others
# are tried by `pytest --hypothesis-profile=search`.
settings.register_profile("planner", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=50)
settings.load_profile("planner")

ROOT = Path(__file__).parent.parent
SHIPPED = shared.Evaluations(evaluation.evaluate_fully)
evaluation.evaluate_fully = SHIPPED


@pytest.fixture(scope="session", autouse=True)
def _shared_evaluations():
    """Fail at the end if a test changed an evaluation that others read too."""
    yield
    assert SHIPPED.changed() == []


@pytest.fixture
def anew(monkeypatch):
    """Evaluate everything anew, where sameness is at issue."""
    monkeypatch.setattr(evaluation, "evaluate_fully", SHIPPED.evaluate)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def snapshot():
    """The results of the shipped scenario of 2013."""
    import planner

    return planner.evaluate("vrt-2013")


class Result(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys) -> Callable[..., Result]:
    """Run the command line within this process, in an empty folder."""

    def call(*arguments: str) -> Result:
        from planner.cli import main

        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["planner", *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Result(code, *capsys.readouterr())

    return call


@pytest.fixture
def run_process(tmp_path) -> Callable[..., Result]:
    """Run the command line as a user does, in a process of its own in an empty folder."""

    def call(*arguments: str) -> Result:
        command = [sys.executable, "-m", "planner", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return call
