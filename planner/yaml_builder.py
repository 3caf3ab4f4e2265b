"""Builds plain data from YAML events, notes where each part stands, collects what is refused."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from planner.faults import Fault, InputError, Mark
from planner.wording import quoted
from planner.yaml_errors import explain

MAX_DEPTH = 50
MAX_INTEGER_DIGITS = 18
MAX_NUMBER_LENGTH = 40
MAX_FAULTS = 100

KeyPath: TypeAlias = tuple[str | int, ...]
Scalar: TypeAlias = str | int | float | bool | None

# libyaml reports the same events at the same places as the Python parser, in a tenth of the time.
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Control characters, line breaks that editors do not count, text-direction overrides, surrogates.
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]|\r(?!\n)"
)

_CONSTANTS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
_FIRST_OF_NUMBER = frozenset("-+.0123456789")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"-?((?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


@dataclass
class _Open:
    """A mapping or list that is being filled; ``key`` is None while a mapping awaits its key."""

    content: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def awaits_key(self) -> bool:
        return self.key is None and isinstance(self.content, dict)


class Builder:
    """Reads one document with a stack in place of recursion, so that no nesting can exhaust it.

    Parameters
    ----------
    name : str
        How the file is called in messages.
    """

    def __init__(self, name: str) -> None:
        """Start with nothing read."""
        self.marks: dict[KeyPath, Mark] = {}
        self.key_marks: dict[KeyPath, Mark] = {}
        self._name = name
        self._lines: list[str] = []
        self._has_tabs = False
        self._faults: list[Fault] = []
        self._stack: list[_Open] = []
        self._root: Any = None
        self._documents = 0

    def build(self, text: str) -> dict[str, Any]:
        """The top-level mapping of the text; raises `InputError` with every fault found."""
        self._lines = text.split("\n")
        self._has_tabs = "\t" in text
        try:
            for event in yaml.parse(text, Loader=LOADER):
                if not self._take(event) or len(self._faults) >= MAX_FAULTS:
                    break
        except yaml.YAMLError as error:
            self._faults.append(explain(error, self._name, self._lines))
        except (ValueError, OverflowError) as error:  # the Python parser, at escapes past Unicode
            self._faults.append(Fault(Mark(self._name), f"not valid YAML: {error}"))
        if not self._faults and not isinstance(self._root, dict):
            self._faults.append(self._not_a_mapping())
        if self._faults:
            raise InputError(self._faults)
        root: dict[str, Any] = self._root
        return root

    def _not_a_mapping(self) -> Fault:
        if self._root is None:
            return Fault(Mark(self._name), "the file is empty", "write `key: value` lines")
        kind = "a list" if isinstance(self._root, list) else "a single value"
        return Fault(
            Mark(self._name, 1, 1),
            f"the file holds {kind} in place of `key: value` lines",
            "put it under a key",
        )

    def _take(self, event: yaml.Event) -> bool:
        """Handle one event; False means that reading on makes no sense."""
        if isinstance(event, yaml.NodeEvent):
            self._check_extras(event)
            if self._stack and self._stack[-1].awaits_key:
                return self._take_key(event, self._stack[-1])
            return self._take_value(event)
        if isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._fault(event, "a second document starts here", "keep one document in a file")
            return self._documents == 1
        return True

    def _check_extras(self, event: yaml.NodeEvent) -> None:
        """Refuse anchors, aliases, tags and indentation by tabs."""
        remedy = "delete it, or put it in quotes if it is text"
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, f"the alias {quoted(f'*{event.anchor}')} is not supported", remedy)
            return
        if event.anchor is not None:
            self._fault(event, f"the anchor {quoted(f'&{event.anchor}')} is not supported", remedy)
        if tag := getattr(event, "tag", None):
            tag = tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(event, f"the tag {quoted(tag)} is not supported", remedy)
        if self._has_tabs and self._follows_tab(self._mark(event)):
            self._fault(event, "a tab is used as indentation", "indent with spaces")

    def _follows_tab(self, mark: Mark) -> bool:
        """Whether a tab stands in the indentation, which libyaml accepts inside brackets."""
        line = "".join(self._lines[mark.line - 1 : mark.line])
        indentation = line[: mark.column - 1]
        return "\t" in indentation and not indentation.strip(" \t-?")

    def _take_key(self, event: yaml.NodeEvent, top: _Open) -> bool:
        """Note the key of the entry that follows."""
        if isinstance(event, yaml.CollectionStartEvent):
            self._fault(event, "a key cannot be a list or a mapping", "write a text key")
            return False
        mark = self._mark(event)
        key = event.value if isinstance(event, yaml.ScalarEvent) else f"*{event.anchor}"
        if isinstance(event, yaml.ScalarEvent):
            self._check_key(event, key)
        if key in top.lines:
            message = f"the key {quoted(key)} is already on line {top.lines[key]}"
            self._fault(event, message, "keep one of the two")
        top.lines.setdefault(key, mark.line)
        top.key = key
        self.key_marks[*top.path, key] = mark
        return True

    def _check_key(self, event: yaml.ScalarEvent, key: str) -> None:
        plain = event.implicit[0]
        if plain and key == "<<":
            self._fault(event, "the merge key `<<` is not supported", "write the entries out")
        elif plain and not key:
            self._fault(event, "a key is missing before the colon", "write `key: value`")
        elif not isinstance(self._scalar(event), str):
            self._fault(event, f"the key {quoted(key)} is not text", f'write `"{key}"` with quotes')

    def _take_value(self, event: yaml.NodeEvent) -> bool:
        """Put a value where it belongs, and open it if it is a mapping or a list."""
        value = self._value(event)
        path = self._attach(value, self._place_of_value(event))
        if isinstance(event, yaml.CollectionStartEvent):
            self._stack.append(_Open(value, path))
            if len(self._stack) > MAX_DEPTH:
                self._fault(event, f"nested more than {MAX_DEPTH} levels deep", "flatten the data")
                return False
        return True

    def _place_of_value(self, event: yaml.NodeEvent) -> Mark:
        """Where a value stands; one that is left out stands at its key."""
        left_out = isinstance(event, yaml.ScalarEvent) and event.implicit[0] and not event.value
        if left_out and self._stack and self._stack[-1].key is not None:
            return self.key_marks[*self._stack[-1].path, self._stack[-1].key]
        return self._mark(event)

    def _attach(self, value: Any, mark: Mark) -> KeyPath:
        """Put a value into the innermost open mapping or list; returns its path."""
        if not self._stack:
            self._root = value
            return ()
        top = self._stack[-1]
        step: str | int
        if isinstance(top.content, list):
            step = len(top.content)
            top.content.append(value)
        else:
            step = top.key or ""
            top.content[step] = value
            top.key = None
        path = (*top.path, step)
        self.marks[path] = mark
        return path

    def _value(self, event: yaml.NodeEvent) -> Any:
        """An empty container, or the meaning of a scalar."""
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        if isinstance(event, yaml.SequenceStartEvent):
            return []
        return self._scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text: str = event.value
        # Elsewhere such a character stands in the file itself, which was searched as a whole.
        if event.style == '"' and (unwanted := UNWANTED.search(text)):
            message = f"this text holds the control character U+{ord(unwanted.group()):04X}"
            self._fault(event, message, "delete its escape")
        if not event.implicit[0]:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text[0] not in _FIRST_OF_NUMBER:
            return text
        if _NOT_FINITE.fullmatch(text):
            self._fault(event, f"`{text}` is not a finite number", "write a finite one")
        elif _INTEGER.fullmatch(text):
            return self._integer(event, text)
        elif match := _FLOAT.fullmatch(text):
            return self._float(event, text, match.group(1))
        return text

    def _integer(self, event: yaml.ScalarEvent, text: str) -> int:
        if len(text.lstrip("-")) > MAX_INTEGER_DIGITS:
            message = f"the number {quoted(text)} has more than {MAX_INTEGER_DIGITS} digits"
            self._fault(event, message, "use a larger unit, or put it in quotes if it is text")
            return 0
        return int(text)

    def _float(self, event: yaml.ScalarEvent, text: str, mantissa: str) -> float:
        number = float(text) if len(text) <= MAX_NUMBER_LENGTH else math.nan
        vanished = number == 0 and re.search("[1-9]", mantissa)
        if vanished or not math.isfinite(number):
            message = f"the number {quoted(text)} is too large, too small or too long"
            self._fault(event, message, "write fewer digits or a smaller exponent")
        return number

    def _mark(self, event: yaml.Event) -> Mark:
        start = event.start_mark
        return Mark(self._name, start.line + 1, start.column + 1) if start else Mark(self._name)

    def _fault(self, event: yaml.Event, message: str, remedy: str) -> None:
        self._faults.append(Fault(self._mark(event), message, remedy))
