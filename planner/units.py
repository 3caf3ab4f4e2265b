"""The edge where texts with units become plain numbers.

A year has 8760 hours, apparent power is not power, a currency converts to no other, and a spelling
that could mean two things is refused with both proposals. pint is imported at the first use of a
unit that is not usual.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from planner.unit_errors import UnitError, bare_number, not_a_quantity, unknown_unit
from planner.unit_format import format_quantity
from planner.unit_grammar import (
    ATOM,
    CURRENCIES,
    DEFINITIONS,
    MAX_LENGTH,
    NUMBER,
    UNIT,
    spellings,
)
from planner.usual_factors import USUAL_FACTORS
from planner.wording import quoted

if TYPE_CHECKING:
    import pint

__all__ = [
    "CURRENCIES",
    "UnitError",
    "convert",
    "dimension",
    "format_quantity",
    "quantity",
    "registry",
    "same_unit",
]

_PLAIN = "1"
_QUANTITY = re.compile(rf"({NUMBER}) ?({UNIT})")


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The project's own unit registry; it knows what is in units.txt and nothing else."""
    import pint

    return pint.UnitRegistry(str(DEFINITIONS))


def quantity(text: str | float, unit: str) -> float:
    """Magnitude, in ``unit``, of a quantity written as a number and a unit.

    Parameters
    ----------
    text : str
        A decimal number, at most one space, and a unit: ``35 W``, ``0.25 AUD/kWh``, ``2/yr``. A
        plain number is accepted for the unit ``1`` only, and so is ``20 %``.
    unit : str
        The unit of the result.

    Returns
    -------
    float
        The magnitude, always finite.

    Raises
    ------
    UnitError
        The text is something else, its unit is unknown or ambiguous, or is of another kind.

    Examples
    --------
    >>> quantity("10 Gbps", "MB/s")
    1250.0
    >>> quantity("20 %", "1")
    0.2
    >>> quantity("3 Tb", "B")
    Traceback (most recent call last):
    planner.unit_errors.UnitError: `Tb` may mean bits or bytes; write `Tbit` or `TB`
    """
    if not isinstance(text, str):
        return _plain_number(text, unit)
    match = _QUANTITY.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if match is not None:
        number, written = match.groups()
        numerator, denominator = _factor(written, unit)
        return float(number) * numerator / denominator
    if len(text) <= MAX_LENGTH and re.fullmatch(NUMBER, text):
        if unit == _PLAIN:
            return float(text)
        raise bare_number(text, unit)
    raise not_a_quantity(text, unit)


def _plain_number(number: object, unit: str) -> float:
    """A number that is not a text; only the unit 1 can do without one."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        message = f"expected a quantity in `{unit}`, got {type(number).__name__}"
        raise UnitError(message, "write one number and its unit")
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise UnitError(f"`{value}` is not a finite number", "write a finite one")
    if unit != _PLAIN:
        raise bare_number(f"{value:.15g}", unit)
    return value


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """The same quantity in another unit of the same kind.

    Parameters
    ----------
    value : float
        Magnitude in ``from_unit``.
    from_unit, to_unit : str
        The units.

    Returns
    -------
    float
        Magnitude in ``to_unit``.

    Raises
    ------
    UnitError
        A unit is unknown, or the two are of different kinds.

    Examples
    --------
    >>> convert(1.0, "year", "h")
    8760.0
    >>> round(convert(3.0, "TB", "TiB"), 4)
    2.7285
    """
    numerator, denominator = _factor(from_unit, to_unit)
    return value * numerator / denominator


def same_unit(a: str, b: str) -> bool:
    """Whether two spellings mean the same unit: ``kWh/yr`` and ``kWh/year``, not ``GB`` and ``B``.

    Examples
    --------
    >>> same_unit("kWh/yr", "kWh/year"), same_unit("GB", "B"), same_unit("VA", "W")
    (True, False, False)
    """
    if _unit(a).dimensionality != _unit(b).dimensionality:
        return False
    numerator, denominator = _factor(a, b)
    return numerator == denominator


def dimension(unit: str) -> str:
    """The kind of a unit in words, the same for all units that convert to each other.

    Examples
    --------
    >>> dimension("kW"), dimension("kWh"), dimension("AUD/kWh"), dimension("Gbps"), dimension("%")
    ('power', 'energy', 'money in AUD per energy', 'data per time', 'a plain number')
    """
    powers: dict[str, Any] = dict(_unit(unit).dimensionality)
    powers = {name.strip("[]"): power for name, power in powers.items()}
    for sign in (1, -1):
        if powers.get("power") == sign and powers.get("time") == sign:
            del powers["power"], powers["time"]
            powers["energy"] = sign
    above = " x ".join(_power(name, p) for name, p in sorted(powers.items()) if p > 0)
    below = "".join(f" per {_power(name, -p)}" for name, p in sorted(powers.items()) if p < 0)
    return (above + below).strip() or "a plain number"


def _power(name: str, exponent: float) -> str:
    words = f"money in {name}" if name in CURRENCIES else name.replace("_", " ")
    return words if exponent == 1 else f"{words}^{exponent:g}"


@lru_cache(maxsize=1024)
def _unit(token: str) -> pint.Unit:
    """The unit that a token of the grammar means."""
    if token == _PLAIN:
        return registry().parse_units("")
    if len(token) > MAX_LENGTH or not re.fullmatch(UNIT, token):
        raise UnitError(f"{quoted(token)} is not a unit", "write a unit such as `W` or `MB/s`")
    if any(atom not in spellings() for atom in re.findall(ATOM, token)):
        raise unknown_unit(token)
    formula = token.replace("^", "**").replace("%", "percent").replace("°", "deg")
    return registry().parse_units("1" + formula if formula.startswith("/") else formula)


@lru_cache(maxsize=1024)
def _factor(from_unit: str, to_unit: str) -> tuple[float, float]:
    """Numerator and denominator of the conversion, one of them 1 and the other at least 1.

    A division by 100 is rounded once, a product with 0.01 twice: so 35 % stays 0.35.
    """
    usual = USUAL_FACTORS.get((from_unit, to_unit))
    return _factor_of_pint(from_unit, to_unit) if usual is None else usual


def _factor_of_pint(from_unit: str, to_unit: str) -> tuple[float, float]:
    source, target = _unit(from_unit), _unit(to_unit)
    if source.dimensionality != target.dimensionality:
        raise _wrong_kind(from_unit, to_unit)
    factor = float(registry().convert(1.0, source, target))
    return (factor, 1.0) if factor >= 1 else (1.0, float(registry().convert(1.0, target, source)))


def _wrong_kind(got: str, needed: str) -> UnitError:
    message = f"`{got}` measures {dimension(got)}, not {dimension(needed)}"
    if "money" in needed:
        example = needed.replace("money", "AUD")
        return UnitError(message, f"write an amount of money, e.g. in `{example}`")
    if needed == _PLAIN:
        return UnitError(message, "write a plain number or a percentage")
    return UnitError(message, f"write it in `{needed}` or another unit of that kind")
