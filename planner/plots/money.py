"""A picture of what designs cost, year after year, and when they have paid for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.plots.style import (
    BLACK,
    COLOURS,
    LINES,
    MARKERS,
    bare,
    errors,
    key,
    new_figure,
    note,
    own_style,
    safe,
    thousands,
)
from planner.snapshot import Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAYBACK = "discounted_payback_years"


@own_style()
def cost_over_time(snapshot: Snapshot) -> Figure:
    """What has been spent on each design by the end of each year.

    Parameters
    ----------
    snapshot : Snapshot
        The result of an evaluation.

    Returns
    -------
    Figure
        A line a design, with interest where any is stated; the bar at its end is the 90 % range,
        and a ring is where the design has paid for itself against the present one. Designs whose
        cost is unknown are named below.
    """
    figure = new_figure("Cost over the years", height=4.4)
    axes = figure.add_subplot()
    kind = "worth_today" if snapshot.interest else "spent"
    missing, paid = [], False
    for index, design in enumerate(snapshot.designs):
        flows = design["cash_flow"]
        if not flows or any(flow[kind]["value"] is None for flow in flows):
            missing.append(design["id"])
            continue
        _line(axes, design["id"], flows, kind, index, len(snapshot.designs))
        paid |= _ring(axes, design, flows, kind)
    worth = "spent so far, worth today" if snapshot.interest else "spent so far"
    axes.set_xlabel("years after the purchase")
    axes.set_ylabel(f"{worth} [{snapshot.currency}]")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    last = max(
        (flow["until"] for each in snapshot.designs for flow in each["cash_flow"]), default=1
    )
    axes.set_xticks([year for year in axes.get_xticks() if 0 <= year <= last])
    thousands(axes.yaxis)
    bare(axes)
    key(axes, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    told = ["bars at the end: 90 % ranges"]
    if paid:
        baseline = safe(str(snapshot.data["scenario"]["baseline"]), 24)
        told.append(f"ring: has paid for itself against {baseline}")
    if missing:
        told.append(f"cost unknown: {safe(', '.join(missing), 60)}")
    note(figure, *told)
    return figure


def _line(
    axes: Axes, name: str, flows: list[dict[str, Any]], kind: str, index: int, among: int
) -> None:
    look = {"color": COLOURS[index % len(COLOURS)], "ls": LINES[index % len(LINES)]}
    years = [flow["until"] for flow in flows]
    spent = [flow[kind]["value"] for flow in flows]
    marker = MARKERS[index % len(MARKERS)]
    axes.plot(years, spent, marker=marker, ms=5, lw=1.7, label=safe(name, 24), **look)
    reach = errors(flows[-1][kind])
    if reach is not None:
        beside = years[-1] * (1.03 + 0.15 * index / max(among, 1))
        axes.errorbar(
            beside,
            spent[-1],
            [[reach[0]], [reach[1]]],
            color=look["color"],
            marker=marker,
            ms=4,
            lw=1.3,
            capsize=2.5,
        )


def _ring(axes: Axes, design: dict[str, Any], flows: list[dict[str, Any]], kind: str) -> bool:
    """Mark where the design has paid for itself, within its years of use; whether it has."""
    years = [flow["until"] for flow in flows]
    after = design["quantities"].get(PAYBACK, {"value": None})["value"]
    if after is None or not 0.0 < after <= years[-1]:
        return False
    spent = float(np.interp(after, years, [flow[kind]["value"] for flow in flows]))
    axes.plot(after, spent, "o", ms=14, mfc="none", mec=BLACK, mew=1.4)
    return True
