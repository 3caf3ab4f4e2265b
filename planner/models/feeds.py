"""Whether the circuits of a site carry a design, each feed alone."""

from __future__ import annotations

import numpy as np

from planner.models.dimensions import Number, Part, VoltAmpere


def feed_capacity(circuit_capacity: VoltAmpere, circuits_per_feed: Part) -> VoltAmpere:
    """Apparent power that one feed carries; with feeds A and B each must carry everything.

    Parameters
    ----------
    circuit_capacity : array_like
        What one circuit may carry [VA].
    circuits_per_feed : array_like
        Circuits of a feed [part].

    Returns
    -------
    array_like
        Apparent power [VA].

    Notes
    -----
    A second feed adds safety and no capacity: when one fails, the other has all of the load.

    Examples
    --------
    >>> float(feed_capacity(1840.0, 2.0))
    3680.0
    """
    return circuit_capacity * circuits_per_feed


def feed_load(peak_apparent_power: VoltAmpere, feed_capacity: VoltAmpere) -> Number:
    """Share of a feed that the design uses at its peak; above 1 the feed is too small.

    Parameters
    ----------
    peak_apparent_power : array_like
        Everything at its peak at once, as when it boots [VA].
    feed_capacity : array_like
        What one feed carries alone [VA].

    Returns
    -------
    array_like
        Share [1].

    Examples
    --------
    >>> float(feed_load(920.0, 1840.0))
    0.5
    """
    return peak_apparent_power / feed_capacity


def circuits_needed(
    peak_apparent_power: VoltAmpere, circuit_capacity: VoltAmpere, circuit_feeds: Number = 1.0
) -> Part:
    """Circuits that the design needs, on all feeds together.

    Parameters
    ----------
    peak_apparent_power : array_like
        Everything at its peak at once [VA].
    circuit_capacity : array_like
        What one circuit may carry [VA].
    circuit_feeds : array_like
        Feeds, of which each alone must carry everything [1].

    Returns
    -------
    array_like
        Circuits [part].

    Notes
    -----
    ceil(S/C) for each feed. A lower bound: machines cannot be split between circuits.

    Examples
    --------
    >>> float(circuits_needed(2000.0, 1840.0, 2.0))
    4.0
    """
    return np.ceil(peak_apparent_power / circuit_capacity) * circuit_feeds
