"""What a design costs beside its parts: spares and licences."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.facts import Fact
from planner.fields import count, fault, measure
from planner.schema import Name, Strict, Title

Number = Annotated[Fact | None, count("part", 0, 1e6, decided=True)]


class Spare(Strict):
    """Spares of a part, or of the items of a group: so many, or a share of those in use."""

    count: Number = None
    share: Annotated[Fact | None, measure("1", 0, 10, decided=True)] = None
    """Rounded up to whole ones."""

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if (self.count is None) == (self.share is None):
            how = "neither" if self.count is None else "both"
            message = f"spares are a number or a share, and this has {how} of `count` and `share`"
            raise fault(message, "write one of the two")
        return self


class Licence(Strict):
    """Software that is paid by the year, by size or as a whole."""

    title: Title = ""
    per_host: Annotated[Fact | None, measure("money/yr", 0, 1e9)] = None
    """For each host of VMs."""
    per_core: Annotated[Fact | None, measure("money/yr", 0, 1e9)] = None
    """For each core of the hosts of VMs."""
    per_vm: Annotated[Fact | None, measure("money/yr", 0, 1e9)] = None
    """For each VM, or for each of some flavours."""
    flavours: list[Name] = Field([], max_length=200)
    """The flavours that need it; all by default."""
    flat: Annotated[Fact | None, measure("money/yr", 0, 1e12)] = None
    """For the design as a whole."""

    @model_validator(mode="after")
    def _check_price(self) -> Self:
        if (self.per_host, self.per_core, self.per_vm, self.flat) == (None,) * 4:
            message = "a licence has a price"
            raise fault(message, "write `per_host`, `per_core`, `per_vm` or `flat`")
        if self.flavours and self.per_vm is None:
            raise fault("`flavours` are named, but no `per_vm`", "write `per_vm: ...`")
        return self
