"""Power of a small machine that nobody measured, from its parts and the stage of its supply."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Number, Part, Watt
from planner.models.supply import supply_loss


def idle_output_power(board_power: Watt, fed_part_count: Part, fed_part_idle_power: Watt) -> Watt:
    """What the parts draw from the output of the supply at rest.

    Parameters
    ----------
    board_power : array_like
        Board with its idle processor [W].
    fed_part_count : array_like, shape (parts, ...)
        Modules, drives and cards [part].
    fed_part_idle_power : array_like, shape (parts, ...)
        Power of one of them at rest [W].

    Returns
    -------
    array_like
        Power at the output of the supply [W].

    Examples
    --------
    >>> float(idle_output_power(6.0, np.array([2.0, 1.0]), np.array([1.0, 0.6])))
    8.6
    """
    return board_power + np.sum(fed_part_count * fed_part_idle_power, axis=0)


def peak_output_power(
    board_power: Watt,
    cpu_rise: Number,
    cpu_chips: Part,
    cpu_tdp: Watt,
    fed_part_count: Part,
    fed_part_peak_power: Watt,
) -> Watt:
    """What the parts draw from the output of the supply under full load.

    Parameters
    ----------
    board_power : array_like
        Board with its idle processor [W].
    cpu_rise : array_like
        Rise of a processor from rest to full load, as a share of its TDP [1].
    cpu_chips : array_like
        Processors [part].
    cpu_tdp : array_like
        Thermal design power of one [W].
    fed_part_count : array_like, shape (parts, ...)
        Modules, drives and cards [part].
    fed_part_peak_power : array_like, shape (parts, ...)
        Power of one of them under load [W].

    Returns
    -------
    array_like
        Power at the output of the supply [W].

    Examples
    --------
    >>> float(peak_output_power(6.0, 0.5, 1.0, 35.0, np.array([2.0]), np.array([2.5])))
    28.5
    """
    processors = cpu_rise * cpu_chips * cpu_tdp
    return board_power + processors + np.sum(fed_part_count * fed_part_peak_power, axis=0)


def estimated_idle_power(
    idle_output_power: Watt,
    supply_rating: Watt,
    no_load_loss: Number,
    proportional_loss: Number,
    square_loss: Number = 0.0,
) -> Watt:
    """Power at the wall at rest: what the parts draw, and the loss of the supply.

    Parameters
    ----------
    idle_output_power : array_like
        Power at the output of the supply [W].
    supply_rating : array_like
        Its rating [W].
    no_load_loss : array_like
        Loss at no load, as a share of the rating [1].
    proportional_loss : array_like
        Loss in proportion to the output [1].
    square_loss : array_like
        Loss in proportion to the square of the output, at full load, over the rating [1].

    Returns
    -------
    array_like
        Power at the wall [W].

    Notes
    -----
    P + R (a + b x + c x^2), x = P/R. Certified efficiencies bound the loss from 10 or 20 % of the
    rating up; below that they exaggerate it.

    Examples
    --------
    >>> round(float(estimated_idle_power(8.6, 90.0, 0.5 / 90.0, 0.138)), 2)
    10.29
    """
    loss = supply_loss(
        idle_output_power, supply_rating, no_load_loss, proportional_loss, square_loss
    )
    return idle_output_power + loss


def estimated_peak_power(
    peak_output_power: Watt,
    supply_rating: Watt,
    no_load_loss: Number,
    proportional_loss: Number,
    square_loss: Number = 0.0,
) -> Watt:
    """Power at the wall under full load: what the parts draw, and the loss of the supply.

    Parameters
    ----------
    peak_output_power : array_like
        Power at the output of the supply [W].
    supply_rating : array_like
        Its rating [W].
    no_load_loss : array_like
        Loss at no load, as a share of the rating [1].
    proportional_loss : array_like
        Loss in proportion to the output [1].
    square_loss : array_like
        Loss in proportion to the square of the output, at full load, over the rating [1].

    Returns
    -------
    array_like
        Power at the wall [W].

    Notes
    -----
    P + R (a + b x + c x^2), x = P/R, as for `estimated_idle_power`.

    Examples
    --------
    >>> round(float(estimated_peak_power(30.0, 90.0, 0.5 / 90.0, 0.138)), 2)
    34.64
    """
    loss = supply_loss(
        peak_output_power, supply_rating, no_load_loss, proportional_loss, square_loss
    )
    return peak_output_power + loss
