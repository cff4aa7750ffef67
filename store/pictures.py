"""Pictures of posts: the way each is to go out, learned from what Telegram took and refused."""

from dataclasses import replace

from sqlite_utils import Database

from core.pictures.ways import Picture, next_way, read_way
from core.protocol import QueueId

_MOST_AT_ONCE = 1_000


def chosen(db: Database, url: str, *, photos: bool) -> Picture:
    """Return a picture with the way it is to go out; as no more than a preview where `photos` is False.

    What was found out about a picture in one chat holds for all of them.
    """
    row = db.execute("SELECT way, file_id FROM pictures WHERE url = ?", (url,)).fetchone()
    way = read_way("url" if row is None else row["way"])
    if not photos and way != "none":
        way = "preview"
    return Picture(way=way, url=url, file_id=None if row is None else row["file_id"])


def accepted(db: Database, picture: Picture, *, file_id: str | None, now_ms: int) -> None:
    """Remember the id under which Telegram keeps a picture: further chats get it without an upload."""
    if file_id is not None:
        _learn(db, replace(picture, way="file_id", file_id=file_id), now_ms)


def refused(db: Database, picture: Picture, *, queue_id: QueueId, here_only: bool, now_ms: int) -> None:
    """Let the next try go another way: everywhere, or, where a chat takes no photos, for this row only."""
    if here_only:
        db.execute("UPDATE queue SET no_photo = 1 WHERE id = ?", (queue_id,))
    else:
        _learn(db, replace(picture, way=next_way(picture.way), file_id=None), now_ms)


def forget(db: Database, *, before_ms: int) -> int:
    """Forget pictures of which nothing was learned since `before_ms`, some at a time; return how many."""
    return db.execute(
        "DELETE FROM pictures WHERE url IN (SELECT url FROM pictures WHERE at_ms < ? LIMIT ?)",
        (before_ms, _MOST_AT_ONCE),
    ).rowcount


def _learn(db: Database, picture: Picture, now_ms: int) -> None:
    db.execute(
        """INSERT INTO pictures (url, way, file_id, at_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (url) DO UPDATE SET way = excluded.way, file_id = excluded.file_id,
            at_ms = excluded.at_ms""",
        (picture.url, picture.way, picture.file_id, now_ms),
    )
