"""Text from outside made harmless for where it is printed."""

from __future__ import annotations

import unicodedata

_FORMULA_STARTS = tuple("=+-@\t\r\x00＝＋－＠")
"""The wide forms count as formulas in East Asian versions of spreadsheets."""
_MARKDOWN = {ord(char): f"\\{char}" for char in "\\`*_{}[]<>|~#"}
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def plain(text: str) -> str:
    """Text for a terminal: without control characters and marks that turn the reading order.

    Examples
    --------
    >>> plain("a" + chr(27) + "[2Jb")
    'a?[2Jb'
    """
    return "".join("?" if unicodedata.category(char) in _HIDDEN else char for char in text)


def csv_text(text: str) -> str:
    """Text for a CSV cell: never taken for a formula.

    Examples
    --------
    >>> csv_text("=1+1"), csv_text("＝1+1"), csv_text("node")
    ("'=1+1", "'＝1+1", 'node')
    """
    clean = plain(text)
    return f"'{clean}" if starts_formula(clean) else clean


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula where it is typed or pasted."""
    return text.lstrip().startswith(_FORMULA_STARTS)


def markdown(text: str) -> str:
    """Text for Markdown: nothing in it is markup.

    Examples
    --------
    >>> markdown("<b>|x")
    '\\\\<b\\\\>\\\\|x'
    """
    return plain(text).translate(_MARKDOWN)
