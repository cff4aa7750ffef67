"""The data model. Released migrations are never edited; a change is a new migration at the end.

One row per link ever accepted (`history`), one row per wish to publish it somewhere (`queue`, the
outbox), one row per message sent or being sent (`posts`). Times are epoch milliseconds.
A lease is held while `lease_owner` is set; it names a process and an incarnation of an actor in it.
`topic_id` 0 is a chat without topics, or its General topic.
"""

from store.schema import (
    amendments,
    caught,
    certainty,
    counted_sources,
    fewer_indexes,
    filters,
    imports,
    invitations,
    link_marks,
    long_history,
    no_facts,
    overview,
    own_access,
    own_texts,
    pages,
    pausing,
    pictures,
    quotas,
    removals,
    schedules,
    searching,
    subscription_pages,
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
    ("a long history, asked by index", long_history.SCRIPT),
    ("subscriptions that pause", pausing.SCRIPT),
    ("links sent by hand of which nothing is known", no_facts.SCRIPT),
    ("words of links", searching.SCRIPT),
    ("what filters make of a row of the outbox", filters.SCRIPT),
    ("posts that wait for a moment, go stale, or share a digest", schedules.SCRIPT),
    ("posts in doubt that are looked for, and chats that are tried again", certainty.SCRIPT),
    ("sources that are counted by state", counted_sources.SCRIPT),
    ("repeats that were caught, by time", caught.SCRIPT),
    ("invitations to a role in a chat", invitations.SCRIPT),
    ("posts in the words of people", own_texts.SCRIPT),
    ("subscriptions whose pages are not read", subscription_pages.SCRIPT),
    ("lists that wait to be taken", imports.SCRIPT),
    ("changes of posts that are in their chats", amendments.SCRIPT),
    ("what is counted on one screen", overview.SCRIPT),
    ("an index less on sources", fewer_indexes.SCRIPT),
    ("who added a subscription, and how many somebody may add", quotas.SCRIPT),
    ("subscriptions that were removed, and can be taken back", removals.SCRIPT),
)
"""Name and script of each migration, one file each; its number is its place, counted from 1.

Beside SQLite's own functions a script may use `host_of(url)`.
"""
