"""What a kind of source reads out of a document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from core.hints import PollHints


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A fetched document, decoded from its transfer coding but not from its charset."""

    body: bytes
    url: str
    """Address it was finally read from: the base of relative links."""
    content_type: str = ""
    known: Callable[[str], bool] | None = field(default=None, compare=False)
    """Tells links of which nothing needs to be read: their entries may come with address and date alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that an entry brings along (RSS 2.0 enclosure, Atom link rel=enclosure)."""

    url: str
    media_type: str = ""
    length_bytes: int | None = None


class Entry(NamedTuple):
    """One entry as its document gives it: absolute URLs, clean strings, nothing invented.

    A tuple, for there are many: a frozen dataclass takes a sixth of all the time that reading an entry does.
    """

    id: str | None = None
    url: str | None = None
    title: str = ""
    """Plain text."""
    summary: str = ""
    """HTML of any quality, or plain text."""
    published_ms: int | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """The further documents that one names.

    Attributes:
        dates: their addresses, each with when it says that it changed (epoch milliseconds), if it does.
        complete: the document has not broken off: there are no others.
    """

    dates: Mapping[str, int | None] = field(default_factory=dict)
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """A document read by a kind of source; entries are in document order."""

    kind: str
    title: str = ""
    site_url: str | None = None
    entries: tuple[Entry, ...] = ()
    hints: PollHints | None = None
    """What it says of how often it wants to be looked at."""
    complete: bool = True
    """False where the document breaks off: it must be read in full again, whatever its validators say."""
