"""What has to be bought: the bill of materials of a design."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planner.compute import Computed
from planner.numbers import number_data
from planner.plan import GroupPlan
from planner.sheet import Cell, basis_of

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
        an item, the items and the quantity, the price of one and of all. A price that is unknown
        has no value. The prices of all add up to the design's `capital_cost`.
    """
    bill = _Bill(computed, currency)
    return [line for group in computed.plan.groups for line in bill.of_group(group)]


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
                "per_item": float(count.nominal),
                "items": float(items[0]),
                "quantity": float(quantity[0]),
                "unit_price": self._price(price),
                "total_price": self._number(quantity * price.value, "money"),
            }

    def _number(self, values: Any, unit: str) -> dict[str, Any]:
        return number_data(self._computed.columns, values, unit, self._currency)

    def _price(self, cell: Cell) -> dict[str, Any]:
        """The price of one part with what is known of it."""
        fact = cell.fact
        assert fact is not None
        found = self._number(cell.value, "money") | {
            "basis": str(basis_of(cell)),
            "source": fact.source,
            "note": fact.note,
            "where": str(fact.mark or ""),
            "date": fact.date,
        }
        return found if fact.value is None else found | {"low": fact.low, "high": fact.high}
