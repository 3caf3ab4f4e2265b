"""Which VM of the workload runs on which host of a design, by the scenario's admission rule.

`request_of` turns a computed design into what the packing works on: kinds of hosts with what they
may promise, flavours with what they need, and a budget where all disks share one storage. `place`
answers for it. One answer serves "does it fit", "what did not, and why" and "does it still fit
without k hosts".
"""

from __future__ import annotations

from planner.placing.place import Placement, place
from planner.placing.request import UNITS, Request, request_of

__all__ = ["UNITS", "Placement", "Request", "place", "request_of"]
