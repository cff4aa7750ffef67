"""Sources that move: a redirect for good changes the stored address, once it has held."""

import json
import sqlite3

from sqlite_utils import Database

from core.protocol import PollReport
from core.urls.domains import registrable_domain
from core.urls.normalize import host_of
from store import resting

_HELD_FOR = 3
_STANDING = {"active": 0, "paused": 1, "removed": 2}


def follow(db: Database, source: sqlite3.Row, report: PollReport, *, now_ms: int) -> None:
    """Note where a source that was read says it is from now on; believe it the third time in a row.

    Call it when the report's entries are recorded: the subscribers of this source have then been offered
    what is there.
    """
    if report.status != "ok":
        return
    if report.moved_to is None:
        if source["moved_to"] is None and source["moved_polls"] == 0:
            return
        db.execute("UPDATE sources SET moved_to = NULL, moved_polls = 0 WHERE id = ?", (source["id"],))
        return
    polls = source["moved_polls"] + 1 if source["moved_to"] == report.moved_to else 1
    if polls < _HELD_FOR:
        db.execute(
            "UPDATE sources SET moved_to = ?, moved_polls = ? WHERE id = ?",
            (report.moved_to, polls, source["id"]),
        )
        return
    source = db.execute("SELECT * FROM sources WHERE id = ?", (source["id"],)).fetchone()
    there = db.execute(
        "SELECT * FROM sources WHERE kind = ? AND url = ? AND rules = ? AND id <> ?",
        (source["kind"], report.moved_to, source["rules"], source["id"]),
    ).fetchone()
    _note(db, source, report.moved_to, now_ms)
    if there is None:
        _change_address(db, source["id"], report.moved_to)
    else:
        merge(db, source["id"], there["merged_into"] or there["id"], report, now_ms=now_ms)


def merge(db: Database, old_id: int, new_id: int, report: PollReport, *, now_ms: int) -> None:
    """Join a source with the one at its new address: the old one ends, and nobody misses or repeats a link.

    - A subscription goes over. Where its place has one to the new source too, an active one is kept, then
      one that pauses, then one that was removed last, the new source's before the old one's, with its own
      number and options; it inherits posts and verdicts, and what can be taken back of the other.
    - The old source's sightings go over, but for those of the present document: the next poll of the new
      source sees these for the first time, and so offers them to everybody. Who had them has them.
    """
    for row in db.execute("SELECT * FROM subscriptions WHERE source_id = ?", (old_id,)).fetchall():
        twin = db.execute(
            "SELECT * FROM subscriptions WHERE source_id = ? AND chat_id = ? AND topic_id = ?",
            (new_id, row["chat_id"], row["topic_id"]),
        ).fetchone()
        keeper = row["id"]
        if twin is not None:
            keeper = min(twin, row, key=_standing)["id"]
            _inherit(db, keeper, twin["id"] if keeper == row["id"] else row["id"])
            resting.release(db, [keeper], now_ms=now_ms)
        db.execute("UPDATE subscriptions SET source_id = ? WHERE id = ?", (new_id, keeper))
    db.execute(
        """INSERT INTO sightings (source_id, history_id, seen_ms, position, guid)
        SELECT ?, history_id, seen_ms, position, guid FROM sightings
        WHERE source_id = ? AND history_id NOT IN (
            SELECT id FROM history WHERE normalized_url IN (SELECT value FROM json_each(?)))
        ON CONFLICT DO NOTHING""",
        (new_id, old_id, json.dumps([candidate.key for candidate in report.candidates])),
    )
    db.execute(
        """UPDATE sources SET state = 'gone', merged_into = ?, lease_owner = NULL, failing_since_ms = NULL,
            empty_since_ms = NULL, silent_from_ms = NULL, card = NULL, credentials = NULL WHERE id = ?""",
        (new_id, old_id),
    )
    db.execute("UPDATE sources SET merged_into = ? WHERE merged_into = ?", (new_id, old_id))
    db.execute(
        """UPDATE sources SET next_check_ms = ?, scheduled_ms = ?, next_check_reason = 'moved',
            etag = NULL, last_modified = NULL, body_hash = NULL, children = '{}', seen_keys = NULL,
            state = CASE WHEN state = 'paused' THEN 'active' ELSE state END WHERE id = ?""",
        (now_ms, now_ms, new_id),
    )


def _standing(subscription: sqlite3.Row) -> tuple[int, int]:
    """The order in which subscriptions are kept, the best one first."""
    is_removed = subscription["state"] == "removed"
    return _STANDING[subscription["state"]], -subscription["state_ms"] if is_removed else 0


def _change_address(db: Database, source_id: int, url: str) -> None:
    db.execute(
        "UPDATE sources SET url = ?, domain = ?, host = ?, moved_to = NULL, moved_polls = 0 WHERE id = ?",
        (url, registrable_domain(url), host_of(url), source_id),
    )


def _inherit(db: Database, keeper: int, other: int) -> None:
    """Give a subscription what another one of its place has, and end that one."""
    db.execute("UPDATE queue SET subscription_id = ? WHERE subscription_id = ?", (keeper, other))
    db.execute(
        """INSERT INTO verdicts (subscription_id, history_id, verdict, rule, at_ms)
        SELECT ?, history_id, verdict, rule, at_ms FROM verdicts WHERE subscription_id = ?
        ON CONFLICT (subscription_id, history_id) DO UPDATE SET
            verdict = excluded.verdict, rule = excluded.rule, at_ms = excluded.at_ms
        WHERE excluded.verdict = 'wanted'""",
        (keeper, other),
    )
    db.execute("DELETE FROM verdicts WHERE subscription_id = ?", (other,))
    db.execute("UPDATE history SET private_to = ? WHERE private_to = ?", (keeper, other))
    db.execute(
        """UPDATE removals SET
            subscriptions = (SELECT json_group_array(
                    CASE json_extract(value, '$[0]') WHEN :other THEN json_set(value, '$[0]', :keeper)
                    ELSE json(value) END)
                FROM json_each(subscriptions) WHERE json_extract(value, '$[0]') <> :other OR NOT EXISTS (
                    SELECT 1 FROM json_each(subscriptions) WHERE json_extract(value, '$[0]') = :keeper)),
            posts = (SELECT json_group_array(
                    CASE json_extract(value, '$[1]') WHEN :other THEN json_set(value, '$[1]', :keeper)
                    ELSE json(value) END)
                FROM json_each(posts))""",
        {"keeper": keeper, "other": other},
    )
    db.execute("DELETE FROM subscriptions WHERE id = ?", (other,))


def _note(db: Database, source: sqlite3.Row, url: str, now_ms: int) -> None:
    args = {"source": source["id"], "from": source["url"], "to": url}
    db.execute(
        "INSERT INTO audit (at_ms, action, args) VALUES (?, 'source.moved', ?)", (now_ms, json.dumps(args))
    )
