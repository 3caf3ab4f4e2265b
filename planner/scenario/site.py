"""Where a design stands, and for how long."""

from typing import Annotated, Literal

from pydantic import Field

from planner.facts import Fact
from planner.fields import count, measure
from planner.schema import Strict


class Ups(Strict):
    """A UPS that carries everything; its loss becomes heat in the room."""

    rating: Annotated[Fact, measure("W", 1, 1e8, decided=True)]
    apparent_rating: Annotated[Fact | None, measure("VA", 1, 1e8)] = None
    """Limit of the apparent power, which is separate from that of the power."""
    no_load_loss: Annotated[Fact, measure("W", 0, 1e7)]
    proportional_loss: Annotated[Fact, measure("1", 0, 1)]
    """Loss in proportion to the load."""
    square_loss: Annotated[Fact | None, measure("1", 0, 1)] = None
    """Loss with the square of the load, at full load, over the rating."""
    battery: Annotated[Fact | None, measure("kWh", 0, 1e6)] = None
    """Energy that the battery gives at this discharge, as its maker states it."""


class Circuits(Strict):
    """The circuits that feed the equipment."""

    volts: Annotated[Fact, measure("V", 1, 1e5)]
    """Between two lines with three phases."""
    amps: Annotated[Fact, measure("A", 0.1, 1e4)]
    phases: Literal[1, 3] = 1
    derate: Annotated[Fact, measure("1", 0.01, 1)]
    """Share of the rating that a lasting load may use; the rule that says so is its source."""
    thermal: Annotated[Fact | None, measure("1", 0.01, 1)] = None
    """Further share for a warm place."""
    per_feed: Annotated[Fact | None, count("part", 1, 1e6)] = None
    """Circuits on each feed."""
    feeds: Literal[1, 2] = 1
    """2 for feeds A and B, of which each alone must carry everything."""


class Grid(Strict):
    """Where the electricity comes from."""

    intensity: Annotated[Fact, measure("kg/kWh", 0, 10)]
    """CO2 equivalent of a kWh."""
    region: str
    year: Annotated[int, Field(ge=1990, le=2100)]


class Site(Strict):
    """Where the design stands, and for how long."""

    electricity_price: Annotated[Fact, measure("money/kWh", 0, 1e4)]
    years_of_use: Annotated[Fact, measure("yr", 0.1, 50)]
    labour_price: Annotated[Fact | None, measure("money/h", 0, 1e5)] = None
    """Price of an administrator's hour."""
    labour_per_node: Annotated[Fact | None, measure("h", 0, 8760)] = None
    """Hours spent on each computer in a year."""
    discount_rate: Annotated[Fact | None, measure("1/yr", 0, 1)] = None
    """Interest that money earns elsewhere: later payments count less."""
    electricity_price_change: Annotated[Fact | None, measure("1/yr", -0.5, 1)] = None
    """Rise of the price of electricity from one year to the next."""
    rack_unit_price: Annotated[Fact | None, measure("money/U/yr", 0, 1e6)] = None
    """Rent of one unit of rack height: `40 AUD/U/month`."""
    hosting_price: Annotated[Fact | None, measure("money/yr", 0, 1e9)] = None
    """Fixed rent of the place, whatever stands there: `300 AUD/month`."""
    replace_after: Annotated[Fact | None, measure("yr", 0.1, 100, decided=True)] = None
    """Years after which equipment that is bought is replaced, unless its group says otherwise."""
    warranty: Annotated[Fact | None, measure("1/yr", 0, 1)] = None
    """What a year of warranty costs as a share of the price, unless a group says otherwise."""
    disposal_price: Annotated[Fact | None, measure("money", 0, 1e6)] = None
    """What it costs to be rid of one item when the use ends."""
    residual_share: Annotated[Fact | None, measure("1", 0, 1)] = None
    """What the equipment still fetches then, as a share of what was paid for it."""
    pue: Annotated[Fact | None, measure("1", 1, 10)] = None
    """Power of the facility over that of the equipment; UPS and cooling are in it."""
    cooling_cop: Annotated[Fact | None, measure("1", 0.1, 100)] = None
    """Heat that the cooling removes for each watt that it draws; never together with a PUE."""
    ups: Ups | None = None
    circuits: Circuits | None = None
    grid: Grid | None = None
    rack_space: Annotated[Fact | None, measure("U", 0, 1e5)] = None
    """Height of the racks that is free for the equipment."""
    air_temperature_rise: Annotated[Fact | None, measure("degC", 0.1, 100)] = None
    """How much warmer the air leaves the equipment than it enters."""
