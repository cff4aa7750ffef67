"""Writing to the database from a command: by this process, or by the bot that runs and owns it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import trio
from sqlite_utils import Database

from core.audit_words import command_told
from core.errors import DatabaseInUse, TransientError
from store import audit, calls
from store.client import Storage
from store.lock import socket_path

if TYPE_CHECKING:
    from supervisor import Environment

_P = ParamSpec("_P")
_R = TypeVar("_R")
_PIECE_BYTES = 2**16


@asynccontextmanager
async def writing(env: "Environment") -> AsyncIterator[Storage]:
    """Own the database for the length of the block, or else ask the bot that owns it.

    Raises:
        DatabaseInUse: another process owns it, and cannot be asked.
    """
    import supervisor

    async with AsyncExitStack() as stack:
        try:
            storage: Storage = (await stack.enter_async_context(supervisor.storage(env)))[0]
        except DatabaseInUse as in_use:
            stream = await _connect(env, in_use)
            storage = RunningBot(await stack.enter_async_context(stream))
        yield storage


async def note(env: "Environment", storage: Storage, words: str, chat_id: int) -> None:
    """Add to the audit log what was done for a chat at the terminal."""
    told = command_told(words)
    await storage.write(audit.note_terminal, words=told, chat_id=chat_id, now_ms=env.now_ms())


class RunningBot:
    """The bot that runs, asked one thing after the other."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self._stream = stream

    async def write(
        self, function: Callable[Concatenate[Database, _P], _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> _R:
        """Let the bot run `function(connection, ...)` in a transaction of its writer.

        Raises:
            UserError, TransientError: what the function raised, or the bot ended meanwhile.
        """
        return cast("_R", await self._ask(function, args, kwargs))

    async def read(
        self, function: Callable[Concatenate[Database, _P], _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> _R:
        """Let the bot run a function that only reads."""
        return cast("_R", await self._ask(function, args, kwargs))

    async def _ask(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> object:
        try:
            await self._stream.send_all(calls.write_request(function, args, kwargs))
            line = await self._line()
        except trio.BrokenResourceError:
            line = await self._last_words()
        if not line.endswith(b"\n"):
            raise TransientError("the bot ended meanwhile, or refused; do it again: what is done stays done")
        return calls.read_answer(function, line)

    async def _line(self) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n"):
            piece = await self._stream.receive_some(_PIECE_BYTES)
            if not piece:
                break
            line += piece
        return bytes(line)

    async def _last_words(self) -> bytes:
        """Return what it said before it closed the connection."""
        try:
            return await self._line()
        except trio.BrokenResourceError:
            return b""


async def _connect(env: "Environment", in_use: DatabaseInUse) -> trio.SocketStream:
    path = socket_path(env.settings.database_path)
    if not path.is_socket():
        raise in_use
    try:
        return await trio.open_unix_socket(path)
    except OSError as error:
        raise DatabaseInUse(f"{in_use}; its socket {path} does not answer ({error})") from None
