"""The levels below a design: its nodes, its stores and its backends, as cells."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from planner.backends import computed, figures, layout, vm_store, vm_store_heals
from planner.facts import Basis, Fact
from planner.models.exchange import converted_price
from planner.models.workload import workload_vms
from planner.paths import (
    client_cells,
    host_row,
    host_rows,
    one_client_cells,
    proxy_cells,
    rate_of_links,
    switch_cells,
)
from planner.plan import (
    BackendPlan,
    Converted,
    Curve,
    DesignPlan,
    Given,
    GroupPlan,
    Row,
    StorePlan,
)
from planner.ranges import Columns, Values
from planner.sheet import Cell, Sheet, renamed, single, stack
from planner.wiring import (
    backend_sheet,
    bond_sheet,
    build_sheet,
    estimate_sheet,
    host_sheet,
    node_sheet,
    store_sheet,
    survival_sheet,
)

Cells = dict[str, Cell]

OF_EACH_ITEM = {
    "equipment_idle_power": ("node_idle_power", "W"),
    "equipment_peak_power": ("node_peak_power", "W"),
    "equipment_nameplate_power": ("node_nameplate_power", "W"),
    "equipment_load_curve": ("node_load_curve", "W"),
    "equipment_price": ("node_price", "money"),
}
OF_EACH_HOST = {
    "host_cores": ("node_cores", "core"),
    "host_threads": ("node_threads", "thread"),
    "host_memory": ("node_memory", "B"),
}
MIRRORED = "mirrored-devices"


@dataclass(frozen=True)
class Levels:
    """Makes cells of the facts of a design, and computes the levels below the design itself.

    Parameters
    ----------
    plan : DesignPlan
        The design.
    columns : Columns
        Over which everything is computed.
    """

    plan: DesignPlan
    columns: Columns

    def leaf(self, fact: Fact, name: str = "") -> Cell:
        """A fact as a cell."""
        name = name or fact.name
        if isinstance(fact, Converted):
            amounts = {"price": self.leaf(fact.price), "exchange_rate": self.leaf(fact.rate)}
            return computed(name, fact.unit, converted_price, amounts)
        return self._once(fact, name, lambda: self.columns.values(fact))

    def _once(self, fact: Fact, name: str, values: Callable[[], Values], *key: Hashable) -> Cell:
        """The leaf of a fact under a name."""
        if fact.name in self.columns.changed:
            return Cell(name, fact.unit, values(), fact)
        leaves: dict[Hashable, Cell] = self.columns.leaves
        at = (fact, name, *key)
        if at not in leaves:
            leaves[at] = Cell(name, fact.unit, values(), fact)
        return leaves[at]

    def cells(self, given: Given) -> Cells:
        """Facts as cells under the names that a sheet uses."""
        return {name: self._cell(name, item) for name, item in given.items()}

    def _cell(self, name: str, item: Fact | Row | Curve) -> Cell:
        if isinstance(item, Fact):
            return self.leaf(item, name)
        if isinstance(item, Curve):
            row = item.values
            make = partial(np.expand_dims, np.array(row, dtype=float), 1)
            return self._once(item.fact, name, make, row)
        return stack(name, item.unit, [(key, self.leaf(fact)) for key, fact in item.members])

    def sheets(self, sheet: Sheet, every: Mapping[str, Given]) -> dict[str, Cells]:
        """One sheet for each of several things."""
        return {
            name: {**single(cells), **sheet.evaluate(cells)}
            for name, given in every.items()
            for cells in [self.cells(given)]
        }

    def group(self, group: GroupPlan) -> Cells:
        """One item of a group: a node, a switch, an array."""
        cells = self._node(group)
        parts = self.cells(group.assembly.given)
        of_node = ("node_memory", "node_peak_power")
        known: Cells = {name: cells[name] for name in of_node if name in cells}
        return {**single(parts), **cells, **build_sheet().evaluate({**parts, **known})}

    def _node(self, group: GroupPlan) -> Cells:
        given = self.cells(group.node)
        bonds = self._bonds(group)
        if not group.estimate_by:
            return {**node_sheet().evaluate(given), **bonds}
        estimate = estimate_sheet(group.estimate_by).evaluate(self.cells(group.estimate))
        for end in ("idle", "peak"):
            cell = estimate[f"estimated_{end}_power"]
            given[f"base_{end}_power"] = renamed(cell, f"base_{end}_power")
        return {**estimate, **node_sheet().evaluate(given), **bonds}

    def _bonds(self, group: GroupPlan) -> Cells:
        """What flows get of each bond, as ``NETWORK.quantity``."""
        found: Cells = {}
        for network, facts in group.bonds.items():
            given = self.cells(facts)
            stated = {name: given[name] for name in ("bond_links", "bond_flows")}
            cells = {**stated, **bond_sheet().evaluate(given)}
            found |= {f"{network}.{key}": cell for key, cell in cells.items()}
        return found

    def daemons(self, name: str, node: Cells) -> Cells:
        """What the daemons of Ceph on a host of a group have, and what they need."""
        if name not in self.plan.daemons:
            return {}
        given = self.cells(self.plan.daemons[name])
        given |= {key: cell for key, cell in node.items() if key in host_sheet().inputs}
        return {**single(given), **host_sheet().evaluate(given)}

    def store(self, given: Given) -> Cells:
        """The drives of one kind on a host."""
        return store_sheet().evaluate(self.cells(given))

    # Backends

    def backend(self, plan: BackendPlan) -> Cells:
        """A storage backend over all of its hosts."""
        stores = [(store, self._store_of(store)) for store in plan.stores]
        capacity = host_row("host_capacity", "B", "store_capacity", stores)
        places = layout(plan, capacity, self.leaf)
        sites = places.pop("site_capacity")
        given = {
            **self.cells(plan.given),
            **places,
            **host_rows(stores),
            **client_cells(plan, self.leaf),
            **proxy_cells(plan, self.leaf),
            **switch_cells(plan, self.leaf),
            **self._vms_on(plan),
        }
        sheet = backend_sheet()
        shares = ["host_share", "local_share", "gathered_load", "copied_load"]
        first = sheet.evaluate(given, [*shares, "storage_clients"])
        given |= one_client_cells(given, first)
        given |= self._demanding(plan, given, first)
        by_host = {**self.cells(plan.survival), "domain_capacity": sites}
        survival = survival_sheet().evaluate(by_host)
        cells = {**sheet.evaluate(given), **survival}
        more = figures(plan, {**given, **cells}, self.leaf)
        return {**single(by_host), **single(given), **cells, **more}

    def _store_of(self, store: StorePlan) -> Cells:
        cells = self.store(store.given)
        rate = rate_of_links(store.cluster, self.leaf)
        return cells if rate is None else {**cells, "cluster_rate": rate}

    def _vms_on(self, plan: BackendPlan) -> Cells:
        """VMs of the workload, on the backend that holds their disks."""
        if plan.name not in (self.plan.shared_store, self.plan.local_store):
            return {}
        counts = {"flavour_count": self._cell("flavour_count", self.plan.given["flavour_count"])}
        return {"vms_on_storage": computed("vms_on_storage", "vm", workload_vms, counts)}

    def _demanding(self, plan: BackendPlan, given: Cells, first: Cells) -> Cells:
        """How many ask for the demand that is stated."""
        asking = {"client": first.get("storage_clients"), "vm": given.get("vms_on_storage")}
        cell = asking.get(plan.demand_of or "")
        return {} if cell is None else {"demanding": renamed(cell, "demanding", "1")}

    # The design

    def given_of_design(
        self, groups: Mapping[str, Cells], backends: Mapping[str, Cells], pools: Cells
    ) -> Cells:
        """What the design sheet is given of the levels below."""
        every = list(self.plan.groups)
        hosts = [group for group in every if group.host]
        switches = [group for group in every if group.switch]
        given = {
            **self.cells(self.plan.given),
            **self._rows([(group.name, group.equipment) for group in every]),
            **self._rows([(group.name, group.switch) for group in switches]),
            **self._rows([(group.name, group.host) for group in hosts]),
            **self._of_nodes(every, groups, OF_EACH_ITEM),
            **(self._of_nodes(hosts, groups, OF_EACH_HOST) if hosts else {}),
        }
        return given | self._storage(hosts, backends, pools)

    def _rows(self, given: list[tuple[str, Mapping[str, Fact]]]) -> Cells:
        """The same facts of several groups, each as one row over the groups."""
        first = given[0][1] if given else {}
        return {
            name: stack(name, fact.unit, [(key, self.leaf(own[name])) for key, own in given])
            for name, fact in first.items()
        }

    def _of_nodes(
        self,
        plans: list[GroupPlan],
        groups: Mapping[str, Cells],
        names: Mapping[str, tuple[str, str]],
    ) -> Cells:
        found: Cells = {}
        for name, (quantity, unit) in names.items():
            members = [(plan.name, groups[plan.name].get(quantity)) for plan in plans]
            known = [(group, cell) for group, cell in members if cell is not None]
            if len(known) == len(plans):
                found[name] = stack(name, unit, known)
        return found

    def _storage(
        self, hosts: list[GroupPlan], backends: Mapping[str, Cells], pools: Cells
    ) -> Cells:
        """What the storage of the VMs' disks brings to the design."""
        if self.plan.shared_store is not None:
            cells = backends[self.plan.shared_store]
            return {
                "vm_disk_capacity": cells["usable_capacity"],
                "vm_store_capacity": vm_store(self.plan, cells, pools),
                "vm_store_heal_capacity": vm_store_heals(self.plan, cells, pools),
                "host_losses_in_service": cells["host_losses_in_service"],
                **self._disks("mirror_disk", self.plan.shared_store, hosts),
            }
        if self.plan.local_store is None:
            return {}
        usable = {"vm_disk_capacity": backends[self.plan.local_store]["usable_capacity"]}
        return usable | self._disks("host_disk", self.plan.local_store, hosts)

    def _disks(self, name: str, store: str, hosts: list[GroupPlan]) -> Cells:
        """Disk of a storage on one host of each group; of a shared one only if it is mirrored."""
        plan = next(item for item in self.plan.backends if item.name == store)
        if not hosts or not (plan.scheme.local or plan.scheme.placement == MIRRORED):
            return {}
        stores = {item.group: self.store(item.given)["store_capacity"] for item in plan.stores}
        disks = [(host.name, stores.get(host.name) or self._no_disk(host, store)) for host in hosts]
        return {name: stack(name, "B", disks)}

    def _no_disk(self, host: GroupPlan, store: str) -> Cell:
        source = f"`{store}` has no drives on this group"
        return self.leaf(Fact(f"{host.name}.host_disk", 0.0, "B", Basis.GIVEN, source))
