"""How many hosts a workload needs, now and as it grows, and how long what is there lasts.

The numbers are found on the same checks that judge the result: the design is computed with each
number tried, by the same sheets as every other design, and held against its requirements, its
placement and its storage.
"""

from __future__ import annotations

from planner.sizing.runway import runway
from planner.sizing.size import size

__all__ = ["runway", "size"]
