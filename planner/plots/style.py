"""How all pictures look: colours that everybody can tell apart, hatches for print."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from planner.faults import InputError, Mark
from planner.report.inert import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito, "Color universal design" (2008): told apart with any colour vision.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, "#555555")
HATCHES = ("", "///", "...", "xx", "\\\\\\", "++", "oo")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
GREY = "#666666"
FORMATS = ("png", "svg")
LONGEST = 32
DPI = 150


@contextmanager
def own_style() -> Iterator[None]:
    """Draw as Matplotlib does by default, whatever style its user has set.

    Raises
    ------
    InputError
        Without Matplotlib.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        remedy = "install it: pip install matplotlib"
        raise InputError.at(Mark("plot"), "a picture needs Matplotlib", remedy) from None
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.hashsalt": "planner", "svg.fonttype": "path"})
        yield


def new_figure(title: str, width: float = 7.2, height: float = 4.2) -> Figure:
    """An empty figure of half a page with its title."""
    from planner.plots.figure import Picture

    figure = Picture(figsize=(width, height), layout="constrained")
    figure.suptitle(safe(title, 90), x=0.01, ha="left", fontsize=11, fontweight="bold")
    return figure


def safe(text: str, longest: int = LONGEST) -> str:
    """A text that a scenario gave, without control characters and no longer than fits."""
    shown = plain(text)
    if len(shown) > longest:  # what tells names apart may stand at either end
        tail = longest // 2
        shown = f"{shown[: longest - 1 - tail]}…{shown[-tail:]}"
    return shown.replace("$", r"\$")


def note(figure: Figure, *texts: str) -> None:
    """What the marks mean, below everything."""
    figure.supxlabel("; ".join(texts), fontsize=7.5, color=GREY, x=0.01, ha="left")


def bare(axes: Axes, grid: str = "y") -> None:
    """Take away what carries nothing."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color="0.88", lw=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def thousands(*axis: Any) -> None:
    """Numbers along an axis with commas."""
    for each in axis:
        each.set_major_formatter("{x:,.12g}")


def key(axes: Axes, **where: Any) -> None:
    """The legend, if there is anything to tell apart."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=8, **where)


def errors(number: dict[str, Any]) -> tuple[float, float] | None:
    """How far a number's range reaches below and above it; None without a range."""
    value, low, high = number["value"], number["low"], number["high"]
    if value is None or low is None or high is None:
        return None
    return value - low, high - value


def picture(figure: Figure, kind: str) -> bytes:
    """The bytes of a figure, the same for the same figure.

    Parameters
    ----------
    figure : Figure
        The figure.
    kind : {"png", "svg"}
        The format.
    """
    stamp = {"png": "Software", "svg": "Date"}[kind]
    target = io.BytesIO()
    with own_style():
        figure.draw_without_rendering()
        figure.set_layout_engine(None)  # what has been laid out stays where it is
        figure.savefig(target, format=kind, dpi=DPI, metadata={stamp: None})
    return target.getvalue()
