"""What was published in a chat, as a table for other programs."""

import csv
import io
from datetime import UTC, datetime

from sqlite_utils import Database

_MOST = 100_000
_HEAD = ("published", "url", "title", "source", "topic", "message")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How cells begin that a spreadsheet would calculate."""


def table(db: Database, *, chat_id: int) -> bytes:
    """Return the last posts of a chat as CSV (RFC 4180, UTF-8 with its mark), the oldest first.

    Titles are anybody's: one that a spreadsheet would take for a formula begins with an apostrophe.
    """
    rows = db.execute(
        f"""SELECT state_ms, COALESCE(link, CASE WHEN hidden THEN normalized_url ELSE url END) AS url,
            CASE WHEN hidden THEN '' ELSE title END AS title, source, topic_id, message_id
        FROM (
            SELECT queue.id, queue.state_ms, queue.link, queue.topic_id, queue.message_id, history.url,
                history.normalized_url,
                COALESCE(NULLIF(history.title, ''), json_extract(page, '$.title'), '') AS title,
                COALESCE(subscriptions.title, sources.title, '') AS source,
                NOT (private_to IS NULL OR EXISTS (SELECT 1 FROM subscriptions AS seer
                    WHERE seer.id = private_to AND seer.chat_id = queue.chat_id)) AS hidden
            FROM queue JOIN history ON history.id = queue.history_id
            LEFT JOIN subscriptions ON subscriptions.id = queue.subscription_id
            LEFT JOIN sources ON sources.id = subscriptions.source_id
            WHERE queue.chat_id = ? AND queue.state = 'sent'
            ORDER BY queue.state_ms DESC, queue.id DESC LIMIT {_MOST})
        ORDER BY state_ms, id""",
        (chat_id,),
    )
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(_HEAD)
    for row in rows:
        moment = datetime.fromtimestamp(row["state_ms"] / 1000, UTC).isoformat(timespec="seconds")
        texts = (_harmless(row[name]) for name in ("url", "title", "source"))
        writer.writerow((moment, *texts, row["topic_id"], row["message_id"]))
    return target.getvalue().encode("utf-8-sig", "replace")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
