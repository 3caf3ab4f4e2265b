"""Pictures of power: what each design draws, and how a machine's power rises with its load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.plots.style import (
    BLACK,
    COLOURS,
    GREY,
    HATCHES,
    LINES,
    bare,
    errors,
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

POWERS = {"idle_power": "at rest", "mean_power": "mean", "peak_power": "peak"}
ROLES = {
    "hosts": "hosts of VMs",
    "storage": "storage",
    "network": "network",
    "other": "other",
}
BAR = 0.26


@own_style()
def power_by_design(snapshot: Snapshot) -> Figure:
    """Power of each design at rest, on average and at most, by what draws it.

    Parameters
    ----------
    snapshot : Snapshot
        The result of an evaluation.

    Returns
    -------
    Figure
        Stacked bars; the lines are 90 % ranges, and a `?` stands where a part's power is unknown.
    """
    designs = snapshot.designs
    figure = new_figure("Power by design", height=1.2 + 0.72 * len(designs))
    axes = figure.add_subplot()
    for at, design in enumerate(designs):
        for step, power in enumerate(POWERS):
            _stacked(axes, design, power, at + (step - 1) * BAR)
    axes.set_yticks(range(len(designs)), [safe(design["id"]) for design in designs])
    axes.invert_yaxis()
    axes.set_xlabel("power [W]; the three bars of a design: at rest, mean, peak")
    axes.set_xlim(left=0)
    thousands(axes.xaxis)
    bare(axes, "x")
    handles, labels = axes.get_legend_handles_labels()
    first = dict(zip(reversed(labels), reversed(handles), strict=True))
    shown = [label for label in ROLES.values() if label in first]
    axes.legend(
        [first[label] for label in shown],
        shown,
        frameon=False,
        fontsize=8,
        ncols=4,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        borderaxespad=0.2,
    )
    return figure


def _stacked(axes: Axes, design: dict[str, Any], power: str, y: float) -> None:
    left = 0.0
    for index, (role, label) in enumerate(ROLES.items()):
        parts = [item[power]["value"] for item in design["equipment"] if item["role"] == role]
        width = sum(part for part in parts if part is not None)
        if width:
            axes.barh(
                y,
                width,
                BAR * 0.86,
                left=left,
                color=COLOURS[index],
                hatch=HATCHES[index],
                edgecolor="white",
                lw=0.4,
                label=label,
            )
        left += width
    total = design["quantities"][power]
    reach = errors(total)
    if reach is not None:
        axes.errorbar(
            total["value"],
            y,
            xerr=[[reach[0]], [reach[1]]],
            color=BLACK,
            lw=1.1,
            capsize=2.5,
            capthick=1.1,
        )
    if total["value"] is None:
        axes.annotate(
            "at least ?",
            (left, y),
            (3, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
            color=GREY,
        )


@own_style()
def load_curves(snapshot: Snapshot, design: str) -> Figure:
    """Power of each kind of machine of a design over its load, with what a meter read.

    Parameters
    ----------
    snapshot : Snapshot
        The result of an evaluation.
    design : str
        One of its designs.

    Returns
    -------
    Figure
        A line with its 90 % band for each group of machines; dots of its colour are readings.
        Groups whose power is unknown are named below.

    Raises
    ------
    InputError
        When there is no such design.
    """
    figure = new_figure(f"Power over load: {design}")
    axes = figure.add_subplot()
    every = find_design(snapshot, design)["equipment"]
    known = [item for item in every if None not in item["load_curve"]["value"]]
    for index, item in enumerate(known):
        _curve(axes, item, index)
    axes.set_xlabel("load [%]")
    axes.set_ylabel("power of one [W]")
    axes.set_xlim(-2, 102)
    axes.set_ylim(bottom=0)
    bare(axes)
    key(axes, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    told = ["bands: 90 % ranges"]
    if any(item["load_curve"]["readings"] for item in known):
        told.append("dots: read off a meter; triangles: it was at most or at least so much")
    unknown = [item["name"] for item in every if item not in known]
    if unknown:
        told.append(f"unknown: {safe(', '.join(unknown), 60)}")
    note(figure, *told)
    return figure


def _curve(axes: Axes, item: dict[str, Any], index: int) -> None:
    curve, colour = item["load_curve"], COLOURS[index % len(COLOURS)]
    load = 100.0 * np.array(curve["load"])
    value = np.array(curve["value"], dtype=float)
    low, high = (
        np.array([at if end is None else end for end, at in zip(curve[side], value, strict=True)])
        for side in ("low", "high")
    )
    axes.fill_between(load, low, high, color=colour, alpha=0.18, lw=0)
    axes.plot(
        load, value, color=colour, ls=LINES[index % len(LINES)], lw=1.8, label=safe(item["name"])
    )
    for reading in curve["readings"]:
        marker = {"upper": "v", "lower": "^"}.get(reading["bound"], "o")
        axes.plot(
            100.0 * reading["load"],
            reading["power"],
            marker,
            color=colour,
            ms=6,
            mec=BLACK,
            mew=1.0,
        )
