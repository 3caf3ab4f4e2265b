"""A report that a person can sign: one file, as a web page or as Markdown."""

from __future__ import annotations

from pathlib import Path

from planner.evaluation import Evaluation
from planner.faults import InputError, Mark
from planner.page.html import html_page
from planner.page.markdown import markdown_page

SUFFIXES = (".html", ".htm", ".md")


def write_report(evaluation: Evaluation, path: Path) -> None:
    """Write the report of a scenario.

    Parameters
    ----------
    evaluation : Evaluation
        The scenario with everything that was computed from it.
    path : Path
        The file; its ending decides on the format.

    Raises
    ------
    InputError
        When the ending is another, or the file cannot be written.
    """
    from planner.safe_write import write_text

    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        message = f"a report cannot be written as `{path.suffix or path.name}`"
        raise InputError.at(Mark(str(path)), message, "end the name in .html or .md")
    write_text(path, markdown_page(evaluation) if kind == ".md" else html_page(evaluation))
