"""Pages of the documentation, run as a reader would: files are written, commands print the same."""

from __future__ import annotations

import doctest
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"(?P<head>[^\n]*)\n\n?^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE
)
FILE = re.compile(r"`(?P<name>[\w.-]+\.\w+)`:$")
GAP = "..."

Run = Callable[..., tuple[int, str, str]]
"""Runs the command line in the page's folder: exit code, standard output, standard error."""


@dataclass(frozen=True)
class Block:
    """A fenced block; the line before it may name the file that it is."""

    file: str
    kind: str
    text: str


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for found in BLOCK.finditer(page):
        named = FILE.search(found["head"])
        yield Block(named["name"] if named else "", found["kind"], found["text"])


def commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with what the page shows of its output."""
    for part in re.split(r"^\$ ", text.replace("\\\n", ""), flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def run_page(page: str, folder: Path, run: Run) -> int:
    """Write each file and run each command of a page; how many examples there were."""
    code, count = 0, 0
    for block in blocks(page):
        if block.kind == "console":
            for command, shown in commands(block.text):
                code, output = run_command(command, code, run)
                assert not (missing := unlike(shown, output)), f"`{command}`: {missing}\n{output}"
                count += 1
        elif block.kind == "python" and ">>>" in block.text:
            run_python(block.text)
            count += 1
        elif block.file:
            (folder / block.file).write_text(block.text, encoding="utf-8")
    return count


def run_command(command: str, code: int, run: Run) -> tuple[int, str]:
    """Run one line of a console block."""
    if command == "echo $?":
        return 0, str(code)
    command, _, file = command.partition(" > ")
    program, *arguments = shlex.split(command)
    assert program == "planner", f"a page shows `{command}`, which no test runs"
    code, output, errors = run(*arguments)
    assert code in (0, 1) or errors, errors
    if file:
        Path(file).write_text(output, encoding="utf-8")
        return code, errors
    return code, output if output.strip() else errors


def run_python(text: str) -> None:
    """Run the examples of a Python block."""
    test = doctest.DocTestParser().get_doctest(text, {}, "page", None, None)
    failures, _ = doctest.DocTestRunner(verbose=False).run(test)
    assert not failures, text


def unlike(shown: str, output: str) -> str:
    """Where a page differs from the real output; `...` stands for lines that it leaves out."""
    wanted = [line.rstrip() for line in shown.splitlines() if line.strip()]
    real = [line.rstrip() for line in output.splitlines() if line.strip()]
    at, free = 0, False
    for line in wanted:
        if line == GAP:
            free = True
        elif free and line in real[at:]:
            at, free = real.index(line, at) + 1, False
        elif free or at >= len(real) or real[at] != line:
            return f"does not print here: {line}"
        else:
            at += 1
    return "" if not wanted or free or at == len(real) else f"prints also: {real[at]}"
