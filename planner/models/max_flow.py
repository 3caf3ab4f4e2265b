"""Greatest flow through a network, and the cut that bounds it, for all samples at once."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np

from planner.models.arguments import Values, amount
from planner.models.dimensions import Array

Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

# What rounding leaves over, as a part of the capacity between two nodes.
_NOTHING = 1e-14


class Flow(NamedTuple):
    """A greatest flow, and the nodes on the source's side of a least cut."""

    value: Array
    source_side: Flags


def max_flow(capacity: Array) -> Flow:
    """Greatest flow from the first node of a network to the last.

    Parameters
    ----------
    capacity : array_like, shape (nodes, nodes, ...)
        What each arc carries from the node of its row to that of its column [any unit]; 0 where
        there is no arc, infinite where nothing bounds it.

    Returns
    -------
    Flow
        The flow, in the same unit, and flags of shape (nodes, ...) that tell the source's side of
        a least cut: the arcs that leave it are what binds. NaN, with an empty side, where a
        capacity is unknown.

    Raises
    ------
    ValueError
        If a capacity is negative, or the rows and columns are not the same two or more nodes.

    Notes
    -----
    Shortest augmenting paths, each sample along its own path but all in step; at most V E / 2
    paths, and as many as there are different bottlenecks in the networks of a plan.

    References
    ----------
    Ford, Fulkerson, "Maximal flow through a network", Canadian J. Math. 8 (1956); Edmonds, Karp,
    J. ACM 19 (1972).

    Examples
    --------
    Two clients of 1 and 2, of which the second is behind an uplink of 1, and a server of 5.

    >>> arcs = np.zeros((5, 5))
    >>> arcs[0, 1], arcs[0, 2], arcs[1, 3], arcs[2, 3], arcs[3, 4] = 1.0, 2.0, np.inf, 1.0, 5.0
    >>> found = max_flow(arcs)
    >>> float(found.value), found.source_side.tolist()
    (2.0, [True, False, True, False, False])
    """
    given = amount(capacity, "capacity")
    if given.ndim < 2 or given.shape[0] != given.shape[1] or given.shape[0] < 2:
        raise ValueError(f"capacity must be of shape (nodes, nodes, ...), got {given.shape}")
    nodes, trailing = given.shape[0], given.shape[2:]
    arcs = np.moveaxis(given.reshape(nodes, nodes, -1), -1, 0).copy()
    unknown = np.isnan(arcs).any(axis=(1, 2))
    arcs[unknown] = 0.0
    arcs[:, np.arange(nodes), np.arange(nodes)] = 0.0
    finite = np.where(np.isfinite(arcs), arcs, 0.0).sum(axis=(1, 2))
    without_end = np.where(finite == 0.0, 1.0, 2.0 * finite)[:, None, None]
    left = np.where(np.isinf(arcs), without_end, arcs)
    side = _augment(left, _NOTHING * (left + np.swapaxes(left, 1, 2)))
    value = _crossing(arcs, side)
    value[unknown], side[unknown] = np.nan, False
    return Flow(value.reshape(trailing), np.moveaxis(side, -1, 0).reshape(nodes, *trailing))


def _crossing(arcs: Values, side: Flags) -> Values:
    """Capacity of the arcs that leave each sample's side."""
    leaving = side[:, :, None] & ~side[:, None, :]
    return np.where(leaving, arcs, 0.0).sum(axis=(1, 2))


def _augment(left: Values, nothing: Values) -> Flags:
    """Fill all augmenting paths, changing what is left; return what the source still reaches."""
    reached = np.zeros(left.shape[:2], dtype=bool)
    active = np.arange(left.shape[0])
    while active.size:
        seen, before = _search(left[active], nothing[active])
        reached[active] = seen
        found = seen[:, -1]
        active, before = active[found], before[found]
        if active.size:
            _fill(left, active, before)
    return reached


def _search(left: Values, nothing: Values) -> tuple[Flags, np.ndarray[Any, np.dtype[np.intp]]]:
    """Breadth-first search from the first node; nodes seen, and the node before each of them."""
    samples, nodes = left.shape[:2]
    usable = left > nothing
    seen = np.zeros((samples, nodes), dtype=bool)
    seen[:, 0] = True
    before = np.zeros((samples, nodes), dtype=np.intp)
    frontier = seen.copy()
    while frontier.any():
        steps = usable & frontier[:, :, None] & ~seen[:, None, :]
        new = steps.any(axis=1)
        before = np.where(new, steps.argmax(axis=1), before)
        seen |= new
        frontier = new & ~seen[:, -1:]
    return seen, before


def _fill(
    left: Values,
    active: np.ndarray[Any, np.dtype[np.intp]],
    before: np.ndarray[Any, np.dtype[np.intp]],
) -> None:
    """Send as much as fits along the path to the last node of each active sample."""
    path, rows = [np.full(active.size, left.shape[1] - 1)], np.arange(active.size)
    while np.any(path[-1] != 0):
        path.append(before[rows, path[-1]])
    steps = list(zip(path[1:], path[:-1], strict=True))
    slack = np.full(active.size, np.inf)
    for tail, head in steps:
        moves = tail != head
        slack = np.where(moves, np.minimum(slack, left[active, tail, head]), slack)
    for tail, head in steps:
        amounts = np.where(tail != head, slack, 0.0)
        left[active, tail, head] -= amounts
        left[active, head, tail] += amounts


class ConcurrentFlow(NamedTuple):
    """A greatest concurrent flow, and the source's side of the cut that bounds it."""

    value: Array
    source_side: Flags


def concurrent_flow(capacity: Array, demand: Array, load: Array = 0.0) -> ConcurrentFlow:
    """Greatest flow from the first node that ends at the others in given proportions.

    Parameters
    ----------
    capacity : array_like, shape (nodes, nodes, ...)
        What each arc carries [any unit]; infinite where nothing bounds it.
    demand : array_like, shape (nodes, ...)
        Part of the flow that must end at each node, adding up to 1 [1].
    load : array_like, shape (nodes, nodes, ...)
        What each arc carries besides for each unit of the flow [1], as copies between servers do.

    Returns
    -------
    ConcurrentFlow
        The flow in the unit of the capacities, NaN where something is unknown, infinite where
        nothing bounds it; and flags of shape (nodes, ...) that tell the source's side of the
        binding cut.

    Raises
    ------
    ValueError
        If a number is negative, or the shapes do not fit.

    Notes
    -----
    The least of (capacity of the cut) / (demand beyond the cut + load on the cut) over all cuts,
    found by Newton's method: a flow that does not fit gives a least cut, which gives the next
    flow to try. Each step lowers the flow, and no cut is met twice.

    References
    ----------
    W. Dinkelbach, "On nonlinear fractional programming", Management Science 13 (1967).

    Examples
    --------
    Data that lies evenly on servers of 1 and 3 is read no faster than twice the slower.

    >>> arcs = np.array([[0.0, 1.0, 3.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> float(concurrent_flow(arcs, np.array([0.0, 0.5, 0.5])).value)
    2.0
    """
    arcs, wanted = amount(capacity, "capacity"), amount(demand, "demand")
    if arcs.ndim < 2 or arcs.shape[0] != arcs.shape[1] or wanted.shape[:1] != arcs.shape[:1]:
        raise ValueError(
            "capacity must be of shape (nodes, nodes, ...) and demand of (nodes, ...), got "
            f"{arcs.shape} and {wanted.shape}"
        )
    extra = np.broadcast_to(amount(load, "load"), arcs.shape) if np.ndim(load) == 0 else load
    trailing = np.broadcast_shapes(arcs.shape[2:], wanted.shape[1:], np.shape(extra)[2:])
    nodes = arcs.shape[0]
    arcs = np.broadcast_to(arcs, (nodes, nodes, *trailing)).reshape(nodes, nodes, -1)
    wanted = np.broadcast_to(wanted, (nodes, *trailing)).reshape(nodes, -1)
    extra = np.broadcast_to(amount(extra, "load"), (nodes, nodes, *trailing))
    value, side = _newton(arcs, wanted, extra.reshape(nodes, nodes, -1))
    return ConcurrentFlow(value.reshape(trailing), side.reshape(nodes, *trailing))


def _newton(arcs: Values, wanted: Values, extra: Values) -> tuple[Values, Flags]:
    """The flow of each sample and the cut that bounds it, samples last."""
    nodes, samples = wanted.shape
    unknown = np.isnan(arcs).any((0, 1)) | np.isnan(wanted).any(0) | np.isnan(extra).any((0, 1))
    side = np.zeros((nodes, samples), dtype=bool)
    side[0] = True
    value = _ratio(arcs, wanted, extra, side)
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.where(extra > 0.0, arcs / extra, np.inf).min((0, 1))
    value = np.where(unknown, np.nan, np.minimum(value, alone))
    active = np.flatnonzero(~unknown)
    while active.size:
        trial = value[active]
        trial[np.isinf(trial)] = _beyond(arcs, wanted)[active][np.isinf(trial)]
        cut = _least_cut(arcs[..., active], wanted[:, active], extra[..., active], trial)
        ratio = _ratio(arcs[..., active], wanted[:, active], extra[..., active], cut)
        lower = ratio < value[active] * (1.0 - 1e-12)
        active, ratio, cut = active[lower], ratio[lower], cut[:, lower]
        value[active], side[:, active] = ratio, cut
    return value, side


def _beyond(arcs: Values, wanted: Values) -> Values:
    """A flow greater than any finite capacity allows."""
    finite = np.where(np.isfinite(arcs), arcs, 0.0).sum((0, 1)) + 1.0
    least = np.min(np.where(wanted > 0.0, wanted, np.inf), axis=0)
    return 2.0 * finite / np.where(np.isfinite(least), least, 1.0)


def _ratio(arcs: Values, wanted: Values, extra: Values, side: Flags) -> Values:
    """Flow that a cut allows."""
    leaving = side[:, None] & ~side[None, :]
    carried = np.where(leaving, arcs, 0.0).sum((0, 1))
    asked = np.where(side, 0.0, wanted).sum(0) + np.where(leaving, extra, 0.0).sum((0, 1))
    return np.where(asked > 0.0, carried / np.where(asked > 0.0, asked, 1.0), np.inf)


def _least_cut(arcs: Values, wanted: Values, extra: Values, trial: Values) -> Flags:
    """Source's side of the least cut when a flow of this size is tried."""
    nodes, samples = wanted.shape
    network = np.zeros((nodes + 1, nodes + 1, samples))
    network[:nodes, :nodes] = np.maximum(arcs - trial * extra, 0.0)
    network[:nodes, nodes] = trial * wanted
    return max_flow(network).source_side[:nodes]
