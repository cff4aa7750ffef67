"""Looking behind an address that somebody gave without saying what it is."""

from dataclasses import dataclass

import trio

from actors.reader.reading import Reader
from actors.web import Fetched, Web
from core.access import Access
from core.discovery import Found, Suggestion, choose, suggest_from_url, well_known
from core.documents.html_sign import is_html
from core.entries import Document, ParsedDocument
from core.errors import UnreadableDocument
from core.protocol import Validators
from core.urls.normalize import host_of

_USUAL_WITHIN_S = 60.0
_NO_ACCESS = Access()


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and the answer in which it was found where that is the source's own."""

    found: Found
    fetched: Fetched | None = None


async def find(web: Web, reader: Reader, url: str, *, now_ms: int, access: Access = _NO_ACCESS) -> Looked:
    """Find what to watch: the address is fetched once, and its site's usual addresses if need be.

    Whatever goes wrong on the other side is in the answer. The redirects of an address that is a source
    itself are not taken over: whether they last is another matter.
    """
    known = suggest_from_url(url)
    wanted = choose(known)
    if known and wanted is None:
        return Looked(Found(suggestions=known))
    await web.hosts.wait_for_turn(host_of(wanted.url if wanted else url))
    fetched = await web.get(wanted.url if wanted else url, Validators(), now_ms=now_ms, access=access)
    if fetched.status != "ok":
        found = Found(
            chosen=wanted, reached=False, error=fetched.error or "http_status", error_args=fetched.error_args
        )
        return Looked(found, fetched)
    document = _document(fetched)
    if wanted is not None:
        return Looked(await _readable(reader, wanted, document), fetched)
    found = await _behind(reader, url, document)
    if found.error is not None and is_html(document.body):
        return Looked(await _usual(web, reader, url, now_ms, access) or found)
    itself = found.chosen is not None and found.chosen.url == url
    return Looked(found, fetched if itself else None)


async def _behind(reader: Reader, url: str, document: Document) -> Found:
    suggestions = await reader.discover(document)
    chosen = choose(suggestions)
    if suggestions and chosen is None:
        return Found(suggestions=suggestions)
    if chosen is not None and chosen.url != document.url:
        return Found(chosen=chosen)
    itself = Suggestion(kind="auto" if chosen is None else chosen.kind, url=url)
    return await _readable(reader, itself, document)


async def _usual(web: Web, reader: Reader, url: str, now_ms: int, access: Access) -> Found | None:
    """Try the usual addresses in order; the first that can be read is the answer, though not a sure one."""
    with trio.move_on_after(_USUAL_WITHIN_S):
        for each in well_known(url):
            await web.hosts.wait_for_turn(host_of(each.url))
            fetched = await web.get(each.url, Validators(), now_ms=now_ms, access=access)
            if fetched.status != "ok":
                continue
            found = await _readable(reader, each, _document(fetched))
            if found.chosen is not None:
                return Found(chosen=each, sure=False, suggestions=(each,))
    return None


async def _readable(reader: Reader, found: Suggestion, document: Document) -> Found:
    try:
        parsed = await reader.read(found.kind, document, found.rules)
    except UnreadableDocument as error:
        return Found(suggestions=_hopeful(found), error=error.code, detail=error.detail)
    return Found(chosen=_named(found, parsed), title=parsed.title)


def _hopeful(found: Suggestion) -> tuple[Suggestion, ...]:
    """A page of a well-known site may be watched although there is nothing on it yet."""
    return () if found.kind == "auto" else (found,)


def _named(found: Suggestion, parsed: ParsedDocument) -> Suggestion:
    return Suggestion(
        kind=parsed.kind, url=found.url, title=found.title or parsed.title, why=found.why, rules=found.rules
    )


def _document(fetched: Fetched) -> Document:
    return Document(body=fetched.body, url=fetched.url, content_type=fetched.content_type)
