"""Models as tests need them: listed, put into a module, called with random arguments."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import docstrings
import numpy as np

from planner.sheet import Cell, Parameter, Quantity, Sheet
from planner.wiring import sheets

AXES = {"switches": 2, "links": 2, "parts": 2, "kinds": 2, "groups": 3, "flavours": 3}
AXES |= {"hosts": 4, "domains": 5, "devices": 5, "licences": 2, "years": 2}

# Values that a model accepts only together: shares, data shares, shares needed for service.
SHARES = {
    "shares": np.array([3.0, 4.0, 4.0]),
    "data_shares": np.array([1.0, 2.0, 3.0]),
    "minimum_shares": np.array([2.0, 3.0, 4.0]),
    "network_shares": np.array([3.0, 4.0, 4.0]),
    "network_data_shares": np.array([1.0, 2.0, 3.0]),
}
# A VM is smaller than a host.
SMALL = ("vm_memory", "vm_disk", "vm_vcpus")
# Yes or no: the scenario decides.
FLAGS = ("runs_vms", "pooled_storage", "strict_admission", "kernel_clients", "clients_on_hosts")
FLAGS += ("own_disks_only", "node_group", "vm_within_memory", "vm_within_threads")
FLAGS += ("cpu_binds_failover",)

# Counted in whole numbers only.
WHOLE = ("bond_links", "bond_flows", "acknowledged_on_disk", "acknowledged_sent", "host_load")


def module(name: str, *functions: Callable[..., Any]) -> ModuleType:
    """A module of models."""
    home = ModuleType(name)
    for function in functions:
        assert isinstance(function, FunctionType)
        own = FunctionType(
            function.__code__, function.__globals__, function.__name__, function.__defaults__
        )
        own.__annotations__, own.__doc__ = function.__annotations__, function.__doc__
        own.__module__ = name
        setattr(home, own.__name__, own)
    return home


def wired() -> dict[str, Quantity]:
    """Every quantity of every sheet, by its full name."""
    return {
        f"{sheet.name}.{name}": quantity
        for sheet in sheets()
        for name, quantity in sheet.quantities.items()
    }


def result(sheet: Sheet, wanted: str, **given: Any) -> Any:
    """A quantity of a sheet; what is given has the entity's own axis or none."""
    cells = {
        name: Cell(name, sheet.inputs[name], np.asarray(value, dtype=float)[..., None])
        for name, value in given.items()
    }
    return sheet.evaluate(cells, [wanted])[wanted].nominal


def shape(quantity: Quantity, parameter: str) -> tuple[int, ...]:
    """Shape of an argument without the axes that are carried along."""
    found = {entry.name: entry for entry in docstrings.parameters(quantity.function)}
    entry = found[parameter]
    axes = entry.axes or (("domains",) if "domains on axis 0" in entry.text else ())
    return tuple(int(axis) if axis.isdigit() else AXES[axis] for axis in axes)


def random_arguments(
    quantity: Quantity, seed: int, trailing: tuple[int, ...] = ()
) -> dict[str, np.ndarray[Any, Any]]:
    """Positive values in the declared unit of every parameter."""
    rng = np.random.default_rng(seed)
    coding = (seed + np.arange(np.prod(trailing, dtype=int)).reshape(trailing)) % 3
    return {
        parameter.name: SHARES[parameter.name][coding]
        if parameter.name in SHARES
        else _values(parameter, (*shape(quantity, parameter.name), *trailing), rng)
        for parameter in quantity.parameters
    }


def _values(
    parameter: Parameter, size: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray[Any, Any]:
    if parameter.name in FLAGS:
        return rng.integers(0, 2, size).astype(float)
    if parameter.name in WHOLE:
        return rng.integers(1, 9, size).astype(float)
    if parameter.unit == "1":
        return rng.uniform(0.1, 0.9, size)
    return 10.0 ** rng.uniform(0.0, 2.0, size) / (100.0 if parameter.name in SMALL else 1.0)
