"""Posts that wait for a moment somebody chose, go stale, or share a digest; chats that flood."""

# released_ms: when a held row was let go; it may go out since then, not since it was created.
# digest: its link belongs to a digest that has been begun.
# flood_widening: what the last flood wait made of the chat's gap.
SCRIPT = """
ALTER TABLE queue ADD COLUMN at_ms INTEGER;
ALTER TABLE queue ADD COLUMN released_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queue ADD COLUMN expires_ms INTEGER;
ALTER TABLE queue ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN flood_widening REAL NOT NULL DEFAULT 1;
CREATE INDEX queue_timed ON queue (chat_id, at_ms, position) WHERE state = 'pending' AND lane = 2;
CREATE INDEX queue_expiring ON queue (expires_ms)
    WHERE expires_ms IS NOT NULL AND state IN ('pending', 'held');
CREATE INDEX queue_post ON queue (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX posts_day ON posts (chat_id, started_ms);
"""
