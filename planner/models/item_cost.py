"""What one item of equipment costs after it was bought."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Money, Part, PerYear


def node_new_price(part_count: Part, part_new_price: Money) -> Money:
    """Price of a new item, whether or not the present one is owned already.

    Parameters
    ----------
    part_count : array_like, shape (kinds, ...)
        Parts of each kind [part].
    part_new_price : array_like, shape (kinds, ...)
        Price of one [money].

    Returns
    -------
    array_like
        Price [money].

    Examples
    --------
    >>> float(node_new_price(np.array([1.0, 2.0]), np.array([140.0, 65.0])))
    270.0
    """
    return np.sum(part_count * part_new_price, axis=0)


def node_cover_cost(node_new_price: Money, warranty_share: PerYear) -> Money:
    """A year's warranty that is a share of the price.

    Parameters
    ----------
    node_new_price : array_like
        Price of a new item [money].
    warranty_share : array_like
        Share of it that a year of warranty costs [1/yr].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> node_cover_cost(3000.0, 0.04)
    120.0
    """
    return node_new_price * warranty_share


def node_warranty_cost(service_price: Money, node_cover_cost: Money = 0.0) -> Money:
    """Warranty and service contract of one item in a year.

    Parameters
    ----------
    service_price : array_like
        What is a fixed amount [money].
    node_cover_cost : array_like
        What is a share of the price [money].

    Returns
    -------
    array_like
        Cost of one year [money].

    Examples
    --------
    >>> node_warranty_cost(50.0, 120.0)
    170.0
    """
    return service_price + node_cover_cost
