"""The whole data model, as first released."""

_SOURCES = """
CREATE TABLE sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    rules TEXT NOT NULL DEFAULT '{}',
    credentials TEXT,
    title TEXT NOT NULL DEFAULT '',
    site_url TEXT,
    state TEXT NOT NULL DEFAULT 'probing' CHECK (state IN ('probing', 'active', 'paused', 'gone')),
    etag TEXT,
    last_modified TEXT,
    body_hash BLOB,
    seen_keys BLOB,
    fragments_differ INTEGER NOT NULL DEFAULT 0,
    next_check_ms INTEGER NOT NULL DEFAULT 0,
    next_check_reason TEXT NOT NULL DEFAULT 'new',
    scheduled_ms INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until_ms INTEGER,
    domain TEXT NOT NULL DEFAULT '',
    arrivals TEXT NOT NULL DEFAULT '[]',
    hints TEXT NOT NULL DEFAULT '{}',
    last_full_ms INTEGER NOT NULL DEFAULT 0,
    throttles INTEGER NOT NULL DEFAULT 0,
    errors INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    error_args TEXT NOT NULL DEFAULT '[]',
    first_ok_ms INTEGER,
    last_ok_ms INTEGER,
    last_new_ms INTEGER,
    moved_to TEXT,
    moved_polls INTEGER NOT NULL DEFAULT 0,
    merged_into INTEGER REFERENCES sources (id),
    UNIQUE (kind, url, rules)
);
CREATE INDEX sources_due ON sources (next_check_ms) WHERE state IN ('probing', 'active');
CREATE INDEX sources_domain ON sources (domain);
CREATE INDEX sources_scheduled ON sources (scheduled_ms);
CREATE INDEX sources_leased ON sources (lease_owner) WHERE lease_owner IS NOT NULL;
"""

_CHATS = """
CREATE TABLE chats (
    chat_id INTEGER PRIMARY KEY,
    type TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL DEFAULT '',
    username TEXT,
    language TEXT,
    zone TEXT,
    schedule TEXT NOT NULL DEFAULT '{}',
    link_rules TEXT NOT NULL DEFAULT '{}',
    options TEXT NOT NULL DEFAULT '{}',
    once TEXT NOT NULL DEFAULT 'chat' CHECK (once IN ('chat', 'topic')),
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'moved')),
    state_reason TEXT,
    state_ms INTEGER,
    moved_to INTEGER,
    next_number INTEGER NOT NULL DEFAULT 1,
    last_send_ms INTEGER,
    flood_from_ms INTEGER,
    flood_until_ms INTEGER,
    highest_message_id INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE topics (
    chat_id INTEGER NOT NULL REFERENCES chats (chat_id),
    topic_id INTEGER NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    state_reason TEXT,
    state_ms INTEGER,
    PRIMARY KEY (chat_id, topic_id)
);
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats (chat_id),
    topic_id INTEGER NOT NULL DEFAULT 0,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    number INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'removed')),
    state_ms INTEGER,
    interval_s REAL,
    backlog TEXT NOT NULL DEFAULT 'none',
    primed_ms INTEGER,
    title TEXT,
    tags TEXT,
    filter TEXT,
    template TEXT,
    silent INTEGER NOT NULL DEFAULT 0,
    preview INTEGER NOT NULL DEFAULT 1,
    approve INTEGER NOT NULL DEFAULT 0,
    expire_s REAL,
    created_ms INTEGER NOT NULL,
    UNIQUE (chat_id, topic_id, source_id),
    UNIQUE (chat_id, number)
);
CREATE INDEX subscriptions_source ON subscriptions (source_id);
"""

_LINKS = """
CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    normalized_url TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'known'
        CHECK (state IN ('known', 'accepted', 'fetching', 'ready')),
    first_seen_ms INTEGER NOT NULL,
    ready_by_ms INTEGER,
    rules_version INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until_ms INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    summary TEXT NOT NULL DEFAULT '',
    image TEXT,
    author TEXT,
    tags TEXT NOT NULL DEFAULT '[]',
    published_ms INTEGER,
    page TEXT,
    merged_into INTEGER REFERENCES history (id)
);
CREATE TABLE aliases (
    normalized_url TEXT PRIMARY KEY,
    history_id INTEGER NOT NULL REFERENCES history (id),
    kind TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX aliases_history ON aliases (history_id);
CREATE TABLE sightings (
    source_id INTEGER NOT NULL REFERENCES sources (id),
    history_id INTEGER NOT NULL REFERENCES history (id),
    seen_ms INTEGER NOT NULL,
    position INTEGER NOT NULL,
    guid TEXT,
    PRIMARY KEY (source_id, history_id)
) WITHOUT ROWID;
CREATE INDEX sightings_history ON sightings (history_id);
CREATE INDEX sightings_guid ON sightings (source_id, guid) WHERE guid IS NOT NULL;
CREATE TABLE verdicts (
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
    history_id INTEGER NOT NULL REFERENCES history (id),
    verdict TEXT NOT NULL,
    rule TEXT,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (subscription_id, history_id)
) WITHOUT ROWID;
CREATE INDEX verdicts_history ON verdicts (history_id);
"""

_OUTBOX = """
CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL DEFAULT 0,
    fingerprint TEXT NOT NULL,
    known_before INTEGER NOT NULL DEFAULT 0,
    message_ids TEXT NOT NULL DEFAULT '[]',
    owner TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    outcome TEXT
);
CREATE INDEX posts_chat ON posts (chat_id, id);
CREATE TABLE queue (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (chat_id),
    topic_id INTEGER NOT NULL DEFAULT 0,
    scope INTEGER NOT NULL DEFAULT 0,
    history_id INTEGER NOT NULL REFERENCES history (id),
    edition INTEGER NOT NULL DEFAULT 0,
    subscription_id INTEGER REFERENCES subscriptions (id),
    lane INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'sending', 'sent', 'uncertain', 'held', 'dropped', 'dead')),
    reason TEXT,
    state_ms INTEGER NOT NULL,
    waits_from_ms INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    refusals INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until_ms INTEGER,
    post_id INTEGER REFERENCES posts (id),
    message_id INTEGER,
    note TEXT,
    created_ms INTEGER NOT NULL,
    UNIQUE (chat_id, scope, history_id, edition)
);
CREATE INDEX queue_heads ON queue (chat_id, lane, position) WHERE state = 'pending';
CREATE INDEX queue_leased ON queue (chat_id) WHERE lease_owner IS NOT NULL;
CREATE INDEX queue_doubtful ON queue (chat_id) WHERE state = 'uncertain';
CREATE INDEX queue_held ON queue (reason, state_ms) WHERE state = 'held';
CREATE INDEX queue_position ON queue (position);
CREATE INDEX queue_history ON queue (history_id);
CREATE INDEX queue_subscription ON queue (subscription_id, state);
"""

_PEOPLE = """
CREATE TABLE processes (
    boot_id TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    heartbeat_ms INTEGER NOT NULL,
    ended_ms INTEGER
);
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    topic_id INTEGER NOT NULL DEFAULT 0,
    dedupe_key TEXT NOT NULL,
    code TEXT NOT NULL,
    args TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'spoken', 'failed')),
    version INTEGER NOT NULL DEFAULT 1,
    message_id INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    waits_from_ms INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL,
    UNIQUE (chat_id, dedupe_key)
);
CREATE INDEX notices_pending ON notices (id) WHERE state = 'pending';
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL DEFAULT '',
    language TEXT
);
CREATE TABLE members (
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'viewer')),
    PRIMARY KEY (chat_id, user_id)
) WITHOUT ROWID;
CREATE TABLE conversations (
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    args TEXT NOT NULL DEFAULT '{}',
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (chat_id, user_id)
) WITHOUT ROWID;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    user_id INTEGER,
    chat_id INTEGER,
    action TEXT NOT NULL,
    args TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value NOT NULL
) WITHOUT ROWID;
"""

SCRIPT = _SOURCES + _CHATS + _LINKS + _OUTBOX + _PEOPLE
