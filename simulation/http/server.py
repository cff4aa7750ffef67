"""A tiny HTTP/1.1 server, enough for real clients on loopback."""

import socket
import struct
from functools import partial

import h11
import trio

from simulation.http.reply import Reply
from simulation.http.request import Handler, Request

READ_BYTES = 65_536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


async def serve(
    handler: Handler,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve `handler` until cancelled; `started()` gives the port.

    Connections are kept alive, bodies may be chunked, and a client that goes away does not stop the
    handler that works for it. What a client breaks ends its connection only; an error of the handler
    ends the server, for it is a bug of the simulation.

    Args:
        handler: Answers each request.
        host: Address to listen at.
        port: 0 takes a free one.
        task_status: Given by `nursery.start`.
    """
    listeners = await trio.open_tcp_listeners(port, host=host)
    task_status.started(int(listeners[0].socket.getsockname()[1]))
    await trio.serve_listeners(partial(_serve_connection, handler), listeners)


async def _serve_connection(handler: Handler, stream: trio.SocketStream) -> None:
    connection = h11.Connection(h11.SERVER)
    async with stream:
        try:
            while (request := await _read_request(connection, stream)) is not None:
                reply = await handler(request)
                if not await _answer(connection, stream, request.method, reply):
                    return
                connection.start_next_cycle()
        except (trio.BrokenResourceError, h11.ProtocolError):
            return


async def _read_request(connection: h11.Connection, stream: trio.SocketStream) -> Request | None:
    """The next request, or None when the client is done."""
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            await _feed(connection, stream)
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return _request(head, bytes(body))
        else:
            return None


async def _feed(connection: h11.Connection, stream: trio.SocketStream) -> None:
    if connection.they_are_waiting_for_100_continue:
        proceed = h11.InformationalResponse(status_code=100, headers=[])
        await stream.send_all(connection.send(proceed) or b"")
    connection.receive_data(await stream.receive_some(READ_BYTES))


def _request(head: h11.Request, body: bytes) -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers)
    return Request(method=head.method.decode(), target=head.target.decode(), headers=headers, body=body)


async def _answer(connection: h11.Connection, stream: trio.SocketStream, method: str, reply: Reply) -> bool:
    """Send `reply` with its faults; False when the connection is to be closed."""
    await trio.sleep(reply.delay_s)
    if reply.cut == "hang":
        await trio.sleep_forever()
    if reply.cut in ("refuse", "reset"):
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    if reply.cut in ("refuse", "reset", "no_answer"):
        return False
    head = h11.Response(status_code=reply.status, headers=reply.headers_for(method))
    await stream.send_all(connection.send(head) or b"")
    for piece in reply.pieces(method):
        await trio.sleep(reply.drip_s)
        await stream.send_all(connection.send(h11.Data(data=piece)) or b"")
    if reply.cut == "half":
        return False
    await stream.send_all(connection.send(h11.EndOfMessage()) or b"")
    return connection.our_state is h11.DONE and connection.their_state is h11.DONE
