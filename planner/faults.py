"""What is wrong with an input, where, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mark:
    """A place in a file; line and column count from 1, and 0 stands for the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with an input.

    Parameters
    ----------
    mark : Mark
        Where it stands.
    message : str
        What is wrong.
    remedy : str
        What to write instead; empty where nothing can be proposed.
    """

    mark: Mark
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.mark}: {self.message}" + (f"; {self.remedy}" if self.remedy else "")


class InputError(ValueError):
    """An input cannot be used; carries every fault that was found in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @classmethod
    def at(cls, mark: Mark, message: str, remedy: str = "") -> InputError:
        """The error of a single fault."""
        return cls([Fault(mark, message, remedy)])
