"""What is plugged in where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.plan.given import Given


class Cable(NamedTuple):
    """A cable, from a port of a host, array or switch to a port of a switch.

    ``what`` is link, management, uplink or stack; a unit of 0 tells that it found no port.
    ``cable`` is a part of the host that is such a cable, if it has one.
    """

    what: str
    network: str
    bond: str
    mode: str
    group: str
    item: int
    part: str
    port: str
    medium: str
    switch: str
    unit: int
    switch_port: int
    switch_medium: str
    speed: float
    cable: str


@dataclass(frozen=True)
class Cabling:
    """Which port goes to which, and what follows from it.

    Parameters
    ----------
    cables, unplaced : tuple of Cable
        Those that found their ports, and those that did not.
    proven : bool
        Whether no other plan leaves fewer without a port.
    media : mapping
        What the medium sheet is given of each kind of port.
    switches : mapping
        What the switch sheet is given of each switch or stack.
    given : mapping
        Figures of the design that follow from the cables.
    gaps : tuple of str
        Why there are none.
    """

    cables: tuple[Cable, ...] = ()
    unplaced: tuple[Cable, ...] = ()
    proven: bool = True
    media: Mapping[str, Given] = field(default_factory=dict)
    switches: Mapping[str, Given] = field(default_factory=dict)
    given: Given = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
