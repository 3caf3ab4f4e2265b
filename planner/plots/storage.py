"""Pictures of storage: from raw drives to what is safe, and what losses leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.faults import InputError, Mark
from planner.plots.style import (
    BLACK,
    BLUE,
    COLOURS,
    GREY,
    LINES,
    MARKERS,
    bare,
    new_figure,
    own_style,
    safe,
)
from planner.snapshot import Snapshot, find_design

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TB = 1e12
NEEDED = (
    "raw_capacity",
    "shares",
    "data_shares",
    "usable_capacity",
    "full_limit_capacity",
    "self_heal_capacity",
)


def backends_of(design: dict[str, Any]) -> list[str]:
    """The storage backends of a design, as prefixes of their quantities."""
    names = design["quantities"]
    return [name.removesuffix(".raw_capacity") for name in names if name.endswith(".raw_capacity")]


@own_style()
def capacity_waterfall(snapshot: Snapshot, design: str, backend: str | None = None) -> Figure:
    """From raw capacity to what may be stored and still heals after the loss of a host.

    Parameters
    ----------
    snapshot : Snapshot
        The result of an evaluation.
    design : str
        One of its designs.
    backend : str, optional
        One of the design's storage backends; the first by default.

    Returns
    -------
    Figure
        Bars from the raw capacity down: copies, unequal hosts, full ratio, room to heal.

    Raises
    ------
    InputError
        When there is no such design, or it has no such storage.
    """
    entry = find_design(snapshot, design)
    names = backends_of(entry)
    name = backend or next(iter(names), "")
    if name not in names:
        message = f"{safe(design)} has no storage {safe(name) or 'at all'}"
        raise InputError.at(Mark("plot"), message, f"name one of {', '.join(names) or 'another'}")
    values = {key_: entry["quantities"][f"{name}.{key_}"]["value"] for key_ in NEEDED}
    figure = new_figure(f"Where the capacity goes: {design}, {name}")
    axes = figure.add_subplot()
    if None in values.values():
        axes.text(0.5, 0.5, "unknown", transform=axes.transAxes, ha="center", color=GREY)
        return figure
    _waterfall(axes, values)
    return figure


def _waterfall(axes: Axes, values: dict[str, float]) -> None:
    raw, usable = values["raw_capacity"], values["usable_capacity"]
    shared = raw * values["data_shares"] / values["shares"]
    steps = [
        ("raw", raw, None),
        ("copies and\nparity", raw, shared),
        ("unequal\nhosts", shared, usable),
        ("usable", usable, None),
        ("left below\nfull", usable, values["full_limit_capacity"]),
        ("room to\nheal", values["full_limit_capacity"], values["self_heal_capacity"]),
        ("safe", values["self_heal_capacity"], None),
    ]
    shown = [step for step in steps if step[2] is None or step[1] - step[2] > 1e-9 * raw]
    for at, (_, top, bottom) in enumerate(shown):
        if bottom is None:
            axes.bar(at, top / TB, 0.62, color=BLUE)
        else:
            axes.bar(
                at,
                (top - bottom) / TB,
                0.62,
                bottom=bottom / TB,
                color="0.8",
                hatch="///",
                edgecolor="0.45",
                lw=0.6,
            )
        amount = top if bottom is None else bottom - top
        axes.annotate(
            f"{amount / TB:.3g}",
            (at, top / TB),
            (0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=9,
            color=BLACK,
        )
    axes.set_xticks(range(len(shown)), [label for label, _, _ in shown], fontsize=9)
    axes.set_ylabel("capacity [TB]")
    axes.set_ylim(0, 1.1 * raw / TB if raw else 1.0)
    bare(axes)


@own_style()
def failures_staircase(failures: dict[str, Any]) -> Figure:
    """What is left of data, service and VMs as hosts of a design are lost.

    Parameters
    ----------
    failures : dict
        The result of `planner.failures` for a design.

    Returns
    -------
    Figure
        One panel for each group of hosts; of services with a quorum the part that is expected to
        have one still.
    """
    rows = [row for row in failures["rows"] if row["lost"]["kind"] == "hosts"]
    whole = next(row for row in failures["rows"] if row["lost"]["kind"] == "none")
    groups = list(dict.fromkeys(row["lost"]["of"] for row in rows))
    title = f"What survives: {failures['design']}"
    figure = new_figure(title, width=max(4.8, 2.7 * len(groups)), height=3.8)
    for at, group in enumerate(groups):
        axes = figure.add_subplot(1, len(groups), at + 1)
        _stairs(axes, [whole, *(row for row in rows if row["lost"]["of"] == group)], whole)
        axes.set_title(safe(group), fontsize=9)
        axes.set_xlabel("hosts lost")
        if at == 0:
            axes.set_ylabel("left [%]")
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=2, frameon=False, fontsize=8)
    return figure


def _stairs(axes: Axes, rows: list[dict[str, Any]], whole: dict[str, Any]) -> None:
    lost = [row["lost"]["number"] for row in rows]
    lines: dict[str, list[float | None]] = {}
    if whole["vms"]:
        lines["VMs"] = [(row["vms"] and 100.0 * row["vms"] / whole["vms"]) or 0.0 for row in rows]
    for name in whole["storage"]:
        states = [row["storage"][name] for row in rows]
        lines[f"data in {name}"] = [_left(state["data_lost"]) for state in states]
        lines[f"service of {name}"] = [_left(state["not_served"]) for state in states]
    if whole["quorums"]:
        lines["services with quorum, expected"] = [_holding(row["quorums"]) for row in rows]
    for index, (label, values) in enumerate(lines.items()):
        if set(values) == {None}:
            continue
        under = len(lines) - 1 - index  # lines on one another stay visible
        axes.plot(
            lost,
            [np.nan if value is None else value for value in values],
            marker=MARKERS[index % len(MARKERS)],
            ms=4 + 1.8 * under,
            color=COLOURS[index % len(COLOURS)],
            ls=LINES[index % len(LINES)] if not under else "-",
            lw=1.4 + 1.6 * under,
            drawstyle="steps-post",
            label=safe(label),
        )
    axes.set_xticks(lost)
    axes.set_ylim(-6, 110)
    bare(axes)


def _left(lost: float | None) -> float | None:
    return None if lost is None else 100.0 * (1.0 - lost)


def _holding(quorums: dict[str, float]) -> float:
    """Services expected to have their quorum still [%]."""
    return 100.0 * (1.0 - sum(quorums.values()) / len(quorums))
