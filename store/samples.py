"""The latest links of a source as a chat would post them: for whoever wants to see, changing nothing."""

import sqlite3
from dataclasses import dataclass, replace

from sqlite_utils import Database

from core.filters.judging import Decision, decide
from core.link_rules import marked, read_stored
from core.protocol import Delivery, HistoryId, Place, QueueId
from store import contents, effects, link_facts, pictures, sifting

_NO_ROW = QueueId(0)
"""A sample has no row in the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A link as it would be posted, and what keeps it from that."""

    delivery: Delivery
    stopped_by: str | None
    lacks_erid: bool


def latest(db: Database, *, chat_id: int, number: int, count: int, now_ms: int) -> list[Sample] | None:
    """Return the last links that a source showed, oldest first, as its subscription would post them.

    Args:
        db: the database; nothing is changed.
        chat_id: the chat.
        number: what is watched there.
        count: how many links at most.
        now_ms: wall clock.

    Returns:
        The samples; None where nothing is watched under this number.
    """
    rows = _rows(db, chat_id, number, count)
    if not rows:
        return None
    return [_sample(db, row, now_ms) for row in reversed(rows) if row["history_id"] is not None]


def _rows(db: Database, chat_id: int, number: int, count: int) -> list[sqlite3.Row]:
    """Return the newest links first; one row without a link where the source has shown none."""
    return db.execute(
        f"""SELECT {contents.COLUMNS}, {link_facts.COLUMNS}, history.id AS history_id, NULL AS note,
            NOT (private_to IS NULL OR EXISTS (SELECT 1 FROM subscriptions AS seer
                WHERE seer.id = private_to AND seer.chat_id = :chat)) AS hidden,
            chats.type AS chat_type, chats.zone, chats.link_rules, subscriptions.chat_id,
            subscriptions.topic_id, subscriptions.filter, subscriptions.silent, subscriptions.preview,
            subscriptions.media, subscriptions.tags AS own_tags,
            json_extract(chats.options, '$.filter') AS chat_filter,
            COALESCE(subscriptions.template, json_extract(chats.options, '$.template')) AS template,
            COALESCE(subscriptions.title, sources.title, '') AS source_title
        FROM subscriptions JOIN chats USING (chat_id) JOIN sources ON sources.id = subscriptions.source_id
        LEFT JOIN sightings ON sightings.source_id = subscriptions.source_id
        LEFT JOIN history ON history.id = sightings.history_id
        WHERE subscriptions.chat_id = :chat AND number = :number AND subscriptions.state <> 'removed'
        ORDER BY sightings.history_id DESC LIMIT :count""",
        {"chat": chat_id, "number": number, "count": count},
    ).fetchall()


def _sample(db: Database, row: sqlite3.Row, now_ms: int) -> Sample:
    decision = _decided(row, now_ms)
    rules = read_stored(row["link_rules"])
    content = contents.content_of(row)
    link = marked(content.url, rules)
    labels = effects.with_tags(decision.tags, (row["own_tags"] or "").split())
    content = replace(
        content,
        url=link.url,
        erid=link.erid,
        ad=rules.ad,
        labels=labels,
        tags=effects.with_tags(labels, content.tags),
    )
    delivery = Delivery(
        queue_id=_NO_ROW,
        history_id=HistoryId(row["history_id"]),
        place=Place(chat_id=row["chat_id"], topic_id=row["topic_id"]),
        content=content,
        attempt=1,
        silent=bool(row["silent"]) or decision.silent,
        preview=bool(row["preview"]),
        chat_type=row["chat_type"],
        picture=pictures.chosen(db, content.image, photos=True) if content.image and row["media"] else None,
        template=row["template"],
    )
    return Sample(delivery=delivery, stopped_by=decision.stopped_by, lacks_erid=link.lacks_erid)


def _decided(row: sqlite3.Row, now_ms: int) -> Decision:
    rules = sifting.rules_of(row)
    if not rules or row["hidden"]:
        return Decision()
    return decide(rules, link_facts.facts_from(row, now_ms=now_ms))
