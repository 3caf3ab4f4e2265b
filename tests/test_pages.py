"""Every example of the documentation runs, and everything public is told of somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import kit
import pages
import pytest
from typer.main import get_command

from planner.cli import app
from planner.rules import RULES
from planner.wiring import sheets

DOCS = Path(__file__).parent.parent / "docs"
HOW_TO = sorted(page.name for page in (DOCS / "how-to").glob("*.md"))
OWN_TEST = ("extending.md",)


def in_process(*arguments: str) -> tuple[int, str, str]:
    result = kit.planner(*arguments)
    return result.code, result.out, result.err


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tutorial_files(tmp_path_factory):
    """The files that a reader of the tutorial has; the how-to pages start from them."""
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in pages.blocks(text("tutorial.md")):
            for command, _ in pages.commands(block.text):
                if command.startswith("planner init"):
                    pages.run_command(command, 0, in_process)
            if block.file:
                (folder / block.file).write_text(block.text, encoding="utf-8")
    return folder


def test_tutorial_shows_real_output(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert pages.run_page(text("tutorial.md"), tmp_path, in_process) >= 8


def test_python_page_shows_real_output(tmp_path):
    assert pages.run_page(text("python.md"), tmp_path, in_process) == 2


@pytest.mark.parametrize("name", HOW_TO)
def test_how_to_page_shows_real_output(name, tutorial_files, tmp_path, monkeypatch):
    shutil.copytree(tutorial_files, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    assert pages.run_page(text(f"how-to/{name}"), tmp_path, in_process)


def test_examples_on_other_pages_would_be_run():
    """Console and Python blocks stand only on pages that a test runs."""
    ran = {"tutorial.md", "python.md", *OWN_TEST}
    for page in DOCS.glob("*.md"):
        kinds = {block.kind for block in pages.blocks(page.read_text(encoding="utf-8"))}
        assert not {"console", "python"} & kinds or page.name in ran, page.name


@pytest.mark.parametrize(
    "shown, wrong",
    [
        ("a\nb\nc\n", ""),
        ("...\nb\n...\n", ""),
        ("", ""),
        ("a\n...\n", ""),
        ("a\nb\n", "prints also: c"),
        ("b\n...\n", "does not print here: b"),
        ("a\nc\n", "does not print here: c"),
        ("...\nc\nb\n...\n", "does not print here: b"),
        ("...\nd\n", "does not print here: d"),
    ],
)
def test_what_counts_as_the_same_output(shown, wrong):
    assert pages.unlike(shown, "a\n\nb\nc\n") == wrong


def test_every_quantity_is_on_its_page():
    page = text("quantities.md").replace("\\", "")
    for sheet in sheets():
        for name, quantity in sheet.quantities.items():
            assert f"{quantity.function.__module__}.{quantity.function.__name__}" in page, name


def test_every_rule_is_on_its_page():
    page = text("rules.md")
    for one in RULES:
        assert f"### {one.code}\n" in page


def test_every_command_and_option_is_on_its_page():
    page = text("commands.md")
    for name, command in get_command(app).commands.items():
        for inner, one in getattr(command, "commands", {"": command}).items():
            title = f"## planner {name} {inner}".rstrip() + "\n"
            assert title in page
            section = page.partition(title)[2].partition("\n## ")[0]
            for parameter in one.params:
                spelled = parameter.opts if parameter.param_type_name == "option" else ()
                assert all(option in section for option in spelled), (name, parameter.name)


def test_pages_name_only_files_and_tests_that_are_there(root):
    for page in (*DOCS.glob("*.md"), *DOCS.glob("how-to/*.md")):
        found = re.findall(
            r"`((?:tests|benchmarks|planner)/[\w/]+\.py)(?:::(\w+))?", page.read_text()
        )
        for path, test in found:
            assert (root / path).exists(), f"{page.name}: {path}"
            assert not test or f"def {test}(" in (root / path).read_text(), f"{page.name}: {test}"


def test_site_builds_without_a_dead_link(root, tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for page in tmp_path.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(\w+:)?//", page.read_text()
        )
        assert not loaded, f"{page.name} loads from elsewhere"
