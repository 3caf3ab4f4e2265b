"""Pictures of a snapshot, each a function that returns a Matplotlib figure."""

from __future__ import annotations

from planner.plots.decision import pareto_map
from planner.plots.money import cost_over_time
from planner.plots.power import load_curves, power_by_design
from planner.plots.resources import utilisation_by_design
from planner.plots.sizing import hosts_by_constraint
from planner.plots.storage import capacity_waterfall, failures_staircase
from planner.plots.tornado import tornado

__all__ = [
    "capacity_waterfall",
    "cost_over_time",
    "failures_staircase",
    "hosts_by_constraint",
    "load_curves",
    "pareto_map",
    "power_by_design",
    "tornado",
    "utilisation_by_design",
]
