"""Every model is homogeneous: rescaling its inputs rescales its result as its units say.

A formula that holds whatever unit one counts in (1 kW or 1000 W) cannot add watts to hours, nor
hide a constant that has a unit.
"""

import numpy as np
import pytest
from model_tools import module, random_arguments, wired

from planner.models import energy
from planner.models.dimensions import Hour, Watt
from planner.sheet import Sheet, WiringError, quantities_of
from planner.units import registry

QUANTITIES = wired()
# What is counted one by one cannot be rescaled: half a VM does not fit anywhere.
SCALED = ("[power]", "[apparent_power]", "[time]", "[data]", "[money]", "[mass]", "[operations]")
SCALED += ("[current]", "[length]", "[temperature]")
# A plain number by its unit, but by its nature what turns volt-amperes into watts.
POWER_FACTOR = "W/VA"
# Apparent power is a kind of its own, so a voltage is what makes it of a current.
VOLTAGE = "VA/A"
# Of each operation.
BLOCK_SIZE = "B/s/IOPS"
SEEDS = range(12)
YEARLY = ("planner.models.item_cost", "planner.models.cash_flow")
# Powers of two change no digit, so that rounding down to whole VMs is not disturbed either.
SCALES = (2.0**-3, 2.0**5)
ROUNDING = 1e-12


def powers(unit):
    """Exponent of each base dimension that can be rescaled."""
    found = {} if unit == "1" else registry().parse_units(unit).dimensionality
    return {name: power for name, power in found.items() if name in SCALED}


def unit_of(parameter, by_years=False):
    if by_years and parameter.unit in ("yr", "1/yr"):
        return "1"
    if parameter.unit == "V":
        return VOLTAGE
    if parameter.name == "block_size":
        return BLOCK_SIZE
    return POWER_FACTOR if parameter.name.endswith("power_factor") else parameter.unit


def dimension_faults(quantity):
    """What contradicts the declared units."""
    inputs = {item.name: unit_of(item, counts_years(quantity)) for item in quantity.parameters}
    units = [quantity.unit, *inputs.values()]
    bases = sorted({base for unit in units for base in powers(unit)})
    draws = [random_arguments(quantity, seed) for seed in SEEDS]
    results = [np.asarray(quantity.function(**given)) for given in draws]
    if not any(np.any(np.isfinite(result) & (result != 0.0)) for result in results):
        return [f"{quantity.name} gives no number to compare"]
    return [
        f"{quantity.name} does not scale with {base}"
        for base in bases
        if not all(
            scales(quantity, inputs, given, result, base, scale)
            for given, result in zip(draws, results, strict=True)
            for scale in SCALES
        )
    ]


def counts_years(quantity):
    """Whether it goes year by year, as interest does: the year is then not a unit but a step."""
    names = [item.name for item in quantity.parameters if item.unit == "1"]
    return "years_of_use" in names or quantity.function.__module__ in YEARLY


def scales(quantity, inputs, given, result, base, scale):
    """Whether inputs in a unit of another size give the result in a unit of another size."""

    def factor(unit):
        return scale ** powers(unit).get(base, 0)

    scaled = {name: given[name] * factor(unit) for name, unit in inputs.items()}
    wanted = result * factor(quantity.unit)
    found = quantity.function(**scaled)
    return np.allclose(found, wanted, rtol=ROUNDING, atol=0.0, equal_nan=True)


@pytest.mark.parametrize("name", QUANTITIES)
def test_model_is_homogeneous(name):
    assert dimension_faults(QUANTITIES[name]) == []


def test_every_unit_that_can_be_rescaled_is():
    units = {unit_of(item) for quantity in QUANTITIES.values() for item in quantity.parameters}
    counted = {unit for unit in units if not powers(unit)}
    assert counted == {"1", "node", "part", "port", "core", "thread", "vcpu", "vm", "U"}


def with_a_hidden_constant(mean_power: Watt) -> Watt:
    """Power with a fan of 3 W that nobody asked for.

    Parameters
    ----------
    mean_power : array_like
        Power [W].
    """
    return mean_power + 3.0


def with_the_wrong_unit(mean_power: Watt, hours_per_year: Hour = 8760.0) -> Watt:
    """Energy that calls itself power.

    Parameters
    ----------
    mean_power : array_like
        Power [W].
    hours_per_year : array_like
        Time [h].
    """
    return mean_power * hours_per_year / 1000.0


def with_a_sum_of_two_kinds(mean_power: Watt, hours_per_year: Hour) -> Watt:
    """Watts and hours in one sum.

    Parameters
    ----------
    mean_power : array_like
        Power [W].
    hours_per_year : array_like
        Time [h].
    """
    return mean_power + hours_per_year


def of_nothing(mean_power: Watt) -> Watt:
    """Zero, which scales with everything.

    Parameters
    ----------
    mean_power : array_like
        Power [W].
    """
    return mean_power * 0.0


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        (with_a_hidden_constant, "does not scale with [power]"),
        (with_the_wrong_unit, "does not scale with [time]"),
        (with_a_sum_of_two_kinds, "does not scale with [time]"),
        (of_nothing, "gives no number to compare"),
    ],
)
def test_a_wrong_model_is_caught(function, fault):
    (quantity,) = quantities_of(module("wrong", function))
    assert f"{function.__name__} {fault}" in dimension_faults(quantity)


def test_a_wrong_unit_is_refused_where_it_is_connected():
    def facility_energy(mean_power: Watt, hours_per_year: Hour = 8760.0) -> Watt:
        return mean_power * hours_per_year / 1000.0

    inputs = {"mean_power": "W", "electricity_price": "money/kWh"}
    cost = module("cost", energy.annual_energy_cost)
    expected = r"annual_energy_cost needs facility_energy in kWh, but it is computed in W"
    with pytest.raises(WiringError, match=expected):
        Sheet("bill", [module("wrong", facility_energy), cost], inputs)
