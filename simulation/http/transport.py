"""The same handlers without a socket: an httpx transport."""

from collections.abc import AsyncIterator

import httpx
import trio

from simulation.http.reply import Reply
from simulation.http.request import Handler, Request


class InMemoryTransport(httpx.AsyncBaseTransport):
    """Carries requests of an `httpx.AsyncClient` to a handler, and its faults back.

    Read time-outs of the client hold, measured on trio's clock: `httpx.ReadTimeout`.

    With a `nursery` the handler runs there, as on a machine of its own: a client that gives up or is
    cancelled does not stop what the server is about to commit. Without one the handler is cancelled
    together with the request.
    """

    def __init__(self, handler: Handler, *, nursery: trio.Nursery | None = None) -> None:
        self._handler = handler
        self._nursery = nursery

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request`, or raise what httpx raises for the fault in the reply."""
        await trio.lowlevel.checkpoint()
        asked = await _asked(request)
        with trio.move_on_after(_read_timeout_s(request)):
            reply = await self._reply(asked)
            await trio.sleep(reply.delay_s)
            if reply.cut == "hang":
                await trio.sleep_forever()
            _raise_cut(reply, request)
            headers = reply.headers_for(request.method)
            return httpx.Response(reply.status, headers=headers, stream=_Body(reply, request))
        raise httpx.ReadTimeout("", request=request)

    async def _reply(self, asked: Request) -> Reply:
        if self._nursery is None:
            return await self._handler(asked)
        send, receive = trio.open_memory_channel[Reply](1)

        async def work() -> None:
            with send:
                send.send_nowait(await self._handler(asked))

        self._nursery.start_soon(work)
        return await receive.receive()


class _Body(httpx.AsyncByteStream):
    def __init__(self, reply: Reply, request: httpx.Request) -> None:
        self._reply = reply
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._reply.pieces(self._request.method):
            with trio.move_on_after(_read_timeout_s(self._request)) as scope:
                await trio.sleep(self._reply.drip_s)
            if scope.cancelled_caught:
                raise httpx.ReadTimeout("", request=self._request)
            yield piece
        if self._reply.cut == "half":
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body", request=self._request
            )


async def _asked(request: httpx.Request) -> Request:
    headers = tuple((name.lower(), value) for name, value in request.headers.multi_items())
    return Request(
        method=request.method,
        target=request.url.raw_path.decode("ascii"),
        headers=headers,
        body=await request.aread(),
    )


def _read_timeout_s(request: httpx.Request) -> float:
    timeout = request.extensions.get("timeout", {}).get("read")
    return float("inf") if timeout is None else float(timeout)


_NOT_CONNECTED = {
    "refuse": "All connection attempts failed",
    "dns": "[Errno -2] Name or service not known",
    "tls": "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
}


def _raise_cut(reply: Reply, request: httpx.Request) -> None:
    if reply.cut in _NOT_CONNECTED:
        raise httpx.ConnectError(_NOT_CONNECTED[reply.cut], request=request)
    if reply.cut == "no_answer":
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    if reply.cut == "reset":
        raise httpx.ReadError("", request=request)
