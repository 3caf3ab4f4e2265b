"""Payload of the links between drives, controllers and processors."""

from __future__ import annotations

import numpy as np

from planner.models.arguments import positive
from planner.models.combinatorics import plain
from planner.models.dimensions import Array

_EIGHT_OF_TEN, _128_OF_130 = 0.8, 128.0 / 130.0


def serial_payload(line_rate: Array) -> Array:
    """Payload of a SATA or SAS link with 8b/10b coding.

    Parameters
    ----------
    line_rate : array_like
        Line rate [bit/s]: 1.5, 3 or 6 Gbit/s, or SAS at 12 Gbit/s.

    Returns
    -------
    float or ndarray
        Payload [B/s].

    Raises
    ------
    ValueError
        If the rate is not positive.

    References
    ----------
    Serial ATA International Organization, Serial ATA revision 3.0.

    Examples
    --------
    >>> serial_payload([1.5e9, 3e9, 6e9]).tolist()
    [150000000.0, 300000000.0, 600000000.0]
    """
    return plain(positive(line_rate, "line_rate") * _EIGHT_OF_TEN / 8.0)


def lane_payload(lane_rate: Array, lanes: Array = 1.0) -> Array:
    """Payload of PCIe lanes per direction, before packet headers.

    Parameters
    ----------
    lane_rate : array_like
        Transfers of one lane: 2.5e9 and 5e9 with 8b/10b coding, 8e9 and more with 128b/130b [1/s].
    lanes : array_like
        Lanes [1].

    Returns
    -------
    float or ndarray
        Payload [B/s].

    Raises
    ------
    ValueError
        If a number is not positive.

    References
    ----------
    PCI-SIG, PCI Express Base Specification, revisions 2.0 and 3.0.

    Examples
    --------
    >>> lane_payload(5e9), round(lane_payload(8e9) / 1e6)
    (500000000.0, 985)
    """
    rate = positive(lane_rate, "lane_rate")
    coded = np.where(rate > 5e9, _128_OF_130, _EIGHT_OF_TEN)
    return plain(rate * coded / 8.0 * positive(lanes, "lanes"))


def tcp_payload_share(frame_payload: Array) -> Array:
    """Part of an Ethernet link's line rate that TCP with timestamps delivers.

    Parameters
    ----------
    frame_payload : array_like
        Largest payload of a frame, the MTU [B].

    Returns
    -------
    float or ndarray
        Share [1]: 52 bytes of headers go off the payload, 38 bytes of framing come on top.

    Raises
    ------
    ValueError
        If the payload is not positive.

    Examples
    --------
    >>> tcp_payload_share([1500, 9000]).round(4).tolist()
    [0.9415, 0.99]
    """
    frame = positive(frame_payload, "frame_payload")
    return plain(np.maximum(frame - 52.0, 0.0) / (frame + 38.0))
