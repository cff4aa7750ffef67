"""What a card does with the link and the source of a post, beside its message."""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from core.page_policy import PagePolicy
from core.protocol import Place
from store import pausing, sent_posts
from store.amendments import By
from store.outbox import posting
from store.sent_posts import SentPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What there is around a post: its last edition, and its subscription, if that is still there."""

    edition: int
    number: int | None = None
    paused: bool = False


def around(db: Database, post: SentPost) -> Around:
    """Return the last edition of a post's link in its place, and its subscription."""
    row = db.execute(
        """SELECT number, state = 'paused' AS paused FROM subscriptions
        WHERE id = ? AND chat_id = ? AND state <> 'removed'""",
        (post.subscription_id, post.chat_id),
    ).fetchone()
    edition = _edition(db, post)
    if row is None:
        return Around(edition=edition)
    return Around(edition=edition, number=row["number"], paused=bool(row["paused"]))


def post_again(db: Database, queue_id: int, *, seen: int, pages: PagePolicy, by: By) -> str:
    """Queue the link of a post anew, as `/post again` does; returns a code.

    `seen` is the last edition that whoever asks knew of: of two presses, or one that arrives twice, only
    the first posts.
    """
    post = sent_posts.get(db, queue_id)
    if post is None:
        return "sent_gone"
    if _edition(db, post) != seen:
        return "sent_again_before"
    place = Place(chat_id=post.chat_id, topic_id=post.topic_id)
    did = posting.post(db, place, url=post.url, again=True, pages=pages, now_ms=by.now_ms)
    _note(db, post, "post.again", by)
    return did


def mute(db: Database, queue_id: int, *, mute: bool, pages: PagePolicy, by: By) -> str:
    """Pause the subscription that a post came by, or let it go on; returns a code. Safe to repeat."""
    post = sent_posts.get(db, queue_id)
    found = None if post is None else around(db, post)
    if post is None or found is None or found.number is None:
        return "sent_no_source"
    if found.paused == mute:
        return "sent_settled"
    which = str(found.number)
    if mute:
        pausing.pause(db, chat_id=post.chat_id, which=which, until_ms=None, now_ms=by.now_ms)
    else:
        pausing.resume(db, chat_id=post.chat_id, which=which, pages=pages, now_ms=by.now_ms)
    _note(db, post, "source.mute" if mute else "source.unmute", by, number=found.number)
    return "sent_muted" if mute else "sent_unmuted"


def _edition(db: Database, post: SentPost) -> int:
    row = db.execute(
        """SELECT MAX(edition) FROM queue WHERE history_id = ? AND chat_id = ? AND scope IN (0, ?)
        AND edition >= 0""",
        (post.history_id, post.chat_id, post.topic_id),
    ).fetchone()
    return int(row[0] or 0)


def _note(db: Database, post: SentPost, action: str, by: By, **args: object) -> None:
    db.execute(
        "INSERT INTO audit (at_ms, user_id, chat_id, action, args) VALUES (?, ?, ?, ?, ?)",
        (by.now_ms, by.user_id, post.chat_id, action, json.dumps({"queue_id": post.queue_id, **args})),
    )
