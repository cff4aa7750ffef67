"""What is known of one link when a rule is judged."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from core.filters.fields import FIELDS
from core.text import one_line, plain_text
from core.urls.normalize import host_of


@dataclass(slots=True, kw_only=True)
class LinkFacts:
    """A link as its source shows it, and its page where that was read: what the source says comes first.

    Attributes:
        url: as it will be published.
        page: what the page said, by the names of `core.pages.page.Page`; empty where it said nothing.
        final: no page will say more than is known now.
        seen_ms: when the link was first seen; where nobody gives a date, its age counts from then.
        now_ms: the moment for which its age is told.
    """

    url: str
    title: str = ""
    summary: str = ""
    author: str | None = None
    tags: Sequence[str] = ()
    published_ms: int | None = None
    page: Mapping[str, Any] = field(default_factory=dict)
    final: bool = True
    seen_ms: int = 0
    now_ms: int = 0
    _texts: dict[str, tuple[str, ...] | None] = field(default_factory=dict, init=False, repr=False)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return the texts of a fact, none or several only for tags; None while they are not known."""
        if name not in self._texts:
            self._texts[name] = _TEXTS[name](self)
        return self._texts[name]

    def number(self, name: str) -> Decimal | None:
        """Return a number, an age in seconds; None while it is not known."""
        if name == "age":
            since_ms = self.published_ms if self.published_ms is not None else self.page.get("published_ms")
            if since_ms is None and self.final:
                since_ms = self.seen_ms
            return None if since_ms is None else Decimal(max(0, self.now_ms - int(since_ms))) / 1000
        try:
            number = Decimal(str(self.page.get(name, "")))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None

    def is_known(self, name: str) -> bool | None:
        """Return whether a fact is known; None while that may change."""
        if FIELDS[name] in ("number", "age"):
            known = self.number(name) is not None
        else:
            known = any(self.texts(name) or ())
        return True if known else False if self.final else None

    def later(self, text: str) -> tuple[str, ...] | None:
        """Return a text; an empty one is not known while the page may still give it."""
        return (text,) if text or self.final else None


def folded(text: str) -> str:
    """Return a text as it is compared: whatever its case and its form of Unicode."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _title(facts: LinkFacts) -> tuple[str, ...] | None:
    return facts.later(one_line(facts.title or str(facts.page.get("title", ""))))


def _text(facts: LinkFacts) -> tuple[str, ...] | None:
    title, about = facts.texts("title"), plain_text(facts.summary) or str(facts.page.get("description", ""))
    if title is None or not (about or facts.final):
        return None
    return (" ".join((*title, one_line(about))).strip(),)


def _tag(facts: LinkFacts) -> tuple[str, ...] | None:
    tags = tuple(one_line(tag).removeprefix("#") for tag in (facts.tags or facts.page.get("tags", ())))
    return tags if tags or facts.final else None


def _word(name: str) -> Callable[[LinkFacts], tuple[str, ...] | None]:
    def read(facts: LinkFacts) -> tuple[str, ...] | None:
        return (str(facts.page[name]),) if facts.page.get(name) else None

    return read


_TEXTS: dict[str, Callable[[LinkFacts], tuple[str, ...] | None]] = {
    "title": _title,
    "text": _text,
    "url": lambda facts: (facts.url,),
    "host": lambda facts: (host_of(facts.url),),
    "author": lambda facts: facts.later(one_line(facts.author or str(facts.page.get("author", "")))),
    "tag": _tag,
    "language": _word("language"),
    "availability": _word("availability"),
}
