"""Text with formatting, before it is made fit for Telegram: offsets count code points here."""

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal[
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "pre",
    "blockquote",
    "text_link",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Formatting of `text[start:end]`."""

    kind: Kind
    start: int
    end: int
    url: str | None = None
    language: str | None = None
    folded: bool | None = None
    """Of a quote: whether it is shown folded; None where its length decides."""

    def moved(self, by: int) -> "Span":
        """Return the span with its offsets shifted."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rich:
    """Text and what is formatted in it: spans lie within one another or apart, they never cross."""

    text: str = ""
    spans: tuple[Span, ...] = ()
