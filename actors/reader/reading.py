"""How the program reads documents: at once, or, where that could take long, in the worker process.

What reads pages, looks for feeds behind them or talks to the worker is imported where it is used: a look at
feeds that have not changed needs none of it.
"""

from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import trio

from core.documents.fallback import MOST_BYTES
from core.documents.html_sign import is_html
from core.documents.look import is_heavy, is_heavy_page
from core.entries import Document, Further, ParsedDocument
from core.errors import UnreadableDocument
from core.kinds import leads_on, listed_by, parse_as
from core.kinds.list import HtmlList

if TYPE_CHECKING:
    from actors.reader.workshop import Workshop
    from core.discovery import Suggestion
    from core.pages.json_ld import Node
    from core.pages.page import Page

_ANY_KIND = "auto"
_LONG_PAGE_BYTES = 1_000_000
_DEATHS = frozenset({"too_slow", "too_much_memory", "crashed"})


class Reader(Protocol):
    """Reads documents as kinds of sources do (`core.kinds`), without holding up other tasks.

    Its methods raise what the functions of the same meaning raise, and UnreadableDocument with the codes
    `too_slow`, `too_much_memory` and `crashed` where a document takes more than it may.
    """

    async def read(self, kind: str, document: Document, rules: str) -> ParsedDocument:
        """Read a document as a kind of source, or as "auto" (`core.kinds.parse_as`)."""
        ...

    async def wanted(self, kind: str, document: Document) -> Further:
        """Give the further documents that a source needs (`core.kinds.listed_by`)."""
        ...

    async def discover(self, document: Document) -> tuple["Suggestion", ...]:
        """Say what could be watched behind a document (`core.discovery.discover`)."""
        ...

    async def picture(self, document: Document) -> bytes:
        """Make a picture that Telegram takes (`core.pictures.preparing.prepare`)."""
        ...

    async def chart(self, document: Document) -> bytes:
        """Draw a chart (`core.pictures.chart.draw_packed`)."""
        ...

    async def page(self, document: Document) -> "Page":
        """Read what a page says of itself (`core.pages.reading.read_page`)."""
        ...


OpenReader = Callable[[], AbstractAsyncContextManager[Reader]]


class InlineReader:
    """Reads everything at once: for simulated time, which other processes do not keep."""

    async def read(self, kind: str, document: Document, rules: str) -> ParsedDocument:
        """Read a document."""
        await trio.lowlevel.checkpoint()
        return parse_as(kind, document, rules)

    async def wanted(self, kind: str, document: Document) -> Further:
        """Give the further documents that it needs."""
        await trio.lowlevel.checkpoint()
        return listed_by(kind, document)

    async def discover(self, document: Document) -> tuple["Suggestion", ...]:
        """Say what could be watched behind it."""
        from core.discovery import discover

        await trio.lowlevel.checkpoint()
        return discover(document)

    async def picture(self, document: Document) -> bytes:
        """Make a picture that Telegram takes."""
        from core.pictures.preparing import prepare

        await trio.lowlevel.checkpoint()
        return prepare(document.body)

    async def chart(self, document: Document) -> bytes:
        """Draw a chart."""
        from core.pictures.chart import draw_packed

        await trio.lowlevel.checkpoint()
        return draw_packed(document.body)

    async def page(self, document: Document) -> "Page":
        """Read what a page says of itself."""
        from core.pages.reading import read_page

        await trio.lowlevel.checkpoint()
        return read_page(document)


class WorkshopReader:
    """Reads light documents at once, and has heavy and broken ones read by the worker."""

    def __init__(self, workshop: "Workshop") -> None:
        self._workshop = workshop
        self._inline = InlineReader()

    async def read(self, kind: str, document: Document, rules: str) -> ParsedDocument:
        """Read a document; a light feed in which nothing is found gets a second opinion from the worker."""
        if _is_heavy(kind, document):
            return await self._read(kind, document, rules)
        await trio.lowlevel.checkpoint()
        try:
            return parse_as(kind, document, rules, fallback=_elsewhere)
        except _Elsewhere:
            pass
        try:
            return await self._read(kind, document, rules)
        except UnreadableDocument as error:
            if error.code not in _DEATHS:
                raise
        return await self._inline.read(kind, document, rules)

    async def wanted(self, kind: str, document: Document) -> Further:
        """Give the further documents that it needs."""
        if not leads_on(kind) or not is_heavy(document.body):
            return await self._inline.wanted(kind, document)
        from actors.reader import wire

        answer = await self._workshop.ask("wanted", document, kind=kind)
        return wire.checked(
            lambda: wire.unpack_further(answer.said["wanted"], complete=answer.said["complete"])
        )

    async def discover(self, document: Document) -> tuple["Suggestion", ...]:
        """Say what could be watched behind it; nothing where looking at it takes more than it may."""
        if not _is_heavy(_ANY_KIND, document):
            return await self._inline.discover(document)
        from actors.reader import wire

        try:
            answer = await self._workshop.ask("discover", document)
        except UnreadableDocument:
            return ()
        return wire.checked(lambda: tuple(map(wire.unpack_suggestion, answer.said["found"])))

    async def picture(self, document: Document) -> bytes:
        """Make a picture that Telegram takes; decoding the files of strangers is always the worker's."""
        from actors.reader import wire

        answer = await self._workshop.ask("picture", document)
        return wire.checked(lambda: b64decode(answer.said["picture"], validate=True))

    async def chart(self, document: Document) -> bytes:
        """Draw a chart; that takes a tenth of a second, which others need not wait for."""
        from actors.reader import wire

        answer = await self._workshop.ask("chart", document)
        return wire.checked(lambda: b64decode(answer.said["picture"], validate=True))

    async def page(self, document: Document) -> "Page":
        """Read what a page says of itself; where that takes more than it may, what its head says."""
        from actors.reader import wire
        from actors.reader.pages import unpack_page
        from core.pages.reading import read_page

        await trio.lowlevel.checkpoint()
        try:
            if len(document.body) <= _LONG_PAGE_BYTES:
                return read_page(document, items=_light_items)
        except _Elsewhere:
            pass
        try:
            answer = await self._workshop.ask("page", document)
            return wire.checked(lambda: unpack_page(answer.said["page"]))
        except UnreadableDocument as error:
            if error.code not in _DEATHS:
                raise
        return read_page(document, items=lambda _: ())

    async def _read(self, kind: str, document: Document, rules: str) -> ParsedDocument:
        from actors.reader import wire

        answer = await self._workshop.ask("read", document, kind=kind, rules=rules)
        return wire.checked(lambda: wire.unpack_document(answer.said["document"], answer.entries))


@asynccontextmanager
async def inline_reader() -> AsyncIterator[Reader]:
    """Give a reader that reads everything at once."""
    yield InlineReader()


@asynccontextmanager
async def process_reader() -> AsyncIterator[Reader]:
    """Give a reader with a worker process, which ends with the block."""
    from actors.reader.workshop import Workshop

    async with trio.open_nursery() as nursery:
        yield WorkshopReader(Workshop(nursery))
        nursery.cancel_scope.cancel()


def _is_heavy(kind: str, document: Document) -> bool:
    is_page = kind == HtmlList.name or (kind == _ANY_KIND and is_html(document.body))
    return is_heavy_page(document.body) if is_page else is_heavy(document.body)


class _Elsewhere(Exception):
    """This is for the worker: a second opinion, or what would take too long here."""


def _light_items(document: Document) -> Iterable[list["Node"]]:
    """Stand in for the look at all elements of a page, which must not hold up others."""
    from core.pages.items import is_light, read_items

    if not is_light(document):
        raise _Elsewhere
    return read_items(document)


def _elsewhere(document: Document) -> ParsedDocument:
    """Stand in for the fallback, which must not run in this process."""
    if len(document.body) > MOST_BYTES:
        raise UnreadableDocument("too_large")
    raise _Elsewhere
