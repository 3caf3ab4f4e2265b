"""What switching hosts off at night would save; the design's energy is counted without it."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import (
    Hour,
    KilowattHour,
    Money,
    MoneyPerKilowattHour,
    Node,
    Number,
    Watt,
)
from planner.models.load_curves import curve_power


def consolidated_load(
    equipment_count: Node, equipment_utilisation: Number, nodes_off: Node
) -> Number:
    """Load of the most loaded group when some of its items are off; above 1 they cannot serve.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_utilisation : array_like, shape (groups, ...)
        Mean load of each group with all items on [1].
    nodes_off : array_like, shape (groups, ...)
        Items that are switched off [node].

    Returns
    -------
    array_like
        Load [1].

    Notes
    -----
    The greatest u n/(n - k). The VMs' memory must fit on the remaining hosts too.

    Examples
    --------
    >>> float(consolidated_load(np.array([16.0]), np.array([0.2]), np.array([8.0])))
    0.4
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        load = equipment_utilisation * (equipment_count / _left(equipment_count, nodes_off))
    return np.max(np.where(np.asarray(nodes_off) == 0, 0.0, load), axis=0)


def consolidation_saving(
    equipment_count: Node,
    equipment_load_curve: Watt,
    equipment_utilisation: Number,
    nodes_off: Node,
    hours_off: Hour,
    nights_per_year: Number = 365.0,
) -> KilowattHour:
    """Energy that switching items off every night saves in a year.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_load_curve : array_like, shape (11, groups, ...)
        Power of one item at 0, 10, .. 100 % load [W].
    equipment_utilisation : array_like, shape (groups, ...)
        Mean load of each group [1].
    nodes_off : array_like, shape (groups, ...)
        Items that are switched off [node].
    hours_off : array_like, shape (groups, ...)
        Hours of a night in which they are off [h].
    nights_per_year : array_like
        Nights [1].

    Returns
    -------
    array_like
        Energy of the equipment [kWh].

    Notes
    -----
    sum((n P(u) - (n - k) P(u n/(n - k))) h) N / 1000: the load moves to the items that stay on.
    With power linear in the load this is k times the power at rest. At night the load is taken
    as its mean over the day, which is more than it is.

    Examples
    --------
    Eight of sixteen nodes off for eight hours: each saves its 10 W at rest.

    >>> curve = np.linspace(10.0, 30.0, 11)[:, None]
    >>> off = np.array([8.0])
    >>> float(consolidation_saving(np.array([16.0]), curve, np.array([0.2]), off, off))
    233.6
    """
    left = _left(equipment_count, nodes_off)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = equipment_utilisation * (equipment_count / left)
    before = equipment_count * curve_power(equipment_load_curve, equipment_utilisation)
    after = left * curve_power(equipment_load_curve, moved)
    saved = np.where(np.asarray(nodes_off) == 0, 0.0, (before - after) * hours_off)
    return np.sum(saved, axis=0) * nights_per_year / 1000.0


def _left(count: Node, off: Node) -> Node:
    """Items that stay on."""
    return np.maximum(np.asarray(count, dtype=float) - off, 0.0)


def consolidation_cost_saving(
    consolidation_saving: KilowattHour,
    annual_energy: KilowattHour,
    facility_energy: KilowattHour,
    electricity_price: MoneyPerKilowattHour,
) -> Money:
    """Money that switching items off every night saves in a year.

    Parameters
    ----------
    consolidation_saving : array_like
        Energy of the equipment that is saved [kWh].
    annual_energy, facility_energy : array_like
        Energy of the equipment, and at the meter of the site, in a year [kWh].
    electricity_price : array_like
        Price of a kilowatt-hour [money/kWh].

    Returns
    -------
    array_like
        Money [money].

    Examples
    --------
    >>> consolidation_cost_saving(200.0, 1000.0, 1500.0, 0.25)
    75.0
    """
    return consolidation_saving * (facility_energy / annual_energy) * electricity_price
