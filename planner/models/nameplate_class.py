"""Power of a machine of which only the rating of its supply is known."""

from __future__ import annotations

from planner.models.dimensions import Number, Watt


def estimated_peak_power(supply_rating: Watt, rating_over_peak: Number) -> Watt:
    """Power under full load, as far as the rating of the supply tells it.

    Parameters
    ----------
    supply_rating : array_like
        Rating of the supply, the sum over the supplies that share the load [W].
    rating_over_peak : array_like
        Rating over measured maximum [1].

    Returns
    -------
    array_like
        Power [W].

    Notes
    -----
    Ratings are 2.7 times the maximum of published servers, 1.5 to 4.7 times for nine in ten.

    Examples
    --------
    >>> round(float(estimated_peak_power(350.0, 2.7)), 1)
    129.6
    """
    return supply_rating / rating_over_peak


def estimated_idle_power(estimated_peak_power: Watt, idle_share: Number) -> Watt:
    """Power at rest, from that under full load.

    Parameters
    ----------
    estimated_peak_power : array_like
        Power under full load [W].
    idle_share : array_like
        Power at rest over maximum [1].

    Returns
    -------
    array_like
        Power [W].

    Examples
    --------
    >>> float(estimated_idle_power(100.0, 0.25))
    25.0
    """
    return estimated_peak_power * idle_share
