"""The outbox: one row for each link wanted in a place; adding rows, holding and releasing them.

Whose turn it is, and what people do with what waits, is in `store/outbox`.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlite_utils import Database

from core.link_rules import marked, read_stored
from core.pictures.ways import Picture
from core.protocol import Delivery, HistoryId, Owner, Place, PostContent, QueueId, SubscriptionId
from core.rendering.written import read_written, with_link
from store import contents, effects, pictures
from store.processes import is_dead, parameters

LANE_FEED = 0
LANE_HAND = 1
LANE_TIMED = 2
"""What waits for a moment that somebody chose, in the order of these moments."""


def enqueue(
    db: Database,
    *,
    place: Place,
    scope: int,
    subscription_id: SubscriptionId | None,
    history_ids: Sequence[HistoryId],
    hold: str | None,
    now_ms: int,
    lane: int = LANE_FEED,
    until: Mapping[HistoryId, int] | None = None,
    at_ms: int | None = None,
    edition: int = 0,
) -> set[HistoryId]:
    """Add links to the outbox in the given order; return those that this place did not have yet.

    `hold` keeps the rows back from the start, with this reason; `until` tells which of them wait for a
    time (epoch milliseconds), `at_ms` is the moment that somebody chose for them. A row that was dropped
    because its source was removed, or by a rule of another subscription, before any try to send it, is wanted
    anew like one that never was; so is one that the flood brake holds, when a source shows it that is not
    braked, and one of a paused subscription.
    """
    base = db.execute("SELECT COALESCE(MAX(position), 0) FROM queue").fetchone()[0]
    rows = db.execute(
        """INSERT INTO queue (chat_id, topic_id, scope, history_id, edition, subscription_id, lane, position,
            at_ms, expires_ms, state, reason, state_ms, created_ms, waits_from_ms, not_before_ms)
        SELECT :chat_id, :topic_id, :scope, value, :edition, :subscription_id, :lane, :base + key + 1, :at_ms,
            (SELECT CAST(:now_ms + expire_s * 1000 AS INTEGER) FROM subscriptions
                WHERE id = :subscription_id),
            CASE WHEN :hold IS NULL THEN 'pending' ELSE 'held' END, :hold, :now_ms, :now_ms, :now_ms,
            COALESCE(json_extract(:until, '$."' || value || '"'), 0)
        FROM json_each(:ids) WHERE true
        ON CONFLICT (chat_id, scope, history_id, edition) DO UPDATE SET
            topic_id = excluded.topic_id, subscription_id = excluded.subscription_id, lane = excluded.lane,
            position = excluded.position, state = excluded.state, reason = excluded.reason,
            at_ms = excluded.at_ms, expires_ms = excluded.expires_ms, released_ms = excluded.created_ms,
            state_ms = excluded.state_ms, waits_from_ms = excluded.waits_from_ms,
            not_before_ms = excluded.not_before_ms, undecided = 0, effects = NULL
        WHERE (queue.state = 'dropped' AND queue.post_id IS NULL
            AND (queue.reason = 'unsubscribed' OR queue.reason GLOB 'filtered: *'))
        OR (queue.state = 'held' AND queue.reason = 'flood_brake' AND excluded.reason IS NULL)
        OR (queue.state = 'held' AND queue.reason = 'paused')
        RETURNING history_id""",
        {
            "chat_id": place.chat_id,
            "topic_id": place.topic_id,
            "scope": scope,
            "subscription_id": subscription_id,
            "lane": lane,
            "at_ms": at_ms,
            "edition": edition,
            "base": base,
            "hold": hold,
            "now_ms": now_ms,
            "ids": json.dumps(list(history_ids)),
            "until": json.dumps(until or {}),
        },
    ).fetchall()
    return {HistoryId(row[0]) for row in rows}


def pass_on(db: Database, subscription_ids: str) -> None:
    """Give what waits for ended subscriptions (a JSON list) to others of the place that wanted it too.

    The first subscription that wants a link owns its row; for the next ones it is a repeat. A post that
    waited for its closed topic need not wait for that in another one, nor for the end of another's pause.
    The heir's rules have yet to judge it.
    """
    db.execute(
        """UPDATE queue SET subscription_id = heir.id, topic_id = heir.topic_id,
            undecided = 1, effects = NULL,
            expires_ms = CAST(created_ms + heir.expire_s * 1000 AS INTEGER),
            state = CASE WHEN reason IN ('topic_suspended', 'paused') THEN 'pending' ELSE state END,
            reason = CASE WHEN reason IN ('topic_suspended', 'paused') THEN NULL ELSE reason END
        FROM (
            SELECT queue.id AS row_id, MIN(other.id) AS id, other.topic_id, other.expire_s
            FROM queue
            JOIN verdicts ON verdicts.history_id = queue.history_id AND verdict = 'repeat'
            JOIN subscriptions AS other ON other.id = verdicts.subscription_id
                AND other.chat_id = queue.chat_id AND other.state = 'active'
            WHERE queue.state IN ('pending', 'held') AND queue.lease_owner IS NULL
            AND queue.subscription_id IN (SELECT value FROM json_each(?))
            AND (queue.scope = 0 OR other.topic_id = queue.scope)
            GROUP BY queue.id
        ) AS heir
        WHERE queue.id = heir.row_id""",
        (subscription_ids,),
    )


def release(db: Database, condition: str, values: Sequence[object], now_ms: int) -> int:
    """Put held rows back into the outbox, behind what waits there, in their own order; return how many.

    The condition is SQL on columns of `queue`, with `values` as its parameters. Rows of a chat that is out
    of reach are held on for that.
    """
    released = db.execute(
        f"""UPDATE queue SET state = 'pending', reason = NULL, state_ms = ?, released_ms = ?,
            not_before_ms = 0, position = released.place
        FROM (
            SELECT id AS row_id,
                (SELECT MAX(position) FROM queue) + ROW_NUMBER() OVER (ORDER BY position) AS place
            FROM queue WHERE state = 'held' AND {condition}
        ) AS released
        WHERE queue.id = released.row_id""",
        (now_ms, now_ms, *values),
    ).rowcount
    hold_out_of_reach(db)
    return released


def hold_out_of_reach(db: Database) -> None:
    """Hold what has come to wait for a chat that is out of reach, as all that waited when it went so."""
    db.execute(
        """UPDATE queue SET state = 'held', reason = 'suspended' WHERE state = 'pending'
        AND chat_id IN (SELECT chat_id FROM chats WHERE state = 'suspended')"""
    )


def release_dead_leases(db: Database, *, owner: Owner, now_ms: int) -> int:
    """Rescue what dead publishers left: claims go back, begun sends become uncertain. Return how many did."""
    db.execute(
        f"""UPDATE queue SET lease_owner = NULL, lease_until_ms = NULL
        WHERE lease_owner IS NOT NULL AND state = 'pending' AND {is_dead("lease_owner")}""",
        parameters(owner),
    )
    return db.execute(
        f"""UPDATE queue SET lease_owner = NULL, lease_until_ms = NULL,
            state = 'uncertain', state_ms = :now_ms
        WHERE lease_owner IS NOT NULL AND state = 'sending' AND {is_dead("lease_owner")}""",
        {**parameters(owner), "now_ms": now_ms},
    ).rowcount


def delivery(db: Database, queue_id: int) -> tuple[Delivery, bool]:
    """Return all that is needed to make the post of one row, and whether its link lacks a required token."""
    row = db.execute(
        f"""SELECT queue.*, {contents.COLUMNS}, NOT (
                private_to IS NULL OR EXISTS (SELECT 1 FROM subscriptions AS seer
                    WHERE seer.id = private_to AND seer.chat_id = queue.chat_id)) AS hidden,
            chats.type AS chat_type, chats.zone, chats.link_rules,
            COALESCE(subscriptions.template, json_extract(chats.options, '$.template')) AS template,
            COALESCE(subscriptions.title, sources.title, '') AS source_title,
            subscriptions.tags AS own_tags, COALESCE(subscriptions.media, 1) AS media,
            COALESCE(subscriptions.silent, 0) AS silent, COALESCE(subscriptions.preview, 1) AS preview,
            own_texts.text AS own_text, own_texts.entities AS own_entities
        FROM queue JOIN history ON history.id = queue.history_id JOIN chats USING (chat_id)
        LEFT JOIN subscriptions ON subscriptions.id = queue.subscription_id
        LEFT JOIN sources ON sources.id = subscriptions.source_id
        LEFT JOIN own_texts ON own_texts.queue_id = queue.id
        WHERE queue.id = ?""",
        (queue_id,),
    ).fetchone()
    rules = read_stored(row["link_rules"])
    content = _content(row, rules.ad)
    link = marked(content.url, rules)
    content = replace(with_link(content, link.url), erid=link.erid)
    made = Delivery(
        queue_id=QueueId(row["id"]),
        history_id=HistoryId(row["history_id"]),
        place=Place(chat_id=row["chat_id"], topic_id=row["topic_id"]),
        content=content,
        attempt=row["attempts"] + 1,
        plain=row["refusals"] > 0,
        silent=bool(row["silent"]) or effects.unpack(row["effects"]).silent,
        preview=bool(row["preview"]),
        chat_type=row["chat_type"],
        wished_ms=row["created_ms"],
        picture=_picture(db, row, content.image),
        template=row["template"],
    )
    return made, link.lacks_erid


def _picture(db: Database, row: sqlite3.Row, url: str | None) -> Picture | None:
    """Return the picture of a post, unless its chat wants none or Telegram has refused the post once."""
    if url is None or not row["media"] or row["refusals"]:
        return None
    return pictures.chosen(db, url, photos=not row["no_photo"])


def _content(row: sqlite3.Row, ad: str) -> PostContent:
    """Return what there is to say of a link, with what its chat's rules and marks, and /set tags, add."""
    content = contents.content_of(row)
    labels = effects.with_tags(effects.unpack(row["effects"]).tags, (row["own_tags"] or "").split())
    own = None if row["own_text"] is None else read_written(row["own_text"], json.loads(row["own_entities"]))
    return replace(content, labels=labels, tags=effects.with_tags(labels, content.tags), ad=ad, own=own)
