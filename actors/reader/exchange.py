"""One request to the worker and its answer, taken in small steps."""

from dataclasses import dataclass, field
from typing import Any

import trio

from actors.reader import wire
from core.entries import Entry

_MOST_ANSWER_BYTES = 128 * 2**20
_CHUNK_BYTES = 65_536


@dataclass(slots=True)
class Answer:
    """What the worker said of a document."""

    entries: list[Entry] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)


async def exchange(
    requests: trio.abc.SendStream, answers: trio.abc.ReceiveStream, head: bytes, body: bytes
) -> Answer:
    """Send a request and take in the answer, in steps that leave time to others.

    Raises:
        trio.BrokenResourceError, trio.ClosedResourceError, EOFError: the worker is dead.
        ValueError, TypeError, KeyError: it does not keep to the form.
    """
    await requests.send_all(head)
    await requests.send_all(wire.frame(body))
    answer, received, left = Answer(), bytearray(), _MOST_ANSWER_BYTES
    while "worn_out" not in answer.said:
        payload = await _next_frame(answers, received)
        left -= len(payload)
        if left < 0:
            raise ValueError("more than any document holds")
        match wire.decode(payload):
            case list(rows):
                answer.entries.extend(map(wire.unpack_entry, rows))
            case dict(said):
                answer.said |= said
            case _:
                raise ValueError("neither entries nor an end")
    return answer


async def _next_frame(stream: trio.abc.ReceiveStream, received: bytearray) -> bytes:
    """Return the next frame; what was received behind it stays in `received`."""
    expected = wire.LENGTH_BYTES
    length: int | None = None
    while True:
        if length is None and len(received) >= expected:
            length = int.from_bytes(received[: wire.LENGTH_BYTES], "big")
            expected += length
            if length > wire.MOST_FRAME_BYTES:
                raise ValueError("a frame larger than any document")
        if length is not None and len(received) >= expected:
            payload = bytes(received[wire.LENGTH_BYTES : expected])
            del received[:expected]
            await trio.lowlevel.checkpoint()
            return payload
        chunk = await stream.receive_some(_CHUNK_BYTES)
        if not chunk:
            raise EOFError
        received += chunk
