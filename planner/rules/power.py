"""Rules on circuits, UPS and what is switched off."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import CIRCUITS, DESIGN, NIGHT, UPS
from planner.rules.view import Subject
from planner.units import format_quantity

TOPIC = "Power"

MOST_NAMEPLATES = 0.25
"""Proposal."""


@rule(
    "EPWR01",
    "error",
    TOPIC,
    CIRCUITS,
    fires="the peak in volt-amperes is above what one feed may carry all the time",
    fix="add circuits to each feed, or move machines; each feed alone must carry everything",
    source="NetBox, power feeds: volts x amperes x share that may be used; the derating is that of "
    "the jurisdiction, as the scenario states it",
)
def a_feed_carries_everything(_: Subject, feed_load: float) -> Iterator[Broken]:
    """Each feed carries the whole design at its peak.

    Circuits are sized by apparent power: watts understate the current of supplies with a poor power
    factor. With feeds A and B each alone must carry everything, or the second is no redundancy.
    """
    if feed_load > 1.0:
        yield Broken(f"the peak needs {feed_load:.0%} of what one feed may carry all the time")


@rule(
    "WPWR03",
    "warning",
    TOPIC,
    DESIGN,
    fires=f"more than {MOST_NAMEPLATES:.0%} of the peak rests on ratings (proposal)",
    fix="measure the machine, or name a benchmark of one like it",
    source="NetBox issue #54; ratings of supplies are 2.7 times the highest draw of the systems in "
    "SPECpower's results, in the middle",
)
def power_is_no_rating(_: Subject, nameplate_share: float, peak_power: float) -> Iterator[Broken]:
    """Power is what machines draw, not what their labels allow."""
    if nameplate_share > MOST_NAMEPLATES:
        peak = format_quantity(peak_power, "W")
        yield Broken(f"{nameplate_share:.0%} of the peak of {peak} rests on nameplates")


@rule(
    "EPWR05",
    "error",
    TOPIC,
    UPS,
    fires="the peak in watts is above the rating of the UPS",
    fix="choose a larger UPS, or leave machines off it",
    source="rating of the UPS",
)
def the_ups_carries_the_peak(_: Subject, ups_load: float) -> Iterator[Broken]:
    """The UPS carries the power of the peak."""
    if ups_load > 1.0:
        yield Broken(f"the peak needs {ups_load:.0%} of the power that the UPS is rated for")


@rule(
    "EPWR06",
    "error",
    TOPIC,
    UPS,
    fires="the peak in volt-amperes is above the apparent rating of the UPS",
    fix="choose a UPS of more volt-amperes, or supplies of a better power factor",
    source="rating of the UPS",
)
def the_ups_carries_the_apparent_peak(_: Subject, ups_apparent_load: float) -> Iterator[Broken]:
    """The UPS carries the apparent power of the peak, a limit of its own."""
    if ups_apparent_load > 1.0:
        yield Broken(
            f"the peak needs {ups_apparent_load:.0%} of the apparent power that the UPS is rated "
            "for"
        )


@rule(
    "EPWR07",
    "error",
    TOPIC,
    NIGHT,
    fires="the nodes that stay on at night would be loaded above 100 %",
    fix="switch off fewer nodes",
    source="load of the VMs over the threads that stay on",
)
def the_others_carry_the_night(_: Subject, consolidated_load: float) -> Iterator[Broken]:
    """What stays on at night carries the load of what is switched off."""
    if consolidated_load > 1.0:
        yield Broken(
            f"with the nodes that are off at night the others would run at {consolidated_load:.0%} "
            "load"
        )
