"""From a design of a scenario to what rules are held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.catalog import Catalog, Entry
from planner.rules.view import Subject, View
from planner.scenario import Backend, Design, Group, Loaded, Scenario
from planner.switching import KINDS

HARD_DISK, NVME = "hard disk", "nvme"
TERABYTE = 1e12
OF_SITE = ("circuits", "ups", "rack_space")
OF_SWITCH = {"stack": "stack_units", "uplinks": "uplink_rate"}
"""What a design, or a switch, may have: rules on it are not applicable without."""

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
    reader = _Reader(loaded.scenario, loaded.scenario.designs[design_id], loaded.catalog, needs)
    return reader.view(quantities, units)


def family_of(software: Entry) -> str:
    """Whose design rules a storage software follows; empty where nothing tells."""
    usual = {"ceph": "ceph", "half": "swift"}
    rule = getattr(software.part, "service_rule", "")
    return getattr(software.part, "family", None) or usual.get(rule, "")


@dataclass(frozen=True)
class _Reader:
    scenario: Scenario
    design: Design
    catalog: Catalog
    needs: Mapping[str, Needs]

    def view(self, quantities: Mapping[str, float | None], units: Mapping[str, str]) -> View:
        era = str(self.scenario.rules)
        plain = [
            Subject("design", "", (), {**self._of_design(), **_lacking(quantities)}),
            *(Subject("storage", name, (name,), self._of(name)) for name in self.design.storage),
            *(Subject("group", name, (name,), self._group(name)) for name in self.design.groups),
            *self._bonds(),
            *_switches(quantities),
            *self._copies(),
            *(Subject("pool", name, (name,)) for name in self.design.pools),
            *(Subject("quorum", name, (name,)) for name in self.design.quorums),
        ]
        subjects = (
            Subject(one.kind, one.name, one.prefixes, {**one.traits, "era": era}) for one in plain
        )
        return View({**quantities, **dict(self._fencing())}, tuple(subjects), era, units)

    def _of_design(self) -> dict[str, Any]:
        groups = self.design.groups.items()
        admission = self.catalog.entries[self.scenario.admission]
        machines = {name: group for name, group in groups if self._drives(group)}
        return {
            "juju": "juju" in self.design.quorums,
            "single_homed": self._single_homed(),
            "untagged": tuple(name for name, group in machines.items() if not group.tags),
            "any_drive": tuple(
                name
                for name, group in machines.items()
                if not group.os_drive and len(self._drives(group)) > 1
            ),
            "ganeti": getattr(admission.part, "policy", None) == "ganeti",
            "night": any(group.night is not None for _, group in groups),
            **{key: getattr(self.scenario.site, key) is not None for key in OF_SITE},
        }

    def _fencing(self) -> Iterator[tuple[str, float]]:
        """Whether all hosts of a storage can be fenced, where that is stated; and third votes."""
        for name, backend in self.design.storage.items():
            stated = [self.design.groups[group].fencing for group in backend.hosts]
            if None not in stated:
                yield f"{name}.fenced", float(all(stated))
            if backend.third_vote is not None:
                yield f"{name}.third_vote", float(backend.third_vote)

    # Storage

    def _of(self, name: str) -> dict[str, Any]:
        backend = self.design.storage[name]
        software = self._software(backend)
        return {
            "family": family_of(software),
            "filestore": (software.fact("journal_factor").value or 0.0) > 1.0,
            "heals": bool(software.fact("backfillfull_ratio").value),
            "balancer": backend.balancer,
            "journals": any(hosts.journal for hosts in backend.hosts.values()),
            "proxies": backend.proxies,
            "pools": any(pool.backend == name for pool in self.design.pools.values()),
            "iscsi": backend.iscsi is not None,
            "bonded_ports": self._bonded_ports(backend),
            "raid": None if backend.raid is None else int(backend.raid.level),
            "holds_vms": self._holds_vms(name),
        }

    def _software(self, backend: Backend) -> Entry:
        return self.catalog.entries[backend.software]

    def _holds_vms(self, name: str) -> bool:
        return self.design.vm_disks == name or len(self.design.storage) == 1

    def _bonded_ports(self, backend: Backend) -> int:
        """Most ports that a client joins on the storage's network."""
        names = backend.clients or [
            name for name, group in self.design.groups.items() if group.runs_vms
        ]
        links = (self.design.groups[name].links.get(backend.network or "") for name in names)
        return max((sum(link.members.values()) for link in links if link), default=0)

    def _copies(self) -> Iterator[Subject]:
        """Ceph storages, and their pools that keep another number of copies."""
        for name, backend in self.design.storage.items():
            if family_of(self._software(backend)) == "ceph":
                yield Subject("copies", name, (name,))
                pools = self.design.pools.items()
                own = [key for key, pool in pools if pool.backend == name and pool.copies]
                yield from (Subject("copies", key, (key,)) for key in own)

    # Groups

    def _group(self, name: str) -> dict[str, Any]:
        group = self.design.groups[name]
        stores = {key: one for key, one in self.design.storage.items() if name in one.hosts}
        ceph = {key: one for key, one in stores.items() if family_of(self._software(one)) == "ceph"}
        drives = self._drives(group)
        # With a complete machine comes a drive that nobody lists.
        told = not self._is_a(group, "servers")
        used = [(one.hosts[name].drive, one.hosts[name].drives) for one in ceph.values()]
        media = [self.catalog.entries[drive] for drive, _ in used]
        return {
            "needs": self.needs.get(name, {}),
            "runs_vms": group.runs_vms,
            "families": tuple(family_of(self._software(one)) for one in stores.values()),
            "votes": tuple(key for key, members in self.design.quorums.items() if name in members),
            "holds_vms": any(self._holds_vms(key) for key in ceph),
            "raid": any(one.raid is not None for one in ceph.values()),
            "nvme": any(NVME in _text(entry, "interface") for entry in media),
            "small_disks": any(_is_small_disk(entry) for entry in media),
            "shared_drives": any(one.hosts[name].share is not None for one in ceph.values()),
            "system_on_osd_drive": any(one.hosts[name].reserve is not None for one in ceph.values())
            or (bool(used) and told and _all_given(drives, stores, name)),
        }

    def _bonds(self) -> Iterator[Subject]:
        """Links of several ports, by group and network."""
        for name, group in self.design.groups.items():
            for network, link in group.links.items():
                ports = sum(link.members.values())
                traits = {
                    "ports": ports,
                    "mode": link.bond.mode,
                    "hash": link.bond.hash,
                    "rate": link.bond.rate,
                    "heartbeat": network == self.design.heartbeat,
                }
                if ports > 1 and not self._is_a(group, "arrays"):
                    yield Subject("bond", f"{name} on {network}", (f"{name}.{network}",), traits)

    def _is_a(self, group: Group, kind: str) -> bool:
        """Whether its machine is a complete one of a kind."""
        parts = [str(group.part)] if group.part else self.scenario.nodes[str(group.node)].parts
        return any(self.catalog.entries[part].kind == kind for part in parts)

    def _single_homed(self) -> tuple[str, ...]:
        """Groups that have one port on the network of a storage that they hold or use."""
        found = []
        for backend in self.design.storage.values():
            users = [name for name, group in self.design.groups.items() if group.runs_vms]
            for name in (*backend.hosts, *(backend.clients or users)):
                link = self.design.groups[name].links.get(backend.network or "")
                if link is not None and sum(link.members.values()) == 1:
                    found.append(name)
        return tuple(dict.fromkeys(found))

    def _drives(self, group: Group) -> dict[str, int]:
        """Drives of a machine by part, and how many."""
        parts = {str(group.part): 1} if group.part else self.scenario.nodes[str(group.node)].parts
        return {
            part: number
            for part, number in parts.items()
            if number and self.catalog.entries[part].kind == "drives"
        }


def _switches(quantities: Mapping[str, float | None]) -> Iterator[Subject]:
    """Switches and stacks with something plugged in."""
    for key in quantities:
        name, _, quantity = key.rpartition(".")
        if quantity == "edge_rate":
            there = {key: f"{name}.{cell}" in quantities for key, cell in OF_SWITCH.items()}
            yield Subject("switch", name, (name,), there)


def _lacking(quantities: Mapping[str, float | None]) -> dict[str, Any]:
    """Kinds of switch ports of which there are too few: name, speed, needed and available."""
    found = []
    for name, kind in KINDS.items():
        needed, there = (
            quantities.get(f"{kind.key}.{key}") for key in ("ports_needed", "ports_available")
        )
        if needed is not None and there is not None and needed > there:
            found.append((name, kind.gigabits, needed, there))
    return {"lacking_ports": tuple(found)}


def _all_given(drives: Mapping[str, int], stores: Mapping[str, Backend], group: str) -> bool:
    """Whether every drive of a machine belongs to some storage."""
    left = dict(drives)
    for backend in stores.values():
        hosts = backend.hosts[group]
        left[hosts.drive] = left.get(hosts.drive, 0) - (hosts.drives or drives[hosts.drive])
    return all(number <= 0 for number in left.values())


def _text(entry: Entry, trait: str) -> str:
    return str(getattr(getattr(entry.part, trait, None), "text", "")).lower()


def _is_small_disk(drive: Entry) -> bool:
    capacity = drive.fact("capacity").value
    return HARD_DISK in _text(drive, "medium") and capacity is not None and capacity < TERABYTE
