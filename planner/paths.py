"""What a backend's sheet is given of the path between its clients and its drives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from planner.backends import computed
from planner.facts import Basis, Fact
from planner.models import uplinks
from planner.models.store import link_rate
from planner.plan import BackendPlan, Given, StorePlan, Topology
from planner.sheet import Cell, renamed, stack

Cells = dict[str, Cell]
Leaf = Callable[[Fact, str], Cell]
Stores = list[tuple[StorePlan, Cells]]

OF_EACH_HOST = {
    "host_read_rate": ("B/s", "store_read_rate"),
    "host_write_rate": ("B/s", "store_write_rate"),
    "host_sata_rate": ("B/s", "store_sata_rate"),
    "host_read_iops": ("IOPS", "store_read_iops"),
    "host_write_iops": ("IOPS", "store_write_iops"),
    "host_journal_rate": ("B/s", "store_journal_rate"),
    "host_journal_iops": ("IOPS", "store_journal_iops"),
    "host_journal_ratio": ("1", "store_journal_ratio"),
    "host_journal_size": ("B", "store_journal_size"),
    "host_drives_per_journal": ("part", "store_drives_per_journal"),
    "host_link_rate": ("B/s", "link_rate"),
    "host_cluster_rate": ("B/s", "cluster_rate"),
}
PLUGGED = "links of the scenario"


def rate_of_links(given: Given, leaf: Leaf) -> Cell | None:
    """Line rate of a bond; None without one."""
    facts = {key: item for key, item in given.items() if isinstance(item, Fact)}
    if "link_count" not in facts:
        return None
    keys = [key for key in ("link_count", "link_speed", "usable_links") if key in facts]
    return computed("link_rate", "B/s", link_rate, {key: leaf(facts[key], key) for key in keys})


def host_rows(stores: Stores) -> Cells:
    """What each host brings, as rows over the hosts; without what some of them do not tell."""
    return {
        name: _row(name, unit, quantity, stores)
        for name, (unit, quantity) in OF_EACH_HOST.items()
        if stores and all(quantity in cells for _, cells in stores)
    }


def host_row(name: str, unit: str, quantity: str, stores: Stores) -> Cell:
    """One quantity of each host."""
    return _row(name, unit, quantity, stores)


def _row(name: str, unit: str, quantity: str, stores: Stores) -> Cell:
    members = [
        (store.group, cells[quantity]) for store, cells in stores for _ in range(store.hosts)
    ]
    return stack(name, unit, members)


def client_cells(plan: BackendPlan, leaf: Leaf) -> Cells:
    """Number of clients in each group, and what the links of one carry."""
    if not plan.clients:
        return {}
    counts = [(client.group, leaf(client.count, "client_count")) for client in plan.clients]
    found = {"client_count": stack("client_count", "node", counts)}
    rates = [(client.group, rate_of_links(client.given, leaf)) for client in plan.clients]
    known = [(group, cell) for group, cell in rates if cell is not None]
    if len(known) == len(rates):
        found["client_link_rate"] = stack("client_link_rate", "B/s", known)
    return found


def proxy_cells(plan: BackendPlan, leaf: Leaf) -> Cells:
    """Proxies between clients and hosts."""
    if plan.proxies is None:
        return {}
    sides = {
        "proxy_client_rate": rate_of_links(plan.proxies.client_side, leaf),
        "proxy_storage_rate": rate_of_links(plan.proxies.storage_side, leaf),
    }
    found = {key: renamed(cell, key) for key, cell in sides.items() if cell is not None}
    return {**found, "proxy_count": leaf(plan.proxies.count, "proxy_count")}


# Switches


def switch_cells(plan: BackendPlan, leaf: Leaf) -> Cells:
    """Which switch each host and client is on, and what the links between switches carry."""
    if plan.topology is None or not plan.clients or not plan.stores:
        return {}
    hosts = [plan.topology.hosts[store.group] for store in plan.stores for _ in range(store.hosts)]
    clients = [plan.topology.clients[client.group] for client in plan.clients]
    return {
        "host_on_switch": _places("host_on_switch", hosts, plan.topology),
        "client_on_switch": _places("client_on_switch", clients, plan.topology),
        "uplink_rate": _uplinks(plan.topology, leaf),
    }


def _places(name: str, places: list[Mapping[str, float]], topology: Topology) -> Cell:
    table = [[place.get(switch, 0.0) for switch in topology.switches] for place in places]
    values = np.array(table, dtype=float).reshape(len(places), len(topology.switches), 1)
    fact = Fact(name, float(values.flat[0]) if values.size else 0.0, "1", Basis.GIVEN, PLUGGED)
    return Cell(name, "1", values, fact)


def _uplinks(topology: Topology, leaf: Leaf) -> Cell:
    """The same rate in both directions of each uplink."""
    none = leaf(Fact("no uplink", 0.0, "B/s", Basis.GIVEN, PLUGGED), "no uplink")
    rates = {
        pair: computed(
            "link_rate",
            "B/s",
            link_rate,
            {"link_count": leaf(ports, "link_count"), "link_speed": leaf(speed, "link_speed")},
        )
        for pair, (ports, speed) in topology.uplinks.items()
    }
    rows = []
    for start in topology.switches:
        row = [
            (end, rates.get((start, end)) or rates.get((end, start)) or none)
            for end in topology.switches
        ]
        rows.append((start, stack("uplink_rate", "B/s", row)))
    cell = stack("uplink_rate", "B/s", rows)
    # A stack's new axis comes just before the columns: here it is that of the row's switch.
    return replace(cell, value=np.swapaxes(cell.value, 0, 1))


def one_client_cells(given: Cells, first: Cells) -> Cells:
    """What links between switches let the best connected client read and write by itself.

    ``first`` holds `host_share`, `local_share`, `gathered_load` and `copied_load`.
    """
    if "uplink_rate" not in given or "client_link_rate" not in given:
        return {}
    best = int(np.argmax(given["client_link_rate"].nominal))
    one = {
        "client_count": Cell("client_count", "node", np.ones((1, 1))),
        "client_link_rate": _only(given["client_link_rate"], best),
        "client_on_switch": _only(given["client_on_switch"], best),
        **{key: first[key] for key in ("host_share", "local_share")},
        **{key: given[key] for key in ("host_on_switch", "uplink_rate")},
    }
    one["client_count"] = replace(
        one["client_count"], fact=Fact("one client", 1.0, "node", Basis.GIVEN, "a single client")
    )
    found = {}
    for way, load in (("read", "gathered_load"), ("write", "copied_load")):
        function = getattr(uplinks, f"uplink_bound_{way}_throughput")
        name = f"uplink_bound_{way}_throughput_one_client"
        found[name] = computed(name, "B/s", function, {**one, load: first[load]})
    return found


def _only(cell: Cell, index: int) -> Cell:
    return replace(cell, value=cell.value[index : index + 1])
