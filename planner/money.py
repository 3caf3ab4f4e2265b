"""Money in the currency of a scenario: converted at a stated rate, or unknown, never guessed."""

from __future__ import annotations

from dataclasses import replace

from planner.catalog import Entry
from planner.context import Context
from planner.facts import Fact, weakest
from planner.faults import InputError, Mark
from planner.plan import Converted

EXAMPLE = "{{value: ... {own}/{other}, date: ..., source: ...}}"


def price_of(context: Context, entry: Entry) -> Fact:
    """The price of a part; unknown where it is in a currency without a rate."""
    price = entry.fact("price")
    if not price.known or price.unit == context.scenario.currency:
        return replace(price, unit="money")
    other, own = price.unit, context.scenario.currency
    if other in context.scenario.rates:
        return _converted(context, price, other, "money")
    example = EXAMPLE.format(own=own, other=other)
    note = f"the price is in {other}, the scenario in {own}; write `rates: {{{other}: {example}}}`"
    return replace(price, value=None, low=None, high=None, unit="money", note=note)


def stated_money(context: Context, fact: Fact, unit: str, shown: str) -> Fact:
    """An amount that the scenario states.

    Parameters
    ----------
    context : Context
        The scenario.
    fact : Fact
        The amount, in some currency.
    unit, shown : str
        Its unit for the sheet, and as it is written; ``money`` stands for any currency.

    Raises
    ------
    InputError
        When it is in a currency without a rate.
    """
    own = context.scenario.currency
    wanted = shown.replace("money", own)
    if not fact.known or fact.unit == wanted:
        return replace(fact, unit=unit)
    other = fact.unit.partition("/")[0]
    if other in context.scenario.rates:
        return _converted(context, fact, other, unit)
    message = f"{fact.name} is in {fact.unit}, but the scenario counts in {wanted}"
    example = EXAMPLE.format(own=own, other=other)
    remedy = f"write it in {wanted}, or `rates: {{{other}: {example}}}`"
    raise InputError.at(fact.mark or Mark(context.design_id), message, remedy)


def _converted(context: Context, price: Fact, currency: str, unit: str) -> Fact:
    rate = context.scenario.rates[currency]
    assert price.value is not None
    assert rate.value is not None
    return Converted(
        name=price.name,
        value=price.value * rate.value,
        unit=unit,
        basis=weakest((price.basis, rate.basis)),
        source=price.source,
        note=price.note,
        mark=price.mark,
        date=price.date,
        price=price,
        rate=rate,
    )
