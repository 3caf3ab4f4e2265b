"""How flows spread over the links of a bond: balls in bins.

A bond keeps each flow on one link, chosen by a hash. What counts as a flow depends on the hash:
a peer (layer2, layer2+3) or a connection (layer3+4). Here the hash is taken as uniform.
"""

from __future__ import annotations

import numpy as np

from planner.models.arguments import Values, positive
from planner.models.combinatorics import plain, require, whole
from planner.models.dimensions import Array, BytePerSecond, Number, Port


def one_link_chance(bond_links: Port, bond_flows: Number) -> Number:
    """Chance that all flows use the same link, so that the others idle.

    Parameters
    ----------
    bond_links : array_like
        Links of the bond that carry traffic [port].
    bond_flows : array_like
        Flows that share the bond [1].

    Returns
    -------
    float or ndarray
        Probability [1].

    Raises
    ------
    ValueError
        If there is no link or no flow, or not a whole number of them.

    Notes
    -----
    g^(1 - f).

    References
    ----------
    Balls in bins; torvalds/linux Documentation/networking/bonding.txt, xmit_hash_policy.

    Examples
    --------
    >>> one_link_chance(2, [1, 2, 3, 4]).tolist()
    [1.0, 0.5, 0.25, 0.125]
    """
    links, flows = whole(bond_links, "bond_links", 1), whole(bond_flows, "bond_flows", 1)
    return plain(links ** (1.0 - flows))


def all_links_chance(bond_links: Port, bond_flows: Number) -> Number:
    """Chance that every link of the bond carries at least one flow.

    Parameters
    ----------
    bond_links : array_like
        Links of the bond that carry traffic [port].
    bond_flows : array_like
        Flows that share the bond [1].

    Returns
    -------
    float or ndarray
        Probability [1].

    Raises
    ------
    ValueError
        If there is no link or no flow, or not a whole number of them, or more than 1024 links.

    Notes
    -----
    sum_i (-1)^i C(g, i) ((g - i)/g)^f, computed as the product of the chances that the flows
    reach the next link: the number of links in use is a chain that grows by one with
    probability 1 - u/g.

    Examples
    --------
    >>> all_links_chance(2, [1, 2, 4, 8]).tolist()
    [0.0, 0.5, 0.875, 0.9921875]
    """
    links, flows = whole(bond_links, "bond_links", 1), whole(bond_flows, "bond_flows", 1)
    require(links <= 1024, links, "bond_links", "at most 1024")
    links, flows = np.broadcast_arrays(links, flows)
    unknown = np.isnan(links + flows)
    chance = _all_used(np.where(unknown, 1.0, links), np.where(unknown, 1.0, flows))
    return plain(np.where(unknown, np.nan, chance))


def _all_used(links: Values, flows: Values) -> Values:
    """Chance that no link is idle; both are whole, at least 1 and of one shape."""
    chance = np.zeros(links.shape)
    for number in np.unique(links):
        here = links == number
        chance[here] = _all_of(int(number), flows[here])
    return chance


def _all_of(links: int, flows: Values) -> Values:
    """Chance that each of so many links is used, by powers of the chain's transition matrix."""
    steps = np.arange(links + 1) / links
    chain = np.diag(steps) + np.diag(1.0 - steps[:-1], 1)
    state = np.zeros((flows.size, links + 1))
    state[:, 0] = 1.0
    left = np.ravel(flows)
    while np.any(left > 0.0):
        odd = left % 2.0 == 1.0
        state[odd] = state[odd] @ chain
        left = left // 2.0
        chain = chain @ chain
    return state[:, -1].reshape(flows.shape)


def shared_link_chance(bond_links: Port, bond_flows: Number) -> Number:
    """Chance that at least two of the flows share a link.

    Parameters
    ----------
    bond_links : array_like
        Links of the bond that carry traffic [port].
    bond_flows : array_like
        Flows that share the bond [1].

    Returns
    -------
    float or ndarray
        Probability [1]; 1 where there are more flows than links.

    Raises
    ------
    ValueError
        If there is no link or no flow, or not a whole number of them, or more than 1024 links.

    Notes
    -----
    1 - g! / ((g - f)! g^f), the birthday problem.

    Examples
    --------
    >>> shared_link_chance([2, 4], 2).tolist(), shared_link_chance(2, 3)
    ([0.5, 0.25], 1.0)
    """
    links, flows = whole(bond_links, "bond_links", 1), whole(bond_flows, "bond_flows", 1)
    require(links <= 1024, links, "bond_links", "at most 1024")
    most = int(np.max(np.nan_to_num(np.minimum(links, flows)), initial=1.0))
    earlier = np.arange(most).reshape(-1, *(1,) * np.ndim(links + flows))
    apart = np.where(earlier < flows, np.maximum(1.0 - earlier / links, 0.0), 1.0)
    alone = np.where(flows > links, 0.0, np.prod(apart, axis=0))
    return plain(np.where(np.isnan(links + flows), np.nan, 1.0 - alone))


def expected_links_used(bond_links: Port, bond_flows: Number) -> Port:
    """Links that carry traffic on average over the hash.

    Parameters
    ----------
    bond_links : array_like
        Links of the bond [port].
    bond_flows : array_like
        Flows that share the bond [1].

    Returns
    -------
    float or ndarray
        Links [port].

    Raises
    ------
    ValueError
        If there is no link or no flow, or not a whole number of them.

    Notes
    -----
    g (1 - (1 - 1/g)^f).

    Examples
    --------
    >>> expected_links_used(2, [1, 2, 3]).tolist()
    [1.0, 1.5, 1.75]
    """
    links, flows = whole(bond_links, "bond_links", 1), whole(bond_flows, "bond_flows", 1)
    return plain(links * (1.0 - (1.0 - 1.0 / links) ** flows))


def usable_bond_share(expected_links_used: Port, bond_links: Port) -> Number:
    """Part of a bond's line rate that its flows can use on average.

    Parameters
    ----------
    expected_links_used : array_like
        Links that carry traffic on average [port].
    bond_links : array_like
        Links of the bond [port].

    Returns
    -------
    array_like
        Share, 1/g .. 1 [1].

    Examples
    --------
    >>> usable_bond_share(1.5, 2.0)
    0.75
    """
    return expected_links_used / bond_links


def single_flow_rate(link_speed: BytePerSecond, links_per_flow: Port = 1.0) -> BytePerSecond:
    """What one flow can use of a bond, however many links that has.

    Parameters
    ----------
    link_speed : array_like
        Line rate of one link [B/s].
    links_per_flow : array_like
        Links that one flow may use: 1, all of them with round robin [port].

    Returns
    -------
    array_like
        Rate [B/s].

    References
    ----------
    torvalds/linux Documentation/networking/bonding.txt, xmit_hash_policy layer3+4: "a single
    connection will not span multiple slaves".

    Examples
    --------
    >>> single_flow_rate(125e6)
    125000000.0
    """
    return links_per_flow * link_speed


def guaranteed_bond_rate(single_flow_rate: BytePerSecond) -> BytePerSecond:
    """What a bond carries if the hash puts all flows on one link.

    Parameters
    ----------
    single_flow_rate : array_like
        What one flow can use [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> guaranteed_bond_rate(125e6)
    125000000.0
    """
    return single_flow_rate * 1.0


def expected_bond_rate(
    expected_links_used: Port, link_speed: BytePerSecond, single_flow_rate: BytePerSecond
) -> BytePerSecond:
    """What a bond carries on average over the hash, with greedy flows.

    Parameters
    ----------
    expected_links_used : array_like
        Links that carry traffic on average [port].
    link_speed : array_like
        Line rate of one link [B/s].
    single_flow_rate : array_like
        What one flow can use [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(expected_bond_rate(1.5, 125e6, 125e6))
    187500000.0
    """
    return np.maximum(expected_links_used * link_speed, single_flow_rate)


def best_bond_rate(
    bond_links: Port,
    bond_flows: Number,
    link_speed: BytePerSecond,
    single_flow_rate: BytePerSecond,
) -> BytePerSecond:
    """What a bond carries if the hash spreads the flows as well as it can.

    Parameters
    ----------
    bond_links : array_like
        Links of the bond [port].
    bond_flows : array_like
        Flows that share the bond [1].
    link_speed : array_like
        Line rate of one link [B/s].
    single_flow_rate : array_like
        What one flow can use [B/s].

    Returns
    -------
    array_like
        Rate [B/s].

    Examples
    --------
    >>> float(best_bond_rate(2, 1, 125e6, 125e6)), float(best_bond_rate(2, 3, 125e6, 125e6))
    (125000000.0, 250000000.0)
    """
    return np.maximum(np.minimum(bond_links, bond_flows) * link_speed, single_flow_rate)


def bond_rate(link_speeds: BytePerSecond) -> Array:
    """Line rate of the members of a bond together.

    Parameters
    ----------
    link_speeds : array_like, shape (links, ...)
        Line rate of each member [B/s].

    Returns
    -------
    float or ndarray
        Their sum [B/s].

    Raises
    ------
    ValueError
        If the members differ in speed, or one has none: they cannot form a bond.

    References
    ----------
    IEEE 802.1AX: the links of an aggregation have one data rate.

    Examples
    --------
    >>> bond_rate([125e6, 125e6])
    250000000.0
    """
    speeds = positive(link_speeds, "link_speeds")
    differing = np.ptp(speeds, axis=0) > 0.0
    if np.any(differing):
        raise ValueError(
            "the links of a bond must be equally fast, got "
            + ", ".join(f"{speed:g}" for speed in np.unique(speeds))
            + " B/s"
        )
    return plain(np.sum(speeds, axis=0))
