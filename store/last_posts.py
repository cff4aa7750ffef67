"""The last posts of the chats that somebody may look at, each link once."""

from dataclasses import dataclass

from sqlite_utils import Database

from store.finding import Scope, scope_values


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPost:
    """A link that went out lately."""

    history_id: int
    url: str
    title: str


def last_posts(db: Database, scope: Scope, *, limit: int) -> list[LastPost]:
    """Return the links that went out last in the chats of a scope, the newest first.

    As many chats are looked at as posts are wanted, those first where something went out last: of more
    chats no post could be among them.
    """
    rows = db.execute(
        """SELECT history.id AS history_id, url,
            COALESCE(NULLIF(history.title, ''), json_extract(page, '$.title'), '') AS title
        FROM (SELECT chat_id FROM chats
            WHERE last_send_ms > 0 AND (:all OR chat_id IN (SELECT value FROM json_each(:chats)))
            ORDER BY last_send_ms DESC LIMIT :limit) AS busy
        CROSS JOIN queue ON queue.id IN (
            SELECT sent.id FROM queue AS sent WHERE sent.chat_id = busy.chat_id AND sent.state = 'sent'
            ORDER BY sent.state_ms DESC LIMIT :limit)
        CROSS JOIN history ON history.id = queue.history_id
        GROUP BY history.id ORDER BY MAX(queue.state_ms) DESC, history.id DESC LIMIT :limit""",
        {**scope_values(scope), "limit": limit},
    ).fetchall()
    return [LastPost(**dict(row)) for row in rows]


def busy_chats(db: Database, scope: Scope, *, limit: int) -> list[tuple[int, str]]:
    """Return groups and channels of a scope with their titles, those first where something went out last."""
    rows = db.execute(
        """SELECT chat_id, COALESCE(NULLIF(title, ''), CAST(chat_id AS TEXT)) AS title FROM chats
        WHERE last_send_ms > 0 AND chat_id < 0
            AND (:all OR chat_id IN (SELECT value FROM json_each(:chats)))
        ORDER BY last_send_ms DESC, chat_id LIMIT :limit""",
        {**scope_values(scope), "limit": limit},
    ).fetchall()
    return [(row["chat_id"], row["title"]) for row in rows]


def key_of(db: Database, history_id: int) -> str:
    """Return the normalized address of a link; empty for one that there is not."""
    row = db.execute("SELECT normalized_url FROM history WHERE id = ?", (history_id,)).fetchone()
    return "" if row is None else str(row["normalized_url"])
