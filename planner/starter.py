"""A scenario of one's own, from a shipped one."""

from __future__ import annotations

import re
from pathlib import Path

from planner.faults import InputError, Mark
from planner.safe_write import write_text
from planner.scenario import shipped_scenarios
from planner.text_file import exists, read_text
from planner.wording import did_you_mean


def write_scenario(path: Path, source: str, *, replace: bool = False) -> None:
    """Write a copy of a shipped scenario, named after its new file.

    Raises
    ------
    InputError
        When there is no such scenario, or the file exists and may not be replaced.
    """
    known = shipped_scenarios()
    if source not in known:
        remedy = did_you_mean(source, known)
        raise InputError.at(Mark(source), "no such shipped scenario", remedy)
    if exists(path) and not replace:
        raise InputError.at(Mark(str(path)), "the file exists", "name another, or use --force")
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-_")[:64] or "my-cloud"
    if not name[0].isalpha() or name in ("null", "true", "false"):
        name = f'"{name}"'
    text = read_text(known[source], source)
    write_text(path, re.sub(r"(?m)^scenario: .*$", f"scenario: {name}", text, count=1))
