"""The reference pages are those that the code makes, and every command is told of."""

from __future__ import annotations

import importlib.util
import re

import pytest
from typer.main import get_command

from planner.cli import app


@pytest.fixture(scope="module")
def generator(root):
    spec = importlib.util.spec_from_file_location("generate", root / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = (
    "scenario-format.md",
    "catalog-format.md",
    "quantities.md",
    "rules.md",
    "commands.md",
    "scenario.schema.json",
    "catalog.schema.json",
)


@pytest.mark.parametrize("name", PAGES)
def test_reference_pages_are_up_to_date(generator, root, name):
    written = (root / "docs" / name).read_text(encoding="utf-8")
    assert written == generator.PAGES[name](), "run `python docs/generate.py`"


def test_every_generated_page_is_held_against_the_code(generator):
    assert set(generator.PAGES) == set(PAGES)


def test_readme_tells_of_every_command(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    for command in get_command(app).commands:
        assert f"`planner {command}" in readme, command


def test_links_between_pages_lead_somewhere(root):
    for page in (root / "README.md", *(root / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
