"""Cards about backups and the disk, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from core.languages import gettext as _
from core.languages import marked
from core.languages.formats import duration_text, tenths_text
from core.protocol import Button

_Spoken = tuple[str, tuple[tuple[Button, ...], ...]]

_WHY = {
    "no_room": marked("{needed} are needed in {folder}, and {free} are free"),
    "damaged": marked("the copy is damaged ({said}): run `python run.py check` soon"),
    "system": "{said}",
}


def say_why(code: str, args: Mapping[str, Any]) -> str:
    """Return why there is no backup."""
    return _(_WHY[code]).format(**args)


_SIZES = ((marked("{size} GiB"), 2**30), (marked("{size} MiB"), 2**20), (marked("{size} KiB"), 2**10))


def format_size(size_bytes: int) -> str:
    """Return a size in the unit that suits it."""
    for text, limit in _SIZES:
        if size_bytes >= limit:
            return _(text).format(size=tenths_text(size_bytes / limit))
    return _("{size} bytes").format(size=size_bytes)


def _making(_args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    return _("💾 Making a backup …"), ()


def _done(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    text = _("💾 Backup {name}: {bytes}, checked, in {seconds}. {kept} of mine are kept in {folder}.").format(
        name=args["name"],
        bytes=format_size(args["bytes"]),
        seconds=duration_text(args["seconds"]),
        kept=args["kept"],
        folder=args["folder"],
    )
    if args.get("sent") is False:
        text += " " + _("I cannot send it here: it is larger than 50 MB, or Telegram did not take it.")
    return text, ()


def _refused(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    return _("⚠️ No backup was made: {why}.").format(why=say_why(args["why"], args)), ()


def _failed(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    why = say_why(args["why"], args)
    return _("⚠️ The backup of the database fails: {why}. I try again within the hour.").format(why=why), ()


def _works(_args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    return _("✔️ The database is backed up again."), ()


def _disk_low(args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    text = _(
        "⚠️ The disk of my database is nearly full: {free} are left in {folder}. When it "
        "is full nothing is posted until there is room again; nothing gets lost."
    ).format(free=format_size(args["free"]), folder=args["folder"])
    return text, ()


def _disk_fine(_args: Mapping[str, Any], _now_ms: int) -> _Spoken:
    return _("✔️ There is room on the disk of my database again."), ()


UPKEEP: Mapping[str, Callable[[Mapping[str, Any], int], _Spoken]] = {
    "backup.making": _making,
    "backup.done": _done,
    "backup.refused": _refused,
    "backup.failed": _failed,
    "backup.works": _works,
    "disk.low": _disk_low,
    "disk.fine": _disk_fine,
}
