"""Whether a machine can be built: processors, memory and supply against board and machine.

A spare amount below zero tells that the machine cannot be built so.
"""

from __future__ import annotations

import numpy as np

from planner.models.arguments import amount
from planner.models.dimensions import Byte, Number, Part, Watt


def processor_sockets_needed(processor_count: Part) -> Part:
    """Sockets that the processors of one machine take.

    Parameters
    ----------
    processor_count : array_like, shape (parts, ...)
        How many of each processor [part].

    Returns
    -------
    array_like
        Sockets [part].

    Examples
    --------
    >>> float(processor_sockets_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(processor_count, "processor_count"), axis=0)


def spare_processor_sockets(processor_sockets: Part, processor_sockets_needed: Part) -> Part:
    """Sockets left; negative where they do not suffice.

    Parameters
    ----------
    processor_sockets : array_like
        Sockets of the board [part].
    processor_sockets_needed : array_like
        Sockets that processors take [part].

    Returns
    -------
    array_like
        What is left [part].

    Examples
    --------
    >>> spare_processor_sockets(4.0, 24.0)
    -20.0
    """
    return processor_sockets - processor_sockets_needed


def spare_processor_power(board_processor_power: Watt, processor_power: Watt) -> Watt:
    """Power that the board could give its processor beyond what that takes; negative if short.

    Parameters
    ----------
    board_processor_power : array_like
        Most that the board can supply to a processor [W].
    processor_power : array_like
        Thermal design power of the processor [W].

    Returns
    -------
    array_like
        What is left [W].

    Examples
    --------
    >>> spare_processor_power(4.0, 24.0)
    -20.0
    """
    return board_processor_power - processor_power


def memory_slots_needed(slotted_module_count: Part) -> Part:
    """Slots that the memory modules of one machine take.

    Parameters
    ----------
    slotted_module_count : array_like, shape (parts, ...)
        How many of each module, those that a machine is sold with among them [part].

    Returns
    -------
    array_like
        Slots [part].

    Examples
    --------
    >>> float(memory_slots_needed(np.array([2.0, 1.0])))
    3.0
    """
    return np.sum(amount(slotted_module_count, "slotted_module_count"), axis=0)


def spare_memory_slots(memory_slots: Part, memory_slots_needed: Part) -> Part:
    """Memory slots left; negative where they do not suffice.

    Parameters
    ----------
    memory_slots : array_like
        Slots of the board or machine [part].
    memory_slots_needed : array_like
        Slots that modules take [part].

    Returns
    -------
    array_like
        What is left [part].

    Examples
    --------
    >>> spare_memory_slots(4.0, 24.0)
    -20.0
    """
    return memory_slots - memory_slots_needed


def memory_limit(
    board_bound_memory_limit: Byte, processor_bound_memory_limit: Byte = np.inf
) -> Byte:
    """Most memory that one machine can address: the least of what its parts can.

    Parameters
    ----------
    board_bound_memory_limit : array_like
        Most memory of the board or machine [B].
    processor_bound_memory_limit : array_like
        Most memory of all its processors together; no limit where a machine is sold whole [B].

    Returns
    -------
    array_like
        Limit [B]; unknown (NaN) where that of one part is, which might be the lower.

    Examples
    --------
    >>> float(memory_limit(16e9, 32e9)), float(memory_limit(np.nan, 32e9))
    (16000000000.0, nan)
    """
    return np.minimum(board_bound_memory_limit, processor_bound_memory_limit)


def known_memory_limit(
    board_bound_memory_limit: Byte, processor_bound_memory_limit: Byte = np.inf
) -> Byte:
    """Most memory that one machine can address by what is known of its parts.

    Parameters
    ----------
    board_bound_memory_limit : array_like
        Most memory of the board or machine [B].
    processor_bound_memory_limit : array_like
        Most memory of all its processors together; no limit where a machine is sold whole [B].

    Returns
    -------
    array_like
        The least limit of those that are known [B]; the machine's own is no higher.

    Examples
    --------
    >>> float(known_memory_limit(16e9, 32e9)), float(known_memory_limit(np.nan, 32e9))
    (16000000000.0, 32000000000.0)
    """
    return np.fmin(board_bound_memory_limit, processor_bound_memory_limit)


def spare_memory(memory_limit: Byte, known_memory_limit: Byte, node_memory: Byte) -> Byte:
    """Memory that could still be added; negative where a limit is exceeded.

    Parameters
    ----------
    memory_limit : array_like
        Most memory that the machine can address [B]; unknown where that of one part is.
    known_memory_limit : array_like
        The least limit of those that are known [B].
    node_memory : array_like
        Memory of the machine [B].

    Returns
    -------
    array_like
        What is left [B]; unknown where a limit is and no other is exceeded.

    Examples
    --------
    >>> float(spare_memory(4.0, 4.0, 24.0)), float(spare_memory(np.nan, 4.0, 24.0))
    (-20.0, -20.0)
    >>> float(spare_memory(np.nan, 32.0, 24.0))
    nan
    """
    known = np.asarray(known_memory_limit) - node_memory
    return np.where(known < 0.0, known, memory_limit - node_memory)


def supply_load(node_peak_power: Watt, supply_rating: Watt) -> Number:
    """Peak draw of one machine over the rating of its supply.

    Parameters
    ----------
    node_peak_power : array_like
        Peak draw at the wall, which is more than the supply gives out [W].
    supply_rating : array_like
        Rating of the supply; of one where several are redundant [W].

    Returns
    -------
    array_like
        Load [1].

    Examples
    --------
    >>> supply_load(175.0, 350.0)
    0.5
    """
    return node_peak_power / supply_rating


def supply_headroom(
    supply_rating: Watt, node_peak_power: Watt, supply_efficiency: Number = 1.0
) -> Watt:
    """Rating of the supply beyond what it must give out at peak; negative where it is too small.

    Parameters
    ----------
    supply_rating : array_like
        Rating of the supply; of one where several are redundant [W].
    node_peak_power : array_like
        Peak draw at the wall [W].
    supply_efficiency : array_like
        Share of the draw that the supply gives out, 1 where it is unknown, which is cautious [1].

    Returns
    -------
    array_like
        Headroom [W].

    Examples
    --------
    >>> supply_headroom(90.0, 100.0, 0.88)
    2.0
    """
    return supply_rating - node_peak_power * supply_efficiency


def misfitting_parts(
    boardless_parts: Part = 0.0,
    socket_misfits: Part = 0.0,
    memory_misfits: Part = 0.0,
    drive_interface_misfits: Part = 0.0,
    case_misfits: Part = 0.0,
    supply_misfits: Part = 0.0,
) -> Part:
    """Parts of one machine that do not fit it, whatever their number.

    Parameters
    ----------
    boardless_parts : array_like
        Processors and modules without a board [part].
    socket_misfits : array_like
        Processors of another socket [part].
    memory_misfits : array_like
        Memory modules of another kind [part].
    drive_interface_misfits : array_like
        Drives that nothing connects [part].
    case_misfits : array_like
        Boards that are too large for the case [part].
    supply_misfits : array_like
        Supplies that cannot feed the board [part].

    Returns
    -------
    array_like
        Parts [part].

    Examples
    --------
    >>> misfitting_parts(0.0, 1.0, 2.0)
    3.0
    """
    wrong = boardless_parts + socket_misfits + memory_misfits
    return wrong + drive_interface_misfits + case_misfits + supply_misfits
