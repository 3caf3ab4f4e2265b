"""Every cable of a design: which port of which host goes to which port of which switch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from planner.cabling.classes import LinkClass, link_classes
from planner.cabling.figures import Figures
from planner.cabling.panel import Domain, Panel, domains_of
from planner.catalog import Entry
from planner.context import Context
from planner.patching import Links, Plug, place, plug
from planner.plan import Cable, Cabling
from planner.switching import (
    Kind,
    SwitchGroup,
    Uplink,
    kind_of_port,
    switch_groups,
    uplink_kind,
    uplinks,
)

MOST_LINKS = 5_000
MOST_PORTS = 20_000


def build_cabling(context: Context) -> Cabling:
    """The cables of a design, and the facts that follow from them.

    Raises
    ------
    InputError
        Links or uplinks to switches that are none.
    """
    switches = switch_groups(context)
    links = link_classes(context, switches)
    unknown = [item.entry.id for item in switches.values() if not item.known]
    if not switches or unknown:
        gaps = (f"{', '.join(unknown)}: without its ports no link can be placed",)
        return Cabling(gaps=gaps if unknown and links else ())
    if sum(item.demand for item in links) > MOST_LINKS:
        return Cabling(gaps=(f"more than {MOST_LINKS:,} links: none is placed",))
    if sum(map(_ports_of, switches.values())) > MOST_PORTS:
        return Cabling(gaps=(f"more than {MOST_PORTS:,} switch ports: no link is placed",))
    return _Patching(context, switches, links).cabling()


def _ports_of(item: SwitchGroup) -> float:
    return item.units * (1.0 + sum(fact.value or 0.0 for fact in item.ports.values()))


@dataclass
class _Patching:
    """The cables of a design in the making."""

    context: Context
    switches: dict[str, SwitchGroup]
    classes: list[LinkClass]
    kinds: dict[str, Kind] = field(default_factory=dict)

    def cabling(self) -> Cabling:
        panel = Panel.of(self.switches.values())
        self.kinds = {kind.label: kind for _, _, kind in panel.free}
        between = [*self._stack_cables(panel), *self._uplink_cables(panel)]
        domains = [domain for item in self.switches.values() for domain in domains_of(item, panel)]
        links = [self._as_links(item, domains) for item in self.classes]
        placing = place(links, [domain.switch for domain in domains])
        plugs = plug(links, [domain.switch for domain in domains], placing)
        hosts = self._host_cables(plugs, domains)
        every = [*hosts, *between]
        figures = Figures(self.context, self.switches, self.classes, domains, every)
        return Cabling(
            cables=tuple(figures.placed),
            unplaced=tuple(cable for cable in every if not cable.unit),
            proven=placing.proven,
            media=dict(figures.media()),
            switches=dict(figures.loads()),
            given=figures.of_design(),
        )

    # Cables between switches

    def _stack_cables(self, panel: Panel) -> Iterator[Cable]:
        for item in self.switches.values():
            kind = item.stack_kind
            given = [
                [panel.last(item.name, unit, kind) for _ in range(number)][::-1]
                for unit, number in enumerate(item.stack_ports())
            ]
            for near, far in item.stack_cables if any(given) else ():
                ports = given[near].pop() if given[near] else None, _first(given[far])
                yield self._between("stack", (item, item), (near, far), (kind, kind), ports)

    def _uplink_cables(self, panel: Panel) -> Iterator[Cable]:
        for uplink in uplinks(self.context, self.switches):
            for _ in range(min(uplink.cables, MOST_LINKS)):
                yield self._uplink_cable(panel, uplink)

    def _uplink_cable(self, panel: Panel, uplink: Uplink) -> Cable:
        ends = self.switches[uplink.near], self.switches[uplink.far]
        near, far = (uplink_kind(item, uplink.speed) for item in ends)
        units = panel.roomiest(ends[0], near), panel.roomiest(ends[1], far)
        fits = near and far and (near.accepts(far) or far.accepts(near))
        if units[0] is None or units[1] is None or not fits:
            return self._between("uplink", ends, (0, 0), (near, far), (None, None))
        places = units[0], units[1]
        ports = (
            panel.last(ends[0].name, places[0], near),
            panel.last(ends[1].name, places[1], far),
        )
        return self._between("uplink", ends, places, (near, far), ports)

    def _between(
        self,
        what: str,
        ends: tuple[SwitchGroup, SwitchGroup],
        units: tuple[int, int],
        kinds: tuple[Kind | None, Kind | None],
        ports: tuple[int | None, int | None],
    ) -> Cable:
        """A cable between two switches; each end has its group, unit, kind of port and port."""
        placed = None not in ports
        return Cable(
            what=what,
            network="",
            bond="",
            mode="",
            group=ends[0].name,
            item=units[0] + 1,
            part=ends[0].entry.id,
            port=str(ports[0] or ""),
            medium=kinds[0].name if kinds[0] else "",
            switch=ends[1].name,
            unit=units[1] + 1 if placed else 0,
            switch_port=ports[1] or 0,
            switch_medium=kinds[1].name if kinds[1] else "",
            speed=min((kind.speed for kind in kinds if kind), default=0.0),
            cable="",
        )

    # Cables of hosts and arrays

    def _as_links(self, item: LinkClass, domains: list[Domain]) -> Links:
        on = tuple(i for i, domain in enumerate(domains) if domain.group.name in item.switches)
        offered = {kind for i in on for kind in domains[i].group.ports}

        def fitting(entry: Entry) -> tuple[str, ...]:
            own = item.kind(entry)
            kinds = [kind for kind in offered if kind.accepts(own)]
            kinds.sort(key=lambda kind: (kind.medium != own.medium, kind.gigabits, kind.label))
            return tuple(kind.label for kind in kinds)

        ends = tuple((fitting(entry), number) for entry, number in item.members)
        hosts = int(item.count.value or 0)
        even = len(item.link.switch) > 1
        return Links(item.group, item.network, hosts, ends, item.together, on, even)

    def _host_cables(self, plugs: list[Plug], domains: list[Domain]) -> list[Cable]:
        """The cables host by host."""
        groups = list(self.context.design.groups)
        order = sorted(
            plugs,
            key=lambda one: (groups.index(self.classes[one.links].group), one.host, one.links),
        )
        used: Counter[tuple[str, int, str, bool]] = Counter()
        return [self._host_cable(one, domains, used) for one in order]

    def _host_cable(
        self, one: Plug, domains: list[Domain], used: Counter[tuple[str, int, str, bool]]
    ) -> Cable:
        item = self.classes[one.links]
        entry = item.members[one.end][0]
        own, management = item.kind(entry), item.link.management
        counted = (item.group, one.host, entry.id, management)
        used[counted] += 1
        each = entry.fact("ports").value
        port = _port_name(used[counted], each, management=management)
        kind = self.kinds[one.port.kind] if one.port else None
        domain = domains[one.switch] if one.switch is not None else None
        name = f"{item.group}-{one.host + 1}.{item.network}"
        return Cable(
            what="management" if management else "link",
            network=item.network,
            bond=name if item.bonded else "",
            mode=item.link.bond.mode if item.bonded else "",
            group=item.group,
            item=one.host + 1,
            part=entry.id,
            port=port,
            medium=own.name,
            switch=domain.group.name if domain else "",
            unit=domain.first + one.port.unit + 1 if domain and one.port else 0,
            switch_port=one.port.number if one.port else 0,
            switch_medium=kind.name if kind else "",
            speed=min(self._speed(item, entry), kind.speed) if kind else self._speed(item, entry),
            cable=self._cable_part(item.group, own.medium),
        )

    def _cable_part(self, group: str, medium: str) -> str:
        """The cable of a kind that is among the parts of a host; empty where none is."""
        cables = [part.entry for part in self.context.parts(group) if part.entry.kind == "cables"]
        media = {entry.id: kind_of_port(entry).medium for entry in cables}
        return next((name for name, found in media.items() if medium and found == medium), "")

    def _speed(self, item: LinkClass, entry: Entry) -> float:
        known = None if item.link.management else entry.fact("port_speed").value
        return item.kind(entry).speed if known is None else known


def _first(ports: list[int | None]) -> int | None:
    return ports.pop(0) if ports else None


def _port_name(number: int, each: float | None, *, management: bool) -> str:
    """Its number; with several equal cards, that of the card before it."""
    if management:
        return "management"
    if each is None or number <= each:
        return str(number)
    card, port = divmod(number - 1, int(each))
    return f"{card + 1}.{port + 1}"
