"""The equipment of a design as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.facts import Fact
from planner.plan.given import Given


@dataclass(frozen=True)
class Assembly:
    """Whether a machine can be built from its parts.

    Parameters
    ----------
    given : mapping
        What the build sheet is given, apart from the machine's memory and power.
    told : mapping
        For what may be short, by its quantity: the parts that need it, and the part that has it.
    """

    given: Given
    told: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class GroupPlan:
    """Equal items of equipment.

    Parameters
    ----------
    name, title : str
        How the group and its machines are called.
    count : Fact
        Items [node].
    node : mapping
        What the node sheet is given.
    equipment : mapping
        What the design sheet is given of each item.
    host : mapping
        What the design sheet is given where the items run VMs.
    switch : mapping
        What the design sheet is given where the items are switches.
    estimate_by : str
        Sheet that estimates the power where nobody measured it; empty otherwise.
    estimate : mapping
        What that sheet is given.
    bonds : mapping
        What the bond sheet is given of each network on which the items have several ports.
    titles : mapping
        Titles of its parts by name.
    owned : bool
        Whether it need not be bought.
    assembly : Assembly
        What its parts need of each other.
    readings : tuple of (float, Fact)
        Load [1] and power [W] as a meter showed them, where its power rests on readings.
    renewal : mapping
        What the design sheet is given where the items are replaced after some years.
    """

    name: str
    title: str
    count: Fact
    node: Given
    equipment: Mapping[str, Fact]
    host: Mapping[str, Fact]
    switch: Mapping[str, Fact]
    estimate_by: str = ""
    estimate: Given = field(default_factory=dict)
    bonds: Mapping[str, Given] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    owned: bool = False
    assembly: Assembly = field(default_factory=lambda: Assembly({}, {}))
    readings: tuple[tuple[float, Fact], ...] = ()
    renewal: Mapping[str, Fact] = field(default_factory=dict)
