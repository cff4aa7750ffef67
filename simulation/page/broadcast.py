"""One voice, many listeners: what is told reaches each page that is open."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import trio

MOST_UNHEARD = 256
"""Who is further behind is sent away, and begins anew with the whole state."""


def frame(kind: str, content: object) -> bytes:
    """One server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return f"event: {kind}\ndata: {text}\n\n".encode()


class Broadcast:
    """Hands events to whoever listens, and waits for nobody."""

    def __init__(self) -> None:
        self._listeners: set[trio.MemorySendChannel[bytes]] = set()

    @property
    def heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def tell(self, kind: str, content: object) -> None:
        """Tell everybody; who does not keep up hears the end of the stream."""
        if not self._listeners:
            return
        told = frame(kind, content)
        for listener in list(self._listeners):
            try:
                listener.send_nowait(told)
            except trio.WouldBlock:
                listener.close()
                self._listeners.discard(listener)

    @contextmanager
    def listen(self) -> Iterator[trio.MemoryReceiveChannel[bytes]]:
        """Listen for the length of the block."""
        send, receive = trio.open_memory_channel[bytes](MOST_UNHEARD)
        self._listeners.add(send)
        try:
            with send, receive:
                yield receive
        finally:
            self._listeners.discard(send)
