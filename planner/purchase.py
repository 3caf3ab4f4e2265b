"""What has to be bought: the bill of materials of a design."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.compute import Computed
from planner.facts import Fact
from planner.numbers import fact_data, number_data, unknown_data
from planner.plan import GroupPlan
from planner.sheet import Cell

BillLine = dict[str, Any]


def bill_of_materials(computed: Computed, currency: str) -> list[BillLine]:
    """What a design is made of, part by part, with prices.

    Parameters
    ----------
    computed : Computed
        The design.
    currency : str
        What money is counted in.

    Returns
    -------
    list of dict
        One entry a part and group: its name and title, whether it is owned already, its number in
        an item, the items and the quantity, the price of one and of all. Spares come last, of no
        group. A price that is unknown has no value; one in another currency also holds the amount
        that was asked and the rate. The prices of all add up to the design's `capital_cost`.
    """
    bill = _Bill(computed, currency)
    lines = [line for group in computed.plan.groups for line in bill.of_group(group)]
    return [*lines, *bill.spares()]


class _Bill:
    def __init__(self, computed: Computed, currency: str) -> None:
        self._computed = computed
        self._currency = currency

    def of_group(self, group: GroupPlan) -> Iterator[BillLine]:
        cells = dict(self._computed.groups[group.name]["node_price"].inputs)
        counts, prices = cells["part_count"].inputs, cells["part_price"].inputs
        items = self._computed.columns.values(group.count)
        for (part, count), (_, price) in zip(counts, prices, strict=True):
            quantity = items * count.value
            yield {
                "group": group.name,
                "part": part,
                "title": group.titles[part],
                "owned": group.owned,
                "spare": False,
                "per_item": float(count.nominal),
                "items": float(items[0]),
                "quantity": float(quantity[0]),
                "unit_price": self._price(price),
                "total_price": self._total(price, quantity * price.value),
            }

    def spares(self) -> Iterator[BillLine]:
        for spare, cells in zip(self._computed.plan.spares, self._computed.spares, strict=True):
            price = dict(cells["spare_part_cost"].inputs)["spare_price"]
            yield {
                "group": "",
                "part": spare.part,
                "title": spare.title,
                "owned": False,
                "spare": True,
                "per_item": None,
                "items": None,
                "quantity": float(cells["spare_parts"].nominal),
                "unit_price": self._price(price),
                "total_price": self._total(price, cells["spare_part_cost"].value),
            }

    def _number(self, values: Any, unit: str) -> dict[str, Any]:
        return number_data(self._computed.columns, values, unit, self._currency)

    def _total(self, price: Cell, values: Any) -> dict[str, Any]:
        """Money that follows from a price; nothing is known of it where the price is not."""
        if price.fact is not None and not price.fact.known:
            return unknown_data("money", self._currency)
        return self._number(values, "money")

    def _price(self, cell: Cell) -> dict[str, Any]:
        """The price of one part with what is known of it."""
        number = self._total(cell, cell.value) | {"basis": str(cell.basis)}
        if cell.fact is None:
            asked, rate = (below.fact for _, below in cell.inputs)
            assert asked is not None
            assert rate is not None
            return number | self._evidence(asked) | self._exchange(asked, rate)
        ends = {"low": cell.fact.low, "high": cell.fact.high} if cell.fact.known else {}
        return number | ends | self._evidence(cell.fact)

    def _evidence(self, fact: Fact) -> dict[str, Any]:
        found = fact_data(fact, self._currency)
        return {key: found[key] for key in ("source", "note", "where")} | {"date": fact.date}

    def _exchange(self, asked: Fact, rate: Fact) -> dict[str, Any]:
        """The amount that was asked, and the rate at which it was converted."""
        return {"asked": fact_data(asked, self._currency), "rate": fact_data(rate, self._currency)}
