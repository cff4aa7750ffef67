"""Cards about backups and the disk, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from core.durations import format_duration
from core.protocol import Button

_Spoken = tuple[str, tuple[tuple[Button, ...], ...]]

_WHY = {
    "no_room": "{needed} are needed in {folder}, and {free} are free",
    "damaged": "the copy is damaged ({said}): run `python run.py check` soon",
    "system": "{said}",
}


def say_why(code: str, args: Mapping[str, Any]) -> str:
    """Return why there is no backup."""
    return _WHY[code].format(**args)


def format_size(size_bytes: int) -> str:
    """Return a size in the unit that suits it."""
    for unit, limit in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if size_bytes >= limit:
            return f"{size_bytes / limit:.1f} {unit}"
    return f"{size_bytes} bytes"


def _making(_args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    return "💾 Making a backup …", ()


def _done(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    text = (
        f"💾 Backup {args['name']}: {format_size(args['bytes'])}, checked, "
        f"in {format_duration(args['seconds'])}. "
        f"{args['kept']} of mine are kept in {args['folder']}."
    )
    if args.get("sent") is False:
        text += " I cannot send it here: it is larger than 50 MB, or Telegram did not take it."
    return text, ()


def _refused(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    return f"⚠️ No backup was made: {say_why(args['why'], args)}.", ()


def _failed(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    why = say_why(args["why"], args)
    return f"⚠️ The backup of the database fails: {why}. I try again within the hour.", ()


def _works(_args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    return "✔️ The database is backed up again.", ()


def _disk_low(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    text = (
        f"⚠️ The disk of my database is nearly full: {format_size(args['free'])} are left "
        f"in {args['folder']}. "
        "When it is full nothing is posted until there is room again; nothing gets lost."
    )
    return text, ()


def _disk_fine(_args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    return "✔️ There is room on the disk of my database again.", ()


UPKEEP: Mapping[str, Callable[[Mapping[str, Any], int], _Spoken]] = {
    "backup.making": _making,
    "backup.done": _done,
    "backup.refused": _refused,
    "backup.failed": _failed,
    "backup.works": _works,
    "disk.low": _disk_low,
    "disk.fine": _disk_fine,
}
