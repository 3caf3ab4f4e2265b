"""What a design saves in a year against the one that it replaces."""

from __future__ import annotations

from planner.models.dimensions import KilowattHour, Money


def annual_energy_saving(
    baseline_facility_energy: KilowattHour, facility_energy: KilowattHour
) -> KilowattHour:
    """Energy that the design draws less in a year than the one that it replaces.

    Parameters
    ----------
    baseline_facility_energy : array_like
        Energy of the old design at the meter of the site [kWh].
    facility_energy : array_like
        Energy of this design there [kWh].

    Returns
    -------
    array_like
        Energy [kWh]; negative where it draws more.

    Examples
    --------
    >>> annual_energy_saving(13140.0, 4000.0)
    9140.0
    """
    return baseline_facility_energy - facility_energy


def annual_energy_cost_saving(
    baseline_annual_energy_cost: Money, annual_energy_cost: Money
) -> Money:
    """Money that the design's electricity costs less in a year.

    Parameters
    ----------
    baseline_annual_energy_cost : array_like
        Electricity of the old design [money].
    annual_energy_cost : array_like
        Electricity of this design [money].

    Returns
    -------
    array_like
        Money of one year [money]; negative where it costs more.

    Examples
    --------
    >>> annual_energy_cost_saving(3285.0, 1000.0)
    2285.0
    """
    return baseline_annual_energy_cost - annual_energy_cost
