"""The VMs that are asked for."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from planner.facts import Basis, Fact
from planner.fields import count, fault, measure
from planner.schema import Strict, Title
from planner.wording import quoted

MOST_NAMES = 100_000


class Flavour(Strict):
    """VMs of one size."""

    count: Annotated[Fact, count("vm", 0, 1e7)]
    vcpus: Annotated[Fact, count("vcpu", 1, 1024)]
    memory: Annotated[Fact, measure("B", 1e6, 1e14)]
    disk: Annotated[Fact, measure("B", 0, 1e16)]
    duty: Annotated[Fact, measure("1", 0, 1)]
    """Share of time that each of its virtual processors runs."""
    iops: Annotated[Fact | None, measure("IOPS", 0, 1e9)] = None
    """Disk operations of one VM; checked where the drives' are known."""
    network: Annotated[Fact | None, measure("B/s", 0, 1e13)] = None
    """Traffic of one VM each way; checked where the hosts' links are known."""
    apart: Title = ""
    """Anti-affinity group: each VM of all flavours of the group runs on another host."""
    on: Title = ""
    """Group of hosts that they run on, or a host such as `compute-3`; any by default."""
    names: list[Title] = Field([], max_length=MOST_NAMES)
    """Names of the VMs, one for each."""
    note: str = ""

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        if self.names and len(set(self.names)) != self.count.value:
            message = f"{len(set(self.names))} different names for {self.count.value or 0:g} VMs"
            raise fault(message, "write one name for each VM, or none")
        return self


def start_date(text: str) -> date:
    """The day that a month or a day in figures means: the first of a month.

    Examples
    --------
    >>> start_date("2013-05"), start_date("2013-05-20")
    (datetime.date(2013, 5, 1), datetime.date(2013, 5, 20))
    """
    return date.fromisoformat(text if text.count("-") == 2 else f"{text}-01")


def _date(text: str) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text, re.ASCII):
            start_date(text)
            return text
    except ValueError:
        pass
    raise fault(f"{quoted(text)} is no month or day", "write it like `2013-05` or `2013-05-20`")


Rate = Annotated[Fact | None, measure("1/yr", -0.9, 100)]


class Growth(Strict):
    """How the workload grows in a year, as a share of what it is."""

    vms: Rate = None
    """Growth of the number of VMs."""
    memory: Rate = None
    """Growth of the memory of all VMs together; that of `vms` by default."""
    cpu: Rate = None
    """Growth of their virtual processors together; that of `vms` by default."""
    disk: Rate = None
    """Growth of their disk together; that of `vms` by default."""
    years: Annotated[Fact | None, measure("yr", 0, 50, decided=True)] = None
    """How far ahead `planner size` looks."""
    start: Annotated[str | None, AfterValidator(_date)] = None
    """Month or day for which the workload is stated, `2013-05`; with it a runway ends at a date."""

    @model_validator(mode="after")
    def _check_rate(self) -> Self:
        if (self.vms, self.memory, self.cpu, self.disk) == (None,) * 4:
            raise fault("no rate of growth is stated", "write `vms: 20 %/yr`")
        return self

    def rate(self, of: Literal["vms", "memory", "cpu", "disk"]) -> Fact:
        """The growth of what the VMs have in all; that of their number by default."""
        stated: Fact | None = getattr(self, of)
        source = "no growth of the VMs' number is stated"
        return stated or self.vms or Fact("growth.vms", 0.0, "1/yr", Basis.GIVEN, source)
