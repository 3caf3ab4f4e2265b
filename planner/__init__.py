"""Capacity and power planning for private clouds.

>>> import planner
>>> snapshot = planner.evaluate("vrt-2013")
>>> round(snapshot.value("mini-itx-cluster-4", "full_limit_capacity") / 1e12, 2)
7.6

Every number has a unit, a range where its inputs have one, a source and a derivation. The models
are plain functions in `planner.models`; `evaluate` connects them to a scenario.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planner.version import __version__

if TYPE_CHECKING:
    from planner import models
    from planner.evaluation import evaluate
    from planner.faults import InputError
    from planner.snapshot import Snapshot

__all__ = ["InputError", "Snapshot", "__version__", "evaluate", "models"]

_HOMES = {
    "evaluate": "planner.evaluation",
    "InputError": "planner.faults",
    "Snapshot": "planner.snapshot",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then, so that ``planner --help`` stays quick."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "models":
        return import_module("planner.models")
    raise AttributeError(f"module 'planner' has no attribute {name!r}")
