"""What a rule finds, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "information"]


@dataclass(frozen=True)
class Finding:
    """Something about a design that a buyer should know before buying.

    Parameters
    ----------
    code : str
        Stable name of the rule.
    severity : {"error", "warning", "information"}
        How bad it is.
    message : str
        What was found, with the numbers.
    fix : str
        What would mend it.
    source : str
        Who says so.
    """

    code: str
    severity: Severity
    message: str
    fix: str
    source: str


@dataclass(frozen=True)
class View:
    """The quantities of a design as a rule sees them: plain numbers, None where unknown.

    Parameters
    ----------
    quantities : mapping of str to float or None
        By name; those of the backends as ``BACKEND.quantity``.
    backends : tuple of str
        Names of the storage backends that serve more than their own host.
    """

    quantities: Mapping[str, float | None]
    backends: tuple[str, ...]

    def get(self, name: str) -> float | None:
        """A quantity; None where it is unknown or the design has none such."""
        return self.quantities.get(name)


Rule = Callable[[View], list[Finding]]
