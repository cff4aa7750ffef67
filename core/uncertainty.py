"""What becomes of a post of which nobody can tell whether it arrived."""

from dataclasses import dataclass
from typing import Literal

from core.durations import format_duration, parse_duration


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

    @property
    def fallback(self) -> str:
        """What happens if nobody answers, as a sentence."""
        verb = "dropped" if self.after.then == "drop" else "sent again"
        return f"Without an answer it is {verb} in {format_duration(self.after.wait_s)}."


def parse_uncertain_after(text: str) -> UncertainAfter:
    """Read `24h:drop` or `2h:resend`.

    Raises:
        ValueError: it is neither.
    """
    wait, _, then = text.partition(":")
    match then.strip():
        case "drop":
            return UncertainAfter(wait_s=parse_duration(wait), then="drop")
        case "resend":
            return UncertainAfter(wait_s=parse_duration(wait), then="resend")
        case _:
            raise ValueError("write a duration and drop or resend, such as 24h:drop")
