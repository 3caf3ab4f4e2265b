"""What the links between switches let clients read and write: a concurrent maximum flow.

Data lies evenly over the hosts, wherever these are plugged in, so that what a client takes from
hosts behind other switches crosses a link between switches; clients take as much as they get.
"""

from __future__ import annotations

import numpy as np

from planner.models.arguments import Values
from planner.models.dimensions import BytePerSecond, Node, Number
from planner.models.max_flow import concurrent_flow

_ROUNDING = 1e-12


def uplink_bound_read_throughput(
    client_count: Node,
    client_link_rate: BytePerSecond,
    client_on_switch: Number,
    host_share: Number,
    host_on_switch: Number,
    uplink_rate: BytePerSecond,
    gathered_load: Number = 0.0,
    local_share: Number = 0.0,
) -> BytePerSecond:
    """User data that all clients together can read across the links between switches.

    Parameters
    ----------
    client_count : array_like, shape (groups, ...)
        Clients in each group [node].
    client_link_rate : array_like, shape (groups, ...)
        Line rate of each client's links to the storage network [B/s].
    client_on_switch : array_like, shape (groups, switches, ...)
        Part of each client's links on each switch [1].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].
    host_on_switch : array_like, shape (hosts, switches, ...)
        Part of each host's links on each switch [1].
    uplink_rate : array_like, shape (switches, switches, ...)
        Line rate from the switch of the row to that of the column [B/s].
    gathered_load : array_like
        Shares that hosts gather from their peers over these links for each share read [1].
    local_share : array_like
        Part of the data whose first share lies on the client's own host [1].

    Returns
    -------
    array_like
        Throughput [B/s]; infinite where other things bind before these links do.

    Notes
    -----
    The least cut of a network of clients, switches and data. Where clients of switch i read a
    part s_i of the data at home, 1 - s_i of it enters by its uplinks; peers of a share are taken
    as any other hosts. An upper bound; exact for two switches, and for any tree whose storage is
    on one of them.

    Examples
    --------
    Sixteen clients and three hosts on two switches that one link of 10 Gbit/s joins.

    >>> ends = np.array([[1.0, 0.0]]), np.tile([0.0, 1.0], (3, 1))
    >>> uplink = np.array([[0.0, 1250e6], [1250e6, 0.0]])
    >>> given = np.array([16.0]), np.array([250e6]), ends[0], np.full(3, 1 / 3), ends[1], uplink
    >>> float(uplink_bound_read_throughput(*given))
    1250000000.0
    """
    capacity = client_count * np.asarray(client_link_rate)
    request = np.swapaxes(np.asarray(uplink_rate, dtype=float), 0, 1)
    ends = client_on_switch, host_share, host_on_switch
    return _bound(capacity, *ends, request, gathered_load, local_share)


def uplink_bound_write_throughput(
    client_count: Node,
    client_link_rate: BytePerSecond,
    client_on_switch: Number,
    host_share: Number,
    host_on_switch: Number,
    uplink_rate: BytePerSecond,
    copied_load: Number = 0.0,
    local_share: Number = 0.0,
) -> BytePerSecond:
    """User data that all clients together can write across the links between switches.

    Parameters
    ----------
    client_count : array_like, shape (groups, ...)
        Clients in each group [node].
    client_link_rate : array_like, shape (groups, ...)
        Line rate of each client's links to the storage network [B/s].
    client_on_switch : array_like, shape (groups, switches, ...)
        Part of each client's links on each switch [1].
    host_share : array_like, shape (hosts, ...)
        Part of the data on each host [1].
    host_on_switch : array_like, shape (hosts, switches, ...)
        Part of each host's links on each switch [1].
    uplink_rate : array_like, shape (switches, switches, ...)
        Line rate from the switch of the row to that of the column [B/s].
    copied_load : array_like
        Bytes that hosts send to their peers over these links for each byte written [1].
    local_share : array_like
        Part of the data whose first share lies on the client's own host [1].

    Returns
    -------
    array_like
        Throughput [B/s]; infinite where other things bind before these links do.

    Examples
    --------
    Hosts on both switches: half of what clients write crosses, and copies do too.

    >>> ends = np.eye(2), np.repeat(np.eye(2), 2, axis=0)
    >>> uplink = np.array([[0.0, 1250e6], [1250e6, 0.0]])
    >>> given = np.full(2, 8.0), np.full(2, 1e9), ends[0], np.full(4, 0.25), ends[1], uplink
    >>> float(uplink_bound_write_throughput(*given)) / 1e6
    5000.0
    >>> round(float(uplink_bound_write_throughput(*given, copied_load=2.0)) / 1e6)
    1364
    """
    capacity = client_count * np.asarray(client_link_rate)
    ends = client_on_switch, host_share, host_on_switch
    rate = np.asarray(uplink_rate, dtype=float)
    return _bound(capacity, *ends, rate, copied_load, local_share)


def copied_load(
    network_shares: Number,
    network_data_shares: Number = 1.0,
    separate_replication: Number = 0.0,
    sent_by_proxy: Number = 0.0,
) -> Number:
    """Bytes that hosts send to their peers, over the clients' network, for each byte written.

    Parameters
    ----------
    network_shares, network_data_shares : array_like
        Shares of an object on different hosts, and those of them that hold data [1].
    separate_replication : array_like
        1 where copies between hosts have links of their own [1].
    sent_by_proxy : array_like
        1 where a proxy sends every share [1].

    Returns
    -------
    array_like
        Load [1]: (n - 1)/k.

    Examples
    --------
    >>> copied_load(3.0), copied_load(3.0, 1.0, separate_replication=1.0)
    (2.0, 0.0)
    """
    own = (1.0 - separate_replication) * (1.0 - sent_by_proxy)
    return own * (network_shares - 1.0) / network_data_shares


def gathered_load(
    network_data_shares: Number = 1.0,
    separate_replication: Number = 0.0,
    sent_by_proxy: Number = 0.0,
) -> Number:
    """Bytes that hosts gather from their peers, over the clients' network, for each byte read.

    Parameters
    ----------
    network_data_shares : array_like
        Data shares of an object on different hosts: 1 for copies, k for erasure coding [1].
    separate_replication : array_like
        1 where traffic between hosts has links of its own [1].
    sent_by_proxy : array_like
        1 where a proxy gathers the shares [1].

    Returns
    -------
    array_like
        Load [1]: (k - 1)/k.

    Examples
    --------
    >>> gathered_load(4.0)
    0.75
    """
    own = (1.0 - separate_replication) * (1.0 - sent_by_proxy)
    return own * (network_data_shares - 1.0) / network_data_shares


def _bound(
    capacity: Values,
    client_on: Number,
    share: Number,
    host_on: Number,
    rate: Values,
    between_hosts: Number,
    local_share: Number,
) -> Values:
    """The concurrent flow, infinite where all clients get what their own links carry."""
    client_on, host_on = np.asarray(client_on, dtype=float), np.asarray(host_on, dtype=float)
    share = np.asarray(share, dtype=float)
    placed = ~np.any(np.isinf(share), axis=0)
    share = np.where(np.isinf(share), 0.0, share)
    at_home, sent, taken = _between_hosts(share, host_on)
    reading = capacity[:, None] * client_on
    by_network = 1.0 - np.asarray(local_share, dtype=float)
    moved = np.where(by_network <= 0.0, 1.0, by_network)
    copies = between_hosts / moved
    arcs, load, demand = _network(capacity, reading, at_home, rate, copies * sent, copies * taken)
    flow = concurrent_flow(arcs, demand, load).value
    by_clients = flow >= np.sum(capacity, axis=0) * (1.0 - _ROUNDING)
    bound = np.where(by_clients | (by_network <= 0.0), np.inf, flow / moved)
    return np.where(placed, bound, 0.0)


def _between_hosts(share: Values, host_on: Values) -> tuple[Values, Values, Values]:
    """Data on each switch's hosts, and what they send and take for a share of each object.

    A share's peer is any other host, as likely as it holds data.
    """
    own = share[:, None] * host_on
    at_home = np.sum(own, axis=0)
    others = np.where(share < 1.0, 1.0 - share, 1.0)[:, None]
    peer_here = np.clip((at_home - own) / others, 0.0, 1.0)
    alone = (share >= 1.0)[:, None]
    sent = np.sum(np.where(alone, 0.0, own * (1.0 - peer_here)), axis=0)
    taken = np.sum(share[:, None] * (1.0 - host_on) * np.where(alone, 0.0, peer_here), axis=0)
    return at_home, sent, taken


def _network(
    capacity: Values, reading: Values, at_home: Values, rate: Values, sent: Values, taken: Values
) -> tuple[Values, Values, Values]:
    """Arcs, loads and demands: source, clients, their switches, the switches, data behind them."""
    groups, switches = reading.shape[:2]
    parts = (reading[0, 0], at_home[0], rate[0, 0], sent[0])
    trailing = np.broadcast_shapes(*(part.shape for part in parts))
    nodes = 1 + groups + 3 * switches
    arcs, load = np.zeros((nodes, nodes, *trailing)), np.zeros((nodes, nodes, *trailing))
    clients = np.arange(1, 1 + groups)
    entry, inside, data = (1 + groups + switches * step + np.arange(switches) for step in range(3))
    away = 1.0 - at_home
    far = np.where(away > 0.0, away, 1.0)
    arcs[0, clients] = capacity
    arcs[np.ix_(clients, entry)] = reading
    arcs[entry, inside] = np.where(away > 0.0, np.sum(rate, axis=1) / far, np.inf)
    load[entry, inside] = np.where(away > 0.0, sent / far, 0.0)
    arcs[np.ix_(inside, inside)] = rate
    arcs[inside, data] = np.sum(rate, axis=0) + at_home * np.sum(reading, axis=0)
    load[inside, data] = taken
    demand = np.zeros((nodes, *trailing))
    demand[data] = at_home
    return arcs, load, demand
