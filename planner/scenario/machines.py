"""Machines by their parts."""

from typing import Annotated, Literal

from pydantic import Field

from planner.schema import Name, Strict, Title

PartCount = Annotated[int, Field(ge=0, le=1000)]


class LoadModel(Strict):
    """A formula by the name that simulators give it."""

    name: Literal[
        "constant",
        "linear",
        "square",
        "cubic",
        "sqrt",
        "square-root",
        "mse",
        "fan",
        "asymptotic",
        "interpolate",
        "interpolation",
    ]
    exponent: Annotated[float | None, Field(gt=0, le=100)] = None
    """Of `fan`, 1.4 in its paper."""
    saturation: Annotated[float | None, Field(ge=0, le=100)] = None
    """Of `asymptotic`."""
    dvfs: bool | None = None
    """Whether `asymptotic` scales the frequency."""
    levels: list[float] | None = Field(default=None, min_length=2, max_length=1001)
    """Of `interpolation`: power at equal steps of load, in any unit."""


class NodeType(Strict):
    """A machine by its parts."""

    title: Title = ""
    parts: dict[Name, PartCount] = Field(min_length=1, max_length=100)
    reading: str | None = None
    """Name of a power reading, of this machine or of one like it."""
    reading_of: Literal["this", "look-alike"] = "this"
    beyond: dict[Name, PartCount] | None = None
    """Parts whose power comes on top: of a reading none by default, of a bare server all others."""
    power_from: Literal["reading", "datasheet", "components", "nameplate"] | None = None
    """Evidence of its power; by default the strongest that there is."""
    load_shape: Name | None = None
    """A shape of the catalog; by default that of the reading, or of published servers."""
    load_model: LoadModel | None = None
    """A formula in place of the shape."""
    note: str = ""
