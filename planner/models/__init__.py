"""The models: plain functions on floats or NumPy arrays, one published formula each.

>>> import planner
>>> float(planner.models.capacity.usable_capacity([6e12, 6e12, 6e12], shares=3))
6000000000000.0
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

__all__ = sorted(module.name for module in iter_modules(__path__))


def __getattr__(name: str) -> ModuleType:
    """Import a module of models when it is first asked for."""
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
