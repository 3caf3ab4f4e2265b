"""The whole path as one network: clients, switches, and each host's links, controllers, drives."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np

from planner.models.arguments import Values, amount
from planner.models.dimensions import Array, BytePerSecond, Number
from planner.models.max_flow import concurrent_flow

Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


class PathFlow(NamedTuple):
    """What clients get of evenly spread data, and what binds.

    Parameters
    ----------
    value : float or ndarray
        User data of all clients together [B/s].
    clients : ndarray of bool, shape (groups, ...)
        Groups of clients whose links are in the least cut.
    uplinks : ndarray of bool, shape (switches, switches, ...)
        Links between switches that are.
    stages : ndarray of bool, shape (stages, hosts, ...)
        Stages of hosts that are.
    """

    value: Array
    clients: Flags
    uplinks: Flags
    stages: Flags


def path_flow(
    client_rate: BytePerSecond,
    stage_rate: BytePerSecond,
    host_share: Number,
    client_on_switch: Number | None = None,
    host_on_switch: Number | None = None,
    uplink_rate: BytePerSecond | None = None,
) -> PathFlow:
    """Greatest flow of user data between all clients and the hosts that hold it.

    Parameters
    ----------
    client_rate : array_like, shape (groups, ...)
        What the links of all clients of each group carry [B/s].
    stage_rate : array_like, shape (stages, hosts, ...)
        User data that each stage of each host passes: links, controllers, drives, each over what
        it must do for a byte of it [B/s].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1], adding up to 1.
    client_on_switch, host_on_switch : array_like, shape (groups or hosts, switches), optional
        Part of the links on each switch [1]; all on one switch by default.
    uplink_rate : array_like, shape (switches, switches, ...), optional
        Line rate from the switch of the row to that of the column, in the direction from the
        clients to the data [B/s].

    Returns
    -------
    PathFlow
        The flow and what binds.

    Raises
    ------
    ValueError
        If a number is negative, or the shapes do not fit.

    Notes
    -----
    Hosts take part as placement spreads the data; clients and routes as they get most. On one
    switch it is the least of the closed forms; clients that could be served from near hosts are
    taken to be, so that between switches it is an upper bound of `uplink_bound_read_throughput`.

    Examples
    --------
    Sixteen clients; three hosts of links of 250 MB/s and drives of 200 MB/s.

    >>> found = path_flow([16 * 250e6], [[250e6] * 3, [200e6] * 3], np.full(3, 1 / 3))
    >>> round(float(found.value) / 1e6), found.stages.any(axis=1).tolist()
    (600, [False, True])
    """
    clients, stages = amount(client_rate, "client_rate"), amount(stage_rate, "stage_rate")
    share = amount(host_share, "host_share")
    groups, (steps, hosts) = clients.shape[0], stages.shape[:2]
    rates = np.zeros((1, 1)) if uplink_rate is None else amount(uplink_rate, "uplink_rate")
    switches = rates.shape[0]
    entry = _on(client_on_switch, groups, switches)
    outlet = _on(host_on_switch, hosts, switches)
    trailing = np.broadcast_shapes(
        clients.shape[1:], stages.shape[2:], share.shape[1:], rates.shape[2:]
    )
    nodes = 1 + groups + switches + hosts * (steps + 1)
    arcs = np.zeros((nodes, nodes, *trailing))
    source, group = 0, 1 + np.arange(groups)
    switch = 1 + groups + np.arange(switches)
    chain = 1 + groups + switches + np.arange(hosts * (steps + 1)).reshape(steps + 1, hosts)
    arcs[source, group] = clients
    extra = (1,) * len(trailing)
    arcs[np.ix_(group, switch)] = clients[:, None] * entry.reshape(*entry.shape, *extra)
    arcs[np.ix_(switch, switch)] = rates
    joined = np.where(outlet.T > 0.0, np.inf, 0.0)
    arcs[np.ix_(switch, chain[0])] = joined.reshape(*joined.shape, *extra)
    for step in range(steps):
        arcs[chain[step], chain[step + 1]] = stages[step]
    demand = np.zeros((nodes, *trailing))
    demand[chain[-1]] = share
    flow = concurrent_flow(arcs, demand)
    return PathFlow(flow.value, *_binding(arcs, flow.source_side, group, switch, chain))


def _on(places: Number | None, items: int, switches: int) -> Values:
    if places is None:
        if switches > 1:
            raise ValueError("which switch clients and hosts are on must be told where uplinks are")
        return np.ones((items, 1))
    found = amount(places, "places on switches")
    if found.shape != (items, switches):
        raise ValueError(f"places must be of shape ({items}, {switches}), got {found.shape}")
    return found


def _binding(
    arcs: Values, side: Flags, group: Any, switch: Any, chain: Any
) -> tuple[Flags, Flags, Flags]:
    """Which arcs leave the source's side of the least cut."""
    cut = side[:, None] & ~side[None, :] & (arcs > 0.0)
    stages = cut[chain[:-1], chain[1:]]
    return cut[0, group], cut[np.ix_(switch, switch)], stages
