"""Which switch each link of a design is plugged into, and into which port.

Links are placed on switches by classes of equal hosts (`place`), then cable by cable
(`plug`). A switch here is whatever a bond may end on as a whole: one unit, or a stack.
"""

from __future__ import annotations

from planner.patching.model import Links, Placing, Plug, Port, Switch
from planner.patching.place import place
from planner.patching.plug import plug

__all__ = ["Links", "Placing", "Plug", "Port", "Switch", "place", "plug"]
