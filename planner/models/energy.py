"""Energy over a year, and its price."""

from __future__ import annotations

from planner.models.dimensions import Hour, KilowattHour, Money, MoneyPerKilowattHour, Watt


def annual_energy(mean_power: Watt, hours_per_year: Hour = 8760.0) -> KilowattHour:
    """Electrical energy drawn in a year.

    Parameters
    ----------
    mean_power : array_like
        Mean power [W].
    hours_per_year : array_like
        Hours of operation in a year [h]; a year has 8760.

    Returns
    -------
    array_like
        Energy [kWh].

    Examples
    --------
    >>> annual_energy(1500.0)
    13140.0
    """
    return mean_power * hours_per_year / 1000.0


def facility_energy(facility_power: Watt, hours_per_year: Hour = 8760.0) -> KilowattHour:
    """Electrical energy at the meter of the site in a year.

    Parameters
    ----------
    facility_power : array_like
        Mean power of the equipment with UPS and cooling [W].
    hours_per_year : array_like
        Hours of operation in a year [h]; a year has 8760.

    Returns
    -------
    array_like
        Energy [kWh]; that of the equipment where the site states no UPS, cooling or PUE.

    Examples
    --------
    >>> facility_energy(1500.0)
    13140.0
    """
    return facility_power * hours_per_year / 1000.0


def annual_energy_cost(
    facility_energy: KilowattHour, electricity_price: MoneyPerKilowattHour
) -> Money:
    """Price of a year's energy, with that of UPS and cooling.

    Parameters
    ----------
    facility_energy : array_like
        Energy at the meter of the site in a year [kWh].
    electricity_price : array_like
        Price of a kilowatt-hour [money/kWh].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> annual_energy_cost(13140.0, 0.25)
    3285.0
    """
    return facility_energy * electricity_price
