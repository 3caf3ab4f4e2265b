"""Which link of a bond the Linux kernel sends a frame on.

Each direction is hashed by its sender: a host's policy covers what the host sends, the switch's
own policy what it receives.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from planner.models.arguments import Values
from planner.models.combinatorics import whole

Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

IPV4 = 0x0800


def layer2_link(source_mac: Any, destination_mac: Any, links: Any, packet_type: Any = IPV4) -> Any:
    """Link by the hardware addresses: one link for each peer.

    Parameters
    ----------
    source_mac, destination_mac : array_like of int
        Hardware addresses, of which the last byte counts.
    links : array_like of int
        Links of the bond.
    packet_type : array_like of int
        Type of the Ethernet frame.

    Returns
    -------
    ndarray of int
        Number of the link, from 0.

    Raises
    ------
    ValueError
        If there is no link, or a number has a fraction or is negative.

    Notes
    -----
    (source ^ destination ^ packet type) modulo the links. With two links and one packet type the
    peers whose last bytes have the same parity share a link.

    References
    ----------
    torvalds/linux Documentation/networking/bonding.txt @04421fe2671c, xmit_hash_policy.

    Examples
    --------
    >>> layer2_link(0x10, [0x21, 0x22, 0x23, 0x24], 2).tolist()
    [1, 0, 1, 0]
    """
    return _layer2(source_mac, destination_mac, packet_type) % _count(links)


def layer23_link(
    source_mac: Any,
    destination_mac: Any,
    source_ip: Any,
    destination_ip: Any,
    links: Any,
    packet_type: Any = IPV4,
) -> Any:
    """Link by hardware and network addresses: one link for each peer of a subnet.

    Parameters
    ----------
    source_mac, destination_mac : array_like of int
        Hardware addresses, of which the last byte counts.
    source_ip, destination_ip : array_like of int
        IPv4 addresses as numbers.
    links : array_like of int
        Links of the bond.
    packet_type : array_like of int
        Type of the Ethernet frame.

    Returns
    -------
    ndarray of int
        Number of the link, from 0.

    Raises
    ------
    ValueError
        If there is no link, or a number has a fraction or is negative.

    References
    ----------
    torvalds/linux Documentation/networking/bonding.txt @04421fe2671c, xmit_hash_policy.

    Examples
    --------
    >>> layer23_link(0x10, 0x21, 0x0A000001, [0x0A000002, 0x0A000003], 2).tolist()
    [0, 1]
    """
    mixed = _layer2(source_mac, destination_mac, packet_type)
    mixed = mixed ^ _number(source_ip, "source_ip") ^ _number(destination_ip, "destination_ip")
    return _folded(mixed) % _count(links)


def layer34_link(
    source_ip: Any,
    destination_ip: Any,
    source_port: Any,
    destination_port: Any,
    links: Any,
    *,
    drops_last_bit: bool = True,
) -> Any:
    """Link by network addresses and ports: one link for each connection.

    Parameters
    ----------
    source_ip, destination_ip : array_like of int
        IPv4 addresses as numbers.
    source_port, destination_port : array_like of int
        Ports of the connection.
    links : array_like of int
        Links of the bond.
    drops_last_bit : bool
        Whether the kernel is of 2017 or later, which drops the lowest bit of the hash.

    Returns
    -------
    ndarray of int
        Number of the link, from 0.

    Raises
    ------
    ValueError
        If there is no link, or a number has a fraction or is negative.

    Notes
    -----
    The ports stand side by side as they do in the packet, the destination's in the lower half; the
    byte order of the machine makes no difference to 2, 4, .. 128 links. Older kernels put all
    connections from even source ports (of one block of 256) to one peer on one link of two.

    References
    ----------
    torvalds/linux Documentation/networking/bonding.txt @04421fe2671c, xmit_hash_policy; commits
    b5f8621 and 49aefd131739 of 2017.

    Examples
    --------
    Four even source ports to one port of one server.

    >>> given = (0x0A000001, 0x0A000002, [40000, 40002, 40004, 40006], 6800, 2)
    >>> layer34_link(*given, drops_last_bit=False).tolist()
    [1, 1, 1, 1]
    >>> layer34_link(*given).tolist()
    [0, 1, 0, 1]
    """
    ports = _number(source_port, "source_port") << 16 | _number(
        destination_port, "destination_port"
    )
    mixed = ports ^ _number(source_ip, "source_ip") ^ _number(destination_ip, "destination_ip")
    folded = _folded(mixed)
    return (folded >> 1 if drops_last_bit else folded) % _count(links)


def _layer2(source: Any, destination: Any, packet_type: Any) -> Numbers:
    last = _number(source, "source_mac") ^ _number(destination, "destination_mac")
    return (last & 0xFF) ^ _number(packet_type, "packet_type")


def _folded(mixed: Numbers) -> Numbers:
    mixed = mixed ^ (mixed >> 16)
    return mixed ^ (mixed >> 8)


def _number(values: Any, name: str) -> Numbers:
    found: Values = whole(values, name)
    return found.astype(np.int64)


def _count(links: Any) -> Numbers:
    return whole(links, "links", 1).astype(np.int64)
