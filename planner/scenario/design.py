"""One candidate."""

from typing import Annotated

from pydantic import Field

from planner.scenario.costs import Spare
from planner.scenario.equipment import Group
from planner.scenario.storage import Backend, Pool
from planner.schema import Name, Strict, Title


class Design(Strict):
    """One candidate."""

    title: Title
    note: str = ""
    extends: str | None = None
    """Another design; this one then holds only what is different."""
    apply: list[str] | None = None
    """Overrides, which win over what this design extends."""
    groups: dict[Name, Group] = Field(min_length=1, max_length=50)
    storage: dict[Name, Backend] = Field({}, max_length=20)
    vm_disks: Name | None = None
    """The backend that holds the VMs' disks; the only one by default."""
    quorums: dict[Name, dict[Name, Annotated[int, Field(ge=1, le=1000)]]] = {}
    """Groups that vote (monitors, database): members by group of equipment, one on a host."""
    heartbeat: Name | None = None
    """Network over which hosts tell each other that they live (corosync, Pacemaker)."""
    pools: dict[Name, Pool] = {}
    """What the storage is used for."""
    spares: dict[Name, Spare] = Field({}, max_length=200)
    """Spares by part or group; they win over those of the scenario."""
    licences: list[Name] | None = None
    """Licences of the scenario that this design needs; all by default."""
