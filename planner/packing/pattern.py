"""Which VMs go together on one host: a quick fill, and the most valuable set."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from planner.models.linear import maximum
from planner.packing.model import SLACK, Floats, Whole

_NOTHING = 1e-12
_MANY = 1e100
_PORTIONS = 4


class Filling(NamedTuple):
    """VMs of each flavour for a host, their value, and a value that no set of VMs exceeds."""

    counts: Whole
    value: float
    bound: float


class Filler:
    """Fills hosts with as many VMs as fit of one flavour after the other.

    Parameters
    ----------
    needs : ndarray, shape (flavours, resources)
        What a VM needs.
    capacity : ndarray, shape (slots, resources)
        What a host of each slot has.
    order : sequence of int
        Flavours in the order in which they are tried.
    """

    def __init__(self, needs: Floats, capacity: Floats, order: Sequence[int]) -> None:
        """Keep the arrays as lists, which are quicker for so few numbers."""
        self.rooms = (capacity * (1 + SLACK)).tolist()
        self.order = [
            (flavour, [(k, amount) for k, amount in enumerate(needs[flavour].tolist()) if amount])
            for flavour in order
        ]

    def __call__(self, left: Whole, slot: int) -> Whole:
        """Return the VMs for a host of the slot, out of those that are left."""
        counts, wanted = [0] * len(left), left.tolist()
        free = list(self.rooms[slot])
        for flavour, needs in self.order:
            number = wanted[flavour]
            if not number:
                continue
            for resource, amount in needs:
                if number * amount > free[resource]:
                    number = int(free[resource] / amount)
            if number:
                counts[flavour] = number
                for resource, amount in needs:
                    free[resource] -= number * amount
        return np.array(counts, dtype=np.int64)


class Balancer:
    """Fills hosts so that all resources run out together.

    The next flavour is the one whose needs point most in the direction of what is left: the
    largest sum, over the resources, of need times rest, both as parts of the capacity, weighted
    by how scarce the resource is. A part of the VMs that fit is taken at a time. Slower than
    `Filler`, and better for flavours of unlike shapes.

    Parameters
    ----------
    needs : ndarray, shape (flavours, resources)
        What a VM needs.
    capacity : ndarray, shape (slots, resources)
        What a host of each slot has.
    demand : ndarray, shape (flavours,)
        VMs there are.

    References
    ----------
    Panigrahy, Talwar, Uyeda, Wieder, "Heuristics for vector bin packing", Microsoft Research
    (2011): dot product.
    """

    def __init__(self, needs: Floats, capacity: Floats, demand: Whole) -> None:
        """Weigh each resource by the demand for it beside a mean host."""
        self.needs, self.rooms = needs, capacity * (1 + SLACK)
        mean = capacity.mean(axis=0)
        scarcity = np.divide(demand @ needs, mean, out=np.zeros_like(mean), where=mean > 0)
        self.weights = scarcity / np.maximum(capacity, SLACK) ** 2

    def __call__(self, left: Whole, slot: int) -> Whole:
        """Return the VMs for a host of the slot, out of those that are left."""
        counts, room = np.zeros_like(left), self.rooms[slot].copy()
        able = np.flatnonzero(left)
        while able.size:
            needs = self.needs[able]
            many = np.full(needs.shape, np.inf)
            fits = np.floor_divide(room, needs, out=many, where=needs > 0).min(axis=1)
            number = np.minimum(left[able] - counts[able], fits)
            able, needs, number = able[number > 0], needs[number > 0], number[number > 0]
            if able.size:
                chosen = np.argmax(needs @ (self.weights[slot] * room))
                some = max(int(number[chosen]) // _PORTIONS, 1)
                counts[able[chosen]] += some
                room = np.maximum(room - some * needs[chosen], 0.0)
        return counts


def most_valuable(
    values: Floats,
    needs: Floats,
    capacity: Floats,
    most: Whole,
    tolerance: float = 1e-4,
    visits: int = 1_000,
) -> Filling:
    """Fill a host with the most valuable VMs: an integer knapsack of several resources.

    Parameters
    ----------
    values : ndarray, shape (flavours,)
        What a VM is worth.
    needs : ndarray, shape (flavours, resources)
        What a VM needs.
    capacity : ndarray, shape (resources,)
        What the host has.
    most : ndarray, shape (flavours,)
        VMs there are.
    tolerance : float
        Part of the value that need not be looked for.
    visits : int
        Partial fillings to be looked at.

    Returns
    -------
    Filling
        The best found; the bound holds even where the search was cut short.

    Notes
    -----
    Depth first from the solution of the linear relaxation. A partial filling is worth at most
    its value plus, for each resource and for their sum weighted with the relaxation's prices,
    what is left of it times the best value per unit of the flavours still to come.
    """
    dearest = float(values.max(initial=0.0)) or 1.0
    worth = values / dearest
    wanted = np.flatnonzero((worth > _NOTHING) & (most > 0) & (needs <= capacity).all(axis=1))
    counts = np.zeros(len(values), dtype=np.int64)
    if not wanted.size:
        return Filling(counts, 0.0, 0.0)
    search = _Knapsack(worth[wanted], needs[wanted], capacity, most[wanted], tolerance, visits)
    counts[wanted[search.order]] = search.best_counts
    return Filling(counts, float(values @ counts), max(search.bound, search.best) * dearest)


class _Knapsack:
    """The search for the most valuable filling; lists, because they are short."""

    def __init__(
        self,
        values: Floats,
        needs: Floats,
        capacity: Floats,
        most: Whole,
        tolerance: float,
        visits: int,
    ) -> None:
        flavours, resources = needs.shape
        relaxed = maximum(values, needs.T, capacity, most)
        prices = relaxed.prices + _NOTHING
        weights = needs @ prices
        order = np.lexsort((-values * relaxed.point, -np.round(values / weights, 7)))
        self.order = order
        self.values: list[float] = values[order].tolist()
        self.most: list[int] = most[order].tolist()
        self.needs: list[list[float]] = np.column_stack([needs, weights])[order].tolist()
        self.start = np.ceil(relaxed.point[order] - 1e-3).astype(int).tolist()
        per_unit = np.full((flavours + 1, resources + 1), 0.0)
        with np.errstate(divide="ignore"):
            per_unit[:-1] = values[order, None] / np.column_stack([needs, weights])[order]
        per_unit = np.minimum(per_unit, _MANY)
        self.best_per_unit: list[list[float]] = np.maximum.accumulate(per_unit[::-1])[::-1].tolist()
        self.enough, self.visits = 1.0 + tolerance, visits
        self.counts = [0] * flavours
        self.best, self.best_counts, self.bound = 0.0, [0] * flavours, 0.0
        room = np.append(capacity, capacity @ prices) * (1 + SLACK)
        self._visit(0, room.tolist(), 0.0)

    def _visit(self, depth: int, free: list[float], value: float) -> None:
        """Try numbers of VMs of the next flavour, those near the relaxation first."""
        if value > self.best:
            self.best, self.best_counts = value, self.counts.copy()
        if depth == len(self.values):
            return
        if self.visits <= 0:
            self.bound = max(self.bound, value + self._most_from(depth, free))
            return
        self.visits -= 1
        need, worth = self.needs[depth], self.values[depth]
        number = self._number(depth, free)
        fewest = self._fewest(depth, free, value, number)
        start = min(number, self.start[depth]) or number
        for count in sorted(range(fewest, number + 1), key=lambda tried: abs(tried - start)):
            left = [room - count * amount for room, amount in zip(free, need, strict=True)]
            bound = value + count * worth + self._most_from(depth + 1, left)
            if bound <= self.best * self.enough:
                self.bound = max(self.bound, bound)
                continue
            self.counts[depth] = count
            self._visit(depth + 1, left, value + count * worth)
            self.counts[depth] = 0

    def _number(self, depth: int, free: list[float]) -> int:
        """Return how many VMs of a flavour fit into what is free."""
        number = self.most[depth]
        for amount, room in zip(self.needs[depth][:-1], free, strict=False):
            if amount > 0 and number * amount > room:
                number = int(room / amount)
        return number

    def _fewest(self, depth: int, free: list[float], value: float, number: int) -> int:
        """Return from how many VMs on a better filling is possible, by the weighted sum alone.

        No later flavour is worth more of the sum, so what is possible falls with every VM less.
        """
        rate, weight, room = self.best_per_unit[depth + 1][-1], self.needs[depth][-1], free[-1]
        gain = self.values[depth] - rate * weight
        if gain <= _NOTHING:
            return 0
        fewest = math.ceil((self.best * self.enough - value - rate * room) / gain)
        if fewest > 0:
            self.bound = max(self.bound, value + rate * room + (min(fewest, number + 1) - 1) * gain)
        return max(fewest, 0)

    def _most_from(self, depth: int, free: list[float]) -> float:
        """Return what the flavours from this one on cannot exceed in what is free."""
        most = math.inf
        for rate, room in zip(self.best_per_unit[depth], free, strict=True):
            if rate < _MANY and rate * room < most:
                most = rate * room
        return most
