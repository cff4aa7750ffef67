"""Subscriptions that leave for a file, and come from one."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from core.access import split_userinfo
from core.protocol import Place
from core.quotas import Room
from core.set_keys import Value
from store import adding, chats, filters, options, pausing, subscriptions
from store.adding import Wish
from store.quotas import room_for

_OPTIONS = (
    "title",
    "tags",
    "silent",
    "preview",
    "media",
    "pages",
    "approve",
    "expire",
    "filter",
    "template",
)
_UNSET: tuple[tuple[str, Value | None], ...] = tuple((name, None) for name in _OPTIONS)
"""Of one that was removed and comes back, nothing is left."""
_FLAGS = ("silent", "preview", "media", "pages", "approve", "paused", "secrets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One subscription. Values that its source is asked with are not in it, for they are secrets."""

    chat_id: int
    chat_title: str
    topic_id: int
    topic_name: str
    number: int
    url: str
    kind: str
    rules: str
    site_url: str
    own_title: str | None
    source_title: str
    interval_s: float | None
    silent: bool
    preview: bool
    media: bool
    pages: bool
    approve: bool
    expire_s: float | None
    filter: str | None
    tags: str | None
    template: str | None
    paused: bool
    secrets: bool
    """It has such values."""


def exported(db: Database, *, chat_id: int | None = None) -> Iterator[Exported]:
    """Yield the subscriptions of a chat, or of all, by chat and topic."""
    rows = db.execute(
        """SELECT subscriptions.chat_id, chats.title AS chat_title, subscriptions.topic_id,
            COALESCE(topics.name, '') AS topic_name, number, url, kind,
            json_remove(rules, '$.access') AS rules, COALESCE(site_url, '') AS site_url,
            subscriptions.title AS own_title, sources.title AS source_title, interval_s, silent, preview,
            media, pages, approve, expire_s, filter, tags, template, subscriptions.state = 'paused' AS paused,
            credentials IS NOT NULL AS secrets
        FROM subscriptions JOIN sources ON sources.id = source_id JOIN chats USING (chat_id)
        LEFT JOIN topics
            ON topics.chat_id = subscriptions.chat_id AND topics.topic_id = subscriptions.topic_id
        WHERE subscriptions.state <> 'removed' AND (:chat_id IS NULL OR subscriptions.chat_id = :chat_id)
        ORDER BY subscriptions.chat_id, subscriptions.topic_id, number""",
        {"chat_id": chat_id},
    )
    for row in rows:
        values = dict(row)
        flags = {name: bool(values[name]) for name in _FLAGS}
        yield Exported(**{**values, **flags})


def count(db: Database, *, chat_id: int | None = None) -> int:
    """Return how many subscriptions `exported` yields."""
    row = db.execute(
        """SELECT COUNT(*) FROM subscriptions
        WHERE state <> 'removed' AND (:chat_id IS NULL OR chat_id = :chat_id)""",
        {"chat_id": chat_id},
    ).fetchone()
    return int(row[0])


def topics_by_name(db: Database, chat_id: int) -> dict[str, int]:
    """Return the topics of a chat by their names in lower case."""
    rows = db.execute("SELECT name, topic_id FROM topics WHERE chat_id = ? AND name <> ''", (chat_id,))
    return {row["name"].casefold(): row["topic_id"] for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A subscription from a file."""

    wish: Wish
    changes: tuple[tuple[str, Value | None], ...] = ()
    """What is set for it, as `/set` does."""
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of some subscriptions from a file.

    Attributes:
        new: how many are new.
        refused: which were not taken, by their places, for `reached` says that there was no room for them.
    """

    new: int = 0
    refused: tuple[int, ...] = ()
    reached: Room | None = None


def take(db: Database, entries: Sequence[Incoming], *, owners: Sequence[int] = (), now_ms: int) -> Taken:
    """Subscribe to what is not there yet, with all that is set for it, as far as quotas let it.

    What is there already stays as it is, so a file may be read again. `owners` are those of the settings.
    """
    new = 0
    rooms: dict[int | None, Room | None] = {}
    refused: list[int] = []
    reached: Room | None = None
    for index, entry in enumerate(entries):
        if _is_there(db, entry.wish):
            continue
        by = adding.adder(db, entry.wish)
        if by not in rooms:
            rooms[by] = room_for(db, by, owners=owners)
        room = rooms[by]
        if room is not None and room.left == 0 and not adding.is_watched(db, entry.wish):
            refused.append(index)
            reached = room
        elif _take_one(db, entry, now_ms):
            new += 1
            rooms[by] = room and replace(room, used=room.used + 1)
    return Taken(new=new, refused=tuple(refused), reached=reached)


def _is_there(db: Database, wish: Wish) -> bool:
    place = Place(chat_id=chats.current_id(db, wish.place.chat_id), topic_id=wish.place.topic_id)
    url = split_userinfo(wish.url)[0]
    return subscriptions.source_in_place(db, place, kind=wish.kind, url=url, rules=wish.rules) is not None


def _take_one(db: Database, entry: Incoming, now_ms: int) -> bool:
    """Subscribe, with all that is set for it; return whether it is new."""
    chat_id = chats.current_id(db, entry.wish.place.chat_id)
    done = adding.put(db, entry.wish, now_ms=now_ms)
    if not done.created:
        return False
    options.change(db, chat_id=chat_id, number=done.number, changes=(*_UNSET, *entry.changes), now_ms=now_ms)
    if entry.paused:
        pausing.pause(db, chat_id=chat_id, which=str(done.number), until_ms=None, now_ms=now_ms)
    return True


def values_of(row: Exported) -> dict[str, str]:
    """Return what only this program says of a subscription, for its outline; what is usual is left out."""
    values = {
        "kind": row.kind if row.kind != "feed" else "",
        "rules": row.rules if row.rules not in ("{}", "") and json.loads(row.rules) else "",
        "topic": str(row.topic_id) if row.topic_id else "",
        "every": f"{row.interval_s:g}" if row.interval_s is not None else "",
        "title": row.own_title or "",
        "silent": "yes" if row.silent else "",
        "preview": "" if row.preview else "no",
        "tags": row.tags or "",
        "media": "" if row.media else "no",
        "pages": "" if row.pages else "no",
        "approve": "yes" if row.approve else "",
        "expire": f"{row.expire_s:g}" if row.expire_s is not None else "",
        "filter": "; ".join(filters.lines(row.filter)),
        "template": row.template or "",
        "paused": "yes" if row.paused else "",
    }
    return {name: value for name, value in values.items() if value}
