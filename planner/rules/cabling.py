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
    fires="links find no port although the switches have enough ports of each speed: none is of "
    "the kind of the link, or no single switch or stack has room for a whole bond",
    fix="use links of the kinds of ports that there are, stack the switches, or bond fewer ports",
    source="kinds of ports in the catalog; links of one LACP group end on one switch, stack or "
    "MLAG pair",
)
def links_fit_their_switches(
    _: Subject,
    unplaced_links: float,
    ports_needed_1g: float,
    ports_available_1g: float,
    ports_needed_10g: float,
    ports_available_10g: float,
) -> Iterator[Broken]:
    """Every link finds a port of its kind, and every bond a switch.

    `planner wiring` lists the links that do not. Where there are too few ports, ESW01 says so.
    """
    enough = ports_needed_1g <= ports_available_1g and ports_needed_10g <= ports_available_10g
    if unplaced_links and enough:
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
