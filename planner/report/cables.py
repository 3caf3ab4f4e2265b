"""The cables of a design, as a person plugs them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from planner.report.inert import plain
from planner.report.tables import Table, text_table
from planner.report.text import table_text, wrap

if TYPE_CHECKING:
    from planner.plan import Cable, Cabling, DesignPlan

GIGABIT = 125e6
USUAL = {
    "1000BASE-T": "Cat 5e",
    "2.5GBASE-T": "Cat 5e",
    "10GBASE-T": "Cat 6A",
    "SFP": "SFP optics",
    "SFP+": "SFP+ DAC or optics",
    "SFP28": "SFP28 DAC or optics",
    "QSFP+": "QSFP+ DAC or optics",
    "QSFP28": "QSFP28 DAC or optics",
}
"""What usually joins two ports of a kind."""

HEADER = (
    "cable",
    "what",
    "network",
    "bond",
    "mode",
    "from",
    "number",
    "part",
    "port",
    "medium",
    "to",
    "unit",
    "switch_port",
    "switch_medium",
    "speed [Gbit/s]",
    "cable_type",
)


def rows(cabling: Cabling) -> Iterator[tuple[Any, ...]]:
    """One row a cable, those that found no port last and without a number."""
    for number, cable in enumerate(cabling.cables, 1):
        yield _row(number, cable)
    for cable in cabling.unplaced:
        yield _row(None, cable)


def _row(number: int | None, cable: Cable) -> tuple[Any, ...]:
    return (
        number,
        cable.what,
        cable.network,
        cable.bond,
        cable.mode,
        cable.group,
        cable.item,
        cable.part,
        cable.port,
        cable.medium,
        cable.switch,
        cable.unit or None,
        cable.switch_port or None,
        cable.switch_medium,
        cable.speed / GIGABIT,
        cable_type(cable),
    )


def cable_type(cable: Cable) -> str:
    """The part that is such a cable, else what is usual between the two ports."""
    return cable.cable or USUAL.get(cable.medium, "")


def cable_table(plan: DesignPlan) -> Table:
    """The cables that found their ports."""
    headings = ("cable", "network", "from", "to", "bond", "cable type")
    numbered = enumerate(plan.cabling.cables, 1)
    return text_table(f"Cables of {plan.id}", headings, (_texts(*item) for item in numbered))


def _texts(number: int, cable: Cable) -> tuple[str, ...]:
    between = cable.what in ("uplink", "stack")
    mark = "/" if between else "-"
    start = (
        f"{cable.group}{mark}{cable.item} {cable.medium if between else cable.part} {cable.port}"
    )
    end = f"{cable.switch}/{cable.unit} {cable.switch_medium} {cable.switch_port}"
    network = cable.network or cable.what
    return str(number), network, start, end, cable.mode, cable_type(cable)


def summary(plan: DesignPlan) -> list[str]:
    """How many cables there are, and which links found no port."""
    cabling = plan.cabling
    told = [f"{len(cabling.cables)} cables, {len(cabling.unplaced)} links without a port."]
    told += [f"Not planned: {gap}." for gap in cabling.gaps]
    left = Counter(
        (cable.group, cable.network or cable.what, cable.medium) for cable in cabling.unplaced
    )
    told += [
        f"No {medium} port for {number} of the links of {group} to {network}."
        for (group, network, medium), number in left.items()
    ]
    if not cabling.proven:
        told.append(
            "A plan with fewer links left over may exist; install the extra `solver` to find it."
        )
    return told


def text(plan: DesignPlan) -> str:
    """The cables for a terminal."""
    table = [table_text(cable_table(plan)), ""] if plan.cabling.cables else []
    head = [plain(f"{plan.id}: {plan.title}"), ""]
    return "\n".join([*head, *table, *(wrap(line) for line in summary(plan))]) + "\n"
