"""Sources of one's own, and addresses to look behind."""

# A link that was seen with somebody's own access only is theirs (`private_to`) until another source shows it.
SCRIPT = """
ALTER TABLE history ADD COLUMN private_to INTEGER REFERENCES subscriptions (id);
CREATE INDEX history_private ON history (private_to) WHERE private_to IS NOT NULL;
ALTER TABLE subscriptions ADD COLUMN broken_looks INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notices_key ON notices (dedupe_key);
CREATE TABLE probes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL DEFAULT 0,
    url TEXT NOT NULL,
    credentials TEXT,
    wish TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked', 'settled')),
    suggestions TEXT NOT NULL DEFAULT '[]',
    title TEXT NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    lease_owner TEXT,
    UNIQUE (chat_id, topic_id, url)
);
CREATE INDEX probes_waiting ON probes (id) WHERE state = 'waiting';
"""
