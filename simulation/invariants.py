"""What must be true after every run, read from the database and Telegram's journal alone."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from simulation.botapi import Accepted

_EXPLAINED = ("sent", "held", "dropped", "dead")


def violations(
    database: Path, journal: Iterable[Accepted], *, quiet: bool = True, may_repeat: bool = False
) -> list[str]:
    """Return everything that is wrong; an empty list is a good run.

    Args:
        database: A database that nobody writes to now.
        journal: What Telegram accepted.
        quiet: The run was left alone until nothing was waiting any more.
        may_repeat: The operator chose to send doubtful posts again.
    """
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        posts = _posts(db, journal)
        found = _integrity(db) + _unexplained(db, quiet) + _missing(db, posts) + _unwanted(db, posts)
        return found + ([] if may_repeat else _repeated(db, posts))
    finally:
        db.close()


def _posts(db: sqlite3.Connection, journal: Iterable[Accepted]) -> list[Accepted]:
    """Return the messages that are posts of links: no probes, no cards, no answers."""
    links = _links(db)
    places = {
        row[0]
        for row in db.execute(
            "SELECT chat_id FROM queue UNION SELECT posts.chat_id FROM posts JOIN queue ON post_id = posts.id"
        )
    }
    cards = set(db.execute("SELECT chat_id, message_id FROM notices WHERE message_id IS NOT NULL"))
    return [
        message
        for message in journal
        if message.links
        and message.origin is None
        and message.links[0] in links
        and message.chat_id in places
        and (message.chat_id, message.message_id) not in cards
    ]


def _links(db: sqlite3.Connection) -> set[str]:
    """Return the links that are known, as they may stand in posts."""
    rows = db.execute("SELECT url FROM history UNION SELECT link FROM queue WHERE link IS NOT NULL")
    return {row[0] for row in rows}


def _integrity(db: sqlite3.Connection) -> list[str]:
    found = [f"integrity: {row[0]}" for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"dangling reference: {row}" for row in db.execute("PRAGMA foreign_key_check")]
    found += [
        f"known twice: {row[0]}"
        for row in db.execute("SELECT normalized_url FROM history GROUP BY 1 HAVING COUNT(*) > 1")
    ]
    return found


def _unexplained(db: sqlite3.Connection, quiet: bool) -> list[str]:
    """Every wish is sent, held or dropped, and the last two with a reason."""
    marks = ",".join("?" * len(_EXPLAINED))
    rows = db.execute(f"SELECT id, state FROM queue WHERE state NOT IN ({marks})", _EXPLAINED)
    found = [f"queue row {row[0]} is {row[1]}" for row in rows] if quiet else []
    found += [
        f"queue row {row[0]} is {row[1]} without a reason"
        for row in db.execute(
            "SELECT id, state FROM queue WHERE state IN ('held', 'dropped', 'dead') AND reason IS NULL"
        )
    ]
    found += [
        f"wish without a row: subscription {row[0]}, link {row[1]}"
        for row in db.execute(
            """SELECT verdicts.subscription_id, verdicts.history_id FROM verdicts
            JOIN subscriptions ON subscriptions.id = verdicts.subscription_id
            WHERE verdict = 'wanted' AND NOT EXISTS (
                SELECT 1 FROM queue WHERE queue.history_id = verdicts.history_id
                AND queue.chat_id = subscriptions.chat_id)"""
        )
    ]
    return found


def _missing(db: sqlite3.Connection, posts: list[Accepted]) -> list[str]:
    """What is marked as sent is there."""
    there = {(post.chat_id, post.message_id) for post in posts}
    rows = db.execute(
        """SELECT queue.id, posts.chat_id, message_id FROM queue JOIN posts ON posts.id = post_id
        WHERE state = 'sent' AND message_id IS NOT NULL"""
    )
    return [f"queue row {row[0]} is sent, but not there" for row in rows if (row[1], row[2]) not in there]


def _unwanted(db: sqlite3.Connection, posts: list[Accepted]) -> list[str]:
    """What is there was asked for."""
    asked = {(row[0], row[1]) for row in db.execute("SELECT posts.chat_id, posts.topic_id FROM posts")}
    return [
        f"nobody asked for {post.links[0]} in {post.chat_id}"
        for post in posts
        if (post.chat_id, post.topic_id) not in asked
    ]


def _repeated(db: sqlite3.Connection, posts: list[Accepted]) -> list[str]:
    """No link is twice in a chat, or in a topic where the chat wants each link once there.

    A text may point at a part of its own page: that is no link of its own, where history has none of it.
    """
    known = _links(db)
    by_topic = {row[0] for row in db.execute("SELECT chat_id FROM chats WHERE once = 'topic'")}
    counts = Counter(
        (post.chat_id, post.topic_id if post.chat_id in by_topic else 0, link)
        for post in posts
        for link in {link if link in known else link.partition("#")[0] for link in post.links}
    )
    again = sent_again(db)
    return [
        f"{link} is {count} times in {chat}"
        for (chat, _, link), count in counts.items()
        if count > 1 and (chat, link) not in again
    ]


def sent_again(db: sqlite3.Connection) -> set[tuple[int, str]]:
    """Return the chats and links of which a person in doubt said that they be sent again."""
    rows = db.execute(
        """SELECT chat_id, url, link FROM queue JOIN history ON history.id = history_id
        WHERE note = 'perhaps_repeated'"""
    )
    return {(row[0], link) for row in rows for link in row[1:] if link}
