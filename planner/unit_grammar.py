"""How a quantity is spelled: the strict `number unit` pattern and the list of unit spellings.

Nothing here needs pint. Only a unit that passes both gates is ever handed to it, because its own
reader computes whatever arithmetic it is given, mixes any prefix with any unit, and drops a final
``s``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

DEFINITIONS = Path(__file__).with_name("units.txt")

NUMBER = r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{1,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?"
ATOM = r"[A-Za-zµμ°%_]+"
_POWER = rf"{ATOM}(?:\^[1-9])?"
UNIT = rf"(?:{_POWER}(?:\*{_POWER})*(?:/{_POWER})*|1?(?:/{_POWER})+)"
MAX_LENGTH = 80

_DATA = ("k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi")
_PREFIXED = {
    "second": ("m", "u", "µ", "μ"),
    "watt": ("m", "k", "M", "G", "T"),
    "watt_hour": ("m", "k", "M", "G", "T"),
    "volt_ampere": ("k", "M", "G"),
    "volt": ("m", "k"),
    "ampere": ("m",),
    "bit": _DATA,
    "byte": _DATA,
    "bps": _DATA,
    "Bps": _DATA,
    "IOPS": ("k", "M"),
    "hertz": ("k", "M", "G"),
    "gram": ("m", "k"),
    "meter": ("m", "k"),
}


@cache
def _definitions() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Spellings of each unit by its name, and the long form of each prefix symbol."""
    units: dict[str, tuple[str, ...]] = {}
    prefixes: dict[str, str] = {}
    for line in DEFINITIONS.read_text(encoding="utf-8").splitlines():
        name, *rest = (field.strip() for field in line.partition("#")[0].split("="))
        if name.endswith("-"):
            prefixes |= {symbol.rstrip("-"): name.rstrip("-") for symbol in rest[1:]}
        elif name:
            units[name] = (name, *rest[1:])
    return units, prefixes


@cache
def spellings() -> dict[str, str]:
    """Every accepted spelling of a unit, with and without prefix, and the unit's name.

    Examples
    --------
    >>> spellings()["kWh"], spellings()["megabytes"]
    ('watt_hour', 'byte')
    """
    units, long_prefixes = _definitions()
    accepted = {spelling: name for name, all_forms in units.items() for spelling in all_forms}
    for name, symbols in _PREFIXED.items():
        for symbol in symbols:
            accepted |= {symbol + spelling: name for spelling in units[name]}
            words = (form for form in units[name] if len(form) > 2 and form.islower())
            accepted |= {long_prefixes[symbol] + word: name for word in words}
    return accepted


CURRENCIES = tuple(name for name in _definitions()[0] if re.fullmatch("[A-Z]{3}", name))
