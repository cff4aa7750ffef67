"""What people are told of backups and the disk, and backups that somebody asked for."""

from collections.abc import Mapping

from sqlite_utils import Database

from store import facts, notices

_ASKED = "backup_asked"
_CARD = "backup"
_TROUBLE = "backup:trouble"
_DISK = "disk"

Place = tuple[int, int]


def ask(db: Database, *, chat_id: int, send: bool, now_ms: int) -> None:
    """Somebody wants a backup, or the file of it; the answer will be a notice in this chat."""
    facts.put(db, _ASKED, str(chat_id) if send else "")
    notices.post_anew(db, place=(chat_id, 0), key=_CARD, code="backup.making", args={}, now_ms=now_ms)


def is_asked(db: Database) -> bool:
    """Return whether somebody waits for a backup."""
    return facts.get(db, _ASKED) is not None


def wants_file(db: Database) -> int | None:
    """Return the chat in which somebody waits for the file of a backup, or None."""
    chat_id = facts.get(db, _ASKED)
    return int(chat_id) if chat_id else None


def made(db: Database, *, args: Mapping[str, object], now_ms: int) -> None:
    """A backup lies in its place: answer whoever asked, and close the card about trouble."""
    facts.forget(db, _ASKED)
    notices.change(db, key=_CARD, only_from="backup.making", code="backup.done", args=args, now_ms=now_ms)
    notices.change(db, key=_TROUBLE, only_from="backup.failed", code="backup.works", args={}, now_ms=now_ms)


def failed(db: Database, *, alert: Place | None, args: Mapping[str, object], now_ms: int) -> None:
    """There is no backup: tell whoever asked; if nobody did, one card says so."""
    if is_asked(db):
        facts.forget(db, _ASKED)
        notices.change(
            db, key=_CARD, only_from="backup.making", code="backup.refused", args=args, now_ms=now_ms
        )
    elif alert is not None:
        notices.keep(
            db,
            place=alert,
            key=_TROUBLE,
            code="backup.failed",
            args=args,
            closed="backup.works",
            now_ms=now_ms,
        )


def disk_is_low(db: Database, *, alert: Place | None, args: Mapping[str, object], now_ms: int) -> None:
    """Warn once that the disk is nearly full."""
    if alert is not None:
        notices.keep(
            db, place=alert, key=_DISK, code="disk.low", args=args, closed="disk.fine", now_ms=now_ms
        )


def disk_is_fine(db: Database, *, now_ms: int) -> None:
    """Close the warning, where there is one."""
    notices.change(db, key=_DISK, only_from="disk.low", code="disk.fine", args={}, now_ms=now_ms)
