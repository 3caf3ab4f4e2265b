"""Rules on switches and ports."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import DESIGN
from planner.rules.view import Subject

TOPIC = "Network"


@rule(
    "ESW01",
    "error",
    TOPIC,
    DESIGN,
    fires="more ports of 1 or of 10 Gbit/s are linked than the switches have",
    fix="add ports or link fewer",
    source="ports of the switches in the catalog",
)
def every_link_has_a_port(
    _: Subject,
    ports_needed_1g: float,
    ports_available_1g: float,
    ports_needed_10g: float,
    ports_available_10g: float,
) -> Iterator[Broken]:
    """Every port that is linked finds a port on a switch."""
    for speed, needed, available in (
        ("1 Gbit/s", ports_needed_1g, ports_available_1g),
        ("10 Gbit/s", ports_needed_10g, ports_available_10g),
    ):
        if needed > available:
            yield Broken(
                f"{needed:g} ports of {speed} are needed, and the switches have {available:g}",
                f"add {needed - available:g} ports or link fewer",
            )
