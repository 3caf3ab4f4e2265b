"""Parts that are bought beyond those that are built in."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Money, Node, Number, Part


def installed_parts(holder_count: Node, parts_per_item: Part) -> Part:
    """Parts of a kind that are built in.

    Parameters
    ----------
    holder_count : array_like, shape (groups, ...)
        Items of each group that has the part [node].
    parts_per_item : array_like, shape (groups, ...)
        How many of it an item has [part].

    Returns
    -------
    array_like
        Parts [part].

    Examples
    --------
    >>> float(installed_parts(np.array([16.0, 3.0]), np.array([2.0, 4.0])))
    44.0
    """
    return np.sum(holder_count * parts_per_item, axis=0)


def spare_parts(
    installed_parts: Part,
    spare_count: Part = 0.0,
    spare_share: Number = 0.0,
    spare_kit: Part = 1.0,
) -> Part:
    """Spare parts: so many kits, or a share of what is built in, in whole kits.

    Parameters
    ----------
    installed_parts : array_like
        Parts that are built in [part].
    spare_count : array_like
        Spare kits [part].
    spare_share : array_like
        Spares over built-in parts [1].
    spare_kit : array_like
        Parts in a kit: 1, or those of one item where whole items are kept [part].

    Returns
    -------
    array_like
        Spare parts [part].

    Notes
    -----
    k (c + ceil(s n/k)).

    Examples
    --------
    >>> float(spare_parts(44.0, spare_share=0.05)), float(spare_parts(44.0, spare_count=2.0))
    (3.0, 2.0)
    """
    return spare_kit * (spare_count + np.ceil(spare_share * installed_parts / spare_kit - 1e-9))


def spare_part_cost(spare_parts: Part, spare_price: Money) -> Money:
    """Price of the spare parts of a kind.

    Parameters
    ----------
    spare_parts : array_like
        Spare parts [part].
    spare_price : array_like
        Price of one [money].

    Returns
    -------
    array_like
        Price [money].

    Examples
    --------
    >>> spare_part_cost(3.0, 150.0)
    450.0
    """
    return spare_parts * spare_price
