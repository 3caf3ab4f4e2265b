"""A scenario of one's own, from a shipped one and a few answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from planner.catalog import reader_of
from planner.faults import Fault, InputError, Mark
from planner.safe_write import write_text
from planner.scenario import Flavour, Site, shipped_scenarios
from planner.strict_yaml import parse
from planner.text_file import exists, read_text
from planner.wording import did_you_mean

TEMPLATE = "today"


@dataclass(frozen=True)
class Question:
    """What is asked of whoever starts a scenario.

    Parameters
    ----------
    text : str
        The question.
    model, key : type, str
        The key of the scenario that it answers.
    default : str
        What most would answer.
    """

    text: str
    model: type[BaseModel]
    key: str
    default: str


QUESTIONS = {
    "vms": Question("How many VMs", Flavour, "count", "50"),
    "vcpus": Question("Virtual processors of each", Flavour, "vcpus", "2"),
    "memory": Question("Memory of each", Flavour, "memory", "4 GiB"),
    "disk": Question("Disk of each", Flavour, "disk", "60 GB"),
    "duty": Question("Share of time that they work", Flavour, "duty", "10 %"),
    "electricity-price": Question(
        "Price of electricity", Site, "electricity_price", "0.20 USD/kWh"
    ),
    "years": Question("Years of use", Site, "years_of_use", "5 yr"),
}


def write_scenario(
    path: Path, source: str, answers: Mapping[str, str], *, replace: bool = False
) -> None:
    """Write a copy of a shipped scenario, named after its new file, with one's own answers.

    Parameters
    ----------
    path : Path
        The file to write.
    source : str
        Name of the shipped scenario.
    answers : mapping of str to str
        Answers to some of the `QUESTIONS`, by name; any about the VMs replaces the workload.
    replace : bool
        Whether the file may exist.

    Raises
    ------
    InputError
        When there is no such scenario, an answer cannot be used, or the file exists and may not
        be replaced.
    """
    text = template(source)
    currency = currency_of(text, source)
    faults = [
        fault for name, answer in answers.items() for fault in faults_of(name, answer, currency)
    ]
    if exists(path) and not replace:
        faults.append(Fault(Mark(str(path)), "the file exists", "name another, or use --force"))
    if faults:
        raise InputError(faults)
    write_text(path, _with_name(_with_answers(text, source, answers), path))


def template(source: str) -> str:
    """The text of a shipped scenario.

    Raises
    ------
    InputError
        When there is none of that name.
    """
    known = shipped_scenarios()
    if source not in known:
        remedy = did_you_mean(source, known)
        raise InputError.at(Mark(source), "no such shipped scenario", remedy)
    return read_text(known[source], source)


def currency_of(text: str, source: str) -> str:
    """What a scenario counts money in."""
    return str(parse(text, source).data["currency"])


def faults_of(name: str, answer: str, currency: str) -> Iterator[Fault]:
    """What is wrong with an answer to one of the `QUESTIONS`, found by what reads the scenario."""
    question = QUESTIONS[name]
    reader = reader_of(question.model, question.key)
    assert reader is not None
    try:
        reader(int(answer) if reader.whole and answer.isdecimal() else answer)
    except PydanticCustomError as wrong:
        context = wrong.context or {}
        yield Fault(Mark(f"--{name}"), context["message"], context["remedy"])
        return
    if name == "electricity-price" and currency not in answer:
        message = f"the prices of this scenario are in {currency}"
        remedy = f"write it like `0.20 {currency}/kWh`; the file may be changed afterwards"
        yield Fault(Mark(f"--{name}"), message, remedy)


def _with_name(text: str, path: Path) -> str:
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-_")[:64] or "my-cloud"
    if not name[0].isalpha() or name in ("null", "true", "false"):
        name = f'"{name}"'
    return re.sub(r"(?m)^scenario: .*$", f"scenario: {name}", text, count=1)


def _with_answers(text: str, source: str, answers: Mapping[str, str]) -> str:
    for name, answer in answers.items():
        question = QUESTIONS[name]
        if question.model is Site:
            text = _put(text, source, ("site", question.key), f"  {question.key}: {answer}")
    vms = {name: item for name, item in QUESTIONS.items() if item.model is Flavour}
    if vms.keys() & answers.keys():
        lines = (f"    {item.key}: {answers.get(name, item.default)}" for name, item in vms.items())
        text = _put(text, source, ("workload",), "\n".join(["workload:", "  vm:", *lines]))
    return text


def _put(text: str, source: str, path: tuple[str, ...], block: str) -> str:
    """The text with another block in place of a key and all below it; comments stay."""
    lines = text.split("\n")
    mark = parse(text, source).key_mark(path)
    first, indent = (mark.line or 1) - 1, (mark.column or 1) - 1
    last = first + 1
    for at, line in enumerate(lines[first + 1 :], first + 1):
        if line.strip() and not line.lstrip().startswith("#"):
            if len(line) - len(line.lstrip()) <= indent:
                break
            last = at + 1
    return "\n".join([*lines[:first], *block.split("\n"), *lines[last:]])
