"""The writer: owns the only read-write connection, and commits many requests at once."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog
import trio
from sqlite_utils import Database

from core.errors import StorageBroken, StorageFull, TransientError
from core.languages import marked
from core.metrics import Metrics
from store.client import Changes, Reply, Runner, WriteRequest
from store.connection import LOG_LIMIT_BYTES, QUIET_LOG_BYTES

_BATCH_LIMIT = 64
_BATCH_TIME_S = 0.05
_IDLE_S = 1.0
_RETRY_S = 10.0
_FATAL_CODES = frozenset(
    {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY}
)

log = structlog.get_logger("writer")


async def run(
    db: Database,
    requests: trio.MemoryReceiveChannel[WriteRequest],
    run_work: Runner,
    *,
    clock: Callable[[], float],
    metrics: Metrics | None = None,
    changes: Changes | None = None,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve write requests until every sender has closed, then checkpoint and return.

    Owns the connection and closes it. Replies only after the commit. A request that fails rolls back
    alone; a full disk fails its whole batch with StorageFull and the next batch tries again; a
    database that can no longer be trusted ends the program with StorageBroken.

    Args:
        db: the read-write connection.
        requests: where the requests come from.
        run_work: runs one batch off the event loop.
        clock: seconds, for the limit on the work of one batch.
        metrics: where batches are counted.
        changes: where those are counted that have changed something.
        task_status: told when the first request could be served.
    """
    task_status.started()
    database = db.execute("PRAGMA database_list").fetchone()[2]
    waiting: list[WriteRequest] = []
    long = False
    # Whatever was accepted gets its answer, also while the program ends: only the senders end this loop.
    # Closing our end makes callers fail at once, where a dead writer would let them wait for ever.
    try:
        while True:
            if not waiting:
                with trio.move_on_after(_IDLE_S if long else float("inf")):
                    waiting.append(await requests.receive())
            if not waiting:
                await run_work(lambda: _checkpoint(db, "PASSIVE"))
                long = False
                continue
            _take_more(requests, waiting)
            waiting.sort(key=lambda request: not request.urgent)
            batch = waiting
            outcome = await run_work(partial(run_batch, db, batch, clock=clock))
            waiting = batch[len(outcome.replies) :]
            if changes is not None:
                changes.count += outcome.changed
            if metrics is not None:
                metrics.db_batch_requests.observe(len(outcome.replies))
            _answer(batch, outcome)
            log_bytes = _log_bytes(database)
            # Not by the clock: each checkpoint writes the pages of the log once more, and waits for the disk.
            long = log_bytes > QUIET_LOG_BYTES
            if log_bytes > LOG_LIMIT_BYTES:
                await run_work(lambda: _checkpoint(db, "PASSIVE"))
    except trio.EndOfChannel:
        await run_work(lambda: _checkpoint(db, "TRUNCATE"))
    finally:
        requests.close()
        db.close()


@dataclass(slots=True)
class BatchOutcome:
    """The replies to the first requests of a batch; the others wait for the next one."""

    replies: list[Reply] = field(default_factory=list)
    fatal: StorageBroken | None = None
    changed: bool = False


def run_batch(db: Database, requests: list[WriteRequest], *, clock: Callable[[], float]) -> BatchOutcome:
    """Run requests in one transaction, each in a savepoint, until their time is up; commit."""
    outcome = BatchOutcome()
    started_s = clock()
    before = db.conn.total_changes
    try:
        db.execute("BEGIN IMMEDIATE")
        for request in requests:
            outcome.replies.append(_run_one(db, request))
            if clock() - started_s > _BATCH_TIME_S:
                break
        db.execute("COMMIT")
    except (sqlite3.Error, StorageBroken, TransientError) as error:
        db.rollback()
        known = _meaning(error)
        outcome.fatal = known if isinstance(known, StorageBroken) else None
        outcome.replies = [Reply(error=known) for _ in requests]
    outcome.changed = db.conn.total_changes != before
    return outcome


def _run_one(db: Database, request: WriteRequest) -> Reply:
    # A fixed name: random ones cannot be cached as prepared statements and cost three times as much.
    db.execute("SAVEPOINT request")
    try:
        reply = Reply(value=request.work(db))
    except Exception as error:
        known = _meaning(error)
        if known is not error:
            raise known from error
        if not db.conn.in_transaction:
            raise TransientError(f"the transaction was lost in {request.name}: {error!r}") from error
        db.execute("ROLLBACK TO request")
        reply = Reply(error=error)
    db.execute("RELEASE request")
    return reply


def _meaning(error: Exception) -> Exception:
    """Return what a database error means for its callers; other errors mean themselves."""
    if not isinstance(error, sqlite3.Error):
        return error
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StorageFull(marked("the disk is full: nothing was written"), retry_after_s=_RETRY_S)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TransientError(marked("another program holds the database locked"), retry_after_s=_RETRY_S)
    if code in _FATAL_CODES:
        return StorageBroken(f"the database cannot be written any more: {error}")
    return error


def _log_bytes(database: str) -> int:
    try:
        return Path(f"{database}-wal").stat().st_size
    except FileNotFoundError:
        return 0


def _checkpoint(db: Database, mode: str) -> None:
    try:
        db.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
    except sqlite3.Error as error:
        # The log keeps everything; the next checkpoint, or the next start, brings it home.
        log.warning("checkpoint_failed", error=str(error))


def _take_more(requests: trio.MemoryReceiveChannel[WriteRequest], waiting: list[WriteRequest]) -> None:
    while len(waiting) < _BATCH_LIMIT:
        try:
            waiting.append(requests.receive_nowait())
        except (trio.WouldBlock, trio.EndOfChannel):
            return


def _answer(batch: list[WriteRequest], outcome: BatchOutcome) -> None:
    for request, reply in zip(batch, outcome.replies, strict=False):
        if reply.error is not None:
            log.debug("write_failed", request=request.name, error=repr(reply.error))
        request.reply.put(reply)
    if outcome.fatal is not None:
        raise outcome.fatal
