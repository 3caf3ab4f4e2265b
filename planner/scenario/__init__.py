"""A scenario: site, workload, requirements, candidate designs, claims to check.

A scenario may extend another file, and a design may extend another design; either then holds
only what is different.
"""

from planner.scenario.costs import Licence, Spare
from planner.scenario.design import Design
from planner.scenario.document import Scenario
from planner.scenario.equipment import Group, Link, Uplink
from planner.scenario.judging import Suppression
from planner.scenario.loading import (
    Loaded,
    Source,
    find_scenario,
    load_scenario,
    shipped_scenarios,
)
from planner.scenario.machines import LoadModel, NodeType
from planner.scenario.site import Circuits, Grid, Site, Ups
from planner.scenario.storage import Backend, Demand, Journal, Pool, StoreHosts
from planner.scenario.workload import Flavour, Growth, start_date

__all__ = [
    "Backend",
    "Circuits",
    "Demand",
    "Design",
    "Flavour",
    "Grid",
    "Group",
    "Growth",
    "Journal",
    "Licence",
    "Link",
    "LoadModel",
    "Loaded",
    "NodeType",
    "Pool",
    "Scenario",
    "Site",
    "Source",
    "Spare",
    "StoreHosts",
    "Suppression",
    "Uplink",
    "Ups",
    "find_scenario",
    "load_scenario",
    "shipped_scenarios",
    "start_date",
]
