"""All pictures of a scenario, as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.plots.decision import pareto_map
from planner.plots.money import cost_over_time
from planner.plots.power import load_curves, power_by_design
from planner.plots.resources import utilisation_by_design
from planner.plots.storage import backends_of, capacity_waterfall, failures_staircase
from planner.plots.style import picture
from planner.plots.tornado import swings_of, tornado
from planner.safe_write import make_folder, write_bytes
from planner.snapshot import Snapshot, find_design

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Picture = tuple[str, Callable[[], "Figure"]]
Survival = Callable[[str], dict[str, Any]]


def album(
    snapshot: Snapshot, designs: Iterable[str], failures: Survival | None = None
) -> Iterator[Picture]:
    """The pictures of a scenario by file name, each drawn when it is called.

    Parameters
    ----------
    snapshot : Snapshot
        The result of an evaluation.
    designs : iterable of str
        Designs that get pictures of their own.
    failures : callable, optional
        Gives what a design survives, by its name; no picture of it without.
    """
    yield "power", partial(power_by_design, snapshot)
    yield "utilisation", partial(utilisation_by_design, snapshot)
    yield "cost-over-time", partial(cost_over_time, snapshot)
    yield "cost-and-vms", partial(pareto_map, snapshot)
    for name in designs:
        yield f"{name}-load", partial(load_curves, snapshot, name)
        for backend in backends_of(find_design(snapshot, name)):
            yield f"{name}-{backend}-capacity", partial(capacity_waterfall, snapshot, name, backend)
        for quantity in swings_of(snapshot, name):
            picture_name = f"{name}-{quantity.replace('_', '-')}-sensitivity"
            yield picture_name, partial(tornado, snapshot, name, quantity)
        if failures is not None:
            yield f"{name}-failures", partial(_failures, failures, name)


def _failures(failures: Survival, name: str) -> Figure:
    return failures_staircase(failures(name))


def write_album(
    pictures: Iterable[Picture], folder: Path, kinds: Iterable[str], tell: Callable[[str], None]
) -> None:
    """Draw and write every picture in each format.

    Parameters
    ----------
    pictures : iterable
        What `album` gives.
    folder : Path
        Where to; it is made if it is not there.
    kinds : iterable of {"png", "svg"}
        Formats.
    tell : callable
        Is told each file that was written.

    Raises
    ------
    InputError
        When the folder or a file cannot be written.
    """
    make_folder(folder)
    for name, draw in pictures:
        figure = draw()
        for kind in kinds:
            path = folder / f"{name}.{kind}"
            write_bytes(path, picture(figure, kind))
            tell(str(path))
