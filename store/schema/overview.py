"""What `/stats` counts, by index."""

# sources_in_error: by what they fail with. queue_ended: rows that will never go out, by when that was clear.
SCRIPT = """
CREATE INDEX sources_in_error ON sources (error) WHERE errors > 0;
CREATE INDEX subscriptions_state ON subscriptions (state);
CREATE INDEX queue_ended ON queue (state_ms, state, reason) WHERE state IN ('dropped', 'dead');
"""
