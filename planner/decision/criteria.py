"""By which quantities designs are ranked, and how much each counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from planner.checks import Criterion as Written
from planner.faults import Fault, InputError
from planner.judge import Judge
from planner.schema import attempt

TOTALS = ("total_cost", "capital_cost")
WITH_INTEREST = ("net_present_cost", *TOTALS)
OTHERS = ("mean_power", "vms", "self_heal_capacity", "read_throughput")
LOWER = frozenset(
    {
        *("idle_power", "mean_power", "peak_power", "peak_apparent_power", "heat"),
        *("annual_energy", "facility_energy", "annual_emissions", "idle_energy_share"),
        *("power_per_vm", "marginal_power_per_vm", "rack_units"),
        *("ports_needed_1g", "ports_needed_10g"),
        *("capital_cost", "annual_energy_cost", "annual_labour_cost", "total_cost"),
        *("net_present_cost", "cost_per_vm", "cost_per_usable_tb"),
    }
)
HIGHER = frozenset(
    {
        *("vms", "vms_after_one_host_loss", "raw_capacity", "usable_capacity"),
        *("full_limit_capacity", "nearfull_capacity", "self_heal_capacity"),
        *("writable_capacity", "balanced_usable_capacity", "expected_usable_capacity"),
        *("host_losses_data_safe", "host_losses_in_service"),
        *("read_throughput", "read_throughput_per_client"),
        *("write_throughput", "write_throughput_per_client"),
        *("ports_available_1g", "ports_available_10g", "spare_ports_1g", "spare_ports_10g"),
        *("annual_energy_saving", "annual_energy_cost_saving"),
    }
)


@dataclass(frozen=True)
class Criterion:
    """A quantity by which designs are compared.

    Parameters
    ----------
    quantity : str
        What is compared.
    weight : float
        How much it counts; only ratios matter.
    lower : bool
        Whether less of it is better.
    money : bool
        Whether it is an amount of money.
    """

    quantity: str
    weight: float
    lower: bool
    money: bool

    @property
    def sign(self) -> float:
        """What turns the quantity into one of which more is better."""
        return -1.0 if self.lower else 1.0


def criteria_of(judge: Judge, has: Callable[[str], bool]) -> tuple[Criterion, ...]:
    """The criteria of a scenario.

    Parameters
    ----------
    judge : Judge
        Knows the scenario and the units of all quantities.
    has : callable
        Whether any design has a quantity.

    Returns
    -------
    tuple of Criterion
        As its `weights` say; without any, cost, power, VMs, capacity that can heal and reading,
        all with the same weight.

    Raises
    ------
    InputError
        A quantity is unknown, it is not clear which way it is better, or no weight is positive.
    """
    written = judge.loaded.scenario.weights
    if not written:
        return tuple(_default(judge, filter(has, _usual(has))))
    faults: list[Fault] = []
    found = [attempt(faults, _criterion, judge, name, item) for name, item in written.items()]
    if not faults and not any(item.weight for item in written.values()):
        mark = judge.loaded.document.mark(("weights",))
        faults.append(Fault(mark, "all weights are zero", "give at least one of them a weight"))
    if faults:
        raise InputError(faults)
    return tuple(item for item in found if item is not None)


def _usual(has: Callable[[str], bool]) -> Iterable[str]:
    cost = cost_of(has)
    return (*((cost,) if cost else ()), *OTHERS)


def cost_of(has: Callable[[str], bool]) -> str | None:
    """The widest cost that any design has; as it is worth today where interest is stated."""
    return next(filter(has, WITH_INTEREST if has("discount_rate") else TOTALS), None)


def _default(judge: Judge, names: Iterable[str]) -> Iterable[Criterion]:
    return (Criterion(name, 1.0, name in LOWER, _money(judge, name)) for name in names)


def _money(judge: Judge, name: str) -> bool:
    return judge.unit(name, ("weights", name)) == judge.loaded.scenario.currency


def _criterion(judge: Judge, name: str, written: Written) -> Criterion:
    money = _money(judge, name)
    better = written.better or ("lower" if name in LOWER else "higher" if name in HIGHER else None)
    if better is None:
        mark = judge.loaded.document.mark(("weights", name))
        message = f"{name}: it is not known whether more or less of it is better"
        raise InputError.at(mark, message, "write {weight: ..., better: lower} or `higher`")
    return Criterion(name, written.weight, better == "lower", money)
