"""Rules on how the links of a design are plugged into its switches."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import DESIGN
from planner.rules.view import Subject

TOPIC = "Network"


@rule(
    "ESW05",
    "error",
    TOPIC,
    DESIGN,
    fires="links find no port though the counts of ESW01 suffice: the switches have none of the "
    "kind of the link, or too few of them, or no single switch or stack has room for a whole bond",
    fix="use links of the kinds of ports that there are, stack the switches, or bond fewer ports",
    source="kinds of ports in the catalog; links of one LACP group end on one switch, stack or "
    "MLAG pair",
)
def links_fit_their_switches(
    one: Subject,
    unplaced_links: float,
    ports_needed_1g: float,
    ports_available_1g: float,
    ports_needed_10g: float,
    ports_available_10g: float,
) -> Iterator[Broken]:
    """Every link finds a port of its kind, and every bond a switch.

    `planner wiring` lists the links that do not. Where there are too few ports of 1 or of
    10 Gbit/s, ESW01 says so; those of other speeds are counted here.
    """
    told = {
        1.0: ports_needed_1g > ports_available_1g,
        10.0: ports_needed_10g > ports_available_10g,
    }
    lacking = [
        f"{needed:g} ports of {name} are needed, and the switches have {there:g}"
        for name, gigabits, needed, there in one["lacking_ports"] or ()
        if not told.get(gigabits)
    ]
    if unplaced_links and lacking:
        yield Broken("; ".join(lacking), "add such ports, or use links of the kinds that there are")
    elif unplaced_links and not any(told.values()):
        yield Broken(f"{unplaced_links:g} links find no port that they fit")


@rule(
    "ESW06",
    "error",
    TOPIC,
    DESIGN,
    fires="a network has links on switches that no uplink and no stack joins",
    fix="join the switches by `uplinks`, stack them, or plug the network into one of them",
    source="topology of the design",
)
def networks_hang_together(_: Subject, split_networks: float) -> Iterator[Broken]:
    """All hosts of a network reach each other."""
    if split_networks:
        networks = "network is" if split_networks == 1.0 else "networks are"
        yield Broken(f"{split_networks:g} {networks} on switches that nothing joins")
