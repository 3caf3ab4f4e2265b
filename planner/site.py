"""What the site brings to every design: prices, UPS, cooling, circuits and the grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planner.context import Context, stated
from planner.facts import Basis, Fact
from planner.faults import Fault, InputError, Mark
from planner.money import stated_money
from planner.scenario import Circuits, Grid, Ups

PRICES = {
    "electricity_price": "money/kWh",
    "labour_price": "money/h",
    "labour_per_node": "h",
    "years_of_use": "1",
}
RATES = ("discount_rate", "electricity_price_change", "residual_share")
RENTS = {
    "rack_unit_price": ("rack_unit_price", "money/U", "money/U/yr"),
    "hosting_price": ("annual_hosting_cost", "money", "money/yr"),
    "disposal_price": ("disposal_price", "money", "money"),
}
OVERHEAD = ("pue", "cooling_cop", "air_temperature_rise", "rack_space")


def site_facts(context: Context) -> dict[str, Fact]:
    """The facts of the site, under the names that the design sheet uses.

    Raises
    ------
    InputError
        A price in another currency, losses that would be counted twice, or a fact without its
        source.
    """
    faults = list(_faults(context))
    if faults:
        raise InputError(faults)
    site = context.scenario.site
    prices = {key: getattr(site, key) for key in PRICES}
    found = {
        key: _not_stated(key) if fact is None else _in_unit(context, fact, PRICES[key])
        for key, fact in prices.items()
    }
    shares = (*OVERHEAD, *RATES)
    found |= {key: getattr(site, key) for key in shares if getattr(site, key) is not None}
    found |= {
        name: stated_money(context, getattr(site, key), unit, shown)
        for key, (name, unit, shown) in RENTS.items()
        if getattr(site, key) is not None
    }
    found |= {} if site.ups is None else _ups(site.ups)
    found |= {} if site.grid is None else {"grid_intensity": _grid(site.grid)}
    return found | circuit_facts(context)


def _not_stated(key: str) -> Fact:
    note = f"state `{key}` under `site`"
    return Fact(f"site.{key}", None, PRICES[key], Basis.ASSUMPTION, note=note)


def circuit_facts(context: Context) -> dict[str, Fact]:
    """The facts of the circuits, under the names that sheets use; nothing without circuits."""
    circuits = context.scenario.site.circuits
    if circuits is None:
        return {}
    mark = context.loaded.document.mark(("site", "circuits"))
    found = {
        "circuit_amps": circuits.amps,
        "circuit_volts": circuits.volts,
        "circuit_derate": circuits.derate,
        "circuit_phases": stated("site.circuits.phases", circuits.phases, "1", mark),
        "circuit_feeds": stated("site.circuits.feeds", circuits.feeds, "1", mark),
    }
    if circuits.thermal is not None:
        found["circuit_thermal"] = circuits.thermal
    if circuits.per_feed is not None:
        found["circuits_per_feed"] = circuits.per_feed
    return found


def _ups(ups: Ups) -> dict[str, Fact]:
    facts = {f"ups_{key}": getattr(ups, key) for key in type(ups).model_fields}
    return {key: fact for key, fact in facts.items() if fact is not None}


def _grid(grid: Grid) -> Fact:
    return replace(grid.intensity, note=f"{grid.region}, {grid.year}; {grid.intensity.note}")


def _faults(context: Context) -> Iterator[Fault]:
    """What cannot be right about the site."""
    site = context.scenario.site
    document = context.loaded.document
    for key, other in (("cooling_cop", site.cooling_cop), ("ups", site.ups)):
        if site.pue is not None and other is not None:
            message = f"a PUE has UPS and cooling in it: with `{key}` that would count twice"
            yield Fault(document.mark(("site", key)), message, f"state either `pue` or `{key}`")
    if site.circuits is not None:
        yield from _unsourced(site.circuits, document.mark(("site", "circuits", "derate")))
    if site.grid is not None and not site.grid.intensity.source:
        mark = document.mark(("site", "grid", "intensity"))
        yield Fault(mark, "an emission factor needs its source", "write {value, basis, source}")


def _unsourced(circuits: Circuits, mark: Mark) -> Iterator[Fault]:
    if circuits.derate.basis is Basis.GIVEN or not circuits.derate.source:
        remedy = "write {value: 80 %, basis: datasheet, source: the rule of the jurisdiction}"
        yield Fault(mark, "a derating differs between jurisdictions and needs its source", remedy)


def _in_unit(context: Context, fact: Fact, unit: str) -> Fact:
    if "money" in unit:
        return stated_money(context, fact, unit, unit)
    return replace(fact, unit=unit)
