"""A design computed level by level: nodes, stores, backends, and the design itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from inspect import signature

import numpy as np

from planner.backends import (
    computed,
    figures,
    layout,
    pool_cells,
    quorum_cells,
    simulated,
    vm_store,
    vm_store_heals,
)
from planner.costing import Costing
from planner.facts import Basis, Fact
from planner.models.exchange import converted_price
from planner.models.failover import mirrored_vms
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
from planner.placing.cells import PLACED, placement_cells, placement_of
from planner.placing.place import Placement
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
from planner.ranges import DRAWS, Columns, Draws, Values
from planner.sheet import Cell, Sheet, renamed, stack
from planner.stored_cells import stored_cells
from planner.wiring import (
    ITEM_INPUTS,
    SAVED,
    SCALING_INPUTS,
    backend_sheet,
    bond_sheet,
    build_sheet,
    busy_sheet,
    design_sheet,
    estimate_sheet,
    host_sheet,
    medium_sheet,
    node_sheet,
    saving_sheet,
    scaling_sheet,
    store_sheet,
    survival_sheet,
    switch_sheet,
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
BASELINE = "baseline_"
SCALED = {*ITEM_INPUTS, *SCALING_INPUTS, "compute_utilisation"}
"""What the costs of items and of growing are made from."""


@dataclass(frozen=True)
class Computed:
    """A design with its cells.

    Parameters
    ----------
    plan : DesignPlan
        What it was computed from.
    columns : Columns
        Which column varies which fact.
    design : dict
        Cells of the design as a whole.
    backends : dict
        Cells of each storage backend.
    groups : dict
        Cells of a node of each group.
    given : dict
        What the design sheet was given; rows over groups and flavours hold their members.
    media, switches : dict
        Cells of each kind of switch port, and of each switch or stack.
    spares : tuple of dict
        Cells of the spares, in the order of the plan.
    """

    plan: DesignPlan
    columns: Columns
    design: Cells
    backends: dict[str, Cells]
    groups: dict[str, Cells]
    given: Cells
    media: dict[str, Cells] = field(default_factory=dict)
    switches: dict[str, Cells] = field(default_factory=dict)
    spares: tuple[Cells, ...] = ()

    @cached_property
    def placement(self) -> Placement:
        """Where the VMs run, each with its most likely size."""
        return placement_of(self)

    @cached_property
    def _unplaced(self) -> Cells:
        return self._named({})

    @cached_property
    def _cells(self) -> Cells:
        return self._named(placement_cells(self.placement, self.given))

    def _named(self, placed: Cells) -> Cells:
        found = {**self.design, **placed}
        every = (self.backends, self.groups, self.media, self.switches)
        for name, cells in (item for home in every for item in home.items()):
            found |= {f"{name}.{key}": cell for key, cell in cells.items()}
        if len(self.backends) == 1:
            found = {**next(iter(self.backends.values())), **found}
        return found

    def cell(self, name: str) -> Cell | None:
        """A quantity by its name, as in `cells`; the VMs are placed only where it needs that."""
        return (self._cells if name in PLACED else self._unplaced).get(name)

    def cells(self) -> Mapping[str, Cell]:
        """Every quantity by its name in the design.

        A backend's quantities are called ``BACKEND.quantity``, and without the name too where the
        design has only one; a group's ``GROUP.quantity``.
        """
        return self._cells


def compute(
    plan: DesignPlan, draws: int | Draws = DRAWS, baseline: DesignPlan | None = None
) -> Computed:
    """Compute every quantity of a design, with ranges from so many draws.

    With a baseline also what is saved against it, draw by draw: what both share cancels out.
    """
    plans = [plan] if baseline is None else [baseline, plan]
    columns = Columns.of((fact for each in plans for fact in each.facts()), draws)
    return compute_all({plan.id: plan}, columns, baseline)[plan.id]


def compute_all(
    plans: Mapping[str, DesignPlan],
    columns: Columns,
    baseline: DesignPlan | None = None,
    wanted: Collection[str] | None = None,
) -> dict[str, Computed]:
    """As `compute`, several designs over the same columns; perhaps only the wanted quantities."""
    saved = saving_sheet()
    own = [name for name in saved.quantities if wanted is None or name in wanted]
    if baseline is None or not own:
        return {name: compute_over(plan, columns, wanted) for name, plan in plans.items()}
    needed = None if wanted is None else {*wanted, *_needed(saved, own)}
    old = compute_over(baseline, columns, needed)
    return {
        name: old
        if plan.id == baseline.id
        else _with_savings(compute_over(plan, columns, needed), old, own)
        for name, plan in plans.items()
    }


def _with_savings(new: Computed, old: Computed, wanted: Iterable[str]) -> Computed:
    """A design with what it saves against the one that it replaces."""
    known = {f"{BASELINE}{name}": old.design.get(name) for name in SAVED}
    known |= {name: new.design.get(name) for name in (*SAVED, "year_end")}
    given = {name: cell for name, cell in known.items() if cell is not None}
    return replace(new, design={**new.design, **saving_sheet().evaluate(given, wanted)})


def _needed(sheet: Sheet, wanted: Iterable[str]) -> set[str]:
    """What of a design the saving sheet compares for some quantities."""
    parameters = (item for name in wanted for item in sheet.quantities[name].parameters)
    return {item.name.removeprefix(BASELINE) for item in parameters}


def compute_over(
    plan: DesignPlan, columns: Columns, wanted: Collection[str] | None = None
) -> Computed:
    """A design level by level over given columns; of it as a whole perhaps only the wanted."""
    level = _Levels(plan, columns)
    groups = {group.name: level.group(group) for group in plan.groups}
    backends = {backend.name: level.backend(backend) for backend in plan.backends}
    pools = pool_cells(plan, backends, level.leaf)
    costing = Costing(plan, level.leaf, level.cells)
    spares = costing.spares()
    given = level.given_of_design(groups, backends, pools) | costing.given(groups, spares)
    given |= mirrored(plan, given)
    sheet = design_sheet()
    scaled = wanted is None or bool(scaling_sheet().quantities.keys() & set(wanted))
    if wanted is not None:
        asked = {*wanted, *(SCALED if scaled else ())}
        wanted = [name for name in sheet.quantities if name in asked]
    design = {
        **_single(given),
        **sheet.evaluate(given, wanted),
        **pools,
        **quorum_cells(plan.quorums, level.leaf),
    }
    design |= stored_cells(plan, backends, design, level.leaf)
    if scaled:
        items = costing.items(groups, given | design)
        groups = {name: {**cells, **items[name]} for name, cells in groups.items()}
        design |= costing.scaling(items, given | design)
    hosts = {group.name for group in plan.groups if group.host}
    groups = {
        name: {
            **cells,
            **level.daemons(name, cells),
            **(busy_sheet().evaluate({**given, **design, **cells}) if name in hosts else {}),
        }
        for name, cells in groups.items()
    }
    media = level.sheets(medium_sheet(), plan.cabling.media)
    switches = level.sheets(switch_sheet(), plan.cabling.switches)
    return Computed(plan, columns, design, backends, groups, given, media, switches, spares)


def _single(given: Cells) -> Cells:
    """Inputs that are one number, which are worth showing beside the results."""
    return {name: cell for name, cell in given.items() if cell.value.ndim == 1}


def mirrored(plan: DesignPlan, given: Cells) -> Cells:
    """What Ganeti's law of mirrored disks admits, where it rules; the most likely values only."""
    if plan.policy != "ganeti" or "mirror_disk" not in given:
        return {}
    sizes = design_sheet().evaluate(given, ["vm_memory", "vm_disk", "vm_vcpus"])
    names = signature(mirrored_vms).parameters
    cells = {name: cell for name, cell in {**given, **sizes}.items() if name in names}
    return {"mirror_bound_vms": simulated("mirror_bound_vms", "vm", mirrored_vms, cells)}


@dataclass(frozen=True)
class _Levels:
    plan: DesignPlan
    columns: Columns

    def leaf(self, fact: Fact, name: str = "") -> Cell:
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
            name: {**_single(cells), **sheet.evaluate(cells)}
            for name, given in every.items()
            for cells in [self.cells(given)]
        }

    def group(self, group: GroupPlan) -> Cells:
        cells = self._node(group)
        parts = self.cells(group.assembly.given)
        of_node = ("node_memory", "node_peak_power")
        known: Cells = {name: cells[name] for name in of_node if name in cells}
        return {**_single(parts), **cells, **build_sheet().evaluate({**parts, **known})}

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
        return {**_single(given), **host_sheet().evaluate(given)}

    def store(self, given: Given) -> Cells:
        return store_sheet().evaluate(self.cells(given))

    # Backends

    def backend(self, plan: BackendPlan) -> Cells:
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
        return {**_single(by_host), **_single(given), **cells, **more}

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
