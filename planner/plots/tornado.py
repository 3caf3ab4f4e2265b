"""A picture of what moves a result: each uncertain input alone at its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.faults import InputError, Mark
from planner.plots.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    bare,
    key,
    new_figure,
    note,
    own_style,
    safe,
    thousands,
)
from planner.snapshot import Snapshot, find_design

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 12
LONGEST = 44
ENDS = {"low": ("input at its low end", BLUE, ""), "high": ("at its high end", ORANGE, "///")}


def swings_of(snapshot: Snapshot, design: str) -> list[str]:
    """The quantities of a design of which the snapshot knows what moves them."""
    return [item["quantity"] for item in snapshot.data["sensitivity"] if item["design"] == design]


@own_style()
def tornado(snapshot: Snapshot, design: str, quantity: str | None = None) -> Figure:
    """What moves a quantity of a design most, the widest swing on top.

    Parameters
    ----------
    snapshot : Snapshot
        The result of an evaluation.
    design : str
        One of its designs.
    quantity : str, optional
        One of the quantities whose swings the snapshot holds; by default the first, a cost.

    Returns
    -------
    Figure
        Two bars an input, from the expected result to those at the ends of its 90 % range.

    Raises
    ------
    InputError
        When there is no such design, or the snapshot does not know what moves the quantity.
    """
    known = swings_of(snapshot, find_design(snapshot, design)["id"])
    quantity = quantity or next(iter(known), "anything")
    if quantity not in known:
        message = f"what moves {safe(quantity)} is not in the snapshot"
        raise InputError.at(Mark("plot"), message, f"name one of {', '.join(known) or 'another'}")
    found = next(
        item
        for item in snapshot.data["sensitivity"]
        if (item["design"], item["quantity"]) == (design, quantity)
    )
    swings = found["swings"][:MOST]
    words = quantity.replace("_", " ")
    figure = new_figure(f"What moves the {words} of {design}", height=1.5 + 0.23 * len(swings))
    axes = figure.add_subplot()
    if found["value"] is None or not swings:
        text = "unknown" if found["value"] is None else "nothing uncertain moves it"
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", color=GREY)
    else:
        _bars(axes, found["value"], swings)
    axes.set_xlabel(f"{words} [{found['unit']}]")
    told = "each input alone at the ends of its 90 % range"
    rest = found.get("smaller", 0) + len(found["swings"]) - len(swings)
    if rest:
        told += f"; {rest} more move it less"
    note(figure, told)
    return figure


def _bars(axes: Axes, value: float, swings: list[dict[str, Any]]) -> None:
    for end, (label, colour, hatch) in ENDS.items():
        axes.barh(
            range(len(swings)),
            [item[end] - value for item in swings],
            0.68,
            left=value,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            lw=0.4,
            label=label,
        )
    axes.axvline(value, color=BLACK, lw=1.0)
    axes.set_yticks(
        range(len(swings)), [safe(item["input"], LONGEST) for item in swings], fontsize=8
    )
    axes.set_ylim(len(swings) - 0.4, -0.6)
    axes.margins(x=0.06)
    axes.tick_params(axis="y", length=0)
    thousands(axes.xaxis)
    bare(axes, "x")
    key(axes, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.2)
