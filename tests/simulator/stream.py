"""Listening to the page's stream of events."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import trio

PATIENCE_S = 60


class Stream:
    """The events of a page, one after the other."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self._stream = stream
        self._rest = b""
        self.head = ""

    async def next(self, kind: str) -> Any:
        """Return the content of the next event of a kind, whatever comes before it."""
        with trio.fail_after(PATIENCE_S):
            while True:
                event = await self._block(b"\n\n")
                if event.startswith(f"event: {kind}\n"):
                    return json.loads(event.partition("data: ")[2])

    async def begin(self) -> None:
        """Ask for the events, in HTTP/1.0: so that nothing lies between their bytes."""
        await self._stream.send_all(b"GET /events HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        self.head = await self._block(b"\r\n\r\n")

    async def _block(self, end: bytes) -> str:
        while end not in self._rest:
            piece = await self._stream.receive_some()
            assert piece, "the stream ended"
            self._rest += piece
        block, _, self._rest = self._rest.partition(end)
        return block.decode()


@asynccontextmanager
async def events(port: int) -> AsyncIterator[Stream]:
    """Listen to the page at a port of this machine, for the length of the block."""
    async with await trio.open_tcp_stream("127.0.0.1", port) as connection:
        stream = Stream(connection)
        await stream.begin()
        yield stream
