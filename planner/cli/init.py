"""``planner init``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.common import tell

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")]
FromOption = Annotated[
    str | None,
    typer.Option("--from", help="The shipped scenario to start from; `today` by default."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]
Count = Annotated[str | None, typer.Option("--vms", help="How many VMs: 50.")]
Vcpus = Annotated[str | None, typer.Option("--vcpus", help="Virtual processors of each: 2.")]
Memory = Annotated[str | None, typer.Option("--memory", help="Memory of each: '4 GiB'.")]
Disk = Annotated[str | None, typer.Option("--disk", help="Disk of each: '60 GB'.")]
Duty = Annotated[str | None, typer.Option("--duty", help="Share of time they work: '10 %'.")]
Price = Annotated[
    str | None,
    typer.Option("--electricity-price", help="Price of electricity: '0.20 USD/kWh'."),
]
Years = Annotated[str | None, typer.Option("--years", help="Years of use: '5 yr'.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init", epilog="Example: planner init my-cloud.yaml --vms 80 --memory '8 GiB'")(
        init
    )


def init(
    file: FileArgument = Path("my-cloud.yaml"),
    source: FromOption = None,
    force: ForceOption = False,
    vms: Count = None,
    vcpus: Vcpus = None,
    memory: Memory = None,
    disk: Disk = None,
    duty: Duty = None,
    electricity_price: Price = None,
    years: Years = None,
) -> None:
    """Write a scenario that runs, to start from.

    On a terminal it asks for your VMs and the price of electricity, unless options tell them.
    """
    from planner.starter import QUESTIONS, TEMPLATE, currency_of, template, write_scenario

    told = (vms, vcpus, memory, disk, duty, electricity_price, years)
    answers = {name: text for name, text in zip(QUESTIONS, told, strict=True) if text is not None}
    if not answers and source is None and sys.stdin.isatty() and sys.stderr.isatty():
        currency = currency_of(template(TEMPLATE), TEMPLATE)
        answers = {
            name: typer.prompt(
                question.text,
                default=question.default,
                value_proc=partial(_usable, name, currency),
                err=True,
            )
            for name, question in QUESTIONS.items()
        }
    write_scenario(file, source or TEMPLATE, answers, replace=force)
    tell(f"Wrote {file}. Next: planner compare {file}")


def _usable(name: str, currency: str, answer: str) -> str:
    """An answer that the scenario can hold; any other is asked for again."""
    from planner.starter import faults_of

    for fault in faults_of(name, answer, currency):
        raise typer.BadParameter(f"{fault.message}; {fault.remedy}")
    return answer
