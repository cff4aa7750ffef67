"""The rule of agreement: what named parsers say of a document, and whether we say the same.

Compared are the number of entries and, of each entry, its link, id, title and date in seconds. A value is
expected if most of the parsers that read the document give it; feedparser breaks ties. Only those that find
as many entries as most do are asked for the values within. On dates a parser that finds none abstains,
for it may just not know the form; so does one whose text holds U+FFFD, for it could not decode it.
Characters that no XML may hold do not count.

A parser that hands out a relative link leaves to its caller what it starts from: it counts, followed from
the feed's own address, only where no parser makes the link absolute.

A parser hands out a title as it is written, and leaves it to its caller whether that is HTML: it counts for
both readings. Only feedparser says which of the two it is: one that agrees with it in one reading counts
for that one.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from core.entries import Document, Entry
from core.errors import UnreadableDocument
from core.kinds.feed import Feed

FOLDER = Path(__file__).parent
DOCUMENTS = FOLDER / "documents"
URL = "https://harbour.example/feed"
FIELDS = ("link", "id", "title", "date")
_BREAKS_TIES = "feedparser"
_LOST = "\ufffd"
_ABSOLUTE = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")

Value = str | int | None
Answers = dict[str, list[list[Any]] | None]
"""What each parser says: entries of link, id, title and date; None where it refuses the document."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One value of a document, as we give it and as it is expected."""

    document: str
    entry: int | None
    field: str
    ours: Value
    theirs: Value

    @property
    def agree(self) -> bool:
        return self.ours == self.theirs


def answers() -> dict[str, Answers]:
    """Return what the parsers said of each document when they were last asked."""
    said = json.loads((FOLDER / "answers.json").read_text())["documents"]
    return {
        name: {parser: group["entries"] for group in groups for parser in group["parsers"]}
        for name, groups in said.items()
    }


def compare(name: str, said: Answers) -> Iterator[Compared]:
    """Compare all values of one document that at least one of the parsers reads."""
    read = {parser: entries for parser, entries in said.items() if entries is not None}
    if not read:
        return
    ours = [_values(entry) for entry in _our_entries(name)]
    count = _most((parser, [len(entries)]) for parser, entries in read.items())
    yield Compared(name, None, "count", len(ours), count)
    voters = {parser: entries for parser, entries in read.items() if len(entries) == count}
    for entry in range(len(next(iter(voters.values())))):
        for index, field in enumerate(FIELDS):
            votes = {parser: entries[entry][index] for parser, entries in voters.items()}
            expected = _expected(field, votes)
            mine = ours[entry][index] if entry < len(ours) else None
            yield Compared(name, entry, field, mine, expected)


def _expected(field: str, votes: dict[str, Any]) -> Value:
    able = {parser: value for parser, value in votes.items() if _LOST not in str(value)}
    if field == "link":
        absolute = {parser: value for parser, value in able.items() if _ABSOLUTE.match(value or "")}
        if absolute:
            able = {parser: value for parser, value in able.items() if not value or parser in absolute}
    cast = {parser: _readings(field, value) for parser, value in able.items()}
    decided = cast.get(_BREAKS_TIES, [])[:1]
    sure = ((parser, decided if {*decided} & {*values} else values) for parser, values in cast.items())
    return _most(sure, abstain=field == "date")


def _our_entries(name: str) -> Sequence[Entry]:
    try:
        return Feed().parse(Document(body=(DOCUMENTS / name).read_bytes(), url=URL)).entries
    except UnreadableDocument:
        return ()


def _values(entry: Entry) -> tuple[Value, ...]:
    date = None if entry.published_ms is None else entry.published_ms // 1000
    return entry.url, entry.id, entry.title, date


def _most(votes: Iterable[tuple[str, Sequence[Value]]], *, abstain: bool = False) -> Value:
    """Count votes; who has no value may abstain, unless nobody has one."""
    cast = [
        (parser, values)
        for parser, values in votes
        if not abstain or any(value is not None for value in values)
    ]
    counted: Counter[Value] = Counter(value for _, values in cast for value in dict.fromkeys(values))
    decides = next((values for parser, values in cast if parser == _BREAKS_TIES), ())
    return max(counted, key=lambda value: (counted[value], value in decides), default=None)


def _readings(field: str, value: Any) -> list[Value]:
    if field == "title":
        return _titles(value)
    if field == "date" or value in (None, ""):
        return [value if field == "date" else None]
    return [urljoin(URL, value.strip()) if field == "link" else str(value).strip() or None]


def _titles(value: str | list[str] | None) -> list[Value]:
    """Give a title as it stands and as HTML; one in a list is HTML, one of feedparser without is not."""
    if isinstance(value, list):
        return [_as_html(_FORBIDDEN.sub("", value[0]))]
    text = _FORBIDDEN.sub("", value or "")
    return [" ".join(text.split()), _as_html(text)]


def _as_html(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())
