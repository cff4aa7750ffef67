"""The data model. Released migrations are never edited; a change is a new migration at the end.

One row per link ever accepted (`history`), one row per wish to publish it somewhere (`queue`, the
outbox), one row per message sent or being sent (`posts`). Times are epoch milliseconds.
A lease is held while `lease_owner` is set; it names a process and an incarnation of an actor in it.
`topic_id` 0 is a chat without topics, or its General topic.
"""

from store.schema import (
    counted_sources,
    link_marks,
    own_access,
    pages,
    pictures,
    watched_sources,
    whole_model,
)

APPLICATION_ID = 0x5653544E  # "VSTN"

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("the whole data model", whole_model.SCRIPT),
    ("sources that are watched for trouble, and asked by host", watched_sources.SCRIPT),
    ("sources of one's own, and addresses to look behind", own_access.SCRIPT),
    ("pages that are read, and links that turn out to be one", pages.SCRIPT),
    ("pictures of posts, and the ways they went", pictures.SCRIPT),
    ("links as they were published", link_marks.SCRIPT),
    ("sources that are counted by state", counted_sources.SCRIPT),
)
"""Name and script of each migration, one file each; its number is its place, counted from 1.

Beside SQLite's own functions a script may use `host_of(url)`.
"""
