"""How everything is doing, counted by index alone: it takes no longer after years than after a week."""

from dataclasses import dataclass, field

from sqlite_utils import Database

_SAMPLE = 500
_REASONS = 3

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What happened since some moment."""

    links: int
    posted: int
    repeats: int
    ended: int
    """Rows of the outbox that will never go out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What `/stats` shows.

    Attributes:
        sources: by state.
        failing: how many sources fail now, by what with: the most frequent ones, and all under "".
        chats: how many have subscriptions.
        links: known at all.
        waiting: rows of the outbox that go out by themselves; `oldest_ms`: since when the oldest does.
        doubtful: posts of which nobody knows whether they arrived.
        held: by reason.
        delays_ms: from first seen to posted, of the last posts of the day that sources brought, sorted.
        database_bytes: size of the database without its log.
        started_ms: when this process began.
    """

    sources: dict[str, int]
    failing: dict[str, int]
    subscriptions: int
    paused: int
    chats: int
    links: int
    day: Lately
    week: Lately
    waiting: int
    oldest_ms: int | None
    doubtful: int
    held: dict[str, int] = field(default_factory=dict)
    delays_ms: list[int] = field(default_factory=list)
    database_bytes: int
    started_ms: int | None


def overview(db: Database, *, boot_id: str, now_ms: int) -> Overview:
    """Count everything that `/stats` shows."""
    subscriptions = _grouped(db, "SELECT state, COUNT(*) FROM subscriptions GROUP BY state")
    failing = _grouped(
        db,
        f"""SELECT COALESCE(error, 'crashed'), COUNT(*) FROM sources WHERE errors > 0 GROUP BY error
        ORDER BY 2 DESC LIMIT {_REASONS}""",
    )
    return Overview(
        sources=_grouped(db, "SELECT state, COUNT(*) FROM sources GROUP BY state"),
        failing={"": _number(db, "SELECT COUNT(*) FROM sources WHERE errors > 0"), **failing},
        subscriptions=subscriptions.get("active", 0) + subscriptions.get("paused", 0),
        paused=subscriptions.get("paused", 0),
        chats=_number(
            db,
            """SELECT COUNT(*) FROM chats WHERE EXISTS (SELECT 1 FROM subscriptions
            WHERE subscriptions.chat_id = chats.chat_id AND subscriptions.state <> 'removed')""",
        ),
        links=_number(db, "SELECT COALESCE(MAX(id), 0) FROM history"),
        day=_lately(db, now_ms - DAY_MS),
        week=_lately(db, now_ms - 7 * DAY_MS),
        waiting=_number(db, "SELECT COUNT(*) FROM queue INDEXED BY queue_heads WHERE state = 'pending'"),
        oldest_ms=_oldest_ms(db),
        doubtful=_number(
            db, "SELECT COUNT(*) FROM queue INDEXED BY queue_doubtful WHERE state = 'uncertain'"
        ),
        held=_grouped(db, "SELECT reason, COUNT(*) FROM queue WHERE state = 'held' GROUP BY reason"),
        delays_ms=_delays_ms(db, now_ms - DAY_MS),
        database_bytes=_number(db, "PRAGMA page_count") * _number(db, "PRAGMA page_size"),
        started_ms=_started_ms(db, boot_id),
    )


def first_since(db: Database, since_ms: int) -> int:
    """Return the least id of a link that was first seen since then; one more than the highest where none was.

    Ids grow with time, and links are never deleted: so twenty looks find it among a million.
    """
    low, high = 1, _number(db, "SELECT COALESCE(MAX(id), 0) + 1 FROM history")
    while low < high:
        middle = (low + high) // 2
        row = db.execute(
            "SELECT id, first_seen_ms FROM history WHERE id >= ? ORDER BY id LIMIT 1", (middle,)
        ).fetchone()
        if row is None or row["first_seen_ms"] >= since_ms:
            high = middle
        else:
            low = int(row["id"]) + 1
    return low


def percentile(ordered: list[int], share: float) -> int:
    """Return the value that a share (0 to 1) of ordered values does not exceed.

    Raises:
        ValueError: there are none.
    """
    if not ordered:
        raise ValueError("no values")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _lately(db: Database, since_ms: int) -> Lately:
    return Lately(
        links=_number(db, "SELECT COALESCE(MAX(id), 0) + 1 FROM history") - first_since(db, since_ms),
        posted=_number(
            db,
            """SELECT COUNT(*) FROM chats CROSS JOIN queue ON queue.chat_id = chats.chat_id
            WHERE queue.state = 'sent' AND queue.state_ms > ?""",
            since_ms,
        ),
        repeats=_number(db, "SELECT COUNT(*) FROM verdicts WHERE verdict = 'repeat' AND at_ms > ?", since_ms),
        ended=_number(
            db,
            """SELECT COUNT(*) FROM queue INDEXED BY queue_ended
            WHERE state IN ('dropped', 'dead') AND state_ms > ?""",
            since_ms,
        ),
    )


def _oldest_ms(db: Database) -> int | None:
    """Return since when the first of those waits whose turn it is next in their chats."""
    value: int | None = db.execute(
        """SELECT MIN((SELECT created_ms FROM queue WHERE state = 'pending' AND queue.chat_id = chats.chat_id
            ORDER BY lane, position LIMIT 1)) FROM chats"""
    ).fetchone()[0]
    return value


def _delays_ms(db: Database, since_ms: int) -> list[int]:
    rows = db.execute(
        f"""SELECT state_ms - first_seen_ms AS delay_ms
        FROM (SELECT id FROM posts WHERE id > (SELECT MAX(id) FROM posts) - {_SAMPLE}) AS latest
        CROSS JOIN queue ON queue.post_id = latest.id JOIN history ON history.id = queue.history_id
        WHERE queue.state = 'sent' AND queue.state_ms > ? AND edition = 0 AND subscription_id IS NOT NULL""",
        (since_ms,),
    ).fetchall()
    return sorted(max(0, row["delay_ms"]) for row in rows)


def _started_ms(db: Database, boot_id: str) -> int | None:
    row = db.execute("SELECT started_ms FROM processes WHERE boot_id = ?", (boot_id,)).fetchone()
    return None if row is None else int(row["started_ms"])


def _number(db: Database, sql: str, *values: object) -> int:
    return int(db.execute(sql, values).fetchone()[0])


def _grouped(db: Database, sql: str) -> dict[str, int]:
    return {str(row[0]): int(row[1]) for row in db.execute(sql)}
