"""The keeper of backups: makes them when it is time or somebody asks, and watches the disk."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
import trio
from sqlite_utils import Database

from actors.context import Context
from actors.insisting import insist
from core import backups as rules
from core.disk import is_low
from core.errors import BackupFailed, VestnikError
from store import backups, people, upkeep
from store.client import Runner

_LONGEST_SLEEP_S = 60.0
_LOOK_S = 10.0

FreeBytes = Callable[[Path], int | None]
"""Returns what is free on the disk of a folder; None: there is nothing to watch."""

SendFile = Callable[[int, Path], Awaitable[bool]]
"""Sends a file to a chat; returns whether it is there."""

log = structlog.get_logger("backup")


async def run(
    ctx: Context,
    run_work: Runner,
    free_bytes: FreeBytes,
    send: SendFile,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Keep backups for ever. Owns nothing: what was backed up are files, what is asked for is a row.

    Cancelled in the middle of a backup it gives it up within a step; a draft is left to nobody. A backup
    that fails is a card, never a crash.
    """
    task_status.started()
    keeper = _Keeper(ctx, run_work, free_bytes, send)
    while True:
        ctx.turned()
        await keeper.watch_disk()
        wait_s = _LONGEST_SLEEP_S
        if await insist(lambda: ctx.store.read(upkeep.is_asked)) or keeper.due_in_s() <= 0:
            await keeper.back_up()
        else:
            wait_s = min(wait_s, keeper.due_in_s())
        await ctx.bells.backup.wait(wait_s)


@dataclass(slots=True)
class _Progress:
    """How far a backup is; it stops at its next step once that is wanted."""

    done: int = 0
    stopped: bool = False

    def __call__(self, done: int, _total: int) -> None:
        self.done = done
        if self.stopped:
            raise BackupFailed("system", said="stopped")


class _Keeper:
    """One incarnation's memory: when a backup failed last, and how the disk was."""

    def __init__(self, ctx: Context, run_work: Runner, free_bytes: FreeBytes, send: SendFile) -> None:
        self._ctx = ctx
        self._run_work = run_work
        self._free_bytes = free_bytes
        self._send = send
        self._failed_ms: int | None = None
        self._low: bool | None = None

    def due_in_s(self) -> float:
        """Return in how many seconds a backup is due by itself."""
        settings = self._ctx.settings
        if not settings.backup_every:
            return _LONGEST_SLEEP_S
        now_ms = self._ctx.now_ms()
        due_ms = rules.next_ms(
            settings.database_path.name,
            backups.names(settings.backup_folder),
            every_s=settings.backup_every,
            failed_ms=self._failed_ms,
            now_ms=now_ms,
        )
        return (due_ms - now_ms) / 1000

    async def back_up(self) -> None:
        """Make a backup, remove the oldest, and tell of it."""
        ctx = self._ctx
        started_s = trio.current_time()
        outcome = await self._work()
        if isinstance(outcome, VestnikError):
            await self._tell_failed(outcome)
            return
        made, kept = outcome
        self._failed_ms = None
        took_s = trio.current_time() - started_s
        args: dict[str, object] = {
            "name": made.path.name,
            "folder": str(made.path.parent),
            "bytes": made.size_bytes,
            "seconds": round(took_s, 1),
            "kept": kept,
        }
        chat_id = await insist(lambda: ctx.store.read(upkeep.wants_file))
        if chat_id is not None:
            args["sent"] = await self._send(chat_id, made.path)
        await insist(lambda: ctx.store.write(upkeep.made, args=args, now_ms=ctx.now_ms()))
        log.info("backup_made", **args)
        ctx.bells.speaker.ring()

    async def _work(self) -> tuple[backups.Backup, int] | VestnikError:
        """Return the backup and how many are kept, or why there is none."""
        settings = self._ctx.settings
        database, folder = settings.database_path, settings.backup_folder
        target = folder / rules.name_of(database.name, now_ms=self._ctx.now_ms())
        progress = _Progress()

        def work() -> tuple[backups.Backup, int] | VestnikError:
            try:
                made = backups.make(database, target, progress=progress)
            except VestnikError as error:
                return error
            return made, backups.prune(folder, database.name, keep=settings.backup_keep)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._follow, progress)
            try:
                return await self._run_work(work)
            finally:
                nursery.cancel_scope.cancel()

    async def _follow(self, progress: _Progress) -> None:
        """While a backup moves on the loop turns; when it is cancelled its thread is told."""
        seen = -1
        try:
            while True:
                if progress.done != seen:
                    self._ctx.turned()
                seen = progress.done
                await trio.sleep(_LOOK_S)
        finally:
            progress.stopped = True

    async def _tell_failed(self, error: VestnikError) -> None:
        ctx = self._ctx
        self._failed_ms = now_ms = ctx.now_ms()
        args = (
            error.args_for_people
            if isinstance(error, BackupFailed)
            else {"why": "system", "said": str(error)}
        )
        log.error("backup_failed", **args)

        def tell(db: Database) -> None:
            alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
            upkeep.failed(db, alert=alert, args=args, now_ms=now_ms)

        await insist(lambda: ctx.store.write(tell))
        ctx.bells.speaker.ring()

    async def watch_disk(self) -> None:
        """Tell once when the disk is nearly full, and once when it is not any more."""
        ctx = self._ctx
        database = ctx.settings.database_path.absolute()
        free = self._free_bytes(database.parent)
        if free is None:
            return
        size = database.stat().st_size if database.exists() else 0
        low = is_low(free_bytes=free, database_bytes=size, was_low=bool(self._low))
        if low == self._low:
            return
        self._low = low
        if low:
            log.warning("disk_nearly_full", free_bytes=free, folder=str(database.parent))

        def tell(db: Database) -> None:
            if not low:
                upkeep.disk_is_fine(db, now_ms=ctx.now_ms())
                return
            alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
            args = {"free": free, "folder": str(database.parent)}
            upkeep.disk_is_low(db, alert=alert, args=args, now_ms=ctx.now_ms())

        await insist(lambda: ctx.store.write(tell))
        ctx.bells.speaker.ring()
