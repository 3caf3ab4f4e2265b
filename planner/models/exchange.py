"""Money of one currency counted in another."""

from __future__ import annotations

from planner.models.dimensions import Array


def converted_price(price: Array, exchange_rate: Array) -> Array:
    """An amount of money in another currency, at a dated rate.

    Parameters
    ----------
    price : array_like
        The amount in its own currency.
    exchange_rate : array_like
        What one unit of that currency costs in the other.

    Returns
    -------
    array_like
        The amount in the other currency.

    Examples
    --------
    >>> converted_price(500.0, 1.5)
    750.0
    """
    return price * exchange_rate
