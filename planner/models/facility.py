"""From the equipment to the meter of the site: UPS, cooling or PUE, air, emissions.

A site states either a PUE, which has UPS and cooling in it, or the UPS and the cooling; never
both. What it does not state draws nothing.
"""

from __future__ import annotations

from planner.models.dimensions import (
    CubicMetrePerHour,
    DegreeCelsius,
    Hour,
    Kilogram,
    KilogramPerKilowattHour,
    KilowattHour,
    Number,
    VoltAmpere,
    VolumetricHeatCapacity,
    Watt,
)
from planner.models.supply import supply_loss


def ups_loss(
    mean_power: Watt,
    ups_rating: Watt,
    ups_no_load_loss: Watt,
    ups_proportional_loss: Number,
    ups_square_loss: Number = 0.0,
) -> Watt:
    """Loss of the UPS at the mean load.

    Parameters
    ----------
    mean_power : array_like
        Power that it delivers [W].
    ups_rating : array_like
        Its rating [W].
    ups_no_load_loss : array_like
        Loss at no load [W].
    ups_proportional_loss : array_like
        Loss in proportion to the load [1].
    ups_square_loss : array_like
        Loss with the square of the load, at full load, over the rating [1].

    Returns
    -------
    array_like
        Loss [W].

    Notes
    -----
    a + b P + c P^2/R. Valid up to the rating.

    References
    ----------
    Schneider Electric, white paper 108, "Making Large UPS Systems More Efficient".

    Examples
    --------
    >>> float(ups_loss(500.0, 1000.0, 20.0, 0.04, 0.02))
    45.0
    """
    share = ups_no_load_loss / ups_rating
    return supply_loss(mean_power, ups_rating, share, ups_proportional_loss, ups_square_loss)


def ups_peak_loss(
    peak_power: Watt,
    ups_rating: Watt,
    ups_no_load_loss: Watt,
    ups_proportional_loss: Number,
    ups_square_loss: Number = 0.0,
) -> Watt:
    """Loss of the UPS at the peak.

    Parameters
    ----------
    peak_power : array_like
        Power that it delivers [W].
    ups_rating : array_like
        Its rating [W].
    ups_no_load_loss : array_like
        Loss at no load [W].
    ups_proportional_loss : array_like
        Loss in proportion to the load [1].
    ups_square_loss : array_like
        Loss with the square of the load, at full load, over the rating [1].

    Returns
    -------
    array_like
        Loss [W].

    Notes
    -----
    a + b P + c P^2/R, as for `ups_loss`.

    Examples
    --------
    >>> float(ups_peak_loss(1000.0, 1000.0, 20.0, 0.04, 0.02))
    80.0
    """
    share = ups_no_load_loss / ups_rating
    return supply_loss(peak_power, ups_rating, share, ups_proportional_loss, ups_square_loss)


def ups_load(peak_power: Watt, ups_rating: Watt) -> Number:
    """Share of the UPS's rating that the peak uses; above 1 it is too small.

    Parameters
    ----------
    peak_power : array_like
        Power that it delivers at the peak [W].
    ups_rating : array_like
        Its rating [W].

    Returns
    -------
    array_like
        Share [1].

    Examples
    --------
    >>> float(ups_load(750.0, 1000.0))
    0.75
    """
    return peak_power / ups_rating


def ups_apparent_load(peak_apparent_power: VoltAmpere, ups_apparent_rating: VoltAmpere) -> Number:
    """Share of the UPS's apparent rating that the peak uses, a limit of its own.

    Parameters
    ----------
    peak_apparent_power : array_like
        Apparent power that it delivers at the peak [VA].
    ups_apparent_rating : array_like
        Its rating [VA].

    Returns
    -------
    array_like
        Share [1].

    Examples
    --------
    >>> float(ups_apparent_load(750.0, 1500.0))
    0.5
    """
    return peak_apparent_power / ups_apparent_rating


def ups_runtime(ups_battery: KilowattHour, mean_power: Watt, ups_loss: Watt) -> Hour:
    """How long the battery carries the mean load.

    Parameters
    ----------
    ups_battery : array_like
        Energy that the battery gives [kWh].
    mean_power : array_like
        Power that the UPS delivers [W].
    ups_loss : array_like
        Its loss, which the battery pays too [W].

    Returns
    -------
    array_like
        Time [h].

    Notes
    -----
    E/(P + L). A battery gives less energy the faster it is drained: state what its maker says of
    this discharge.

    Examples
    --------
    >>> float(ups_runtime(0.3, 500.0, 100.0))
    0.5
    """
    return 1000.0 * ups_battery / (mean_power + ups_loss)


def ups_peak_runtime(ups_battery: KilowattHour, peak_power: Watt, ups_peak_loss: Watt) -> Hour:
    """How long the battery carries the peak.

    Parameters
    ----------
    ups_battery : array_like
        Energy that the battery gives [kWh].
    peak_power : array_like
        Power that the UPS delivers [W].
    ups_peak_loss : array_like
        Its loss, which the battery pays too [W].

    Returns
    -------
    array_like
        Time [h].

    Examples
    --------
    >>> float(ups_peak_runtime(0.3, 500.0, 100.0))
    0.5
    """
    return 1000.0 * ups_battery / (peak_power + ups_peak_loss)


def cooling_power(mean_power: Watt, cooling_cop: Number, ups_loss: Watt = 0.0) -> Watt:
    """Power of the cooling, which removes all heat of the room.

    Parameters
    ----------
    mean_power : array_like
        Power of the equipment [W].
    cooling_cop : array_like
        Heat removed for each watt drawn [1].
    ups_loss : array_like
        Loss of a UPS in the same room [W].

    Returns
    -------
    array_like
        Power [W].

    Examples
    --------
    >>> cooling_power(1000.0, 2.75, 100.0)
    400.0
    """
    return (mean_power + ups_loss) / cooling_cop


def facility_power(
    mean_power: Watt, ups_loss: Watt = 0.0, cooling_power: Watt = 0.0, pue: Number = 1.0
) -> Watt:
    """Mean power at the meter of the site.

    Parameters
    ----------
    mean_power : array_like
        Power of the equipment [W].
    ups_loss : array_like
        Loss of the UPS [W]; zero where none is stated.
    cooling_power : array_like
        Power of the cooling [W]; zero where none is stated.
    pue : array_like
        Power usage effectiveness, which has UPS and cooling in it [1]; 1 where none is stated.

    Returns
    -------
    array_like
        Power [W].

    Notes
    -----
    (P + L + K) PUE. A scenario states either the PUE or the UPS and the cooling.

    References
    ----------
    ISO/IEC 30134-2:2016, Power usage effectiveness.

    Examples
    --------
    >>> facility_power(1000.0, 100.0, 400.0), facility_power(1000.0, pue=1.5)
    (1500.0, 1500.0)
    """
    return (mean_power + ups_loss + cooling_power) * pue


def airflow(
    heat_power: Watt,
    air_temperature_rise: DegreeCelsius = 10.0,
    air_heat_capacity: VolumetricHeatCapacity = 0.3369,
) -> CubicMetrePerHour:
    """Air that carries the heat of the peak away.

    Parameters
    ----------
    heat_power : array_like
        Heat of equipment and UPS at the peak [W].
    air_temperature_rise : array_like
        How much warmer the air leaves than it enters [degC].
    air_heat_capacity : array_like
        Heat that air takes up [W*h/m^3/degC]; 0.3369 near sea level.

    Returns
    -------
    array_like
        Air flow [m^3/h].

    Notes
    -----
    W/(c dT), in metric units what is published as CFM = 3.412 W/(1.085 dT in degrees Fahrenheit).

    References
    ----------
    Dell's formula, as printed by insideHPC, 2011.

    Examples
    --------
    1500 W at 20 degrees Fahrenheit take 235.85 cubic feet a minute:

    >>> round(airflow(1500.0, air_temperature_rise=20.0 / 1.8) / 1.69901, 1)
    235.9
    """
    return heat_power / (air_heat_capacity * air_temperature_rise)


def annual_emissions(
    facility_energy: KilowattHour, grid_intensity: KilogramPerKilowattHour
) -> Kilogram:
    """Greenhouse gas of a year's electricity, in CO2 equivalents.

    Parameters
    ----------
    facility_energy : array_like
        Energy at the meter of the site in a year [kWh].
    grid_intensity : array_like
        CO2 equivalent of a kWh, of one region and year [kg/kWh].

    Returns
    -------
    array_like
        Mass [kg].

    Notes
    -----
    Tables for one region differ by a factor of two in year and scope. What making the hardware
    emitted is not in it.

    Examples
    --------
    >>> round(annual_emissions(87.6, 0.82), 3)
    71.832
    """
    return facility_energy * grid_intensity
