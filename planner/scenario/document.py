"""The scenario file as a whole."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from planner.catalog import Kind
from planner.checks import Claims, Penalty, Requirement, Weights
from planner.facts import Fact
from planner.fields import exchange_rate, fault, raise_below
from planner.layers import MOST_DESIGNS
from planner.scenario.costs import Licence, Spare
from planner.scenario.design import Design
from planner.scenario.judging import RuleSet, Suppression
from planner.scenario.machines import NodeType
from planner.scenario.site import Site
from planner.scenario.workload import Flavour, Growth
from planner.schema import Name, Strict, Title
from planner.units import CURRENCIES
from planner.wording import did_you_mean, quoted


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise fault(f"unknown currency {quoted(code)}", did_you_mean(code, CURRENCIES))
    return code


Currency = Annotated[str, AfterValidator(_known_currency)]


class Scenario(Strict):
    """Everything that is compared, and against what."""

    scenario: Name
    """Its own name."""
    title: Title
    description: str = ""
    extends: str | None = None
    """Another scenario, by file or shipped name; this one then holds only what is different."""
    currency: Currency
    """What money is counted in."""
    rates: dict[Currency, Annotated[Fact, exchange_rate]] = {}
    """What one unit of another currency costs, with date and source: `1.03 AUD/USD`."""
    sources: dict[Name, str] = {}
    site: Site
    admission: Name
    """Rule by which VMs are admitted to hosts, a part of the catalog."""
    workload: dict[Name, Flavour] = Field({}, max_length=200)
    """VMs by size; needed unless an inventory lists them."""
    inventory: str | None = None
    """A CSV file that lists VMs, which come on top of the workload."""
    growth: Growth | None = None
    """How the workload grows."""
    nodes: dict[Name, NodeType] = Field({}, max_length=500)
    designs: dict[Name, Design] = Field({}, max_length=MOST_DESIGNS)
    overrides: dict[Name, Any] = {}
    """Changes of designs by name, for designs that `apply` them."""
    baseline: Name | None = None
    """The design that the others are to replace: energy and money are saved against it."""
    spares: dict[Name, Spare] = Field({}, max_length=500)
    """Spares of a part, in every design that has it."""
    licences: dict[Name, Licence] = Field({}, max_length=100)
    """Software that is paid by the year."""
    requirements: list[Requirement] = Field([], max_length=200)
    weights: Annotated[Weights, Field(max_length=20)] = {}
    """What designs are ranked by, and how much each counts: quantity to weight."""
    penalties: list[Penalty] = Field([], max_length=20)
    """What shortfall and surplus cost, for the regret of a choice."""
    claims: Claims = []
    planned_host_losses: Annotated[int | None, Field(ge=0, le=100)] = None
    """Hosts that may fail at once while everything goes on, as the plan has it."""
    rules: RuleSet = "current"
    """Design rules of the FileStore and 1 Gbit/s time, or those of today."""
    suppress: list[Suppression] = Field([], max_length=500)
    """Findings that are known and accepted."""
    catalogs: list[str] = Field([], max_length=20)
    """Files of more parts."""
    parts: dict[Kind, dict[Name, Any]] = {}
    """More parts by kind and name, as in a catalog file."""
    corrections: dict[Name, dict[str, Any]] = {}
    """Facts of parts that are different here, each with its reason."""
    measurements: list[str] = Field([], max_length=20)
    """Files of power readings."""

    @model_validator(mode="after")
    def _check_rates(self) -> Self:
        raise_below(
            {
                ("rates", code, "value"): fault(
                    f"the rate of {code} is in {rate.unit}, but the scenario counts in "
                    f"{self.currency}",
                    f"write it like `1.03 {self.currency}/{code}`",
                )
                for code, rate in self.rates.items()
                if rate.unit != f"{self.currency}/{code}"
            }
        )
        return self
