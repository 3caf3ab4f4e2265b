"""What the YAML parser's complaints mean, in words that say what to do."""

from __future__ import annotations

from typing import NamedTuple

import yaml

from planner.faults import Fault, Mark


class _Explanation(NamedTuple):
    """``clue`` is part of PyYAML's or libyaml's own text; both spellings where they differ."""

    clue: str
    message: str
    remedy: str
    at_opening: bool = False  # point at the start of the construct, not at where reading stopped


_QUOTE = "put the text in quotes"
_EXPLANATIONS = (
    _Explanation("scanning an alias", "`*` starts an alias, not supported here", _QUOTE, True),
    _Explanation("scanning an anchor", "`&` starts an anchor, not supported here", _QUOTE, True),
    _Explanation("tag directive", "lines that start with `%` are not supported", "delete it", True),
    _Explanation("directive", "lines that start with `%` are not supported", "delete it", True),
    _Explanation("incompatible YAML", "this YAML version is not supported", "delete the line"),
    _Explanation(" tag", "`!` starts a tag, not supported here", _QUOTE, True),
    _Explanation(
        "mapping values are not allowed",
        "a colon stands where no value can start",
        "put text with a colon in quotes, or check the indentation",
    ),
    _Explanation(
        "expected ':'", "this is neither `key: value` nor a list item", "write `key: value`", True
    ),
    _Explanation("unexpected end of stream", "this quote is never closed", "close it", True),
    _Explanation("unexpected document", "this quote is not closed before `---`", "close it", True),
    _Explanation(
        "escape",
        "this backslash means nothing in double quotes",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    _Explanation(
        "hexdecimal",
        "the digits of this escape are missing in double quotes",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    _Explanation("document start>", "text follows the end of the content", "delete it"),
    _Explanation(
        "while scanning a block scalar",
        "this does not fit after `|` or `>`",
        "start the text on the next line, indented by spaces",
    ),
    _Explanation("entries are not allowed", "a list cannot start here", "start it on its own line"),
    _Explanation("keys are not allowed", "`?` cannot stand here", _QUOTE),
    _Explanation(
        "node content", "a value is missing here", "write it, or put this character in quotes"
    ),
)
_ELSE = _Explanation(
    "",
    "this does not fit what stands before it",
    "check the indentation and the quotes",
)


def explain(error: yaml.YAMLError, name: str, lines: list[str]) -> Fault:
    """Turn an error of the YAML scanner or parser into a fault.

    Parameters
    ----------
    error : yaml.YAMLError
        What PyYAML or libyaml raised.
    name : str
        How the file is called in messages.
    lines : list of str
        The lines of the file.

    Returns
    -------
    Fault
        Place, plain words and remedy.

    Examples
    --------
    >>> try:
    ...     list(yaml.parse("files: *.txt"))
    ... except yaml.YAMLError as error:
    ...     print(explain(error, "site.yaml", ["files: *.txt"]))
    site.yaml:1:8: `*` starts an alias, not supported here; put the text in quotes
    """
    problem = getattr(error, "problem", None)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Fault(Mark(name), f"not valid YAML: {problem or error}")
    stop = error.problem_mark
    opening = error.context_mark or stop
    before = lines[stop.line][: stop.column] if stop.line < len(lines) else ""
    character = lines[stop.line][stop.column : stop.column + 1] if stop.line < len(lines) else ""
    if character == "\t" and not before.strip():
        found = _Explanation("", "a tab is used as indentation", "indent with spaces")
    elif "cannot start any token" in (problem or ""):
        found = _Explanation("", f"text cannot start with {character!r}", _QUOTE)
    elif "',' or" in (problem or ""):
        opener = f"the bracket that opens on line {opening.line + 1}"
        found = _Explanation(
            "", f"a comma is missing, or {opener} is not closed", "add what is missing"
        )
    else:
        text = f"{error.context or ''}: {problem or ''}"
        found = next((entry for entry in _EXPLANATIONS if entry.clue in text), _ELSE)
    place = opening if found.at_opening else stop
    return Fault(Mark(name, place.line + 1, place.column + 1), found.message, found.remedy)
