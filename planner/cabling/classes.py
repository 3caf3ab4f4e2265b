"""Links of a design by classes of equal ones, as the scenario states them."""

from __future__ import annotations

from dataclasses import dataclass

from planner.catalog import Entry
from planner.context import Context
from planner.facts import Fact
from planner.faults import Fault, InputError
from planner.scenario import Link
from planner.switching import Kind, SwitchGroup, kind_of_port
from planner.wording import did_you_mean

NEED_ONE_SWITCH = ("802.3ad", "balance-xor", "balance-rr")
"""Bonds whose links must all end on one switch or stack."""


@dataclass(frozen=True)
class LinkClass:
    """Equal links of a group to a network, as the scenario states them."""

    group: str
    network: str
    link: Link
    count: Fact
    members: list[tuple[Entry, int]]
    switches: list[str]

    @property
    def demand(self) -> int:
        """Links of all items."""
        return int(self.count.value or 0) * sum(number for _, number in self.members)

    @property
    def bonded(self) -> bool:
        """Whether several links of an item are joined."""
        return sum(number for _, number in self.members) > 1 and not self.link.management

    @property
    def together(self) -> bool:
        """Whether these must all end on one switch or stack."""
        return self.bonded and self.link.bond.mode in NEED_ONE_SWITCH

    def kind(self, entry: Entry) -> Kind:
        """The kind of port that a member has."""
        return kind_of_port(entry, management=self.link.management)


def link_classes(context: Context, switches: dict[str, SwitchGroup]) -> list[LinkClass]:
    """The links of all groups.

    Raises
    ------
    InputError
        A link to a switch that is none.
    """
    found, faults = [], []
    for name, group in context.design.groups.items():
        for network, link in group.links.items():
            mark = context.mark("groups", name, "links", network)
            wrong = [item for item in link.switch if item not in switches]
            for item in wrong:
                remedy = did_you_mean(item, switches)
                faults.append(Fault(mark, f"`{item}` is no switch of this design", remedy))
            members = context.linked_parts(link, context.parts(name), mark)
            on = link.switch or list(switches)
            found.append(LinkClass(name, network, link, group.count, members, on))
    if faults:
        raise InputError(faults)
    return found
