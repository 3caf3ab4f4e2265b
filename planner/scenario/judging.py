"""By which rules designs are judged, and which findings are accepted."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from planner.fields import fault
from planner.schema import Name, Strict


def _number(raw: Any) -> Any:
    return 2013 if raw == "2013" else raw


def _told(reason: str) -> str:
    if not reason.strip():
        raise fault("the reason is empty", "say why this is accepted")
    return reason


RuleSet = Annotated[Literal[2013, "current"], BeforeValidator(_number)]


class Suppression(Strict):
    """A finding that is known and accepted; it stays listed, and does not count."""

    code: Name
    design: Name | None = None
    """In all designs by default."""
    reason: Annotated[str, Field(max_length=500), AfterValidator(_told)]
