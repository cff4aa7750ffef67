"""What filters make of a row of the outbox."""

# `undecided`: what its page says decides whether it goes out, or how. `effects`: JSON, tags and the like.
SCRIPT = """
ALTER TABLE queue ADD COLUMN undecided INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queue ADD COLUMN effects TEXT;
CREATE INDEX queue_undecided ON queue (not_before_ms, waits_from_ms)
    WHERE undecided = 1 AND state = 'pending';
"""
