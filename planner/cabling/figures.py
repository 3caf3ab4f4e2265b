"""What follows from the cables of a design: ports of each kind, load of each switch, losses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from planner.cabling.classes import LinkClass
from planner.cabling.panel import Domain
from planner.cabling.reach import Host, Reach
from planner.connectors import GIGABIT
from planner.context import Context
from planner.facts import Basis, Fact, weakest
from planner.plan import Cable, Given, Row
from planner.switching import SwitchGroup, link_counted

_NONE = Fact("none", 0.0, "port", Basis.GIVEN)


@dataclass(frozen=True)
class Figures:
    """The facts that follow from the cables, those without a port among them."""

    context: Context
    switches: dict[str, SwitchGroup]
    classes: list[LinkClass]
    domains: list[Domain]
    every: list[Cable]

    @property
    def placed(self) -> list[Cable]:
        """The cables that found their ports."""
        return [cable for cable in self.every if cable.unit]

    def media(self) -> Iterator[tuple[str, Given]]:
        """Ports of each kind, as the medium sheet is given them."""
        every = self.every
        asked = {cable.switch_medium or cable.medium for cable in every}
        asked |= {cable.medium for cable in every if cable.what == "uplink"}
        own = [item.kind(entry) for item in self.classes for entry, _ in item.members]
        offered = [kind for item in self.switches.values() for kind in item.ports]
        for name, kind in {kind.name: kind for kind in (*own, *offered)}.items():
            having = [item for item in self.switches.values() if _fact(item, name)]
            there = sum((_fact(item, name) or _NONE).value or 0.0 for item in having)
            if name in asked or there:
                yield kind.key, self._medium(name, having)

    def _medium(self, name: str, having: list[SwitchGroup]) -> Given:
        hosts = [
            cable
            for cable in self.every
            if cable.what in ("link", "management")
            and (cable.switch_medium or cable.medium) == name
        ]
        groups = dict.fromkeys(cable.group for cable in hosts)
        counts = {key: self.context.design.groups[key].count for key in groups}
        number = Counter(cable.group for cable in hosts)
        stacks = [
            (
                item.name,
                self._fact(
                    f"{item.name}.stack ports",
                    float(sum(item.stack_ports())),
                    "port",
                    self._stack_evidence(item),
                ),
            )
            for item in self.switches.values()
            if item.stacked and item.stack_kind is not None and item.stack_kind.name == name
        ]
        ends = Counter(
            end
            for cable in self.every
            if cable.what == "uplink"
            for end, medium in ((cable.group, cable.medium), (cable.switch, cable.switch_medium))
            if medium == name
        )
        return {
            "linked_count": Row("node", tuple(counts.items())),
            "linked_ports": Row(
                "port",
                tuple(
                    (key, self._linked(key, name, number[key] / (counts[key].value or 1.0)))
                    for key in groups
                ),
            ),
            "uplink_ends": Row(
                "port",
                tuple(
                    (key, self._fact(f"{key}.{name} uplinks", float(n), "port"))
                    for key, n in ends.items()
                ),
            ),
            "stack_ends": Row("port", tuple(stacks)),
            "switch_count": Row("node", tuple((item.name, item.count) for item in having)),
            "kind_ports": Row(
                "port", tuple((item.name, _fact(item, name) or _NONE) for item in having)
            ),
        }

    def _linked(self, group: str, name: str, each: float) -> Fact:
        """Links of one item of a group to ports of a kind."""
        evidence = [
            entry.fact("port_speed")
            for item in self.classes
            if item.group == group
            for entry, _ in item.members
        ]
        return self._fact(f"{group}.{name} links", each, "port", evidence)

    def _stack_evidence(self, item: SwitchGroup) -> list[Fact]:
        stated = item.entry.fact("stack_ports")
        return [stated] if stated.known else []

    def loads(self) -> Iterator[tuple[str, Given]]:
        """What the switch sheet is given of each switch or stack with something plugged in."""
        placed = self.placed
        for domain in self.domains:
            if domain.used(placed):
                yield domain.name, self._load(domain, placed)

    def _load(self, domain: Domain, cables: Iterable[Cable]) -> Given:
        here = [cable for cable in cables if domain.has(cable.switch, cable.unit)]
        edge = Counter(
            (cable.group, cable.network or cable.what, cable.speed)
            for cable in here
            if cable.what in ("link", "management")
        )
        up = Counter(
            (cable.group, cable.switch, cable.speed)
            for cable in cables
            if cable.what == "uplink"
            and (domain.has(cable.switch, cable.unit) or domain.has(cable.group, cable.item))
        )
        given: dict[str, Fact | Row] = {
            **self._counted("edge_links", "edge_link_speed", edge, domain.name),
            **(self._counted("uplinks", "uplink_speed", up, domain.name) if up else {}),
        }
        return given | (self._stack(domain) if domain.group.stacked else {})

    def _counted(
        self, links: str, speeds: str, counts: Counter[tuple[str, str, float]], at: str
    ) -> dict[str, Row]:
        names = [(f"{group}.{other}", speed, n) for (group, other, speed), n in counts.items()]
        return {
            links: Row(
                "port",
                tuple(
                    (key, self._fact(f"{at}.{key}.{links}", float(n), "port"))
                    for key, _, n in names
                ),
            ),
            speeds: Row(
                "B/s",
                tuple(
                    (key, self._fact(f"{at}.{key}.{speeds}", speed, "B/s"))
                    for key, speed, _ in names
                ),
            ),
        }

    def _stack(self, domain: Domain) -> dict[str, Fact]:
        group = domain.group
        cut = 1.0 if group.shape == "chain" else 2.0
        return {
            "stack_units": group.count,
            "stack_cut_links": self._fact(f"{group.name}.stack cut links", cut, "port"),
            **self._of_stack(group),
        }

    def _of_stack(self, group: SwitchGroup) -> dict[str, Fact]:
        kind = group.stack_kind
        if group.shape == "mlag" and kind is not None:
            rate = self._fact(f"{group.name}.peer link rate", kind.speed, "B/s")
            return {"stack_rate": rate, "most_stack_units": group.count}
        facts = group.entry.fact("stack_rate"), group.entry.fact("stack_units")
        return dict(zip(("stack_rate", "most_stack_units"), facts, strict=True))

    def of_design(self) -> dict[str, Fact]:
        """Figures of the design as a whole."""
        placed, every, domains = self.placed, self.every, self.domains
        units = sum(item.units for item in self.switches.values())
        reach = Reach.of(placed)
        cuts = [reach.without(unit) for unit in reach.units]
        gone = [reach.everywhere(cut) for cut in cuts]
        touched = [set[Host]().union(*cut.values()) for cut in cuts]
        single = sum(1 for domain in domains if domain.uplinks(placed) == 1)
        figures = {
            "switch_units": (units, "node"),
            "switch_domains": (len(domains), "node"),
            "cables": (len(every), "part"),
            "unplaced_links": (len(every) - len(placed), "port"),
            "hosts_cut_off_with_a_switch": (max(map(len, gone), default=0), "node"),
            "hosts_losing_a_network_with_a_switch": (max(map(len, touched), default=0), "node"),
            "single_uplink_switches": (single, "node"),
            "split_networks": (len(_split(placed, domains)), "1"),
        }
        figures |= {f"borrowed_ports_{key}": (n, "port") for key, n in self._borrowed().items()}
        return {key: self._fact(key, float(n), unit) for key, (n, unit) in figures.items()}

    def _borrowed(self) -> Counter[str]:
        """Links in ports that are counted under another speed: what each count gains by them."""
        speeds = {
            (item.group, entry.id, "link"): entry.fact("port_speed").value or 0.0
            for item in self.classes
            for entry, _ in item.members
        }
        kinds = {kind.name: kind for item in self.switches.values() for kind in item.ports}
        gained: Counter[str] = Counter()
        for cable in self.placed:
            if cable.what in ("link", "management"):
                own = link_counted(speeds.get((cable.group, cable.part, cable.what), GIGABIT))
                taken = kinds[cable.switch_medium].counted
                gained.update({taken: 1})
                gained.subtract({own: 1})
        return Counter({key: n for key, n in gained.items() if key and n})

    def _fact(self, name: str, value: float, unit: str, evidence: Iterable[Fact] = ()) -> Fact:
        facts = list(evidence)
        basis = weakest(fact.basis for fact in facts)
        sources = "; ".join(dict.fromkeys(fact.source for fact in facts if fact.source))
        source = sources or "links of the scenario and ports of the catalog"
        note = "`planner wiring` lists every cable"
        return Fact(self.context.label(name), value, unit, basis, source, note=note)


def _fact(item: SwitchGroup, name: str) -> Fact | None:
    return next((fact for kind, fact in item.ports.items() if kind.name == name), None)


def _split(cables: list[Cable], domains: list[Domain]) -> list[str]:
    """Networks with links on switches that no uplink joins, directly or over others."""
    home = {
        (domain.group.name, domain.first + unit + 1): domain.name
        for domain in domains
        for unit in range(len(domain.switch.units))
    }
    island = {domain.name: domain.name for domain in domains}
    for cable in cables:
        if cable.what == "uplink":
            near, far = (
                island[home[end]] for end in ((cable.group, cable.item), (cable.switch, cable.unit))
            )
            island = {name: near if found == far else found for name, found in island.items()}
    networks: dict[str, set[str]] = {}
    for cable in cables:
        if cable.what == "link":
            found = island[home[cable.switch, cable.unit]]
            networks.setdefault(cable.network, set()).add(found)
    return [name for name, islands in networks.items() if len(islands) > 1]
