"""What is wrong with the text of a quantity, and how to write it instead."""

from __future__ import annotations

import difflib
import re

from planner.unit_grammar import ATOM, MAX_LENGTH, NUMBER, UNIT, spellings
from planner.wording import quoted

_SEPARATORS = ",.'_ \u2019\u00a0\u202f"
_EXAMPLES = "write a unit such as `W`, `kWh`, `GB`, `MB/s`, `h`, `U` or `AUD`"


class UnitError(ValueError):
    """A text is not a quantity of the kind that is needed.

    Parameters
    ----------
    message : str
        What is wrong.
    remedy : str
        What to write instead.
    """

    def __init__(self, message: str, remedy: str) -> None:
        """Keep both parts, and join them for whoever prints the error."""
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message}; {remedy}")


def bare_number(number: str, unit: str) -> UnitError:
    """The unit is missing."""
    return UnitError(
        f"`{number}` has no unit", f"write it with its unit, e.g. `{_example(number, unit)}`"
    )


_USUAL = {"B": "GB", "B/s": "MB/s"}


def _example(number: str, unit: str) -> str:
    """How a number in the unit is written; a plain number and a rate need no space."""
    unit = _USUAL.get(unit, unit).replace("money", "AUD")
    return number + unit[1:] if unit == "1" or unit.startswith("1/") else f"{number} {unit}"


def unknown_unit(token: str) -> UnitError:
    """A part of the unit is not a known spelling."""
    bad = next(atom for atom in re.findall(ATOM, token) if atom not in spellings())
    message, proposals = _ambiguous(bad) or (f"the unit {quoted(bad)} is not known", _close(bad))
    if not proposals:
        return UnitError(message, _EXAMPLES)
    whole = [re.sub(rf"(?<!\w){re.escape(bad)}(?!\w)", new, token, count=1) for new in proposals]
    return UnitError(message, "write " + " or ".join(quoted(unit) for unit in whole))


def _ambiguous(atom: str) -> tuple[str, list[str]] | None:
    """Spellings that people use for bits as well as bytes, or for 1000 as well as 1024."""
    if atom in ("k", "K", "M", "G", "T", "P"):
        prefix = atom.replace("K", "k")
        return f"{quoted(atom)} is a prefix without its unit", [f"{prefix}B", f"{prefix}bit"]
    match = re.fullmatch("((?:[kmgtp]i?)?)b(ps)?", atom, re.IGNORECASE)
    if match is None:
        return None
    rate = "/s" if match[2] else ""
    if atom.startswith("KB"):
        return f"{quoted(atom)} may mean 1000 or 1024 bytes", [f"kB{rate}", f"KiB{rate}"]
    prefix = match[1][:1].upper() + match[1][1:].lower()
    prefix = "k" if prefix == "K" else prefix
    return f"{quoted(atom)} may mean bits or bytes", [f"{prefix}bit{rate}", f"{prefix}B{rate}"]


def _close(atom: str) -> list[str]:
    """Known spellings that look like ``atom``: those that differ only in case, else the nearest."""
    same = [known for known in spellings() if known.lower() == atom.lower()]
    if same:
        return same[:3]
    lower = {known.lower(): known for known in spellings() if known.isupper() == atom.isupper()}
    return [lower[hit] for hit in difflib.get_close_matches(atom.lower(), lower, n=2, cutoff=0.65)]


def not_a_quantity(text: str, unit: str) -> UnitError:
    """The text does not follow the pattern `number unit`."""
    shown = quoted(text)
    tidy = " ".join(text[: MAX_LENGTH + 1].split())
    if not tidy:
        return UnitError("the quantity is empty", "write a number and its unit")
    if len(text) > MAX_LENGTH:
        return UnitError(f"{shown} is not a quantity", "write one number, a space and one unit")
    if tidy != text and _reads(tidy):
        return UnitError(f"{shown} has superfluous blanks", f"write {quoted(tidy)}")
    if re.match(r"[+-]?(?:nan|inf(?:inity)?)\b", tidy, re.IGNORECASE):
        return UnitError(f"{shown} is not a finite number", "write a finite one")
    if any(character.isnumeric() and not character.isascii() for character in text):
        return UnitError(f"{shown} holds foreign digits", "write digits 0 to 9")
    if re.match(r"[0-9]{1,4}(?:-[0-9]{1,2}-|:)[0-9]", text):
        return UnitError(f"{shown} is a date or a time", f"write a number in `{unit}`")
    if re.search("[$€£¥]", text):
        return UnitError(f"{shown} holds a currency sign", "write its code, e.g. `300 AUD`")
    if re.match(rf"{NUMBER} ?(?:-|–|\.\.+|to) ?{NUMBER}", text):
        return UnitError(
            f"{shown} is a range", "write one value, and the range as `low` and `high`"
        )
    if re.fullmatch(UNIT, text):
        return UnitError(f"{shown} has no number", f"write it, e.g. `{_example('5', unit)}`")
    return _wrong_number(text) or UnitError(
        f"{shown} is not one number with one unit",
        f"write it like `{_example('5', unit)}`; nothing is computed here",
    )


def _reads(text: str) -> bool:
    return re.fullmatch(rf"{NUMBER} ?(?:{UNIT})?", text) is not None


def _wrong_number(text: str) -> UnitError | None:
    """A number that is written differently from what is accepted."""
    if re.match(r"[+-]?[0-9.]*[0-9]{21}", text):
        return UnitError(f"{quoted(text)} has too many digits", "use a larger unit")
    if re.match(r"[+-]?[0-9.]+[eE][+-]?[0-9]{3}", text):
        return UnitError(f"the exponent of {quoted(text)} is too large", "write at most two digits")
    proposals = [quoted(proposal) for proposal in _without_separators(text) if _reads(proposal)]
    if not proposals:
        return None
    what = "a decimal comma or separators between the digits"
    return UnitError(f"{quoted(text)} has {what}", "write " + " or ".join(proposals))


def _without_separators(text: str) -> list[str]:
    """What ``3,5 W``, ``1,000 W``, ``1 000 W`` or ``1.234,56 W`` may mean."""
    proposals = []
    if match := re.match(rf"([+-]?[0-9]{{1,3}}(?:([{_SEPARATORS}])[0-9]{{3}})+)(?![0-9])", text):
        digits = match[1].replace(match[2], "")
        rest = re.sub(r"^[.,](?=[0-9])", ".", text[match.end() :])
        proposals.append(digits + rest)
    if match := re.match(r"([+-]?[0-9]+),([0-9]+)(?![0-9.,])", text):
        proposals.append(f"{match[1]}.{match[2]}{text[match.end() :]}")
    return proposals
