"""What becomes of a post of which nobody can tell whether it arrived."""

from dataclasses import dataclass
from typing import Literal

from core.durations import parse_duration
from core.languages import gettext as _
from core.languages.formats import duration_text


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainAfter:
    """What an unanswered question becomes, and after how many seconds."""

    wait_s: float
    then: Literal["drop", "resend"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainPolicy:
    """The operator's choice for posts in doubt."""

    on_uncertain: Literal["ask", "resend", "drop"]
    after: UncertainAfter


def fallback_text(then: str, wait_s: float) -> str:
    """Return what becomes of a post in doubt if nobody answers (`drop` or `resend`), as a sentence."""
    said = (
        _("Without an answer it is dropped in {wait}.")
        if then == "drop"
        else _("Without an answer it is sent again in {wait}.")
    )
    return said.format(wait=duration_text(wait_s))


def parse_uncertain_after(text: str) -> UncertainAfter:
    """Read `24h:drop` or `2h:resend`.

    Raises:
        ValueError: it is neither.
    """
    wait, _colon, then = text.partition(":")
    match then.strip():
        case "drop":
            return UncertainAfter(wait_s=parse_duration(wait), then="drop")
        case "resend":
            return UncertainAfter(wait_s=parse_duration(wait), then="resend")
        case _:
            raise ValueError("write a duration and drop or resend, such as 24h:drop")
