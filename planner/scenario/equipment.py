"""Groups of equal items of a design, and how they are linked."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.facts import Fact
from planner.fields import count, fault, measure
from planner.schema import Name, Strict


class Link(Strict):
    """Ports of a node that are plugged into a network."""

    part: Name
    ports: Annotated[int, Field(ge=1, le=1000)]


class Night(Strict):
    """Items that are switched off every night; their load moves to the others of the group."""

    hours: Annotated[Fact, measure("h", 0, 24)]
    nodes_off: Annotated[Fact, count("node", 0, 1e6)]


class Group(Strict):
    """Equal items of equipment."""

    count: Annotated[Fact, count("node", 0, 1e6, decided=True)]
    node: Name | None = None
    """A type of the scenario's `nodes`."""
    part: Name | None = None
    """A single part of the catalog: a switch, an array, a server."""
    runs_vms: bool = False
    owned: bool = False
    """Whether it need not be bought."""
    links: dict[Name, Link] = Field({}, max_length=20)
    """Networks by name."""
    utilisation: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Mean load of items that run no VMs."""
    night: Night | None = None
    memory_reserve: Annotated[Fact | None, measure("B", 0, 1e15)] = None
    """Memory that a host keeps for itself, storage daemons on it included; by default that of the
    admission rule, and what the storage's software says of its daemons."""
    thread_reserve: Annotated[Fact | None, measure("thread", 0, 1e4)] = None
    node_group: Name | None = None
    """Hosts that take over from each other under Ganeti; all of them by default."""
    rack: Name | None = None
    """Where it stands, if a storage keeps copies in distinct racks."""

    @model_validator(mode="after")
    def _check_machine(self) -> Self:
        if (self.node is None) == (self.part is None):
            how = "neither" if self.node is None else "both"
            message = f"a group has one machine, and this has {how} of `node` and `part`"
            raise fault(message, "name one of the two")
        return self
