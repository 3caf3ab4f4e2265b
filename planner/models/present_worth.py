"""Present worth of money that is spent later, in closed form.

A year's running costs are paid at its end; a last year that is used only in part is paid in part,
when the use ends. Purchases are paid at the moment when they are made.
"""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Array, Number, PerYear

WHOLE = 1e-9
"""Share of a year by which a span may fall short of a whole number of years and still be one."""


def discount_factor(years: Number, discount_rate: PerYear) -> Number:
    """Worth today of one unit of money after some years.

    Parameters
    ----------
    years : array_like
        Years until it is paid [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].

    Returns
    -------
    array_like
        Share of its amount [1].

    Notes
    -----
    (1 + r)^-n, the single-payment present-worth factor.

    References
    ----------
    C. S. Park, "Contemporary Engineering Economics", chapter 3: (P/F, i, N).

    Examples
    --------
    >>> round(float(discount_factor(5.0, 0.1)), 4)
    0.6209
    """
    return (1.0 + discount_rate) ** -np.asarray(years, dtype=float)


def discounted_years(years: Number, discount_rate: PerYear, growth_rate: PerYear = 0.0) -> Number:
    """Worth today of one unit of money at the end of each year, which may grow every year.

    Parameters
    ----------
    years : array_like
        Years of use, 0 or more [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].
    growth_rate : array_like
        By how much the payment rises from one year to the next [1/yr]; the first is 1.

    Returns
    -------
    array_like
        Payments of the first year's amount that it is worth [1]; the years where nothing is
        discounted and nothing grows.

    Notes
    -----
    With x = (1 + g)/(1 + r): (1 - x^n)/((1 + r)(1 - x)), and n/(1 + r) where x = 1: the
    geometric-gradient present-worth factor, and for g = 0 that of an equal series. A fraction f of
    a year after the last whole year m adds f (1 + g)^m (1 + r)^-n.

    References
    ----------
    C. S. Park, "Contemporary Engineering Economics", chapter 3: (P/A, i, N) and (P/A1, g, i, N).

    Examples
    --------
    >>> round(float(discounted_years(5.0, 0.1)), 4), float(discounted_years(4.5, 0.0))
    (3.7908, 4.5)

    Five payments of which each is 7 % more than the one before, at 12 %:

    >>> round(float(discounted_years(5.0, 0.12, 0.07)), 4)
    4.0831
    """
    whole = np.floor(np.asarray(years, dtype=float) + WHOLE)
    part = np.maximum(years - whole, 0.0)
    step = (growth_rate - discount_rate) / (1.0 + discount_rate)
    flat = step == 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.expm1(whole * np.log1p(step)) / np.where(flat, 1.0, step)
    series = np.where(flat, whole, ratio) / (1.0 + discount_rate)
    rest = part * (1.0 + growth_rate) ** whole * discount_factor(years, discount_rate)
    return series + rest


def renewals(years: Number, interval: Number, horizon: Number) -> Number:
    """How often something has been replaced after some years.

    Parameters
    ----------
    years : array_like
        Years since it was bought [1].
    interval : array_like
        Years after which it is replaced, each time [1].
    horizon : array_like
        Years of use [1]; at their end it is not replaced any more.

    Returns
    -------
    array_like
        Times [1].

    Notes
    -----
    The number of k = 1, 2, .. with k L <= t and k L < n.

    Examples
    --------
    >>> [float(renewals(5.0, each, 5.0)) for each in (2.0, 2.5, 5.0, 7.0)]
    [2.0, 1.0, 0.0, 0.0]
    """
    until = np.floor(years / interval + WHOLE)
    most = np.ceil(horizon / interval - WHOLE) - 1.0
    return np.maximum(np.minimum(until, most), 0.0)


def discounted_renewals(
    years: Number, interval: Number, horizon: Number, discount_rate: PerYear
) -> Number:
    """Worth today of one unit of money at each replacement.

    Parameters
    ----------
    years : array_like
        Years since the purchase [1].
    interval : array_like
        Years after which it is replaced, each time [1].
    horizon : array_like
        Years of use [1].
    discount_rate : array_like
        Interest that money earns elsewhere in a year [1/yr].

    Returns
    -------
    array_like
        Payments [1].

    Notes
    -----
    With q = (1 + r)^-L and m replacements: q (1 - q^m)/(1 - q), and m where r = 0.

    References
    ----------
    C. S. Park, "Contemporary Engineering Economics", chapter 5: repeating project lives.

    Examples
    --------
    >>> round(float(discounted_renewals(10.0, 4.0, 10.0, 0.05)), 6)  # 1.05**-4 + 1.05**-8
    1.499542
    """
    times = renewals(years, interval, horizon)
    once = np.log1p(discount_rate) * np.where(times == 0.0, 1.0, interval)
    free = once == 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        series = np.expm1(-times * once) / np.where(free, 1.0, -np.expm1(once))
    return np.where(free, times, series)


def present_worth(flows: Array, discount_rate: Array) -> Array:
    """Worth today of a row of yearly flows, the first of which is paid today.

    Parameters
    ----------
    flows : array_like, shape (years, ...)
        Money of year 0, 1, 2, ...
    discount_rate : array_like
        Interest that money earns elsewhere in a year.

    Returns
    -------
    array_like
        Money.

    Notes
    -----
    sum_y F_y (1 + r)^-y, the definition, for any row.

    Examples
    --------
    >>> float(present_worth(np.array([-1000.0, 600.0, 600.0]), 0.1)).__round__(2)
    41.32
    """
    flows = np.asarray(flows, dtype=float)
    years = np.arange(len(flows)).reshape(-1, *[1] * (flows.ndim - 1))
    return np.sum(flows * (1.0 + discount_rate) ** -years, axis=0)
