"""What the sheets are given of a design's costs: spares, licences, warranty, replacement."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from planner.facts import Basis, Fact
from planner.plan import DesignPlan, Given, GroupPlan, SparePlan
from planner.sheet import Cell, single, stack
from planner.wiring import (
    ITEM_INPUTS,
    SCALING_INPUTS,
    item_sheet,
    licence_sheet,
    scaling_sheet,
    spare_sheet,
)

Cells = dict[str, Cell]
Members = list[tuple[str, Cell]]
OF_A_NODE = ("node_price", "node_new_price", "node_warranty_cost", "node_load_curve")
AFTER = "equipment_replace_after"


@dataclass(frozen=True)
class Costing:
    """The costs of a design beside its parts.

    Parameters
    ----------
    plan : DesignPlan
        The design.
    leaf : callable
        Makes a cell of a fact.
    cells : callable
        Makes cells of facts under the names that a sheet uses.
    """

    plan: DesignPlan
    leaf: Callable[[Fact, str], Cell]
    cells: Callable[[Given], Cells]

    def spares(self) -> tuple[Cells, ...]:
        """How many spares of each part there are, and what they cost."""
        return tuple(self._spare(spare) for spare in self.plan.spares)

    def given(self, groups: Mapping[str, Cells], spares: tuple[Cells, ...]) -> Cells:
        """What the design sheet is given; nothing of what the scenario does not state."""
        plans = zip(self.plan.spares, spares, strict=True)
        rows: list[tuple[str, str, Members]] = [
            ("spare_part_costs", "money", [(p.part, c["spare_part_cost"]) for p, c in plans]),
            ("vm_licence_costs", "money", list(self._licences())),
            ("equipment_warranty_cost", "money", self._warranties(groups)),
            *self._renewals(groups),
        ]
        return {name: stack(name, unit, members) for name, unit, members in rows if members}

    def items(self, groups: Mapping[str, Cells], design: Cells) -> dict[str, Cells]:
        """What one item of each group costs over the years of use."""
        return {group.name: self._item(group, groups[group.name], design) for group in self._groups}

    def scaling(self, items: Mapping[str, Cells], design: Cells) -> Cells:
        """What of the design's cost grows with its VMs.

        Nothing where an item's cost cannot be told, nor where the hosts are owned already: those
        that would be added have to be bought.
        """
        owned = any(group.owned and group.host for group in self._groups)
        if owned or not all("item_present_cost" in cells for cells in items.values()):
            return {}
        given = {name: cell for name, cell in design.items() if name in SCALING_INPUTS}
        for kind, chosen in (
            ("host", [group for group in self._groups if group.host]),
            ("other", [group for group in self._groups if not group.host]),
        ):
            costs = [(group.name, items[group.name]["item_present_cost"]) for group in chosen]
            counts = [(group.name, self.leaf(group.count, "")) for group in chosen]
            given[f"{kind}_item_cost"] = stack(f"{kind}_item_cost", "money", costs)
            given[f"{kind}_count"] = stack(f"{kind}_count", "node", counts)
        return scaling_sheet().evaluate(given)

    @property
    def _groups(self) -> tuple[GroupPlan, ...]:
        return self.plan.groups

    def _spare(self, spare: SparePlan) -> Cells:
        counts = {group.name: group.count for group in self._groups}
        holders = [(group, self.leaf(counts[group], "")) for group, _ in spare.holders]
        per_item = [(group, self.leaf(fact, "")) for group, fact in spare.holders]
        given = {
            "holder_count": stack("holder_count", "node", holders),
            "parts_per_item": stack("parts_per_item", "part", per_item),
        }
        return spare_sheet().evaluate(given | self.cells(spare.given))

    def _licences(self) -> Iterator[tuple[str, Cell]]:
        for plan in self.plan.licences:
            cells = licence_sheet().evaluate(self.cells(plan.given))
            yield plan.name, cells["vm_licence_cost"]

    def _warranties(self, groups: Mapping[str, Cells]) -> Members:
        """Warranty of one item of each group; nothing where none has any."""
        key = "node_warranty_cost"
        if not any(key in cells for cells in groups.values()):
            return []
        free = {group.name: self._nothing(group, key, "money", 0.0) for group in self._groups}
        return [(name, groups[name].get(key, cell)) for name, cell in free.items()]

    def _renewals(self, groups: Mapping[str, Cells]) -> Iterator[tuple[str, str, Members]]:
        """When each group is replaced and at what price; nothing where none is."""
        if not any(group.renewal for group in self._groups):
            return
        after, prices = [], []
        for group in self._groups:
            fact = group.renewal.get(AFTER)
            never = self._nothing(group, AFTER, "1", math.inf)
            free = self._nothing(group, "equipment_new_price", "money", 0.0)
            after.append((group.name, self.leaf(fact, "") if fact else never))
            prices.append((group.name, groups[group.name]["node_new_price"] if fact else free))
        yield AFTER, "1", after
        yield "equipment_new_price", "money", prices

    def _item(self, group: GroupPlan, node: Cells, design: Cells) -> Cells:
        given = {name: cell for name, cell in single(design).items() if name in ITEM_INPUTS}
        given |= {name: node[name] for name in OF_A_NODE if name in node}
        given |= self.cells(
            {
                "item_rack_units": group.equipment["equipment_rack_units"],
                "is_node": group.equipment["is_node"],
                **group.renewal,
            }
        )
        load = self.leaf(group.equipment["stated_utilisation"], "")
        if group.host and "compute_utilisation" in design:
            load = design["compute_utilisation"]
        found = item_sheet().evaluate({**given, "item_utilisation": load}, ["item_present_cost"])
        return {name: found[name] for name in ("item_present_cost",) if name in found}

    def _nothing(self, group: GroupPlan, name: str, unit: str, value: float) -> Cell:
        source = "nothing is stated for this group"
        return self.leaf(Fact(f"{group.name}.{name}", value, unit, Basis.GIVEN, source), "")
