"""A calibrated load curve as a picture, readable in grey too."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.faults import InputError, Mark
from planner.report.inert import plain

if TYPE_CHECKING:
    from planner.calibrated_file import CalibratedFile

FORMATS = ("png", "svg", "pdf")
BLUE, GREEN = "#0072B2", "#009E73"
KINDS = {
    None: ("o", "reading", "black"),
    "upper": ("v", "upper bound", "#D55E00"),
    "lower": ("^", "lower bound", "#D55E00"),
}


def picture(found: CalibratedFile, path: Path) -> bytes:
    """The curve with its 90 % band and the readings, in the format of the file name.

    Raises
    ------
    InputError
        Without matplotlib, or for a format that it is not made for.
    """
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        message = f"a picture cannot be written as `{plain(path.suffix)}`"
        raise InputError.at(Mark(str(path)), message, "end the name in .png, .svg or .pdf")
    try:
        from matplotlib.figure import Figure
    except ImportError:
        remedy = "install it: pip install matplotlib"
        raise InputError.at(Mark("--plot"), "a picture needs matplotlib", remedy) from None
    figure = Figure(figsize=(7.0, 4.4), layout="constrained")
    _draw(figure.add_subplot(), found)
    target = io.BytesIO()
    stamp = {"png": "Software", "svg": "Date", "pdf": "CreationDate"}[kind]
    figure.savefig(target, format=kind, dpi=150, metadata={stamp: None})
    return target.getvalue()


def _draw(axes: Any, found: CalibratedFile) -> None:
    loads = np.linspace(0.0, 1.0, 201)
    low, high = found.curve.interval(loads)
    axes.fill_between(100 * loads, low, high, color=BLUE, alpha=0.22, lw=0, label="90 % band")
    axes.plot(100 * loads, found.curve.power(loads), color=BLUE, lw=2, label="most likely")
    for bound, (marker, label, color) in KINDS.items():
        chosen = [one for one in found.file.readings if one.bound == bound]
        if chosen:
            x, y = [100 * one.load for one in chosen], [one.watts for one in chosen]
            axes.plot(x, y, marker, color=color, ms=7, mec="white", mew=0.8, ls="", label=label)
    load = found.advice.load
    there = float(found.curve.power(load))
    axes.plot(
        100 * load, there, "D", color=GREEN, mfc="none", ms=12, mew=1.8, ls="", label="read next"
    )
    axes.set_xlabel("load [%]")
    axes.set_ylabel("power [W]")
    axes.set_xlim(-2, 102)
    axes.set_ylim(0, None)
    axes.grid(color="0.88", lw=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    name = Path(found.file.name).name
    axes.set_title(
        f"{plain(name)}: power over load, {found.curve.scope}", loc="left", parse_math=False
    )
    axes.legend(frameon=False, loc="lower right")
