"""How foreign text is shown inside a message."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def quoted(text: str, limit: int = 60) -> str:
    """Text between backticks, on one line, printable and cut to ``limit`` characters.

    Examples
    --------
    >>> quoted("35 W")
    '`35 W`'
    >>> quoted("a\\nb" + "c" * 99, limit=8)
    '`a\\\\nbc...`'
    """
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: limit + 1])
    return f"`{shown}`" if len(shown) <= limit else f"`{shown[: limit - 3]}...`"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A proposal for a word that is not known: the closest one, else all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"known are: {shown}" if names else ""


def counted(number: float, thing: str) -> str:
    """A number of things.

    Examples
    --------
    >>> counted(1, "host"), counted(3, "host"), counted(2, "switch")
    ('1 host', '3 hosts', '2 switches')
    """
    ending = "es" if thing.endswith("ch") else "s"
    return f"{number:g} {thing}" if number == 1 else f"{number:g} {thing}{ending}"
