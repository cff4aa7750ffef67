"""Workshops with real worker processes."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import trio

from actors.reader.workshop import WALL_S, Workshop
from core.entries import Document

OpenWorkshop = Callable[..., AbstractAsyncContextManager[Workshop]]
HONEST = b"<rss><channel><title>T</title><item><link>https://e.org/1</link><title>One</title></item></channel></rss>"


def document(body: bytes, content_type: str = "") -> Document:
    return Document(body=body, url="https://e.org/folder/feed", content_type=content_type)


@pytest.fixture
def workshop() -> OpenWorkshop:
    """Open a workshop for the length of a block, with other limits than usual."""

    @asynccontextmanager
    async def open_one(*options: str, wall_s: float = WALL_S) -> AsyncIterator[Workshop]:
        async with trio.open_nursery() as nursery:
            yield Workshop(nursery, wall_s=wall_s, options=options)
            nursery.cancel_scope.cancel()

    return open_one
