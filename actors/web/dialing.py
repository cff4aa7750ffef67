"""Connecting to one of several addresses."""

import socket
from collections.abc import Sequence

import httpx
import trio

from core.addresses import IPAddress

_STAGGER_S = 0.25
_FAILED = (OSError, OverflowError)  # the latter for a port that is none


async def dial(addresses: Sequence[IPAddress], port: int) -> trio.SocketStream:
    """Connect to the first address that answers.

    The next one is tried as soon as one fails, or has said nothing for a quarter of a second; so a dead
    address costs no more than that. Cancelled, it leaves no socket behind. It has no time-out.

    Raises:
        httpx.ConnectError: none can be connected to.
    """
    if len(addresses) > 1:
        return await _race(addresses, port)
    try:  # most often there is one, and a nursery is not free
        return await _connect(addresses[0], port)
    except _FAILED as error:
        raise httpx.ConnectError(str(error)) from error


async def _race(addresses: Sequence[IPAddress], port: int) -> trio.SocketStream:
    errors: list[Exception] = []
    won: list[trio.SocketStream] = []

    async def attempt(address: IPAddress, failed: trio.Event) -> None:
        try:
            won.append(await _connect(address, port))
        except _FAILED as error:
            errors.append(error)
            failed.set()
        else:
            nursery.cancel_scope.cancel()

    try:
        async with trio.open_nursery() as nursery:
            for address in addresses:
                failed = trio.Event()
                nursery.start_soon(attempt, address, failed)
                with trio.move_on_after(_STAGGER_S):
                    await failed.wait()
    except BaseException:
        _close(won)
        raise
    _close(won[1:])
    if not won:
        raise httpx.ConnectError("; ".join(map(str, errors))) from ExceptionGroup("no address", errors)
    return won[0]


def _close(streams: Sequence[trio.SocketStream]) -> None:
    for stream in streams:
        stream.socket.close()


async def _connect(address: IPAddress, port: int) -> trio.SocketStream:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004
    connection = trio.socket.socket(family, socket.SOCK_STREAM)
    try:
        await connection.connect((str(address), port))
    except BaseException:
        connection.close()
        raise
    return trio.SocketStream(connection)
