"""One choice of hosts for a design, computed and held against everything that it must meet."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from planner.build import build
from planner.compute import Computed, compute, compute_all
from planner.faults import InputError
from planner.judge import Judge
from planner.measurements import Readings, load_all_readings
from planner.placing import Placement, Request, place, request_of
from planner.plan import DesignPlan
from planner.ranges import Columns
from planner.scenario import Group, Loaded
from planner.sizing.measured import heal_room, heals, hosts_hold, nominal, threads_left
from planner.sizing.resize import Counts, resized
from planner.units import format_quantity
from planner.wiring import saving_sheet

Kind = Literal["hosts", "storage", "other"]
KINDS: tuple[Kind, ...] = ("hosts", "storage")
BUILT = "the design can be built"
BUILT_SHORT = "voting members, copies"

VM_QUANTITIES = (
    "vms",
    "placed_vms",
    "vms_after_one_host_loss",
    "host_bound_vms",
    "survivor_bound_vms",
    "full_load_share",
    "host_threads_total",
    "host_cores_total",
    "host_memory_total",
)
STORE_QUANTITIES = (
    "raw_capacity",
    "usable_capacity",
    "full_limit_capacity",
    "nearfull_capacity",
    "self_heal_capacity",
    "writable_capacity",
    "max_avail",
    "storage_bound_vms",
    "vm_store_capacity",
    "vm_store_heal_capacity",
    "host_losses_data_safe",
    "host_losses_in_service",
)
"""What more hosts, and more hosts of storage, can only raise: requirements on these are sized."""

LIMITS = (
    ("switch ports of 1 Gbit/s", "ports_needed_1g", "ports_available_1g"),
    ("switch ports of 10 Gbit/s", "ports_needed_10g", "ports_available_10g"),
    ("circuits", "peak_apparent_power", "feed_capacity"),
    ("UPS", "peak_power", "ups_rating"),
    ("UPS, apparent power", "peak_apparent_power", "ups_apparent_rating"),
    ("rack space", "rack_units", "rack_space"),
)
"""What a design needs of what is there: its name, the need, and what there is."""

STORED = "storage"
"""How the names of what VMs share in the storage begin."""

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Check:
    """Something that a choice of hosts must meet.

    Parameters
    ----------
    text : str
        What, in words.
    kind : {"hosts", "storage", "other"}
        Whether it depends on the hosts of VMs, on those of their disks, or on something else.
    met : bool or None
        Whether it is met; None where a number is unknown.
    because : str
        The numbers.
    short : str
        The same in a word or two.
    required : bool
        Whether the scenario requires it, rather than every sizing.
    """

    text: str
    kind: Kind
    met: bool | None
    because: str
    short: str = ""
    required: bool = False


@dataclass(frozen=True)
class Trial:
    """A design with some numbers of hosts, computed and judged.

    Parameters
    ----------
    counts : mapping of str to int
        Items of each group that is sized.
    computed : Computed or None
        The design; None where it cannot be built so.
    checks : tuple of Check
        What it must meet.
    """

    counts: Counts
    computed: Computed | None
    checks: tuple[Check, ...]

    def failed(self, *kinds: Kind) -> list[Check]:
        """The checks of these kinds (all by default) that are not met or cannot be judged."""
        return [one for one in self.checks if not one.met and (not kinds or one.kind in kinds)]

    def number(self, name: str) -> float:
        """A quantity of the design at its most likely value; NaN where there is none."""
        cell = None if self.computed is None else self.computed.cell(name)
        return math.nan if cell is None else float(cell.nominal)


@dataclass
class Bench:
    """Tries numbers of hosts for one design; what was tried is kept.

    Parameters
    ----------
    loaded : Loaded
        The scenario with the workload that is sized for.
    design : str
        The design.
    losses : int
        Hosts of VMs that may fail at the same time.
    more : mapping of str to Group
        Groups of other designs that may be used too.
    tell : callable
        Called with a line of progress.
    """

    loaded: Loaded
    design: str
    losses: int = 1
    more: Mapping[str, Group] = field(default_factory=dict)
    tell: Callable[[str], None] = lambda _: None
    readings: Readings | None = None
    others: dict[str, Computed] = field(default_factory=dict)
    _tried: dict[tuple[tuple[str, int], ...], Trial] = field(default_factory=dict)
    _placements: list[tuple[object, Placement]] = field(default_factory=list)
    _columns: Columns | None = None

    def __post_init__(self) -> None:
        if self.readings is None:
            self.readings = load_all_readings(self.loaded.readings_files)

    def trial(self, counts: Counts) -> Trial:
        """The design with these numbers of hosts."""
        key = tuple(sorted(counts.items()))
        if key not in self._tried:
            self.tell(f"{self.design}: {', '.join(f'{n} {name}' for name, n in counts.items())}")
            self._tried[key] = self._try(counts)
        return self._tried[key]

    def _try(self, counts: Counts) -> Trial:
        more = {name: group for name, group in self.more.items() if counts.get(name)}
        kept = {name: n for name, n in counts.items() if name not in self.more or n}
        loaded = resized(self.loaded, self.design, kept, more)
        assert self.readings is not None
        try:
            plan = build(loaded, self.readings, self.design)
            if not any(int(group.count.value or 0) for group in plan.groups if group.host):
                return Trial(
                    counts, None, (Check("a host runs VMs", "hosts", False, "none", "hosts"),)
                )
            _require_store_hosts(plan)
        except InputError as error:
            return Trial(counts, None, tuple(_fault_checks(error)))
        computed = self._computed(plan)
        checks = [*self._own(computed), *self._required(loaded, computed), *_limits(computed)]
        return Trial(counts, computed, tuple(checks))

    def _computed(self, plan: DesignPlan) -> Computed:
        """The design over the columns of the one before, with which it shares what is the same."""
        baseline = self._baseline()
        columns = Columns.of(chain(plan.facts(), baseline.facts() if baseline else ()), draws=0)
        if self._columns is None or columns.unknown != self._columns.unknown:
            self._columns = columns
        return compute_all({plan.id: plan}, self._columns, baseline)[plan.id]

    def _baseline(self) -> DesignPlan | None:
        """The design that savings are counted against, where one of them is required."""
        name, savings = self.loaded.scenario.baseline, saving_sheet().quantities
        wanted = any(item.quantity in savings for item in self.loaded.scenario.requirements)
        return self._other(name).plan if wanted and name not in (None, self.design) else None

    def _other(self, name: str | None) -> Computed:
        """Another design as it stands, which a requirement may refer to."""
        assert self.readings is not None
        assert name is not None
        if name not in self.others:
            self.others[name] = compute(build(self.loaded, self.readings, name), draws=0)
        return self.others[name]

    def _own(self, computed: Computed) -> Iterator[Check]:
        """What every sizing must meet, whatever the scenario requires."""
        for kind in KINDS:
            because = "members of voting groups, sets of copies, links"
            yield Check(BUILT, kind, True, because, BUILT_SHORT)
        wanted, held = nominal(computed, "workload_vms"), hosts_hold(computed, 0)
        yield _at_least("hosts hold all VMs", "hosts", held, wanted, "vm", "all VMs")
        if self.losses:
            text = f"hosts hold all VMs after the loss of {_hosts(self.losses)}"
            left = hosts_hold(computed, self.losses)
            yield _at_least(text, "hosts", left, wanted, "vm", f"N+{self.losses}")
            yield self._serving(computed)
        request = request_of(computed)
        yield self._placed(request)
        yield from _operations(request)
        text = "threads that are left carry the mean load"
        threads, load = threads_left(computed, self.losses), nominal(computed, "workload_load")
        yield _at_least(text, "hosts", threads, load, "thread", "mean load")
        if computed.plan.shared_store is not None:
            yield from self._stored(computed)

    def _placed(self, request: Request) -> Check:
        """Storage is checked apart: it has hosts of its own, or is what decides their number."""
        budgets = tuple(one for one in request.budgets if not one.name.startswith(STORED))
        found = self._place(replace(request, budgets=budgets))
        text = "every VM finds its host"
        if self.losses:
            text += f", with room for those of {_hosts(self.losses)} that fail"
        because = f"{found.placed} of {found.request.vms} placed"
        if found.unplaced:
            one = found.unplaced[0]
            because += f"; {one.vms} of {one.flavour}: {one.resource}, {one.rule}"
        met = None if found.verdict == "unknown" else not found.unplaced
        return Check(text, "hosts", met, because, "packing")

    def _place(self, request: Request) -> Placement:
        """The placement, which is that of an earlier trial if the hosts of VMs are the same."""
        asked = (request.kinds, request.flavours, request.budgets, request.hard)
        for known, found in self._placements:
            if known == asked:
                return found
        found = place(request, self.losses)
        self._placements.append((asked, found))
        return found

    def _serving(self, computed: Computed) -> Check:
        """Hosts that hold the VMs' disks too take them along."""
        text = f"VM disks are served after the loss of {_hosts(self.losses)} that runs VMs"
        if not nominal(computed, "pooled_storage") > 0:
            because = "the disks are on other hosts, or each host has its own"
            return Check(text, "storage", True, because, "service")
        served = nominal(computed, "host_losses_in_service")
        return _at_least(text, "storage", served, float(self.losses), "node", "service")

    def _stored(self, computed: Computed) -> Iterator[Check]:
        disk = nominal(computed, "workload_disk")
        ratio = nominal(computed, "disk_overcommit")
        room = nominal(computed, "vm_store_capacity") * ratio
        text = "VM disks fit the shared storage"
        yield _at_least(text, "storage", room, disk, "B", "storage space")
        if heals(computed):
            losses = max(self.losses, 1) if nominal(computed, "pooled_storage") > 0 else 1
            text = (
                f"VM disks leave room to heal after the loss of {_any(losses, _domain(computed))}"
            )
            healing = heal_room(computed, losses) * ratio
            yield _at_least(text, "storage", healing, disk, "B", "room to heal")

    def _required(self, loaded: Loaded, computed: Computed) -> Iterator[Check]:
        """The scenario's requirements, by the very judge of the scenario."""
        requirements = loaded.scenario.requirements
        names = {name for item in requirements for name in _designs_of(item) if name != self.design}
        designs = {**{name: self._other(name) for name in names}, self.design: computed}
        judge = Judge(loaded, designs)
        for index, item in enumerate(requirements):
            try:
                outcome = judge.requirement(index, item, self.design)
            except InputError:
                continue  # a quantity that only other designs have
            kind = _kind(item.quantity) if item.at_least is not None else "other"
            text = item.text or f"requirement {index + 1}, on {item.quantity}"
            yield Check(text, kind, outcome.passed, outcome.because, "a requirement", required=True)


def _operations(request: Request) -> Iterator[Check]:
    """Whether the drives of the shared storage carry the VMs' operations, where both are known."""
    counts = {flavour.name: flavour.count for flavour in request.flavours}
    for budget in request.budgets:
        if budget.name == "storage IOPS":
            wanted = math.fsum(counts.get(name, 0) * need for name, need in budget.needs.items())
            text = "shared storage serves the VMs' operations"
            yield _at_least(text, "storage", budget.room, wanted, "IOPS", "IOPS")


def _designs_of(item: object) -> Iterator[str]:
    for side in (item, *(getattr(item, key) for key in ("at_least", "at_most", "about"))):
        name = getattr(side, "design", None)
        if name is not None:
            yield name


def _kind(quantity: str) -> Kind:
    name = quantity.rpartition(".")[2]
    if name in VM_QUANTITIES:
        return "hosts"
    return "storage" if name in STORE_QUANTITIES else "other"


def _require_store_hosts(plan: DesignPlan) -> None:
    for backend in plan.backends:
        if not any(store.hosts for store in backend.stores):
            raise InputError([])


def _fault_checks(error: InputError) -> Iterator[Check]:
    if not error.faults:
        yield Check("every storage has a host", "storage", False, "none")
    for fault in error.faults:
        for kind in KINDS:
            yield Check(BUILT, kind, False, f"{fault.message}; {fault.remedy}")


def _limits(computed: Computed) -> Iterator[Check]:
    """What the design takes of ports, circuits and racks, where it says how much there is."""
    cells = computed.cells()
    for text, need, there in LIMITS:
        if need in cells and there in cells:
            wanted, has = nominal(computed, need), nominal(computed, there)
            if not (math.isnan(wanted) or math.isnan(has)):
                unit = cells[need].unit
                yield _at_least(f"{text} suffice", "other", has, wanted, unit, text)


def _at_least(text: str, kind: Kind, has: float, wanted: float, unit: str, short: str) -> Check:
    known = not (math.isnan(has) or math.isnan(wanted))
    met = has >= wanted * (1.0 - _ROUNDING) if known else None
    because = f"{format_quantity(has, unit)} for {format_quantity(wanted, unit)}"
    return Check(text, kind, met, because, short)


def _hosts(number: int) -> str:
    return _any(number, "host")


def _any(number: int, what: str) -> str:
    return f"any one {what}" if number == 1 else f"any {number} {what}s"


def _domain(computed: Computed) -> str:
    """What holds no two shares of an object of the shared storage."""
    name = computed.plan.shared_store
    return next(item.scheme.domain for item in computed.plan.backends if item.name == name)
