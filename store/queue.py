"""The outbox: one row for each link wanted in a place; adding rows, and leasing those whose turn it is."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from core.link_rules import marked, read_stored
from core.pacing import Head, PacingPolicy, ready_at_ms
from core.pictures.ways import Picture
from core.protocol import Delivery, HistoryId, Owner, Place, PostContent, QueueId, SubscriptionId
from store import facts, pictures
from store.processes import is_dead, parameters

LANE_FEED = 0
LANE_HAND = 1
LEASE_MS = 10 * 60_000
DOUBT_BLOCKS_MS = 2 * 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Deliveries leased now, and when the next one could be (None: none is waiting for time).

    `unmarked` are links that were held, for their chat requires a token that they lack.
    """

    deliveries: tuple[Delivery, ...] = ()
    next_ms: int | None = None
    unmarked: tuple[Delivery, ...] = ()


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
) -> set[HistoryId]:
    """Add links to the outbox in the given order; return those that this place did not have yet.

    `hold` keeps the rows back from the start, with this reason; `until` tells which of them wait for a
    time (epoch milliseconds). A row that was dropped because its
    source was removed, before any try to send it, is wanted anew like one that never was; so is one
    that the flood brake holds, when a source shows it that is not braked.
    """
    base = db.execute("SELECT COALESCE(MAX(position), 0) FROM queue").fetchone()[0]
    rows = db.execute(
        """INSERT INTO queue (chat_id, topic_id, scope, history_id, subscription_id, lane, position,
            state, reason, state_ms, created_ms, waits_from_ms, not_before_ms)
        SELECT :chat_id, :topic_id, :scope, value, :subscription_id, :lane, :base + key + 1,
            CASE WHEN :hold IS NULL THEN 'pending' ELSE 'held' END, :hold, :now_ms, :now_ms, :now_ms,
            COALESCE(json_extract(:until, '$."' || value || '"'), 0)
        FROM json_each(:ids) WHERE true
        ON CONFLICT (chat_id, scope, history_id, edition) DO UPDATE SET
            topic_id = excluded.topic_id, subscription_id = excluded.subscription_id, lane = excluded.lane,
            position = excluded.position, state = excluded.state, reason = excluded.reason,
            state_ms = excluded.state_ms, waits_from_ms = excluded.waits_from_ms,
            not_before_ms = excluded.not_before_ms
        WHERE (queue.state = 'dropped' AND queue.reason = 'unsubscribed' AND queue.post_id IS NULL)
        OR (queue.state = 'held' AND queue.reason = 'flood_brake' AND excluded.reason IS NULL)
        RETURNING history_id""",
        {
            "chat_id": place.chat_id,
            "topic_id": place.topic_id,
            "scope": scope,
            "subscription_id": subscription_id,
            "lane": lane,
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
    waited for its closed topic need not wait for that in another one.
    """
    db.execute(
        """UPDATE queue SET subscription_id = heir.id, topic_id = heir.topic_id,
            state = CASE WHEN reason = 'topic_suspended' THEN 'pending' ELSE state END,
            reason = CASE WHEN reason = 'topic_suspended' THEN NULL ELSE reason END
        FROM (
            SELECT queue.id AS row_id, MIN(other.id) AS id, other.topic_id
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

    The condition is SQL on columns of `queue`, with `values` as its parameters.
    """
    return db.execute(
        f"""UPDATE queue SET state = 'pending', reason = NULL, state_ms = ?, not_before_ms = 0,
            position = released.place
        FROM (
            SELECT id AS row_id,
                (SELECT MAX(position) FROM queue) + ROW_NUMBER() OVER (ORDER BY position) AS place
            FROM queue WHERE state = 'held' AND {condition}
        ) AS released
        WHERE queue.id = released.row_id""",
        (now_ms, *values),
    ).rowcount


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


def claim_deliveries(db: Database, *, owner: Owner, limit: int, pacing: PacingPolicy, now_ms: int) -> Claimed:
    """Lease what may be sent now: one row a chat, the first of its lane, longest unserved chats first.

    A chat with a row under way or in fresh doubt waits. Rows that wait for a time block those behind
    them in their lane, so that nothing is overtaken.
    """
    frozen_ms = _frozen_until_ms(db, now_ms)
    if frozen_ms is not None:
        return Claimed(next_ms=frozen_ms)
    ready: dict[int, sqlite3.Row] = {}
    later: list[int] = []
    for head in _heads(db, now_ms):
        at_ms = ready_at_ms(_as_head(head), gap_ms=pacing.gap_ms(head["type"]), now_ms=now_ms)
        if at_ms > now_ms:
            later.append(at_ms)
        elif head["chat_id"] not in ready or head["lane"] > ready[head["chat_id"]]["lane"]:
            ready[head["chat_id"]] = head
    turn = sorted(ready.values(), key=lambda head: (head["last_send_ms"] or 0, head["position"]))[:limit]
    _lease(db, [head["id"] for head in turn], owner, now_ms)
    claimed = [_delivery(db, head["id"]) for head in turn]
    unmarked = tuple(delivery for delivery, lacks_erid in claimed if lacks_erid)
    if unmarked:
        _hold_unmarked(db, unmarked, now_ms)
        later.append(now_ms)
    deliveries = tuple(delivery for delivery, lacks_erid in claimed if not lacks_erid)
    return Claimed(deliveries=deliveries, next_ms=min(later, default=None), unmarked=unmarked)


def freeze_everywhere(db: Database, *, until_ms: int, now_ms: int) -> None:
    """Send nothing anywhere before `until_ms`: Telegram's flood wait is about the whole bot."""
    facts.put(db, "flood_from_ms", str(now_ms))
    facts.put(db, "flood_until_ms", str(until_ms))


def _frozen_until_ms(db: Database, now_ms: int) -> int | None:
    since, until = facts.get(db, "flood_from_ms"), facts.get(db, "flood_until_ms")
    if since is None or until is None or not int(since) <= now_ms < int(until):
        return None
    return int(until)


def _heads(db: Database, now_ms: int) -> list[sqlite3.Row]:
    return db.execute(
        """SELECT chats.chat_id, chats.type, chats.last_send_ms, chats.flood_from_ms, chats.flood_until_ms,
            head.id, head.lane, head.position, head.not_before_ms, head.waits_from_ms
        FROM chats
        JOIN (SELECT 0 AS lane UNION ALL SELECT 1) AS lanes
        JOIN queue AS head ON head.id = (
            SELECT id FROM queue
            WHERE state = 'pending' AND chat_id = chats.chat_id AND lane = lanes.lane
            ORDER BY position LIMIT 1)
        WHERE chats.state = 'active'
        AND NOT EXISTS (
            SELECT 1 FROM queue WHERE chat_id = chats.chat_id AND lease_owner IS NOT NULL)
        AND NOT EXISTS (
            SELECT 1 FROM queue
            WHERE chat_id = chats.chat_id AND state = 'uncertain'
            AND state_ms > :doubts_since AND state_ms <= :now)""",
        {"doubts_since": now_ms - DOUBT_BLOCKS_MS, "now": now_ms},
    ).fetchall()


def _as_head(row: sqlite3.Row) -> Head:
    return Head(
        not_before_ms=row["not_before_ms"],
        waits_from_ms=row["waits_from_ms"],
        last_send_ms=row["last_send_ms"],
        flood_from_ms=row["flood_from_ms"],
        flood_until_ms=row["flood_until_ms"],
    )


def _lease(db: Database, ids: Sequence[int], owner: Owner, now_ms: int) -> None:
    db.execute(
        """UPDATE queue SET lease_owner = ?, lease_until_ms = ?
        WHERE id IN (SELECT value FROM json_each(?))""",
        (str(owner), now_ms + LEASE_MS, json.dumps(list(ids))),
    )


def _hold_unmarked(db: Database, deliveries: Sequence[Delivery], now_ms: int) -> None:
    db.execute(
        """UPDATE queue SET state = 'held', reason = 'no_erid', state_ms = ?, lease_owner = NULL,
            lease_until_ms = NULL
        WHERE id IN (SELECT value FROM json_each(?))""",
        (now_ms, json.dumps([each.queue_id for each in deliveries])),
    )


def _delivery(db: Database, queue_id: int) -> tuple[Delivery, bool]:
    """Return a post to make, and whether its link lacks a token that its chat requires."""
    row = db.execute(
        """SELECT queue.*, history.url, history.title, history.summary, history.author, history.tags,
            history.image, history.published_ms, history.page, history.normalized_url, NOT (
                private_to IS NULL OR EXISTS (SELECT 1 FROM subscriptions AS seer
                    WHERE seer.id = private_to AND seer.chat_id = queue.chat_id)) AS hidden,
            chats.type AS chat_type, chats.link_rules,
            COALESCE(subscriptions.title, sources.title, '') AS source_title,
            COALESCE(subscriptions.media, 1) AS media,
            COALESCE(subscriptions.silent, 0) AS silent, COALESCE(subscriptions.preview, 1) AS preview
        FROM queue JOIN history ON history.id = queue.history_id JOIN chats USING (chat_id)
        LEFT JOIN subscriptions ON subscriptions.id = queue.subscription_id
        LEFT JOIN sources ON sources.id = subscriptions.source_id
        WHERE queue.id = ?""",
        (queue_id,),
    ).fetchone()
    content = _content(row)
    rules = read_stored(row["link_rules"])
    link = marked(content.url, rules)
    content = replace(content, url=link.url, ad=rules.ad, erid=link.erid)
    delivery = Delivery(
        queue_id=QueueId(row["id"]),
        history_id=HistoryId(row["history_id"]),
        place=Place(chat_id=row["chat_id"], topic_id=row["topic_id"]),
        content=content,
        attempt=row["attempts"] + 1,
        plain=row["refusals"] > 0,
        silent=bool(row["silent"]),
        preview=bool(row["preview"]),
        chat_type=row["chat_type"],
        wished_ms=row["created_ms"],
        picture=_picture(db, row, content.image),
    )
    return delivery, link.lacks_erid


def _picture(db: Database, row: sqlite3.Row, url: str | None) -> Picture | None:
    """Return the picture of a post, unless its chat wants none or Telegram has refused the post once."""
    if url is None or not row["media"] or row["refusals"]:
        return None
    return pictures.chosen(db, url, photos=not row["no_photo"])


def _content(row: sqlite3.Row) -> PostContent:
    """Return what there is to say: what the source said, and where it was silent what the page says."""
    if row["hidden"]:  # seen by another chat only, with access of its own
        return PostContent(url=row["normalized_url"], source_title=row["source_title"], note=row["note"])
    page = json.loads(row["page"] or "{}")
    return PostContent(
        url=row["url"],
        title=row["title"] or page.get("title", ""),
        summary=row["summary"] or page.get("description", ""),
        source_title=row["source_title"],
        author=row["author"] or page.get("author"),
        tags=tuple(json.loads(row["tags"])),
        image=row["image"] or page.get("image"),
        published_ms=row["published_ms"],
        note=row["note"],
    )
