"""How far results move when their inputs do.

Every sheet is computed once, over columns. The first column has every fact at its most likely
value. Where facts are unknown, some columns try what would follow if they were zero, and if one of
them were not. Then each uncertain thing alone goes to the low and to the high end of its range.
All further columns are draws: each fact with a range takes values spread over it, the same in
every design, so that designs can be compared draw by draw.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from statistics import NormalDist
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from planner.facts import Fact
from planner.faults import InputError, Mark

Values: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

TAIL = 0.05
DRAWS = 1010
"""Twenty times a whole number and ten more: the 5th percentile is then one of the draws, so that
what equals a fact has the very range of the fact."""
ASKED = {"samples": (100, 20_000), "seed": (0, 2**32 - 1)}
COUNTED = ("vm", "vcpu", "core", "thread", "node", "port", "part")
_NORMAL = NormalDist()


class Range(NamedTuple):
    """A value with the ends of its 90 % range; None where there is none."""

    value: float | None
    low: float | None
    high: float | None


@cache
def _scores(draws: int) -> Values:
    """Standard normal scores at the middles of equally likely intervals, scaled to the 5 % tail."""
    unit = -_NORMAL.inv_cdf(TAIL)
    return np.array([_NORMAL.inv_cdf((i + 0.5) / draws) / unit for i in range(draws)])


def thing_of(fact: Fact) -> str:
    """What a fact is drawn with: a machine that idles high also peaks high."""
    return fact.name.replace("idle_power", "power").replace("peak_power", "power")


def quantiles(draws: Values, shares: Sequence[float]) -> Values:
    """The values that shares of the draws lie below, by Hazen's rule as NumPy has it.

    Parameters
    ----------
    draws : ndarray, shape (..., draws)
        Values.
    shares : sequence of float
        Shares, 0 .. 1 [1].

    Returns
    -------
    ndarray, shape (..., shares)
        One value for each share.

    Notes
    -----
    The draws in order stand at shares (i + 1/2) / n, with straight lines between them.
    `numpy.quantile` gives the same, several times as slowly on a thousand draws.

    Examples
    --------
    >>> quantiles(np.array([4.0, 1.0, 3.0, 2.0]), (0.5, 0.75)).tolist()
    [2.5, 3.5]
    """
    last = draws.shape[-1] - 1
    places = np.round(np.asarray(shares) * draws.shape[-1] - 0.5, 9).clip(0.0, last)
    below = places.astype(int)
    above = np.minimum(below + 1, last)
    ordered = np.partition(draws, sorted({*below.tolist(), *above.tolist()}), axis=-1)
    least, most = ordered[..., below], ordered[..., above]
    return np.asarray(least + (places - below) * (most - least))


def spread(fact: Fact, draws: int, seed: int = 0) -> Values:
    """Values of a fact over its range, one a draw.

    Parameters
    ----------
    fact : Fact
        A fact with a value.
    draws : int
        How many values.
    seed : int
        Another one gives the same values in another order.

    Returns
    -------
    ndarray, shape (draws,)
        Values in the unit of the fact: above zero where its range is, whole where it counts
        things, and no share above one.

    Notes
    -----
    The value is the median, with 5 % below ``low`` and 5 % above ``high``. Either side is half of
    a lognormal distribution, v (end/v)^z with z standard normal in units of its 95th percentile;
    half of a normal one where the range reaches zero or the value is not positive. The draws are
    stratified (McKay, Beckman, Conover, 1979: Latin hypercube), so that they honour the range
    exactly; their order depends on the name of the fact and the seed alone, and is the same for
    the idle and the peak power of one thing.

    Examples
    --------
    >>> from planner.facts import Basis
    >>> price = Fact("price", 100.0, "AUD", Basis.ASSUMPTION, low=80.0, high=140.0)
    >>> values = spread(price, 1010)
    >>> [round(float(end), 6) for end in np.quantile(values, [0.05, 0.95], method="hazen")]
    [80.0, 140.0]
    """
    value = 0.0 if fact.value is None else fact.value
    low = value if fact.low is None else fact.low
    high = value if fact.high is None else fact.high
    scores = _scores(draws)
    ends = np.where(scores < 0.0, low, high)
    if low > 0.0:
        values = value * (ends / value) ** np.abs(scores)
    else:
        floor = 0.0 if low == 0.0 else -math.inf
        values = np.maximum(value + (ends - value) * np.abs(scores), floor)
    if fact.unit in COUNTED:
        values = np.rint(values)
    if fact.unit == "1" and high <= 1.0:
        values = np.minimum(values, 1.0)
    order = np.random.default_rng([zlib.crc32(thing_of(fact).encode()), seed]).permutation(draws)
    return values[order]


@dataclass(frozen=True)
class Draws:
    """Draws that the designs of a comparison share.

    Parameters
    ----------
    count : int
        How many; none leaves the ranges out.
    seed : int
        What their order depends on, beside the names of the facts.
    """

    count: int = DRAWS
    seed: int = 0
    _known: dict[Fact, Values] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def asked(cls, count: int | None, seed: int) -> Draws:
        """The draws that a user asks for; as many as are usual where no number is given.

        Raises
        ------
        InputError
            When they are too few to tell anything, or too many to hold.
        """
        given = {"seed": seed} if count is None else {"samples": count, "seed": seed}
        for name, value in given.items():
            least, most = ASKED[name]
            if not (isinstance(value, int) and least <= value <= most):
                remedy = f"write a whole number from {least:,} to {most:,}"
                raise InputError.at(Mark(name), f"got {value!r}", remedy)
        return cls(seed=seed) if count is None else cls(count, seed)

    def of(self, fact: Fact) -> Values:
        """A fact in every draw; computed once for all designs."""
        if fact not in self._known:
            self._known[fact] = spread(fact, self.count, self.seed)
        return self._known[fact]


@dataclass(frozen=True)
class Columns:
    """Which column holds what.

    Parameters
    ----------
    unknown : tuple of Fact
        Facts without a value: from column 1 on, one column with all of them at zero, then one
        column a fact with that one at 1.
    varied : tuple of str
        Uncertain things: then two columns each, with its facts at their low and at their high
        ends and all others as they are.
    draws : Draws
        Columns after these.
    changed : mapping
        Other values of facts by their names, for a what-if.
    """

    unknown: tuple[Fact, ...]
    varied: tuple[str, ...] = ()
    draws: Draws = field(default_factory=Draws)
    changed: Mapping[str, float] = field(default_factory=dict)
    leaves: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was made of facts that are not changed, to be made once for all designs."""

    @classmethod
    def of(cls, facts: Iterable[Fact], draws: int | Draws = DRAWS) -> Columns:
        """The columns that a set of facts needs."""
        found = list(facts)
        shared = draws if isinstance(draws, Draws) else Draws(draws)
        unknown = {fact.name: fact for fact in found if not fact.known}
        things = {thing_of(fact) for fact in found if fact.has_range}
        if not things or not shared.count:
            return cls(tuple(unknown.values()), (), Draws(0))
        return cls(tuple(unknown.values()), tuple(sorted(things)), shared)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self._first_draw + self.draws.count

    @cached_property
    def _first_end(self) -> int:
        return 1 + (1 + len(self.unknown) if self.unknown else 0)

    @cached_property
    def _first_draw(self) -> int:
        return self._first_end + 2 * len(self.varied)

    @cached_property
    def _end_of(self) -> dict[str, int]:
        """The column with the low end of each varied thing."""
        return {thing: self._first_end + 2 * i for i, thing in enumerate(self.varied)}

    def values(self, fact: Fact) -> Values:
        """The fact in every column; a single column where it is the same in all."""
        if fact.name in self.changed:
            return np.array([self.changed[fact.name]], dtype=float)
        if not fact.known:
            return self._unknown_values(fact)
        if not fact.has_range:
            return np.array([fact.value], dtype=float)
        values = np.full(self.width, fact.value, dtype=float)
        if self.draws.count:
            at = self._end_of[thing_of(fact)]
            values[at : at + 2] = [
                fact.value if end is None else end for end in (fact.low, fact.high)
            ]
            values[self._first_draw :] = self.draws.of(fact)
        return values

    def _unknown_values(self, fact: Fact) -> Values:
        values = np.full(self.width, np.nan)
        values[1 : self._first_end] = 0.0
        names = [known.name for known in self.unknown]
        values[2 + names.index(fact.name)] = 1.0
        return values

    def samples(self, columns: Values) -> Values:
        """A result in every draw."""
        return np.broadcast_to(columns, (self.width,))[self._first_draw :]

    def without_probes(self, columns: Values) -> Values:
        """A result as most likely, then with each thing at its ends, then in every draw."""
        every = np.broadcast_to(columns, (self.width,))
        return np.concatenate((every[:1], every[self._first_end :]))

    def range_of(self, columns: Values) -> Range:
        """A result with its 90 % range, see `ranges_of`."""
        (found,) = self.ranges_of([columns])
        return found

    def ranges_of(self, results: Sequence[Values]) -> list[Range]:
        """Results with their 90 % ranges.

        Parameters
        ----------
        results : sequence of ndarray, shape (width,) or (1,)
            Each result in every column.

        Notes
        -----
        The 5th and the 95th percentile of the draws. An unknown result has no value; it has a
        lower bound (an upper bound) where it can only rise (fall) with every unknown input.
        """
        found = [self._without_draws(columns) for columns in results]
        drawn = [i for i, item in enumerate(found) if item is None]
        if drawn:
            rows = np.stack([results[i][self._first_draw :] for i in drawn])
            values = np.array([results[i][0] for i in drawn])
            for i, item in zip(drawn, _drawn_ranges(values, rows), strict=True):
                found[i] = item
        return [item for item in found if item is not None]

    def _without_draws(self, columns: Values) -> Range | None:
        """The range of a result that the draws tell nothing of; None for any other."""
        value = float(columns[0])
        if not math.isfinite(value):
            return self._bounds(np.broadcast_to(columns, (self.width,))[1 : self._first_end])
        return Range(value, None, None) if columns.shape[-1] == 1 or not self.draws.count else None

    @staticmethod
    def _bounds(probes: Values) -> Range:
        if not probes.size or not np.all(np.isfinite(probes)):
            return Range(None, None, None)
        change = probes[1:] - probes[0]
        if np.all(change >= 0.0) and np.any(change > 0.0):
            return Range(None, float(probes[0]), None)
        if np.all(change <= 0.0) and np.any(change < 0.0):
            return Range(None, None, float(probes[0]))
        return Range(None, None, None)


def _drawn_ranges(values: Values, draws: Values) -> Iterator[Range]:
    """Values with the ends of their draws, (values, draws); without them where they do not vary."""
    varies = np.isfinite(draws).all(axis=-1) & (draws != values[:, np.newaxis]).any(axis=-1)
    ends = np.tile(values[:, np.newaxis], 2)
    ends[varies] = quantiles(draws[varies], (TAIL, 1.0 - TAIL))
    for value, (low, high) in zip(values.tolist(), ends.tolist(), strict=True):
        if low == value == high:
            yield Range(value, None, None)
        else:
            yield Range(value, min(low, value), max(high, value))


@dataclass(frozen=True)
class Walks(Columns):
    """Columns in which one thing after another walks step by step towards and past a range's end.

    The first column still has every fact at its most likely value.

    Parameters
    ----------
    walks : tuple of (str, bool, ndarray)
        What moves, whether upwards, and where it stands: 1 is the end of its range.
    """

    walks: tuple[tuple[str, bool, Values], ...] = ()

    @cached_property
    def width(self) -> int:
        """Number of columns."""
        return 1 + sum(len(steps) for _, _, steps in self.walks)

    def values(self, fact: Fact) -> Values:
        """The fact in every column; a single column where it is the same in all."""
        if fact.value is None:
            return np.array([np.nan])
        if (thing := thing_of(fact)) not in self._places:
            return np.array([fact.value])
        values = np.full(self.width, fact.value)
        for first, high, steps in self._places[thing]:
            values[first : first + len(steps)] = along(fact, high, steps)
        return values

    @cached_property
    def _places(self) -> dict[str, list[tuple[int, bool, Values]]]:
        """Where each thing walks: the first column, whether upwards, and the steps."""
        found: dict[str, list[tuple[int, bool, Values]]] = {}
        first = 1
        for thing, high, steps in self.walks:
            found.setdefault(thing, []).append((first, high, steps))
            first += len(steps)
        return found


WIDEST = 10.0


def along(fact: Fact, high: bool, steps: Values) -> Values:
    """A fact on the way from its value to an end of its range and past it.

    The way is the one on which draws lie, see `spread`, up to ten times the value or down to a
    tenth; it ends with the range where either is not positive. The way of a fact without a range
    leads to twice or half its value; one that has a range to the other side only stands still.

    Examples
    --------
    >>> from planner.facts import Basis
    >>> price = Fact("price", 100.0, "AUD", Basis.ASSUMPTION, low=80.0, high=120.0)
    >>> along(price, True, np.array([0.0, 1.0, 2.0, 99.0])).round(6).tolist()
    [100.0, 120.0, 144.0, 1000.0]
    """
    value = 0.0 if fact.value is None else fact.value
    end = fact.high if high else fact.low
    if end is None:
        end = value if fact.has_range else value * (2.0 if high else 0.5)
    if value > 0.0 and end > 0.0:
        ratio = np.clip(steps * math.log(end / value), -math.log(WIDEST), math.log(WIDEST))
        values = np.where(steps == 1.0, end, value * np.exp(ratio))
    else:
        values = value + (end - value) * np.minimum(steps, 1.0)
    if fact.unit in COUNTED:
        values = np.rint(values)
    return np.minimum(values, 1.0) if fact.unit == "1" and max(value, end) <= 1.0 else values
