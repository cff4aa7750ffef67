"""What the picture of `/stats` shows: two weeks, read by index and by samples."""

from datetime import UTC, datetime

from sqlite_utils import Database

from core.pictures.chart import Chart
from core.urls.normalize import host_of
from store.overview import DAY_MS, first_since, percentile

DAYS = 14
_SAMPLE = 200
_LATEST = 2_000
_MOST_SOURCES = 8


def chart_of(db: Database, *, now_ms: int) -> Chart:
    """Return the last fourteen days, each of 24 hours and named by its end, the oldest first."""
    from_ms = now_ms - DAYS * DAY_MS
    ends = [from_ms + place * DAY_MS for place in range(1, DAYS + 1)]
    return Chart(
        days=[datetime.fromtimestamp(end_ms / 1000, UTC).strftime("%d.%m") for end_ms in ends],
        posts=_per_day(
            db,
            """SELECT (queue.state_ms - :from) / :day AS day, COUNT(*)
            FROM chats CROSS JOIN queue ON queue.chat_id = chats.chat_id
            WHERE queue.state = 'sent' AND queue.state_ms >= :from AND queue.state_ms < :until GROUP BY 1""",
            from_ms,
            now_ms,
        ),
        repeats=_per_day(
            db,
            """SELECT (at_ms - :from) / :day AS day, COUNT(*) FROM verdicts INDEXED BY verdicts_repeats
            WHERE verdict = 'repeat' AND at_ms >= :from AND at_ms < :until GROUP BY 1""",
            from_ms,
            now_ms,
        ),
        delays_s=[_delay_s(db, end_ms) for end_ms in ends],
        sources=_sources(db),
    )


def _per_day(db: Database, sql: str, from_ms: int, until_ms: int) -> list[int]:
    rows = db.execute(sql, {"from": from_ms, "until": until_ms, "day": DAY_MS}).fetchall()
    counts = {row[0]: row[1] for row in rows}
    return [counts.get(day, 0) for day in range(DAYS)]


def _delay_s(db: Database, end_ms: int) -> int:
    """Return the median delay, in seconds, of the last links of a day that went out; 0: none did."""
    end = first_since(db, end_ms)
    rows = db.execute(
        """SELECT queue.state_ms - first_seen_ms FROM history CROSS JOIN queue ON history_id = history.id
        WHERE history.id >= ? AND history.id < ? AND first_seen_ms >= ? AND queue.state = 'sent'
        AND edition = 0 AND subscription_id IS NOT NULL""",
        (end - _SAMPLE, end, end_ms - DAY_MS),
    ).fetchall()
    delays = sorted(max(0, row[0]) for row in rows)
    return round(percentile(delays, 0.5) / 1000) if delays else 0


def _sources(db: Database) -> list[tuple[str, int]]:
    rows = db.execute(
        f"""SELECT sources.url, COUNT(*) AS count
        FROM (SELECT id FROM posts WHERE id > (SELECT MAX(id) FROM posts) - {_LATEST}) AS latest
        CROSS JOIN queue ON queue.post_id = latest.id
        JOIN subscriptions ON subscriptions.id = queue.subscription_id
        JOIN sources ON sources.id = subscriptions.source_id
        WHERE queue.state = 'sent' GROUP BY sources.url"""
    ).fetchall()
    counts: dict[str, int] = {}
    for row in rows:
        host = host_of(row["url"])
        counts[host] = counts.get(host, 0) + row["count"]
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_MOST_SOURCES]
