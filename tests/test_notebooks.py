"""The notebooks tell what is computed today, and show it where nothing runs."""

from __future__ import annotations

import ast
import base64
import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

import planner

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PNG = b"\x89PNG\r\n\x1a\n"
NAMES_WITH_DIGITS = ("1.5 kW", "1U", "2013")
"""What prose may say in digits: names; notebook 1 asserts the first. Numbers are computed."""

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def load_build():
    spec = importlib.util.spec_from_file_location("build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = load_build()


def read(path):
    return nbformat.read(path, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_notebook_shows_pictures_and_no_error(path):
    notebook = read(path)
    outputs = [output for cell in code(notebook) for output in cell.outputs]
    assert all(output.output_type != "error" for output in outputs)
    assert all(output.get("name") != "stderr" for output in outputs)
    assert all(cell.execution_count for cell in code(notebook))
    pictures = [
        output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})
    ]
    assert pictures
    assert all(base64.b64decode(picture).startswith(PNG) for picture in pictures)
    assert path.stat().st_size < 500_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_notebook_holds_nothing_that_changes_from_run_to_run(path):
    kept = path.read_text(encoding="utf-8")
    assert nbformat.writes(build.cleaned(read(path))) + "\n" == kept


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_prose_holds_no_number_that_is_not_computed(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"`[^`]*`", "", cell.source)
            for name in NAMES_WITH_DIGITS:
                prose = prose.replace(name, "")
            assert not re.search(r"[0-9]", prose), prose


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_only_the_public_interface_is_used(path):
    tree = ast.parse("\n".join(cell.source for cell in code(read(path))))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not node.module.startswith("planner")
        elif isinstance(node, ast.Import):
            assert all(not alias.name.startswith("planner.") for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.value.id != "planner" or node.attr in planner.__all__
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_sliders_need_no_output_widget(path):
    """With one, as `interact` makes it, nbclient waits in vain now and then (its issue 312)."""
    cells = [cell for cell in code(read(path)) if "Slider(" in cell.source]
    assert cells
    assert not any(re.search(r"\binteract|\bOutput\b", cell.source) for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_tells_what_is_computed_today(path):
    today = build.told(build.executed(path))
    assert today == build.told(read(path)), f"run `python notebooks/build.py {path.name}`"
