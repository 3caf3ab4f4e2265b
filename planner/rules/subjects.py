"""From a design of a scenario to what rules are held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.catalog import Catalog, Entry
from planner.rules.view import Subject, View
from planner.scenario import Design, Group, Loaded

Needs = Mapping[str, tuple[str, str]]


def view_of(
    loaded: Loaded,
    design_id: str,
    quantities: Mapping[str, float | None],
    units: Mapping[str, str],
    needs: Mapping[str, Needs],
) -> View:
    """A design as rules see it.

    Parameters
    ----------
    loaded : Loaded
        The scenario and its catalog.
    design_id : str
        The design.
    quantities : mapping of str to float or None
        Its quantities, None where unknown.
    units : mapping of str to str
        Their units.
    needs : mapping of str to mapping
        For each group what its machine may be short of, by its quantity: the parts that need it,
        and the part that has it.
    """
    design = loaded.scenario.designs[design_id]
    subjects = (
        Subject("design", ""),
        *_storage(design, loaded.catalog),
        *_groups(design, loaded.catalog, needs),
        *(Subject("pool", name, (name,)) for name in design.pools),
        *(Subject("quorum", name, (name,)) for name in design.quorums),
    )
    return View(quantities, subjects, loaded.scenario.rules, units)


def _storage(design: Design, catalog: Catalog) -> Iterator[Subject]:
    for name, backend in design.storage.items():
        software = catalog.entries[backend.software]
        traits = {
            "software": backend.software,
            "family": family_of(software),
            "heals": bool(software.fact("backfillfull_ratio").value),
            "local": backend.local,
            "client": backend.client,
            "balancer": backend.balancer,
            "domain": backend.failure_domain,
            "raid": None if backend.raid is None else backend.raid.level,
            "holds_vms": design.vm_disks == name or len(design.storage) == 1,
        }
        yield Subject("storage", name, (name,), traits)


def _groups(design: Design, catalog: Catalog, needs: Mapping[str, Needs]) -> Iterator[Subject]:
    for name, group in design.groups.items():
        families = [
            family_of(catalog.entries[backend.software])
            for backend in design.storage.values()
            if name in backend.hosts
        ]
        votes = [quorum for quorum, members in design.quorums.items() if name in members]
        traits = {"families": tuple(families), "votes": tuple(votes), **_of_group(group)}
        traits["needs"] = needs.get(name, {})
        yield Subject("group", name, (name,), traits)


def family_of(software: Entry) -> str:
    """Whose design rules a storage software follows; empty where nothing tells."""
    usual = {"ceph": "ceph", "half": "swift"}
    rule = getattr(software.part, "service_rule", "")
    return getattr(software.part, "family", None) or usual.get(rule, "")


def _of_group(group: Group) -> dict[str, object]:
    return {"runs_vms": group.runs_vms}
