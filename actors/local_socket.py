"""The socket beside the database: commands of the terminal reach the writer of the bot that runs.

A Unix socket that only the owner of the process can open, and root. What may be asked there, and how a line
looks, says `store.calls`; whoever asks reads files, keeps to batches and shows how far it is.
"""

import os
import socket
import stat
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import structlog
import trio

from actors.context import Context
from core.errors import TransientError, UserError, VestnikError
from store import calls
from store.lock import socket_path

_MOST_CLIENTS = 4
_SILENCE_S = 900.0
"""A command that looks behind an address is silent meanwhile."""
_TURN_S = 60.0
_PIECE_BYTES = 2**16

log = structlog.get_logger("local_socket")


async def run(
    ctx: Context,
    *,
    users: frozenset[int] | None = None,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve for ever. Owns the socket and the connections; a client can end nothing but its own.

    Where the socket cannot be made, that is a warning, and it tries again each minute.

    Args:
        ctx: the store, and the bells that are rung after a write.
        users: whose processes are answered; this process's own and root's, if not said.
        task_status: told when the first client could be served.
    """
    path = socket_path(ctx.settings.database_path)
    allowed = frozenset({0, os.geteuid()}) if users is None else users
    warned = False
    while True:
        try:
            with listening(path) as listener:
                log.debug("local_socket_serves", path=str(path))
                async with trio.open_nursery() as nursery:
                    seats = trio.CapacityLimiter(_MOST_CLIENTS)
                    serve = partial(_serve, ctx, seats, allowed)
                    nursery.start_soon(trio.serve_listeners, serve, [trio.SocketListener(listener)])
                    task_status.started()
                    while True:
                        ctx.turned()
                        await trio.sleep(_TURN_S)
        except OSError as error:
            if not warned:
                hint = "commands that write must wait until the bot is stopped; I try again each minute"
                log.warning("local_socket_not_served", path=str(path), error=str(error), hint=hint)
            warned = True
        ctx.turned()
        await trio.sleep(_TURN_S)


@contextmanager
def listening(path: Path) -> Iterator[trio.socket.SocketType]:
    """Listen for the length of the block; the file is the owner's alone, and is gone afterwards.

    Whoever calls this owns the database, so a socket that lies there is one of a process that died.

    Raises:
        OSError: it cannot be made, or something else lies there.
    """
    if path.exists() and not stat.S_ISSOCK(path.stat().st_mode):
        raise OSError("something that is no socket lies there")
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as ours:
        ours.bind(os.fspath(path))
        try:
            path.chmod(0o600)  # nobody can connect before it listens
            ours.listen(_MOST_CLIENTS)
            yield trio.socket.from_stdlib_socket(ours)
        finally:
            path.unlink(missing_ok=True)


async def _serve(
    ctx: Context, seats: trio.CapacityLimiter, users: frozenset[int], stream: trio.SocketStream
) -> None:
    """Answer one client until it goes, errs in the form of its lines, or is silent for too long."""
    async with stream:
        try:
            user = user_of(stream)
            if user is not None and user not in users:
                log.warning("local_socket_refused", user=user)
                return
            try:
                seats.acquire_nowait()
            except trio.WouldBlock:
                busy = TransientError("too many commands at once; try again when one has ended")
                await stream.send_all(calls.write_error(busy))
                return
            try:
                async for line in _lines(stream):
                    await stream.send_all(await _answer(ctx, line))
            finally:
                seats.release()
        except (trio.BrokenResourceError, trio.TooSlowError, calls.BadLine) as error:
            log.debug("local_socket_client_gone", error=repr(error))


def user_of(stream: trio.SocketStream) -> int | None:
    """Return the user id of the process at the other end (unix(7), SO_PEERCRED); None if unknown here."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    told = stream.socket.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i"))
    return int(struct.unpack("3i", told)[1])


async def _lines(stream: trio.SocketStream) -> AsyncIterator[bytes]:
    """Yield lines without their ends.

    Raises:
        BadLine: one is too long.
        TooSlowError: nothing came for too long.
    """
    waiting = bytearray()
    while True:
        with trio.fail_after(_SILENCE_S):
            piece = await stream.receive_some(_PIECE_BYTES)
        if not piece:
            return
        begin = len(waiting)
        waiting += piece
        while (end := waiting.find(b"\n", begin)) >= 0:
            yield bytes(waiting[:end])
            del waiting[: end + 1]
            begin = 0
        if len(waiting) > calls.LONGEST_LINE_BYTES:
            raise calls.BadLine("a line that is too long")


async def _answer(ctx: Context, line: bytes) -> bytes:
    try:
        asked = calls.read_request(line)
        run_it = ctx.store.write if asked.call.writes else ctx.store.read
        value = await run_it(asked.call.function, **asked.arguments)
        if asked.call.writes:
            _wake(ctx)
        return calls.write_value(asked.call, value)
    except VestnikError as error:
        return calls.write_error(error)
    except Exception as error:
        # Odd values reach the store functions from here only; their changes are rolled back.
        log.exception("local_socket_failed")
        return calls.write_error(UserError(f"that cannot be written down: {error!r}"))


def _wake(ctx: Context) -> None:
    for bell in (ctx.bells.poller, ctx.bells.fetcher, ctx.bells.publisher, ctx.bells.speaker):
        bell.ring()
