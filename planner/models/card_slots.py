"""Whether the cards of a machine find their slots, and what these carry.

A spare amount below zero tells that the machine cannot be built so.
"""

from __future__ import annotations

import numpy as np

from planner.models.arguments import amount
from planner.models.dimensions import BytePerSecond, Part


def lane_rate(generation: float) -> float:
    """Payload of one PCIe lane in each direction, after its line code.

    Parameters
    ----------
    generation : float
        PCIe generation of the older of card and slot, 1 to 5; 2.1 counts as 2 [1].

    Returns
    -------
    float
        Rate [B/s].

    Raises
    ------
    ValueError
        If the generation is not 1 to 5.

    Notes
    -----
    2.5 and 5 GT/s with the 8b/10b code give 250 and 500 MB/s; from generation 3 on 8, 16 and
    32 GT/s with 128 of 130 bits. Packet headers take some more and are not counted.

    References
    ----------
    PCI-SIG, PCI Express Base Specification, line rates and codes of the generations.

    Examples
    --------
    >>> round(lane_rate(2.1) / 1e6), round(lane_rate(3.0) / 1e6)
    (500, 985)
    """
    whole = int(generation)
    if not 1 <= whole <= 5:
        raise ValueError(f"generation must be 1 to 5, got {generation}")
    return 125e6 * 2.0**whole if whole < 3 else 1e9 * 2.0 ** (whole - 3) * 128.0 / 130.0


def card_slots_needed(card_count: Part) -> Part:
    """Slots that the cards of one machine take.

    Parameters
    ----------
    card_count : array_like, shape (parts, ...)
        How many of each card [part].

    Returns
    -------
    array_like
        Slots [part].

    Examples
    --------
    >>> float(card_slots_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(card_count, "card_count"), axis=0)


def spare_card_slots(seated_cards: Part, card_slots_needed: Part) -> Part:
    """Cards seated beyond those that there are; below zero, cards that fit in no slot.

    Parameters
    ----------
    seated_cards : array_like
        Most cards that fit into slots at the same time [part].
    card_slots_needed : array_like
        Cards [part].

    Returns
    -------
    array_like
        What is left [part].

    Examples
    --------
    >>> spare_card_slots(4.0, 24.0)
    -20.0
    """
    return seated_cards - card_slots_needed


def pcie_lanes_needed(slot_lanes: Part) -> Part:
    """PCIe lanes that the cards of one machine use where they sit.

    Parameters
    ----------
    slot_lanes : array_like, shape (parts, ...)
        Lanes that each card uses [part].

    Returns
    -------
    array_like
        Lanes [part].

    Examples
    --------
    >>> float(pcie_lanes_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(slot_lanes, "slot_lanes"), axis=0)


def card_slot_rate(lane_rate: BytePerSecond, slot_lanes: Part) -> BytePerSecond:
    """What the slot of each card carries in each direction.

    Parameters
    ----------
    lane_rate : array_like, shape (parts, ...)
        Payload of a lane of the older of card and slot [B/s].
    slot_lanes : array_like, shape (parts, ...)
        Lanes that card and slot both have [part].

    Returns
    -------
    array_like, shape (parts, ...)
        Rate [B/s].

    Examples
    --------
    >>> float(card_slot_rate(500e6, 4.0))
    2000000000.0
    """
    return lane_rate * slot_lanes


def spare_slot_rate(card_slot_rate: BytePerSecond, card_port_rate: BytePerSecond) -> BytePerSecond:
    """What the slot of the tightest card carries beyond all of its ports; negative if less.

    Parameters
    ----------
    card_slot_rate, card_port_rate : array_like, shape (parts, ...)
        What the slot of each card carries, and all ports of the card together [B/s].

    Returns
    -------
    array_like
        The least of the differences [B/s].

    Examples
    --------
    >>> float(spare_slot_rate(np.array([2e9, 5e8]), np.array([2.5e9, 1.25e8])))
    -500000000.0
    """
    return np.min(card_slot_rate - card_port_rate, axis=0)
