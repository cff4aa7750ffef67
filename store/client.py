"""How the rest of the program reaches the database: typed requests to the writer, reads beside it.

A write is a function of the connection. It travels to the writer, which alone holds the read-write
connection; the caller waits for the reply, which is sent only after the commit.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar, cast

import trio
from sqlite_utils import Database

from core.errors import TransientError
from core.languages import marked
from core.metrics import Metrics
from store import audit

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")


class Runner(Protocol):
    """Runs blocking work off the event loop, or inline under a mock clock."""

    def __call__(self, work: Callable[[], _T], /) -> Awaitable[_T]:
        """Return what `work` returns; a cancelled wait never abandons work half done."""
        ...


@dataclass(slots=True)
class Reply:
    """What became of a write: a value, or the error that rolled it back."""

    value: Any = None
    error: BaseException | None = None


class PendingReply:
    """Where one caller waits for one reply. A memory channel does the same at eight microseconds more."""

    __slots__ = ("_come", "_reply")

    def __init__(self) -> None:
        self._come = trio.Event()
        self._reply: Reply | None = None

    def put(self, reply: Reply) -> None:
        """Give the reply to the caller, whether it still waits or not."""
        self._reply = reply
        self._come.set()

    def close(self) -> None:
        """Let the caller know that no reply will come."""
        self._come.set()

    async def take(self) -> Reply:
        """Wait for the reply.

        Raises:
            trio.EndOfChannel: none will come.
        """
        await self._come.wait()
        if self._reply is None:
            raise trio.EndOfChannel
        return self._reply


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """A write on its way to the writer."""

    work: Callable[[Database], Any]
    name: str
    urgent: bool
    reply: PendingReply


class Storage(Protocol):
    """Where store functions are run: by this process, or by another one that owns the database."""

    def write(
        self, function: Callable[Concatenate[Database, _P], _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> Awaitable[_R]:
        """Run `function(connection, ...)` in a transaction; return after the commit."""
        ...

    def read(
        self, function: Callable[Concatenate[Database, _P], _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> Awaitable[_R]:
        """Run a function that only reads."""
        ...


class Changes:
    """How many transactions of this process have changed something: counted by its writer."""

    def __init__(self) -> None:
        self.count = 0


class Store:
    """Typed access to the database, for one actor or handler."""

    def __init__(
        self,
        requests: trio.MemorySendChannel[WriteRequest],
        reader: Database,
        run_read: Runner,
        metrics: Metrics | None = None,
        changes: Changes | None = None,
    ) -> None:
        self._requests = requests
        self._reader = reader
        self._run_read = run_read
        self._metrics = Metrics() if metrics is None else metrics
        self._changes = Changes() if changes is None else changes

    @property
    def changes(self) -> int:
        """The number of transactions that have changed something: the same number, the same rows."""
        return self._changes.count

    async def write(
        self, function: Callable[Concatenate[Database, _P], _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> _R:
        """Run `function(connection, ...)` in a transaction of the writer; return after the commit.

        A caller that is cancelled while it waits does not know whether the commit happened; nothing
        in the program depends on knowing, since every state is a row.

        Raises:
            StorageFull: the disk is full, nothing was written.
            TransientError: the writer has ended.
            Exception: whatever the function raised; its changes were rolled back.
        """
        return await self._ask(function, urgent=False, args=args, kwargs=kwargs)

    async def write_first(
        self, function: Callable[Concatenate[Database, _P], _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> _R:
        """As `write`, ahead of others in its batch: for receipts, whose delay risks a repetition."""
        return await self._ask(function, urgent=True, args=args, kwargs=kwargs)

    async def read(
        self, function: Callable[Concatenate[Database, _P], _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> _R:
        """Run a function that only reads, for displays. What decides something belongs into a write."""
        started_s = trio.current_time()
        result = await self._run_read(lambda: function(self._reader, *args, **kwargs))
        self._metrics.db_read_seconds.observe(trio.current_time() - started_s)
        return result

    async def _ask(
        self,
        function: Callable[..., _R],
        *,
        urgent: bool,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> _R:
        started_s = trio.current_time()
        pending = PendingReply()
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        act = audit.current(name)
        request = WriteRequest(
            work=lambda db: (
                function(db, *args, **kwargs)
                if act is None
                else audit.told(db, act, lambda db: function(db, *args, **kwargs))
            ),
            name=name,
            urgent=urgent,
            reply=pending,
        )
        try:
            await self._requests.send(request)
            reply = await pending.take()
        except (trio.BrokenResourceError, trio.EndOfChannel, trio.ClosedResourceError):
            raise TransientError(marked("the writer has ended"), retry_after_s=1) from None
        self._metrics.db_write_seconds.observe(trio.current_time() - started_s)
        if reply.error is not None:
            raise reply.error
        if act is None:
            return cast("_R", reply.value)
        result, act.told = cast("tuple[_R, bool]", reply.value)
        return result

    def clone(self) -> "Store":
        """Return a store with an end of the channel of its own, to be closed by its holder."""
        return Store(self._requests.clone(), self._reader, self._run_read, self._metrics, self._changes)

    def close(self) -> None:
        """Close this end of the channel; the writer ends when the last one is closed."""
        self._requests.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
