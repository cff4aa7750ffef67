"""Posts in doubt that are looked for, chats that are tried once more, and links that wait for approval."""

SCRIPT = """
ALTER TABLE posts ADD COLUMN of_post_id INTEGER REFERENCES posts (id);
CREATE INDEX notices_messages ON notices (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX posts_probes ON posts (id) WHERE kind = 'probe' AND ended_ms IS NULL;
ALTER TABLE chats ADD COLUMN retried_ms INTEGER;
ALTER TABLE queue ADD COLUMN asked_ms INTEGER;
CREATE INDEX queue_unasked ON queue (id) WHERE state = 'held' AND reason = 'approval' AND asked_ms IS NULL;
ALTER TABLE sources ADD COLUMN hold_next TEXT;
CREATE INDEX chats_shared_ids ON chats (highest_message_id) WHERE type IN ('private', 'group');
"""
