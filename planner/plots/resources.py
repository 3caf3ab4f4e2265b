"""A picture of what each design has to spare, resource by resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.plots.style import (
    BLACK,
    COLOURS,
    MARKERS,
    bare,
    errors,
    key,
    new_figure,
    note,
    own_style,
    safe,
)
from planner.snapshot import Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RESOURCES = {
    "memory_utilisation": ("memory promised", ""),
    "vcpu_utilisation": ("vCPUs promised", ""),
    "thread_utilisation": ("threads busy, mean", ""),
    "storage_utilisation": ("shared storage", "vm_store_capacity"),
    "healing_utilisation": ("shared storage that heals", "vm_store_heal_capacity"),
    "local_disk_utilisation": ("disks of the hosts", ""),
    "port_utilisation_1g": ("1 Gbit/s ports", "ports_available_1g"),
    "port_utilisation_10g": ("10 Gbit/s ports", "ports_available_10g"),
    "feed_load": ("circuits of a feed, peak", ""),
    "ups_load": ("UPS, W, peak", ""),
    "ups_apparent_load": ("UPS, VA, peak", ""),
    "rack_utilisation": ("rack units", ""),
}
"""What each share is of; where it is infinite it is left out, and what there is is zero."""
MOST = 2.0
ROW = 0.74


@own_style()
def utilisation_by_design(snapshot: Snapshot) -> Figure:
    """How much of each resource the workload and the equipment take of each design.

    Parameters
    ----------
    snapshot : Snapshot
        The result of an evaluation.

    Returns
    -------
    Figure
        A row a resource, a mark a design; lines are 90 % ranges, and marks at the right edge with
        a number beside them lie beyond it.
    """
    designs = snapshot.designs
    rows = [name for name in RESOURCES if any(_share(design, name) for design in designs)]
    title = "How much of each resource the whole workload takes"
    height = 1.5 + max(0.34, 0.075 * len(designs)) * max(len(rows), 3)
    figure = new_figure(title, height=height)
    axes = figure.add_subplot()
    axes.axvline(100.0, color=BLACK, lw=1.2)
    axes.axvspan(100.0, 100.0 * MOST + 40, color="0.94", zorder=0)
    for index, design in enumerate(designs):
        step = (index - 0.5 * (len(designs) - 1)) * ROW / max(len(designs), 1)
        for at, name in enumerate(rows):
            share = _share(design, name)
            if share is not None:
                _mark(axes, share, at + step, index)
        marker, colour = MARKERS[index % len(MARKERS)], COLOURS[index % len(COLOURS)]
        axes.plot([], [], marker, ls="", ms=5, color=colour, label=safe(design["id"], 24))
    axes.set_yticks(range(len(rows)), [RESOURCES[name][0] for name in rows], fontsize=9)
    axes.set_yticks([at + 0.5 for at in range(len(rows) - 1)], minor=True)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-3, 100.0 * MOST + 40)
    axes.set_xlabel("taken of what there is [%]; beyond the line it does not fit")
    bare(axes, "x")
    axes.grid(axis="y", which="minor", color="0.75", lw=0.5)
    axes.tick_params(axis="y", which="both", length=0)
    key(axes, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    told = ("lines: 90 % ranges; none: there is nothing of it", *_missing(designs))
    note(figure, *told)
    return figure


def _share(design: dict[str, Any], name: str) -> dict[str, Any] | None:
    """A share as a number of the snapshot; infinite where something is needed of nothing."""
    quantities = design["quantities"]
    if name in quantities:
        found: dict[str, Any] = quantities[name]
        return found if found["value"] is not None else None
    there = quantities.get(RESOURCES[name][1])
    if there is None or there["value"] != 0.0:
        return None
    return {"value": float("inf"), "low": None, "high": None}


def _missing(designs: list[dict[str, Any]]) -> tuple[str, ...]:
    """Which shares are unknown, by design."""
    found = []
    for design in designs:
        names = [
            label
            for name, (label, _) in RESOURCES.items()
            if name in design["quantities"] and design["quantities"][name]["value"] is None
        ]
        if names:
            found.append(f"unknown of {safe(design['id'], 24)}: {', '.join(names)}")
    return tuple(found[:2])


def _mark(axes: Axes, share: dict[str, Any], y: float, index: int) -> None:
    colour, marker = COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]
    value, reach = share["value"], errors(share)
    if reach is not None:
        ends = (value - reach[0], value + reach[1])
        low, high = (100.0 * min(end, MOST) for end in ends)
        axes.plot([low, high], [y, y], color=colour, lw=1.2, alpha=0.8)
    axes.plot(100.0 * min(value, MOST), y, marker, ms=5, color=colour, mec="white", mew=0.4)
    if value > MOST:
        text = "none" if value == float("inf") else f"{100.0 * value:,.0f}"
        axes.annotate(
            text,
            (100.0 * MOST, y),
            (6 + 20 * (index % 2), 0),
            textcoords="offset points",
            va="center",
            fontsize=6.5,
            color=BLACK,
        )
