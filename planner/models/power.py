"""Power of a whole design: at rest, at the workload's load, and at most.

Equipment (nodes, switches, arrays) comes in groups of equal items (axis 0).
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import BtuPerHour, Node, Number, Vm, VoltAmpere, Watt
from planner.models.load_curves import curve_power

BTU_PER_HOUR_IN_A_WATT = 3.412141633


def idle_power(equipment_count: Node, equipment_idle_power: Watt) -> Watt:
    """Power of the design when nothing runs.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_idle_power : array_like, shape (groups, ...)
        Power of one item at rest [W].

    Returns
    -------
    array_like
        Power [W].

    Examples
    --------
    >>> float(idle_power(np.array([16.0, 1.0]), np.array([10.0, 40.0])))
    200.0
    """
    return np.sum(equipment_count * equipment_idle_power, axis=0)


def equipment_utilisation(
    runs_vms: Number, compute_utilisation: Number = 0.0, stated_utilisation: Number = 0.0
) -> Number:
    """Mean load of each group: from the VMs where it runs them, as stated elsewhere.

    Parameters
    ----------
    runs_vms : array_like, shape (groups, ...)
        1 where the group runs VMs [1].
    compute_utilisation : array_like
        Mean load that the VMs cause [1].
    stated_utilisation : array_like, shape (groups, ...)
        Mean load of the other groups [1].

    Returns
    -------
    array_like, shape (groups, ...)
        Load, 0 .. 1 [1].

    Examples
    --------
    >>> equipment_utilisation(np.array([1.0, 0.0]), 0.3, np.array([0.0, 0.1]))
    array([0.3, 0.1])
    """
    return np.where(np.asarray(runs_vms) > 0, compute_utilisation, stated_utilisation)


def equipment_mean_power(equipment_load_curve: Watt, equipment_utilisation: Number) -> Watt:
    """Power of one item of each group at its mean load.

    Parameters
    ----------
    equipment_load_curve : array_like, shape (11, groups, ...)
        Power at 0, 10, .. 100 % load [W].
    equipment_utilisation : array_like, shape (groups, ...)
        Mean load [1].

    Returns
    -------
    array_like, shape (groups, ...)
        Power [W].

    Notes
    -----
    The curve is read at the mean load. Where it is not a straight line, a load that varies gives
    another mean; the difference is a few per cent for the curves of real servers.

    Examples
    --------
    >>> equipment_mean_power(np.linspace(10, 30, 11)[:, None], np.array([0.25]))
    array([15.])
    """
    return curve_power(equipment_load_curve, equipment_utilisation)


def mean_power(equipment_count: Node, equipment_mean_power: Watt) -> Watt:
    """Power of the design at the workload's mean load.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_mean_power : array_like, shape (groups, ...)
        Power of one item at its mean load [W].

    Returns
    -------
    array_like
        Power [W].

    Examples
    --------
    >>> float(mean_power(np.array([16.0, 1.0]), np.array([15.0, 40.0])))
    280.0
    """
    return np.sum(equipment_count * equipment_mean_power, axis=0)


def peak_power(equipment_count: Node, equipment_peak_power: Watt) -> Watt:
    """Power of the design with everything under full load at once, as circuits must carry it.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_peak_power : array_like, shape (groups, ...)
        Power of one item under full load [W].

    Returns
    -------
    array_like
        Power [W].

    Examples
    --------
    Five old servers of 300 W.

    >>> float(peak_power(np.array([5.0]), np.array([300.0])))
    1500.0
    """
    return np.sum(equipment_count * equipment_peak_power, axis=0)


def nameplate_share(
    equipment_count: Node, equipment_nameplate_power: Watt, peak_power: Watt
) -> Number:
    """Part of the peak that rests on ratings, which are above what is ever drawn.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_nameplate_power : array_like, shape (groups, ...)
        What of the peak of one item rests on ratings [W].
    peak_power : array_like
        Power of the design under full load [W].

    Returns
    -------
    array_like
        Share [1]; 0 where nothing is drawn.

    Examples
    --------
    >>> float(nameplate_share(np.array([1.0]), np.array([60.0]), 600.0))
    0.1
    """
    rated = np.sum(equipment_count * equipment_nameplate_power, axis=0)
    peak = np.asarray(peak_power, dtype=float)
    return np.where(peak == 0.0, 0.0, rated / np.where(peak == 0.0, 1.0, peak))


def peak_apparent_power(
    equipment_count: Node, equipment_peak_power: Watt, equipment_power_factor: Number
) -> VoltAmpere:
    """Apparent power of the design at its peak, which is what a circuit is rated in.

    Parameters
    ----------
    equipment_count : array_like, shape (groups, ...)
        Items of each group [node].
    equipment_peak_power : array_like, shape (groups, ...)
        Power of one item under full load [W].
    equipment_power_factor : array_like, shape (groups, ...)
        Power factor of its supply [1].

    Returns
    -------
    array_like
        Apparent power [VA]; an upper bound, since currents of different phase partly cancel.

    Notes
    -----
    S = sum(n P / PF).

    Examples
    --------
    >>> float(peak_apparent_power(np.array([2.0]), np.array([30.0]), np.array([0.6])))
    100.0
    """
    return np.sum(equipment_count * equipment_peak_power / equipment_power_factor, axis=0)


def heat_power(peak_power: Watt, ups_peak_loss: Watt = 0.0) -> Watt:
    """Heat that cooling must be able to remove: all of the peak power.

    Parameters
    ----------
    peak_power : array_like
        Electrical power of the equipment at the peak [W].
    ups_peak_loss : array_like
        Loss of a UPS in the same room [W].

    Returns
    -------
    array_like
        Heat [W].

    Examples
    --------
    >>> heat_power(1500.0, 115.0)
    1615.0
    """
    return peak_power + ups_peak_loss


def heat(peak_power: Watt, ups_peak_loss: Watt = 0.0) -> BtuPerHour:
    """Heat that cooling must be able to remove, in the unit that cooling is sold by.

    Parameters
    ----------
    peak_power : array_like
        Electrical power of the equipment at the peak [W].
    ups_peak_loss : array_like
        Loss of a UPS in the same room [W].

    Returns
    -------
    array_like
        Heat [BTU/h], international table BTU.

    Examples
    --------
    >>> round(float(heat(1500.0)), 1)
    5118.2
    """
    return (peak_power + ups_peak_loss) * BTU_PER_HOUR_IN_A_WATT


def power_per_vm(mean_power: Watt, placed_vms: Vm) -> Watt:
    """Power for each VM that runs, everything included.

    Parameters
    ----------
    mean_power : array_like
        Power of the design at the workload's mean load [W].
    placed_vms : array_like
        VMs that run [vm].

    Returns
    -------
    array_like
        Power of one VM [W]; not defined without VMs.

    Examples
    --------
    >>> power_per_vm(480.0, 96.0)
    5.0
    """
    return mean_power / placed_vms


def marginal_power_per_vm(mean_power: Watt, idle_power: Watt, placed_vms: Vm) -> Watt:
    """Power that each VM adds to a design that runs anyway.

    Parameters
    ----------
    mean_power : array_like
        Power of the design at the workload's mean load [W].
    idle_power : array_like
        Power of the design when nothing runs [W].
    placed_vms : array_like
        VMs that run [vm].

    Returns
    -------
    array_like
        Power of one VM [W]; not defined without VMs.

    Examples
    --------
    Six VMs that take a node from 10 to 30 W, which is 5 W a VM with everything included:

    >>> round(marginal_power_per_vm(30.0, 10.0, 6.0), 2)
    3.33
    """
    return (mean_power - idle_power) / placed_vms


def idle_energy_share(idle_power: Watt, mean_power: Watt) -> Number:
    """Share of the energy that would be drawn if nothing ran.

    Parameters
    ----------
    idle_power : array_like
        Power of the design when nothing runs [W].
    mean_power : array_like
        Power of the design at the workload's mean load [W].

    Returns
    -------
    array_like
        Share [1].

    Examples
    --------
    >>> idle_energy_share(10.0, 16.0)
    0.625
    """
    return idle_power / mean_power
