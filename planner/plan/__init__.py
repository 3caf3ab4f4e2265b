"""One design as the facts that the sheets are given, each with its provenance."""

from __future__ import annotations

from planner.plan.cabling import Cable, Cabling
from planner.plan.design import DesignPlan, LicencePlan, QuorumPlan, SparePlan, VmRules
from planner.plan.given import Converted, Curve, Given, Row, facts_of
from planner.plan.machines import Assembly, GroupPlan
from planner.plan.storage import (
    BackendPlan,
    ClientPlan,
    PoolPlan,
    ProxyPlan,
    Raid,
    Scheme,
    StorePlan,
    Topology,
)

__all__ = [
    "Assembly",
    "BackendPlan",
    "Cable",
    "Cabling",
    "ClientPlan",
    "Converted",
    "Curve",
    "DesignPlan",
    "Given",
    "GroupPlan",
    "LicencePlan",
    "PoolPlan",
    "ProxyPlan",
    "QuorumPlan",
    "Raid",
    "Row",
    "Scheme",
    "SparePlan",
    "StorePlan",
    "Topology",
    "VmRules",
    "facts_of",
]
