"""A design computed level by level: nodes, stores, backends, and the design itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from inspect import signature

from planner.backends import pool_cells, quorum_cells, simulated
from planner.costing import Costing
from planner.levels import Levels
from planner.models.failover import mirrored_vms
from planner.placing.cells import PLACED, placement_cells, placement_of
from planner.placing.place import Placement
from planner.plan import DesignPlan
from planner.ranges import DRAWS, Columns, Draws
from planner.sheet import Cell, Sheet, single
from planner.stored_cells import stored_cells
from planner.wiring import (
    ITEM_INPUTS,
    SAVED,
    SCALING_INPUTS,
    busy_sheet,
    design_sheet,
    medium_sheet,
    saving_sheet,
    scaling_sheet,
    switch_sheet,
)

Cells = dict[str, Cell]

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

    def units(self) -> dict[str, str]:
        """The units of all quantities that are a single number; no VM is placed for it."""
        known = {name: cell.unit for name, cell in single(self._unplaced).items()}
        return known | dict.fromkeys(PLACED, "vm")

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
    level = Levels(plan, columns)
    groups = {group.name: level.group(group) for group in plan.groups}
    backends = {backend.name: level.backend(backend) for backend in plan.backends}
    pools = pool_cells(plan, backends, level.leaf)
    costing = Costing(plan, level.leaf, level.cells)
    spares = costing.spares()
    given = level.given_of_design(groups, backends, pools) | costing.given(groups, spares)
    given |= _mirrored(plan, given)
    sheet = design_sheet()
    scaled = wanted is None or bool(scaling_sheet().quantities.keys() & set(wanted))
    if wanted is not None:
        asked = {*wanted, *(SCALED if scaled else ())}
        wanted = [name for name in sheet.quantities if name in asked]
    design = {
        **single(given),
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


def _mirrored(plan: DesignPlan, given: Cells) -> Cells:
    """What Ganeti's law of mirrored disks admits, where it rules; the most likely values only."""
    if plan.policy != "ganeti" or "mirror_disk" not in given:
        return {}
    sizes = design_sheet().evaluate(given, ["vm_memory", "vm_disk", "vm_vcpus"])
    names = signature(mirrored_vms).parameters
    cells = {name: cell for name, cell in {**given, **sizes}.items() if name in names}
    return {"mirror_bound_vms": simulated("mirror_bound_vms", "vm", mirrored_vms, cells)}
