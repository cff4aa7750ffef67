"""Chats and topics: what is known of them, suspending and resuming them, and a group's new id."""

from sqlite_utils import Database

from core.pacing import widened, widening_now
from core.probe import shares_ids
from store import notices, own_texts, queue, quotas, resting

_HIGHEST_CHANNEL_ID = -1_000_000_000_000


def ensure(db: Database, chat_id: int, *, chat_type: str = "", title: str = "") -> None:
    """Make the row of a chat, or bring its type and title up to date; empty values change nothing."""
    db.execute(
        """INSERT INTO chats (chat_id, type, title) VALUES (:chat_id, :type_or_guess, :title)
        ON CONFLICT (chat_id) DO UPDATE SET
            type = CASE WHEN :type <> '' THEN :type ELSE type END,
            title = CASE WHEN :title <> '' THEN :title ELSE title END""",
        {
            "chat_id": chat_id,
            "type": chat_type,
            "type_or_guess": chat_type or _likely_type(chat_id),
            "title": title,
        },
    )


def note_message(db: Database, chat_id: int, message_id: int) -> None:
    """Remember the highest message id known in a chat."""
    sql = "UPDATE chats SET highest_message_id = MAX(highest_message_id, ?) WHERE chat_id = ?"
    if not db.execute(sql, (message_id, chat_id)).rowcount:
        ensure(db, chat_id)
        db.execute(sql, (message_id, chat_id))


def type_of(db: Database, chat_id: int) -> str:
    """Return the type of a chat, empty where nothing is known of it."""
    row = db.execute("SELECT type FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
    return "" if row is None else str(row["type"])


def highest_id(db: Database, chat_id: int, *, shared_id: int = 0) -> int:
    """Return the highest message id known in a chat, or among all chats whose ids run together with its.

    `shared_id` is the highest one that was seen in such chats.
    """
    if shares_ids(type_of(db, chat_id)):
        sql = "SELECT MAX(highest_message_id) FROM chats WHERE type IN ('private', 'group')"
        return max(int(db.execute(sql).fetchone()[0] or 0), shared_id)
    row = db.execute("SELECT highest_message_id FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
    return 0 if row is None else int(row[0])


def flood(db: Database, chat_id: int, *, until_ms: int, now_ms: int) -> None:
    """Send nothing to a chat before `until_ms`, as Telegram asked, and less often for a while."""
    row = db.execute("SELECT * FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
    if row is None:
        return
    before = widening_now(
        row["flood_widening"],
        flood_from_ms=row["flood_from_ms"],
        flood_until_ms=row["flood_until_ms"],
        now_ms=now_ms,
    )
    db.execute(
        "UPDATE chats SET flood_from_ms = ?, flood_until_ms = ?, flood_widening = ? WHERE chat_id = ?",
        (now_ms, until_ms, widened(before), chat_id),
    )


def suspend(db: Database, chat_id: int, *, reason: str, alert: tuple[int, int] | None, now_ms: int) -> None:
    """Post nothing to a chat until it can be reached; its posts wait, its subscriptions are kept.

    The owner is told once, and not again where it was only tried whether that has changed.
    """
    row = db.execute(
        """UPDATE chats SET state = 'suspended', state_reason = ?, state_ms = ?
        WHERE chat_id = ? AND state = 'active' RETURNING title, retried_ms""",
        (reason, now_ms, chat_id),
    ).fetchone()
    _hold(db, "chat_id = ?", (chat_id,), "suspended", now_ms)
    told = row is None or row["retried_ms"] is not None
    if not told and alert is not None and alert[0] != chat_id:
        title = row["title"]
        notices.post_anew(
            db,
            place=alert,
            key=f"suspended:{chat_id}",
            code="chat.suspended",
            args={"chat": title or str(chat_id), "reason": reason},
            now_ms=now_ms,
        )


def resume(db: Database, chat_id: int, *, now_ms: int) -> bool:
    """A chat can be reached again: its posts go on, in their order; return whether it was suspended."""
    changed = db.execute(
        """UPDATE chats SET state = 'active', state_reason = NULL, state_ms = ?, retried_ms = NULL
        WHERE chat_id = ? AND state = 'suspended'""",
        (now_ms, chat_id),
    ).rowcount
    if changed:
        queue.release(db, "chat_id = ? AND reason = 'suspended'", (chat_id,), now_ms)
    return bool(changed)


def name_topic(db: Database, chat_id: int, topic_id: int, *, name: str) -> None:
    """Remember what a topic is called."""
    ensure(db, chat_id)
    db.execute(
        """INSERT INTO topics (chat_id, topic_id, name) VALUES (?, ?, ?)
        ON CONFLICT (chat_id, topic_id) DO UPDATE SET name = excluded.name""",
        (chat_id, topic_id, name),
    )


def suspend_topic(db: Database, chat_id: int, topic_id: int, *, reason: str, now_ms: int) -> None:
    """Post nothing to a topic that is closed or gone; the rest of its chat goes on."""
    db.execute(
        """INSERT INTO topics (chat_id, topic_id, state, state_reason, state_ms)
        VALUES (?, ?, 'suspended', ?, ?)
        ON CONFLICT (chat_id, topic_id) DO UPDATE SET
            state = 'suspended', state_reason = excluded.state_reason, state_ms = excluded.state_ms""",
        (chat_id, topic_id, reason, now_ms),
    )
    _hold(db, "chat_id = ? AND topic_id = ?", (chat_id, topic_id), "topic_suspended", now_ms)


def resume_topic(db: Database, chat_id: int, topic_id: int, *, now_ms: int) -> bool:
    """A topic is open again; return whether it was suspended."""
    changed = db.execute(
        """UPDATE topics SET state = 'active', state_reason = NULL, state_ms = ?
        WHERE chat_id = ? AND topic_id = ? AND state = 'suspended'""",
        (now_ms, chat_id, topic_id),
    ).rowcount
    if changed:
        queue.release(
            db, "chat_id = ? AND topic_id = ? AND reason = 'topic_suspended'", (chat_id, topic_id), now_ms
        )
    return bool(changed)


def migrate(db: Database, *, old_id: int, new_id: int, now_ms: int) -> None:
    """A group became a supergroup: everything that waits or is kept for the old id belongs to the new one.

    Both of Telegram's signals call this, in any order, so it must be safe to repeat. What was sent
    keeps its post's old chat id: message ids belong to the chat they were sent to. Rules for what
    exists on both sides: of two subscriptions of one source, the new chat's stays; of two outbox rows
    of one link, the stronger stays (sent, then sending and uncertain, then the rest), and the weaker
    is dropped visibly under the old id.
    """
    old = db.execute("SELECT * FROM chats WHERE chat_id = ?", (old_id,)).fetchone()
    if old is None or old_id == new_id:
        return
    ensure(db, new_id, chat_type="supergroup", title=old["title"])
    if old["state"] != "moved":  # a repeated signal must not undo what was set since
        db.execute(
            """UPDATE chats SET language = COALESCE(language, :language), zone = COALESCE(zone, :zone),
                schedule = :schedule, link_rules = :link_rules, options = :options, once = :once,
                next_number = MAX(next_number, :next_number)
            WHERE chat_id = :new_id""",
            {**dict(old), "new_id": new_id},
        )
    _move_subscriptions(db, old_id, new_id, now_ms)
    quotas.move(db, old_id=old_id, new_id=new_id)
    _move_queue(db, old_id, new_id, now_ms)
    for table in ("topics", "members", "notices", "probes"):
        db.execute(f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?", (new_id, old_id))
    db.execute(
        "UPDATE chats SET state = 'moved', moved_to = ?, state_ms = ? WHERE chat_id = ?",
        (new_id, now_ms, old_id),
    )
    if not resume(db, new_id, now_ms=now_ms):
        # What the old id was suspended for does not hold for the new one until a send says so.
        queue.release(db, "chat_id = ? AND reason = 'suspended'", (new_id,), now_ms)


def current_id(db: Database, chat_id: int) -> int:
    """Return the id under which a chat is reached now."""
    row = db.execute(
        "SELECT moved_to FROM chats WHERE chat_id = ? AND state = 'moved'", (chat_id,)
    ).fetchone()
    return chat_id if row is None else int(row["moved_to"])


def _move_subscriptions(db: Database, old_id: int, new_id: int, now_ms: int) -> None:
    rows = db.execute("SELECT * FROM subscriptions WHERE chat_id = ? ORDER BY number", (old_id,)).fetchall()
    for row in rows:
        twin = db.execute(
            "SELECT id FROM subscriptions WHERE chat_id = ? AND topic_id = ? AND source_id = ?",
            (new_id, row["topic_id"], row["source_id"]),
        ).fetchone()
        if twin is not None:
            db.execute(  # one that had ended there goes on as the old chat's did
                """UPDATE subscriptions SET state = :state, backlog = :backlog, primed_ms = :primed_ms,
                    interval_s = :interval_s, paused_ms = :paused_ms, resumes_ms = :resumes_ms,
                    catch_up = :catch_up, added_by = :added_by WHERE id = :twin AND state = 'removed'""",
                {**dict(row), "twin": twin["id"]},
            )
            db.execute(
                "UPDATE subscriptions SET state = 'removed', state_ms = ? WHERE id = ?", (now_ms, row["id"])
            )
            db.execute(
                "UPDATE queue SET subscription_id = ? WHERE subscription_id = ?", (twin["id"], row["id"])
            )
            resting.release(db, [twin["id"]], now_ms=now_ms)
            continue
        db.execute(
            "UPDATE subscriptions SET chat_id = ?, number = ? WHERE id = ?",
            (new_id, _free_number(db, new_id, row["number"]), row["id"]),
        )


def _free_number(db: Database, chat_id: int, wanted: int) -> int:
    """Keep a subscription's number where the chat has not given it away, else take the next one."""
    taken = db.execute(
        "SELECT 1 FROM subscriptions WHERE chat_id = ? AND number = ?", (chat_id, wanted)
    ).fetchone()
    following = db.execute("SELECT next_number FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()[0]
    number: int = following if taken else wanted
    db.execute("UPDATE chats SET next_number = MAX(next_number, ?) WHERE chat_id = ?", (number + 1, chat_id))
    return number


_STRENGTH = """CASE state WHEN 'sent' THEN 3 WHEN 'sending' THEN 2 WHEN 'uncertain' THEN 2
    WHEN 'dropped' THEN 0 WHEN 'dead' THEN 0 ELSE 1 END"""


def _move_queue(db: Database, old_id: int, new_id: int, now_ms: int) -> None:
    twins = db.execute(
        f"""SELECT mine.id AS old_row, theirs.id AS new_row,
            (SELECT {_STRENGTH} FROM queue WHERE id = mine.id) AS old_strength,
            (SELECT {_STRENGTH} FROM queue WHERE id = theirs.id) AS new_strength
        FROM queue AS mine JOIN queue AS theirs
            ON theirs.chat_id = ? AND theirs.scope = mine.scope
            AND theirs.history_id = mine.history_id AND theirs.edition = mine.edition
        WHERE mine.chat_id = ?""",
        (new_id, old_id),
    ).fetchall()
    for twin in twins:
        weaker, other = twin["old_row"], twin["new_row"]
        if twin["old_strength"] > twin["new_strength"]:
            weaker, other = other, weaker
        db.execute(
            """UPDATE queue SET state = 'dropped', reason = 'merged', state_ms = ?, chat_id = ?,
            edition = -id, lease_owner = NULL WHERE id = ?""",
            (now_ms, old_id, weaker),
        )
        own_texts.inherit(db, heir=other, gone=weaker, now_ms=now_ms)
    db.execute("UPDATE queue SET chat_id = ? WHERE chat_id = ? AND reason IS NOT 'merged'", (new_id, old_id))


def _hold(db: Database, condition: str, values: tuple[int, ...], reason: str, now_ms: int) -> None:
    db.execute(
        f"""UPDATE queue SET state = 'held', reason = ?, state_ms = ?
        WHERE {condition} AND state = 'pending' AND lease_owner IS NULL""",
        (reason, now_ms, *values),
    )


def _likely_type(chat_id: int) -> str:
    """Guess a chat's type from its id (https://core.telegram.org/api/bots/ids)."""
    if chat_id > 0:
        return "private"
    return "channel" if chat_id <= _HIGHEST_CHANNEL_ID else "group"
