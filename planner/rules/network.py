"""Rules on switches and ports."""

from __future__ import annotations

from collections.abc import Iterator

from planner.rules.engine import Broken, rule
from planner.rules.scopes import DESIGN, PROXIED, STACKS, UPLINKED
from planner.rules.view import Subject
from planner.units import format_quantity
from planner.wording import counted

TOPIC = "Network"

MUCH = 0.75
"""Proposal: part of the ports of a speed above which a buyer should know of it."""
MOST_OVERSUBSCRIPTION = 4.0
"""Proposal."""


@rule(
    "ESW01",
    "error",
    TOPIC,
    DESIGN,
    fires="more ports of 1 or of 10 Gbit/s are linked than the switches have; information where "
    f"{MUCH:.0%} of them or more are taken (proposal)",
    fix="add ports or link fewer",
    source="ports of the switches in the catalog; Cisco 500 series MIB (SG500X: XG1 to XG4)",
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
        elif needed and needed >= MUCH * available:
            yield _few_left(speed, needed, available)


def _few_left(speed: str, needed: float, available: float) -> Broken:
    return Broken(
        f"{needed:g} of {available:g} ports of {speed} are taken, {available - needed:g} left",
        "count what is to come: further hosts, second links, stacking",
        "information",
    )


@rule(
    "WSW02",
    "warning",
    TOPIC,
    STACKS,
    fires="a stack survives the loss of no stack link, or has more units than its model stacks",
    fix="close the stack to a ring",
    source="Cisco 500 series administration guide, stack management (ring, eight units); MIB "
    "read-me of 2013: a stacked SG500X keeps XG1 and XG2 only",
)
def a_stack_survives_a_link(
    one: Subject, stack_link_losses_tolerated: float, spare_stack_units: float = 0.0
) -> Iterator[Broken]:
    """A stack survives the loss of a stack link.

    A ring does, a broken chain splits. What the stack takes of the fast ports is counted in ESW01.
    """
    if stack_link_losses_tolerated < 1.0:
        yield Broken(f"{one.name}: the stack splits when one of its links is lost")
    if spare_stack_units < 0.0:
        yield Broken(
            f"{one.name}: {counted(-spare_stack_units, 'unit')} more than the model stacks",
            "use fewer units, or join stacks by uplinks",
        )


@rule(
    "WSW03",
    "warning",
    TOPIC,
    UPLINKED,
    fires=f"ports towards hosts carry more than {MOST_OVERSUBSCRIPTION:g} times what the uplinks "
    "carry (proposal)",
    fix="use more or faster uplinks",
    source="sum of the edge rates over sum of the uplink rates",
)
def uplinks_carry_the_edge(one: Subject, oversubscription: float) -> Iterator[Broken]:
    """The uplinks of a switch carry what its hosts send."""
    if oversubscription > MOST_OVERSUBSCRIPTION:
        yield Broken(f"{one.name}: oversubscribed {oversubscription:.3g} to 1")


@rule(
    "WSW04",
    "warning",
    TOPIC,
    DESIGN,
    fires="the loss of one switch cuts hosts off a network, a switch has a single uplink, or a "
    "host has one port on the network of its storage",
    fix="use two switches that share their bonds (`stack`), two uplinks, and two ports a host",
    source="proposal: a switch is a failure domain of everything behind it",
)
def no_switch_is_alone(
    one: Subject,
    switch_units: float,
    hosts_losing_a_network_with_a_switch: float,
    single_uplink_switches: float,
) -> Iterator[Broken]:
    """The loss of a switch or a cable stops nothing."""
    lost, uplinks = hosts_losing_a_network_with_a_switch, single_uplink_switches
    faults = []
    if lost:
        which = "the only switch" if switch_units == 1.0 else f"one of {switch_units:g} switches"
        faults.append(f"{counted(lost, 'host')} lose a network with {which}")
    elif one["single_homed"]:
        faults.append(f"one port to the storage on {', '.join(one['single_homed'])}")
    if uplinks:
        faults.append(f"{counted(uplinks, 'switch')} behind a single uplink")
    if faults:
        yield Broken("; ".join(faults))


@rule(
    "WSWF04",
    "warning",
    TOPIC,
    PROXIED,
    fires="the proxies' links limit what clients write",
    fix="give the proxies faster links, or use more proxies",
    source="OpenStack Swift, deployment guide (10 Gbit/s proxies, 1 Gbit/s storage nodes); each "
    "write leaves the proxy once a replica",
)
def proxies_fan_out(
    one: Subject,
    proxy_fan_out: float,
    proxy_bound_write_throughput: float,
    write_throughput: float,
) -> Iterator[Broken]:
    """The proxies send every replica of what clients write."""
    if proxy_bound_write_throughput <= write_throughput:
        yield Broken(
            f"{one.name}: each write leaves the proxies {proxy_fan_out:g} times; they pass on "
            f"{format_quantity(proxy_bound_write_throughput, 'B/s')} at most, which limits all"
        )
