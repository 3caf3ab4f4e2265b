"""Requirements and claims as they are written: quantities held against values."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, model_validator

from planner.facts import Fact
from planner.fields import FactReader, fault, measure, raise_below, shown
from planner.schema import Name, Strict


class Reference(Strict):
    """A quantity of a design, times a number."""

    quantity: str
    design: Name | None = None
    times: Annotated[float, Field(gt=0, le=1e9)] = 1.0


def _read_target(raw: Any) -> Any:
    if isinstance(raw, Mapping):
        return Reference.model_validate(raw)
    if isinstance(raw, str | int | float) and not isinstance(raw, bool):
        return raw
    remedy = "write a value with its unit, or {quantity: ..., design: ...}"
    raise fault(f"expected something to compare with, got {shown(raw)}", remedy)


def _read_tolerance(raw: Any) -> float | None:
    return FactReader("1", 0.0, 1.0).number(raw)[0]


Target = Annotated[
    str | float | Reference,
    PlainValidator(_read_target, json_schema_input_type=str | float | Reference),
]
SIDES = ("at_least", "at_most", "about")


class Check(Strict):
    """A quantity against a value or another quantity."""

    quantity: str
    design: Name | None = None
    at_least: Target | None = None
    at_most: Target | None = None
    about: Target | None = None
    within: Annotated[
        float, BeforeValidator(_read_tolerance, json_schema_input_type=str | float)
    ] = 0.05
    """Relative tolerance of `about`."""
    note: str = ""

    @property
    def sides(self) -> list[str]:
        """The comparisons that are made, of which there is one."""
        return [side for side in SIDES if getattr(self, side) is not None]

    @model_validator(mode="after")
    def _check_sides(self) -> Self:
        if len(self.sides) != 1:
            made = " and ".join(f"`{side}`" for side in self.sides) or "none"
            message = f"a check makes one comparison, this makes {made}"
            raise fault(message, f"write one of {', '.join(SIDES)}")
        return self


class Requirement(Check):
    """Something that each design must meet."""

    text: str = ""


class Criterion(Strict):
    """What a criterion counts when designs are ranked."""

    weight: Annotated[float, Field(ge=0, le=1e6)]
    """Only ratios matter: twice the weight, and 1 % less of it counts as 2 %."""
    better: Literal["lower", "higher"] | None = None
    """Which is better; known for the quantities that every design shows."""


def _read_criterion(raw: Any) -> Criterion:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return Criterion.model_validate({"weight": float(raw)})
    if isinstance(raw, Mapping):
        found = {**raw}
        if isinstance(raw.get("weight"), int):
            found["weight"] = float(raw["weight"])
        return Criterion.model_validate(found)
    raise fault(f"expected a weight, got {shown(raw)}", "write a number, zero or above")


Weights = dict[str, Annotated[Criterion, PlainValidator(_read_criterion)]]


class Penalty(Strict):
    """What it costs that a design gives less or more of something than is needed."""

    quantity: str
    needed: Target
    under: Annotated[Fact, measure("money", 0, 1e12, decided=True)]
    """Cost of each unit that lacks."""
    over: Annotated[Fact | None, measure("money", 0, 1e12, decided=True)] = None
    """Cost of each unit that is not needed."""
    per: str | None = None
    """The unit that is counted, as `1 TB`; one of the quantity's own by default."""


def _read_value(raw: Any) -> Any:
    if isinstance(raw, str | int | float) and not isinstance(raw, bool):
        return raw
    raise fault(f"expected a value with its unit, got {shown(raw)}", "write `50 MB/s`")


class ClaimCheck(Check):
    """A check of a claim, perhaps with other facts than those of the design."""

    what_if: dict[
        str,
        Annotated[str | float, PlainValidator(_read_value, json_schema_input_type=str | float)],
    ] = {}
    """Facts by name (`PART.FACT`) and the values that they have in this check only."""


class Claim(Strict):
    """A statement to be judged by the models."""

    id: Name
    text: str
    holds_if: list[ClaimCheck] = Field([], max_length=50)
    """All must pass, or the claim fails."""
    limits: list[ClaimCheck] = Field([], max_length=50)
    """Where one of these does not pass, the claim holds only with limits."""
    note: str = ""


def _distinct(claims: list[Claim]) -> list[Claim]:
    ids = [claim.id for claim in claims]
    twice = {(i, "id"): name for i, name in enumerate(ids) if name in ids[:i]}
    raise_below({at: fault(f"`{name}` is there twice", "rename it") for at, name in twice.items()})
    return claims


Claims = Annotated[list[Claim], AfterValidator(_distinct), Field(max_length=200)]
