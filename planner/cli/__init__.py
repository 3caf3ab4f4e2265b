"""The command line: it parses arguments and calls one function."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from planner.cli import (
    bom,
    calibrate,
    catalog,
    check,
    compare,
    cost,
    diff,
    explain,
    export,
    failures,
    init,
    place,
    plot,
    quantities,
    rules,
    runway,
    schema,
    sensitivity,
    show,
    size,
    wiring,
)
from planner.cli import (
    report as report_command,
)
from planner.cli.common import fail, report
from planner.faults import InputError
from planner.version import __version__

app = typer.Typer(
    name="planner",
    help="Compare designs for a private cloud: power, VM density, replicated capacity, throughput, "
    "cost. Every number has a unit, a range, a source and a derivation.",
    epilog="Begin with `planner compare vrt-2013`, a scenario that is shipped, or `planner init`, "
    "which writes one of your own. `planner COMMAND --help` tells the options of a command.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for module in (
    compare,
    show,
    explain,
    check,
    sensitivity,
    bom,
    cost,
    diff,
    wiring,
    failures,
    place,
    size,
    report_command,
    plot,
    export,
    runway,
    calibrate,
    quantities,
    rules,
    schema,
    init,
):
    module.register(app)
app.add_typer(catalog.app, name="catalog")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"planner {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", help="Show the version.", callback=_version, is_eager=True
    ),
    debug: bool = typer.Option(False, "--debug", help="Show where an unexpected error arose."),
) -> None:
    pass


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for garbage each 100,000 objects: each 700, it takes a sixth of a command's time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def main() -> None:
    """Run the command line; an input that cannot be used gives one line a fault and exit code 2."""
    debug = "--debug" in sys.argv
    try:
        with _rare_collection():
            app()
    except InputError as error:
        report(error)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if debug:
            raise
        what = f"unexpected {type(error).__name__}: {error}"
        fail(f"{what}; run it as `planner --debug ...` for details")
        sys.exit(3)
