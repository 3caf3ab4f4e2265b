"""Pictures of sizing: how many hosts each constraint needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.faults import InputError, Mark
from planner.plots.style import BLACK, COLOURS, HATCHES, bare, key, new_figure, own_style, safe
from planner.wording import did_you_mean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 0.8


@own_style()
def hosts_by_constraint(sizing: dict[str, Any], design: str) -> Figure:
    """Hosts that each constraint alone would need, now and later; the longest bar decides.

    Parameters
    ----------
    sizing : dict
        The result of `planner.size`.
    design : str
        One of its designs.

    Returns
    -------
    Figure
        A bar for each constraint of each group of hosts and each time; a mark where it decides.

    Raises
    ------
    InputError
        When there is no such design, or no number of hosts was found for it.
    """
    names = [entry["id"] for entry in sizing["designs"]]
    if design not in names:
        raise InputError.at(Mark(design), "no such design", did_you_mean(design, names))
    times = [
        time for time in sizing["designs"][names.index(design)]["times"] if time.get("constraints")
    ]
    if not times:
        raise InputError.at(Mark(design), "no number of hosts was found", "see `planner size`")
    needs = [_needs(time) for time in times]
    rows = list(dict.fromkeys(row for each in needs for row in each))
    figure = new_figure(
        f"Hosts that each constraint needs: {design}", height=1.4 + 0.42 * len(rows)
    )
    axes = figure.add_subplot()
    thick = WIDTH / len(times)
    for index, (time, need) in enumerate(zip(times, needs, strict=True)):
        places = [rows.index(row) + (index - (len(times) - 1) / 2) * thick for row in need]
        axes.barh(
            places,
            [hosts for hosts, _ in need.values()],
            0.9 * thick,
            color=COLOURS[index],
            hatch=HATCHES[index],
            edgecolor="white",
            lw=0.4,
            label=f"{_when(time['years'])}: {time['vms']:,.0f} VMs",
        )
        for place, (hosts, binds) in zip(places, need.values(), strict=True):
            axes.annotate(
                f"{hosts} decides" if binds else f"{hosts}",
                (hosts, place),
                (3, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
                fontweight="bold" if binds else "normal",
                color=BLACK,
            )
    axes.set_yticks(range(len(rows)), [safe(f"{group}: {text}", 44) for group, text in rows])
    axes.invert_yaxis()
    axes.set_xlabel("hosts")
    axes.set_xlim(0, 1.15 * axes.get_xlim()[1])
    bare(axes, "x")
    key(axes, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(times))
    return figure


def _needs(time: dict[str, Any]) -> dict[tuple[str, str], tuple[int, bool]]:
    """Hosts by group and constraint, and whether it decides; not what only sets an upper end."""
    return {
        (one["group"], one["short"]): (one["hosts"], one["binds"])
        for one in time["constraints"]
        if not one["required"] and not one["at_most"] and one["hosts"] is not None
    }


def _when(years: float) -> str:
    return f"in {years:g} years" if years else "now"
