"""From the machine to the grid: supplies, UPS, cooling, energy and emissions.

Losses are written in terms of the rating of the device, so that one set of terms describes a
family of devices. Power behind one meter is never corrected for what that meter already saw:
a reading at the wall includes the supply.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from planner.models.dimensions import Array, Hour, KilowattHour, Number, Watt

EIGHTY_PLUS_LOADS = (0.1, 0.2, 0.5, 1.0)
"""Loads of a supply at which 80 PLUS certifies [1]."""

_NONE = float("nan")

EIGHTY_PLUS: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "115V internal": {
        "white": (_NONE, 0.8, 0.8, 0.8),
        "bronze": (_NONE, 0.82, 0.85, 0.82),
        "silver": (_NONE, 0.85, 0.88, 0.85),
        "gold": (_NONE, 0.87, 0.9, 0.87),
        "platinum": (_NONE, 0.9, 0.92, 0.89),
        "titanium": (0.9, 0.92, 0.94, 0.9),
    },
    "230V redundant": {
        "bronze": (_NONE, 0.81, 0.85, 0.81),
        "silver": (_NONE, 0.85, 0.89, 0.85),
        "gold": (_NONE, 0.88, 0.92, 0.88),
        "platinum": (_NONE, 0.9, 0.94, 0.91),
        "titanium": (0.9, 0.94, 0.96, 0.91),
    },
    "230V EU internal": {
        "white": (_NONE, 0.82, 0.85, 0.82),
        "bronze": (_NONE, 0.85, 0.88, 0.85),
        "silver": (_NONE, 0.87, 0.9, 0.87),
        "gold": (_NONE, 0.9, 0.92, 0.89),
        "platinum": (_NONE, 0.92, 0.94, 0.9),
        "titanium": (0.9, 0.94, 0.96, 0.94),
    },
}
"""Least efficiency [1] at the loads above, by class and badge; NaN where nothing is certified."""

_WATTS_IN_A_TON = 3516.8528420667
_CFM_PER_WATT_DEGF = 3.412 / 1.085
_KELVIN_IN_DEGF = 1.8
_EPS_LARGEST = 49.0


def supply_loss(
    output_power: Watt,
    rated_power: Watt,
    no_load_loss: Number,
    proportional_loss: Number,
    square_loss: Number,
    units: Number = 1.0,
) -> Array:
    """Loss of power supplies or UPS units that share a load equally.

    Parameters
    ----------
    output_power : array_like
        Power that the units deliver together [W].
    rated_power : array_like
        Rating of one unit [W].
    no_load_loss : array_like
        Loss at no load, as a share of the rating [1].
    proportional_loss : array_like
        Loss in proportion to the output [1].
    square_loss : array_like
        Loss in proportion to the square of the output, at full load, as a share of the rating [1].
    units : array_like
        Units that share the load [1]; a redundant pair pays the loss at no load twice.

    Returns
    -------
    array_like
        Loss of all units [W].

    Raises
    ------
    ValueError
        If the output is negative or the rating is not positive.

    Notes
    -----
    ``loss = n R (a + b x + c x^2)`` with ``x = P / (n R)``. Valid up to the rating. Terms through
    certified efficiencies hold from the least certified load up only: below, they are a bound
    that real supplies stay far under.

    References
    ----------
    Schneider Electric, white paper 108, "Making Large UPS Systems More Efficient": no-load,
    proportional and square-law loss.

    Examples
    --------
    >>> float(supply_loss(100.0, 200.0, 0.02, 0.04, 0.04))
    10.0
    >>> float(supply_loss(100.0, 200.0, 0.02, 0.04, 0.04, units=2))
    13.0
    """
    if np.any(np.asarray(output_power) < 0) or np.any(np.asarray(rated_power) <= 0):
        raise ValueError(
            f"output_power must be zero or more and rated_power positive, got {output_power} and "
            f"{rated_power} W"
        )
    rating = np.asarray(rated_power, dtype=float) * units
    load = output_power / rating
    return rating * (no_load_loss + proportional_loss * load + square_loss * load**2)


def loss_terms(loads: Number, efficiencies: Number) -> tuple[float, float, float]:
    """Loss terms of a supply through three of its efficiencies.

    Parameters
    ----------
    loads : array_like, shape (3,)
        Loads as shares of the rating [1].
    efficiencies : array_like, shape (3,)
        Efficiency at each of them [1].

    Returns
    -------
    no_load_loss, proportional_loss, square_loss : float
        Terms for `supply_loss` [1].

    Raises
    ------
    ValueError
        If there are not three loads and efficiencies, or one is out of range.

    Notes
    -----
    Solves ``x (1/e - 1) = a + b x + c x^2`` at the three loads.

    Examples
    --------
    80 PLUS Gold, 115 V:

    >>> a, b, c = loss_terms((0.2, 0.5, 1.0), (0.87, 0.90, 0.87))
    >>> f"{a:.3f} {b:.4f} {c:.3f}"
    '0.026 -0.0038 0.128'
    """
    load, efficiency = np.asarray(loads, dtype=float), np.asarray(efficiencies, dtype=float)
    if load.shape != (3,) or efficiency.shape != (3,):
        raise ValueError(f"give three loads and three efficiencies, got {loads}, {efficiencies}")
    if not (np.all(load > 0) and np.all((efficiency > 0) & (efficiency <= 1))):
        raise ValueError(
            f"loads must be above 0 and efficiencies within 0 .. 1, got {loads}, {efficiencies}"
        )
    loss = load * (1.0 / efficiency - 1.0)
    square, proportional, fixed = np.polyfit(load, loss, 2)
    return float(fixed), float(proportional), float(square)


def stepped_input_power(
    output_power: Watt, rated_power: Watt, step_loads: Number, step_efficiencies: Number
) -> Array:
    """Power drawn by a supply whose efficiency is a table that is read at the next step up.

    Parameters
    ----------
    output_power : array_like
        Power that the supply delivers [W], up to its rating.
    rated_power : array_like
        Its rating [W].
    step_loads : array_like, shape (steps,)
        Loads of the table as shares of the rating [1], rising.
    step_efficiencies : array_like, shape (steps,)
        Efficiency at each of them [1].

    Returns
    -------
    array_like
        Power at the input [W]; not known above the last step.

    Notes
    -----
    The rule of a simulator, for comparison with it: the efficiency jumps at each step. Prefer
    `supply_loss`.

    References
    ----------
    OpenDC ``SimPsuTest.kt`` @47357afd.

    Examples
    --------
    >>> round(float(stepped_input_power(50.0, 240.0, (0.3, 0.7, 1.0), (0.90, 0.92, 0.94))), 2)
    55.56
    """
    steps = np.append(np.asarray(step_efficiencies, dtype=float), np.nan)
    load = np.asarray(output_power, dtype=float) / rated_power
    step = np.searchsorted(np.asarray(step_loads, dtype=float), load)
    return np.asarray(output_power / steps[step])[()]


def brick_efficiency(nameplate_power: Watt) -> Number:
    """Least mean efficiency of an external supply of level V, such as a mini PC's brick.

    Parameters
    ----------
    nameplate_power : array_like
        Rated output [W]; above 1 and, for this class, up to 250.

    Returns
    -------
    array_like
        Efficiency [1], the mean at 25, 50, 75 and 100 % load.

    Raises
    ------
    ValueError
        If the rated output is 1 W or less.

    Notes
    -----
    ``0.0626 ln P + 0.622`` up to 49 W, 0.87 above. A certified minimum.

    References
    ----------
    ENERGY STAR program requirements for external power supplies, version 2.0 (level V).

    Examples
    --------
    >>> round(float(brick_efficiency(30.0)), 4)
    0.8349
    """
    power = np.asarray(nameplate_power, dtype=float)
    if np.any(power <= 1.0):
        raise ValueError(f"nameplate_power must be above 1 W, got {nameplate_power}")
    efficiency = np.where(power <= _EPS_LARGEST, 0.0626 * np.log(power) + 0.622, 0.87)
    return np.where(np.isnan(power), np.nan, efficiency)[()]


def facility_power_by_pue(it_power: Watt, pue: Number) -> Array:
    """Power of a data centre whose overhead is stated as a PUE.

    Parameters
    ----------
    it_power : array_like
        Power of the equipment, taken behind UPS and distribution [W].
    pue : array_like
        Power usage effectiveness [1], 1 or more.

    Returns
    -------
    array_like
        Power of the whole facility [W].

    Raises
    ------
    ValueError
        If the PUE is below 1.

    Notes
    -----
    UPS, distribution, cooling and light are in the PUE: never add a UPS loss or cooling to it.

    References
    ----------
    ISO/IEC 30134-2:2016, Power usage effectiveness.

    Examples
    --------
    >>> float(facility_power_by_pue(1000.0, 1.5))
    1500.0
    """
    if np.any(np.asarray(pue) < 1):
        raise ValueError(f"pue must be 1 or more, got {pue}")
    return np.asarray(it_power, dtype=float) * pue


def facility_power_by_parts(it_power: Watt, ups_loss: Watt, cooling_cop: Number) -> Array:
    """Power of a room whose UPS and cooling are stated, for a UPS that stands in the cooled room.

    Parameters
    ----------
    it_power : array_like
        Power of the equipment behind the UPS [W].
    ups_loss : array_like
        Loss of the UPS [W]; zero without one.
    cooling_cop : array_like
        Coefficient of performance of the cooling [1]: heat removed for each watt that it draws;
        infinite for a room that is cooled by open windows.

    Returns
    -------
    array_like
        Power of equipment, UPS and cooling [W].

    Raises
    ------
    ValueError
        If the coefficient of performance is not positive.

    Notes
    -----
    ``(P + L) (1 + 1/COP)``. Never together with a PUE, which has all of this in it.

    Examples
    --------
    >>> round(float(facility_power_by_parts(1000.0, 100.0, 2.75)), 6)
    1500.0
    """
    if np.any(np.asarray(cooling_cop) <= 0):
        raise ValueError(f"cooling_cop must be positive, got {cooling_cop}")
    return (np.asarray(it_power, dtype=float) + ups_loss) * (1.0 + 1.0 / np.asarray(cooling_cop))


def refrigeration_tons(heat_power: Watt) -> Array:
    """Cooling capacity for a heat, in the unit that air conditioners are sold by.

    Parameters
    ----------
    heat_power : array_like
        Electrical power in the room, all of which becomes heat [W].

    Returns
    -------
    array_like
        Tons of refrigeration, of 12,000 BTU/h each [1].

    Examples
    --------
    >>> round(float(refrigeration_tons(3516.8528)), 6)
    1.0
    """
    return np.asarray(heat_power, dtype=float) / _WATTS_IN_A_TON


def airflow(heat_power: Watt, temperature_rise: Number) -> Array:
    """Air that carries a heat away.

    Parameters
    ----------
    heat_power : array_like
        Heat [W].
    temperature_rise : array_like
        How much warmer the air leaves than it enters [K].

    Returns
    -------
    array_like
        Air flow, in cubic feet a minute.

    Raises
    ------
    ValueError
        If the rise is not positive.

    Notes
    -----
    ``3.412 W / (1.085 dT)`` with dT in degrees Fahrenheit; valid near sea level.

    References
    ----------
    Dell's formula, as printed by insideHPC, 2011.

    Examples
    --------
    >>> round(float(airflow(1500.0, 20.0 / 1.8)), 2)
    235.85
    """
    if np.any(np.asarray(temperature_rise) <= 0):
        raise ValueError(f"temperature_rise must be positive, got {temperature_rise}")
    rise = np.asarray(temperature_rise, dtype=float) * _KELVIN_IN_DEGF
    return _CFM_PER_WATT_DEGF * np.asarray(heat_power, dtype=float) / rise


def energy_drawn(power: Watt, hours: Hour) -> KilowattHour:
    """Energy of a power over a time.

    Parameters
    ----------
    power : array_like
        Mean power [W].
    hours : array_like
        Time [h]; a year is 8760.

    Returns
    -------
    array_like
        Energy [kWh].

    Examples
    --------
    >>> float(energy_drawn(20.0, 8760.0))
    175.2
    """
    return np.asarray(power, dtype=float) * hours / 1000.0


def emissions(energy: KilowattHour, grid_intensity: Number) -> Array:
    """Greenhouse gas of the electricity.

    Parameters
    ----------
    energy : array_like
        Energy [kWh].
    grid_intensity : array_like
        Emission factor of the grid, in kg of CO2 equivalent for each kWh: of one region, year and
        scope, which differ by a factor of two between tables.

    Returns
    -------
    array_like
        Mass, in kg of CO2 equivalent.

    Examples
    --------
    >>> round(float(emissions(87.6, 0.82)), 3)
    71.832
    """
    return np.asarray(energy, dtype=float) * grid_intensity
