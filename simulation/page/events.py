"""The stream of what happens, as server-sent events."""

import trio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from simulation.page.broadcast import frame
from simulation.page.stage import Stage

SILENCE_S = 15.0
"""After so long without an event a comment says that the stream still lives."""


class Events(Response):
    """First the whole state, then whatever changes, until the browser goes away."""

    def __init__(self, stage: Stage, headers: dict[str, str]) -> None:
        super().__init__(headers=headers, media_type="text/event-stream")
        # The length of an answer that does not end is not known.
        del self.headers["content-length"]
        self._stage = stage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_until_gone, receive, nursery.cancel_scope)
            await self._tell(send)
            nursery.cancel_scope.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, send: Send) -> None:
        """Tell all until this listener has fallen too far behind; the browser then begins anew."""
        with self._stage.broadcast.listen() as heard:
            told = frame("state", await self._stage.state())
            while True:
                await send({"type": "http.response.body", "body": told, "more_body": True})
                told = b":\n\n"
                with trio.move_on_after(SILENCE_S):
                    try:
                        told = await heard.receive()
                    except trio.EndOfChannel:
                        return


async def _until_gone(receive: Receive, scope: trio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
