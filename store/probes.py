"""Addresses that somebody wants to watch and has not said how: rows that the finder looks behind.

A probe waits, is asked about where its address could mean several things, and is settled by a press.
Whatever crashes meanwhile, the row goes on from where it is.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sqlite_utils import Database

from core.access import Access, split_userinfo
from core.discovery import Found, Suggestion
from core.page_policy import NO_PAGES, PagePolicy
from core.protocol import Owner, Place, Probe, SourceId
from core.urls.normalize import host_of
from store import adding, by_hand, chats, notices, people, quotas, subscriptions
from store.adding import Wish
from store.processes import is_dead, parameters

LINK = "link"
"""The answer that means the address itself, once."""
_KEPT_MS = 30 * 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What wanting an address did: it is looked behind, or it is watched there already."""

    probe_id: int | None = None
    known_number: int | None = None


def begin(db: Database, wish: Wish, *, owners: Sequence[int] = (), now_ms: int) -> Begun:
    """Take down that an address is to be looked behind, and say so. Safe to repeat.

    An address that the place watches already only takes over the new interval. An earlier question about
    this address in this place is void: its buttons name a row that is gone.

    Raises:
        QuotaReached: who wants it, and is none of the owners, has as many subscriptions as they may.
    """
    url, access = split_userinfo(wish.url)
    place = Place(chat_id=chats.current_id(db, wish.place.chat_id), topic_id=wish.place.topic_id)
    if not access:
        number = adding.watched_as(db, place, url, interval_s=wish.interval_s, now_ms=now_ms)
        if number is not None:
            return Begun(known_number=number)
    by = adding.adder(db, wish)
    if not _waits(db, place, url, by):
        quotas.check(db, by, owners=owners)
    db.execute(
        "DELETE FROM probes WHERE created_ms < ? OR (chat_id = ? AND topic_id = ? AND url = ?)",
        (now_ms - _KEPT_MS, place.chat_id, place.topic_id, url),
    )
    values = {
        "backlog": wish.backlog,
        "interval_s": wish.interval_s,
        "filter": wish.filter,
        "chat_type": wish.chat_type,
        "chat_title": wish.chat_title,
        "added_by": by,
    }
    row = db.execute(
        """INSERT INTO probes (chat_id, topic_id, url, credentials, wish, created_ms)
        VALUES (?, ?, ?, ?, ?, ?) RETURNING id""",
        (
            place.chat_id,
            place.topic_id,
            url,
            access.write() if access else None,
            json.dumps(values),
            now_ms,
        ),
    ).fetchone()
    if wish.answer_in is not None:
        adding.say_looking(db, wish, key=_key(row["id"]), url=url, now_ms=now_ms)
    return Begun(probe_id=row["id"])


def release_dead_leases(db: Database, *, owner: Owner) -> int:
    """Give back the probes that dead finders had claimed; return how many."""
    return db.execute(
        f"""UPDATE probes SET lease_owner = NULL
        WHERE state = 'waiting' AND lease_owner IS NOT NULL AND {is_dead("lease_owner")}""",
        parameters(owner),
    ).rowcount


def claim(db: Database, *, owner: Owner, limit: int) -> list[Probe]:
    """Lease probes that wait, the oldest first."""
    rows = db.execute(
        """UPDATE probes SET lease_owner = ? WHERE id IN (
            SELECT id FROM probes WHERE state = 'waiting' AND lease_owner IS NULL ORDER BY id LIMIT ?)
        RETURNING id, url, credentials""",
        (str(owner), limit),
    ).fetchall()
    return [
        Probe(probe_id=row["id"], url=row["url"], access=Access.read(row["credentials"]))
        for row in sorted(rows, key=lambda row: int(row["id"]))
    ]


def record(db: Database, probe_id: int, found: Found, *, now_ms: int) -> SourceId | None:
    """Take down what was found: watch what is clear, ask where it is not.

    What could not be reached is watched as a feed: its polls tell how that goes. No quota refuses it here:
    its room was taken when it began.

    Returns:
        The source that is watched from now on, or None: it is asked, or watched already.
    """
    row = db.execute("SELECT * FROM probes WHERE id = ? AND state = 'waiting'", (probe_id,)).fetchone()
    if row is None:  # asked for anew meanwhile
        return None
    chosen = found.chosen
    if not found.reached:
        chosen = chosen or Suggestion(kind="feed", url=row["url"])
    elif not found.sure:
        chosen = None
    if chosen is not None:
        done = adding.put(db, _wish(row, chosen), now_ms=now_ms)
        _settle(db, row, "settled")
        return subscriptions.source_of(db, done.subscription_id) if done.created else None
    _ask(db, row, found, now_ms)
    return None


def answer(
    db: Database,
    probe_id: int,
    choice: str,
    *,
    user_id: int,
    owners: Sequence[int],
    pages: PagePolicy = NO_PAGES,
    now_ms: int,
) -> str:
    """Do what a button says: the number of a suggestion, or `link`. What is watched counts for who pressed.

    Returns:
        A code: `add_watching`, `add_link`, `add_link_known`, or why nothing changed: `add_forbidden`,
        `add_settled`, `add_old`.

    Raises:
        QuotaReached: who pressed has as many subscriptions as they may; the question stays.
    """
    row = db.execute("SELECT * FROM probes WHERE id = ?", (probe_id,)).fetchone()
    if row is None:
        return "add_old"
    if not people.may(db, owners, user_id=user_id, chat_id=row["chat_id"], who="editor"):
        return "add_forbidden"
    if row["state"] != "asked":
        return "add_settled"
    if choice == LINK:
        return _queue_link(db, row, pages, now_ms)
    suggestions = json.loads(row["suggestions"])
    if int(choice) >= len(suggestions):
        return "add_old"
    wish = replace(_wish(row, Suggestion(**suggestions[int(choice)])), added_by=user_id)
    adding.add(db, wish, owners=owners, now_ms=now_ms)
    _settle(db, row, "settled")
    return "add_watching"


def _waits(db: Database, place: Place, url: str, by: int | None) -> bool:
    """Return whether somebody has this address looked behind already, and so has room for it."""
    row = db.execute(
        """SELECT 1 FROM probes WHERE chat_id = ? AND topic_id = ? AND url = ?
        AND state = 'waiting' AND json_extract(wish, '$.added_by') IS ?""",
        (place.chat_id, place.topic_id, url, by),
    ).fetchone()
    return row is not None


def _wish(row: sqlite3.Row, chosen: Suggestion) -> Wish:
    return Wish(
        place=Place(chat_id=row["chat_id"], topic_id=row["topic_id"]),
        kind=chosen.kind,
        url=chosen.url,
        rules=chosen.rules,
        access=Access.read(row["credentials"]),
        card=_key(row["id"]),
        **json.loads(row["wish"]),
    )


def _ask(db: Database, row: sqlite3.Row, found: Found, now_ms: int) -> None:
    suggestions = [asdict(each) for each in found.suggestions]
    db.execute(
        "UPDATE probes SET suggestions = ?, title = ? WHERE id = ?",
        (json.dumps(suggestions), found.title, row["id"]),
    )
    _settle(db, row, "asked")
    args = {
        "probe_id": row["id"],
        "suggestions": suggestions,
        "error": found.error or "",
        "error_args": list(found.error_args),
    }
    notices.change(db, key=_key(row["id"]), only_from="add.", code="add.question", args=args, now_ms=now_ms)


def _queue_link(db: Database, row: sqlite3.Row, pages: PagePolicy, now_ms: int) -> str:
    place = Place(chat_id=row["chat_id"], topic_id=row["topic_id"])
    queued = by_hand.queue_link(
        db,
        place,
        url=row["url"],
        title="" if row["credentials"] else row["title"],
        pages=pages,
        asked_in=_asked_in(db, row),
        now_ms=now_ms,
    )
    _settle(db, row, "settled")
    notices.change(
        db,
        key=_key(row["id"]),
        only_from="add.",
        code="add.linked",
        args={"queued": queued, "title": row["title"], "host": host_of(row["url"])},
        now_ms=now_ms,
    )
    return "add_link" if queued else "add_link_known"


def _settle(db: Database, row: sqlite3.Row, state: str) -> None:
    """Move on; a login is kept only as long as somebody may still choose what it is for."""
    db.execute(
        """UPDATE probes SET state = :state, lease_owner = NULL,
            credentials = CASE WHEN :state = 'settled' THEN NULL ELSE credentials END
        WHERE id = :id""",
        {"state": state, "id": row["id"]},
    )


def _asked_in(db: Database, row: sqlite3.Row) -> tuple[int, int] | None:
    """Return the chat and topic of the card that asks what an address is."""
    card = db.execute(
        "SELECT chat_id, topic_id FROM notices WHERE dedupe_key = ? LIMIT 1", (_key(row["id"]),)
    ).fetchone()
    return None if card is None else (card["chat_id"], card["topic_id"])


def _key(probe_id: int) -> str:
    return f"probe:{probe_id}"
