"""Items of JSON of any make, found by JSONPath (RFC 9535)."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery

from core.documents.charset import to_utf8
from core.documents.dates import parse_date
from core.documents.links import is_web, resolve
from core.documents.text import clean_text, one_line, plain_line
from core.entries import Document, Entry
from core.errors import UnreadableDocument, UserError

MOST_ITEMS = 5_000
_DEEPEST = 100
_MOST_DIGITS = 18
_MOST_BRACKETS = 20
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
# Where a rule is not given, the first of these that an item has.
_USUAL = {
    "link": ("url", "link", "href", "permalink", "html_url"),
    "title": ("title", "name", "headline"),
    "id": ("id", "guid", "uuid"),
    "date": ("published_at", "published", "date_published", "created_at", "created", "date", "pubDate"),
    "image": ("image", "thumbnail"),
    "summary": ("summary", "description", "excerpt"),
}


class ItemQueries(Protocol):
    """JSONPath queries, as their author wrote them; all but `items` may be empty."""

    @property
    def items(self) -> str: ...
    @property
    def link(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def date(self) -> str: ...
    @property
    def image(self) -> str: ...
    @property
    def summary(self) -> str: ...


class _Environment(JSONPathEnvironment):
    max_recursion_depth = _DEEPEST

    def setup_function_extensions(self) -> None:
        """Leave out match and search: a pattern of a stranger can take for ever."""
        super().setup_function_extensions()
        for name in ("match", "search"):
            self.function_extensions.pop(name, None)


_ENVIRONMENT = _Environment()
_DECODER = json.JSONDecoder(
    strict=False,
    parse_int=lambda digits: int(digits) if len(digits) <= _MOST_DIGITS else digits,
    parse_constant=lambda _: None,
)


@lru_cache(maxsize=256)
def compile_query(name: str, query: str) -> JSONPathQuery | None:
    """Compile a rule, once; None for an empty one. A bare name stands for `$.name`, `@` for `$`.

    Raises:
        UserError: it is no JSONPath query, or one whose cost has no bound: it says which.
    """
    if not query:
        return None
    text = f"${query[1:]}" if query.startswith("@") else query
    if not text.startswith("$"):
        text = f"${text}" if text.startswith("[") else f"$.{text}"
    shown = query[:100]
    bare = _QUOTED.sub("''", text)
    if bare.count("..") > 1 or bare.count("$") > 1 or bare.count("(") + bare.count("[") > _MOST_BRACKETS:
        raise UserError(
            "{name}: {shown!r}: at most one .. and one $, and {most} brackets, like $..posts[*]",
            name=name,
            shown=shown,
            most=_MOST_BRACKETS,
        )
    try:
        return _ENVIRONMENT.compile(text)
    except (JSONPathError, RecursionError, ValueError) as error:
        reason = str(error).partition(", line")[0]
        raise UserError(
            "{name}: {shown!r} is no JSONPath query ({reason}); write one like $.posts[*].url",
            name=name,
            shown=shown,
            reason=reason,
        ) from None


def read_items(document: Document, queries: ItemQueries) -> tuple[tuple[Entry, ...], bool]:
    """Read the items of a document; a list stands for its members where `items` names it alone.

    Returns:
        The first 5,000, and whether these are all.

    Raises:
        UnreadableDocument: `empty`, `not_json`, or `broken` (nested too deeply).
        UserError: a query is wrong.
    """
    if not document.body or document.body.isspace():
        raise UnreadableDocument("empty", "the document has no content")
    text = to_utf8(document.body, document.content_type).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    try:
        return _read(_DECODER.decode(text.strip("\x00")), document.url, queries)
    except ValueError as error:
        raise UnreadableDocument("not_json", f"the JSON has a mistake: {error}"[:200]) from None
    except (RecursionError, JSONPathError):
        raise UnreadableDocument("broken", "the JSON is nested too deeply") from None


def _read(value: object, base: str, queries: ItemQueries) -> tuple[tuple[Entry, ...], bool]:
    items = _found("items", queries.items, value, MOST_ITEMS + 1)
    query = compile_query("items", queries.items)
    if query is not None and query.singular_query() and len(items) == 1 and isinstance(items[0], list):
        items = items[0]
    entries = (_entry(item, base, queries) for item in items[:MOST_ITEMS])
    return tuple(entry for entry in entries if entry is not None), len(items) <= MOST_ITEMS


def _entry(item: object, base: str, queries: ItemQueries) -> Entry | None:
    url = resolve(base, one_line(_text(item, "link", queries.link)))
    if url is not None and not is_web(url):
        url = None
    entry_id = one_line(_text(item, "id", queries.id)) or None
    title = plain_line(_text(item, "title", queries.title), sure=False)
    summary = clean_text(_text(item, "summary", queries.summary)).strip()
    if not (url or entry_id or title or summary):
        return None
    image = resolve(base, one_line(_text(item, "image", queries.image)))
    return Entry(
        id=entry_id,
        url=url,
        title=title,
        summary=summary,
        published_ms=parse_date(_text(item, "date", queries.date)),
        image=image if image is not None and is_web(image) else None,
    )


def _text(item: object, name: str, query: str) -> str:
    """Give the first string or number that a rule finds in an item."""
    if query:
        found: Iterable[Any] = _found(name, query, item, 10)
    elif isinstance(item, dict):
        found = (item.get(key) for key in _USUAL[name])
    else:
        found = (item,) if name == "link" else ()
    for value in found:
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def _found(name: str, query: str, value: object, most: int) -> list[Any]:
    compiled = compile_query(name, query)
    if compiled is None or not isinstance(value, dict | list):
        return [value] if query in ("$", "@") else []
    return [node.value for node in islice(compiled.finditer(value), most)]
