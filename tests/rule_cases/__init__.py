"""Each rule with a design that keeps it, and one that breaks it, by topic."""

from __future__ import annotations

from rule_cases import ceph, machines, network, storage
from rule_cases.case import Case

__all__ = ["ALWAYS", "CASES", "Case"]

CASES = [*machines.CASES, *storage.CASES, *ceph.CASES, *network.CASES]
ALWAYS = [*ceph.ALWAYS, *storage.ALWAYS]
"""Those of rules that fire wherever they have a subject."""
