"""Words for what fits into what: slots, ports, memory modules, drives, cases.

The catalog states them as texts in a fixed form, which is checked when it is read; here they are
read and compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

GIGABIT = 125e6

MEDIA = {
    "1000BASE-T": 1.0,
    "2.5GBASE-T": 2.5,
    "10GBASE-T": 10.0,
    "SFP": 1.0,
    "SFP+": 10.0,
    "SFP28": 25.0,
    "QSFP+": 40.0,
    "QSFP28": 100.0,
}
"""Kinds of ports and their speed in Gbit/s."""

DRIVE_FORMS = ("3.5 inch", "2.5 inch", "U.2", "M.2", "mSATA")
DRIVE_PROTOCOLS = ("SATA", "SAS", "NVMe")
BOARD_FORMS = ("mini-ITX", "micro-ATX", "ATX", "E-ATX")
"""From small to large: a case for one holds all that come before it."""

_SLOT = re.compile(
    r"(?:([1-9][0-9]?) x )?PCIe ([1-5]\.[0-9]) x(1|4|8|16)( open)?(?: with (1|2|4|8) lanes?)?"
)
_MODULE = re.compile(r"(DDR[2-6]) (SO-DIMM|DIMM|UDIMM|RDIMM)(?: with ECC)?")


@dataclass(frozen=True)
class Slot:
    """A PCIe slot, or the edge of a card: generation, width and lanes that are wired."""

    generation: float
    width: int
    lanes: int
    open_end: bool = False

    def takes(self, card: Slot) -> bool:
        """Whether a card can be plugged in; whether it then is fast enough is another matter."""
        return card.width <= self.width or self.open_end


def read_slots(text: str) -> list[Slot]:
    """The slots of a board.

    Raises
    ------
    ValueError
        A slot that is written otherwise.

    Examples
    --------
    >>> [slot.lanes for slot in read_slots("2 x PCIe 3.0 x8, PCIe 2.0 x16 with 4 lanes")]
    [8, 8, 4]
    >>> read_slots("none")
    []
    """
    found: list[Slot] = []
    for item in [] if text == "none" else text.split(","):
        match = _SLOT.fullmatch(item.strip())
        if match is None:
            raise ValueError(
                f"cannot read the slot `{item.strip()}`; write it like `PCIe 3.0 x8`, "
                "`2 x PCIe 2.0 x16 with 4 lanes`, `PCIe 3.0 x4 open` or `none`"
            )
        number, generation, width, open_end, lanes = match.groups()
        slot = Slot(float(generation), int(width), int(lanes or width), bool(open_end))
        found += [slot] * int(number or 1)
    return found


def alternatives(text: str) -> list[str]:
    """What a text names, of which any will do.

    Examples
    --------
    >>> alternatives("M.2 or U.2")
    ['M.2', 'U.2']
    """
    return [item.strip() for item in text.split(" or ")]


def first_word(text: str) -> str:
    """What comes before the first comma, where remarks begin.

    Examples
    --------
    >>> first_word("LGA1155, Q77 chipset")
    'LGA1155'
    """
    return text.partition(",")[0].strip()


def read_module(text: str) -> tuple[str, str, bool | None]:
    """Generation, size and whether it is registered, of a memory module; None where not told.

    Raises
    ------
    ValueError
        A module that is written otherwise.

    Examples
    --------
    >>> read_module("DDR5 RDIMM"), read_module("DDR3 SO-DIMM")
    (('DDR5', 'DIMM', True), ('DDR3', 'SO-DIMM', False))
    """
    match = _MODULE.fullmatch(text)
    if match is None:
        raise ValueError(
            f"cannot read the memory `{text}`; write it like `DDR3 SO-DIMM`, `DDR3 DIMM`, "
            "`DDR5 RDIMM` or `DDR5 UDIMM with ECC`"
        )
    form = match[2]
    registered = {"RDIMM": True, "UDIMM": False, "SO-DIMM": False}.get(form)
    return match[1], "SO-DIMM" if form == "SO-DIMM" else "DIMM", registered


def module_fits(board: str, module: str) -> bool:
    """Whether a board that takes one kind of memory, or one of several, takes a module.

    Examples
    --------
    >>> (
    ...     module_fits("DDR3 SO-DIMM", "DDR3 DIMM"),
    ...     module_fits("DDR4 RDIMM or DDR4 UDIMM", "DDR4 UDIMM"),
    ... )
    (False, True)
    """
    size = read_module(module)
    return any(
        size[:2] == taken[:2] and (None in (size[2], taken[2]) or size[2] == taken[2])
        for taken in map(read_module, alternatives(board))
    )


def board_fits(case: str, board: str) -> bool:
    """Whether a case holds a board."""
    return BOARD_FORMS.index(board) <= BOARD_FORMS.index(case)


def medium_of(text: str) -> str:
    """The kind of port that a text names before its first comma.

    Raises
    ------
    ValueError
        A kind that is not known.
    """
    return _one_of(MEDIA, "port")(first_word(text))


def _one_of(known: Iterable[str], what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"unknown {what} `{text}`; write one of {', '.join(known)}")
        return text

    return read


def _each(read: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: [read(item) for item in alternatives(text)]


def read_takes(text: str) -> dict[str, tuple[str, ...]]:
    """What else fits into ports of a kind: ``SFP+ takes SFP``, several parted by commas.

    Raises
    ------
    ValueError
        It is written otherwise.

    Examples
    --------
    >>> read_takes("SFP28 takes SFP+ or SFP")
    {'SFP28': ('SFP+', 'SFP')}
    """
    found = {}
    for item in text.split(","):
        port, verb, others = item.strip().partition(" takes ")
        if not verb:
            raise ValueError(f"cannot read `{item.strip()}`; write it like `SFP+ takes SFP`")
        found[medium_of(port)] = tuple(medium_of(other) for other in alternatives(others))
    return found


FORMS: dict[str, Callable[[str], object]] = {
    "slots": read_slots,
    "port": medium_of,
    "takes": read_takes,
    "module": read_module,
    "modules": _each(read_module),
    "drive": _each(_one_of(DRIVE_FORMS, "form of a drive")),
    "protocols": _each(_one_of(DRIVE_PROTOCOLS, "drive interface")),
    "protocol": lambda text: _one_of(DRIVE_PROTOCOLS, "drive interface")(text.partition(" ")[0]),
    "board": _one_of(BOARD_FORMS, "form factor"),
}
"""How each property in words is written; reading it is checking it."""
