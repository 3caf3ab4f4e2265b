"""Capacity and power planning for private clouds.

A scenario is a YAML file, the name of a shipped one, or a dict of what such a file would hold.
`evaluate` compares its designs:

>>> import planner
>>> snapshot = planner.evaluate("vrt-2013")
>>> snapshot.recommendation["design"]
'rack-1u'
>>> snapshot.value("legacy-rack", "peak_power")
1500.0
>>> power = snapshot.number("rack-1u", "mean_power")
>>> round(power.low), round(power.value), round(power.high), power.unit
(344, 414, 524, 'W')

What is different is laid over what it extends:

>>> dear = {"extends": "vrt-2013", "site": {"electricity_price": "0.50 AUD/kWh"}}
>>> round(planner.evaluate(dear).value("legacy-rack", "annual_energy_cost"))
5355

What else may be asked of a scenario:

- `explain(scenario, design, quantity)`: where a number comes from, down to the sources;
- `sensitivity(scenario, design)`: what moves a result most, and what would turn a verdict;
- `samples(scenario, quantity)`: draws of what is uncertain, a table with a column a design;
- `failures(scenario, design)`: what is left without some hosts, drives or a switch;
- `size(scenario, design)`: how many hosts are needed, now and after years of growth;
- `runway(scenario, design)`: months until each resource is full;
- `layout(scenario, design)`: which VM runs on which host.

A `Snapshot` has tables (``snapshot.table()``, a pandas table), numbers with their ranges, and
``snapshot.json()``; `plots` has its pictures, functions that return a Matplotlib figure, which a
notebook shows. The models are plain functions on numbers and arrays in `models`:

>>> float(planner.models.capacity.usable_capacity([6.0, 8.0, 10.0, 12.0], shares=3))
12.0

Whatever is wrong with a scenario is raised as one `InputError`, which lists all its faults.
Importing `planner` imports nothing heavy; pandas and Matplotlib are needed only by what says so.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planner.version import __version__

if TYPE_CHECKING:
    from planner import models, plots
    from planner.api import Explanation, explain, samples, sensitivity
    from planner.evaluation import evaluate
    from planner.failing import failures
    from planner.faults import InputError
    from planner.layouts import layout
    from planner.sizing import runway, size
    from planner.snapshot import Number, Snapshot

__all__ = [
    "Explanation",
    "InputError",
    "Number",
    "Snapshot",
    "__version__",
    "evaluate",
    "explain",
    "failures",
    "layout",
    "models",
    "plots",
    "runway",
    "samples",
    "sensitivity",
    "size",
]

_HOMES = {
    "Explanation": "planner.api",
    "InputError": "planner.faults",
    "Number": "planner.snapshot",
    "Snapshot": "planner.snapshot",
    "evaluate": "planner.evaluation",
    "explain": "planner.api",
    "failures": "planner.failing",
    "layout": "planner.layouts",
    "runway": "planner.sizing",
    "samples": "planner.api",
    "sensitivity": "planner.api",
    "size": "planner.sizing",
}
_MODULES = ("models", "plots")


def __getattr__(name: str) -> Any:
    """Import what is asked for only then, so that ``planner --help`` stays quick."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _MODULES:
        return import_module(f"planner.{name}")
    raise AttributeError(f"module 'planner' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
