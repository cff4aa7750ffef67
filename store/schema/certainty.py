"""Posts in doubt that are looked for, chats that are tried once more, and links that wait for approval."""

SCRIPT = """
ALTER TABLE posts ADD COLUMN of_post_id INTEGER REFERENCES posts (id);
CREATE INDEX notices_messages ON notices (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX posts_probes ON posts (id) WHERE kind = 'probe' AND ended_ms IS NULL;
ALTER TABLE chats ADD COLUMN retried_ms INTEGER;
CREATE INDEX chats_shared_ids ON chats (highest_message_id) WHERE type IN ('private', 'group');
"""
