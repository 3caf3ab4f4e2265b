"""Pictures of the choice: which design beats which, and what could change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.plots.style import (
    BLACK,
    COLOURS,
    GREY,
    MARKERS,
    bare,
    errors,
    new_figure,
    note,
    own_style,
    safe,
    thousands,
)
from planner.snapshot import QUANTITIES, Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@own_style()
def pareto_map(snapshot: Snapshot, x: str | None = None, y: str = "vms") -> Figure:
    """Designs by two quantities: what is dominated, what qualifies, and how sure it is.

    Parameters
    ----------
    snapshot : Snapshot
        The result of an evaluation.
    x, y : str
        Quantities; by default the cost that the recommendation counts, and how many VMs it holds.

    Returns
    -------
    Figure
        Filled marks qualify, hollow ones do not, and a ring marks what is recommended; crosses
        are 90 % ranges. What another design dominates says so, by all criteria of the comparison.
        A design of which either number is unknown is named below.
    """
    choice = snapshot.data.get("recommendation") or {}
    usual = (x, y) == (None, "vms")
    x = x or choice.get("cost") or "total_cost"
    title = "What each design costs and holds" if usual else f"{y} over {x}"
    figure = new_figure(title, height=4.6)
    axes = figure.add_subplot()
    ranking = {item["design"]: item for item in choice.get("ranking", ())}
    missing: list[str] = []
    places: list[tuple[str, float, float]] = []
    for index, design in enumerate(snapshot.designs):
        numbers = [design["quantities"].get(name) or {"value": None} for name in (x, y)]
        if any(number["value"] is None for number in numbers):
            missing.append(design["id"])
            continue
        _mark(axes, index, numbers, bool(ranking.get(design["id"], {}).get("qualified")))
        places.append((design["id"], numbers[0]["value"], numbers[1]["value"]))
        if design["id"] == choice.get("design"):
            axes.plot(*places[-1][1:], "o", ms=19, mfc="none", mec=BLACK, mew=1.5)
    _label(axes, places, {item["design"] for item in choice.get("dominated", ())})
    axes.set_xlabel(_axis(snapshot, x))
    axes.set_ylabel(_axis(snapshot, y))
    axes.set_xlim(0, 1.05 * axes.get_xlim()[1])
    top = 1.12 * axes.get_ylim()[1]
    axes.set_ylim(-0.03 * top, top)
    thousands(axes.xaxis, axes.yaxis)
    bare(axes, "both")
    told = ["filled: qualifies", "ring: recommended", "bars: 90 % ranges"]
    if missing:
        told.append(f"unknown: {safe(', '.join(missing), 60)}")
    note(figure, *told)
    return figure


def _mark(axes: Axes, index: int, numbers: list[dict[str, Any]], fits: bool) -> None:
    colour = COLOURS[index % len(COLOURS)]
    across, up = (errors(number) for number in numbers)
    axes.errorbar(
        numbers[0]["value"],
        numbers[1]["value"],
        xerr=None if across is None else [[across[0]], [across[1]]],
        yerr=None if up is None else [[up[0]], [up[1]]],
        fmt=MARKERS[index % len(MARKERS)],
        ms=9,
        color=colour,
        mfc=colour if fits else "white",
        mew=1.6,
        lw=0.9,
        capsize=2,
    )


def _label(axes: Axes, places: list[tuple[str, float, float]], dominated: set[str]) -> None:
    """Names beside the marks; below where another name stands above already."""
    wide = max((x for _, x, _ in places), default=1.0) or 1.0
    high = max((y for _, _, y in places), default=1.0) or 1.0
    for index, (name, x, y) in enumerate(places):
        near = sum(
            abs(left - x) < 0.2 * wide and abs(up - y) < 0.06 * high
            for _, left, up in places[:index]
        )
        above = 7 - 19 * near
        beaten = name in dominated
        axes.annotate(
            safe(name, 24) + (" (dominated)" if beaten else ""),
            (x, y),
            (11, above),
            textcoords="offset points",
            fontsize=8,
            color=GREY if beaten else BLACK,
        )


def _axis(snapshot: Snapshot, name: str) -> str:
    units = (
        design["quantities"][name]["unit"]
        for design in snapshot.designs
        if name in design["quantities"]
    )
    unit = next(units, QUANTITIES.get(name, ""))
    return "VMs" if name == "vms" else f"{name.replace('_', ' ')} [{unit}]"
