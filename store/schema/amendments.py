"""What people do with posts that are in their chats already."""

# shown_posts: what a message says, as somebody forwarded it here, or as it was changed since. entities,
# buttons, preview: JSON, as the Bot API has them. sold: it says that it is sold out. erased: it is to go.
# amendments: changes of messages, carried out until Telegram answers; reason: why not, as it was told.
SCRIPT = """
CREATE TABLE shown_posts (
    queue_id INTEGER PRIMARY KEY REFERENCES queue (id),
    text TEXT NOT NULL,
    entities TEXT NOT NULL DEFAULT '[]',
    buttons TEXT NOT NULL DEFAULT '[]',
    preview TEXT,
    photo INTEGER NOT NULL DEFAULT 0,
    sold INTEGER NOT NULL DEFAULT 0,
    erased INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE amendments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue_id INTEGER NOT NULL REFERENCES queue (id),
    kind TEXT NOT NULL CHECK (kind IN ('edit', 'sold', 'delete')),
    text TEXT NOT NULL DEFAULT '',
    entities TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    reason TEXT,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    waits_from_ms INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX amendments_pending ON amendments (id) WHERE state = 'pending';
CREATE INDEX amendments_queue ON amendments (queue_id, id);
CREATE INDEX queue_message ON queue (chat_id, message_id) WHERE message_id IS NOT NULL;
"""
