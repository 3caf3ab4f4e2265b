"""By which rules designs are judged, and which findings are accepted."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from planner.fields import fault
from planner.schema import Name, Strict


def _year_as_text(raw: Any) -> Any:
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


def _told(reason: str) -> str:
    if not reason.strip():
        raise fault("the reason is empty", "say why this is accepted")
    return reason


RuleSet = Annotated[Literal["2013", "current"], BeforeValidator(_year_as_text)]


class Suppression(Strict):
    """A finding that is known and accepted; it stays listed, and does not count."""

    code: Name
    design: Name | None = None
    """In all designs by default."""
    reason: Annotated[str, Field(max_length=500), AfterValidator(_told)]
