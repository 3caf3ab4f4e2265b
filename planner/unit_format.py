"""Quantities as people read them; plain arithmetic, without pint."""

from __future__ import annotations

import math

from planner.unit_grammar import CURRENCIES

_PREFIXES = ("", "k", "M", "G", "T", "P")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi")
_LARGEST_PREFIX = {"W": "G", "VA": "G", "Wh": "k", "Wh/yr": "k", "B": "P"}
_COUNTED = {
    "vm": ("VM", "VMs"),
    "vcpu": ("vCPU", "vCPUs"),
    "core": ("core", "cores"),
    "thread": ("thread", "threads"),
    "node": ("node", "nodes"),
    "part": ("part", "parts"),
    "port": ("port", "ports"),
    "month": ("month", "months"),
}
_TINY = 1e-15


def format_quantity(value: float | None, unit: str, digits: int = 3) -> str:
    """A quantity in the form that a report shows.

    Parameters
    ----------
    value : float or None
        Magnitude in ``unit``; None and NaN are unknown.
    unit : str
        The unit; W, VA, Wh and B get a fitting prefix, all others stay as they are.
    digits : int
        Significant digits; digits before the decimal point are never dropped.

    Returns
    -------
    str
        Number and unit, without exponent notation.

    Raises
    ------
    ValueError
        Fewer than one digit is asked for.

    Examples
    --------
    >>> format_quantity(1500.0, "W"), format_quantity(96.0, "vm"), format_quantity(None, "W")
    ('1.50 kW', '96 VMs', 'unknown')
    >>> format_quantity(6e12, "B"), format_quantity(250e6, "B/s")
    ('6.00 TB (5.46 TiB)', '250 MB/s (2,000 Mbit/s)')
    >>> format_quantity(12345.0, "AUD"), format_quantity(0.25, "AUD/kWh")
    ('12,345 AUD', '0.25 AUD/kWh')
    """
    if digits < 1:
        raise ValueError(f"digits must be at least 1, got {digits}")
    if value is None or math.isnan(value):
        return "unknown"
    if math.isinf(value):
        return "unlimited" if value > 0 else "-unlimited"
    value = float(value)
    if unit == "B/s":
        rate, bits = (_number(scaled, digits) for scaled in (value / 1e6, value / 1e6 * 8))
        return f"{rate} MB/s ({bits} Mbit/s)"
    if unit in _LARGEST_PREFIX:
        return _prefixed(value, unit, digits)
    if unit in CURRENCIES or unit == "money":
        return f"{_money(value, digits)} {unit}"
    return _as_it_is(_trimmed(_number(value, digits)), unit)


def _as_it_is(number: str, unit: str) -> str:
    """Number and unit without any prefix."""
    if unit in _COUNTED:
        return f"{number} {_COUNTED[unit][number not in ('1', '-1')]}"
    if unit.startswith("1"):
        return number + unit[1:]
    return f"{number} {unit}"


def _prefixed(value: float, unit: str, digits: int) -> str:
    """The number below 1000, as far as prefixes reach; capacities in powers of 1024 as well."""
    steps = 0
    while _PREFIXES[steps] != _LARGEST_PREFIX[unit] and (
        _magnitude(value / 1000.0**steps, digits) >= 3
    ):
        steps += 1
    number = _number(value / 1000.0**steps, digits)
    if unit == "B" and steps == 0:
        return f"{_trimmed(number)} B"
    text = f"{number} {_PREFIXES[steps]}{unit}"
    if unit == "B":
        text += f" ({_number(value / 1024.0**steps, digits)} {_BINARY[steps]}B)"
    return text


def _money(value: float, digits: int) -> str:
    """Whole units for large amounts, cents for small ones."""
    if abs(value) >= 100 or value == round(value):
        return _positive_zero(f"{value:,.0f}")
    return f"{value:,.2f}" if abs(value) >= 0.01 else _trimmed(_number(value, digits))


def _number(value: float, digits: int) -> str:
    """Significant digits with thousands separators; never fewer than stand before the point."""
    if value == 0:
        return "0"
    if abs(value) < _TINY:
        return "almost 0"
    return f"{value:,.{max(0, digits - 1 - _magnitude(value, digits))}f}"


def _magnitude(value: float, digits: int) -> int:
    """Power of ten of the value after rounding, so that 999.6 counts as 1000."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _positive_zero(number: str) -> str:
    return "0" if number == "-0" else number
