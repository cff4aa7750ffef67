"""What goes over the pipes between the program and its worker: frames of bytes, and values as plain JSON.

The worker reads documents of strangers and is not trusted: nothing that it says can be more than strings,
numbers and lists of these, and whatever has another shape than agreed is an error.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

from core.discovery import Suggestion
from core.entries import Enclosure, Entry, Further, ParsedDocument
from core.errors import UnreadableDocument
from core.hints import PollHints

T = TypeVar("T")

LENGTH_BYTES = 4
OUT_OF_MEMORY = 77
"""With this the worker exits."""
MOST_FRAME_BYTES = 48 * 2**20
"""More than any document may have."""
BATCH_ENTRIES = 200
BATCH_CHARACTERS = 100_000
"""Frames hold about so many entries and so much of their summaries: a millisecond's decoding."""
_SUMMARY_LIMIT = 16_000
_TEXT: frozenset[type] = frozenset({str})
_TEXT_OR_NONE: frozenset[type] = frozenset({str, type(None)})
_NUMBER_OR_NONE: frozenset[type] = frozenset({int, type(None)})


def frame(payload: bytes) -> bytes:
    """Give a message with its length before it."""
    return len(payload).to_bytes(LENGTH_BYTES, "big") + payload


def encode(value: object) -> bytes:
    """Write a value as JSON; what is no character becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def decode(payload: bytes) -> Any:  # noqa: ANN401 - JSON
    """Read JSON.

    Raises:
        ValueError: it is none, or is nested too deeply.
    """
    try:
        return json.loads(payload)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def pack_entries(entries: Sequence[Entry]) -> list[list[object]]:
    """Give entries as columns, one for each of their parts.

    Nobody shows more of a summary than its beginning, so that is what is sent, unless the entry has no
    address: it is known by its words then, and these must be the same whoever reads the document.
    """
    return [
        [each.id for each in entries],
        [each.url for each in entries],
        [each.title for each in entries],
        [each.summary[:_SUMMARY_LIMIT] if each.url else each.summary for each in entries],
        [each.published_ms for each in entries],
        [each.author for each in entries],
        [each.tags for each in entries],
        [each.image for each in entries],
        [[(file.url, file.media_type, file.length_bytes) for file in each.enclosures] for each in entries],
    ]


def unpack_entries(columns: Sequence[Any]) -> list[Entry]:
    """Build entries. Types are checked by columns, which costs a tenth of checking them one by one.

    Raises:
        ValueError, TypeError: the columns have another shape.
    """
    ids, urls, titles, summaries, dates, authors, tags, images, files = columns
    for column in (ids, urls, authors, images):
        _check(column, _TEXT_OR_NONE)
    for column in (titles, summaries, chain.from_iterable(tags)):
        _check(column, _TEXT)
    _check(dates, _NUMBER_OR_NONE)
    return [
        Entry(
            id=entry_id,
            url=url,
            title=title,
            summary=summary,
            published_ms=published_ms,
            author=author,
            tags=tuple(its_tags),
            image=image,
            enclosures=tuple(map(_enclosure, its_files)) if its_files else (),
        )
        for entry_id, url, title, summary, published_ms, author, its_tags, image, its_files in zip(
            ids, urls, titles, summaries, dates, authors, tags, images, files, strict=True
        )
    ]


def pack_head(document: ParsedDocument) -> dict[str, object]:
    """Give all of a document but its entries."""
    hints = document.hints
    return {
        "kind": document.kind,
        "title": document.title,
        "site_url": document.site_url,
        "complete": document.complete,
        "hints": None
        if hints is None
        else [hints.fresh_s, sorted(hints.skip_hours), sorted(hints.skip_days)],
    }


def unpack_document(head: dict[str, Any], entries: Sequence[Entry]) -> ParsedDocument:
    """Build a document.

    Raises:
        ValueError, TypeError, KeyError: the head has another shape.
    """
    hints = head["hints"]
    return ParsedDocument(
        kind=_text(head["kind"]),
        title=_text(head["title"]),
        site_url=_text_or_none(head["site_url"]),
        entries=tuple(entries),
        hints=None if hints is None else _hints(*hints),
        complete=head["complete"] is True,
    )


def unpack_texts(values: Sequence[Any]) -> tuple[str, ...]:
    """Give a list of strings.

    Raises:
        TypeError: something else is among them.
    """
    return tuple(map(_text, values))


def unpack_further(pairs: Sequence[Any], *, complete: object) -> Further:
    """Give addresses with their dates, if they have any, and whether they are all.

    Raises:
        ValueError, TypeError: something else is among them.
    """
    dates = {_text(url): _number_or_none(listed_ms) for url, listed_ms in pairs}
    return Further(dates=dates, complete=complete is True)


def unpack_suggestion(row: Sequence[Any]) -> Suggestion:
    """Build a suggestion.

    Raises:
        ValueError, TypeError: the list has another shape.
    """
    kind, url, title, why, rules = map(_text, row)
    return Suggestion(kind=kind, url=url, title=title, why=why, rules=rules)


def checked(unpack: Callable[[], T]) -> T:
    """Unpack a value.

    Raises:
        UnreadableDocument: `crashed`: it has another shape.
    """
    try:
        return unpack()
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableDocument("crashed", f"the worker says {error!r}"[:200]) from None


def _hints(fresh_s: object, hours: Sequence[Any], days: Sequence[Any]) -> PollHints:
    if not isinstance(fresh_s, int | float):
        raise TypeError("no number of seconds")
    return PollHints(
        fresh_s=float(fresh_s),
        skip_hours=frozenset(map(_number, hours)),
        skip_days=frozenset(map(_number, days)),
    )


def _check(values: Iterable[Any], allowed: frozenset[type]) -> None:
    if not allowed.issuperset(map(type, values)):
        raise TypeError("a value of another type")


def _enclosure(row: Sequence[Any]) -> Enclosure:
    url, media_type, length_bytes = row
    return Enclosure(url=_text(url), media_type=_text(media_type), length_bytes=_number_or_none(length_bytes))


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError("no string")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _number_or_none(value: object) -> int | None:
    return None if value is None else _number(value)
