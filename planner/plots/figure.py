"""A figure that a notebook shows by itself, without pyplot."""

from __future__ import annotations

from matplotlib.figure import Figure

from planner.plots.style import picture


class Picture(Figure):
    """A Matplotlib figure whose picture in a notebook is the file that `planner plot` writes."""

    def _repr_png_(self) -> bytes:
        return picture(self, "png")
