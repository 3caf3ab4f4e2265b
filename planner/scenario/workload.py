"""The VMs that are asked for."""

from __future__ import annotations

from typing import Annotated

from planner.facts import Fact
from planner.fields import count, measure
from planner.schema import Strict


class Flavour(Strict):
    """VMs of one size."""

    count: Annotated[Fact, count("vm", 0, 1e7)]
    vcpus: Annotated[Fact, count("vcpu", 1, 1024)]
    memory: Annotated[Fact, measure("B", 1e6, 1e14)]
    disk: Annotated[Fact, measure("B", 0, 1e16)]
    duty: Annotated[Fact, measure("1", 0, 1)]
    """Share of time that each of its virtual processors runs."""
    note: str = ""
