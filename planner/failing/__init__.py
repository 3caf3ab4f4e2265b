"""What a design still does when hosts, racks, drives, controllers or a switch are lost at once.

For each loss: is data safe, does storage serve, do the voting groups hold, does it heal by itself,
how long does that take, and what is left. What is left is computed by the same sheets as the whole
design, from a plan with fewer machines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from planner.admission import admission_data
from planner.build import build
from planner.compute import Computed, compute
from planner.failing.density import density
from planner.failing.durability import durability
from planner.failing.healing import Healing, healing, usable_after_drives
from planner.failing.losses import (
    Loss,
    degraded,
    losses_of,
    quorum_losses,
    without,
    without_hosts,
)
from planner.failing.survival import State, state_after
from planner.failing.switches import CutOff, quorums_without, state_without, switch_losses
from planner.faults import InputError, Mark
from planner.measurements import load_all_readings
from planner.plan import BackendPlan, DesignPlan
from planner.scenario import Source, load_scenario
from planner.sheet import limiter
from planner.wording import did_you_mean

SCHEMA = "planner/failures/1"
MOST = 3
REPLACE_HOURS = 24.0
DIGITS = 12


def failures(
    scenario: Source, design: str, most: int = MOST, replace_hours: float = REPLACE_HOURS
) -> dict[str, Any]:
    """What survives which losses, and how durable the data is.

    Parameters
    ----------
    scenario : str, path or mapping
        Path of a scenario file, the name of a shipped one, or what a file would hold.
    design : str
        One of its designs.
    most : int
        Hosts lost at once, at most.
    replace_hours : float
        Hours until a failed drive is replaced by hand, where nothing heals by itself.

    Returns
    -------
    dict
        JSON-able: a row for each loss, and the durability of each backend.

    Raises
    ------
    InputError
        With every fault of the scenario, or when it has no such design.

    Examples
    --------
    >>> rows = failures("vrt-2013", "mini-itx-cluster-4")["rows"]
    >>> storage = [row for row in rows if row["lost"]["of"] == "storage"]
    >>> [row["storage"]["ceph"]["not_served"] for row in storage]
    [0.0, 0.5, 1.0]
    """
    loaded = load_scenario(scenario)
    if design not in loaded.scenario.designs:
        remedy = did_you_mean(design, loaded.scenario.designs)
        raise InputError.at(Mark(design), "no such design", remedy)
    plan = build(loaded, load_all_readings(loaded.readings_files), design)
    return survival_of(plan, most, replace_hours)


def survival_of(
    plan: DesignPlan, most: int = MOST, replace_hours: float = REPLACE_HOURS
) -> dict[str, Any]:
    """As `failures`, of a design that has been built."""
    whole = compute(plan, draws=0)
    return {
        "schema": SCHEMA,
        "design": plan.id,
        "title": plan.title,
        "admission": admission_data(plan, whole.given),
        "wanted": {backend.name: _known(wanted(whole, backend)) for backend in plan.backends},
        "stored": {backend.name: _known(stored(whole, backend)) for backend in plan.backends},
        "rows": [
            *(_Row(plan, whole, loss).data() for loss in losses_of(plan, most)),
            *(_switch_row(plan, whole, cut) for cut in switch_losses(plan)),
        ],
        "density": density(plan, whole, most),
        "durability": [
            durability(backend, whole, stored(whole, backend), replace_hours)
            for backend in plan.backends
        ],
    }


def stored(computed: Computed, backend: BackendPlan) -> float:
    """User data that a backend holds [B]: what is wanted, as far as it fits below nearfull."""
    room = float(computed.backends[backend.name]["nearfull_capacity"].nominal)
    return min(wanted(computed, backend), room)


def wanted(computed: Computed, backend: BackendPlan) -> float:
    """User data that a backend is to hold [B]: its pools', or the VMs' disks; NaN if not said."""
    pools = [pool for pool in computed.plan.pools if pool.backend == backend.name]
    if pools:
        cells = (computed.design[f"{pool.name}.pool_data"] for pool in pools)
        return sum(float(cell.nominal) for cell in cells)
    if backend.name in (computed.plan.shared_store, computed.plan.local_store):
        return float(computed.design["workload_disk"].nominal)
    return math.nan


@dataclass(frozen=True)
class _Row:
    plan: DesignPlan
    whole: Computed
    loss: Loss

    def data(self) -> dict[str, Any]:
        """One row of the report."""
        states = {
            item.name: state_after(item, self.whole, self.loss) for item in self.plan.backends
        }
        rest = without(self.plan, self.loss)
        left, serving = compute(rest, draws=0), compute(degraded(rest), draws=0)
        backends = {
            item.name: self._backend(item, states[item.name], left, serving)
            for item in self.plan.backends
        }
        return _row(
            self.loss, quorum_losses(self.plan, self.loss), self.vms(states, left), backends
        )

    def _backend(
        self, plan: BackendPlan, state: State, left: Computed, serving: Computed
    ) -> dict[str, Any]:
        healed = healing(plan, self.whole, self.loss, state, stored(self.whole, plan))
        reads, writes, limit = self._throughput(plan, state, serving.backends.get(plan.name, {}))
        return {
            **_of_state(state),
            **_healing(healed),
            "usable_capacity": _known(self._usable(plan, state, left.backends.get(plan.name, {}))),
            "read_throughput": _known(reads),
            "write_throughput": _known(writes),
            "limit": limit,
        }

    def _usable(self, plan: BackendPlan, state: State, cells: dict[str, Any]) -> float:
        """What the survivors can hold once all shares are re-created [B]."""
        if plan.scheme.in_sets:
            whole = float(self.whole.backends[plan.name]["usable_capacity"].nominal)
            return whole * (1.0 - state.lost)
        spread = plan.scheme.raid is None and not plan.scheme.local
        if self.loss.of_drives and state.touched and spread:
            return usable_after_drives(plan, self.whole, self.loss)
        return float(cells["usable_capacity"].nominal) if "usable_capacity" in cells else 0.0

    def _throughput(
        self, plan: BackendPlan, state: State, cells: dict[str, Any]
    ) -> tuple[float, float, str]:
        """Reading and writing of what is left, before anything heals, and what limits writing."""
        if math.isnan(state.stop_probability):
            return 0.0, 0.0, "no place for it"
        if state.stop_probability > 0.0 and not plan.scheme.local:
            return 0.0, 0.0, _stopped(state)
        names = ("read_throughput", "write_throughput")
        whole = self.whole.backends[plan.name]
        if plan.scheme.in_sets and state.touched and self.loss.kind == "hosts":
            alive = max(plan.scheme.shares - self.loss.number, 0) / plan.scheme.shares
            return (
                float(whole[names[0]].nominal) * alive,
                float(whole[names[1]].nominal),
                limiter(whole[names[1]]) or "",
            )
        if not all(name in cells for name in names):
            return 0.0, 0.0, ""
        reads, writes = (float(cells[name].nominal) for name in names)
        return reads, writes, limiter(cells[names[1]]) or ""

    def vms(self, states: dict[str, State], left: Computed) -> tuple[float, str]:
        """VMs that the surviving hosts run from the storage as it is."""
        store = self.plan.shared_store
        if store is None:
            cell = left.design.get("vms")
            return (0.0, "no host") if cell is None else (float(cell.nominal), limiter(cell) or "")
        if states[store].stop_probability > 0.0:
            return 0.0, _stopped(states[store])
        hosts, room = (
            left.design.get("host_bound_vms"),
            self.whole.design.get("storage_bound_vms"),
        )
        if hosts is None:
            return 0.0, "no host"
        if room is not None and not float(room.nominal) >= float(hosts.nominal):
            return float(room.nominal), "storage"
        return float(hosts.nominal), limiter(hosts) or ""


def _switch_row(plan: DesignPlan, whole: Computed, cut: CutOff) -> dict[str, Any]:
    """One row of the report; what the links that are left carry is not reckoned."""
    states = {item.name: state_without(item, whole, cut) for item in plan.backends}
    store = next((one for one in plan.backends if one.name == plan.shared_store), None)
    rest = plan
    for group in plan.groups:
        hosts = cut.everywhere if store is None else cut.of(store)
        number = sum(name == group.name for name, _ in hosts)
        if group.host and number:
            rest = without_hosts(rest, group.name, number)
    vms = _Row(plan, whole, cut.loss).vms(states, compute(rest, draws=0))
    backends = {item.name: _unserved(item, whole, states[item.name]) for item in plan.backends}
    return _row(cut.loss, quorums_without(plan, cut), vms, backends)


def _unserved(plan: BackendPlan, whole: Computed, state: State) -> dict[str, Any]:
    stops = state.stop_probability > 0.0
    rate = 0.0 if stops else math.nan
    return {
        **_of_state(state),
        **_healing(Healing(None)),
        "usable_capacity": _known(float(whole.backends[plan.name]["usable_capacity"].nominal)),
        "read_throughput": _known(rate),
        "write_throughput": _known(rate),
        "limit": _stopped(state) if stops else "",
    }


def _row(
    loss: Loss, quorums: dict[str, float], vms: tuple[float, str], backends: dict[str, Any]
) -> dict[str, Any]:
    return {
        "lost": {"kind": loss.kind, "of": loss.of, "number": loss.number},
        "total": loss.total,
        "quorums": {name: _known(value) for name, value in quorums.items()},
        "vms": _known(vms[0]),
        "vm_limit": vms[1],
        "storage": backends,
    }


def _of_state(state: State) -> dict[str, Any]:
    return {
        "touched": state.touched,
        "data_loss_probability": _known(state.data_loss_probability),
        "data_lost": _known(state.lost),
        "not_served": _known(state.lost + state.blocked),
        "stop_probability": _known(state.stop_probability),
    }


def _stopped(state: State) -> str:
    return "data lost" if state.data_loss_probability > 0.0 else "blocked"


def _healing(healed: Healing) -> dict[str, Any]:
    return {
        "heals": healed.heals,
        "because": healed.because,
        "heal_capacity": _known(healed.capacity),
        "recovery_hours": _known(healed.hours),
        "recovery_limit": healed.limit,
        "network_busy": _known(healed.network_busy),
    }


def _known(value: float) -> float | None:
    """A number for JSON: nothing for what is unknown or never ends."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
