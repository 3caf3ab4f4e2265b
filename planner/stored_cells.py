"""What the design's data does to each storage: how full a loss leaves it, how long it heals."""

from __future__ import annotations

from collections.abc import Mapping

from planner.backends import Cells, Leaf, computed
from planner.facts import Basis, Fact
from planner.models.pool_growth import pools_fill
from planner.models.recovery import auto_mark_out_limit
from planner.plan import BackendPlan, DesignPlan
from planner.sheet import Cell, renamed, stack
from planner.wiring import stored_sheet

OF_DATA = ("stored_data", "fill_after_domain_loss")
OF_BACKEND = (
    "nearfull_capacity",
    "nearfull_ratio",
    "self_heal_capacity",
    "backfillfull_ratio",
)


def stored_cells(
    plan: DesignPlan, backends: Mapping[str, Cells], design: Mapping[str, Cell], leaf: Leaf
) -> Cells:
    """Quantities of each backend that holds data of the design, as ``BACKEND.quantity``."""
    found: Cells = {}
    for backend in plan.backends:
        cells = backends[backend.name]
        found |= _named(backend, {"service_shares": _service_shares(backend, leaf)})
        found |= _named(backend, _drive_counts(backend, cells, design, leaf))
        data = _data(plan, backend, design)
        if data:
            given = {key: cells[key] for key in OF_BACKEND if key in cells}
            found |= _named(backend, stored_sheet().evaluate(given | data, OF_DATA))
    return found


def _named(backend: BackendPlan, cells: Cells) -> Cells:
    return {f"{backend.name}.{key}": cell for key, cell in cells.items()}


def _data(plan: DesignPlan, backend: BackendPlan, design: Mapping[str, Cell]) -> Cells:
    """Disks of the workload, and fill by pools of VM disks and by others; nothing where none."""
    found: Cells = {}
    if backend.name in (plan.shared_store, plan.local_store) and "workload_disk" in design:
        found["vm_data"] = renamed(design["workload_disk"], "vm_data")
    pools = [pool for pool in plan.pools if pool.backend == backend.name]
    for name, members in (
        ("vm_pool_fill", [pool.name for pool in pools if pool.use != "image"]),
        ("other_pool_fill", [pool.name for pool in pools if pool.use == "image"]),
    ):
        if members:
            row = stack("pool_fill", "1", [(one, design[f"{one}.pool_fill"]) for one in members])
            found[name] = computed(name, "1", pools_fill, {"pool_fill": row})
    return found


def _service_shares(backend: BackendPlan, leaf: Leaf) -> Cell:
    """Shares of an object that must be there for service, whatever holds them."""
    name, value = "service_shares", float(backend.scheme.minimum_shares)
    source = "stated in the scenario, or the software's usual value"
    return leaf(Fact(f"{backend.name}.{name}", value, "1", Basis.GIVEN, source), name)


def _drive_counts(
    backend: BackendPlan, cells: Cells, design: Mapping[str, Cell], leaf: Leaf
) -> Cells:
    """Drives that the planned losses take along, and those that Ceph marks out by itself."""
    if not backend.scheme.crush:
        return {}

    def counted(key: str, number: int) -> Cell:
        source = "hosts and drives of the scenario"
        return leaf(Fact(f"{backend.name}.{key}", float(number), "part", Basis.GIVEN, source), key)

    disks = counted("disks", sum(store.hosts * store.drives_per_host for store in backend.stores))
    largest = max((store.drives_per_host for store in backend.stores if store.hosts), default=0)
    given = {"drives_of_a_host": counted("drives_of_a_host", largest)}
    given |= {key: design[key] for key in ("planned_host_losses",) if key in design}
    given |= {key: cells[key] for key in ("storage_hosts",) if key in cells}
    lost = stored_sheet().evaluate(given, ["drives_lost_as_planned", "hosts_left_as_planned"])
    limit = computed("drives_out_by_themselves", "part", auto_mark_out_limit, {"disks": disks})
    return {
        "drives_of_a_host": given["drives_of_a_host"],
        **lost,
        "drives_out_by_themselves": limit,
    }
