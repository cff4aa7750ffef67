"""`export ads`: which links were published under which token, as the law of some countries asks for."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import click
from sqlite_utils import Database

from store.link_rules import Advert, adverts

_HEAD = ("date", "link", "erid", "chat", "message")


def write_ads(db: Database, *, month: str | None, zone: ZoneInfo, now_ms: int, file: Path | None) -> int:
    """Write a month's links with a token as CSV; return how many.

    Args:
        db: A connection that only reads.
        month: Like 2026-11; None is the present one.
        zone: Whose months these are.
        now_ms: Wall clock.
        file: Where to; None is standard output.

    Raises:
        click.UsageError: it is no month.
    """
    since, before = _month(month, zone, now_ms)
    found = adverts(db, since_ms=since, before_ms=before)
    if file is None:
        _write(found, zone, sys.stdout)
        return len(found)
    part = file.with_name(f"{file.name}.part")
    with part.open("w", encoding="utf-8", newline="") as target:
        _write(found, zone, target)
    part.replace(file)
    return len(found)


def _month(text: str | None, zone: ZoneInfo, now_ms: int) -> tuple[int, int]:
    try:
        first = (
            datetime.fromtimestamp(now_ms / 1000, tz=zone)
            if text is None
            else datetime.strptime(text, "%Y-%m").replace(tzinfo=zone)
        )
    except ValueError:
        raise click.UsageError(f"{text!r} is no month; write it like 2026-11") from None
    first = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return round(first.timestamp() * 1000), round(following.timestamp() * 1000)


def _write(found: list[Advert], zone: ZoneInfo, target: TextIO) -> None:
    rows = csv.writer(target, lineterminator="\n")
    rows.writerow(_HEAD)
    for one in found:
        moment = datetime.fromtimestamp(one.at_ms / 1000, tz=UTC).astimezone(zone)
        rows.writerow((moment.isoformat(timespec="seconds"), one.link, one.erid, one.chat_id, _message(one)))


def _message(one: Advert) -> str:
    """Return the address of a message; of one in a private chat or a basic group, its number."""
    inner = str(one.chat_id).removeprefix("-100")
    if inner == str(one.chat_id):
        return str(one.message_id)
    return f"https://t.me/c/{inner}/{one.message_id}"
